"""Hold what was found against what was planted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Weight = Literal["note", "look", "alert"]


@dataclass(frozen=True, slots=True)
class Found:
    """One finding or reject: the message file, the place in it, the rule that spoke.

    A reject has the rule `reject` and alerts. A finding that names its document's number counts
    wherever the same document comes again.
    """

    file: str
    place: str
    rule: str
    document: str = ""
    weight: Weight = "alert"


@dataclass(frozen=True, slots=True)
class Line:
    """One rule's part of the table; `hidden` are planted problems that no rule can find."""

    rule: str
    planted: int = 0
    found: int = 0
    missed: int = 0
    false: int = 0
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Score:
    """The table by rule, what was missed, and each alert that nothing was planted for."""

    lines: tuple[Line, ...]
    missed: tuple[str, ...] = ()
    decoys_caught: tuple[str, ...] = ()
    false: tuple[Found, ...] = field(default=())

    @property
    def total(self) -> Line:
        """All rules together."""
        return Line(
            "",
            *(
                sum(getattr(line, column) for line in self.lines)
                for column in ("planted", "found", "missed", "false", "hidden")
            ),
        )


# Any: planted.json as read.
def score(planted: Mapping[str, Any], findings: Iterable[Found]) -> Score:
    """The table planted / found / missed / false by rule; `planted` is planted.json.

    A plant is found when its rule speaks, as look or alert, at its place in its file (anywhere in
    the file where the plant names no place) or on its document. Files are compared by their names
    without folders. An alert is false when nothing findable was planted there; a look or a
    note, which stop nobody, is never counted so.
    """
    heard = [each for each in findings if each.weight != "note"]
    alerts = [each for each in heard if each.weight == "alert"]
    findable = [plant for plant in planted["planted"] if plant["findable"]]
    found = [plant for plant in findable if _spoken(plant, heard)]
    missed = [plant for plant in findable if plant not in found]
    false = [each for each in alerts if not any(_at(plant, each) for plant in findable)]
    rules = dict.fromkeys(
        [*(plant["rule"] for plant in findable), *sorted({each.rule for each in false})]
    )
    lines = [
        Line(
            rule,
            planted=sum(plant["rule"] == rule for plant in findable),
            found=sum(plant["rule"] == rule for plant in found),
            missed=sum(plant["rule"] == rule for plant in missed),
            false=sum(each.rule == rule for each in false),
        )
        for rule in rules
    ]
    hidden = sum(plant["rule"] is None for plant in planted["planted"])
    if hidden:
        lines.append(Line("", hidden=hidden))
    return Score(
        lines=tuple(lines),
        missed=tuple(plant["id"] for plant in missed),
        decoys_caught=tuple(p["id"] for p in planted["decoys"] if _spoken(p, alerts)),
        false=tuple(false),
    )


def _spoken(plant: Mapping[str, Any], heard: Iterable[Found]) -> bool:
    return any(each.rule == plant["rule"] and _at(plant, each) for each in heard)


def _at(plant: Mapping[str, Any], each: Found) -> bool:
    """True when a finding stands at the plant's place, or on its document."""
    where = plant["where"]
    if each.file.rpartition("/")[2] == where["file"] and where["place"] in ("", each.place):
        return True
    return bool(each.document) and each.document == plant["document"]
