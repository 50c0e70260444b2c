"""The shape of a body model by path: what a leaf holds, where lists stand, what cannot be left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from tapal.core.marking import nested_model


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf: the steps to it, each with whether a list stands there; whether it is a list itself.

    `table` is true for words by free keys. `cut` says how many steps lead to what can be left out
    with the leaf in it: all of them for an optional leaf, 0 where the record itself would go.
    """

    steps: tuple[tuple[str, bool], ...]
    many: bool
    table: bool
    cut: int


@lru_cache(maxsize=64)
def leaves(model: type[BaseModel]) -> dict[str, Leaf]:
    """Every leaf of a body model by its dotted path."""
    return {".".join(name for name, _ in leaf.steps): leaf for leaf in _walk(model, (), 0)}


def _walk(model: type[BaseModel], above: tuple[tuple[str, bool], ...], cut: int) -> Iterator[Leaf]:
    for name, info in model.model_fields.items():
        inner, origins = nested_model(info.annotation), set(_origins(info.annotation))
        here = cut if info.is_required() else len(above) + 1
        if inner is not None:
            yield from _walk(inner, (*above, (name, list in origins)), here)
        else:
            steps = (*above, (name, False))
            yield Leaf(steps, list in origins, dict in origins, here)


# Any: a type annotation may be any object that typing builds.
def _origins(annotation: Any) -> Iterator[Any]:
    origin = get_origin(annotation)
    if origin is Annotated or origin is Union or origin is UnionType:
        for part in get_args(annotation):
            yield from _origins(part)
    else:
        yield origin or annotation


# Any: JSON.
def put(body: dict[str, Any], leaf: Leaf, value: Any) -> None:
    """Set a leaf; a list on the way to it holds one element."""
    node = body
    for name, many in leaf.steps[:-1]:
        node = node.setdefault(name, [{}])[0] if many else node.setdefault(name, {})
    name = leaf.steps[-1][0]
    if leaf.many:
        given = value if isinstance(value, list) else [value]
        node[name] = [*node.get(name, ()), *given]
    else:
        node[name] = value


# Any: JSON.
def take_away(body: dict[str, Any], location: Sequence[str | int], cut: int) -> Any:
    """Remove what stands `cut` named steps along a location, and return it."""
    node: Any = body
    names = 0
    for part in location:
        if isinstance(part, str):
            names += 1
            if names == cut:
                return node.pop(part, None) if isinstance(node, dict) else None
        try:
            node = node[part]
        except (KeyError, IndexError, TypeError):
            return None
    return None


def merge(body: dict[str, Any], more: dict[str, Any]) -> list[str]:
    """Add a further row's elements to a body's lists; returns the names at which the two differ."""
    differ: list[str] = []
    for name, value in more.items():
        held = body.get(name)
        if held is None:
            body[name] = value
        elif isinstance(held, list) and isinstance(value, list):
            held.extend(each for each in value if each not in held)
        elif isinstance(held, dict) and isinstance(value, dict):
            differ += [f"{name}.{inner}" for inner in merge(held, value)]
        elif held != value:
            differ.append(name)
    return differ
