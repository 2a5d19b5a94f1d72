// Evaluates Python expressions in the real Pyodide: reads a JSON list, writes one of the results.
// usage: node evaluate.mjs NODE_MODULES EVALUATION.py < expressions.json > results.json
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const { loadPyodide } = createRequire(resolve(process.argv[2]) + "/")("pyodide");

// Ignore errors that callbacks throw after the evaluation.
process.on("uncaughtException", () => {});
process.on("unhandledRejection", () => {});

const pyodide = await loadPyodide({ stdout: () => {}, stderr: () => {} });
pyodide.globals.set("expressions", readFileSync(0, "utf8"));
pyodide.globals.set("source", readFileSync(process.argv[3], "utf8"));
const results = await pyodide.runPythonAsync(`
import importlib, json
module = {}
exec(source, module)
namespace = module["make_namespace"](importlib.import_module)
json.dumps([await module["evaluate"](text, namespace) for text in json.loads(expressions)])
`);
console.log(results);
process.exit(0);
