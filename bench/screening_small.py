"""Screening on the public set: recall, false alerts, CPU time and memory, beside a simple peer.

Run `python -m bench.screening_small`; `--quick` leaves the peer out. Needs the shared reference
data (TAPAL_SHARED, or ../shared beside the checkout).
"""

from __future__ import annotations

import csv
import gzip
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from rapidfuzz import fuzz, process, utils

from tapal.engines.screening import Band, Index, Listed, Query
from tapal.engines.screening.files import listed, pair_score
from tapal.engines.screening.judge import ALERT_SCORE
from tapal.formats.listing_csv import ListingRow, read

ROOT = Path(__file__).resolve().parent.parent
Row = dict[str, str]
Answer = Callable[[Row], list[str]]
"""The entity ids of the first five alerts for a query."""

BARS = {
    "recall": 0.90,
    "negatives alerted": 0.05,
    "CPU ms a traveller": 0.35,
    "index build CPU s": 3.0,
    "RSS MB": 250.0,
}


def folder() -> Path:
    return Path(os.environ.get("TAPAL_SHARED") or ROOT.parent / "shared") / "data/screening"


def rows(path: Path) -> list[Row]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def resident() -> float:
    """Resident memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def listings(path: Path) -> Iterator[Listed]:
    for item in read(path.read_bytes()):
        if isinstance(item, ListingRow):
            yield listed(item)


def query(row: Row) -> Query:
    return Query(
        schema=row["schema"],
        names=(row["name"],),
        birth_date=row["dob"] or None,
        nationalities=(row["nationality"],) if row["nationality"] else (),
        documents=((row["doc_number"], None),) if row["doc_number"] else (),
    )


def ours(index: Index) -> Answer:
    def answer(row: Row) -> list[str]:
        hits = index.match(query(row))[:5]
        return [h.listed.entity_id for h in hits if h.band is Band.ALERT]

    return answer


def peer(entities: list[Row]) -> Answer:
    """The usual first try: the five nearest by token_sort_ratio, less 0.35 for another year."""
    names = [utils.default_process(e["name"]) for e in entities]

    def answer(row: Row) -> list[str]:
        wanted = utils.default_process(row["name"])
        found = process.extract(wanted, names, scorer=fuzz.token_sort_ratio, limit=5)
        alerts = []
        for _, ratio, place in found:
            theirs, mine = entities[place]["dob"][:4], row["dob"][:4]
            score = ratio / 100 - (0.35 if theirs and mine and theirs != mine else 0)
            if score >= ALERT_SCORE:
                alerts.append(entities[place]["id"])
        return alerts

    return answer


def run(answer: Answer, queries: list[Row]) -> tuple[Counter[str], float]:
    """Right answers by category (found for a positive, silent for a negative), CPU ms a query."""
    right: Counter[str] = Counter()
    begun = time.process_time()
    answers = [answer(q) for q in queries]
    spent = (time.process_time() - begun) / len(queries) * 1000
    for row, found in zip(queries, answers, strict=True):
        wanted = row["expected_id"]
        right[row["category"]] += (wanted in found) if wanted else not found
    return right, spent


def summary(right: Counter[str], queries: list[Row]) -> dict[str, float]:
    asked = Counter(q["category"] for q in queries)
    positive = [c for c in asked if not c.startswith("neg_")]
    negative = [c for c in asked if c.startswith("neg_")]
    return {
        "recall": sum(right[c] for c in positive) / sum(asked[c] for c in positive),
        "negatives alerted": 1 - sum(right[c] for c in negative) / sum(asked[c] for c in negative),
    }


def pairs(path: Path, score: Callable[[Row], float] = pair_score, schema: str = "") -> float:
    """F1 of the name pairs, or of those of one schema, at the alert threshold."""
    found: list[tuple[bool, bool]] = [
        (score(r) >= ALERT_SCORE, r["is_match"] == "true")
        for r in rows(path)
        if schema in ("", r["schema"])
    ]
    both: int = sum(a and b for a, b in found)
    wrong = sum(a != b for a, b in found)
    return 2 * both / (2 * both + wrong)


def main(arguments: list[str]) -> int:
    sets = folder()
    if not sets.is_dir():
        print("skipped: no shared reference data (set TAPAL_SHARED)")
        return 0
    begun = time.process_time()
    index = Index.build(listings(sets / "entities.csv.gz"))
    built = time.process_time() - begun
    queries = rows(sets / "queries.csv.gz")
    right, spent = run(ours(index), queries)
    memory = resident()
    columns = {"tapal": right}
    measured = summary(right, queries) | {
        "CPU ms a traveller": spent,
        "index build CPU s": built,
        "RSS MB": memory,
    }
    if "--quick" not in arguments:
        theirs, slow = run(peer(rows(sets / "entities.csv.gz")), queries)
        columns["rapidfuzz"] = theirs
    table(columns, queries)
    print(f"\n{len(index)} listings, {len(queries)} queries")
    for name, value in measured.items():
        better = value >= BARS[name] if name == "recall" else value <= BARS[name]
        print(f"{name:22} {value:8.3f}   bar {BARS[name]:<6} {'met' if better else 'MISSED'}")
    print(f"{'name pairs, F1':22} {pairs(sets / 'name_pairs_dev.csv'):8.3f}   logic-v2 0.799")
    if "rapidfuzz" in columns:
        other = summary(columns["rapidfuzz"], queries)
        print(
            f"rapidfuzz and year: recall {other['recall']:.3f}, negatives alerted "
            f"{other['negatives alerted']:.3f}, {slow:.2f} ms; {slow / spent:.1f} times our time"
        )
    return 0


def table(columns: dict[str, Counter[str]], queries: list[Row]) -> None:
    """Right answers by category: found for positives, left alone for negatives."""
    asked = Counter(q["category"] for q in queries)
    print(f"{'category':28}{'queries':>8}" + "".join(f"{c:>11}" for c in columns))
    for category in sorted(asked, key=lambda c: (c.startswith("neg_"), c)):
        shares = "".join(f"{right[category] / asked[category]:11.3f}" for right in columns.values())
        print(f"{category:28}{asked[category]:8}{shares}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
