"""What a profile of a kind may ask of, and what law and practice set: forbidden fields, longest life."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from tapal.core.finding import Finding
from tapal.core.kind import Kind
from tapal.core.marking import Sensitivity, strictest
from tapal.core.profiles import CONTEXT, Bounds, Field, body_fields, context_fields
from tapal.core.redaction import leaf_path
from tapal.core.text import Text, same
from tapal.data.states import state_words
from tapal.flow.finding_words import OWN, PROFILE_HIT
from tapal.flow.reference import cached, legal_book, places
from tapal.kinds import KINDS
from tapal.patterns import PATTERNS

FORBIDDEN, NOT_ALONE, LIFE = (
    "profile.forbidden_fields",
    "profile.not_alone_fields",
    "profile.max_months",
)


def _read_fields() -> dict[str, Mapping[str, Field]]:
    return {}


# Made when they are first asked for, again when posts or kinds' words change.
_held = cached(_read_fields)


def fields_of(kind: Kind) -> Mapping[str, Field]:
    """Each field of a kind's records, then what is known besides, by name."""
    held = _held()
    if kind.name not in held:
        known = context_fields({f"{CONTEXT}{n}": words for n, words in _codes(kind).items()})
        held[kind.name] = {**body_fields(kind.model), **known}
    return held[kind.name]


def _codes(kind: Kind) -> Mapping[str, Mapping[str, Text]]:
    posts = places()
    neighbours = sorted({p.neighbour for p in posts.values() if p.neighbour})
    states = state_words()
    rules = {r.name: r.label for r in (*kind.rules, *PATTERNS)}
    own = {name: label for name, label in OWN.items() if name != PROFILE_HIT}
    return {
        "place": {p.id: same(p.name) for p in posts.values()},
        "place_type": {t: same(t) for t in sorted({p.type for p in posts.values() if p.type})},
        "neighbour": {code: states.get(code, same(code)) for code in neighbours},
        "findings": {**rules, **kind.reading_labels, **own},
    }


def bounds(on: date) -> Bounds:
    """The fields that are no ground, and those that are none alone, by their rule rows of a day."""
    return Bounds(_patterns(FORBIDDEN, on), _patterns(NOT_ALONE, on))


def _patterns(topic: str, on: date) -> tuple[str, ...] | None:
    """All values of a topic together: where sources differ, what any of them forbids is forbidden."""
    values = legal_book().settle(topic, on).values
    if not values or not all(isinstance(v, list) for v in values):
        return None
    return tuple(dict.fromkeys(str(each) for value in values for each in value))


def longest_life(on: date) -> int | None:
    """The months that a profile may be in force at most, None where no rule row says so."""
    values = legal_book().settle(LIFE, on).values
    months = [int(v) for v in values if isinstance(v, int) and not isinstance(v, bool)]
    return min(months) if months else None


def finding_level(kind: Kind) -> Callable[[Finding], Sensitivity]:
    """How far a finding about a record of this kind tells: its strictest field's mark."""
    marks = kind.fields

    def level(finding: Finding) -> Sensitivity:
        return strictest(marks[p] for p in map(leaf_path, finding.fields) if p in marks)

    return level


def kind_of(name: str) -> Kind | None:
    """A kind by its name."""
    return KINDS.get(name)
