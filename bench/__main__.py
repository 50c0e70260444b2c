"""Every bench in one go: `python -m bench [--full] [NAME ...]`, each in a process of its own.

Without `--full` all are in their small form: it shows that they run, and roughly what is reached.
"""

from __future__ import annotations

import subprocess
import sys

NAMES = (
    *("samples", "screening_small", "signals", "counter", "road", "reading", "lake", "profiles"),
    "procedures",
)
TAKES_FULL = frozenset({"counter", "road", "reading", "lake", "procedures"})


def main(arguments: list[str]) -> int:
    """Run the named benches, all when none is named; the exit code is 1 when one failed."""
    full = "--full" in arguments
    wanted = [name for name in arguments if name != "--full"] or list(NAMES)
    unknown = sorted(set(wanted) - set(NAMES))
    if unknown:
        print(f"no bench named {', '.join(unknown)}; there are {', '.join(NAMES)}")
        return 2
    failed = 0
    for name in wanted:
        print(f"\n=== {name}", flush=True)
        more = ["--full"] if full and name in TAKES_FULL else []
        failed |= subprocess.run([sys.executable, "-m", f"bench.{name}", *more]).returncode != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
