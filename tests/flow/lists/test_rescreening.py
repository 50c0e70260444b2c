"""Past crossings held against what is new: within the law of the list, once, and going on after a kill."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tapal.flow import alert, lists, reference
from tapal.flow.lists import preview, rescreening
from tapal.flow.share.door import open_door
from tapal.flow.share.purposes import purposes_of
from tapal.flow.work import work_all
from tapal.store.models import Alert, Finding, LegalRow, ListVersion, Record, Rescreening
from tests.flow.lists.test_versions import OPERATOR, SECOND, STEWARD, STRANGER, put
from tests.flow.test_citizens_and_lists import crosses

HEAD = b"list,id,schema,name,dob,nationality,doc_number,doc_country,valid_from,valid_until\n"
OTHER = b"sanctions,S-0,Person,SOMEBODY ELSE,1950-01-01,,,,,\n"
HIT = b"{roll},N-1,Person,MARIA BERE SOARES,1990-01-02,TLS,C0123456,TLS,,{until}\n"


@pytest.fixture
def base(home: Path) -> None:
    """A node that screens already; no list names our traveller."""
    lists.import_list(HEAD + OTHER, actor=OPERATOR)


def entry(roll: str, until: str = "") -> bytes:
    return HEAD + HIT.replace(b"{roll}", roll.encode()).replace(b"{until}", until.encode())


def day(back: int) -> str:
    return f"{timezone.now() - timedelta(days=back):%Y-%m-%dT10:00}"


def listed(data: bytes) -> ListVersion:
    return put(data)


def finish() -> None:
    while work_all().records or rescreening.step():
        pass


def retro(record: str) -> list[Finding]:
    return list(Finding.objects.filter(record_id=record, rule="list_match", withdrawn_at=None))


@pytest.mark.usefixtures("base")
def test_a_past_crossing_becomes_an_alert_that_says_it_is_retrospective() -> None:
    record = crosses(time=day(3))
    assert retro(record) == []
    version = listed(entry("tangkal"))
    finish()
    (found,) = retro(record)
    assert "Retrospektif" in found.text["id"] and "Retrospective" in found.text["en"]
    (opened,) = Alert.objects.filter(reason="list_match:tangkal")
    assert str(opened.record_id) == record
    job = Rescreening.objects.get(version=version)
    assert (job.state, job.seen, job.hit) == ("done", 1, 1)
    assert job.basis == "screening.retrospective_days:tangkal"


@pytest.mark.usefixtures("base")
def test_a_crossing_after_it_is_no_retrospective_hit() -> None:
    listed(entry("tangkal"))
    (found,) = retro(crosses(time=day(0)))
    assert "Retrospektif" not in found.text["id"]


@pytest.mark.usefixtures("base")
@pytest.mark.parametrize(
    ("roll", "until", "more"),
    [
        ("local_watch", "", {}),
        ("tangkal", "2020-01-01", {}),
        ("tangkal", "", {"nationality": "IDN", "issuing": "IDN"}),
        ("tangkal", "", {"direction": "exit"}),
        ("cegah", "", {"direction": "entry"}),
        ("cegah", "", {"direction": "exit", "time": day(31)}),
    ],
    ids=["no legal basis", "expired", "a citizen", "entry ban at exit", "exit ban at entry",
         "before the window"],
)  # fmt: skip
def test_the_past_is_left_alone(roll: str, until: str, more: dict[str, str]) -> None:
    record = crosses(**{"time": day(3), **more})
    listed(entry(roll, until))
    finish()
    assert retro(record) == [] and not Alert.objects.filter(reason=f"list_match:{roll}").exists()
    assert Rescreening.objects.filter(state="done").count() == 1


@pytest.mark.usefixtures("base")
def test_without_a_rule_row_a_list_never_looks_back() -> None:
    LegalRow.objects.filter(topic="screening.retrospective_days").delete()
    reference.bump()
    record = crosses(time=day(3))
    version = listed(entry("tangkal"))
    finish()
    assert retro(record) == []
    assert version.rescreening.basis == "" and rescreening.basis_of(version.rescreening) is None


@pytest.mark.usefixtures("base")
def test_a_lost_document_is_found_in_the_past() -> None:
    record = crosses(time=day(3))
    listed(HEAD + b"lost_documents,D-1,Passport,,,,C0123456,TLS,,\n")
    finish()
    (found,) = Finding.objects.filter(record_id=record, rule="document_reported_lost")
    assert "Retrospektif" in found.text["id"]


@pytest.mark.usefixtures("base")
def test_killed_between_parts_it_goes_on_and_doubles_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rescreening, "AT_ONCE", 1)
    records = [crosses(time=day(3), number=f"C000000{n}") for n in range(4)]
    listed(entry("tangkal"))
    rescreening.step()
    rescreening.step()
    stale = Rescreening.objects.get(state="running")
    work_all()
    rescreening.part(Rescreening.objects.get(pk=stale.pk))
    rescreening.part(stale)  # a worker that was thought dead: its part is done already
    finish()
    job = Rescreening.objects.get(pk=stale.pk)
    assert (job.state, job.seen, job.total) == ("done", 4, 4)
    assert [len(retro(record)) for record in records] == [1, 1, 1, 1]
    assert Alert.objects.filter(reason="list_match:tangkal").count() == len(
        {a.subject for a in Alert.objects.filter(reason="list_match:tangkal")}
    )


@pytest.mark.usefixtures("base")
def test_a_part_that_breaks_is_told_and_can_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    record = crosses(time=day(3))
    listed(entry("tangkal"))
    with monkeypatch.context() as broken:
        broken.setattr(rescreening, "hit_among", lambda *_: 1 / 0)
        while rescreening.step():
            pass
    job = Rescreening.objects.get(state="broken")
    assert "ZeroDivisionError" in job.trouble
    rescreening.again(job)
    finish()
    assert len(retro(record)) == 1


@pytest.mark.usefixtures("base")
def test_a_cleared_match_stays_cleared() -> None:
    listed(entry("tangkal"))
    record = crosses(time=day(0))
    held = Alert.objects.get(reason="list_match:tangkal")
    actor = SECOND.__class__("7", "IMI-7", "O", "IMI", None, frozenset({"alert.triage"}))
    alert.close_alert(held.pk, alert.Outcome.FALSE, "another person", actor=actor)
    listed(entry("tangkal", "2031-01-01"))
    finish()
    assert Alert.objects.filter(reason="list_match:tangkal", state="open").count() == 0
    assert Record.objects.get(pk=record).worked


@pytest.mark.usefixtures("base")
def test_an_open_alert_whose_entry_went_is_judged_again() -> None:
    listed(entry("tangkal"))
    record = crosses(time=day(0))
    assert len(retro(record)) == 1
    listed(HEAD + b"tangkal,N-2,Person,NOBODY AT ALL,1950-01-01,,,,,\n")
    finish()
    assert retro(record) == []


@pytest.mark.django_db(databases=["default", "access"])
@pytest.mark.usefixtures("base")
def test_a_draft_tells_its_travellers_to_their_own_agency_alone() -> None:
    record = crosses(time=day(3))
    row = lists.draft((entry("tangkal"),), actor=STEWARD).versions[0]
    tried = preview.travellers(row, open_door(STEWARD, purposes_of(STEWARD)[0]))
    assert [each.id for each, _ in tried.hits] == [record] and tried.seen == 1
    nothing = preview.travellers(row, open_door(STRANGER, purposes_of(STRANGER)[0]))
    assert (nothing.seen, nothing.hits) == (0, ())
    assert retro(record) == [], "a draft alerts nobody"


@pytest.mark.django_db(databases=["default", "access"])
@pytest.mark.usefixtures("base")
def test_a_list_that_may_not_look_back_says_so_instead_of_nobody() -> None:
    crosses(time=day(3))
    row = lists.draft((entry("local_watch"),), actor=STEWARD).versions[0]
    tried = preview.travellers(row, open_door(STEWARD, purposes_of(STEWARD)[0]))
    assert (tried.days, tried.seen, tried.hits) == (0, 0, ())
