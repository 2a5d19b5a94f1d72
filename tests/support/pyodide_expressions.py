"""Expressions that must have the same results in Pyodide and in this emulator."""

from tests.support.pyodide_buffer_expressions import BUFFERS
from tests.support.pyodide_coercion_expressions import COERCIONS
from tests.support.pyodide_global_expressions import DATES, GLOBALS

OBJECTS = """
js.Object.new()
js.Object.new(a=1, b="x").to_py()
js.Object.new(a=1).missing
js.Object.new(a=1).a
hasattr(js.Object.new(a=1), "b")
js.Object.new(**{"from": 1}).from_
js.Object.new(a=1, b=js.Object.new(c=2)).to_py()
js.Object.new(a=1, b=js.Object.new(c=2)).to_py(depth=1)
js.Object.new(b=1, a=2).object_keys()
js.Object.new(b=1, a=2).object_values()
js.Object.new(b=1, a=2).object_entries()
js.Object.new(**{"b": 1, "10": 2, "9": 3}).object_keys()
js.Object.new(**{"b": 1, "10": 2, "9": 3}).to_py()
js.Object.new(a=1).as_object_map()["a"]
dict(js.Object.new(a=1).as_object_map())
js.Object.new(a=1).hasOwnProperty("a")
js.Object.new(a=1).toString()
bool(js.Object.new())
js.Object.new() == js.Object.new()
js.Object.new().typeof
js.Object.new().constructor.name
mutate(js.Object.new(a=1), lambda o: setattr(o, "b", [1, 2])).b
mutate(js.Object.new(a=1), lambda o: setattr(o, "b", None)).to_py()
mutate(js.Object.new(a=1), lambda o: delattr(o, "a")).to_py()
mutate(js.Object.new(a=1), lambda o: delattr(o, "zz")).to_py()
js.Object.fromEntries([["a", 1], ("b", 2)]).to_py()
js.Object.fromEntries({"a": 1}.items()).to_py()
js.Object.fromEntries(to_js([["a", 1]])).to_py()
js.Object.fromEntries(js.Map.new([["a", 1]])).to_py()
js.Object.fromEntries([[1, 2], [None, 3], [1.5, 4]]).to_py()
js.Object.fromEntries([1])
js.Object.fromEntries(["ab"])
js.Object.fromEntries(5)
js.Object.fromEntries()
js.Object.fromEntries(jsnull)
js.Object.keys(js.Object.new(a=1))
js.Object.keys({"a": 1, 2: 3})
js.Object.keys([5])
js.Object.keys(to_js([5, 6]))
js.Object.keys("ab")
js.Object.keys(5)
js.Object.keys(None)
js.Object.keys(jsnull)
js.Object.keys(to_js({"a": 1, 2: 3, "get": 4}))
js.Object.keys(js.Map.new([["a", 1]]))
js.Object.values("ab")
js.Object.values(js.Object.new(a=1, b=jsnull)).to_py()
js.Object.entries({"b": 1, "1": 2, 3: 4})
js.Object.entries(js.Object.new(b=1)).to_py()
js.Object.assign(js.Object.new(a=1), js.Object.new(b=2), None).to_py()
js.Object.is_(float("nan"), float("nan"))
js.Object.is_(1, 1.0)
js.Object.is_("a", "b")
js.Object.hasOwn(js.Object.new(a=1), "a")
js.Object.freeze(js.Object.new(a=1)).to_py()
js.Object.new().nope()
"""

