"""The report as a table."""

from collections.abc import Iterable, Iterator

from benchmarks.row import Row, Skipped

HEADINGS = ("", "ours", "floor", "ratio", "budget", "", "the floor is")


def table(results: Iterable[Row | Skipped]) -> str:
    """Return one line per row in aligned columns, followed by the skipped comparisons."""
    results = list(results)
    lines = [HEADINGS, *(_cells(result) for result in results if isinstance(result, Row))]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    text = [_aligned(line, widths) for line in lines] if len(lines) > 1 else []
    text += [f"skipped: {r.name} ({r.reason})" for r in results if isinstance(r, Skipped)]
    return "\n".join(text)


def _aligned(cells: tuple[str, ...], widths: list[int]) -> str:
    def justify() -> Iterator[str]:
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True)):
            yield cell.rjust(width) if 1 <= column <= 4 else cell.ljust(width)

    return "  ".join(justify()).rstrip()


def _cells(row: Row) -> tuple[str, ...]:
    subject, floor = (_quantity(number, row.unit) for number in (row.subject, row.floor))
    ratio, budget, verdict = _ratio(row.ratio), "", ""
    if row.budget is not None:
        budget = _ratio(row.budget)
    elif row.budget_above_floor is not None:
        ratio = "+" + _quantity(row.subject - row.floor, row.unit)
        budget = "+" + _quantity(row.budget_above_floor, row.unit)
    if row.is_over:
        verdict = f"OVER: {row.fault}" if row.fault else "OVER"
    elif budget:
        verdict = "ok"
    return row.name, subject, floor, ratio, budget, verdict, row.against


def _ratio(ratio: float) -> str:
    return f"{ratio:.2f} ×" if ratio > 0.1 else f"1/{1 / ratio:,.0f} ×"


def _quantity(number: float, unit: str) -> str:
    if unit == "B":
        return f"{number:.1f} B"
    for factor, symbol in ((1.0, "s"), (1e3, "ms"), (1e6, "µs")):
        if abs(number) * factor >= 1:
            return f"{number * factor:.3g} {symbol}"
    return f"{number * 1e9:.3g} ns"
