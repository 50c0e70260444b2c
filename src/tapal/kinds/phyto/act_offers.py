"""When each quarantine act is lawful: what was done before, where the goods stand, what was found.

The order is the legal row quarantine.treatment_order.
"""

from __future__ import annotations

from collections.abc import Callable

from pydantic import BaseModel

from tapal.core.actions import Occasion
from tapal.core.finding import Weight
from tapal.kinds.phyto import act_forms as forms

Offered = Callable[[Occasion], bool]


def state_of(occasion: Occasion) -> str:
    """Where the consignment stands."""
    return str(occasion.record.get("state") or "open")


def done(occasion: Occasion) -> list[str]:
    """The acts taken so far, in order."""
    return [str(act.get("act")) for act in occasion.record.get("acts") or ()]


def _inspected(occasion: Occasion) -> bool:
    return "pemeriksaan" in done(occasion)


def under_quarantine(occasion: Occasion) -> bool:
    return state_of(occasion) in ("open", "held")


def inspected_and_here(occasion: Occasion) -> bool:
    return under_quarantine(occasion) and _inspected(occasion)


def observable(occasion: Occasion) -> bool:
    return under_quarantine(occasion) and "pengasingan" in done(occasion)


def may_hold(occasion: Occasion) -> bool:
    return state_of(occasion) == "open" and _inspected(occasion)


def may_destroy(occasion: Occasion) -> bool:
    return state_of(occasion) == "refused" or inspected_and_here(occasion)


def may_release(occasion: Occasion) -> bool:
    """Nothing is released while held, or with a live quarantine pest that no treatment has met.

    A pest that only an unread list calls one blocks nothing by itself: see `release_form`.
    """
    return may_hold(occasion) and not _live_listed_pest(occasion, sure=True)


def release_form(occasion: Occasion) -> type[BaseModel]:
    """A release says why where something alerts, an unread list names a live pest, or treatment met
    a group I one."""
    doubtful = _live_listed_pest(occasion, sure=False) or any(
        finding.weight == Weight.ALERT or finding.rule == "group_one_treated"
        for finding in occasion.findings
    )
    return forms.ReasonedRelease if doubtful else forms.ReleaseAnswers


def _live_listed_pest(occasion: Occasion, *, sure: bool) -> bool:
    names = {
        f.about
        for f in occasion.findings
        if f.rule == "listed_pest_found" and bool(f.data.get("sure", True)) is sure
    }
    return any(
        (pest.get("scientific_name") or pest.get("eppo_code")) in names
        and pest.get("alive") is not False
        for pest in occasion.record.get("pests") or ()
    )


def held_for(ground: str) -> Offered:
    def offered(occasion: Occasion) -> bool:
        letters = [a for a in occasion.record.get("acts") or () if a.get("act") == "penahanan"]
        laboratory = bool(letters) and letters[-1].get("ground") == "laboratory"
        return state_of(occasion) == "held" and laboratory is (ground == "laboratory")

    return offered
