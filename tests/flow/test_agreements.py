"""Agreements: what cannot hold is refused with a sentence, and a revocation acts at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.marking import Purpose, Sensitivity
from tapal.core.text import Text, same
from tapal.data import document
from tapal.flow.agreements import Terms, agreements_of, revoke_agreement, save_agreement
from tapal.flow.reference import scope_number
from tapal.flow.share import open_door, why
from tapal.flow.share.rolls import OWN
from tapal.store.models import Agreement, Event
from tests.flow.share.conftest import World, actor, clause, world

__all__ = ["world"]
pytestmark = pytest.mark.django_db(databases=["default", "access"])

STEWARD = actor("IMI", "steward")
GRANTEE = actor("DJBC", "officer")


def terms(*clauses: Any, **changed: Any) -> Terms:
    made = Terms(
        code="IMI-DJBC-1",
        title=same("x"),
        giver="IMI",
        taker="DJBC",
        purpose="border_control",
        clauses=clauses or (clause(),),
        valid_from=date(2020, 1, 1),
    )
    return replace(made, **changed)


def sees() -> int:
    return open_door(GRANTEE, Purpose.BORDER_CONTROL).count()


def test_saving_opens_and_revoking_shuts_at_once(world: World) -> None:
    world.record()
    assert sees() == 0
    save_agreement(terms(), actor=STEWARD)
    assert sees() == 1
    revoke_agreement("IMI-DJBC-1", "breach of purpose", actor=STEWARD)
    assert sees() == 0
    assert list(Event.objects.order_by("at").values_list("type", flat=True)) == [
        "agreement.saved",
        "agreement.revoked",
    ]


def test_a_new_text_acts_at_once(world: World) -> None:
    world.record()
    save_agreement(terms(), actor=STEWARD)
    assert sees() == 1
    save_agreement(terms(clause(places=["PLBN-16"])), actor=STEWARD)
    assert sees() == 0


def test_a_change_past_the_action_is_noticed_too(world: World) -> None:
    world.record()
    save_agreement(terms(), actor=STEWARD)
    assert sees() == 1
    Agreement.objects.update(revoked_at=timezone.now())
    assert sees() == 0


@pytest.mark.parametrize(
    "who", [actor("PSDKP", "steward"), actor("DJBC", "steward"), actor("IMI", "supervisor")]
)
def test_only_the_givers_steward_may(world: World, who: Any) -> None:
    save_agreement(terms(), actor=STEWARD)
    with pytest.raises(Denied):
        save_agreement(terms(clause(fields="*")), actor=who)
    with pytest.raises((Denied, Missing)):
        revoke_agreement("IMI-DJBC-1", "because", actor=who)


def test_nobody_takes_over_anothers_code(world: World) -> None:
    save_agreement(terms(), actor=STEWARD)
    with pytest.raises(Denied):
        save_agreement(terms(giver="PSDKP"), actor=actor("PSDKP", "steward"))


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"kinds": ["nosuch"]}, "kinds"),
        ({"fields": ["nosuch"]}, "fields"),
        ({"fields": ["nosuch.*"]}, "fields"),
        ({"fields": "everything"}, "fields"),
        ({"places": ["PLBN-99"]}, "places"),
        ({"max_sensitivity": "withheld"}, "max_sensitivity"),
        ({"max_sensitivity": None}, "max_sensitivity"),
        ({"occurred_after": "soon"}, "occurred_after"),
        ({"until": "2027-01-01"}, "until"),
    ],
)
def test_an_unknown_name_is_refused_with_a_sentence(
    world: World, changed: dict[str, Any], place: str
) -> None:
    with pytest.raises(Rejected) as refused:
        save_agreement(terms(clause(**changed)), actor=STEWARD)
    assert refused.value.place == place
    assert refused.value.reason.id and refused.value.reason.en and refused.value.mend.id
    assert not Agreement.objects.exists()


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"taker": "NOSUCH"}, "agency"),
        ({"taker": "IMI"}, "taker"),
        ({"purpose": "curiosity"}, "purpose"),
        ({"valid_to": date(2019, 1, 1)}, "valid_to"),
    ],
)
def test_what_cannot_hold_is_refused(world: World, changed: dict[str, Any], place: str) -> None:
    with pytest.raises(Rejected) as refused:
        save_agreement(terms(**changed), actor=STEWARD)
    assert refused.value.place == place


def test_outsiders_are_offered_no_confidential_level(world: World) -> None:
    with pytest.raises(Rejected):
        save_agreement(terms(clause(max_sensitivity="confidential"), taker="TL-MIG"), actor=STEWARD)


def test_a_revoked_agreement_stays_revoked(world: World) -> None:
    save_agreement(terms(), actor=STEWARD)
    with pytest.raises(Rejected):
        revoke_agreement("IMI-DJBC-1", " ", actor=STEWARD)
    revoke_agreement("IMI-DJBC-1", "breach", actor=STEWARD)
    with pytest.raises(Rejected):
        save_agreement(terms(), actor=STEWARD)
    with pytest.raises(Missing):
        revoke_agreement("NOSUCH", "breach", actor=STEWARD)
    assert [a.code for a in agreements_of("DJBC")] == ["IMI-DJBC-1"]


def test_why_is_answered_to_the_owners_steward_only(world: World) -> None:
    record = world.record()
    save_agreement(
        terms(
            clause(),
            clause(kinds=["phyto"], fields="*"),
            clause(places=["PLBN-16"]),
            clause(max_sensitivity="internal"),
            clause(occurred_after="2030-01-01"),
            clause(fields=["secret"]),
        ),
        actor=STEWARD,
    )
    lines = why("DJBC", record.id, actor=STEWARD)
    assert [line.opens for line in lines] == [True, False, False, False, False, False]
    assert lines[0].fields == {"way", "number"}
    assert len({line.text.en for line in lines}) == 6
    assert why("PSDKP", record.id, actor=STEWARD) == ()
    revoke_agreement("IMI-DJBC-1", "breach", actor=STEWARD)
    assert [line.opens for line in why("DJBC", record.id, actor=STEWARD)] == [False]
    for who in (actor("DJBC", "steward"), actor("IMI", "supervisor"), actor("BNPP", "auditor")):
        with pytest.raises(Missing):
            why("DJBC", record.id, actor=who)


@pytest.mark.parametrize("demo", document("demo_agreements.json"), ids=lambda d: str(d["code"]))
def test_the_demo_agreements_hold_and_give_something(home: Path, demo: dict[str, Any]) -> None:
    giver, taker = str(demo["giver"]), str(demo["taker"])
    saved = save_agreement(
        Terms(
            code=str(demo["code"]),
            title=Text.of(demo["title"]),
            giver=giver,
            taker=taker,
            purpose=str(demo["purpose"]),
            clauses=demo["clauses"],
            valid_from=date.fromisoformat(str(demo["valid_from"])),
        ),
        actor=actor(giver, "steward"),
    )
    for raw in demo["clauses"]:
        for kind in raw["kinds"]:
            scope_number(giver, kind, int(Sensitivity.RESTRICTED))
    who = open_door(actor(taker, "officer"), Purpose(saved.purpose))
    opened = [c.code for c in who.reach.clauses if any(c.fields.values())]
    opened += {roll.clause for roll in who.open_lists().values()} - {OWN}
    assert opened == [f"{saved.code}#{n}" for n in range(1, len(demo["clauses"]) + 1)]


def test_an_agreement_between_others_answers_like_none(world: World) -> None:
    save_agreement(terms(), actor=STEWARD)
    third = actor("BARANTIN", "steward")
    for code in ("IMI-DJBC-1", "NO-SUCH-1"):
        with pytest.raises(Missing):
            revoke_agreement(code, "x", actor=third)
        with pytest.raises(Denied):
            revoke_agreement(code, "x", actor=GRANTEE)
    with pytest.raises(Denied):
        revoke_agreement("IMI-DJBC-1", "x", actor=actor("DJBC", "steward"))
