// Evaluates Python expressions in the real Pyodide: a JSON list of them in, one of answers out.
// usage: node answer.mjs NODE_MODULES EVALUATING.py < expressions.json > answers.json
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const { loadPyodide } = createRequire(resolve(process.argv[2]) + "/")("pyodide");

// What a callback throws later has nobody to catch it.
process.on("uncaughtException", () => {});
process.on("unhandledRejection", () => {});

const pyodide = await loadPyodide({ stdout: () => {}, stderr: () => {} });
pyodide.globals.set("given", readFileSync(0, "utf8"));
pyodide.globals.set("source", readFileSync(process.argv[3], "utf8"));
const answers = await pyodide.runPythonAsync(`
import importlib, json
here = {}
exec(source, here)
world = here["make_world"](importlib.import_module)
json.dumps([await here["answered"](text, world) for text in json.loads(given)])
`);
console.log(answers);
process.exit(0);
