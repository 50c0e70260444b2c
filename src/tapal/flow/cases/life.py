"""A case from its opening to its end: opened, sealed, closed with an outcome, opened again."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.cases import CASE, CaseOutcome
from tapal.core.errors import Denied
from tapal.core.mandates import WRITE_CASES, level
from tapal.core.marking import Sensitivity
from tapal.core.text import Text
from tapal.flow.cases.held import (
    LONGEST_TITLE,
    led,
    line,
    must_be_open,
    step,
    text_of,
    wrong,
)
from tapal.flow.events import record_event
from tapal.flow.reference import scope_number
from tapal.store.models import Case, CaseMember


@transaction.atomic
def open_case(
    title: str,
    *,
    actor: Actor,
    confidential: bool = False,
    sealed: bool = False,
) -> Case:
    """Open a case of the actor's agency at his post, with him as its first member.

    A sealed one is confidential, exists for its members alone, and stays sealed.
    Raises Denied without the power, Rejected without a title or above his own level.
    """
    if WRITE_CASES not in actor.powers:
        raise Denied
    named = text_of(title, "title", longest=LONGEST_TITLE)
    sensitivity = Sensitivity.CONFIDENTIAL if confidential or sealed else Sensitivity.RESTRICTED
    _within_level(sensitivity, actor)
    now = timezone.now()
    case = Case.objects.create(
        scope_id=scope_number(actor.agency, CASE, int(sensitivity)),
        owner=actor.agency,
        place=actor.post or "",
        sensitivity=int(sensitivity),
        sealed=sealed,
        title=named,
        opened_at=now,
        opened_by=actor.number,
    )
    CaseMember.objects.create(
        case=case, officer=actor.number, agency=actor.agency, since=now, added_by=actor.number
    )
    told = {"title": named, "owner": case.owner, "place": case.place, "sealed": sealed}
    record_event("case.opened", str(case.id), told, actor=actor.number)
    line(case, "opened", actor)
    return case


def _within_level(sensitivity: Sensitivity, actor: Actor) -> None:
    if level(actor.powers) < sensitivity:
        raise wrong(
            "confidential",
            Text(
                "Mandat Anda tidak mencakup hal yang rahasia.",
                "Your mandate does not cover what is confidential.",
            ),
            Text("Minta kepala regu membukanya.", "Ask your shift leader to open it."),
        )


@transaction.atomic
def seal(case_id: uuid.UUID | str, *, actor: Actor) -> Case:
    """Seal a case: from now on it exists for its members alone, and for good.

    Raises Missing, Denied, Rejected for who is no member or may not read what is confidential.
    """
    case = led(case_id, actor)
    must_be_open(case)
    _within_level(Sensitivity.CONFIDENTIAL, actor)
    if not CaseMember.objects.filter(case=case, officer=actor.number, ended_at=None).exists():
        raise wrong(
            "members",
            Text("Anda belum menjadi anggota.", "You are not a member yet."),
            Text("Jadilah anggota dulu.", "Become a member first."),
        )
    if case.sealed:
        return case
    case.sealed, case.sensitivity = True, int(Sensitivity.CONFIDENTIAL)
    case.scope_id = scope_number(case.owner, CASE, case.sensitivity)
    case.save(update_fields=["sealed", "sensitivity", "scope"])
    step(case, "sealed", actor)
    return case


@transaction.atomic
def close(case_id: uuid.UUID | str, outcome: CaseOutcome, reason: str, *, actor: Actor) -> Case:
    """Close a case with how it ended and why. An offer to take it over is withdrawn, and told so.

    Raises Missing, Denied, Rejected without a reason or for one that is closed already.
    """
    case = led(case_id, actor)
    must_be_open(case)
    words = text_of(reason, "reason")
    if case.offered_to:
        step(case, "withdrawn", actor, ref=case.offered_to)
    case.state, case.outcome, case.outcome_reason = "closed", outcome.value, words
    case.closed_at, case.closed_by, case.offered_to = timezone.now(), actor.number, ""
    case.save()
    step(case, "closed", actor, ref=outcome.value, text=words)
    return case


@transaction.atomic
def reopen(case_id: uuid.UUID | str, reason: str, *, actor: Actor) -> Case:
    """Open a closed case again, with the reason. Raises Missing, Denied, Rejected."""
    case = led(case_id, actor)
    if case.state != "closed":
        raise wrong(
            "state",
            Text("Perkara ini masih terbuka.", "This case is still open."),
            Text("Muat ulang halamannya.", "Load its page again."),
        )
    words = text_of(reason, "reason")
    case.state, case.outcome, case.outcome_reason = "open", "", ""
    case.closed_at, case.closed_by = None, ""
    case.save()
    step(case, "reopened", actor, text=words)
    return case
