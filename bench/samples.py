"""Public sample files, run through the road: what each holds by an independent count, and what came out.

Run `python -m bench.samples`. Each person or certificate is counted at its place in the file and must
come out at that place: as a record, or as a reject that names it. Whatever did neither is lost, and
so is a file that holds nothing and of which nothing was said. The files are the shared reference
data's (TAPAL_SHARED, or ../shared beside the checkout). The count looks at segment tags, lines and
element names only and knows no reader of ours. On SQLite, in a temporary folder.
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench import home

if TYPE_CHECKING:
    from tapal.flow.intake import Taken

ROOT = Path(__file__).resolve().parent.parent


# Functions of a NAD segment in PAXLST: travellers (passenger, crew, in transit) and others.
PERSONS = frozenset({"FL", "FM", "DDT", "DDU"})
NO_PERSONS = frozenset({"MS", "MR", "COT", "GI", "SR"})


def persons_of_paxlst(data: bytes) -> list[str]:
    """The places of NAD segments that name a traveller, whatever the separators.

    Raises SystemExit for a function that is neither a traveller's nor known to be none.
    """
    text = data.decode("latin-1")
    advice = re.search(r"UNA(.)(.)(.)(.)(.)(.)", text, re.DOTALL)
    plus, release, end = (advice[2], advice[4], advice[6]) if advice else ("+", "?", "'")
    ends = rf"(?<!{re.escape(release)}){re.escape(end)}" if release.strip() else re.escape(end)
    segments = [segment.strip() for segment in re.split(ends, text)]
    functions = [s.split(plus)[1] for s in segments if s.startswith(f"NAD{plus}")]
    if unknown := set(functions) - PERSONS - NO_PERSONS:
        raise SystemExit(f"bench.samples: who is NAD {', '.join(sorted(unknown))}?")
    return [f"NAD {n}" for n, function in enumerate(functions, 1) if function in PERSONS]


def persons_of_mrz(data: bytes) -> list[str]:
    """Zones: three lines of thirty characters, or two lines of thirty-six or forty-four."""
    lengths = [len(line.strip()) for line in data.decode("ascii").splitlines() if line.strip()]
    zones = lengths.count(30) // 3 + lengths.count(36) // 2 + lengths.count(44) // 2
    return [f"MRZ {n}" for n in range(1, zones + 1)]


def certificates_of_ephyto(data: bytes) -> list[str]:
    """Exchanged documents, whatever the prefix; a file holds one certificate, so that is its place."""
    return ["/SPSCertificate"] * len(re.findall(rb"<(?:\w+:)?SPSExchangedDocument[\s>]", data))


COUNTS: dict[str, tuple[str, Callable[[bytes], list[str]]]] = {
    "paxlst": ("persons", persons_of_paxlst),
    "mrz": ("persons", persons_of_mrz),
    "ephyto_sps_xml": ("certificates", certificates_of_ephyto),
}


@dataclass(frozen=True, slots=True)
class Fate:
    """How many a file holds and what became of them; `others` are rejects of what was not counted."""

    holds: int
    records: int
    rejects: int
    others: int

    @property
    def lost(self) -> int:
        """Those of which nothing came out, or the file itself where nothing at all was said of it."""
        silent = not (self.holds or self.records or self.others)
        return self.holds - self.records - self.rejects + silent


def fate(places: Sequence[str], came: Sequence[Taken]) -> Fate:
    """Match what came out with the places that were counted, each of them once.

    Raises SystemExit for a record at a place where the count saw nothing.
    """
    left = Counter(places)
    records = rejects = others = 0
    for item in came:
        met = left[item.place] > 0
        left[item.place] -= met
        if item.status == "record" and not met:
            raise SystemExit(f"bench.samples: a record came from {item.place}, uncounted")
        records += item.status == "record"
        rejects += item.status == "reject" and met
        others += item.status == "reject" and not met and bool(item.place)
    return Fate(len(places), records, rejects, others)


def run(path: Path, what: str, count: Callable[[bytes], list[str]]) -> Fate:
    """Hand one file in; prints what it holds and what came out."""
    from tapal.flow.intake import HandIn
    from tapal.flow.report import hand_in, report

    data = path.read_bytes()
    reading = hand_in(data, HandIn(source=path.name))
    told = report(reading, path.name, "en")
    found = fate(count(data), reading.items)
    print(
        f"  {path.parent.name + '/' + path.name:<46} holds {found.holds:>3} {what:<12} ->"
        f" {found.records:>3} records {found.rejects:>2} rejects {found.lost:>2} lost"
        f"   {found.others} other rejects, {told['findings']} findings"
    )
    return found


def main() -> int:
    """Run all files; the exit code is 1 when anything is lost."""
    shared = Path(os.environ.get("TAPAL_SHARED") or ROOT.parent / "shared") / "data/samples"
    if not shared.is_dir():
        print("SKIPPED: no shared reference data (set TAPAL_SHARED)")
        return 0
    home.fresh()
    print("Public samples")
    fates = [
        run(path, *COUNTS[folder])
        for folder in COUNTS
        for path in sorted((shared / folder).iterdir())
    ]
    held, lost = sum(f.holds for f in fates), sum(f.lost for f in fates)
    print(f"  {len(fates)} files hold {held}; lost {lost}")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
