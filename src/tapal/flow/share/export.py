"""What a reader sees as CSV lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from tapal.flow.share.seen import RecordRow
from tapal.kinds import KINDS

ENVELOPE = ("id", "kind", "owner", "place", "occurred_at", "received_at")
# A cell that begins so would be run as a formula by a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def lines(kind: str, rows: Sequence[RecordRow]) -> Iterator[str]:
    """A heading and a line for each row; a column for each field that some row opens."""
    opened = frozenset().union(*(row.fields for row in rows)) if rows else frozenset()
    fields = KINDS[kind].fields if kind in KINDS else {}
    paths = [path for path in fields if path in opened]
    yield _line([*ENVELOPE, *paths])
    for row in rows:
        view = row.view
        at = view.occurred_at.isoformat() if view.occurred_at else ""
        head = [view.id, view.kind, view.owner, view.place or "", at, view.received_at.isoformat()]
        yield _line([*head, *(_cell(values(view.body, path.split("."))) for path in paths)])


# Any: JSON.
def values(node: Any, parts: Sequence[str]) -> list[Any]:
    """All values at a path, lists being transparent."""
    if isinstance(node, list) and parts:
        return [value for each in node for value in values(each, parts)]
    if not parts:
        return [] if node is None else [node]
    return values(node[parts[0]], parts[1:]) if isinstance(node, dict) and parts[0] in node else []


def _cell(found: Sequence[Any]) -> str:
    texts = [v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in found]
    return " | ".join(texts)


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    safe = [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]
    csv.writer(out, lineterminator="\r\n").writerow(safe)
    return out.getvalue()
