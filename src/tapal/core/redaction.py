"""Cutting a body down to the fields that somebody may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

# A tree of field names; an empty subtree means the whole value.
Tree = dict[str, "Tree"]


@lru_cache(maxsize=4096)
def tree_of(paths: frozenset[str]) -> Tree:
    """The allowed paths as a tree."""
    tree: Tree = {}
    for path in paths:
        node = tree
        for part in path.split("."):
            node = node.setdefault(part, {})
    return tree


# Any: a body is JSON.
def redact(body: Mapping[str, Any], allowed: frozenset[str]) -> dict[str, Any]:
    """The body with only the allowed leaf paths; what is not allowed leaves no key behind."""
    return _cut(body, tree_of(allowed))


def _cut(value: Mapping[str, Any], tree: Tree) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, subtree in tree.items():
        if name not in value:
            continue
        inner = value[name]
        if not subtree:
            kept[name] = inner
        elif isinstance(inner, Mapping):
            if cut := _cut(inner, subtree):
                kept[name] = cut
        elif isinstance(inner, list):
            rows = [_cut(row, subtree) for row in inner if isinstance(row, Mapping)]
            if any(rows):
                kept[name] = rows
    return kept


def value_at(body: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path through objects, None where there is none.

    A number in the path picks from a list: `companions.0.birth_date`.
    """
    node: Any = body
    for part in _parts(path):
        # The plain type first: this is asked dozens of times a record, and the other check is dear.
        if type(node) is dict or isinstance(node, Mapping):
            node = node.get(part)
        elif isinstance(node, list) and part.isdigit() and int(part) < len(node):
            node = node[int(part)]
        else:
            return None
    return node


@lru_cache(maxsize=4096)
def _parts(path: str) -> tuple[str, ...]:
    return tuple(path.split("."))


@lru_cache(maxsize=4096)
def leaf_path(path: str) -> str:
    """A path without its list positions, as a grant names it: `companions.0.sex` -> `companions.sex`."""
    return ".".join(part for part in path.split(".") if not part.isdigit())


def within(paths: Iterable[str], allowed: frozenset[str]) -> bool:
    """True when each path is allowed: a sentence that rests on a hidden field stays hidden."""
    return all(leaf_path(path) in allowed for path in paths)
