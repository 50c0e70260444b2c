"""Screening judged: recall and false alerts by category and culture, beside the best public peer.

`python -m bench.screening [--quick] [--speed] [--bars] [--full] [--no-speed] [--peer-share N]`. The
peer is nomenklatura's logic-v2 (`make peers`), given the 50 listings that share most of the query's
words, as yente gives it; where it is not installed the table says so. `--speed` adds lists of 200,000
and 1,000,000, `--bars` bulk, documents and delta packs. Needs the shared reference data (TAPAL_SHARED,
or ../shared beside the checkout).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from pathlib import Path

from bench import screening_bars, screening_speed
from bench.screening_peer import Peer, available
from bench.screening_small import Row, folder, listings, pairs, query, rows
from tapal.engines.screening import Band, Hit, Index, Query

Answer = Callable[[Query], list[tuple[str, str]]]
"""A query's answers, best first: (entity id, band)."""


@dataclass(frozen=True, slots=True)
class Told:
    """How a run ended, by (category or culture): asked, alerted and told to be a tie."""

    asked: Counter[str]
    alerts: Counter[str]
    ties: Counter[str]

    def share(self, names: Sequence[str], *, apart: bool) -> float:
        asked = sum(self.asked[n] - (self.ties[n] if apart else 0) for n in names)
        return sum(self.alerts[n] for n in names) / asked if asked else float("nan")


def tell(queries: Sequence[Row], answers: Sequence[list[tuple[str, str]]], by: str) -> Told:
    """Count: a listed person found among the first five alerts; a stranger alerted at all."""
    told = Told(Counter(), Counter(), Counter())
    for row, found in zip(queries, answers, strict=True):
        wanted, name = row["expected_id"], row[by]
        if by == "culture" and not wanted:
            name = f"neg_{name}"
        told.asked[name] += 1
        alerted = [who for who, band in found[:5] if band == Band.ALERT]
        if (wanted in alerted) if wanted else bool(alerted):
            told.alerts[name] += 1
        elif (wanted, Band.TIE) in found if wanted else bool(found) and found[0][1] == Band.TIE:
            told.ties[name] += 1
    return told


def ours(index: Index) -> Answer:
    def answer(asked: Query) -> list[tuple[str, str]]:
        return [(h.listed.entity_id, str(h.band)) for h in _hits(index, asked)]

    return answer


def _hits(index: Index, asked: Query) -> list[Hit]:
    return index.match(asked, limit=10)


def ask_all(answer: Answer, asked: Sequence[Query]) -> tuple[list[list[tuple[str, str]]], float]:
    """All answers, and CPU milliseconds a query."""
    begun = time.process_time()
    found = [answer(q) for q in asked]
    return found, (time.process_time() - begun) / max(1, len(asked)) * 1000


def interval(right: int, asked: int) -> tuple[float, float]:
    """Wilson's interval of 95 % for a share."""
    z, p = 1.96, right / asked
    middle = p + z * z / (2 * asked)
    half = z * sqrt(p * (1 - p) / asked + z * z / (4 * asked * asked))
    low, high = (middle - half) / (1 + z * z / asked), (middle + half) / (1 + z * z / asked)
    return max(0.0, low), min(1.0, high)


def table(told: Told, other: Told | None) -> list[str]:
    """Print a row for each category; the positive ones whose upper limit lies below 0.90."""
    poor = []
    head = f"{'category':28}{'asked':>6}{'alert':>8}{'tie':>6}{'95 %':>14}"
    print(head + (f"{'logic-v2':>10}" if other else ""))
    for name in sorted(told.asked, key=lambda n: (n.startswith("neg_"), n)):
        asked, right = told.asked[name], told.alerts[name]
        low, high = interval(right, asked)
        line = f"{name:28}{asked:6}{right / asked:8.3f}{told.ties[name]:6}   {low:.3f}-{high:.3f}"
        if other:
            share = other.alerts[name] / other.asked[name] if other.asked[name] else float("nan")
            line += f"{share:10.3f}"
        if not name.startswith("neg_") and high < 0.90:
            poor.append(name)
            line += "  below 0.90"
        print(line)
    return poor


