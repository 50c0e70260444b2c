"""Ten things that an agency's own system does with Tapal.

Each is run by its name: TAPAL_URL=… TAPAL_KEY=… python examples.py follow_alerts
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tapal_client import Json, Problem, Tapal


def hand_in_a_message(tapal: Tapal, path: Path) -> Json:
    """Hand a passenger list in under its own name, so that a repeat does nothing."""
    told = tapal.hand_in(path.read_bytes(), source=path.name, once=f"list-{path.stem}")
    for item in told["items"]:
        print(item["place"], item["status"], item["reason"] or "")
    return told


def hand_in_a_folder(tapal: Tapal, folder: Path) -> list[Json]:
    """Hand a folder of files in, fifty at a time, and wait until each is read and judged."""
    paths = sorted(path for path in folder.iterdir() if path.is_file())
    kept = []
    for start in range(0, len(paths), 50):
        kept += tapal.hand_in_files(paths[start : start + 50])
    return [tapal.wait_until_read(message["id"]) for message in kept]


def mend_what_was_refused(tapal: Tapal) -> list[str]:
    """List what could not be read, with what to do about it."""
    return [f"{r['place']}: {r['reason']['en']} {r['mend']['en']}" for r in tapal.rejects()]


def todays_crossings(tapal: Tapal) -> int:
    """Count the crossings of the last day that your agency may see, by direction."""
    since = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    ways = Counter(r["body"].get("direction") for r in tapal.records(kind="crossing", since=since))
    print(dict(ways))
    return sum(ways.values())


def find_a_document(tapal: Tapal, number: str) -> list[str]:
    """Find what was recorded about one document."""
    return [hit["record"]["id"] for hit in tapal.search(number) if hit["exact"]]


def why_may_i_see_it(tapal: Tapal, record_id: str) -> list[str]:
    """Say by which agreements a record is open to you, and which of its fields."""
    record = tapal.record(record_id)
    return [*record["opened_by"], *record["fields"]]


def open_alerts(tapal: Tapal) -> list[Json]:
    """Print what waits for a person, the most urgent first."""
    found = list(tapal.alerts(state="open"))
    for alert in found:
        print(alert["due_at"], alert["label"]["en"], alert["title"])
    return found


def late_tasks(tapal: Tapal) -> list[Json]:
    """List your agency's tasks whose clock has run out."""
    now = datetime.now(UTC)
    return [
        task
        for task in tapal.tasks()
        if task["due_at"] and datetime.fromisoformat(task["due_at"]) < now
    ]


def stale_lists(tapal: Tapal, hours: int = 72) -> list[str]:
    """Name the watch lists that nobody has imported for some days."""
    edge = datetime.now(UTC) - timedelta(hours=hours)
    return [
        each["code"]
        for each in tapal.lists()
        if not each["imported_at"] or datetime.fromisoformat(each["imported_at"]) < edge
    ]


def follow_alerts(tapal: Tapal, memory: Path, rounds: int = 1) -> list[Json]:
    """Fetch each new alert once, over any number of restarts: the cursor is kept in a file."""
    cursor = json.loads(memory.read_text()) if memory.exists() else None
    found = []
    for _ in range(rounds):
        items, cursor, wait = tapal.changes(cursor)
        for change in items:
            if change["type"] == "alert.opened":
                found.append(tapal.alert(change["subject"]))
        # Only now is the page done with.
        memory.write_text(json.dumps(cursor))
        if wait:
            tapal.sleep(wait)
    return found


EXAMPLES: tuple[Callable[..., object], ...] = (
    hand_in_a_message, hand_in_a_folder, mend_what_was_refused, todays_crossings, find_a_document,
    why_may_i_see_it, open_alerts, late_tasks, stale_lists, follow_alerts,
)  # fmt: skip


def main() -> int:
    """Run one example by its name, with paths or texts as it asks for them."""
    by_name = {each.__name__: each for each in EXAMPLES}
    if len(sys.argv) < 2 or sys.argv[1] not in by_name:
        print("examples:", *by_name, sep="\n  ")
        return 2
    paths = {"hand_in_a_message", "hand_in_a_folder", "follow_alerts"}
    given = [Path(a) if sys.argv[1] in paths else a for a in sys.argv[2:]]
    tapal = Tapal(os.environ["TAPAL_URL"], os.environ["TAPAL_KEY"])
    try:
        print(by_name[sys.argv[1]](tapal, *given))
    except Problem as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
