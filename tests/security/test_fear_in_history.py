"""Who may not know of a fear of return reads the same everywhere as of any second inspection."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tapal.core.actions import Actor
from tapal.core.errors import Missing
from tapal.core.marking import Sensitivity
from tapal.flow import decide
from tapal.flow.officers import actor_of
from tapal.flow.undo import undo
from tapal.kinds.crossing.acts.stops import ANOTHER_DESK
from tapal.store.models import Access, Alert, Officer, Record, Run, Task
from tests.web.conftest import GRANTEE, LEADER, OWNER, PEOPLE, SIGNER, STEWARD, Sit

pytestmark = pytest.mark.django_db(databases=["default", "access"])

DUTY = "imi.pelindungan"
WAITS = ANOTHER_DESK.id
REFUSAL = {"ground": "b", "facts": "tidak membawa dokumen perjalanan"}
ENDED = {"result": "grounds_found", "note": "tidak membawa dokumen perjalanan"}
# Who did which act with which answers; the name "undo" takes the last one back.
Step = tuple[str, str, dict[str, Any]]
REFER: Step = (OWNER, "second_inspection", {})
FEAR: Step = (OWNER, "fear_of_return", {"words": "takut dipenjara", "language": "tet"})
FEAR_LATER: Step = (LEADER, "fear_of_return", {})
RECEIVE: Step = (DUTY, "receive_fear", {})
PROPOSE: Step = (LEADER, "propose_refusal", REFUSAL)
ALLOW: Step = (OWNER, "allow", {"reason": "dokumen pengganti ditunjukkan"})
END: Step = (LEADER, "end_second_inspection", ENDED)
UNDO: Step = (OWNER, "undo", {})


def officer(name: str = OWNER) -> Actor:
    return actor_of(Officer.objects.get(username=name), None if name == DUTY else "PLBN-11")


def do(record: str, steps: Sequence[Step]) -> None:
    for who, name, answers in steps:
        if name == "undo":
            undo(record, actor=officer(who))
        else:
            decide.act(record, name, answers, actor=officer(who))


def plain(page: str) -> str:
    """A page without what differs between any two: ids in order of their coming, times, form tokens."""
    page = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', r"\1", page)
    page = re.sub(r'"X-CSRFToken": ?"[^"]*"', "", page)
    known: dict[str, str] = {}
    page = re.sub(
        r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        lambda m: known.setdefault(m[0], f"id-{len(known)}"),
        page,
    )
    page = re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?", "then", page)
    return re.sub(r"\b\d\d[:.]\d\d([:.]\d\d)?\b", "o'clock", page)


def everything(sit: Sit, reader: str, record: str) -> dict[str, str]:
    """All that a reader can open about the record, and the lists where it may stand."""
    client = sit(reader)
    of_record = ("record", "counter_answer", "bearer", "looks", "print")
    pages = [reverse(name, args=[record]) for name in of_record]
    pages += [
        reverse(name) for name in ("queue", "tasks", "alerts", "counter", "strip", "access_log")
    ]
    pages += [
        reverse("map"),
        reverse("map_layer", args=["posts"]),
        reverse("cases"),
        reverse("quality"),
    ]
    pages += ["/api/v1/alerts", "/api/v1/tasks", f"/api/v1/records/{record}"]
    pages += [reverse("shift"), reverse("search") + "?q=C0123456"]
    pages += [reverse("tasks") + more for more in ("?state=done", "?where=all", "?cetak=1")]
    pages += [reverse("task", args=[task]) for task in tasks_seen(client, record)]
    pages += [reverse("alert", args=[a.pk]) for a in Alert.objects.filter(record_id=record)]
    seen = {}
    for index, address in enumerate(pages):
        answer = client.get(address)
        headers = {k: v for k, v in answer.headers.items() if k in ("Location", "Content-Type")}
        told = plain(answer.content.decode())
        seen[f"{index} {plain(address)}"] = f"{answer.status_code} {headers} {told}"
    seen["api"] = plain(handed_in_again(client))
    must_not_exist(client, record)
    return seen


def tasks_seen(client: Client, record: str) -> list[str]:
    """The tasks about the record that are nobody's secret."""
    rows = Task.objects.filter(record_id=record, sensitivity__lt=Sensitivity.WITHHELD)
    rows = rows.order_by("id")
    return [str(task.pk) for task in rows]


def must_not_exist(client: Client, record: str) -> None:
    """A withheld task, and a withheld run of a procedure, answer as one that is not there."""
    withheld = {"record_id": record, "sensitivity": Sensitivity.WITHHELD}
    for name, rows in (("task", Task.objects), ("run", Run.objects)):
        nothing = client.get(reverse(name, args=[uuid.uuid4()]))
        for row in rows.filter(**withheld):
            page = client.get(reverse(name, args=[row.pk]))
            assert page.status_code == nothing.status_code
            assert plain(page.content.decode()) == plain(nothing.content.decode())


