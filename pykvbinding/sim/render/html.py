"""HTML page of a run: the drawing, a legend, documentation sentences and the replay line.

The page is one self-contained file. It has the same content without JavaScript, in dark mode and in
print.
"""

import re
from collections.abc import Iterator
from html import escape

from pykvbinding._text.glyphs import UNICODE
from pykvbinding.clock import NANOSECONDS
from pykvbinding.sim.render.analysis import DOC_PAGE, TraceAnalysis
from pykvbinding.sim.render.labels import format_literal, format_seconds
from pykvbinding.sim.render.svg import render_svg
from pykvbinding.sim.trace import TEST_INVOCATION

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"

_STYLE = """
:root { color-scheme: light dark; --page: #fbfaf8; --card: #ffffff; --ink: #20262e;
  --faint: #69727d; --line: #d9d6d0; --lane: #f4f2ee; --central: #e9edf3; --version: #c3d0e2;
  --gone: #dcdcdc; --f0: #8fd3bf; --f1: #b3e0d2; --f2: #d3ede5; --s0: #fbd38a; --s1: #f6b04e;
  --s2: #ee8b3a; --s3: #dc6430; --warn: #b45309; --bad: #c02626; --on: #20262e;
  --i0: #69727d; --i1: #2563c9; --i2: #a8329a; --i3: #0c7c74; --i4: #6d4bc3; --i5: #5f7312;
  --i6: #4a5a78; --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
@media screen and (prefers-color-scheme: dark) {
  :root { --page: #13171c; --card: #191e25; --ink: #e4e7eb; --faint: #98a2ae; --line: #363e48;
  --lane: #1f252d; --central: #222c3a; --version: #3c5272; --gone: #3a3f46; --f0: #2b7d6a;
  --f1: #245f53; --f2: #204840; --s0: #7d5c1e; --s1: #97621c; --s2: #ab561d; --s3: #b8431f;
  --warn: #fbbf4d; --bad: #ff7b72; --on: #f1f3f5; --i0: #98a2ae; --i1: #79a8ff; --i2: #e58bd8;
  --i3: #4fcfc2; --i4: #b59cff; --i5: #bccb5b; --i6: #9fb3d9; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 28px 24px 48px; max-width: 1500px; background: var(--page);
  color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
h1 { margin: 0; font-size: 22px; font-weight: 650; letter-spacing: -.01em; }
h2 { margin: 30px 0 8px; font-size: 15px; font-weight: 650; }
p { margin: 4px 0; } .sum { color: var(--faint); }
.scroll { margin: 18px 0 10px; overflow-x: auto; background: var(--card); padding: 6px;
  border: 1px solid var(--line); border-radius: 10px; }
svg { display: block; } .scroll svg { font: 11px var(--mono); }
svg text { fill: var(--ink); }
.lane { fill: var(--lane); } .central { fill: var(--central); }
text.name { font: 600 13px system-ui, sans-serif; } text.key { fill: var(--faint); }
text.end { text-anchor: end; } text.tick { text-anchor: middle; fill: var(--faint); }
text.tick.chosen { fill: var(--warn); font-weight: 700; }
.axis, .cut { fill: none; stroke: var(--faint); } .cut { stroke-width: 1.5; }
.wait { fill: var(--faint); opacity: .09; } .wait.chosen { fill: var(--warn); opacity: .1; }
.version { fill: var(--version); stroke: var(--central); } .gone { fill: var(--gone); }
.absent { stroke: var(--faint); stroke-dasharray: 2 4; }
text.in { fill: var(--on); pointer-events: none; }
.f0 { fill: var(--f0); } .f1 { fill: var(--f1); } .f2 { fill: var(--f2); }
.s0 { fill: var(--s0); } .s1 { fill: var(--s1); } .s2 { fill: var(--s2); } .s3 { fill: var(--s3); }
.i0 { --hue: var(--i0); } .i1 { --hue: var(--i1); } .i2 { --hue: var(--i2); }
.i3 { --hue: var(--i3); } .i4 { --hue: var(--i4); } .i5 { --hue: var(--i5); }
.i6 { --hue: var(--i6); }
.act { fill: var(--card); stroke: var(--hue); stroke-width: 1.5; } .act.i0 { stroke: none; }
.act.open { stroke-dasharray: 5 3; } text.who { fill: var(--hue); font-weight: 700;
  paint-order: stroke; stroke: var(--card); stroke-width: 4px; }
.dense .write { opacity: .5; }
.dot { fill: var(--hue); stroke: var(--card); } .write { stroke: var(--hue); stroke-width: 1.5;
  fill: var(--hue); } .read { stroke: var(--hue); stroke-dasharray: 1 3; }
.seen { fill: var(--hue); stroke: var(--card); }
.stale .dot, .stale .seen { fill: var(--warn); } .stale .read { stroke: var(--warn); }
.bad .dot { fill: var(--bad); } .bad .write, .no { stroke: var(--bad); }
.no { stroke-width: 2; fill: none; } .bad .write { stroke-dasharray: 3 3; }
.ring { fill: none; stroke: var(--warn); stroke-width: 2; }
text.label { text-anchor: middle; } text.answer, text.given { fill: var(--faint); }
.stale text.answer, text.age { fill: var(--warn); } .bad text.answer { fill: var(--bad); }
text.age { font-weight: 700; font-size: 10px; }
.op:hover .dot { stroke: var(--ink); stroke-width: 2; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; color: var(--faint); font-size: 13px; }
.legend span { display: inline-flex; align-items: center; gap: 7px; }
blockquote { margin: 10px 0; padding: 2px 14px; border-left: 3px solid var(--warn); }
cite { color: var(--faint); font-style: normal; font-size: 13px; }
.replay { display: flex; gap: 10px; align-items: flex-start; }
code, pre { font: 13px/1.45 var(--mono); } pre, .replay code { margin: 0; padding: 10px 14px;
  background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.replay code { overflow-wrap: anywhere; user-select: all; } pre { overflow-x: auto; }
.n { display: inline-block; width: 1.25ch; font-size: .8em; text-align: center; }
button { font: inherit; padding: 8px 14px; color: var(--ink); background: var(--lane);
  border: 1px solid var(--line); border-radius: 8px; cursor: pointer; white-space: nowrap; }
button[hidden] { display: none; }
@media print { @page { size: landscape; margin: 12mm; }
  body { padding: 0; max-width: none; --page: #fff; print-color-adjust: exact;
    -webkit-print-color-adjust: exact; }
  .scroll { overflow: visible; border: 0; padding: 0; } .scroll svg { width: auto;
    max-width: 100%; height: auto; } button { display: none; } pre { white-space: pre-wrap; }
  section, blockquote { break-inside: avoid; } }
"""

