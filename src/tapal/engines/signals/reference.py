"""Run cases of R's `surveillance` through this engine: the yardstick's door.

    python -m tapal.engines.signals.reference --series S.csv --index I.csv --out OUT.csv

In: series `series,t,date,observed,state,population` and cases `id,series,method,params,t0,t1`;
further columns are ignored, and a file may be gzipped. The points t0..t1 (one-based) are
evaluated, earlier ones are the past. Out: `id,method,t,expected,upper,alarm,reason`, a row for
each evaluated point, NA where the reference has NA, and a reason where there is no bound.
Exit: 0 all cases taken, 1 some had to be refused, 2 nothing usable.
"""

import argparse
import csv
import gzip
import logging
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

import numpy as np

from tapal.engines.signals.rnames import METHODS, RMethod, past_needed
from tapal.engines.signals.rvalues import BadParameter
from tapal.engines.signals.series import Days, Flags, Floats, Outcome, Reason, Series

HEADER = ("id", "method", "t", "expected", "upper", "alarm", "reason")
WEEKLY, MONTHLY, QUARTERLY, YEARLY, DAILY = 52, 12, 4, 1, 365
# Days between two points, at most, and the points of a year that they stand for.
STEPS = ((1, DAILY), (7, WEEKLY), (31, MONTHLY), (92, QUARTERLY), (366, YEARLY))
# No series is longer; a case that asks for more is a mistake.
MOST_POINTS = 1_000_000

log = logging.getLogger(__name__)


class Unusable(Exception):
    """A file that cannot be read, or lacks a column."""


@dataclass(frozen=True)
class Case:
    """A row of the index; `first` and `last` are one-based points, None where they are none."""

    id: str
    series: str
    method: str
    params: str
    first: int | None
    last: int | None

    @property
    def points(self) -> range:
        """The zero-based points to evaluate."""
        if self.first is None or self.last is None or self.last - self.first > MOST_POINTS:
            return range(0)
        return range(self.first - 1, self.last)


