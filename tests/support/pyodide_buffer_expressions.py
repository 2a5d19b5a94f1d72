"""Expressions over buffers, for the comparison with Pyodide."""

BUFFERS = """
js.Uint8Array.new([1, 2, 300])
js.Uint8Array.new([1, 2, 300]).to_py()
js.Uint8Array.new([1, 2, 300]).to_bytes()
js.Uint8Array.new([1, 2, 300]).to_memoryview()
bytes(js.Uint8Array.new([1, 2]))
list(js.Uint8Array.new([1, 2]))
js.Uint8Array.new([1, 2])[0]
js.Uint8Array.new([1, 2])[-1]
js.Uint8Array.new([1, 2])[2]
js.Uint8Array.new([1, 2])[0:1]
len(js.Uint8Array.new([1, 2]))
bool(js.Uint8Array.new(0))
bool(js.ArrayBuffer.new(0))
js.Uint8Array.new(3)
js.Uint8Array.new("3")
js.Uint8Array.new()
js.Uint8Array.new(jsnull)
js.Uint8Array.new(-1)
js.Uint8Array.new(b"ab")
js.Uint8Array.new(range(3))
js.Uint8Array.new({1, 2})
js.Uint8Array.new(js.Uint16Array.new([257]))
js.Uint8Array.new([None, True, "5", 1.9, -1, "x", jsnull])
js.Uint8Array.new([float("nan"), float("inf"), 2**40 + 5])
js.Uint8Array(3)
js.Uint8Array.of(1, 2)
js.Uint8Array.from_([1, 2])
js.Uint8Array.from_([1, 2], lambda item, index: item + index)
js.Uint8Array.BYTES_PER_ELEMENT
js.Float64Array.BYTES_PER_ELEMENT
js.Uint8Array.new([1, 2, 3]).slice(1)
js.Uint8Array.new([1, 2, 3]).subarray(1, 2)
js.Uint8Array.new([1, 2, 3]).subarray(1).byteOffset
js.Uint8Array.new([1, 2, 3]).subarray(1).buffer.byteLength
js.Uint8Array.new([1, 2, 3]).subarray(1).to_bytes()
js.Uint8Array.new([1, 2, 3]).fill(9, 1)
js.Uint8Array.new([1, 2, 3]).indexOf(2)
js.Uint8Array.new([1, 2, 3]).includes(2)
js.Uint8Array.new([1, 2, 3]).join("-")
js.Uint8Array.new([1, 2, 3]).at(-1)
js.Uint8Array.new([1, 2, 3]).at(9)
js.Uint8Array.new([1, 2, 3]).set([1, 2], 2)
mutate(js.Uint8Array.new([1, 2, 3]), lambda u: u.set([8, 9], 1))
mutate(js.Uint8Array.new([1, 2, 3]), lambda u: put(u, 0, 300))
mutate(js.Uint8Array.new([1, 2, 3]), lambda u: put(u.subarray(1), 0, 7))
mutate(js.Uint8Array.new([1, 2, 3]), lambda u: u.assign(b"abc"))
mutate(js.Uint8Array.new([1, 2, 3]), lambda u: u.assign(b"abcd"))
mutate(bytearray(2), lambda b: js.Uint8Array.new([1, 2]).assign_to(b)) == b"\\x01\\x02"
js.Uint8Array.new([1, 2]).assign_to(bytearray(3))
js.Uint8Array.new([104, 195, 169]).to_string()
js.Uint8Array.new([1]).nope
js.Uint8Array.new([1]).object_keys()
js.Uint8Array.new(js.ArrayBuffer.new(3), 1)
js.Uint8Array.new(js.ArrayBuffer.new(3), 4)
js.Uint8Array.new(js.ArrayBuffer.new(3), 1, 1)
js.Uint8Array.new(js.ArrayBuffer.new(3), 1, 5)
js.Uint32Array.new(js.ArrayBuffer.new(3))
js.Uint32Array.new(js.ArrayBuffer.new(8), 1)
js.Uint32Array.new(js.ArrayBuffer.new(8), 4)
js.Uint8ClampedArray.new([300, -5, 1.5, 2.5, float("nan")])
js.Int8Array.new([-1, 200]).to_py()
js.Int16Array.new([40000])[0]
js.Uint16Array.new([70000])[0]
js.Int32Array.new([2**31])[0]
js.Uint32Array.new([-1])[0]
js.Float32Array.new([1e39, 0.1, -1e39]).to_py()
js.Float32Array.new([0.1])[0]
js.Float64Array.new([1.5, 2]).to_py()
js.Float64Array.new([1.5, 2])[1]
js.BigInt64Array.new([2**63])[0]
js.BigUint64Array.new([2**64 + 5])[0]
js.ArrayBuffer.new(3)
js.ArrayBuffer.new(3).to_py()
js.ArrayBuffer.new(3).to_bytes()
js.ArrayBuffer.new(3).byteLength
js.ArrayBuffer.new(3).slice(1).byteLength
js.ArrayBuffer.new(-1)
js.ArrayBuffer.new("x").byteLength
js.ArrayBuffer.isView(js.ArrayBuffer.new(1))
js.ArrayBuffer.isView(js.Uint8Array.new(1))
isinstance(js.ArrayBuffer.new(1), JsBuffer)
isinstance(js.ArrayBuffer.new(1), JsTypedArray)
isinstance(js.Uint8Array.new(1), JsTypedArray)
isinstance(js.Uint8Array.new(1), JsArray)
js.DataView.new(js.ArrayBuffer.new(4))
js.DataView.new(js.Uint8Array.new([1, 2, 3, 4]).buffer, 1, 2).byteLength
js.DataView.new(js.ArrayBuffer.new(8)).nope
js.DataView.new(js.ArrayBuffer.new(2), 3)
js.DataView.new(js.ArrayBuffer.new(2), 1, 3)
js.DataView.new(3)
"""
