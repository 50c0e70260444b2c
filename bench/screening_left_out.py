"""Each culture judged by weights that were fitted without it: `python -m bench.screening_left_out`.

A row a culture: recall and false alerts on its public queries with the shipped weights, and with
weights fitted on practice queries of all other cultures. Needs the shared reference data.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import replace

from bench.screening import tell
from bench.screening_small import Row, folder, listings, query, rows
from tapal.engines.screening import Index
from tapal.engines.screening import weights as w
from tapal.engines.screening.features import Model, score
from tapal.engines.screening.judge import judge
from tapal.engines.screening.names import family
from tapal.engines.screening.training.__main__ import Answer, answers, learn, placed, rows_of
from tapal.engines.screening.training.people import PEOPLE
from tapal.engines.screening.training.sets import practice

SEED, LISTINGS, QUERIES = 20261124, 15_000, 8_000


def weighed(given: Sequence[Answer], model: Model) -> list[Answer]:
    """The same candidates with their totals by another model."""
    out = []
    for a in given:
        n = w.FAMILIES.index(a.family)
        base, curve, weight = float(model.base[n]), model.gain[n], model.weight[n]
        found = [
            c._replace(total=score(base, model.knots, curve, weight, c.gain, c.levels))
            for c in a.found
        ]
        out.append(replace(a, found=found))
    return out


def judged(index: Index, asked: Sequence[Row], model: Model) -> list[list[tuple[str, str]]]:
    out = []
    for row in asked:
        kind = family(row["schema"])
        hits = judge(query(row), {kind: index.segments(kind)}, 10, model)
        out.append([(h.listed.entity_id, str(h.band)) for h in hits])
    return out


def said(asked: Sequence[Row], found: list[list[tuple[str, str]]]) -> str:
    """Recall and the share of hard strangers alerted."""
    told = tell(asked, found, "category")
    strangers = [name for name in told.asked if name.startswith("neg_")]
    listed = [name for name in told.asked if name not in strangers]
    return f"{told.share(listed, apart=False):.3f}, {told.share(strangers, apart=False):.3f}"


def table() -> Iterator[str]:
    """The lines of the table, each as soon as it is measured."""
    yield "| culture | recall, alerted: shipped | fitted without it |"
    yield "|---|---|---|"
    sets = folder()
    index = Index.build(listings(sets / "entities.csv.gz"))
    public = rows(sets / "queries.csv.gz")
    start = w.shipped()
    learnt = answers(start, *practice(SEED, LISTINGS, QUERIES))
    tried = answers(start, *practice(SEED + 1, LISTINGS, QUERIES // 2))
    for culture in PEOPLE:
        given = [a for a in learnt if a.asked.culture != culture]
        test = [a for a in tried if a.asked.culture != culture]
        with redirect_stdout(sys.stderr):
            fitted = [row for kind in w.FAMILIES for row in rows_of(kind, *learn(given, kind))]
            model = w.read(placed(fitted, weighed(test, w.read(fitted)), w.FAMILIES))
        asked = [q for q in public if q["culture"] == culture]
        shipped, without = (said(asked, judged(index, asked, by)) for by in (start, model))
        yield f"| {culture} | {shipped} | {without} |"


def main() -> int:
    if not folder().is_dir():
        print("skipped: no shared reference data (set TAPAL_SHARED)")
        return 0
    for line in table():
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
