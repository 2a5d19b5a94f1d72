"""SVG elements of a run: one lane per location, with time from left to right.

This module emits shapes, texts and CSS classes; the style sheet of the page defines their
appearance.
"""

from collections.abc import Iterator
from html import escape

from pykvbinding._text.glyphs import UNICODE, display_width
from pykvbinding.clock import NANOSECONDS
from pykvbinding.sim.render.analysis import (
    OK,
    DirectWrite,
    KeyId,
    TraceAnalysis,
    is_write,
    stale_accesses,
)
from pykvbinding.sim.render.labels import (
    count_decimals,
    format_instant,
    format_lapse,
    format_seconds,
)
from pykvbinding.sim.render.svg_axis import Gap
from pykvbinding.sim.render.svg_caches import CacheBar, bar_segments
from pykvbinding.sim.render.svg_layout import (
    LEFT,
    LETTER,
    LINE,
    TOP,
    InvocationBox,
    LocationLane,
    SvgLayout,
)
from pykvbinding.sim.trace import TEST_INVOCATION, Commit, Event, OperationKind

HUES = 6
"""Number of colours for invocations; they repeat after that."""

_BAR = 16
_SLIVER = 4
_NAMES = LEFT - 8


def render_svg(analysis: TraceAnalysis) -> str:
    """Return the run as one `<svg>` element."""
    return "\n".join(_elements(SvgLayout(analysis)))


def _elements(layout: SvgLayout) -> Iterator[str]:
    """Yield all elements, background first."""
    width, height = layout.right + 24, layout.bottom + 6
    css_class = "roomy" if layout.is_labelled else "dense"
    yield (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="The run, drawn" '
        f'class="{css_class}" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
    )
    yield from _backgrounds(layout, width)
    yield from _instants(layout)
    yield from (_gap(layout, gap) for gap in layout.axis.gaps)
    for key_id in layout.central:
        yield from _versions(layout, key_id)
    for bar in layout.cache_bars:
        yield from _copy(layout, bar)
    boxes = [(lane, box) for lane in layout.lanes.values() for box in lane.boxes]
    for _, box in boxes:
        yield _invocation_box(layout, box)
    for lane, box in boxes:
        for event in box.events:
            yield from _operation(layout, lane, box, event)
    for _, box in boxes:
        title = layout.title(box.invocation)
        yield _text(box.left + 8, box.top + 14, title, f"who {_hue(box.invocation)}")
    yield "</svg>"


# Background.


def _backgrounds(layout: SvgLayout, width: int) -> Iterator[str]:
    yield _rect(4, TOP - 2, width - 8, layout.central_bottom - TOP + 2, "lane central", 8)
    yield _text(16, TOP + 23, "central", "name")
    for key_id in layout.central:
        yield _text(_NAMES, layout.central_row(key_id) + 4, layout.key(key_id), "key end")
    if layout.hidden:
        hidden = f"{layout.hidden} more key" + "s" * (layout.hidden > 1)
        yield _text(_NAMES, layout.central_row(("", "")) + 4, hidden, "key end")
    for lane in layout.lanes.values():
        yield _rect(4, lane.top, width - 8, lane.bottom - lane.top, "lane", 8)
        location = UNICODE.truncate(UNICODE.escape(lane.location), 9) or "nowhere"
        yield _text(16, lane.top + 23, location, "name")
        for key_id in lane.key_ids:
            yield _text(_NAMES, lane.row(key_id) + 4, layout.key(key_id), "key end")


def _instants(layout: SvgLayout) -> Iterator[str]:
    groups = layout.axis.groups
    digits = count_decimals([group.at for group in groups] or [0])
    free = 0
    for group in groups:
        yield f'<path class="axis" d="M{group.left + 3} 34V30H{group.right - 3}V34"/>'
        label_text = f"{format_instant(group.at, digits)} s"
        middle, half = (group.left + group.right) // 2, round(len(label_text) * LETTER / 2)
        if middle - half >= free:
            yield _text(middle, 24, label_text, "tick")
            free = middle + half + 4


