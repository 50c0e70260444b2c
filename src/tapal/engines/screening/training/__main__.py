"""`python -m tapal.engines.screening.training`: make `codes/weights.csv` again from invented data."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tapal.engines.screening import index as shelving
from tapal.engines.screening import weights
from tapal.engines.screening.ask import Weighed, ask, question
from tapal.engines.screening.features import Model
from tapal.engines.screening.judge import ALERT_AT
from tapal.engines.screening.model import Listed
from tapal.engines.screening.names import family
from tapal.engines.screening.subject import subject_of_query
from tapal.engines.screening.training.fit import Rows, fit
from tapal.engines.screening.training.sets import SHIPS, Asked, practice

LEAST = -5.0
"""Log odds from which a candidate is learnt from."""
ALERTED, ALERTED_UNDATED = 0.055, 0.088
"""Share of practice queries of nobody listed that may be alerted, with and without birth date."""
SHIPS_IN = 15
"""Listings of everybody's practice for each ship of the ships' own."""
START = Path(__file__).parent / "start.csv"
"""Weights set by hand, by which the first candidates are found."""
OUT = Path(weights.__file__).parent / "codes" / "weights.csv"


@dataclass(frozen=True, slots=True)
class Answer:
    """A practice query with its candidates, and for each whether it is the one."""

    asked: Asked
    family: str
    found: list[Weighed]
    same: list[bool]


def answers(model: Model, listings: Sequence[Listed], asked: Sequence[Asked]) -> list[Answer]:
    """The candidates of each query under this model."""
    held = shelving.Index.build(listings)
    out = []
    for one in asked:
        kind = family(one.query.schema)
        put = question(subject_of_query(one.query, kind))
        for segment in held.segments(kind):
            found = [w for w in ask(segment, put, model, LEAST) if w.gain >= 0]
            same = [segment.listed(w.slot).entity_id == one.expected for w in found]
            out.append(Answer(one, kind, found, same))
    return out


def learn(given: Sequence[Answer], kind: str) -> tuple[float, dict[tuple[str, str], float]]:
    """Fit the weights of one family."""
    found = [
        (w, same)
        for a in given
        if a.family == kind
        for w, same in zip(a.found, a.same, strict=True)
    ]
    return fit(
        Rows(
            np.array([w.gain for w, _ in found]),
            np.array([w.levels for w, _ in found], np.int8),
            np.array([same for _, same in found], np.bool_),
        )
    )


def threshold(given: Sequence[Answer], kind: str, share: float, *, dated: bool) -> float:
    """The total that no more than this share of the queries of nobody listed reach."""
    best = [
        max((w.total for w in a.found), default=-99.0)
        for a in given
        if a.family == kind
        and not a.asked.expected
        and (kind != "person" or bool(a.asked.query.birth_date) == dated)
    ]
    return float(np.quantile(best, 1 - share)) if best else ALERT_AT


def train(seed: int, listings: int, queries: int, without: str) -> list[dict[str, str]]:
    """Rows of `weights.csv`; `without` leaves one culture's queries out.

    Ships have a practice of their own: among everybody they are too few to learn from.
    """
    everybody = (seed, listings, queries, SHIPS)
    ships = (seed, listings // SHIPS_IN, queries // 2, 1.0)
    return [
        *fitted(everybody, ("person", "body"), without),
        *fitted(ships, ("craft",), without),
    ]


def fitted(
    made: tuple[int, int, int, float], kinds: Sequence[str], without: str
) -> list[dict[str, str]]:
    """Rows of these families, fitted on the practice of a seed, placed on that of the next."""
    seed, listings, queries, ships = made
    people, asked = practice(seed, listings, queries, ships=ships)
    asked = [a for a in asked if a.culture != without]
    model, rows = weights.load(START), []
    for turn in range(2):
        given = answers(model, people, asked)
        rows = [row for kind in kinds for row in rows_of(kind, *learn(given, kind))]
        model = weights.read(rows)
        print(f"round {turn + 1}: {sum(len(a.found) for a in given)} pairs", file=sys.stderr)
    people, asked = practice(seed + 1, listings, queries // 2, ships=ships)
    given = answers(model, people, [a for a in asked if a.culture != without])
    return placed(rows, given, kinds)


def placed(
    rows: list[dict[str, str]], given: Sequence[Answer], kinds: Sequence[str]
) -> list[dict[str, str]]:
    """The rows with base and `not_asked` moved to the shares that may be alerted."""
    moved: dict[tuple[str, str], float] = {}
    for kind in kinds:
        by = ALERT_AT - threshold(given, kind, ALERTED, dated=True)
        moved[kind, "base"] = by
        if kind == "person":
            # Who is asked for by name alone has namesakes: more is needed, or a birth date.
            undated = threshold(given, kind, ALERTED_UNDATED, dated=False)
            moved[kind, "not_asked"] = ALERT_AT - by - undated
    print(f"moved: {moved}", file=sys.stderr)
    for row in rows:
        by = moved.get((row["family"], row["level"] or row["feature"]), 0.0)
        row["weight"] = f"{float(row['weight']) + by:.4f}"
    return rows


def rows_of(kind: str, base: float, found: dict[tuple[str, str], float]) -> list[dict[str, str]]:
    named = {("base", ""): base, ("gain", "0"): 0.0, **found}
    return [
        dict(zip(weights.COLUMNS, (kind, feature, level, f"{value:.4f}"), strict=True))
        for (feature, level), value in named.items()
    ]


def main() -> None:
    parse = argparse.ArgumentParser(description=__doc__)
    parse.add_argument("--seed", type=int, default=20261124)
    parse.add_argument("--listings", type=int, default=15_000)
    parse.add_argument("--queries", type=int, default=12_000)
    parse.add_argument("--without", default="", help="leave one culture's queries out")
    parse.add_argument("--out", type=Path, default=OUT)
    given = parse.parse_args()
    rows = train(given.seed, given.listings, given.queries, given.without)
    with given.out.open("w", encoding="utf-8", newline="") as f:
        out = csv.DictWriter(f, weights.COLUMNS, lineterminator="\n")
        out.writeheader()
        out.writerows(rows)
    print(f"{len(rows)} weights in {given.out}", file=sys.stderr)


if __name__ == "__main__":
    main()
