// Answers KV programs with the real runtime: JSON lines of operations in, JSON lines of answers out.
// usage: node answer.mjs NODE_MODULES < programs.jsonl > answers.jsonl
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { resolve } from "node:path";

const { Miniflare } = createRequire(resolve(process.argv[2]) + "/")("miniflare");

const worker = `
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const base64 = (view) => btoa(Array.from(view, (byte) => String.fromCharCode(byte)).join(""));

function decode(argument) {
  if (Array.isArray(argument)) return argument.map(decode);
  if (argument === null || typeof argument !== "object") return argument;
  if ("$bytes" in argument) return bytes(argument.$bytes);
  if ("$stream" in argument) {
    const chunks = argument.$stream.map(bytes);
    return new ReadableStream({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk);
        controller.close();
      },
    });
  }
  return Object.fromEntries(Object.entries(argument).map(([name, item]) => [name, decode(item)]));
}

async function encode(value) {
  if (value === undefined) return null;
  if (typeof value === "number" && !Number.isFinite(value)) return { $float: String(value) };
  if (value === null || typeof value !== "object") return value;
  if (value instanceof ArrayBuffer) return { $bytes: base64(new Uint8Array(value)) };
  if (value instanceof ReadableStream) {
    const all = [];
    for await (const chunk of value) all.push(...chunk);
    return { $bytes: base64(all) };
  }
  if (Array.isArray(value)) return Promise.all(value.map(encode));
  const pairs = value instanceof Map ? [...value] : Object.entries(value);
  const encoded = [];
  for (const [name, item] of pairs) encoded.push([name, await encode(item)]);
  return { $items: encoded };
}

export default {
  async fetch(request, env) {
    const answers = [];
    for (const [method, args] of await request.json()) {
      try {
        answers.push({ ok: await encode(await env.KV[method](...args.map(decode))) });
      } catch (error) {
        answers.push({ err: [error.name, error.message] });
      }
    }
    const { keys } = await env.KV.list();
    await Promise.all(keys.map((key) => env.KV.delete(key.name)));
    return Response.json(answers);
  },
};`;

const runtime = new Miniflare({
  modules: true,
  script: worker,
  kvNamespaces: ["KV"],
  compatibilityDate: "2026-04-01",
});
for await (const line of createInterface({ input: process.stdin })) {
  const response = await runtime.dispatchFetch("http://kv/", { method: "POST", body: line });
  console.log(await response.text());
}
await runtime.dispose();
