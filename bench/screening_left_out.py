"""Each culture judged by weights that were fitted without it: `python -m bench.screening_left_out`.

A row a culture: recall, ties and false alerts on its public queries with the shipped weights and with
weights fitted on practice queries of all other cultures. Needs the shared reference data.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

from bench.screening import summary, tell
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


def main() -> int:
    sets = folder()
    if not sets.is_dir():
        print("skipped: no shared reference data (set TAPAL_SHARED)")
        return 0
    index = Index.build(listings(sets / "entities.csv.gz"))
    public = rows(sets / "queries.csv.gz")
    start = w.shipped()
    learnt = answers(start, *practice(SEED, LISTINGS, QUERIES))
    tried = answers(start, *practice(SEED + 1, LISTINGS, QUERIES // 2))
    for culture in PEOPLE:
        given = [a for a in learnt if a.asked.culture != culture]
        fitted = [row for kind in w.FAMILIES for row in rows_of(kind, *learn(given, kind))]
        test = [a for a in tried if a.asked.culture != culture]
        model = w.read(placed(fitted, weighed(test, w.read(fitted)), w.FAMILIES))
        asked = [q for q in public if q["culture"] == culture]
        for title, by in (("shipped", start), ("left out", model)):
            told = tell(asked, judged(index, asked, by), "category")
            summary(f"{culture:6} {title}", told, 0.0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
