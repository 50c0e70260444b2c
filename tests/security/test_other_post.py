"""A mandate at one post lets nobody act at another; it lets him read on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing
from tapal.core.marking import Sensitivity
from tapal.core.text import Text
from tapal.flow import alert as alerts
from tapal.flow import decide, link, rejects, tasks
from tapal.flow.share import lists
from tapal.store.models import Alert, Event, Record, Reject
from tests.web.conftest import OWNER, Sit

pytestmark = pytest.mark.django_db(databases=["default", "access"])
WORDS = Text("Periksa", "Check")
ELSEWHERE = "imi.skouw.kepala"
POWERS = frozenset(
    {
        "record.read", "record.write", "counter.decide", "alert.triage", "alert.close",
        "task.do", "reject.read", "reject.mend",
    }
)  # fmt: skip


def actor(post: str | None) -> Actor:
    return Actor("1", "IMI-9", "Nobody", "IMI", post, POWERS)


def changes() -> int:
    return Event.objects.exclude(type__startswith="task.").count()


@pytest.fixture
def elsewhere(sit: Sit, alert: Alert) -> Client:
    client = sit(ELSEWHERE)
    client.post(reverse("seats"), {"seat": "IMI/PLBN-16"})
    return client


def test_he_reads_and_is_offered_no_key(elsewhere: Client, alert: Alert) -> None:
    record = str(alert.record_id)
    assert elsewhere.get(reverse("record", args=[record])).status_code == 200
    assert decide.offers(record, actor=actor("PLBN-16")) == ()
    assert decide.offers(record, actor=actor("PLBN-11"))
    page = elsewhere.get(reverse("alert", args=[alert.id])).content.decode()
    assert reverse("alert_close", args=[alert.id]) not in page


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("alert_take", {}),
        ("alert_close", {"outcome": "false", "reason": "x"}),
        ("bearer", {"reason": "x"}),
        ("act", {}),
    ],
)
def test_a_post_from_elsewhere_changes_nothing(
    elsewhere: Client, alert: Alert, name: str, data: dict[str, str]
) -> None:
    about = alert.id if name.startswith("alert") else alert.record_id
    name_of_act = decide.offers(str(alert.record_id), actor=actor("PLBN-11"))[0][0].name
    args = [about, name_of_act] if name == "act" else [about]
    before = changes()
    assert elsewhere.post(reverse(name, args=args), data).status_code in (403, 422)
    assert changes() == before
    alert.refresh_from_db()
    assert (alert.state, alert.taken_by) == ("open", "")


def test_flow_refuses_each_act_from_elsewhere(alert: Alert, reject: Reject) -> None:
    there = actor("PLBN-16")
    record = Record.objects.get(pk=alert.record_id)
    task = tasks.open_task(
        tasks.Wanted("x", WORDS, WORDS, "task.do", Sensitivity.RESTRICTED),
        actor="system",
        record=record,
    )
    refused: list[Callable[[], object]] = [
        lambda: alerts.take_alert(alert.id, actor=there),
        lambda: alerts.reopen_alert(alert.id, actor=there),
        lambda: tasks.answer_task(task.id, "done", actor=there),
        lambda: link.part(str(record.id), "no", actor=there),
        lambda: decide.settle_conflict(str(record.id), "person.sex", "M", actor=there),
    ]
    for act in refused:
        with pytest.raises(Denied):
            act()
    with pytest.raises(Missing):
        rejects.dismiss(reject.id, "no", actor=there)


def test_what_was_refused_at_another_post_is_not_there(elsewhere: Client, reject: Reject) -> None:
    """It holds bytes as they came."""
    assert elsewhere.get(reverse("reject", args=[reject.id])).status_code == 404
    assert "bad.csv" not in elsewhere.get(reverse("rejects")).content.decode()
    with pytest.raises(Missing):
        rejects.bytes_of(reject.id, actor=actor("PLBN-16"))
    assert rejects.bytes_of(reject.id, actor=actor(None))


def test_bytes_as_they_came_are_for_who_may_read_all_that_they_may_hold(
    elsewhere: Client, reject: Reject, monkeypatch: pytest.MonkeyPatch
) -> None:
    low = actor("PLBN-11")
    assert rejects.bytes_of(reject.id, actor=low)
    monkeypatch.setattr(lists, "raw_level", lambda kind: Sensitivity.CONFIDENTIAL)
    with pytest.raises(Missing):
        rejects.bytes_of(reject.id, actor=low)
    assert lists.reject(low, datetime.now(UTC), reject.id) is None
    high = replace(low, powers=POWERS | {"confidential.read"})
    assert rejects.bytes_of(reject.id, actor=high)
    assert lists.reject(high, datetime.now(UTC), reject.id) is not None


def test_a_mandate_without_a_post_holds_everywhere(alert: Alert) -> None:
    assert alerts.take_alert(alert.id, actor=actor(None)).taken_by == "IMI-9"


def test_at_his_own_post_he_acts(sit: Sit, alert: Alert) -> None:
    sit(OWNER).post(reverse("alert_take", args=[alert.id]))
    alert.refresh_from_db()
    assert alert.taken_by == "IMI-0001"
