// Runs programs over Headers, URL, FormData and so on with the real runtime: JSON lines in and out.
// usage: node data.mjs NODE_MODULES < programs.jsonl > answers.jsonl
// A program is a list of steps: ["new", class, arguments], ["call", method, arguments],
// ["read", names], ["set", name, value], ["parse", bytes, content type], ["body"]. It ends where
// nothing can be made.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { resolve } from "node:path";

const { Miniflare } = createRequire(resolve(process.argv[2]) + "/")("miniflare");

const worker = `
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

function decode(argument) {
  if (Array.isArray(argument)) return argument.map(decode);
  if (argument === null || typeof argument !== "object") return argument;
  if ("$undefined" in argument) return undefined;
  if ("$bytes" in argument) return bytes(argument.$bytes);
  if ("$blob" in argument) return new Blob(...argument.$blob.map(decode));
  if ("$file" in argument) return new File(...argument.$file.map(decode));
  if ("$map" in argument) return new Map(argument.$map.map(decode));
  return Object.fromEntries(Object.entries(argument).map(([name, item]) => [name, decode(item)]));
}

async function encode(value) {
  if (value === undefined) return { $undefined: 1 };
  if (value instanceof Blob) {
    const kind = [value.constructor.name, value.name ?? null, value.type, value.size];
    return { $blob: [...kind, Array.from(new Uint8Array(await value.arrayBuffer()))] };
  }
  if (value === null || typeof value !== "object") return value;
  if (typeof value[Symbol.iterator] !== "function") return String(value);
  const items = [];
  for (const item of value) items.push(await encode(item));
  return items;
}

const steps = {
  new(held, name, args) {
    held.value = new { Headers, URL, URLSearchParams, Blob, File, FormData }[name](...decode(args));
  },
  call: (held, name, args) => held.value[name](...decode(args)),
  read: (held, names) => names.map((name) => held.value[name]),
  set(held, name, value) {
    held.value[name] = decode(value);
  },
  async parse(held, body, type) {
    const headers = type === null ? {} : { "content-type": type };
    held.value = await new Response(bytes(body), { headers }).formData();
    return held.value;
  },
  async body(held) {
    const response = new Response(held.value);
    const type = response.headers.get("content-type");
    const boundary = type.split("boundary=")[1];
    return [(await response.text()).replaceAll(boundary, "B"), type.replace(boundary, "B")];
  },
};

export default {
  async fetch(request) {
    const answers = [];
    const held = {};
    for (const [step, ...args] of await request.json()) {
      try {
        answers.push({ ok: await encode(await steps[step](held, ...args)) });
      } catch (error) {
        answers.push({ err: [error.name, error.message] });
        if (step === "new") break;
      }
    }
    return Response.json(answers);
  },
};`;

const runtime = new Miniflare({
  modules: true,
  script: worker,
  compatibilityDate: "2026-04-01",
});
for await (const line of createInterface({ input: process.stdin })) {
  const response = await runtime.dispatchFetch("http://data/", { method: "POST", body: line });
  console.log(await response.text());
}
await runtime.dispose();
