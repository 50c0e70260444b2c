"""Procedures as versions: which is in force for a reason, what ships, drafts, signatures.

A version that was put forward never changes; a new one takes over for new cases only.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected, Unavailable
from tapal.core.text import Text
from tapal.engines import procedures as engine
from tapal.flow import adoption
from tapal.flow.diagrams import xml_of as xml_of
from tapal.flow.events import SYSTEM, record_event
from tapal.flow.reference import bump, cached, legal_book
from tapal.flow.storable import storable
from tapal.kinds import KINDS
from tapal.store.models import Procedure

EDIT = "procedure.edit"
SIGN = "procedure.sign"
CURSOR = "procedures"
# How often a version number that somebody else takes at the same moment is counted again.
TRIES = 5
SEEDS = Path(__file__).parent.parent / "procedures"


def _read_in_force() -> Sequence[Procedure]:
    """The versions in force, the oldest first."""
    return list(Procedure.objects.filter(state="in_force").order_by("in_force_at", "id"))


in_force = cached(_read_in_force, CURSOR)


def for_reason(reason: str, owner: str) -> Procedure | None:
    """The procedure that an alert of an agency starts: one that it signed, else one that ships."""
    return adoption.rightful(in_force(), reason, owner)


def seeds() -> dict[str, bytes]:
    """The diagrams that ship, by file name: those of no single kind, then each kind's own."""
    folders = [SEEDS, *(k.procedures for k in KINDS.values() if k.procedures is not None)]
    return {p.name: p.read_bytes() for folder in folders for p in sorted(folder.glob("*.bpmn"))}


def seed() -> None:
    """Bring what ships and is not here yet; a version that an agency made or signed stays in force.

    Where a shipped diagram has changed since, it comes as a new version: in force at once where
    nobody has signed the old one, else as a draft beside it.
    """
    for xml in seeds().values():
        diagram, faults = engine.checked(xml)
        if diagram is None or (faults := (*faults, *adoption.faults(diagram))):
            raise ValueError(f"a shipped procedure has faults: {faults}")
        if not Procedure.objects.filter(name=diagram.id, sha256=diagram.sha256).exists():
            _bring(diagram, xml)
    bump(CURSOR)


def _bring(diagram: engine.Diagram, xml: bytes) -> None:
    theirs = Procedure.objects.filter(name=diagram.id, state="in_force").exclude(
        seed=True, signatures=[]
    )
    row = _new_version(diagram, xml, SYSTEM, None, "")
    row.seed = True
    row.save(update_fields=["seed"])
    if not theirs.exists():
        _take_over(row)


@transaction.atomic
def save_draft(xml: bytes, note: str, *, actor: Actor) -> Procedure:
    """Keep a drawn diagram as a draft of a new version; a draft that is there already is drawn anew.

    Raises Denied without the power, Rejected with the first fault for a diagram that cannot be run.
    """
    if EDIT not in actor.powers:
        raise Denied
    diagram = _whole(xml)
    held = (
        Procedure.objects.select_for_update()
        .filter(name=diagram.id, state="draft", owner=actor.agency)
        .first()
    )
    if held is None:
        held = _new_version(diagram, xml, actor.number, actor.agency, note)
    else:
        _draw(held, diagram, xml)
        held.note, held.made_by, held.made_at = (
            storable(note.strip())[:2000],
            actor.number,
            timezone.now(),
        )
        held.authors = sorted({*held.authors, actor.number})
        held.save()
    _told("procedure.saved", held, actor, {"sha256": held.sha256, "note": held.note})
    return held


def _whole(xml: bytes) -> engine.Diagram:
    """The diagram of which nothing is wrong. Raises Rejected with the first fault."""
    diagram, faults = engine.checked(xml)
    if diagram is None or (faults := faults or tuple(adoption.faults(diagram))):
        first = faults[0]
        raise Rejected(first.reason, first.mend, place=first.place)
    try:
        engine.build(xml)
    except engine.Refused as wrong:
        raise Rejected(
            Text("Bagan ini tidak dapat dijalankan: {r}", "The diagram cannot be run: {r}").fill(
                r=str(wrong)[:300]
            ),
            Text("Periksa panah dan gerbangnya.", "Check its arrows and gateways."),
            place=diagram.id,
        ) from wrong
    if not diagram.reasons or not diagram.signers:
        raise Rejected(
            Text(
                "Prosedur belum menyebut alasan peringatan atau instansi penanda tangan.",
                "The procedure names no alert reason or no agency that signs it.",
            ),
            Text(
                "Isi reasons dan signedBy pada sifat prosedur.",
                "Fill in reasons and signedBy in the procedure's properties.",
            ),
            place=diagram.id,
        )
    adoption.must_be_asked(diagram)
    return diagram


def _new_version(
    diagram: engine.Diagram, xml: bytes, by: str, agency: str | None, note: str
) -> Procedure:
    row = Procedure(
        name=diagram.id,
        owner_id=agency,
        note=storable(note.strip())[:2000],
        made_by=by,
        authors=[by],
        made_at=timezone.now(),
    )
    _draw(row, diagram, xml)
    for _ in range(TRIES):
        last = Procedure.objects.filter(name=diagram.id).aggregate(last=Max("version"))["last"]
        row.version = (last or 0) + 1
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            continue  # another took that number at the same moment
        return row
    raise Unavailable


def _draw(row: Procedure, diagram: engine.Diagram, xml: bytes) -> None:
    row.xml, row.sha256 = xml, diagram.sha256
    row.label, row.reasons, row.signers = (
        diagram.name.json(),
        list(diagram.reasons),
        list(diagram.signers),
    )


