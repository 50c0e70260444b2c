"""Legal rows in words: what a topic is called, for what a row holds, its value with its unit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

from tapal.core.text import Text, same
from tapal.data import table
from tapal.data.states import state_words

UNKNOWN = Text("belum diketahui", "not known yet")
YES, NO = Text("ya", "yes"), Text("tidak", "no")
# A longer value is read on the row's own page.
SHORT = 60


@cache
def _words() -> Mapping[tuple[str, str], Text]:
    rows = table("legal_words.csv")
    return {(r["list"], r["code"]): Text(r["label_id"], r["label_en"]) for r in rows}


def topic_said(topic: str) -> Text:
    """What a topic is called; one without words reads as its name."""
    return _words().get(("topic", topic)) or same(topic)


def unit_said(unit: str) -> Text:
    """A unit in words."""
    return _words().get(("unit", unit)) or same(unit)


def work_said(word: str) -> Text:
    """An agency's work, as its role names it."""
    return _words().get(("work", word)) or same(word)


def note_said(note: str) -> Text:
    """A seed's note in both languages; what an officer wrote reads as he wrote it."""
    return _words().get(("note", note)) or same(note)


def selector_said(selector: Mapping[str, str]) -> Text:
    """For what a row holds: neighbour: Timor-Leste, traveller: passenger."""
    parts = [
        Text("{name}: {value}", "{name}: {value}").fill(
            name=_words().get(("selector", name)) or same(name),
            value=_words().get(("value", value)) or state_words().get(value) or same(value),
        )
        for name, value in selector.items()
    ]
    return Text(", ".join(p.id for p in parts), ", ".join(p.en for p in parts))


def value_said(value: object, unit: str) -> Text:
    """A value with its unit, short; what was not found says so."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return YES if value else NO
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if isinstance(value, int | float | str):
        return Text("{value} {unit}", "{value} {unit}").fill(
            value=_shortened(text), unit=unit_said(unit)
        )
    return same(_shortened(text))


def _shortened(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 3]}…"
