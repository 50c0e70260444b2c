"""Where a crossing stands: what is decided or proposed, which desk has it, who the person is to the law."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from tapal.core.actions import Occasion
from tapal.core.finding import Finding
from tapal.kinds.crossing.rules.facts import day_of

FINAL: Final = frozenset({"admitted", "refused", "exit_held"})
PROPOSED: Final = frozenset({"refusal_proposed", "exit_hold_proposed"})
AT_SECOND_DESK, AT_COUNTER = "second_inspection", "back_at_counter"
EXIT_BAN, ENTRY_BAN = "cegah", "tangkal"
"""Codes of the lists that hold at exit and at entry."""


def outcome_of(occasion: Occasion) -> str:
    """What stands decided or proposed now."""
    return str(occasion.record.get("decision.outcome") or "")


def undecided(occasion: Occasion) -> bool:
    """True while nothing is decided or proposed of one who crosses the line."""
    return outcome_of(occasion) not in FINAL | PROPOSED and occasion.record.get("direction") in (
        "entry", "exit", None,
    )  # fmt: skip


def entering(occasion: Occasion) -> bool:
    """True on the way in."""
    return bool(occasion.record.get("direction") == "entry")


def leaving(occasion: Occasion) -> bool:
    """True on the way out."""
    return bool(occasion.record.get("direction") == "exit")


def post_day(occasion: Occasion) -> date:
    """The post's calendar day of the crossing: whose law is asked."""
    return day_of(occasion.record, occasion.context)


def listed(occasion: Occasion, roll: str) -> bool:
    """True where the traveller himself matches a list: what is said of a companion is not said of him."""
    return any(
        finding.data.get("roll") == roll and _PART_OF_OTHERS.isdisjoint(_parts(finding))
        for finding in occasion.findings
    )


_PART_OF_OTHERS = frozenset({"companions", "guardian", "vehicle"})


def _parts(finding: Finding) -> set[str]:
    """The parts of the body on which a finding rests."""
    return {path.partition(".")[0] for path in finding.fields}


def second_desk_open(occasion: Occasion) -> bool:
    """True from a referral to the second desk until that desk has ended it."""
    desks = occasion.values("decision.second_desk")
    # A record from before referrals had a field of their own says it by its outcome alone.
    return "open" in desks or (not any(desks) and outcome_of(occasion) == AT_SECOND_DESK)


def given_back(occasion: Occasion) -> str:
    """The outcome of what goes back: to the second desk while that still has the person."""
    return AT_SECOND_DESK if second_desk_open(occasion) else AT_COUNTER


def protected(occasion: Occasion) -> bool:
    """True from an expression of fear of return until the protection procedure has ended.

    Of clashing values the one that protects counts.
    """
    afraid = any(occasion.values("protection.fear_of_return"))
    return afraid and not all(occasion.values("protection.ended_at"))


def now_text(occasion: Occasion) -> str:
    """The moment of the act, as bodies keep it."""
    return occasion.context.now.isoformat(timespec="seconds")


# Any: JSON, here and below.
def decided(occasion: Occasion, outcome: str, **more: Any) -> dict[str, Any]:
    """The changes that an outcome makes, with when and by whom."""
    changes = {
        "decision.outcome": outcome,
        "decision.at": now_text(occasion),
        "decision.by": occasion.actor.number,
    }
    return changes | {f"decision.{name}": value for name, value in more.items()}


def proposed(occasion: Occasion, outcome: str, given: dict[str, Any]) -> dict[str, Any]:
    """The changes that a proposal makes: another than its author signs."""
    by = occasion.actor.number
    return decided(occasion, outcome, proposed_by=by, proposed_at=now_text(occasion), **given)


def by_another(occasion: Occasion) -> bool:
    """True for an officer who did not make the proposal himself."""
    return bool(occasion.record.get("decision.proposed_by") != occasion.actor.number)
