// The real runtime's local KV, timed from outside: `node miniflare.mjs NODE_MODULES`.
// Reads lines "get 1000", "put 500", "list 50" and answers each with the seconds that so many
// operations took, awaited one by one inside a worker. Its first line is "ready VERSION".
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const home = resolve(process.argv[2], "miniflare");
const require = createRequire(join(home, "package.json"));
const { Miniflare } = require(home);

const script = `export default {
  async fetch(request, { KV }) {
    const [operation, count, value] = await request.json();
    const key = (n) => "item/" + String(n % 1000).padStart(7, "0");
    const run = {
      get: (n) => KV.get(key(n * 7)),
      put: (n) => KV.put(key(n * 7), value),
      list: () => KV.list(),
    }[operation];
    let last;
    for (let n = 0; n < count; n++) last = await run(n);
    return new Response(String(operation === "list" ? last.keys.length : count));
  },
};`;

const miniflare = new Miniflare({ modules: true, script, kvNamespaces: ["KV"] });

async function run(operation, count) {
  const body = JSON.stringify([operation, count, "a short text of forty characters or so .."]);
  const start = performance.now();
  const response = await miniflare.dispatchFetch("http://localhost/", { method: "POST", body });
  const text = await response.text();
  const seconds = (performance.now() - start) / 1000;
  if (!response.ok) throw new Error(text);
  if (operation === "list" && text !== "1000") throw new Error("listed " + text);
  return seconds;
}

try {
  await run("put", 1000);
  console.log("ready", require("./package.json").version);
  for await (const line of createInterface({ input: process.stdin })) {
    const [operation, count] = line.split(" ");
    console.log(await run(operation, Number(count)));
  }
} finally {
  await miniflare.dispose();
}