def may_propose(row: Procedure, actor: Actor) -> bool:
    """Whether the actor may put this version forward: his agency's draft, or one that ships to it."""
    own = actor.agency in row.signers if row.seed else row.owner_id == actor.agency
    return row.state == "draft" and own and EDIT in actor.powers


def may_sign(row: Procedure, actor: Actor) -> bool:
    """Whether the actor's agency is asked to sign this version, and he may.

    He has drawn none of it, and has not signed it for another agency.
    """
    signed = {each["agency"] for each in row.signatures}
    asked = actor.agency in row.signers and actor.agency not in signed
    waits = row.state == "proposed" or (row.seed and row.state == "in_force")
    hands = {row.made_by, *row.authors, *(each["officer"] for each in row.signatures)}
    return waits and asked and SIGN in actor.powers and actor.number not in hands


@transaction.atomic
def propose(procedure_id: uuid.UUID | str, *, actor: Actor) -> Procedure:
    """Put a draft forward for signature; from now on its diagram stays as it is.

    Raises Denied, Missing, Rejected where an agency that it concerns is not asked to sign.
    """
    row = _locked(procedure_id, "draft")
    if not may_propose(row, actor):
        raise Denied
    _still_whole(row)
    row.state = "proposed"
    row.save(update_fields=["state"])
    _told("procedure.proposed", row, actor, {"signers": row.signers})
    return row


@transaction.atomic
def sign(procedure_id: uuid.UUID | str, *, actor: Actor) -> Procedure:
    """Sign for the actor's agency; with the last signature the version takes over for new cases.

    One that ships is in force before anybody has signed it.

    Raises Denied without the power, for an agency that is not asked, and for who drew any of it
    (four eyes); Missing when it does not wait for signatures; Rejected where by now another agency
    must sign as well.
    """
    row = _locked(procedure_id, "proposed", "in_force")
    if not may_sign(row, actor):
        raise Denied
    at = timezone.now()
    row.signatures = [
        *row.signatures,
        {
            "agency": actor.agency,
            "officer": actor.number,
            "name": actor.name,
            "at": at.isoformat(),
            "sha256": row.sha256,
        },
    ]
    row.save(update_fields=["signatures"])
    _told("procedure.signed", row, actor, {"agency": actor.agency, "sha256": row.sha256})
    if row.state == "proposed" and {s["agency"] for s in row.signatures} >= set(row.signers):
        _still_whole(row)
        _take_over(row)
        _told("procedure.in_force", row, actor, {})
    bump(CURSOR)
    return row


def _still_whole(row: Procedure) -> None:
    """Raises Rejected for a version that was drawn when less was asked of one, or of fewer."""
    if row.seed:
        diagram, _ = engine.checked(xml_of(row))
        if diagram is not None:
            adoption.must_be_asked(diagram, shipped=True)
    else:
        _whole(xml_of(row))


def _take_over(row: Procedure) -> None:
    """Put a version in force; what it displaces goes on with the cases that it began.

    A drawn version displaces those of its name that its signers signed: no other agency's, and
    not the shipped one, which stays the ground for agencies that have signed none.
    """
    now = timezone.now()
    before = [old.id for old in taken_over_by(row)]
    Procedure.objects.filter(pk__in=before).update(state="followed", followed_at=now)
    row.state, row.in_force_at = "in_force", now
    row.save(update_fields=["state", "in_force_at"])


def taken_over_by(row: Procedure) -> list[Procedure]:
    """The versions in force that this one follows once it is in force itself."""
    return [
        old
        for old in Procedure.objects.filter(name=row.name, state="in_force").defer("xml")
        if (old.seed and row.seed)
        or (not old.seed and any(adoption.binds(old, code) for code in row.signers))
    ]


def _locked(procedure_id: uuid.UUID | str, *states: str) -> Procedure:
    """A version, locked with all others of its name: of two signed at once the later follows the other."""
    name = Procedure.objects.filter(pk=procedure_id).values_list("name", flat=True)
    rows = Procedure.objects.select_for_update().filter(name__in=list(name)).defer("xml")
    held = {str(row.id): row for row in rows.order_by("id")}
    row = held.get(str(procedure_id))
    if row is None or row.state not in states:
        raise Missing
    return row


# Any: JSON.
def _told(type_: str, row: Procedure, actor: Actor, more: Mapping[str, Any]) -> None:
    content = {"name": row.name, "version": row.version, **more}
    record_event(type_, str(row.id), content, actor=actor.number)


def version(procedure_id: uuid.UUID | str) -> Procedure | None:
    """One version, whatever its state."""
    return Procedure.objects.filter(pk=procedure_id).first()


def versions() -> list[Procedure]:
    """All versions of all procedures, without their diagrams."""
    return list(Procedure.objects.defer("xml").order_by("name", "-version"))


def clocks_of(diagram: engine.Diagram) -> dict[str, tuple[int, str]]:
    """How long each step may wait, in minutes, and their unit; none for a step without a clock."""
    book, today = legal_book(), timezone.localdate()
    found = {}
    for step in diagram.steps.values():
        settled = book.settle("task.minutes", today, task=step.clock or f"{diagram.id}.{step.id}")
        if settled and settled.values[0] is not None:
            found[step.id] = (int(settled.values[0]), settled.rows[0].unit)
    return found


def versions_of(name: str) -> list[Procedure]:
    """All versions of a procedure, the newest first."""
    return list(Procedure.objects.filter(name=name).order_by("-version"))