ARRAYS = """
to_js([1, "a", None, jsnull, 1.5, True])
to_js([1, "a", None, jsnull, 1.5, True]).to_py()
to_js([1, 2, 3])[0]
to_js([1, 2, 3])[-1]
to_js([1, 2, 3])[9]
to_js([1, 2, 3])[1:]
to_js([1, 2, 3])[::-1]
len(to_js([1, 2, 3]))
list(to_js([1, 2, 3]))
list(reversed(to_js([1, 2, 3])))
2 in to_js([1, 2, 3])
bool(to_js([]))
bool(to_js([0]))
to_js([1]) == to_js([1])
to_js([1]) + [2]
to_js([1]) * 3
to_js([1, 2, 1]).count(1)
to_js([1, 2, 1]).index(2)
to_js([1, 2, 1]).index(9)
to_js([1, 2, 1]).length
to_js([1, 2, 1]).nope
mutate(to_js([1]), lambda a: a.append(2))
mutate(to_js([1]), lambda a: a.extend([2, 3]))
mutate(to_js([1]), lambda a: a.insert(0, 2))
mutate(to_js([1, 2]), lambda a: a.reverse())
mutate(to_js([1, 2]), lambda a: a.remove(1))
mutate(to_js([1, 2]), lambda a: put(a, 0, "x"))
mutate(to_js([1, 2]), lambda a: put(a, slice(0, 0), [7, 8]))
mutate(to_js([1, 2]), lambda a: remove(a, 0))
mutate(to_js([1, 2]), lambda a: a.unshift(0))
mutate(to_js([1, 2, 3]), lambda a: a.splice(1, 1, "x", "y"))
mutate(to_js([1, 2, 3]), lambda a: a.splice(1))
to_js([1]).push(2, 3)
to_js([1]).pop()
to_js([]).pop()
to_js([1]).pop(9)
to_js([1, 2]).shift()
to_js([]).shift()
to_js([1, 2]).at(-1)
to_js([1, 2]).at(5)
to_js([1, 2, 3]).slice(1)
to_js([1, 2, 3]).slice(-2, -1)
to_js([1, 2]).concat(to_js([3]), 4)
to_js([1, 2]).includes(2)
to_js([1, 2]).indexOf(2)
to_js([1, 2]).indexOf(9)
to_js([1, None, jsnull, "x"]).join("-")
to_js([1, [2, [3]]]).toString()
to_js([1, 2]).map(lambda x, i, a: x * 2)
to_js([1, 2]).map(lambda x: x)
to_js([1, 2]).map(lambda x, i, a: refuse("no"))
to_js([1, 2]).filter(lambda x, i, a: x > 1)
to_js([1, 2]).find(lambda x, i, a: x > 1)
to_js([1, 2]).find(lambda x, i, a: x > 9)
to_js([1, 2]).some(lambda x, i, a: x > 1)
to_js([1, 2]).every(lambda x, i, a: x > 1)
to_js([1, 2]).forEach(lambda x, i, a: None)
to_js(["a"]).object_entries()
to_js(["a"]).object_keys()
to_js(["a"]).object_values()
[pair.to_py() for pair in to_js(["a"]).entries()]
list(to_js(["a"]).values())
hasattr(to_js([]), "keys")
hasattr(to_js([]), "clear")
js.Array.new(3)
js.Array.new(3).to_py()
js.Array.new(1, 2)
js.Array.new("a")
js.Array.new(-1)
js.Array(1, 2)
js.Array.of(7)
js.Array.from_([1, 2])
js.Array.from_("ab")
js.Array.from_({"a": 1})
js.Array.from_(js.Map.new([["a", 1]]))
js.Array.from_(js.Set.new([1]))
js.Array.from_(5)
js.Array.from_(jsnull)
js.Array.from_(js.Object.new(length=2, **{"1": "x"})).to_py()
js.Array.isArray([1])
js.Array.isArray(to_js([1]))
isinstance(to_js([1]), JsArray)
isinstance(js.Object.new(), JsArray)
"""

