"""One line of the report, and the function that judges it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What was measured, per operation: seconds ("s") or bytes ("B"), of us and of a floor.

    `budget` bounds the ratio; `budget_above_floor` bounds the difference, in the row's unit.
    `fault` names what is wrong whatever the numbers say.
    """

    name: str
    against: str
    subject: float
    floor: float
    unit: Literal["s", "B"] = "s"
    budget: float | None = None
    budget_above_floor: float | None = None
    fault: str = ""

    @property
    def ratio(self) -> float:
        """How many floors one operation of ours costs."""
        return self.subject / self.floor

    @property
    def is_over(self) -> bool:
        """Whether a budget is exceeded, or something is wrong."""
        if self.fault:
            return True
        if self.budget is not None and self.ratio > self.budget:
            return True
        above = self.subject - self.floor
        return self.budget_above_floor is not None and above > self.budget_above_floor

    def as_json(self) -> dict[str, Any]:
        """The row as one JSON object, rounded to what the clock can tell."""
        return {
            "name": self.name,
            "against": self.against,
            "unit": self.unit,
            "subject": float(f"{self.subject:.4g}"),
            "floor": float(f"{self.floor:.4g}"),
            "ratio": float(f"{self.ratio:.4g}"),
            "budget": self.budget,
            "budget_above_floor": self.budget_above_floor,
            "over": self.is_over,
            "fault": self.fault,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A comparison that cannot be made here, and why."""

    name: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        """The gap as one JSON object."""
        return {"name": self.name, "skipped": self.reason}


def exit_status(results: Iterable[Row | Skipped]) -> int:
    """1 if a row is over its budget, else 0; what was skipped is not judged."""
    return int(any(isinstance(result, Row) and result.is_over for result in results))
