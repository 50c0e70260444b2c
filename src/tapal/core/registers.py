"""Multi-value registers: what keeps two officers' edits of one field both alive.

Each leaf of a body is a register that holds one value for each edit which no later edit has seen.
An edit names the edits that it saw and removes only those. Merging is union less removals, so it
is commutative, associative and idempotent: histories that meet in any order end alike.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# Stored as {path: {"values": {revision: value}, "gone": [revision, …]}}; only edited paths appear,
# all others hold the value that the first revision wrote. Any: JSON.
State = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Edit:
    """One revision: the new value of each path and the revisions that its author had before him."""

    revision: str
    values: Mapping[str, Any]
    saw: Mapping[str, tuple[str, ...]]


def seen(state: State, path: str, first: str) -> tuple[str, ...]:
    """The revisions whose values stand at a path now: what an edit made on this view has seen."""
    register = state.get(path)
    return tuple(sorted(register["values"])) if register else (first,)


def apply(state: State, edit: Edit, first: str, base: Mapping[str, Any]) -> State:
    """The state after an edit. `first` is the revision that created the record, `base` its body."""
    merged = dict(state)
    for path, value in edit.values.items():
        before = merged.get(path) or _born(first, base, path)
        change = {"values": {edit.revision: value}, "gone": list(edit.saw.get(path, ()))}
        merged[path] = _join(before, change)
    return merged


def merge(left: State, right: State) -> State:
    """What both sides know, together."""
    return {
        path: _join(left[path], right[path])
        if path in left and path in right
        else (left.get(path) or right[path])
        for path in sorted({*left, *right})
    }


def conflicts(state: State) -> dict[str, list[Any]]:
    """Paths at which edits that did not know of each other left different values, in a fixed order."""
    found = {}
    for path, register in state.items():
        values = _distinct(register["values"][rev] for rev in sorted(register["values"]))
        if len(values) > 1:
            found[path] = values
    return found


def resolve(base: Mapping[str, Any], state: State) -> dict[str, Any]:
    """The body to show: of several values the one of the newest revision, the others being conflicts."""
    body = json.loads(json.dumps(base))
    for path, register in state.items():
        if register["values"]:
            set_at(body, path, register["values"][max(register["values"])])
    return dict(body)


def set_at(body: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at a dotted path through objects; None takes the leaf away."""
    *way, leaf = path.split(".")
    node = body
    for part in way:
        node = node.setdefault(part, {})
    if value is None:
        node.pop(leaf, None)
    else:
        node[leaf] = value


def _born(first: str, base: Mapping[str, Any], path: str) -> dict[str, Any]:
    node: Any = base
    for part in path.split("."):
        node = node.get(part) if isinstance(node, Mapping) else None
    return {"values": {first: node}, "gone": []}


def _join(left: Mapping[str, Any], right: Mapping[str, Any]) -> dict[str, Any]:
    gone = {*left["gone"], *right["gone"]}
    values = {**left["values"], **right["values"]}
    kept = {rev: value for rev, value in values.items() if rev not in gone}
    return {"values": kept, "gone": sorted(gone)}


def _distinct(values: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found
