"""The rows of the report, and the exit status."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measurement per operation, in seconds ("s") or bytes ("B"), of a subject and its floor.

    `budget` is the maximum ratio; `budget_above_floor` is the maximum difference, in the row's
    unit. `fault` describes a failure that is independent of the numbers.
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
        """The cost of one operation as a multiple of the floor."""
        return self.subject / self.floor

    @property
    def is_over(self) -> bool:
        """Whether a budget is exceeded or there is a fault."""
        if self.fault:
            return True
        if self.budget is not None and self.ratio > self.budget:
            return True
        above = self.subject - self.floor
        return self.budget_above_floor is not None and above > self.budget_above_floor

    def as_json(self) -> dict[str, Any]:
        """Return the row as a JSON object, rounded to four significant digits."""
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
    """A comparison that is not possible on this machine, with the reason."""

    name: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        """Return the skipped comparison as a JSON object."""
        return {"name": self.name, "skipped": self.reason}


def exit_status(results: Iterable[Row | Skipped]) -> int:
    """Return 1 if a row is over its budget, else 0; skipped comparisons do not count."""
    return int(any(isinstance(result, Row) and result.is_over for result in results))
