"""The methods by name: what each asks in a sentence, its parameters with their defaults."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from tapal.engines.signals import klb, nowcast, pool, pool_pvalue, scan, skdr
from tapal.engines.signals.pool import PoolSettings
from tapal.engines.signals.rnames import METHODS


@dataclass(frozen=True, slots=True)
class Method:
    """A method with the sentence that documents it and its parameters."""

    name: str
    doc: str
    parameters: tuple[tuple[str, str], ...] = ()

    def json(self) -> dict[str, Any]:  # Any: JSON
        """The shape in which it is printed."""
        return {"name": self.name, "doc": self.doc, "parameters": dict(self.parameters)}


def first_sentence(text: str | None) -> str:
    """The first line of a docstring."""
    return (text or "").strip().split("\n")[0]


def parameters(settings: object, prefix: str = "") -> tuple[tuple[str, str], ...]:
    """The fields of a settings object by name, those of inner ones behind a dot."""
    if not is_dataclass(settings):
        return ()
    found: list[tuple[str, str]] = []
    for field in fields(settings):
        value = getattr(settings, field.name)
        if is_dataclass(value):
            found += parameters(value, f"{prefix}{field.name}.")
        else:
            shown = value.tolist() if hasattr(value, "tolist") else value
            found.append((f"{prefix}{field.name}", str(shown)))
    return tuple(found)


def of_surveillance() -> tuple[Method, ...]:
    """The methods by the names of R's `surveillance`, with its names of their parameters."""
    found = []
    for name, method in METHODS.items():
        told = [
            (theirs, str(getattr(method.settings, ours)))
            for theirs, (ours, _) in method.parameters.items()
            if ours
        ]
        found.append(Method(name, first_sentence(method.run.__doc__), tuple(told)))
    return tuple(found)


def listed() -> tuple[Method, ...]:
    """All methods: the pooled list, what stands beside it, the rules, and those for one series."""
    return (
        Method("pooled", first_sentence(pool.__doc__), parameters(PoolSettings())),
        Method("evidence", first_sentence(pool_pvalue.__doc__)),
        Method("scan", first_sentence(scan.__doc__)),
        Method("nowcast", first_sentence(nowcast.__doc__)),
        Method("skdr", first_sentence(skdr.__doc__)),
        Method("klb", first_sentence(klb.__doc__)),
        *of_surveillance(),
    )
