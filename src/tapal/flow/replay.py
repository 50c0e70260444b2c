"""Making records from the log: stale state plus events equals fresh state, in whatever order they come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tapal.core.registers import Edit, State, apply, conflicts, resolve
from tapal.flow.records import told
from tapal.store.models import Event, EventContent


@dataclass(slots=True)
class Rebuilt:
    """A record as its events make it. `header` is what `record.received` said besides the body."""

    header: dict[str, Any] = field(default_factory=dict)  # Any: JSON
    base: dict[str, Any] = field(default_factory=dict)
    registers: State = field(default_factory=dict)
    first: str = ""
    early: list[Edit] = field(default_factory=list)

    @property
    def body(self) -> dict[str, Any]:
        """The body that the registers come to."""
        return resolve(self.base, self.registers)

    @property
    def conflicting(self) -> bool:
        """True when edits that did not know of each other clash."""
        return bool(conflicts(self.registers))

    def take(self, type_: str, subject: str, content: Mapping[str, Any]) -> None:
        """Let one event act; an edit that comes before its record waits for it."""
        if type_ == "record.received":
            self.header = {k: v for k, v in content.items() if k != "body"}
            self.base, self.first = dict(content["body"]), subject
            for edit in self.early:
                self.registers = apply(self.registers, edit, self.first, self.base)
            self.early.clear()
        elif type_ == "record.revised":
            saw = {path: tuple(revs) for path, revs in content["saw"].items()}
            edit = Edit(content["revision"], content["values"], saw)
            if self.first:
                self.registers = apply(self.registers, edit, self.first, self.base)
            else:
                self.early.append(edit)


def rebuild(events: Iterable[tuple[str, str, Mapping[str, Any]]]) -> dict[str, Rebuilt]:
    """Records by id from (type, subject, content) of events, in any order."""
    made: dict[str, Rebuilt] = {}
    for type_, subject, content in events:
        if type_.startswith("record."):
            made.setdefault(subject, Rebuilt()).take(type_, subject, content)
    return made


def log_of(subject: str | None = None) -> Iterable[tuple[str, str, Mapping[str, Any]]]:
    """The store's record events by number, of one record or of all; erased content is left out."""
    rows = Event.objects.filter(type__startswith="record.", seq__isnull=False).order_by("seq")
    if subject is not None:
        rows = rows.filter(subject=subject)
    contents = (
        EventContent.objects.filter(event__in=rows).select_related("event").order_by("event__seq")
    )
    for row in contents.iterator(chunk_size=500):
        yield row.event.type, row.event.subject, told(row.content)
