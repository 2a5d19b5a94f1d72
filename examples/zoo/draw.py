"""Draw the failing run of each zoo case into `pictures/`: `python examples/zoo/draw.py`."""

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from pykvbinding import EdgeNetwork

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
CASES = [importlib.import_module(path.stem) for path in sorted(HERE.glob("case_*.py"))]


def picture(case: ModuleType) -> str:
    """Return the timeline of a case on its shortest schedule."""
    made: list[EdgeNetwork] = []

    def make(*locations: str, **options: Any) -> EdgeNetwork:
        made.append(EdgeNetwork(*locations, **options))
        return made[-1]

    ours: Any = case
    ours.EdgeNetwork = make
    try:
        case.play(case.SHORTEST)
    except case.BREAKS:
        pass
    finally:
        ours.EdgeNetwork = EdgeNetwork
    return made[0].timeline.text(color=False, ascii=False) + "\n"


def main() -> None:
    """Draw every case."""
    for case in CASES:
        path = HERE / "pictures" / f"{case.__name__}.txt"
        path.write_text(picture(case), encoding="utf-8")
        print(f"{path.name}: {case.__doc__.splitlines()[0] if case.__doc__ else ''}")


if __name__ == "__main__":
    main()