def _gap(layout: SvgLayout, gap: Gap) -> str:
    event = gap.event
    chosen = " chosen" if event is not None and event.deviations else ""
    label_text = format_seconds(gap.nanoseconds / NANOSECONDS)
    why = format_lapse(gap.nanoseconds) + (", not to scale" if gap.is_cut else "")
    if event is not None and (ended := layout.labels.annotations(event)):
        why += f": {'; '.join(ended)}"
    middle = (gap.left + gap.right) // 2
    band = _rect(gap.left, 30, gap.right - gap.left, layout.bottom - 30, f"wait{chosen}", 0)
    cut = f'<path class="cut" d="M{middle - 5} 35l4 -8m2 8l4 -8"/>' if gap.is_cut else ""
    label = _text(middle, 14, f"+{label_text}", f"tick{chosen}")
    return f"<g>{_title(why)}{band}{cut}{label}</g>"


def _versions(layout: SvgLayout, key_id: KeyId) -> Iterator[str]:
    """Yield the versions of a key in the central stores, as bars."""
    axis, middle = layout.axis, layout.central_row(key_id)
    commits = layout.analysis.commits(key_id)
    edges = [*(axis.commit(*key_id, commit.version) for commit in commits), axis.right]
    if min(edges) > axis.left:
        yield f'<path class="absent" d="M{axis.left} {middle}H{min(edges)}"/>'
    spans = [(left, min(edges[index + 1 :])) for index, left in enumerate(edges[:-1])]
    # A version committed below an existing one is drawn on top of it, wide enough to point at.
    for overtakes in (False, True):
        for commit, (left, right) in zip(commits, spans, strict=True):
            if overtakes == (right < left):
                yield _version(layout, key_id, commit, left, max(right, left + _SLIVER))


