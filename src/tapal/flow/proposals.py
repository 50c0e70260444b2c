"""Four eyes: what opens powers to an officer stands only after a second person approves it.

A mandate, and switching an account on again, begin as a proposal. Who proposed it and whom it is
for never approve it; of the two persons one at least is of the agency whose records it opens.
Withdrawing powers needs one person: `mandates.end_mandate`, `accounts.switch_off`.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.mandates import EDIT_MANDATES, EDIT_OFFICERS
from tapal.core.text import Text
from tapal.flow import accounts, mandates
from tapal.flow.events import record_event
from tapal.flow.mandates import Given
from tapal.flow.officers import OTHER_POST, must_reach, open_mandates, powers_held, reaches
from tapal.flow.share.compile import agencies_on, today
from tapal.store.models import Agency, Officer, Proposal

OPEN, APPROVED, DECLINED = "open", "approved", "declined"
MANDATE, ACCOUNT = "mandate", "account"
# Who may propose and approve.
POWER = {MANDATE: EDIT_MANDATES, ACCOUNT: EDIT_OFFICERS}


@transaction.atomic
def propose_mandate(
    officer: Officer, given: Given, *, actor: Actor, now: datetime | None = None
) -> Proposal:
    """Propose a mandate for another; it opens nothing until a second person approves it.

    Raises Denied without the power, for oneself or outside one's post, Rejected for what cannot
    hold or waits already.
    """
    _allow(MANDATE, officer, actor)
    mandates.check(given)
    must_reach(actor, given.place)
    columns: dict[str, Any] = {
        "agency_id": given.agency,
        "role": given.role,
        "place_id": given.place,
        "valid_from": given.valid_from,
        "valid_to": given.valid_to,
    }
    return _propose(officer, MANDATE, columns, mandates.told(given), actor, now)


@transaction.atomic
def propose_return(officer: Officer, *, actor: Actor, now: datetime | None = None) -> Proposal:
    """Propose to switch an account on again: all its mandates would hold once more.

    Raises Denied without the power, for oneself or outside one's post, Rejected where it is on or
    waits already.
    """
    _allow(ACCOUNT, officer, actor)
    if officer.is_active:
        raise _refused("Akun itu sudah aktif.", "That account is on already.")
    moment = now or timezone.now()
    must_reach(actor, *(m.place_id for m in open_mandates(officer, today(moment))))
    return _propose(officer, ACCOUNT, {}, {}, actor, moment)


def approve(proposal: uuid.UUID | str, *, actor: Actor, now: datetime | None = None) -> Proposal:
    """Put a proposal in force as its second person; of two at once the later is told who was first.

    A mandate begins no earlier than today. Raises Missing, Rejected for one that is decided or can
    no longer hold, Denied without the power or with the reason of `why_not`.
    """
    moment = now or timezone.now()
    row = _still_open(proposal)
    _allow(row.act, row.officer, actor)
    if why := why_not(row, actor, moment):
        raise Denied(why)
    with transaction.atomic():
        _decide(row, APPROVED, "", actor, moment)
        if row.act == MANDATE:
            _put_in_force(row, actor, today(moment))
        else:
            _switch_on(row.officer, actor)
    return row


def decline(
    proposal: uuid.UUID | str, reason: str, *, actor: Actor, now: datetime | None = None
) -> Proposal:
    """Decline a proposal, or take one's own back, with the reason.

    Raises Missing, Rejected for one that is decided or without a reason, Denied without the power,
    for oneself or outside one's post.
    """
    row = _still_open(proposal)
    _allow(row.act, row.officer, actor)
    if row.act == MANDATE:
        must_reach(actor, row.place_id)
    if not reason.strip():
        raise _refused("Alasannya belum diisi.", "The reason is missing.")
    with transaction.atomic():
        _decide(row, DECLINED, reason.strip(), actor, now or timezone.now())
    return row


def waiting(officer: Officer | None = None) -> Sequence[Proposal]:
    """Proposals that wait for a second person, the oldest first; of one officer where one is named."""
    rows = Proposal.objects.filter(state=OPEN).select_related("officer", "agency", "place")
    return list((rows if officer is None else rows.filter(officer=officer)).order_by("id"))


_OWN = Text(
    "Ini tentang Anda sendiri: orang lain yang memutuskan.",
    "This is about yourself: somebody else decides it.",
)
_PROPOSED = Text(
    "Anda yang mengusulkan: orang kedua yang menyetujui.",
    "You proposed it: a second person approves it.",
)
_LAPSED = Text(
    "Pengusul tidak lagi berwenang: tolak, dan usulkan lagi.",
    "Its proposer no longer has the power: decline it, and propose it again.",
)
_OTHER_AGENCY = Text(
    "Salah satu dari dua orang harus dari instansi {agency} ({code}).",
    "One of the two persons must be of the agency {agency} ({code}).",
)


def why_not(proposal: Proposal, actor: Actor, now: datetime) -> Text | None:
    """Why the actor may not be the second person of this proposal; None where he may."""
    day = today(now)
    if POWER[proposal.act] not in actor.powers:
        return Text("Mandat Anda tidak mencakup hal itu.", "Your mandate does not cover that.")
    if actor.number == proposal.officer.number:
        return _OWN
    if actor.number == proposal.proposed_by:
        return _PROPOSED
    opened = _opened(proposal, day)
    if not reaches(actor, *(place for _, place in opened)):
        return OTHER_POST
    agencies = agencies_on(day)
    theirs = agencies.owners(actor.agency) | agencies.owners(proposal.proposer_agency)
    for agency, _ in opened:
        if agency not in theirs:
            named = Agency.objects.get(pk=agency)
            return _OTHER_AGENCY.fill(agency=Text(named.name_id, named.name_en), code=agency)
    proposer = Officer.objects.filter(number=proposal.proposed_by, is_active=True).first()
    if proposer is None or POWER[proposal.act] not in powers_held(proposer, day):
        return _LAPSED
    return None


def _opened(proposal: Proposal, day: date) -> list[tuple[str, str | None]]:
    """The agencies and posts at which a proposal opens powers."""
    if proposal.act == MANDATE:
        return [(str(proposal.agency_id), proposal.place_id)]
    return [(m.agency_id, m.place_id) for m in open_mandates(proposal.officer, day)]


def _allow(act: str, officer: Officer, actor: Actor) -> None:
    if POWER[act] not in actor.powers:
        raise Denied
    if actor.number == officer.number:
        raise Denied(_OWN)


# Any: the columns of a mandate, each of its own type, or none.
def _propose(
    officer: Officer,
    act: str,
    columns: dict[str, Any],
    content: dict[str, object],
    actor: Actor,
    now: datetime | None,
) -> Proposal:
    # One at a time for each officer: of two alike at once the second finds the first.
    Officer.objects.select_for_update().get(pk=officer.pk)
    if Proposal.objects.filter(officer=officer, act=act, state=OPEN, **columns).exists():
        raise _refused("Usul yang sama sudah menunggu.", "The same proposal waits already.")
    made = Proposal.objects.create(
        officer=officer,
        act=act,
        proposed_by=actor.number,
        proposer_agency=actor.agency,
        proposed_at=now or timezone.now(),
        **columns,
    )
    told = {"proposal": str(made.id), "act": act, **content}
    record_event("proposal.made", officer.number, told, actor=actor.number)
    return made


def _still_open(proposal: uuid.UUID | str) -> Proposal:
    row = Proposal.objects.filter(pk=proposal).first()
    if row is None:
        raise Missing
    if row.state != OPEN:
        raise _decided(row)
    return row


def _decided(row: Proposal) -> Rejected:
    return Rejected(
        Text("Sudah diputuskan oleh {who}.", "Decided already by {who}.").fill(who=row.decided_by),
        Text("Muat ulang halaman petugas.", "Load the officer's page again."),
        place="proposal",
    )


def _decide(row: Proposal, state: str, reason: str, actor: Actor, now: datetime) -> None:
    """Write the decision down in the caller's transaction. Raises Rejected where another was first."""
    decided = {"state": state, "reason": reason, "decided_by": actor.number, "decided_at": now}
    if not Proposal.objects.filter(pk=row.pk, state=OPEN).update(**decided):
        row.refresh_from_db()
        raise _decided(row)
    told = {"proposal": str(row.id), "act": row.act, "proposed_by": row.proposed_by}
    if reason:
        told["reason"] = reason
    record_event(f"proposal.{state}", row.officer.number, told, actor=actor.number)


def _put_in_force(row: Proposal, actor: Actor, day: date) -> None:
    assert row.agency_id and row.valid_from
    given = Given(row.agency_id, row.role, row.valid_from, row.place_id, row.valid_to)
    if given.valid_to is not None and given.valid_to < day:
        raise _refused("Hari terakhirnya sudah lewat.", "Its last day has passed.")
    given = replace(given, valid_from=max(day, given.valid_from))
    mandates.make(row.officer, given, given_by=row.proposed_by, approved_by=actor.number)


def _switch_on(officer: Officer, actor: Actor) -> None:
    officer.is_active = True
    officer.save(update_fields=["is_active"])
    record_event("officer.saved", officer.number, accounts.told(officer), actor=actor.number)


def _refused(said_id: str, said_en: str) -> Rejected:
    return Rejected(
        Text(said_id, said_en),
        Text("Periksa halaman petugas itu.", "Look at that officer's page."),
        place="proposal",
    )
