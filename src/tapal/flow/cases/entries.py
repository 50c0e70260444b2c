"""What a case holds: things that it joins, notes and decisions; taken out and put back."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.cases import ALL, ITEMS, OWN, STEPS
from tapal.core.errors import Missing, Rejected
from tapal.core.text import Text
from tapal.flow.cases.held import line, refused, text_of, written, wrong
from tapal.flow.cases.life import open_case
from tapal.flow.events import record_event
from tapal.flow.share import cases, targets
from tapal.flow.share.bearer import identity_of
from tapal.flow.share.door import Door
from tapal.flow.share.seen_cases import UNDO_MINUTES
from tapal.store.models import Case, CaseEntry


def add_item(
    case_id: uuid.UUID | str, sort: str, ref: uuid.UUID | str, text: str = "", *, door: Door
) -> CaseEntry:
    """Join a thing that the actor may see to a case; a person by one of his records.

    Raises Missing for a case or a thing that he may not see, Denied, Rejected for one that is in the
    case already.
    """
    if sort not in ITEMS:
        raise Missing
    joined = _identity(door, ref) if sort == "person" else targets.as_id(ref)
    if not _sees(door, sort, joined):
        raise _no_person() if sort == "person" else Missing()
    with transaction.atomic():
        case = written(case_id, door.actor)
        why = text_of(text, "text", needed=False)
        if _stands(case, sort, joined):
            raise wrong(
                "ref",
                Text("Sudah ada dalam perkara ini.", "It is in this case already."),
                Text("Lihat lini masanya.", "Look at the timeline."),
            )
        made = line(case, sort, door.actor, ref=joined, text=why)
        told = {"entry": str(made.id), "sort": sort, "ref": joined, "text": why}
        record_event("case.added", str(case.id), told, actor=door.actor.number)
    return made


@transaction.atomic
def open_with(
    title: str,
    sort: str,
    ref: uuid.UUID | str,
    *,
    door: Door,
    confidential: bool = False,
    sealed: bool = False,
) -> Case:
    """Open a case from a thing that the actor sees; neither stands without the other.

    Raises what `open_case` and `add_item` raise.
    """
    case = open_case(title, actor=door.actor, confidential=confidential, sealed=sealed)
    add_item(case.id, sort, ref, door=door)
    return case


def _sees(door: Door, sort: str, ref: str) -> bool:
    return bool(targets.seen(door.actor, door.reach, door.now, [(sort, ref)]))


def _identity(door: Door, record_id: uuid.UUID | str) -> str:
    """The person of a record that the actor sees, or an id that nothing bears."""
    record = targets.as_id(record_id)
    if not _sees(door, "record", record):
        raise Missing
    return targets.as_id(identity_of(uuid.UUID(record)) or "")


def _no_person() -> Rejected:
    """One answer for a record without a document and for a document that he may not see."""
    return wrong(
        "ref",
        Text(
            "Dalam catatan ini tidak ada dokumen yang dibawa seseorang dan boleh Anda lihat.",
            "This record holds no document of a person that you may see.",
        ),
        Text("Masukkan catatannya saja.", "Add the record itself."),
    )


def _stands(case: Case, sort: str, ref: str) -> bool:
    return CaseEntry.objects.filter(case=case, sort=sort, ref=ref, undone_at=None).exists()


@transaction.atomic
def write(
    case_id: uuid.UUID | str, sort: str, text: str, audience: str = ALL, *, actor: Actor
) -> CaseEntry:
    """Write a note or a decision into a case, for all its members or for one's own agency.

    Raises Missing, Denied, Rejected without a word or into a closed case.
    """
    case = written(case_id, actor)
    if sort not in ("note", "decision"):
        raise Missing
    words = text_of(text, "text")
    made = line(case, sort, actor, text=words, audience=OWN if audience == OWN else ALL)
    told = {"entry": str(made.id), "sort": sort, "text": words, "audience": made.audience}
    record_event("case.added", str(case.id), told, actor=actor.number)
    return made


@transaction.atomic
def take_out(case_id: uuid.UUID | str, entry_id: uuid.UUID | str, *, door: Door) -> CaseEntry:
    """Take something out of a case: one's own, or a lead of its owner anything that he sees.

    Raises Missing, Denied, Rejected for a closed case.
    """
    case, entry = _entry(case_id, entry_id, door)
    if entry.undone_at is not None:
        raise Missing
    own = entry.by == door.actor.number and entry.agency == door.actor.agency
    if not own and not cases.leads(door.actor, case):
        raise refused(case)
    return _mark(case, entry, "case.removed", door.actor)


@transaction.atomic
def restore(case_id: uuid.UUID | str, entry_id: uuid.UUID | str, *, door: Door) -> CaseEntry:
    """Put back what was taken out: within minutes by who took it out, by a lead at any time.

    Raises Missing, Denied, Rejected where the same thing was added again.
    """
    case, entry = _entry(case_id, entry_id, door)
    if entry.undone_at is None:
        raise Missing
    fresh = timezone.now() - entry.undone_at <= timedelta(minutes=UNDO_MINUTES)
    own = entry.undone_by == door.actor.number and fresh
    if not own and not cases.leads(door.actor, case):
        raise refused(case)
    if entry.ref and _stands(case, entry.sort, entry.ref):
        raise wrong(
            "ref",
            Text("Sudah ditambahkan lagi.", "It has been added again."),
            Text("Lihat lini masanya.", "Look at the timeline."),
        )
    return _mark(case, entry, "case.restored", door.actor)


def _entry(
    case_id: uuid.UUID | str, entry_id: uuid.UUID | str, door: Door
) -> tuple[Case, CaseEntry]:
    """A line that the actor sees and that can be taken out at all."""
    case = written(case_id, door.actor)
    entry = cases.entry_seen(door.actor, door.reach, door.now, case, entry_id)
    if entry is None or entry.sort in STEPS:
        raise Missing
    return case, entry


def _mark(case: Case, entry: CaseEntry, event: str, actor: Actor) -> CaseEntry:
    out = event == "case.removed"
    entry.undone_at, entry.undone_by = (timezone.now(), actor.number) if out else (None, "")
    entry.save(update_fields=["undone_at", "undone_by"])
    record_event(event, str(case.id), {"entry": str(entry.id)}, actor=actor.number)
    return entry
