"""Parts of a message that say just the same as one before them: perhaps a copy, so it is told."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace

from tapal.core.finding import Finding, Weight
from tapal.core.reading import Draft, Item
from tapal.core.text import Text

MOST = 200_000
"""Parts that are remembered; those beyond are held against these alone."""
_SAME = Text(
    "{place} menyatakan hal yang sama persis dengan {first}: salah satunya mungkin salinan.",
    "{place} says just the same as {first}: one of the two may be a copy.",
)


@dataclass(slots=True)
class Copies:
    """The parts of one message as they pass; `rule` names the finding on a later one."""

    rule: str
    _first: dict[int, str] = field(default_factory=dict)

    def marked(self, item: Item, said: Hashable) -> Item:
        """The item, with a note of both places where an earlier one said the same."""
        if not isinstance(item, Draft):
            return item
        key = hash(said)
        first = self._first.get(key)
        if first is None:
            if len(self._first) < MOST:
                self._first[key] = item.place
            return item
        text = _SAME.fill(place=item.place, first=first)
        note = Finding(self.rule, Weight.NOTE, text, about=first, data={"place": item.place})
        return replace(item, findings=(*item.findings, note))
