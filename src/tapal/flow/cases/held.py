"""A case taken in hand for one act: found for its actor, locked, with the line that the act adds."""

from __future__ import annotations

import uuid

from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.cases import ALL, CASE
from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.text import Text
from tapal.flow.events import record_event
from tapal.flow.reference import scope_number
from tapal.flow.share import cases
from tapal.flow.storable import storable
from tapal.store.models import Case, CaseEntry

LONGEST_TITLE = 120
LONGEST_TEXT = 4000


def held(case_id: uuid.UUID | str, actor: Actor) -> Case:
    """The case, locked in the caller's transaction. Raises Missing, hidden and absent alike.

    Asked before the lock, so that nobody waits for what he may not see, and again behind it: it may
    have been sealed or handed over in between.
    """
    if cases.find(actor, timezone.now(), case_id) is None:
        raise Missing
    case = Case.objects.select_for_update().get(pk=case_id)
    if cases.find(actor, timezone.now(), case_id) is None:
        raise Missing
    return case


def led(case_id: uuid.UUID | str, actor: Actor) -> Case:
    """A case that the actor may decide about. Raises Missing, Denied."""
    case = held(case_id, actor)
    if not cases.leads(actor, case):
        raise refused(case)
    return case


def written(case_id: uuid.UUID | str, actor: Actor) -> Case:
    """An open case that the actor may add to. Raises Missing, Denied, Rejected for a closed one."""
    case = held(case_id, actor)
    if not cases.writes(actor, case):
        raise refused(case)
    must_be_open(case)
    return case


def refused(case: Case) -> Denied | Missing:
    """Why not: of a sealed case no refusal is written down anywhere."""
    return Missing() if case.sealed else Denied()


def must_be_open(case: Case) -> None:
    """Raises Rejected for a closed case."""
    if case.state != "open":
        raise wrong(
            "state",
            Text("Perkara ini sudah ditutup.", "This case is closed."),
            Text("Buka lagi dulu, bila memang perlu.", "Open it again first, if need be."),
        )


def text_of(given: str, place: str, *, longest: int = LONGEST_TEXT, needed: bool = True) -> str:
    """Words as they are kept. Raises Rejected for none or too many."""
    kept = storable(given).strip()
    if needed and not kept:
        raise wrong(
            place,
            Text("Isian ini belum diisi.", "This has not been filled in."),
            Text("Tulis dengan singkat.", "Write it in a few words."),
        )
    if len(kept) > longest:
        raise wrong(
            place,
            Text("Terlalu panjang: {n} huruf.", "Too long: {n} letters.").fill(n=len(kept)),
            Text("Paling banyak {n} huruf.", "At most {n} letters.").fill(n=longest),
        )
    return kept


def wrong(place: str, reason: Text, mend: Text) -> Rejected:
    return Rejected(reason, mend, place=place)


def line(
    case: Case, sort: str, actor: Actor, *, ref: str = "", text: str = "", audience: str = ALL
) -> CaseEntry:
    """Add one line to the timeline in the caller's transaction."""
    return CaseEntry.objects.create(
        case=case,
        scope_id=scope_number(actor.agency, CASE, case.sensitivity),
        sort=sort,
        ref=ref,
        text=text,
        audience=audience,
        by=actor.number,
        agency=actor.agency,
        at=timezone.now(),
    )


def step(case: Case, sort: str, actor: Actor, *, ref: str = "", text: str = "") -> None:
    """A step of the case itself: its line and its event, in the caller's transaction."""
    made = line(case, sort, actor, ref=ref, text=text)
    told = {"entry": str(made.id), "agency": actor.agency, "ref": ref, "text": text}
    record_event(f"case.{sort}", str(case.id), told, actor=actor.number)
