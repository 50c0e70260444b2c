"""What a rule says about a record: a sentence, never a bare number."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from tapal.core.legal import LegalRow
from tapal.core.text import Text


class Weight(IntEnum):
    """What a finding does. A note is told and never alerts; a look is shown amber; an alert waits for a person."""

    NOTE = 0
    LOOK = 1
    ALERT = 2

    @property
    def label(self) -> Text:
        return (Text("catatan", "note"), Text("perhatikan", "look"), Text("peringatan", "alert"))[
            self
        ]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two values side by side: what the record says and what it was held against.

    A code is given as the `Text` of its words, so that both sides read alike in either language.
    """

    label: Text
    ours: str | Text
    theirs: str | Text
    agree: bool | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about one record, with what it rests on.

    `rule` is the rule's function name; `fields` are the body paths that the sentence tells of (a
    reader who may not see one of them does not see the finding); `rests_on` are ids of other
    records; `cites` are the legal rows used, two or more with different values when disputed;
    `reason` names the alert that it opens (the rule's name when empty); `about` tells repeats
    apart within one rule (the listing matched, the companion's number).
    """

    rule: str
    weight: Weight
    text: Text
    fields: tuple[str, ...] = ()
    compared: tuple[Compared, ...] = ()
    rests_on: tuple[str, ...] = ()
    cites: tuple[LegalRow, ...] = ()
    disputed: bool = False
    score: float | None = None
    reason: str = ""
    about: str = ""
    # Any: small JSON facts for machines (a listing's id); never shown as such.
    data: dict[str, Any] = field(default_factory=dict, hash=False)