def summary(title: str, told: Told, spent: float) -> tuple[float, float, float]:
    positive = [n for n in told.asked if not n.startswith("neg_")]
    negative = [n for n in told.asked if n.startswith("neg_")]
    recall = told.share(positive, apart=False)
    apart = told.share(positive, apart=True)
    false = told.share(negative, apart=False)
    ties = sum(told.ties[n] for n in positive), sum(told.ties[n] for n in negative)
    print(
        f"{title:34} recall {recall:.3f}, ties apart {apart:.3f}; hard negatives alerted "
        f"{false:.3f}; ties {ties[0]} and {ties[1]}; {spent:.3f} CPU ms a query"
    )
    return recall, apart, false


def cultures(queries: Sequence[Row], found: Sequence[list[tuple[str, str]]]) -> None:
    """Recall and false alerts by culture of the name."""
    told = tell(queries, found, "culture")
    print(f"\n{'culture':12}{'asked':>7}{'alert':>8}{'tie':>6}{'strangers':>11}{'alerted':>9}")
    for name in sorted(n for n in told.asked if not n.startswith("neg_")):
        strangers = told.asked[f"neg_{name}"]
        false = told.alerts[f"neg_{name}"] / strangers if strangers else float("nan")
        print(
            f"{name:12}{told.asked[name]:7}{told.alerts[name] / told.asked[name]:8.3f}"
            f"{told.ties[name]:6}{strangers:11}{false:9.3f}"
        )


def name_pairs(path: Path, peer: Peer | None) -> bool:
    """F1 on pairs of names alone, of all and of persons; the peer's beside it, or as published."""
    held, published = True, {"": 0.799, "Person": 0.746}
    print()
    for schema, bar in published.items():
        own = pairs(path, schema=schema)
        theirs = pairs(path, peer.pair, schema) if peer else bar
        said = "in this run" if peer else "published"
        name = schema or "all"
        print(f"name pairs, {name:8} F1 {own:.3f}; logic-v2 {said}: {theirs:.3f}")
        held &= own >= theirs
    return held


def main(arguments: Sequence[str]) -> int:
    parse = argparse.ArgumentParser(description=__doc__)
    parse.add_argument("--quick", action="store_true", help="leave the peer out")
    parse.add_argument("--speed", action="store_true", help="lists of 200,000 and a million, too")
    parse.add_argument("--no-speed", action="store_true", help="quality alone")
    parse.add_argument("--bars", action="store_true", help="bulk, documents and deltas, too")
    parse.add_argument("--full", action="store_true", help="the bars in full: some minutes")
    parse.add_argument("--peer-share", type=int, default=10, help="the peer gets one query in N")
    given = parse.parse_args(arguments)
    sets = folder()
    if not sets.is_dir():
        print("skipped: no shared reference data (set TAPAL_SHARED)")
        return 0
    queries = rows(sets / "queries.csv.gz")
    bare = [replace(query(q), birth_date=None, documents=()) for q in queries]
    asked = [query(q) for q in queries]
    index = Index.build(listings(sets / "entities.csv.gz"))
    index.match(asked[0])
    peer = None
    if given.quick or not available():
        print("nomenklatura's logic-v2 is not installed (make peers): without the peer\n")
    else:
        peer = Peer(rows(sets / "entities.csv.gz"))
    some = range(0, len(queries), given.peer_share)
    held = True
    for title, these in (("all fields", asked), ("without birth date and document", bare)):
        found, spent = ask_all(ours(index), these)
        told, other, slow = tell(queries, found, "category"), None, 0.0
        if peer:
            theirs, slow = ask_all(peer.answer, [these[n] for n in some])
            other = tell([queries[n] for n in some], theirs, "category")
            if title == "all fields" and other.share(["exact"], apart=False) < 0.9:
                # A peer that misses equal names is called wrongly: no figure is better than that.
                print("logic-v2 misses equal names as it is called here: left out\n")
                peer = other = None
        print(f"\n== {title}")
        poor = table(told, other)
        cultures(queries, found)
        print()
        recall, apart, false = summary(f"tapal, {title}", told, spent)
        if other:
            summary(f"logic-v2 on one in {given.peer_share}, {title}", other, slow)
            print(f"{slow / spent:.0f} times the peer's queries a second")
        if title == "all fields":
            held &= recall >= 0.95 and false <= 0.03 and not poor
        else:
            held &= apart >= 0.75 and false <= 0.10
    held &= name_pairs(sets / "name_pairs_dev.csv", peer)
    print(f"bars of quality {'met' if held else 'MISSED'}")
    if not given.no_speed:
        screening_speed.run((20_000, 200_000, 1_000_000) if given.speed else (20_000,))
    if given.bars:
        screening_bars.run(full=given.full)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
