"""Public sample files, run through the road: what each holds by an independent count, and what came out.

Run `python -m bench.samples`. The files are the shared reference data's (TAPAL_SHARED, or ../shared
beside the checkout). The count looks at segment tags, lines and element names only and knows no
reader of ours. On SQLite, in a temporary folder.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

from bench import home

ROOT = Path(__file__).resolve().parent.parent


def persons_of_paxlst(data: bytes) -> int:
    """NAD segments of a traveller's function: passenger, crew, transit; whatever the separators."""
    text = data.decode("latin-1")
    advice = re.search(r"UNA(.)(.)(.)(.)(.)(.)", text, re.DOTALL)
    plus, release, end = (advice[2], advice[4], advice[6]) if advice else ("+", "?", "'")
    ends = rf"(?<!{re.escape(release)}){re.escape(end)}" if release.strip() else re.escape(end)
    segments = [segment.strip() for segment in re.split(ends, text)]
    functions = ("FL", "FM", "DDT", "DDU")
    return sum(
        segment.startswith(tuple(f"NAD{plus}{f}" for f in functions)) for segment in segments
    )


def persons_of_mrz(data: bytes) -> int:
    """Zones: three lines of thirty characters, or two lines of thirty-six or forty-four."""
    lengths = [len(line.strip()) for line in data.decode("ascii").splitlines() if line.strip()]
    return lengths.count(30) // 3 + lengths.count(36) // 2 + lengths.count(44) // 2


def certificates_of_ephyto(data: bytes) -> int:
    """Exchanged documents, whatever the prefix."""
    return len(re.findall(rb"<(?:\w+:)?SPSExchangedDocument[\s>]", data))


COUNTS: dict[str, tuple[str, Callable[[bytes], int]]] = {
    "paxlst": ("persons", persons_of_paxlst),
    "mrz": ("persons", persons_of_mrz),
    "ephyto_sps_xml": ("certificates", certificates_of_ephyto),
}


def run(path: Path, what: str, count: Callable[[bytes], int]) -> bool:
    """Hand one file in; prints what it holds and what came out. False when something vanished."""
    from tapal.flow.intake import HandIn
    from tapal.flow.report import hand_in, report

    data = path.read_bytes()
    holds = count(data)
    reading = hand_in(data, HandIn(source=path.name))
    told = report(reading, path.name, "en")
    on_message = len(reading.message.findings)
    # A part that is refused is a record less and a reject more; a whole file may be refused as one.
    whole = told["records"] + told["rejects"] >= max(holds, 1) or on_message > 0
    print(
        f"  {path.parent.name + '/' + path.name:<46} holds {holds:>3} {what:<12} "
        f"-> {told['records']:>3} records {told['rejects']:>2} rejects {told['findings']:>3} findings "
        f"{on_message:>2} on the message {'' if whole else '  LOST'}"
    )
    return whole


def main() -> int:
    """Run all files; the exit code is 1 when something vanished."""
    shared = Path(os.environ.get("TAPAL_SHARED") or ROOT.parent / "shared") / "data/samples"
    if not shared.is_dir():
        print("SKIPPED: no shared reference data (set TAPAL_SHARED)")
        return 0
    home.fresh()
    print("Public samples")
    kept = [
        run(path, *COUNTS[folder])
        for folder in COUNTS
        for path in sorted((shared / folder).iterdir())
    ]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
