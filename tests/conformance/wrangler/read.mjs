// Reads wrangler files with the real wrangler: JSON lines of {path, env} in, of what it says out.
// usage: node read.mjs NODE_MODULES < files.jsonl > readings.jsonl
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { resolve } from "node:path";

const { unstable_readConfig } = createRequire(resolve(process.argv[2]) + "/")("wrangler");

const warnings = [];
console.warn = (...texts) => warnings.push(texts.join(" "));
console.log = console.info = console.error = console.warn;

function read(path, env) {
  try {
    const { name, main, kv_namespaces, vars, compatibility_date, compatibility_flags } =
      unstable_readConfig({ config: path, env: env ?? undefined });
    return { name, main, kv_namespaces, vars, compatibility_date, compatibility_flags };
  } catch (error) {
    const { message, location } = error;
    return { error: error.constructor.name, message, line: location?.line };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { path, env } = JSON.parse(line);
  warnings.length = 0;
  const reading = read(path, env);
  process.stdout.write(JSON.stringify({ ...reading, warnings: warnings.join("\n") }) + "\n");
}
process.stdout.write("", () => process.exit(0)); // wrangler may still be asking for a newer version
