"""The measured parts of docs/screening.md, written by a command: `python -m bench.screening_page PART ...`.

Parts: `evaluation` (the table by category, with the peer where it is installed), `cultures` (each left
out in turn, long), `calibration` (practice queries that nothing was fitted on, and monotonicity).
Each stands between two marks in the page and is replaced whole.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

from bench import screening, screening_left_out
from bench.screening_calibration import calibration

PAGE = Path(__file__).resolve().parent.parent / "docs" / "screening.md"


def printed(run: Callable[[], object]) -> str:
    """What a bench prints, as a block."""
    out = io.StringIO()
    with redirect_stdout(out):
        run()
    return f"{measured()}\n\n```\n{out.getvalue().strip()}\n```\n"


def measured() -> str:
    """The day of a measurement."""
    return f"Measured {datetime.now(UTC).date().isoformat()}:"


def cultures() -> str:
    """The table of cultures left out."""
    return "\n".join((measured(), "", *screening_left_out.table()))


PARTS: dict[str, Callable[[], str]] = {
    "evaluation": lambda: printed(lambda: screening.main(["--no-speed"])),
    "cultures": cultures,
    "calibration": calibration,
}


def put(page: str, part: str, text: str) -> str:
    """The page with a part replaced. Raises KeyError for a page without its marks."""
    marks = re.compile(rf"(<!-- {part} -->\n).*?(<!-- /{part} -->)", re.DOTALL)
    if not marks.search(page):
        raise KeyError(part)
    return marks.sub(lambda found: f"{found[1]}\n{text}\n{found[2]}", page)


def main(arguments: Sequence[str]) -> int:
    wanted = arguments or ("evaluation", "calibration")
    unknown = sorted(set(wanted) - set(PARTS))
    if unknown:
        print(f"no part named {', '.join(unknown)}; there are {', '.join(PARTS)}")
        return 2
    for part in wanted:
        PAGE.write_text(put(PAGE.read_text(), part, PARTS[part]()))
        print(f"{part} written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