MAPS = """
js.Map.new()
js.Map.new([["a", 1]]).to_py()
js.Map.new({"a": 1}.items()).to_py()
js.Map.new({"a": 1})
js.Map.new([1])
js.Map.new(5)
js.Map.new([["a", 1]])["a"]
js.Map.new([["a", 1]])["b"]
js.Map.new([["a", 1]]).get("a")
js.Map.new([["a", 1]]).get("b")
js.Map.new([["a", 1]]).get("b", 7)
js.Map.new([["a", 1]]).has("a")
js.Map.new([["a", 1]]).size
js.Map.new([["a", 1]]).missing
len(js.Map.new([["a", 1]]))
list(js.Map.new([["a", 1]]))
list(js.Map.new([["a", 1]]).keys())
list(js.Map.new([["a", 1]]).values())
list(js.Map.new([["a", 1]]).items())
[pair.to_py() for pair in js.Map.new([["a", 1]]).entries()]
"a" in js.Map.new([["a", 1]])
bool(js.Map.new())
js.Map.new() == js.Map.new()
js.Map.new().toString()
js.Map.new([["a", 1]]).pop("a")
js.Map.new([["a", 1]]).pop("b", 3)
js.Map.new([["a", 1]]).pop("b")
js.Map.new([["a", 1]]).setdefault("b", 3)
js.Map.new([["a", 1]]).delete("a")
js.Map.new([["a", 1]]).delete("b")
js.Map.new([["a", 1]]).set("b", 2).to_py()
js.Map.new([["a", 1]]).forEach(lambda value, key, whole: None)
js.Map.new([["a", 1]]).forEach(lambda value: None)
mutate(js.Map.new([["a", 1]]), lambda m: m.update({"b": 2})).to_py()
mutate(js.Map.new([["a", 1]]), lambda m: m.clear()).to_py()
mutate(js.Map.new([["a", 1]]), lambda m: put(m, "b", 2), lambda m: remove(m, "a")).to_py()
js.Map.new([[js.Object.new(), 1]]).to_py()
js.Map.new([[to_js([1]), 1]]).to_py()
js.Map.new([[jsnull, 1], [None, 2]]).to_py()
js.Map.new([["a", to_js([1])]]).to_py(depth=1)
isinstance(js.Map.new(), JsMap)
isinstance(js.Map.new(), JsMutableMap)
isinstance(js.Object.new(), JsMap)
js.Map()
to_js({"a": 1, "get": 2})["get"]
to_js({"a": 1, "get": 2}).a
callable(to_js({"a": 1, "get": 2}).get)
to_js({"a": 1}).b
to_js({"a": 1}).to_py()
to_js({"a": {"b": 1}}).to_py()
to_js({1: 2, None: 3, 1.5: 4}).to_py()
js.Set.new([1, 2, 1])
js.Set.new([1, 2, 1]).to_py()
js.Set.new([to_js([1])]).to_py()
js.Set.new(5)
js.Set.new("ab").to_py() == {"a", "b"}
js.Set.new([1]).has(1)
js.Set.new([1]).size
len(js.Set.new([1]))
1 in js.Set.new([1])
bool(js.Set.new())
list(js.Set.new([1, 2]))
list(js.Set.new([1, 2]).values())
js.Set.new([1]).add(2).to_py()
js.Set.new([1]).delete(1)
js.Set.new([1]).delete(5)
js.Set.new([1]).forEach(lambda item, again, whole: None)
js.Set()
"""

CONVERSIONS = """
to_js(None)
to_js(jsnull)
to_js(1)
to_js(1.0)
to_js([1.0])[0]
to_js("x")
to_js(10**20)
to_js([10**20])[0]
to_js((1, [2]))
to_js({1, 2}).to_py()
to_js({(1, 2)}).to_py()
to_js(frozenset([1])).constructor.name
to_js(range(2)).constructor.name
to_js(make_cyclic({}))["me"].size
to_js(OrderedDict(a=1)).to_py()
to_js(Pair(1, 2))
to_js(deque([1])).constructor.name
to_js({"a": 1}.items()).constructor.name
to_js(b"abc")
to_js(bytearray(b"abc"))
to_js(memoryview(b"abc"))
to_js(array.array("d", [1.5]))
to_js(array.array("f", [1.5]))
to_js(array.array("i", [1]))
to_js(array.array("I", [1]))
to_js(array.array("h", [1]))
to_js(array.array("H", [1]))
to_js(array.array("b", [1]))
to_js(array.array("q", [1]))
to_js(array.array("Q", [1]))
to_js(HTTPMethod.GET)
to_js([HTTPMethod.GET])[0]
to_js([HTTPStatus.OK])[0]
to_js(Thing()).double(4)
to_js(Thing()).constructor.name
to_js([Thing()])[0]
to_js([Thing()], create_pyproxies=False)
to_js({"a": Thing()})["a"]
to_js({(1, 2): 3})
to_js({(1, 2): 3}, dict_converter=js.Object.fromEntries)
to_js({"a": 1, 2: 3}, dict_converter=js.Object.fromEntries).to_py()
to_js({"a": {"b": [1]}}, dict_converter=js.Object.fromEntries).to_py()
to_js({"a": 1}, dict_converter=js.Map.new).to_py()
to_js({"a": 1}, dict_converter=js.Array.from_)
to_js({"a": None, "b": jsnull}, dict_converter=js.Object.fromEntries).to_py()
to_js([1, [2, [3]]], depth=1)[1]
to_js({"a": {"b": 1}}, depth=1)["a"]
to_js([1, [2, [3]]], depth=0).constructor.name
to_js([1, [2, [3]]], depth=2)[1]
to_js([1], default_converter=lambda v, c, k: refuse())
to_js([Thing()], default_converter=lambda v, c, k: v)[0]
to_js([Thing()], default_converter=lambda v, c, k: 7)[0]
to_js([Thing()], default_converter=lambda v, c, k: [1])[0]
to_js(Thing(), default_converter=lambda v, c, k: c([1]))
to_js(Thing(), default_converter=lambda v, c, k: refuse("no"))
to_js({"a": Thing()}, default_converter=lambda v, c, k: refuse("no"))
to_js([[Thing()]], default_converter=lambda v, c, k: jsnull).to_py()
to_js(make_cyclic([]))[0][0] == to_js(make_cyclic([]))
to_js(make_cyclic([])).to_py()[0][0][0] == 5
len(to_js(make_cyclic([])))
js.Array.new().to_py(default_converter=lambda v, c, k: 5)
js.Date.new(0).to_py(default_converter=lambda v, c, k: ["date", v.getTime()])
to_js([js.Date.new(0), jsnull, None]).to_py(default_converter=lambda v, c, k: "converted")
js.Object.new(a=js.Date.new(0)).to_py(default_converter=lambda v, c, k: refuse("no"))
js.Object.new(a=js.Math.max).to_py(default_converter=lambda v, c, k: "a function")
js.Error.new("x").to_py(default_converter=lambda v, c, k: "an error")
js.Math.max(*[1, 2])
isinstance(to_js([1]), JsProxy)
isinstance(jsnull, JsProxy)
isinstance(js.Math.max, JsCallable)
isinstance(js.Object, JsCallable)
isinstance(js.Object.new(), JsCallable)
bool(jsnull)
jsnull == None
jsnull.typeof
jsnull.nope
JsArray()
"""

