"""The drawing of a run, element by element: lanes for locations, time from the left to the right.

What it looks like is in the style of the page; here are only shapes, words and their classes.
"""

from collections.abc import Iterator
from html import escape

from pykvbinding._text.glyphs import UNICODE, width
from pykvbinding.clock import NANOSECONDS
from pykvbinding.sim.render.analysis import OK, Name, Seed, Story, is_write, stale_looks
from pykvbinding.sim.render.labels import decimals, instant, passing, seconds
from pykvbinding.sim.render.svg_axis import Wait
from pykvbinding.sim.render.svg_caches import Copy, pieces
from pykvbinding.sim.render.svg_layout import LEFT, LETTER, LINE, TOP, Lane, Outline, Scene
from pykvbinding.sim.trace import TEST, Commit, Event, Kind

HUES = 6
"""Colours of invocations; the seventh has that of the first."""

_BAR = 16
_SLIVER = 4
_NAMES = LEFT - 8


def drawing(story: Story) -> str:
    """The run as one `<svg>` element."""
    return "\n".join(_elements(Scene(story)))


def _elements(scene: Scene) -> Iterator[str]:
    """All of it, what is behind first."""
    across, down = scene.right + 24, scene.bottom + 6
    kind = "roomy" if scene.is_labelled else "dense"
    yield (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="The run, drawn" '
        f'class="{kind}" width="{across}" height="{down}" viewBox="0 0 {across} {down}">'
    )
    yield from _backgrounds(scene, across)
    yield from _instants(scene)
    yield from (_wait(scene, wait) for wait in scene.axis.waits)
    for name in scene.central:
        yield from _versions(scene, name)
    for copy in scene.copies:
        yield from _copy(scene, copy)
    outlines = [(lane, outline) for lane in scene.lanes.values() for outline in lane.outlines]
    for _, outline in outlines:
        yield _outline(scene, outline)
    for lane, outline in outlines:
        for event in outline.events:
            yield from _operation(scene, lane, outline, event)
    for _, outline in outlines:
        title = scene.title(outline.invocation)
        yield _text(outline.left + 8, outline.top + 14, title, f"who {_hue(outline.invocation)}")
    yield "</svg>"


# What does not move.


def _backgrounds(scene: Scene, across: int) -> Iterator[str]:
    yield _rect(4, TOP - 2, across - 8, scene.central_bottom - TOP + 2, "lane central", 8)
    yield _text(16, TOP + 23, "central", "name")
    for name in scene.central:
        yield _text(_NAMES, scene.central_row(name) + 4, scene.key(name), "key end")
    if scene.hidden:
        more = f"{scene.hidden} more key" + "s" * (scene.hidden > 1)
        yield _text(_NAMES, scene.central_row(("", "")) + 4, more, "key end")
    for lane in scene.lanes.values():
        yield _rect(4, lane.top, across - 8, lane.bottom - lane.top, "lane", 8)
        location = UNICODE.fit(UNICODE.plain(lane.location), 9) or "nowhere"
        yield _text(16, lane.top + 23, location, "name")
        for name in lane.names:
            yield _text(_NAMES, lane.row(name) + 4, scene.key(name), "key end")


def _instants(scene: Scene) -> Iterator[str]:
    instants = scene.axis.instants
    digits = decimals([each.at for each in instants] or [0])
    free = 0
    for each in instants:
        yield f'<path class="axis" d="M{each.left + 3} 34V30H{each.right - 3}V34"/>'
        told = f"{instant(each.at, digits)} s"
        middle, half = (each.left + each.right) // 2, round(len(told) * LETTER / 2)
        if middle - half >= free:
            yield _text(middle, 24, told, "tick")
            free = middle + half + 4


def _wait(scene: Scene, wait: Wait) -> str:
    event = wait.event
    chosen = " chosen" if event is not None and event.deviates else ""
    told = seconds(wait.nanoseconds / NANOSECONDS)
    why = passing(wait.nanoseconds) + (", not to scale" if wait.is_cut else "")
    if event is not None and (ended := scene.words.remarks(event)):
        why += f": {'; '.join(ended)}"
    middle = (wait.left + wait.right) // 2
    band = _rect(wait.left, 30, wait.right - wait.left, scene.bottom - 30, f"wait{chosen}", 0)
    cut = f'<path class="cut" d="M{middle - 5} 35l4 -8m2 8l4 -8"/>' if wait.is_cut else ""
    label = _text(middle, 14, f"+{told}", f"tick{chosen}")
    return f"<g>{_title(why)}{band}{cut}{label}</g>"


def _versions(scene: Scene, name: Name) -> Iterator[str]:
    """The truth: which version a key had in the central stores."""
    axis, middle = scene.axis, scene.central_row(name)
    commits = scene.story.commits(name)
    edges = [*(axis.commit(*name, commit.version) for commit in commits), axis.right]
    if min(edges) > axis.left:
        yield f'<path class="absent" d="M{axis.left} {middle}H{min(edges)}"/>'
    spans = [(left, min(edges[place + 1 :])) for place, left in enumerate(edges[:-1])]
    # What has come in below another lies on top of it, for as long as one can point at it.
    for overtakes in (False, True):
        for commit, (left, right) in zip(commits, spans, strict=True):
            if overtakes == (right < left):
                yield _version(scene, name, commit, left, max(right, left + _SLIVER))


