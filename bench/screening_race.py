"""Queries a CPU second beside nomenklatura's logic-v2 in one run: `python -m bench.screening_race [SIZE ...]`.

Both are asked the same questions of the same practice list (`make peers` installs the peer). The peer is
timed with its candidate step, and without: logic-v2 alone, its 50 candidates given as a present.
The bar is held against the latter.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from bench.screening_peer import Peer, available
from bench.screening_speed import listings, queries
from tapal.engines.screening import Index, Listed

SIZES = (20_000, 200_000)
PEER_ASKED = 100
"""Questions put to the peer: it takes some hundredths of a second for each."""
BAR = 10


def row_of(listed: Listed) -> dict[str, str]:
    """A listing as the peer's rows give it."""
    return {
        "id": listed.entity_id,
        "schema": listed.schema,
        "name": listed.names[0],
        "aliases": ";".join((*listed.names[1:], *listed.aliases)),
        "dob": next(iter(listed.birth_dates), ""),
        "nationality": next(iter(listed.nationalities), ""),
        "doc_number": next((number for number, _ in listed.documents), ""),
    }


def race(size: int) -> bool:
    """Print both rates for a list of this size; whether ours is ten times the peer's."""
    held = list(listings(size, wide=False))
    asked = queries(size, wide=False)
    index, peer = Index.build(held), Peer([row_of(each) for each in held])
    index.match(asked[0])
    begun = time.process_time()
    for each in asked:
        index.match(each)
    ours = len(asked) / (time.process_time() - begun)
    some = asked[:PEER_ASKED]
    given = [peer.candidates(each) for each in some]
    # What it loads on first use, and what it keeps of names that it has read, is not counted.
    for each, candidates in zip(some, given, strict=True):
        peer.scored(each, candidates)
    begun = time.process_time()
    for each in some:
        peer.candidates(each)
    finding = time.process_time() - begun
    begun = time.process_time()
    for each, candidates in zip(some, given, strict=True):
        peer.scored(each, candidates)
    scoring = time.process_time() - begun
    whole, alone = len(some) / (finding + scoring), len(some) / scoring
    met = ours >= BAR * alone
    print(
        f"{size:>9,} listings: {ours:.0f} queries a CPU second of {len(asked):,}; logic-v2 {alone:.1f} with "
        f"its candidates given, {whole:.1f} finding them, of {len(some)}: {ours / alone:.0f} and "
        f"{ours / whole:.0f} times (bar {BAR}): {'met' if met else 'MISSED'}",
        flush=True,
    )
    return met


def main(arguments: Sequence[str]) -> int:
    if not available():
        print("skipped: nomenklatura's logic-v2 is not installed (make peers)")
        return 0
    return 0 if all([race(size) for size in map(int, arguments or SIZES)]) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
