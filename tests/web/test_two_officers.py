"""Two officers at one thing: who comes second is told what was done, and loses no word of his own."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tapal.store.models import Alert, Reject, Task
from tests.web.conftest import LEADER, OWNER, SIGNER, Sit

pytestmark = pytest.mark.django_db(databases=["default", "access"])
WORDS = "seen the birth certificate"


def test_an_alert_that_was_closed_meanwhile(sit: Sit, alert: Alert) -> None:
    closing = reverse("alert_close", args=[alert.pk])
    sit(LEADER).post(closing, {"outcome": "true", "reason": "first"})
    second = sit(OWNER).post(closing, {"outcome": "false", "reason": WORDS})
    page = second.content.decode()
    assert second.status_code == 409
    assert "Sudah diselesaikan petugas lain" in page and "IMI-0002" in page and WORDS in page
    alert.refresh_from_db()
    assert (alert.outcome, alert.outcome_reason) == ("true", "first")
    assert sit(OWNER).post(reverse("alert_take", args=[alert.pk])).status_code == 409


def test_a_task_that_was_done_meanwhile(sit: Sit, task: Task) -> None:
    answering = reverse("task_answer", args=[task.pk])
    sit(LEADER).post(answering, {"answer": "first"})
    second = sit(OWNER).post(answering, {"answer": WORDS})
    assert second.status_code == 409 and WORDS in second.content.decode()
    assert Task.objects.get(pk=task.pk).answer == "first"


def test_a_reject_that_was_closed_meanwhile(sit: Sit, reject: Reject) -> None:
    dismissing = reverse("reject_dismiss", args=[reject.pk])
    sit(LEADER).post(dismissing, {"note": "first"})
    for verb, data in (("dismiss", {"note": WORDS}), ("mend", {"text": WORDS}), ("replay", {})):
        second = sit(LEADER).post(reverse(f"reject_{verb}", args=[reject.pk]), data)
        assert second.status_code == 409
        assert (WORDS in second.content.decode()) == bool(data)


def test_what_is_gone_gives_the_words_back_and_no_secret(sit: Sit) -> None:
    gone = reverse("alert_close", args=["0190b0a0-0000-7000-8000-000000000000"])
    page = sit(OWNER).post(gone, {"reason": WORDS, "password": "my own pass phrase"})
    assert page.status_code == 404
    assert WORDS in page.content.decode() and "pass phrase" not in page.content.decode()


def test_a_shift_that_was_handed_over_or_accepted_meanwhile(sit: Sit) -> None:
    sit(LEADER).post(reverse("shift"), {"note": "first"})
    second = sit(SIGNER).post(reverse("shift"), {"note": WORDS})
    assert second.status_code == 422 and WORDS in second.content.decode()
    held = Task.objects.get(name="shift_hand_over")
    for _ in range(2):
        done = sit(SIGNER).post(reverse("shift_accept"), {"task": held.pk}, follow=True)
    assert "tidak menunggu lagi" in done.content.decode()