def _version(scene: Scene, name: Name, commit: Commit, left: int, right: int) -> str:
    is_shown = commit.value is not None and right > left + _SLIVER
    value = "deleted" if commit.value is None else UNICODE.value(commit.value, 40)
    middle = scene.central_row(name)
    kind = "version" if is_shown else "version gone"
    bar = _rect(left, middle - _BAR // 2, right - left, _BAR, kind, 3)
    label = _inside(left, middle, right - left, f"v{commit.version} {value}")
    return f"<g>{_title(scene.words.seed(Seed(name, commit)))}{bar}{label}</g>"


def _copy(scene: Scene, copy: Copy) -> Iterator[str]:
    lane = scene.lanes[copy.location]
    if copy.name not in lane.names:
        return
    middle = lane.row(copy.name)
    bars = "".join(
        _rect(piece.left, middle - _BAR // 2, piece.right - piece.left, _BAR, piece.shade, 0)
        for piece in pieces(scene.story, scene.axis, copy)
    )
    shown = f"v{copy.version} {_value(scene, copy)}"
    told = f"{scene.words.key(copy.name)} {shown}, as {UNICODE.plain(copy.location)} had it"
    label = _inside(copy.left + 8, middle, copy.right - copy.left - 8, shown)
    yield f"<g>{_title(told)}{bars}{label}</g>"


def _value(scene: Scene, copy: Copy) -> str:
    if copy.look.value is not None:
        return UNICODE.value(copy.look.value, 40)
    if copy.version == 0:
        return "absent"
    return "expired" if scene.story.has_expired(copy.fetched, copy.look) else "deleted"


# What invocations do.


def _outline(scene: Scene, outline: Outline) -> str:
    number = outline.invocation
    act = scene.story.acts.get(number)
    kind = f"act {_hue(number)}" + (" open" if act is not None and act.ended is None else "")
    told = f"{scene.words.title(number)} {scene.words.ending(number)}".rstrip()
    across = outline.right - outline.left
    return f"<g>{_title(told)}{_rect(outline.left, outline.top, across, scene.height, kind, 9)}</g>"


def _operation(scene: Scene, lane: Lane, outline: Outline, event: Event) -> Iterator[str]:
    here, dot = scene.axis.events[event.number], scene.dot(outline)
    remarks = "; ".join(scene.words.remarks(event))
    told = scene.words.operation(event) + (f" ({remarks})" if remarks else "")
    stale = " stale" if any(stale_looks(event)) else ""
    bad = " bad" if event.outcome != OK else ""
    yield f'<g class="op {_hue(event.invocation)}{stale}{bad}">{_title(told)}'
    if is_write(event):
        yield from _writes(scene, lane, event, here, dot)
    if event.kind == "get" and event.outcome == OK:
        yield from _reads(scene, lane, event, here, dot)
    if event.deviates:
        yield f'<circle class="ring" cx="{here}" cy="{dot}" r="9"/>'
    yield shape(event.kind, here, dot)
    if scene.is_labelled:
        for row, (line, kind) in enumerate(scene.lines(event)):
            yield _text(here, dot + 20 + LINE * row, line, kind)
    yield "</g>"


def _writes(scene: Scene, lane: Lane, event: Event, here: int, dot: int) -> Iterator[str]:
    """An arrow to the central stores, or a line that is stopped on its way there."""
    for look in event.looks:
        if look.version is None:
            end = lane.top - 4
            yield f'<path class="write" d="M{here} {dot - 6}V{end + 6}"/>'
            yield f'<path class="no" d="M{here - 4} {end - 4}l8 8m0 -8l-8 8"/>'
        else:
            end = scene.central_row((event.binding, look.key)) + _BAR // 2 + 1
            yield f'<path class="write" d="M{here} {dot - 6}V{end}l-4 8h8l-4 -8"/>'


def _reads(scene: Scene, lane: Lane, event: Event, here: int, dot: int) -> Iterator[str]:
    """The copies that a read has seen, with how late it was."""
    below = dot + 12 + LINE * len(scene.lines(event))
    for look in event.looks:
        name = (event.binding, look.key)
        if name not in lane.names:
            continue
        middle = lane.row(name)
        if scene.is_labelled:
            yield f'<path class="read" d="M{here} {below}V{middle}"/>'
        yield f'<circle class="seen" cx="{here}" cy="{middle}" r="3"/>'
        if look.is_stale:
            replaced = "replaced " if scene.is_labelled else ""
            told = f"{replaced}{seconds(look.age)} ago"
            left = min(here + 6, scene.right - round(width(told) * LETTER))
            yield _text(left, middle - _BAR // 2 - 3, told, "age")


# Shapes.


def shape(kind: Kind, x: int, y: int) -> str:
    """The sign of an operation, with its middle there."""
    if kind in ("put", "delete"):
        return f'<path class="dot" d="M{x} {y - 7}l6.5 12h-13z"/>'
    if kind == "list":
        return f'<rect class="dot" x="{x - 5}" y="{y - 5}" width="10" height="10" rx="2"/>'
    if kind == "external":
        return f'<path class="dot" d="M{x} {y - 7}l7 7l-7 7l-7 -7z"/>'
    return f'<circle class="dot" cx="{x}" cy="{y}" r="5.5"/>'


def _hue(invocation: int) -> str:
    return "i0" if invocation == TEST else f"i{(invocation - 1) % HUES + 1}"


def _title(text: str) -> str:
    """What is shown when somebody points at it."""
    return f"<title>{escape(text)}</title>"


def _inside(left: int, middle: int, across: int, text: str) -> str:
    """A text in a bar, as much of it as has room."""
    letters = int((across - 10) / LETTER)
    return _text(left + 6, middle + 4, UNICODE.fit(text, letters), "in") if letters > 2 else ""


def _rect(x: int, y: int, across: int, down: int, kind: str, round_by: int) -> str:
    corner = f' rx="{round_by}"' if round_by else ""
    return f'<rect class="{kind}" x="{x}" y="{y}" width="{across}" height="{down}"{corner}/>'


def _text(x: int, y: int, text: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x}" y="{y}">{escape(text)}</text>'
