"""The watched folder: files put into `TAPAL_HOME/inbox/AGENCY/POST/` are handed in and moved away.

A folder may be left out: `inbox/AGENCY/file` has no post, `inbox/file` neither. A folder
`mapping-NAME` within names the saved mapping that reads its tables. What is handed in
goes to `inbox-done`, what nothing could be made of to `inbox-refused`, each beside a `.json` report.
"""

from __future__ import annotations

import json
import logging
import time
from pathlib import Path

from django.conf import settings
from django.db import OperationalError
from django.utils import timezone

from tapal.flow.intake import BadHandIn, HandIn, Overtaken
from tapal.flow.mapped import PREFIX
from tapal.flow.report import hand_in, report

log = logging.getLogger(__name__)

# A file that was written to in the last seconds may still be growing.
SETTLED_SECONDS = 2.0
_MAPPING = "mapping-"


def folder() -> Path:
    """The watched folder, made when it is not there."""
    place = Path(settings.TAPAL_HOME) / "inbox"
    place.mkdir(parents=True, exist_ok=True)
    return place


def sweep() -> int:
    """Hand in every settled file; returns how many. Names that begin with a dot are left alone."""
    now, done = time.time(), 0
    for path in sorted(folder().rglob("*")):
        if path.is_file() and not path.name.startswith(".") and _settled(path, now):
            _take(path)
            done += 1
    return done


def _settled(path: Path, now: float) -> bool:
    try:
        return now - path.stat().st_mtime >= SETTLED_SECONDS
    except FileNotFoundError:
        return False


def _take(path: Path) -> None:
    way = path.relative_to(folder()).parts[:-1]
    parts = [part for part in way if not part.startswith(_MAPPING)]
    mapping = next((p.removeprefix(_MAPPING) for p in way if p.startswith(_MAPPING)), None)
    given = HandIn(
        source=path.name,
        agency=parts[0] if parts else None,
        post=parts[1] if len(parts) > 1 else None,
        format=f"{PREFIX}{mapping}" if mapping else None,
        by="inbox",
    )
    try:
        told = report(hand_in(path.read_bytes(), given), path.name, "id")
    except BadHandIn as wrong:
        _put_away(path, "inbox-refused", {"reason": wrong.text.json()})
        return
    except (OperationalError, Overtaken):
        # Not the file's fault: it waits for the next round.
        raise
    except Exception as trouble:
        log.exception("inbox: %s could not be handed in", path.name)
        _put_away(path, "inbox-refused", {"reason": type(trouble).__name__})
        return
    good = told["records"] or told["known"]
    _put_away(path, "inbox-done" if good else "inbox-refused", told)


def _put_away(path: Path, where: str, told: object) -> None:
    place = Path(settings.TAPAL_HOME) / where / timezone.now().strftime("%Y-%m-%d")
    place.mkdir(parents=True, exist_ok=True)
    final = place / path.name
    count = 1
    while final.exists():
        final = place / f"{path.stem}-{count}{path.suffix}"
        count += 1
    final.with_name(final.name + ".json").write_text(
        json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    path.rename(final)
    log.info("inbox: %s -> %s", path.name, where)
