"""Results of guarantees: states and text."""

import pytest

from pykvbinding.sim.check.guarantees import fresh, monotonic_reads, no_lost_updates, together
from pykvbinding.sim.check.result import GuaranteeResult, GuaranteeViolation, Report, Violation
from tests.support.trace_parser import trace_of

VIOLATION = Violation("visit ② did it.", (1, 2))


def verdict(exercised: int = 0, *violations: Violation, record: str = "") -> GuaranteeResult:
    return GuaranteeResult(
        guarantee="fresh",
        exercised=exercised,
        violations=violations,
        notes=(record,) if record else (),
    )


def test_a_run_without_relevant_operations_shows_nothing() -> None:
    assert verdict(0).state == str(verdict(0)) == "nothing exercised"


def test_a_run_without_violations_refutes_nothing() -> None:
    assert verdict(1).state == "not refuted"
    assert str(verdict(1)) == "not refuted: exercised 1 time"


def test_prints_the_notes_of_a_result() -> None:
    line_fields = str(verdict(2, record='not read after that: "k" at NRT'))

    assert line_fields == 'not refuted: exercised 2 times; not read after that: "k" at NRT'


def test_a_broken_result_prints_its_first_violation_and_counts_the_others() -> None:
    assert verdict(1, VIOLATION).state == "broken"
    assert str(verdict(1, VIOLATION)) == "broken: visit ② did it."
    assert str(verdict(2, VIOLATION, VIOLATION)) == "broken: visit ② did it. (and 1 more)"


def test_an_empty_report_prints_nothing() -> None:
    assert (str(Report(())), len(Report(()))) == ("", 0)


def test_the_repr_of_a_guarantee_is_its_name() -> None:
    assert repr(together("a", "b")) == 'together("a", "b")'
    assert [repr(monotonic_reads), repr(fresh()), repr(fresh(versions=2))] == [
        "monotonic_reads",
        "fresh",
        "fresh(versions=2)",
    ]


def test_guarantees_with_the_same_name_are_equal() -> None:
    assert fresh(within=60) == fresh(within=60)
    assert fresh(within=60) != fresh(within=61)
    assert len({fresh(within=60), fresh(within=60), fresh()}) == 2


def test_a_violation_has_the_numbers_of_its_events() -> None:
    found = no_lost_updates(
        trace_of("one1 get a\ntwo2 put a=2\none1 put a=1"),
    )

    assert found.violations[0].events == (1, 2, 3)
    assert str(found.violations[0]) == found.violations[0].text


@pytest.mark.parametrize("error", GuaranteeViolation.__subclasses__())
def test_each_guarantee_has_an_error_class(error: type[GuaranteeViolation]) -> None:
    assert issubclass(error, AssertionError)
    assert error.__module__ == "pykvbinding.sim"
    assert error("text").verdict is None