def _version(layout: SvgLayout, key_id: KeyId, commit: Commit, left: int, right: int) -> str:
    is_shown = commit.value is not None and right > left + _SLIVER
    value = "deleted" if commit.value is None else UNICODE.value(commit.value, 40)
    middle = layout.central_row(key_id)
    css_class = "version" if is_shown else "version gone"
    bar = _rect(left, middle - _BAR // 2, right - left, _BAR, css_class, 3)
    label = _inside(left, middle, right - left, f"v{commit.version} {value}")
    return f"<g>{_title(layout.labels.direct_write(DirectWrite(key_id, commit)))}{bar}{label}</g>"


def _copy(layout: SvgLayout, bar: CacheBar) -> Iterator[str]:
    lane = layout.lanes[bar.location]
    if bar.key_id not in lane.key_ids:
        return
    middle = lane.row(bar.key_id)
    bars = "".join(
        _rect(
            segment.left, middle - _BAR // 2, segment.right - segment.left, _BAR, segment.shade, 0
        )
        for segment in bar_segments(layout.analysis, layout.axis, bar)
    )
    shown = f"v{bar.version} {_value(layout, bar)}"
    description = (
        f"{layout.labels.key(bar.key_id)} {shown}, cached at {UNICODE.escape(bar.location)}"
    )
    label = _inside(bar.left + 8, middle, bar.right - bar.left - 8, shown)
    yield f"<g>{_title(description)}{bars}{label}</g>"


def _value(layout: SvgLayout, bar: CacheBar) -> str:
    if bar.access.value is not None:
        return UNICODE.value(bar.access.value, 40)
    if bar.version == 0:
        return "absent"
    return "expired" if layout.analysis.has_expired(bar.fetched, bar.access) else "deleted"


# Invocations.


def _invocation_box(layout: SvgLayout, box: InvocationBox) -> str:
    number = box.invocation
    span = layout.analysis.invocations.get(number)
    css_class = f"act {_hue(number)}" + (" open" if span is not None and span.ended is None else "")
    description = f"{layout.labels.title(number)} {layout.labels.outcome(number)}".rstrip()
    width = box.right - box.left
    rect = _rect(box.left, box.top, width, layout.height, css_class, 9)
    return f"<g>{_title(description)}{rect}</g>"


def _operation(
    layout: SvgLayout, lane: LocationLane, box: InvocationBox, event: Event
) -> Iterator[str]:
    x, y = layout.axis.events[event.number], layout.dot(box)
    annotations = "; ".join(layout.labels.annotations(event))
    description = layout.labels.operation(event) + (f" ({annotations})" if annotations else "")
    stale = " stale" if any(stale_accesses(event)) else ""
    bad = " bad" if event.outcome != OK else ""
    yield f'<g class="op {_hue(event.invocation)}{stale}{bad}">{_title(description)}'
    if is_write(event):
        yield from _writes(layout, lane, event, x, y)
    if event.kind == "get" and event.outcome == OK:
        yield from _reads(layout, lane, event, x, y)
    if event.deviations:
        yield f'<circle class="ring" cx="{x}" cy="{y}" r="9"/>'
    yield shape(event.kind, x, y)
    if layout.is_labelled:
        for row, (line, css_class) in enumerate(layout.lines(event)):
            yield _text(x, y + 20 + LINE * row, line, css_class)
    yield "</g>"


def _writes(layout: SvgLayout, lane: LocationLane, event: Event, x: int, y: int) -> Iterator[str]:
    """Yield an arrow to the central stores, or an interrupted line for a refused write."""
    for access in event.accesses:
        if access.version is None:
            end = lane.top - 4
            yield f'<path class="write" d="M{x} {y - 6}V{end + 6}"/>'
            yield f'<path class="no" d="M{x - 4} {end - 4}l8 8m0 -8l-8 8"/>'
        else:
            end = layout.central_row((event.binding, access.key)) + _BAR // 2 + 1
            yield f'<path class="write" d="M{x} {y - 6}V{end}l-4 8h8l-4 -8"/>'


def _reads(layout: SvgLayout, lane: LocationLane, event: Event, x: int, y: int) -> Iterator[str]:
    """Yield the cached copies that a read saw, with their staleness."""
    below = y + 12 + LINE * len(layout.lines(event))
    for access in event.accesses:
        key_id = (event.binding, access.key)
        if key_id not in lane.key_ids:
            continue
        middle = lane.row(key_id)
        if layout.is_labelled:
            yield f'<path class="read" d="M{x} {below}V{middle}"/>'
        yield f'<circle class="seen" cx="{x}" cy="{middle}" r="3"/>'
        if access.is_stale:
            replaced = "replaced " if layout.is_labelled else ""
            age = f"{replaced}{format_seconds(access.age)} ago"
            left = min(x + 6, layout.right - round(display_width(age) * LETTER))
            yield _text(left, middle - _BAR // 2 - 3, age, "age")


# Shapes.


def shape(css_class: OperationKind, x: int, y: int) -> str:
    """Return the symbol of an operation, centred at a point."""
    if css_class in ("put", "delete"):
        return f'<path class="dot" d="M{x} {y - 7}l6.5 12h-13z"/>'
    if css_class == "list":
        return f'<rect class="dot" x="{x - 5}" y="{y - 5}" width="10" height="10" rx="2"/>'
    if css_class == "external":
        return f'<path class="dot" d="M{x} {y - 7}l7 7l-7 7l-7 -7z"/>'
    return f'<circle class="dot" cx="{x}" cy="{y}" r="5.5"/>'


def _hue(invocation: int) -> str:
    return "i0" if invocation == TEST_INVOCATION else f"i{(invocation - 1) % HUES + 1}"


def _title(text: str) -> str:
    """Return the tooltip of an element."""
    return f"<title>{escape(text)}</title>"


def _inside(left: int, middle: int, width: int, text: str) -> str:
    """Return a text inside a bar, truncated to its width."""
    letters = int((width - 10) / LETTER)
    return _text(left + 6, middle + 4, UNICODE.truncate(text, letters), "in") if letters > 2 else ""


def _rect(x: int, y: int, width: int, height: int, css_class: str, round_by: int) -> str:
    corner = f' rx="{round_by}"' if round_by else ""
    return f'<rect class="{css_class}" x="{x}" y="{y}" width="{width}" height="{height}"{corner}/>'


def _text(x: int, y: int, text: str, css_class: str) -> str:
    return f'<text class="{css_class}" x="{x}" y="{y}">{escape(text)}</text>'
