"""Handing in tells nobody what the door would not, and no message stops the node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tapal.core.actions import Actor
from tapal.core.errors import Denied
from tapal.core.kind import Kind
from tapal.core.marking import Purpose, Sensitivity
from tapal.core.reading import Draft, Item, ReadContext
from tapal.flow import inbox, intake, raw, records, report, worker
from tapal.flow.intake import BadHandIn, HandIn
from tapal.kinds import KINDS
from tapal.store.models import Access, Finding, Message, Record, Reject
from tests.web.conftest import GRANTEE, OWNER, PEOPLE, STRANGER, Sit

pytestmark = pytest.mark.django_db(databases=["default", "access"])
WRITER = Actor(
    "1", "IMI-0001", "Owner", "IMI", "PLBN-11", frozenset({"record.read", "record.write"})
)


def sent(client: Client, data: str, name: str = "people.csv") -> str:
    file = SimpleUploadedFile(name, data.encode())
    return client.post(reverse("intake"), {"file": file}).content.decode()


@pytest.mark.parametrize("username", [STRANGER, GRANTEE])
def test_nobody_tries_names_against_lists_by_handing_in(sit: Sit, username: str) -> None:
    page = sent(sit(username), PEOPLE)
    assert "tidak disimpan instansi Anda" in page and "SOARES" not in page
    assert not Record.objects.exists() and not Message.objects.exists()


def test_nor_at_the_counter(sit: Sit) -> None:
    response = sit(STRANGER).post(reverse("counter"), {"q": PEOPLE})
    assert response.status_code == 422
    assert not Record.objects.exists()


def test_nor_by_mending_what_nobody_knew(desk: Path) -> None:
    reading = report.hand_in(b"what is this?", HandIn("x", "PSDKP", None, None, "PSD-0001"))
    reject = Reject.objects.get(message=reading.message)
    mender = replace(WRITER, agency="PSDKP", post=None, powers=frozenset({"reject.mend"}))
    from tapal.core.errors import Rejected
    from tapal.flow import rejects

    with pytest.raises(Rejected):
        rejects.mend(reject.id, PEOPLE.encode(), actor=mender)
    assert not Record.objects.exists()


def test_the_keeper_is_told_what_he_may_see_and_the_look_is_on_record(sit: Sit) -> None:
    client = sit(OWNER)
    assert "2025" in sent(client, PEOPLE)
    assert Access.objects.filter(officer="IMI-0001", subject__startswith="message ").exists()


def test_findings_above_his_level_are_neither_told_nor_counted(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = report.hand_in

    def raised(data: bytes, given: HandIn, **more: float) -> intake.Reading:
        reading = kept(data, given, **more)
        Finding.objects.update(sensitivity=int(Sensitivity.WITHHELD))
        return reading

    monkeypatch.setattr(report, "hand_in", raised)
    told = report.hand_in_as(
        PEOPLE.encode(), "x", None, actor=WRITER, language="en", purpose=Purpose.BORDER_CONTROL
    )
    assert (told["records"], told["findings"], told["alerts"]) == (1, 0, 0)
    assert told["items"][0]["findings"] == []


def test_a_finding_that_rests_on_a_record_out_of_reach_is_not_told(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = report.hand_in(PEOPLE.encode(), HandIn("x", "BNPP", None, None)).items[0].id
    kept = report.hand_in

    def raised(data: bytes, given: HandIn, **more: float) -> intake.Reading:
        reading = kept(data, given, **more)
        for row in Finding.objects.filter(record__owner="IMI"):
            row.data["rests_on"] = [other]
            row.save()
        return reading

    monkeypatch.setattr(report, "hand_in", raised)
    data = PEOPLE.replace("C0123456", "C7654321").encode()
    told = report.hand_in_as(data, "x", None, actor=WRITER, language="en")
    assert told["records"] == 1 and told["findings"] == 0


CSV = next(form for form in KINDS["crossing"].formats if form.name == "crossing_csv")


def breaking(data: bytes, context: ReadContext) -> Iterator[Item]:
    yield from CSV.read(data, context)
    raise RecursionError("deep")


def test_a_reader_that_breaks_costs_the_rest_of_its_message(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = replace(CSV, read=breaking)
    monkeypatch.setattr(intake, "named", lambda name: (KINDS["crossing"], form))
    reading = report.hand_in(PEOPLE.encode(), HandIn("x", "IMI", "PLBN-11", "crossing_csv"))
    assert [i.status for i in reading.items] == ["record", "reject"]
    assert reading.message.state == "done"


def test_an_item_that_breaks_its_kind_stops_no_other(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = records.prepare

    def prepare(kind: Kind, draft: Draft, *rest: Any) -> object:
        if "2" in draft.place:
            raise KeyError("x")
        return kept(kind, draft, *rest)

    monkeypatch.setattr(records, "prepare", prepare)
    two = PEOPLE + PEOPLE.splitlines()[1].replace("C0123456", "C0000001") + "\n"
    reading = report.hand_in(two.encode(), HandIn("x", "IMI", "PLBN-11", None))
    assert sorted(i.status for i in reading.items) == ["record", "reject"]


def test_a_file_that_breaks_everything_is_put_away_and_the_worker_goes_on(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise MemoryError

    place = inbox.folder() / "IMI"
    place.mkdir()
    (place / "bad.csv").write_text(PEOPLE)
    monkeypatch.setattr(inbox, "SETTLED_SECONDS", -1.0)
    monkeypatch.setattr(inbox, "hand_in", broken)
    assert worker.Worker(lambda: True).step()
    assert not list(place.iterdir())
    assert list((desk / "inbox-refused").rglob("bad.csv"))


def test_a_message_whose_bytes_are_gone_does_not_end_the_worker(desk: Path) -> None:
    message = intake.take(PEOPLE.encode(), HandIn("x", "IMI", "PLBN-11", None))
    Message.objects.filter(pk=message.pk).update(received_at="2026-01-01T00:00:00Z")
    raw.path_of(message.sha256).unlink()
    working = worker.Worker(lambda: True)
    assert [working.resume(), working.resume(), working.resume()] == [0, 0, 0]


def test_a_record_that_cannot_be_worked_keeps_no_thread_waiting(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tapal.flow import work

    def broken(ids: object) -> None:
        raise NameError("gone")

    monkeypatch.setattr(work, "judge", broken)
    monkeypatch.setattr("tapal.flow.report.time.sleep", lambda _: pytest.fail("it waited"))
    reading = report.hand_in(PEOPLE.encode(), HandIn("x", "IMI", "PLBN-11", None))
    assert [i.status for i in reading.items] == ["record"]


@pytest.mark.parametrize("page", ["intake", "account_login"])
def test_a_body_that_is_too_long_is_not_even_read(sit: Sit, page: str) -> None:
    length = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 2_000_000
    response = Client().post(
        reverse(page), b"x", content_type="multipart/form-data; boundary=b", CONTENT_LENGTH=length
    )
    assert response.status_code == 413


def test_the_operator_may_hand_in_for_any_agency(desk: Path) -> None:
    reading = report.hand_in(PEOPLE.encode(), HandIn("x", "DJBC", None, None))
    assert [i.status for i in reading.items] == ["record"]
    with pytest.raises(BadHandIn):
        intake.take(PEOPLE.encode(), HandIn("x", "DJBC", None, None, own_kinds=True))


def test_nobody_hands_in_for_a_purpose_that_is_not_his(desk: Path) -> None:
    before = Message.objects.count()
    with pytest.raises(Denied):
        report.hand_in_as(
            PEOPLE.encode(), "x", None, actor=WRITER, language="en", purpose=Purpose.HEALTH
        )
    assert Message.objects.count() == before
    assert Access.objects.latest("id").purpose == "health"
