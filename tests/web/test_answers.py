"""The answer to a carrier on the message's page and through the API: the stranger first."""

from __future__ import annotations

import pytest

from tapal.flow.intake import HandIn
from tapal.flow.report import hand_in
from tapal.kinds import KINDS
from tapal.store.models import Access, Message, Reply
from tests.web.api_calls import Program, key_for, problem
from tests.web.conftest import OWNER, STRANGER, Sit

pytestmark = pytest.mark.django_db(databases=["default", "access"])

FLIGHT = (KINDS["crossing"].samples / "paxlst" / "flight_d02b.edi").read_bytes()


@pytest.fixture
def page(desk: None) -> str:
    hand_in(FLIGHT, HandIn("flight.edi", "IMI", "PLBN-11", None, "IMI-0001"))
    return f"/mutu/kiriman/{Message.objects.get().id}/"


def test_a_stranger_finds_nothing_and_makes_nothing(page: str, sit: Sit) -> None:
    his = sit(STRANGER)
    assert his.get(page).status_code in (403, 404)
    assert his.post(page + "jawab/").status_code in (403, 404)
    assert not Reply.objects.exists()
    sit(OWNER).post(page + "jawab/")
    number = Reply.objects.get().number
    answers = [his.get(page + f"jawaban/{n}/") for n in (number, "A0000000000000")]
    assert [a.status_code for a in answers] in ([403, 403], [404, 404])


def test_it_is_made_downloaded_and_every_look_is_logged(page: str, sit: Sit) -> None:
    mine = sit(OWNER)
    assert mine.post(page + "jawab/").status_code == 302
    reply = Reply.objects.get()
    assert reply.made_by == "IMI-0001"
    shown = mine.get(page).content.decode()
    assert reply.number in shown and "diteruskan ke imigrasi" in shown
    got = mine.get(page + f"jawaban/{reply.number}/")
    assert got["Content-Type"] == "application/EDIFACT" and got.content.startswith(b"UNA:+.? 'UNB")
    assert Access.objects.filter(act="export", subject=str(reply.message_id)).exists()
    assert mine.get(page + "jawaban/A0000000000000/").status_code == 404
    assert mine.post(page + "jawab/").status_code == 302
    assert Reply.objects.count() == 1


def test_a_program_fetches_it(page: str, sit: Sit) -> None:
    path = f"messages/{Message.objects.get().id}/reply"
    mine, his = Program(key_for(OWNER)[0]), Program(key_for(STRANGER)[0])
    problem(mine.get(path), 404)
    sit(OWNER).post(page + "jawab/")
    got = mine.get(path)
    assert got["Content-Type"] == "application/EDIFACT" and b"CUSRES:D:05B" in got.content
    assert his.get(path).status_code in (403, 404)
    problem(Program(key_for(OWNER, "records")[0]).get(path), 403)