def open_text(path: Path) -> TextIO:
    """A text file, gzipped or not."""
    if path.suffix == ".gz":
        return TextIOWrapper(gzip.open(path, "rb"), encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


def rows(path: Path, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """The rows of a CSV that must have these columns. Raises Unusable."""
    try:
        with open_text(path) as file:
            reader = csv.DictReader(file)
            missing = set(columns) - set(reader.fieldnames or ())
            if missing:
                raise Unusable(f"{path}: no column {', '.join(sorted(missing))}")
            for row in reader:
                yield {name: value or "" for name, value in row.items() if name}
    except (OSError, UnicodeDecodeError, csv.Error, EOFError) as error:
        raise Unusable(f"{path}: {error}") from error


def count(text: str) -> float:
    """A number, NaN where there is none."""
    try:
        return float(text)
    except ValueError:
        return float("nan")


def integer(text: str) -> int | None:
    """A whole number, None where there is none."""
    value = count(text)
    return int(value) if value == value and abs(value) < 1e9 and value == int(value) else None


def column(found: list[dict[str, str]], name: str) -> Floats:
    """A column as numbers."""
    return np.array([count(row.get(name, "")) for row in found], dtype=np.float64)


def calendar(found: list[dict[str, str]]) -> tuple[Days | None, int]:
    """The days of a series, None where not all are known, and the points of a year."""
    try:
        days = np.array([row.get("date", "") for row in found], dtype="datetime64[D]")
    except ValueError:
        return None, WEEKLY
    if np.isnat(days).any() or len(days) < 2 or (np.diff(days).astype(np.int64) <= 0).any():
        return None, WEEKLY
    step = int((days[1] - days[0]).astype(np.int64))
    return days, next((freq for most, freq in STEPS if step <= most), YEARLY)


def one_series(name: str, found: list[dict[str, str]]) -> Series:
    """The series of these rows, which stand in the order of their points."""
    found.sort(key=lambda row: count(row["t"]))
    days, freq = calendar(found)
    counts = column(found, "observed")
    wrong = (counts < 0) | np.isinf(counts)
    if wrong.any():
        log.warning("%s: %d values are no counts and taken for not reported", name, wrong.sum())
    population = column(found, "population")
    known = not np.isnan(population).all()
    return Series(column(found, "observed"), freq, days, population if known else None, name=name)


def read_series(path: Path) -> dict[str, Series]:
    """All series of a file by name. Raises Unusable."""
    gathered: dict[str, list[dict[str, str]]] = {}
    for row in rows(path, ("series", "t", "observed")):
        gathered.setdefault(row["series"], []).append(row)
    return {name: one_series(name, found) for name, found in gathered.items()}


def read_cases(path: Path) -> list[Case]:
    """The cases of an index. Raises Unusable."""
    return [
        Case(
            row["id"],
            row["series"],
            row["method"],
            row["params"],
            integer(row["t0"]),
            integer(row["t1"]),
        )
        for row in rows(path, ("id", "series", "method", "params", "t0", "t1"))
    ]


def months_where_weeks_fail(series: Mapping[str, Series], cases: list[Case]) -> dict[str, Series]:
    """Series without dates are weekly, unless most of their cases would look back before the begin.

    The files do not tell the frequency; such a series is monthly.
    """
    reach: dict[str, list[bool]] = {}
    for case in cases:
        one, method = series.get(case.series), METHODS.get(case.method)
        if one is None or method is None or one.dates is not None or case.first is None:
            continue
        try:
            needed = past_needed(case.method, method.read(case.params), WEEKLY)
        except BadParameter:
            continue
        if needed:
            # R passes over one point before the begin.
            reach.setdefault(case.series, []).append(needed > case.first)
    monthly = {name for name, short in reach.items() if 2 * sum(short) > len(short)}
    return {
        name: replace(one, freq=MONTHLY) if name in monthly else one for name, one in series.items()
    }


def refused(case: Case, reason: Reason) -> tuple[Outcome, Reason]:
    """No result at any point of the case."""
    n = len(case.points)
    nothing = np.full(n, np.nan)
    codes: Flags = np.full(n, reason, dtype=np.int8)
    return Outcome(nothing, nothing, np.full(n, -1, dtype=np.int8), codes), reason


def evaluate(case: Case, series: Mapping[str, Series]) -> tuple[Outcome, Reason]:
    """The outcome of a case, and why it was refused as a whole (NONE where it was not)."""
    method, one = METHODS.get(case.method), series.get(case.series)
    if method is None:
        return refused(case, Reason.NO_METHOD)
    if one is None or not case.points or case.points[0] < 0:
        return refused(case, Reason.NO_SERIES)
    if case.points[-1] >= len(one.counts):
        return refused(case, Reason.NO_SERIES)
    try:
        settings = method.read(case.params)
    except BadParameter as error:
        log.warning("%s: %s has no parameter %s", case.id, case.method, error)
        return refused(case, Reason.BAD_PARAMETER)
    if case.method == "cdc" and one.freq != WEEKLY:
        # The reference knows weeks alone here.
        return refused(case, Reason.NOT_WEEKLY)[0], Reason.NONE
    try:
        with np.errstate(all="ignore"):
            return method.run(one, case.points, settings), Reason.NONE
    # One case that breaks must not take the others with it; the row says so.
    except Exception:
        log.exception("%s: %s broke off", case.id, case.method)
        return refused(case, Reason.FAILED)


def shown(value: float) -> str:
    """A number with all its digits, NA where there is none."""
    return "NA" if np.isnan(value) else repr(float(value))


def verdict(alarm: int, reason: int, method: RMethod | None) -> str:
    """The alarm as the reference has it: where Farrington's bound is no number, it is silent."""
    if alarm >= 0:
        return str(alarm)
    farringtons = method in (METHODS["farrington"], METHODS["farringtonFlexible"])
    return "0" if farringtons and reason == Reason.NOT_FINITE else "NA"


def lines(case: Case, outcome: Outcome) -> Iterator[tuple[str, ...]]:
    """The rows of a case."""
    method = METHODS.get(case.method)
    if not case.points:
        yield case.id, case.method, "NA", "NA", "NA", "NA", Reason.NO_SERIES.name.lower()
    for i, point in enumerate(case.points):
        reason = Reason(int(outcome.reason[i]))
        expected = float(outcome.expected[i]) if method and method.expected else float("nan")
        yield (
            case.id,
            case.method,
            str(point + 1),
            shown(expected),
            shown(float(outcome.upper[i])),
            verdict(int(outcome.alarm[i]), reason, method),
            "" if reason == Reason.NONE else reason.name.lower(),
        )


def main(arguments: list[str] | None = None) -> int:
    """Read, run, write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tapal.engines.signals.reference")
    parser.add_argument("--series", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, format="%(message)s")
    try:
        cases = read_cases(chosen.index)
        series = months_where_weeks_fail(read_series(chosen.series), cases)
        with chosen.out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(HEADER)
            taken = 0
            for case in cases:
                outcome, reason = evaluate(case, series)
                writer.writerows(lines(case, outcome))
                taken += reason == Reason.NONE
    except (Unusable, OSError) as error:
        log.error("%s", error)
        return 2
    if not taken:
        log.error("none of %d cases has a result: OUT says of each why", len(cases))
        return 2
    return 0 if taken == len(cases) else 1


if __name__ == "__main__":
    sys.exit(main())
