"""Where bands begin: chosen from a curve, by two persons, each day and post by its own row."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.finding import Weight
from tapal.engines.screening.judge import ALERT_SCORE, LOOK_SCORE
from tapal.flow import lists
from tapal.flow.bands import LOWEST, OWN, Bands, bands_at
from tapal.flow.lists import thresholds
from tapal.flow.share.door import Door, open_door
from tapal.flow.share.purposes import purposes_of
from tapal.store.models import Event, Threshold
from tests.flow.lists.test_rescreening import HEAD, day
from tests.flow.lists.test_versions import AT_POST, OPERATOR, SECOND, STEWARD, STRANGER, put
from tests.flow.test_citizens_and_lists import crosses, matches

pytestmark = [
    pytest.mark.django_db(databases=["default", "access"]),
    pytest.mark.usefixtures("listed"),
]
NAMED = b"tangkal,N-1,Person,MARYA SOARES LOPES,1990,TLS,,,,\n"

# Above what the engine says of a name that agrees in part and a year.
BEYOND = Bands(0.99, 0.99)


@pytest.fixture
def listed(home: object) -> None:
    lists.import_list(HEAD + NAMED, actor=OPERATOR)


def door(actor: Actor = STEWARD) -> Door:
    return open_door(actor, purposes_of(actor)[0])


def drafted(
    bands: Bands, place: str = "", start: date | None = None, actor: Actor = STEWARD
) -> Threshold:
    given = thresholds.Given("tangkal", place, bands, "too many", start or timezone.localdate())
    return thresholds.draft(given, actor=actor, door=door(actor))


def test_the_own_point_is_the_engines() -> None:
    assert (OWN.alert, OWN.look, LOWEST) == (ALERT_SCORE, LOOK_SCORE, LOOK_SCORE)


def test_a_stranger_drafts_sees_and_approves_nothing() -> None:
    with pytest.raises(Missing):
        drafted(Bands(0.9, 0.5), actor=STRANGER)
    row = drafted(Bands(0.9, 0.5))
    with pytest.raises(Missing):
        thresholds.publish(row.pk, actor=STRANGER)
    with pytest.raises(Missing):
        thresholds.decline(row.pk, "no", actor=STRANGER)


def test_two_persons_change_it_and_it_is_on_record() -> None:
    assert matches(crosses(time=day(0))) == [("tangkal", Weight.ALERT)]
    row = drafted(BEYOND)
    assert matches(crosses(time=day(0), number="C0000001")) == [("tangkal", Weight.ALERT)]
    with pytest.raises(Denied):
        thresholds.publish(row.pk, actor=STEWARD)
    thresholds.publish(row.pk, actor=SECOND)
    assert matches(crosses(time=day(0), number="C0000002")) == []
    told = Event.objects.get(type="threshold.in_force")
    assert told.actor == "IMI-2"


def test_a_post_has_its_own_row_and_its_leader_no_other_post() -> None:
    thresholds.publish(drafted(BEYOND, "PLBN-16").pk, actor=SECOND)
    assert matches(crosses(time=day(0))) == [("tangkal", Weight.ALERT)]
    for place in ("", "PLBN-16"):
        with pytest.raises(Denied):
            thresholds.publish(drafted(Bands(0.9, 0.9), place).pk, actor=AT_POST)
    thresholds.publish(drafted(BEYOND, "PLBN-11").pk, actor=AT_POST)
    assert matches(crosses(time=day(0), number="C0000003")) == []


def test_a_row_begins_on_its_day_and_ends_the_one_before() -> None:
    now = timezone.localdate()
    thresholds.publish(drafted(Bands(0.8, 0.4)).pk, actor=SECOND)
    later = now + timedelta(days=10)
    thresholds.publish(drafted(Bands(0.9, 0.5), start=later).pk, actor=SECOND)
    assert bands_at("tangkal", "PLBN-11", later - timedelta(days=1)) == Bands(0.8, 0.4)
    assert bands_at("tangkal", "PLBN-11", later) == Bands(0.9, 0.5)
    assert bands_at("tangkal", "PLBN-11", now - timedelta(days=1)) == OWN
    assert bands_at("cegah", "PLBN-11", later) == OWN


def test_a_draft_never_begins_in_the_past() -> None:
    row = thresholds.publish(drafted(Bands(0.8, 0.4), start=date(2020, 1, 1)).pk, actor=SECOND)
    assert row.valid_from == timezone.localdate()


@pytest.mark.parametrize(
    ("bands", "place"),
    [
        (Bands(0.5, 0.6), ""),
        (Bands(1.0, 0.6), ""),
        (Bands(0.5, 0.1), ""),
        (Bands(float("nan"), 0.5), ""),
        (Bands(0.8, 0.5), "NOWHERE"),
    ],
)
def test_what_cannot_hold_is_refused(bands: Bands, place: str) -> None:
    with pytest.raises(Rejected):
        drafted(bands, place)
    assert not Threshold.objects.exists()


def test_a_listed_document_alerts_wherever_bands_begin() -> None:
    put(HEAD + NAMED.replace(b"TLS,,", b"TLS,C0123456,TLS"))
    thresholds.publish(drafted(BEYOND).pk, actor=SECOND)
    assert matches(crosses(time=day(0))) == [("tangkal", Weight.ALERT)]


def test_the_curve_counts_the_readers_own_travellers() -> None:
    for n in range(3):
        crosses(time=day(1), number=f"C000001{n}")
    told = thresholds.curve("tangkal", "", door())
    assert (told["records"], len(told["scores"])) == (3, 3)
    table = thresholds.steps(told)
    assert table[0].alerts == round(3 / 30, 2)
    assert [s.alerts for s in table] == sorted((s.alerts for s in table), reverse=True)
    assert thresholds.consequence(told, BEYOND).alerts == 0
    assert thresholds.curve("tangkal", "", door(STRANGER))["records"] == 0
    assert thresholds.curve("tangkal", "PLBN-16", door())["records"] == 0


def test_of_two_who_approve_the_later_is_told() -> None:
    row = drafted(Bands(0.8, 0.4))
    thresholds.publish(row.pk, actor=SECOND)
    with pytest.raises(Rejected, match="IMI-2"):
        thresholds.publish(row.pk, actor=SECOND)
    with pytest.raises(Rejected):
        thresholds.decline(row.pk, "late", actor=SECOND)
