"""Agreements as data: saved, ended and revoked by the data steward of the agency that gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.clauses import HIGHEST_OUTSIDE, read_terms
from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.mandates import EDIT_AGREEMENTS
from tapal.core.marking import Purpose
from tapal.core.text import Text
from tapal.flow.events import record_event
from tapal.flow.share import compile
from tapal.flow.share.terms import kind_marks
from tapal.store.models import Agreement, Place, Roll


@dataclass(frozen=True, slots=True)
class Terms:
    """An agreement as it is to be saved. `clauses` is JSON, its shape is that of `read_terms`."""

    code: str
    title: Text
    giver: str
    taker: str
    purpose: str
    clauses: Sequence[Mapping[str, Any]]  # Any: JSON, checked before it is saved
    valid_from: date
    valid_to: date | None = None
    legal_basis: str = ""


def check(terms: Terms) -> None:
    """Raises Rejected with a sentence for whatever cannot hold: a name, a level, a purpose, a day."""
    agencies = compile.agencies_on(compile.today(timezone.now()))
    for code in (terms.giver, terms.taker):
        if code not in agencies.roles:
            raise _refused("agency", f"instansi {code} tidak dikenal", f"unknown agency {code}")
    if terms.giver == terms.taker:
        raise _refused("taker", "pemberi dan penerima sama", "giver and taker are the same")
    if terms.purpose not in {p.value for p in Purpose}:
        raise _refused("purpose", "tujuan tidak dikenal", f"unknown purpose {terms.purpose}")
    if terms.valid_to is not None and terms.valid_to < terms.valid_from:
        raise _refused(
            "valid_to", "hari terakhir mendahului hari pertama", "it ends before it begins"
        )
    places = frozenset(Place.objects.values_list("id", flat=True))
    owners = agencies.owners(terms.giver)
    lists = frozenset(Roll.objects.filter(authority__in=owners).values_list("code", flat=True))
    for raw in terms.clauses:
        read = read_terms(raw, kinds=kind_marks(), places=places, lists=lists)
        if agencies.outside(terms.taker) and read.highest > HIGHEST_OUTSIDE:
            raise _refused(
                "max_sensitivity",
                f"penerima ini paling tinggi dapat melihat {HIGHEST_OUTSIDE.label.id}",
                f"this taker may see no more than {HIGHEST_OUTSIDE.label.en}",
            )


@transaction.atomic
def save_agreement(terms: Terms, *, actor: Actor) -> Agreement:
    """Put an agreement, or its new text, in force from its first day.

    Raises Denied unless the actor is a steward of the giver, Rejected for what cannot hold or for
    a text that would take over another giver's code or one that was revoked.
    """
    _allow(actor, terms.giver)
    check(terms)
    before = Agreement.objects.select_for_update().filter(pk=terms.code).first()
    if before is not None:
        _allow(actor, before.giver_id)
        if before.revoked_at is not None:
            raise _refused("code", "perjanjian itu sudah dicabut", "that agreement was revoked")
    agreement = Agreement(
        code=terms.code,
        title_id=terms.title.id,
        title_en=terms.title.en,
        giver_id=terms.giver,
        taker_id=terms.taker,
        purpose=terms.purpose,
        legal_basis=terms.legal_basis,
        clauses=[dict(raw) for raw in terms.clauses],
        valid_from=terms.valid_from,
        valid_to=terms.valid_to,
    )
    agreement.save()
    told = {"after": _told(agreement), "before": _told(before) if before else None}
    record_event("agreement.saved", agreement.code, told, actor=actor.number)
    return agreement


@transaction.atomic
def revoke_agreement(code: str, reason: str, *, actor: Actor, now: datetime | None = None) -> None:
    """Revoke an agreement: from the commit on no door opens by it.

    Raises Denied unless the actor is a steward of the giver, Missing for one that there is not
    and for one between others alike, Rejected without a reason.
    """
    if EDIT_AGREEMENTS not in actor.powers:
        raise Denied
    agreement = Agreement.objects.select_for_update().filter(pk=code).first()
    owners = compile.agencies_on(compile.today(timezone.now())).owners(actor.agency)
    if agreement is None or owners.isdisjoint({agreement.giver_id, agreement.taker_id}):
        raise Missing
    _allow(actor, agreement.giver_id)
    if not reason.strip():
        raise _refused("reason", "alasan pencabutan belum diisi", "a reason is needed")
    if agreement.revoked_at is None:
        agreement.revoked_at = now or timezone.now()
        agreement.save(update_fields=["revoked_at"])
        record_event("agreement.revoked", code, {"reason": reason}, actor=actor.number)


def agreements_of(agency: str) -> list[Agreement]:
    """What an agency gives and takes, the newest first."""
    given = Agreement.objects.filter(giver_id=agency) | Agreement.objects.filter(taker_id=agency)
    return list(given.select_related("giver", "taker").order_by("-valid_from", "code"))


def _allow(actor: Actor, giver: str) -> None:
    """The steward of an agency, or of what it has become, speaks for it."""
    owners = compile.agencies_on(compile.today(timezone.now())).owners(actor.agency)
    if EDIT_AGREEMENTS not in actor.powers or giver not in owners:
        raise Denied


def _told(agreement: Agreement) -> dict[str, Any]:
    return {
        "giver": agreement.giver_id,
        "taker": agreement.taker_id,
        "purpose": agreement.purpose,
        "clauses": agreement.clauses,
        "valid_from": agreement.valid_from.isoformat(),
        "valid_to": agreement.valid_to.isoformat() if agreement.valid_to else None,
        "legal_basis": agreement.legal_basis,
    }


def _refused(place: str, said_id: str, said_en: str) -> Rejected:
    return Rejected(
        Text(f"Perjanjian tidak dapat disimpan: {said_id}.", f"It cannot be saved: {said_en}."),
        Text("Perbaiki bagian itu lalu simpan lagi.", "Mend that part and save again."),
        place=place,
    )
