"""The methods by name: what each asks, its formula, parameters with units, source, and when to take it."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any

from tapal import data
from tapal.core.text import Text
from tapal.engines.signals import klb, nowcast, pool, pool_pvalue, scan, skdr
from tapal.engines.signals.pool import PoolSettings
from tapal.engines.signals.rnames import METHODS

WORDS, UNITS = "signal_methods.csv", "signal_parameters.csv"

Defaults = tuple[tuple[str, str], ...]

# As the commands take them.
SCAN: Defaults = (("model", "negbin"), ("periods", "4"), ("replicates", "999"))
NOWCAST: Defaults = (("longest", "12"), ("past", "26"))


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a method: its name, what holds where none is given, and its unit."""

    name: str
    default: str
    unit: Text


@dataclass(frozen=True, slots=True)
class Method:
    """A method with the sentence that documents it, its parameters, and what a person asks it."""

    name: str
    doc: str
    asks: Text
    formula: str
    when: Text
    source: str
    parameters: tuple[Parameter, ...] = ()

    def json(self) -> dict[str, Any]:  # Any: JSON
        """The shape in which it is printed."""
        return {
            "name": self.name,
            "doc": self.doc,
            "asks": self.asks.json(),
            "formula": self.formula,
            "when": self.when.json(),
            "source": self.source,
            "parameters": {one.name: one.default for one in self.parameters},
            "units": {one.name: one.unit.json() for one in self.parameters},
        }


def first_sentence(text: str | None) -> str:
    """The first line of a docstring."""
    return (text or "").strip().split("\n")[0]


def fields_of(settings: object, prefix: str = "") -> Defaults:
    """The fields of a settings object by name, those of inner ones behind a dot."""
    if not is_dataclass(settings):
        return ()
    found: list[tuple[str, str]] = []
    for field in fields(settings):
        value = getattr(settings, field.name)
        if is_dataclass(value):
            found += fields_of(value, f"{prefix}{field.name}.")
        else:
            shown = value.tolist() if hasattr(value, "tolist") else value
            found.append((f"{prefix}{field.name}", str(shown)))
    return tuple(found)


def _method(name: str, doc: str | None, defaults: Defaults = ()) -> Method:
    words = _words()[name]
    return Method(
        name,
        first_sentence(doc),
        Text(words["asks_id"], words["asks_en"]),
        words["formula"],
        Text(words["when_id"], words["when_en"]),
        words["source"],
        tuple(Parameter(n, default, unit_of(name, n)) for n, default in defaults),
    )


def unit_of(method: str, parameter: str) -> Text:
    """The unit of a parameter: the method's own word, else the word that all share."""
    units = _units()
    return units.get((method, parameter)) or units["", parameter]


@cache
def _words() -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in data.table(WORDS)}


@cache
def _units() -> dict[tuple[str, str], Text]:
    return {
        (row["method"], row["name"]): Text(row["unit_id"], row["unit_en"])
        for row in data.table(UNITS)
    }


def of_surveillance() -> tuple[Method, ...]:
    """The methods by the names of R's `surveillance`, with its names of their parameters."""
    found = []
    for name, method in METHODS.items():
        told = [
            (theirs, str(getattr(method.settings, ours)))
            for theirs, (ours, _) in method.parameters.items()
            if ours
        ]
        found.append(_method(name, method.run.__doc__, tuple(told)))
    return tuple(found)


def listed() -> tuple[Method, ...]:
    """All methods: the pooled list, what stands beside it, the rules, and those for one series."""
    return (
        _method("pooled", pool.__doc__, fields_of(PoolSettings())),
        _method("evidence", pool_pvalue.__doc__),
        _method("scan", scan.__doc__, SCAN),
        _method("nowcast", nowcast.__doc__, NOWCAST),
        _method("skdr", skdr.__doc__),
        _method("klb", klb.__doc__),
        *of_surveillance(),
    )