_SCRIPT = """
const copy = document.querySelector("button"), code = document.querySelector(".replay code");
copy.hidden = false;
copy.onclick = () => {
  getSelection().selectAllChildren(code);
  if (navigator.clipboard) navigator.clipboard.writeText(code.textContent);
  else document.execCommand("copy");
  copy.textContent = "Copied";
};
"""

_LEGEND = (
    ('<circle class="dot i1" cx="9" cy="9" r="5.5"/>', "read"),
    ('<path class="dot i1" d="M9 2l6.5 12h-13z"/>', "write, with an arrow to the central stores"),
    ('<rect class="dot i1" x="4" y="4" width="10" height="10" rx="2"/>', "list"),
    ('<path class="dot i1" d="M9 2l7 7l-7 7l-7 -7z"/>', "external effect"),
    ('<g class="stale"><circle class="dot" cx="9" cy="9" r="5.5"/></g>', "stale read"),
    ('<path class="no" d="M4 4l10 10m0 -10l-10 10"/>', "refused"),
    ('<circle class="ring" cx="9" cy="9" r="7"/>', "chosen by the schedule"),
    (
        '<rect class="f0" y="2" width="16" height="14"/><rect class="f1" x="16" y="2" width="16" '
        'height="14"/><rect class="f2" x="32" y="2" width="16" height="14"/>',
        "the newest copy, by age",
    ),
    (
        "".join(
            f'<rect class="s{n}" x="{n * 14}" y="2" width="14" height="14"/>' for n in range(4)
        ),
        "a superseded copy: just now, 1 s, 1 min, 1 h ago",
    ),
)


def page(analysis: TraceAnalysis, text: str) -> str:
    """Return the page; `text` is the text timeline of the run."""
    return "\n".join((*_heading(), *_body(analysis, text), "</html>", ""))


def _heading() -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield f"<title>Timeline of a run</title>\n<style>{_STYLE}</style>\n</head>"


def _body(analysis: TraceAnalysis, text: str) -> Iterator[str]:
    yield f'<body>\n<h1>What happened</h1>\n<p class="sum">{escape(_summary(analysis))}</p>'
    yield f'<div class="scroll" tabindex="0">\n{render_svg(analysis)}\n</div>'
    yield f'<p class="legend">{"".join(_legend())}</p>'
    sentences = analysis.sentences()
    if sentences:
        yield "<section>\n<h2>KV permits this</h2>"
        for sentence in sentences:
            where = f" <cite>{escape(DOC_PAGE[sentence])}</cite>" if sentence in DOC_PAGE else ""
            yield f"<blockquote>{escape(UNICODE.escape(sentence))}{where}</blockquote>"
        yield "</section>"
    trace = analysis.trace
    schedule = format_literal(trace.schedule, UNICODE)
    replay = f"schedule={schedule}" if trace.network_label else f"@example({schedule})"
    title = escape(f"Replay {trace.network_label}").strip()
    yield f'<section>\n<h2>{title}</h2>\n<div class="replay">'
    yield f"<code>{escape(replay)}</code>"
    yield '<button type="button" hidden>Copy</button></div>\n</section>'
    yield f"<section>\n<h2>Step by step</h2>\n<pre>{_numbered(escape(text))}</pre>\n</section>"
    yield f"<script>{_SCRIPT}</script>\n</body>"


def _numbered(text: str) -> str:
    """Wrap circled numbers in elements of one letter width: few monospaced fonts have them."""
    return re.sub("([①-⑳])", '<span class="n">\\1</span>', text)


def _legend() -> Iterator[str]:
    for shapes, meaning in _LEGEND:
        width = 56 if " copy" in meaning else 18
        sign = f'<svg width="{width}" height="18" aria-hidden="true">{shapes}</svg>'
        yield f"<span>{sign}{meaning}</span>"


def _summary(analysis: TraceAnalysis) -> str:
    trace = analysis.trace
    operations = [event for event in trace.events if event.kind != "lapse"]
    locations = {analysis.location(event) for event in operations} - {""}
    duration = max([0, *((event.at - trace.start) / NANOSECONDS for event in trace.events)])
    count = sum(bool(event.deviations) for event in trace.events)
    invocations = len({event.invocation for event in operations} - {TEST_INVOCATION})
    deviations = f"The schedule has {_count(count, 'deviation')} from the default."
    return (
        f"{_count(len(operations), 'operation')} of {_count(invocations, 'invocation')} in "
        f"{_count(len(locations), 'location')}, within {format_seconds(duration)}. "
        f"{deviations if count else 'The schedule has no deviations from the default.'}"
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