def handed_in_again(client: Client) -> str:
    answer = client.post(
        "/api/v1/intake?source=people.csv", PEOPLE.encode(), content_type="application/octet-stream"
    )
    return f"{answer.status_code} {answer.content.decode()}"


class _Undone(Exception):
    """Takes back all that was done to the record."""


def seen_after(sit: Sit, reader: str, record: str, steps: Sequence[Step]) -> dict[str, str]:
    """What the reader sees after these acts, which are then as if they had not been done."""
    seen: dict[str, str] = {}
    try:
        with transaction.atomic(), transaction.atomic(using="access"):
            do(record, steps)
            seen = everything(sit, reader, record)
            raise _Undone
    except _Undone:
        return seen


ALIKE: dict[str, tuple[Sequence[Step], Sequence[Step]]] = {
    "at the counter": ([REFER], [FEAR]),
    "received meanwhile": ([REFER], [FEAR, RECEIVE]),
    "at the second desk": ([REFER], [REFER, FEAR_LATER]),
    "after a proposal": ([PROPOSE, REFER], [PROPOSE, FEAR]),
    "after it was allowed": ([ALLOW, REFER], [ALLOW, FEAR]),
    "taken back": ([REFER, UNDO], [FEAR, UNDO]),
    "referral taken back": ([REFER, UNDO], [REFER, FEAR_LATER, UNDO]),
    "second desk ended": ([REFER, END], [FEAR, RECEIVE, END]),
    "proposed afterwards": ([REFER, END, PROPOSE], [FEAR, END, PROPOSE]),
    "allowed afterwards": ([REFER, ALLOW], [FEAR, ALLOW]),
}


READERS = (OWNER, LEADER, SIGNER, STEWARD, GRANTEE)
# There the signature waits: the one sentence has a test of its own.
WAITING = ("proposed afterwards", SIGNER)


@pytest.mark.parametrize(
    ("case", "reader"),
    [(case, reader) for case in ALIKE for reader in READERS if (case, reader) != WAITING],
)
def test_every_page_is_the_same_as_after_an_ordinary_referral(
    sit: Sit, crossing: str, reader: str, case: str
) -> None:
    ordinary, afraid = ALIKE[case]
    expected = seen_after(sit, reader, crossing, ordinary)
    found = seen_after(sit, reader, crossing, afraid)
    assert list(found) == list(expected)
    for page, told in expected.items():
        assert found[page] == told, page


@pytest.mark.parametrize("reader", [OWNER, LEADER, SIGNER, STEWARD])
def test_a_second_reading_of_one_state_is_the_same(sit: Sit, crossing: str, reader: str) -> None:
    """What `plain` leaves out is all that differs: else the test above could pass by chance."""
    one = seen_after(sit, reader, crossing, [REFER])
    assert one == seen_after(sit, reader, crossing, [REFER])
    assert one != seen_after(sit, reader, crossing, [ALLOW])


def waiting(client: Client, record: str) -> list[str]:
    page = client.get(reverse("record", args=[record])).content.decode()
    return [" ".join(re.sub("<[^>]*>", "", each).split()) for each in _WAITS.findall(page)]


_WAITS = re.compile(r'<p class="key-waits">(.*?)</p>', re.S)
_SIGN = f"Tandatangani penolakan: {WAITS}"


def test_a_signature_waits_with_one_sentence_whatever_for(sit: Sit, crossing: str) -> None:
    do(crossing, [PROPOSE])
    assert waiting(sit(SIGNER), crossing) == []
    do(crossing, [REFER])
    assert waiting(sit(SIGNER), crossing) == [_SIGN]
    do(crossing, [FEAR_LATER])
    assert waiting(sit(SIGNER), crossing) == [_SIGN]
    do(crossing, [END])
    assert waiting(sit(SIGNER), crossing) == [_SIGN]
    sign = reverse("act", args=[crossing, "sign_refusal"])
    assert sit(SIGNER).post(sign).status_code == 403
    do(crossing, [RECEIVE])
    assert waiting(sit(SIGNER), crossing) == [_SIGN]
    ended = {"result": "withdrawn", "note": "didengar sendiri dengan juru bahasa lain"}
    do(crossing, [(DUTY, "end_protection", ended)])
    assert waiting(sit(SIGNER), crossing) == []
    assert sit(SIGNER).post(sign).status_code == 302


def test_a_proposal_waits_for_the_second_desk_in_the_same_words(sit: Sit, crossing: str) -> None:
    do(crossing, [REFER])
    assert waiting(sit(LEADER), crossing) == [f"Usul tolak: {WAITS}"]
    page = sit(LEADER).get(reverse("counter_answer", args=[crossing])).content.decode()
    assert "act-propose_refusal" not in page
    do(crossing, [END])
    assert waiting(sit(LEADER), crossing) == []


