"""Whether a reader may be told a count: each record that could be in it must be one that he reaches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from tapal.core.clauses import Clause, Reach
from tapal.flow.share.compile import scope_table


def counts_open(reach: Reach, counted: Mapping[str, Any]) -> bool:  # Any: JSON
    """True where single clauses open all that was counted: every level, post, field and day of it.

    `counted` is {"owner", "since", "parts": [{"kind", "place", "level", "fields"}]}. A clause that
    begins later than the series does not do: the expectation would tell of what lies before.
    """
    start = datetime.combine(date.fromisoformat(counted["since"]), time.min, UTC)
    parts = counted["parts"]
    return bool(parts) and all(_opens(reach, counted["owner"], part, start) for part in parts)


def _opens(reach: Reach, owner: str, part: Mapping[str, Any], start: datetime) -> bool:
    scopes = [
        n
        for n, s in scope_table().items()
        if s.owner == owner and s.kind == part["kind"] and s.sensitivity <= part["level"]
    ]
    return bool(scopes) and all(
        any(_gives(c, n, part, start) for c in reach.by_scope.get(n, ())) for n in scopes
    )


def _gives(clause: Clause, scope: int, part: Mapping[str, Any], start: datetime) -> bool:
    return (
        (clause.places is None or part["place"] in clause.places)
        and (clause.since is None or clause.since <= start)
        and frozenset(part["fields"]) <= clause.fields[scope]
    )
