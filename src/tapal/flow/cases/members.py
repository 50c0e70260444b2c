"""Who works on a case, and how it comes to another owner: by the consent of the agency that takes it."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.cases import CASE
from tapal.core.errors import Rejected
from tapal.core.mandates import LEAD_CASES, READ_CASES, level, powers_of_roles
from tapal.core.text import Text
from tapal.flow.cases.held import held, led, must_be_open, refused, step, text_of, wrong
from tapal.flow.officers import roles, valid_mandates
from tapal.flow.reference import scope_number
from tapal.flow.share import cases
from tapal.flow.share.compile import today
from tapal.store.models import Case, CaseMember, Officer


@transaction.atomic
def add_member(case_id: uuid.UUID | str, number: str, agency: str, *, actor: Actor) -> CaseMember:
    """Make an officer of an agency a member. It opens him the file; what stands in it, clauses open.

    Raises Missing, Denied, Rejected for who cannot be one: unknown, off, or without the powers alike.
    """
    case = led(case_id, actor)
    must_be_open(case)
    powers = _powers(number, agency)
    if READ_CASES not in powers or level(powers) < case.sensitivity:
        raise wrong(
            "officer",
            Text(
                "Tidak ada petugas dengan nomor ini di instansi itu yang boleh menangani perkara"
                " setingkat ini.",
                "No officer of that agency with this number may work on a case of this level.",
            ),
            Text("Periksa nomor dan instansinya.", "Check the number and the agency."),
        )
    if CaseMember.objects.filter(case=case, officer=number, agency=agency, ended_at=None).exists():
        raise wrong(
            "officer",
            Text("Sudah menjadi anggota.", "Is a member already."),
            Text("Lihat daftar anggota.", "Look at the list of members."),
        )
    member = CaseMember.objects.create(
        case=case, officer=number, agency=agency, since=timezone.now(), added_by=actor.number
    )
    step(case, "member_added", actor, ref=number)
    return member


def _powers(number: str, agency: str) -> frozenset[str]:
    """What an officer may do for an agency today, at one or another post."""
    officer = Officer.objects.filter(number=number, is_active=True).first()
    if officer is None:
        return frozenset()
    mandates = valid_mandates(officer, today(timezone.now()))
    return powers_of_roles((m.role for m in mandates if m.agency_id == agency), roles())


@transaction.atomic
def end_member(case_id: uuid.UUID | str, number: str, agency: str, *, actor: Actor) -> None:
    """End a membership: a lead anybody's, a member his own. His rights drop at once.

    Raises Missing, Denied, Rejected for the last lead of a sealed case.
    """
    case = held(case_id, actor)
    own = number == actor.number and agency == actor.agency
    if not own and not cases.leads(actor, case):
        raise refused(case)
    member = CaseMember.objects.filter(case=case, officer=number, agency=agency, ended_at=None)
    if not member.exists():
        raise wrong(
            "officer",
            Text("Bukan anggota perkara ini.", "Is no member of this case."),
            Text("Muat ulang halamannya.", "Load its page again."),
        )
    if case.sealed and not _leads_left(case, number):
        raise wrong(
            "officer",
            Text("Perkara tersegel harus punya satu pemimpin.", "A sealed case needs a lead."),
            Text("Tambahkan pemimpin lain dulu.", "Add another lead first."),
        )
    member.update(ended_at=timezone.now(), ended_by=actor.number)
    step(case, "member_ended", actor, ref=number)


def _leads_left(case: Case, without: str) -> bool:
    rows = CaseMember.objects.filter(case=case, agency=case.owner, ended_at=None)
    return any(LEAD_CASES in _powers(m.officer, m.agency) for m in rows.exclude(officer=without))


@transaction.atomic
def offer(case_id: uuid.UUID | str, agency: str, text: str, *, actor: Actor) -> Case:
    """Offer a case to another agency, one of whose members may then take it over.

    Raises Missing, Denied, Rejected where none of its members could, or while another offer stands.
    """
    case = led(case_id, actor)
    must_be_open(case)
    words = text_of(text, "text")
    if case.offered_to:
        raise wrong(
            "agency",
            Text("Sudah ditawarkan.", "It is offered already."),
            Text("Tarik tawaran itu dulu.", "Withdraw that offer first."),
        )
    rows = CaseMember.objects.filter(case=case, agency=agency, ended_at=None)
    able = any(LEAD_CASES in _powers(m.officer, m.agency) for m in rows)
    if agency == case.owner or not able:
        raise wrong(
            "agency",
            Text(
                "Instansi itu belum punya anggota yang boleh memimpin perkara.",
                "That agency has no member yet who may lead a case.",
            ),
            Text("Tambahkan anggotanya dulu.", "Add one of its officers first."),
        )
    case.offered_to = agency
    case.save(update_fields=["offered_to"])
    step(case, "offered", actor, ref=agency, text=words)
    return case


@transaction.atomic
def withdraw(case_id: uuid.UUID | str, text: str = "", *, actor: Actor) -> Case:
    """Take an offer back. Raises Missing, Denied, Rejected where there is none."""
    case = led(case_id, actor)
    return _answered(case, "withdrawn", text, actor)


@transaction.atomic
def decline(case_id: uuid.UUID | str, text: str, *, actor: Actor) -> Case:
    """Decline an offer, with the reason. Raises Missing, Denied, Rejected."""
    case = _offered(case_id, actor)
    return _answered(case, "declined", text_of(text, "text"), actor)


def _answered(case: Case, sort: str, text: str, actor: Actor) -> Case:
    if not case.offered_to:
        raise _no_offer()
    agency, case.offered_to = case.offered_to, ""
    case.save(update_fields=["offered_to"])
    step(case, sort, actor, ref=agency, text=text_of(text, "text", needed=False))
    return case


@transaction.atomic
def accept(case_id: uuid.UUID | str, *, actor: Actor) -> Case:
    """Take an offered case over: from this moment it has one owner, the actor's agency.

    Who was of the former owner and no member sees it no more. Raises Missing, Denied, Rejected.
    """
    case = _offered(case_id, actor)
    before = case.owner
    case.owner, case.place, case.offered_to = actor.agency, actor.post or "", ""
    case.scope_id = scope_number(case.owner, CASE, case.sensitivity)
    case.save(update_fields=["owner", "place", "scope", "offered_to"])
    step(case, "handed_over", actor, ref=before)
    return case


def _offered(case_id: uuid.UUID | str, actor: Actor) -> Case:
    """A case that is offered to the actor's agency and that he may take as its member."""
    case = held(case_id, actor)
    if LEAD_CASES not in actor.powers or not cases.is_member(actor, case):
        raise refused(case)
    if case.offered_to != actor.agency:
        raise _no_offer()
    must_be_open(case)
    return case


def _no_offer() -> Rejected:
    return wrong(
        "agency",
        Text("Tidak ada tawaran yang menunggu.", "No offer is waiting."),
        Text("Muat ulang halamannya.", "Load its page again."),
    )
