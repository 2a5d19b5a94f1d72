// Runs programs over requests, responses and streams in the real runtime: JSON lines in, JSON lines out.
// usage: node bodies.mjs NODE_MODULES < programs.jsonl > answers.jsonl
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { resolve } from "node:path";

const { Miniflare } = createRequire(resolve(process.argv[2]) + "/")("miniflare");

const worker = `
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const base64 = (view) => btoa(Array.from(view, (byte) => String.fromCharCode(byte)).join(""));
const late = () => new Promise((done) => setTimeout(() => done("late"), 500));

function decode(value, held) {
  if (Array.isArray(value)) return value.map((item) => decode(item, held));
  if (value === null || typeof value !== "object") return value;
  if ("$held" in value) {
    if (held[value.$held] === undefined) throw "skipped";
    return held[value.$held];
  }
  if ("$bytes" in value) return bytes(value.$bytes);
  if ("$undefined" in value) return undefined;
  if ("$blob" in value) return new Blob([value.$blob], { type: value.type });
  if ("$search" in value) return new URLSearchParams(value.$search);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, decode(item, held)]));
}

function encode(value) {
  if (value === undefined) return { $undefined: 1 };
  if (value instanceof ArrayBuffer) value = new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return { $bytes: base64(value) };
  if (value instanceof Blob) return { $blob: value.size, type: value.type };
  if (value instanceof FormData || value instanceof Headers) return { $pairs: [...value] };
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(encode);
  if (value.constructor === Object) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, encode(item)]));
  }
  return { $object: value.constructor.name };
}

const steps = {
  response: (body, init) => new Response(body, init),
  request: (input, init) => new Request(input, init),
  json: (data, init) => Response.json(data, init),
  redirect: (url, status) => Response.redirect(url, status),
  stream: (chunks, failure) => new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      if (failure) controller.error(new RangeError(failure));
      else controller.close();
    },
  }),
  call: (held, method, ...given) => held[method](...given),
  get: (held, name) => held[name],
  headers: (held) => held.headers,
  header: (held, method, ...given) => held.headers[method](...given),
  tee: (held, branch) => held.tee()[branch],
  through: (held) => held.pipeThrough(new TransformStream()),
  drain: async (held) => {
    const all = [];
    for await (const chunk of held) if (ArrayBuffer.isView(chunk)) all.push(...chunk);
    return new Uint8Array(all);
  },
  first: async (held) => {
    for await (const chunk of held) return ArrayBuffer.isView(chunk);
  },
  put: async (held, env) => {
    await env.KV.put("key", held);
    return env.KV.get("key");
  },
};

export default {
  async fetch(request, env) {
    const held = [], answers = [];
    for (const [name, ...given] of await request.json()) {
      let value, answer;
      try {
        const outcome = steps[name](...given.map((item) => decode(item, held)), env);
        value = await Promise.race([outcome, late()]);
        answer = encode(value);
      } catch (error) {
        value = undefined;
        answer = error === "skipped" ? error : { $error: [error.name, error.message] };
      }
      held.push(value === null || typeof value !== "object" ? undefined : value);
      answers.push(answer);
    }
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
