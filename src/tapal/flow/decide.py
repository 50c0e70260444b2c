"""What an officer does to a record: offered by its kind, allowed by his powers, undone within minutes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from pydantic import BaseModel, ValidationError

from tapal.core.actions import Action, Actor, NewDocument, Occasion, Outcome
from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.mandates import READ_WITHHELD
from tapal.core.registers import conflicts
from tapal.core.text import Text
from tapal.flow import alert, records, runs, tasks, work
from tapal.flow.events import record_event
from tapal.flow.findings import said_of
from tapal.flow.gather import context_of
from tapal.flow.numbers import next_number
from tapal.kinds import KINDS
from tapal.store.models import Alert, Finding, Record

# The place that a rejection names when the record has changed under its author's hands.
OVERTAKEN = "revision"


@dataclass(frozen=True, slots=True)
class Acted:
    """What an act did: the new revision, papers issued (form, number), ids of tasks opened."""

    revision: str
    documents: tuple[tuple[str, str], ...]
    tasks: tuple[str, ...]


def occasion(record: Record, actor: Actor) -> Occasion:
    """The record with its findings and context, as the kind weighs its actions."""
    view = records.view_of(record)
    held = Finding.objects.filter(record=record, withdrawn_at__isnull=True)
    said = tuple(said_of(row) for row in held)
    return Occasion(view, said, context_of(view), actor, conflicts(record.registers))


@dataclass(frozen=True, slots=True)
class Weighed:
    """The actions lawful now for an officer with the form that each asks; those that wait, and for what."""

    offers: tuple[tuple[Action, type[BaseModel] | None], ...] = ()
    waits: tuple[tuple[Action, Text], ...] = ()


def weigh(record_id: str, *, actor: Actor) -> Weighed:
    """What this officer may do to the record now, and what must wait.

    Only the owner agency's officers are offered any: an agreement lets others read, never act.
    """
    record = Record.objects.filter(pk=record_id).first()
    if record is None or record.owner != actor.agency or not actor.acts_at(record.place):
        return Weighed()
    at_hand = occasion(record, actor)
    his = [action for action in KINDS[record.kind].actions if action.power in actor.powers]
    return Weighed(
        tuple(
            (action, action.form(at_hand) if action.form else None)
            for action in his
            if action.offered(at_hand)
        ),
        tuple((action, why) for action in his if action.waits and (why := action.waits(at_hand))),
    )


def offers(record_id: str, *, actor: Actor) -> tuple[tuple[Action, type[BaseModel] | None], ...]:
    """The actions lawful now for this officer, each with the form that it asks."""
    return weigh(record_id, actor=actor).offers


def act(
    record_id: str,
    name: str,
    given: Mapping[str, Any] | None = None,
    *,
    actor: Actor,
    saw: Mapping[str, Iterable[str]] | None = None,
    seen: str | None = None,
) -> Acted:
    """Do one action and take the record down the road again, so that its rules see the change.

    `given` are the form's answers. `seen` is the revision of the page that he acted on: what
    somebody else changed since is told to him before anything is written. `saw` names the
    revisions by path that an author who was apart had before him: then both values stay.
    Raises Missing, Denied when it is not offered to him now, Rejected when the answers do not fit
    or the record has changed under his hands.
    """
    acted = _act(record_id, name, given or {}, actor, saw, seen)
    work.work_one(work.claimant_name(), only=acted[1])
    return acted[0]


@transaction.atomic
def _act(
    record_id: str,
    name: str,
    given: Mapping[str, Any],
    actor: Actor,
    saw: Mapping[str, Iterable[str]] | None,
    seen: str | None,
) -> tuple[Acted, int]:
    record = Record.objects.select_for_update(no_key=True).filter(pk=record_id).first()
    if record is None or record.owner != actor.agency:
        raise Missing
    action = KINDS[record.kind].action(name)
    at_hand = occasion(record, actor)
    if action is None or action.power not in actor.powers or not actor.acts_at(record.place):
        raise Denied
    newer = _changed_since(record, seen, actor)
    if not action.offered(at_hand):
        raise _overtaken() if newer else Denied()
    outcome = action.apply(at_hand, _answers(action, at_hand, given))
    if newer.intersection(outcome.changes):
        raise _overtaken()
    return _carry_out(record, action, outcome, actor, saw)


def _changed_since(record: Record, seen: str | None, actor: Actor) -> frozenset[str]:
    """The paths at which a value stands that is newer than the revision on the officer's page.

    Of a withheld one he is not told that it changed.
    """
    if seen is None or seen == str(record.revision):
        return frozenset()
    changed = frozenset(
        path
        for path, register in record.registers.items()
        if any(revision > seen for revision in register["values"])
    )
    return changed if READ_WITHHELD in actor.powers else changed - records.withheld(record, changed)


def _overtaken() -> Rejected:
    return Rejected(
        Text(
            "Berkas ini diubah petugas lain sejak Anda membukanya; tindakan Anda belum dicatat.",
            "Another officer changed this record since you opened it; your act was not recorded.",
        ),
        Text("Periksa isinya yang baru, lalu putuskan.", "Look at it as it is now, then decide."),
        place=OVERTAKEN,
    )


def _answers(action: Action, at_hand: Occasion, given: Mapping[str, Any]) -> BaseModel | None:
    if action.form is None:
        return None
    try:
        return action.form(at_hand).model_validate(dict(given))
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise Rejected(
            Text("Isian belum benar: {m}", "The answer does not fit: {m}").fill(m=first["msg"]),
            Text("Perbaiki isian itu lalu kirim lagi.", "Mend it and send again."),
            place=".".join(map(str, first["loc"])),
        ) from wrong


def _carry_out(
    record: Record,
    action: Action,
    outcome: Outcome,
    actor: Actor,
    saw: Mapping[str, Iterable[str]] | None,
) -> tuple[Acted, int]:
    now = timezone.now()
    issued = [(paper, next_number(record, paper.form, now)) for paper in outcome.documents]
    changes = {**outcome.changes, **_papers(record, outcome.changes, issued, actor, now)}
    told = outcome.outward or action.name
    closed = tasks.close_tasks(record, outcome.closes, actor=actor.number, answer=told)
    opened = [
        str(
            tasks.open_task(
                tasks.Wanted.of(new, now, record.place), record=record, actor=actor.number
            ).id
        )
        for new in outcome.tasks
    ]
    settled = _settle(record, action, actor) if outcome.settles_alerts else []
    began = runs.begin_by_act(record, action.name, actor.number)
    edit = records.revise(
        record,
        changes,
        actor=actor.number,
        action=action.name,
        saw=saw,
        extra={
            "opened": opened,
            "closed": closed,
            "settled": settled,
            "began": str(began.id) if began else None,
            "outward": told,
        },
    )
    for paper, number in issued:
        record_event(
            "document.issued",
            str(record.id),
            {"form": paper.form, "number": number},
            actor=actor.number,
        )
    queued = records.enqueue([record.id], urgent=True)
    papers = tuple((paper.form, number) for paper, number in issued)
    return Acted(edit.revision, papers, tuple(opened)), queued.pk


def _papers(
    record: Record,
    changes: Mapping[str, Any],
    issued: Iterable[tuple[NewDocument, str]],
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """The lists of papers with the new ones added, by the path that each belongs at."""
    lists: dict[str, list[Any]] = {}
    for paper, number in issued:
        held = lists.setdefault(
            paper.into,
            list(changes.get(paper.into) or records.view_of(record).get(paper.into) or []),
        )
        held.append(
            {
                "form": paper.form,
                "number": number,
                "issued_at": now.isoformat(),
                "issued_by": actor.number,
                **paper.data,
            }
        )
    return dict(lists)


def _settle(record: Record, action: Action, actor: Actor) -> list[str]:
    settled = []
    for row in Alert.objects.filter(record=record, state="open"):
        alert.close_alert(row.id, alert.Outcome.TRUE, action.label.id, actor=actor, by_act=True)
        settled.append(str(row.id))
    return settled


def settle_conflict(record_id: str, path: str, value: Any, *, actor: Actor) -> None:
    """Choose the value of a field on which two edits clash; when none is left its task closes.

    Raises Missing, Denied without the power, Rejected for a value that is not one of those there.
    """
    with transaction.atomic():
        record = Record.objects.select_for_update(no_key=True).filter(pk=record_id).first()
        if record is None or record.owner != actor.agency:
            raise Missing
        power = READ_WITHHELD if records.withheld(record, (path,)) else "record.write"
        if power not in actor.powers or not actor.acts_at(record.place):
            raise Denied
        there = records.clashes(record).get(path, [])
        if value not in there:
            raise Rejected(
                Text(
                    "Nilai itu bukan salah satu yang bertentangan.",
                    "That is not one of the values there.",
                ),
                Text("Pilih salah satu nilai yang ditampilkan.", "Choose one of the values shown."),
                place=path,
            )
        records.revise(record, {path: value}, actor=actor.number, action="settle_conflict")
        if not record.conflicting:
            tasks.close_tasks(record, ["settle_conflict"], actor=actor.number, answer=path)
        queued = records.enqueue([record.id], urgent=True)
    work.work_one(work.claimant_name(), only=queued.pk)