PROXIES = """
create_proxy([1, 2]).unwrap()
create_proxy([1, 2]).type
create_proxy([1, 2]).toString()
create_proxy([1, 2]).length
create_proxy(b"abc").getBuffer().data
create_proxy(b"abc").getBuffer().data.to_bytes()
create_proxy(b"abc").getBuffer().nbytes
create_proxy(b"abc").getBuffer().format
create_proxy(array.array("d", [1.5])).getBuffer().data
mutate(create_proxy(b"abc").getBuffer(), lambda view: view.release()).data
mutate(create_proxy([1]), lambda proxy: proxy.destroy()).unwrap()
mutate(create_proxy([1]), lambda proxy: proxy.destroy(), lambda proxy: proxy.destroy()).length
mutate(create_proxy(len), lambda proxy: proxy.destroy())([])
create_proxy(lambda a, b=2: (a, b))(1)
create_proxy(lambda a, b=2: (a, b.c))(1, c=3)
create_proxy(lambda: refuse("no"))()
callable(create_proxy([1]))
callable(create_proxy(len))
create_proxy(len).typeof
create_proxy([1]).constructor.name
create_proxy({"a": 1}).a
create_proxy({"a": 1}).get("a")
create_proxy(Thing()).size
create_proxy(Thing()).nope
mutate(create_proxy(Thing()), lambda proxy: setattr(proxy, "z", 5)).unwrap().z
isinstance(create_proxy([1]), JsDoubleProxy)
isinstance(create_proxy(len), JsCallable)
isinstance(create_once_callable(len), JsOnceCallable)
create_once_callable(lambda x: x + 1)(1)
mutate(create_once_callable(lambda x: x + 1), lambda f: f(1))(1)
mutate(create_once_callable(lambda: 1), lambda f: f.destroy())()
mutate(js.Array.new(), lambda px: to_js([Thing(), 1], pyproxies=px)).length
mutate(js.Array.new(), lambda px: to_js([Thing()], pyproxies=px), destroy_proxies).length
"""

GROUPS = {
    "objects": OBJECTS,
    "arrays": ARRAYS,
    "maps": MAPS,
    "conversions": CONVERSIONS,
    "proxies": PROXIES,
    "buffers": BUFFERS,
    "globals": GLOBALS,
    "dates": DATES,
    "coercions": COERCIONS,
}


def expressions(group: str) -> list[str]:
    """Return the expressions of a group, one per line of its text."""
    return [line for line in GROUPS[group].splitlines() if line]
