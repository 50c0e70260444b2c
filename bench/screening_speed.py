"""Screening timed: queries a CPU second, the slowest in a hundred, memory, building, loading.

On practice lists of invented people (a small vocabulary) and on one of 100,000 words.
`python -m bench.screening_speed SIZE [wide]` measures one list in a process of its own.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from bench.screening_small import resident
from tapal.engines.screening import Index, Listed, Query
from tapal.engines.screening.training.sets import practice

QUERIES = 2_000
WIDE_WORDS = 100_000
TARGETS = {20_000: 2_000, 200_000: 1_000, 1_000_000: 400}
"""Queries a CPU second to reach, by size of the list."""


def listings(size: int, *, wide: bool) -> Iterator[Listed]:
    """A list in slices, so that only the index fills the memory."""
    words = _vocabulary() if wide else []
    dice = Random(size)
    for at in range(0, size, 20_000):
        people, _ = practice(1000 + at, min(20_000, size - at), 0)
        for n, listed in enumerate(people):
            key = f"{at + n}"
            if wide:
                name = " ".join(_draw(dice, words) for _ in range(dice.choice((2, 2, 3))))
                yield replace(listed, entity_id=key, names=(name,))
            else:
                yield replace(listed, entity_id=key)


def _vocabulary() -> list[str]:
    """Words of two to four syllables, of which the first are borne by many (Zipf)."""
    dice = Random(7)
    heads = ("b", "br", "c", "d", "dw", "f", "g", "h", "j", "k", "kh", "l", "m", "n", "ng", "p", "pr",
             "r", "s", "sy", "st", "t", "tr", "w", "y", "z")  # fmt: skip
    found: dict[str, None] = {}
    while len(found) < WIDE_WORDS:
        word = "".join(
            dice.choice(heads) + dice.choice(("a", "e", "i", "o", "u", "ai"))
            for _ in range(dice.choice((2, 3, 3, 4)))
        )
        found[word + dice.choice(("", "", "n", "r", "h", "k", "ng", "m", "s"))] = None
    return list(found)


def _draw(dice: Random, words: Sequence[str]) -> str:
    return words[
        int(len(words) ** dice.random()) - 1 if dice.random() < 0.5 else dice.randrange(len(words))
    ]


def queries(size: int, *, wide: bool) -> list[Query]:
    if not wide:
        return [a.query for a in practice(1000, 20_000, QUERIES)[1]]
    held = listings(20_000, wide=True)
    dice = Random(size + 1)
    out: list[Query] = []
    for listed in held:
        if len(out) == QUERIES:
            break
        name = listed.names[0]
        at = dice.randrange(len(name))
        out.append(
            Query(
                "Person",
                (name[:at] + dice.choice("aeiklnrst") + name[at + 1 :],),
                "1980-05-17" if dice.random() < 0.9 else None,
                listed.nationalities,
            )
        )
    return out


def measure(size: int, *, wide: bool) -> None:
    """Print one line for a list of this size: built here, asked by a process that only loads it."""
    begun = time.process_time()
    for _ in listings(size, wide=wide):
        pass
    made = time.process_time() - begun
    begun = time.process_time()
    index = Index.build(listings(size, wide=wide))
    built = time.process_time() - begun - made
    with tempfile.TemporaryDirectory() as folder:
        index.save(Path(folder) / "index")
        del index
        print(
            f"{size:>9,} {'100,000 words' if wide else 'few words':14}built in {built:.1f} s;",
            end=" ",
        )
        sys.stdout.flush()
        shape = ("wide",) if wide else ()
        program = [sys.executable, "-m", "bench.screening_speed", str(size), *shape]
        subprocess.run([*program, f"--saved={folder}/index"], check=True)


def ask(folder: Path, size: int, *, wide: bool) -> None:
    """Load a saved index and print how fast it answers, and in what memory."""
    asked = queries(size, wide=wide)
    empty = resident()
    begun = time.process_time()
    index = Index.load(folder)
    loaded = time.process_time() - begun
    spent = []
    for q in (*asked[:50], *asked):
        begun = time.process_time()
        index.match(q)
        spent.append(time.process_time() - begun)
    memory = resident()
    new = [
        replace(x, entity_id=f"new{x.entity_id}")
        for x, _ in zip(listings(1000, wide=wide), range(1000), strict=False)
    ]
    begun = time.process_time()
    index.update(new, [str(n) for n in range(500)])
    index.match(asked[0])
    live = time.process_time() - begun
    spent = sorted(spent[50:])
    print(
        f"loaded in {loaded:.2f} s; {len(spent) / sum(spent):.0f} q/s (target "
        f"{TARGETS.get(size, 0):,}), p50 {spent[len(spent) // 2] * 1000:.2f} ms, p99 "
        f"{spent[len(spent) * 99 // 100] * 1000:.2f} ms; {memory:.0f} MB ({empty:.0f} without the "
        f"index); 1,500 changes live in {live:.2f} s",
        flush=True,
    )


def run(sizes: Sequence[int]) -> None:
    """Measure each list in a process of its own."""
    print("\n== speed, CPU time; RSS of the process that asks, with the mapped index")
    for size in sizes:
        for shape in ((), ("wide",)):
            subprocess.run(
                [sys.executable, "-m", "bench.screening_speed", str(size), *shape], check=True
            )


if __name__ == "__main__":
    how = sys.argv[2:]
    saved = next((word.removeprefix("--saved=") for word in how if word.startswith("--saved=")), "")
    if saved:
        ask(Path(saved), int(sys.argv[1]), wide="wide" in how)
    else:
        measure(int(sys.argv[1]), wide="wide" in how)