def test_the_clock_and_the_place_in_the_queue_are_the_same(sit: Sit, crossing: str) -> None:
    def waits_for(step: Step) -> tuple[list[str], float, str, str]:
        with transaction.atomic():
            do(crossing, [step])
            page = sit(LEADER).get(reverse("queue")).content.decode()
            task = Task.objects.get(name="second_inspection")
            assert task.due_at is not None
            minutes = round((task.due_at - task.opened_at).total_seconds() / 60)
            rows = re.findall(r'<li class="queue-row[^"]*">(.*?)</li>', page, re.S)
            assert rows
            transaction.set_rollback(True)
        return [plain(row) for row in rows], minutes, task.power, str(task.place)

    assert waits_for(FEAR) == waits_for(REFER)


def page_revision(client: Client, record: str) -> str:
    page = client.get(reverse("record", args=[record])).content.decode()
    return str(re.findall(r'name="seen" value="([^"]*)"', page)[0])


def test_a_hidden_change_does_not_show_by_the_revision_of_the_page(sit: Sit, crossing: str) -> None:
    """A revision's number holds its time."""
    do(crossing, [REFER])
    before = page_revision(sit(OWNER), crossing)
    do(crossing, [FEAR_LATER, RECEIVE])
    assert page_revision(sit(OWNER), crossing) == before
    duty = sit(DUTY).get(reverse("record", args=[crossing]))
    assert duty.status_code == 200
    do(crossing, [END])
    assert page_revision(sit(OWNER), crossing) > before


def test_what_the_duty_officer_has_taken_is_not_taken_back(sit: Sit, crossing: str) -> None:
    do(crossing, [FEAR, UNDO])
    assert Task.objects.get(name="fear_of_return").state == "done"
    do(crossing, [FEAR, RECEIVE])
    with pytest.raises(Missing):
        do(crossing, [UNDO])
    assert Record.objects.get(pk=crossing).body["protection"]["fear_of_return"] is True


def test_taking_a_referral_back_leaves_what_was_heard_since(sit: Sit, crossing: str) -> None:
    do(crossing, [REFER, FEAR_LATER, UNDO])
    body = Record.objects.get(pk=crossing).body
    assert body["protection"]["fear_of_return"] is True
    assert "second_desk" not in body["decision"]
    assert Task.objects.get(name="fear_of_return").state == "open"
    do(crossing, [PROPOSE])
    assert waiting(sit(SIGNER), crossing) == [_SIGN]


def test_nobody_is_told_that_a_hidden_field_changed_meanwhile(sit: Sit, crossing: str) -> None:
    do(crossing, [REFER])
    seen = page_revision(sit(OWNER), crossing)
    do(crossing, [FEAR_LATER])
    again = reverse("act", args=[crossing, "fear_of_return"])
    done = sit(OWNER).post(again, {"seen": seen}, follow=True)
    assert done.status_code == 200
    assert "diubah petugas lain" not in done.content.decode()


def test_the_duty_officer_sees_the_truth(sit: Sit, crossing: str) -> None:
    do(crossing, [FEAR])
    task = str(Task.objects.get(name="fear_of_return").pk)
    page = sit(DUTY).get(reverse("task", args=[task]))
    assert page.status_code == 200 and "Takut kembali" in page.content.decode()
    assert task in sit(DUTY).get(reverse("tasks")).content.decode()


def history(client: Client, record: str) -> str:
    page = client.get(reverse("record", args=[record])).content.decode()
    return page[page.index('id="history-title"') :]


@pytest.mark.parametrize("reader", [OWNER, LEADER, SIGNER])
def test_the_act_goes_by_its_outward_name(sit: Sit, crossing: str, reader: str) -> None:
    do(crossing, [FEAR])
    told = history(sit(reader), crossing)
    assert "Periksa lanjut" in told
    for telling in ("Takut kembali", "catatan diperbarui", "fear"):
        assert telling not in told


def looked(sit: Sit, reader: str, record: str) -> str:
    return sit(reader).get(reverse("looks", args=[record])).content.decode()


def test_a_look_of_the_duty_officer_is_the_auditors_to_read(sit: Sit, crossing: str) -> None:
    sit(LEADER).get(reverse("record", args=[crossing]))
    assert "IMI-0031" not in looked(sit, LEADER, crossing)
    do(crossing, [FEAR])
    assert sit(DUTY).get(reverse("record", args=[crossing])).status_code == 200
    assert Access.objects.filter(officer="IMI-0031", subject=crossing).exists()
    for reader in (LEADER, STEWARD):
        assert "IMI-0031" not in looked(sit, reader, crossing)
    assert "IMI-0031" in looked(sit, "bnpp.auditor", crossing)


def test_a_look_at_the_withheld_task_tells_the_steward_nothing(sit: Sit, crossing: str) -> None:
    do(crossing, [FEAR])
    task = str(Task.objects.get(name="fear_of_return").pk)
    assert sit(DUTY).get(reverse("task", args=[task])).status_code == 200
    assert Access.objects.filter(subject=task, act="read").exists()
    page = sit(STEWARD).get(reverse("access_log"))
    assert page.status_code == 200
    assert task not in page.content.decode()
    assert task in sit("bnpp.auditor").get(reverse("access_log")).content.decode()
