"""Alerts, tasks, rejects, hand-over, lists, agreements and people, worked through their pages."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tapal.flow.demo_officers import DEMO_PASSWORD
from tapal.store.models import (
    Agreement,
    Alert,
    Link,
    ListVersion,
    Mandate,
    Officer,
    Proposal,
    Record,
    Reject,
    Roll,
    Task,
    Threshold,
)
from tests.web.conftest import (
    ADMIN,
    GRANTEE,
    LEADER,
    OWNER,
    PEOPLE,
    SECOND,
    SIGNER,
    STEWARD,
    STRANGER,
    UNREADABLE,
    Sit,
)  # fmt: skip

pytestmark = pytest.mark.django_db(databases=["default", "access"])


def test_an_alert_is_taken_closed_and_opened_again(sit: Sit, alert: Alert) -> None:
    client = sit(OWNER)
    client.post(reverse("alert_take", args=[alert.pk]))
    assert Alert.objects.get(pk=alert.pk).taken_by == "IMI-0001"
    close = reverse("alert_close", args=[alert.pk])
    assert client.post(close, {"reason": "x"}).status_code == 422
    assert client.post(close, {"outcome": "explained", "reason": " "}).status_code == 422
    client.post(close, {"outcome": "explained", "reason": "a new passport was shown"})
    assert Alert.objects.get(pk=alert.pk).state == "closed"
    page = client.get(reverse("alert", args=[alert.pk])).content.decode()
    assert "ada penjelasan yang sah" in page and "a new passport was shown" in page
    client.post(reverse("alert_reopen", args=[alert.pk]))
    assert Alert.objects.get(pk=alert.pk).state == "open"


def test_a_cleared_match_says_until_when(sit: Sit, crossing: str, alert: Alert) -> None:
    bearer = Link.objects.filter(record_id=crossing, verdict=1)[0].identity
    client, page = sit(OWNER), reverse("alert", args=[alert.pk])
    Alert.objects.filter(pk=alert.pk).update(state="closed", outcome="false", outcome_reason="x")
    assert "tidak lagi dicocokkan" not in client.get(page).content.decode()
    Link.objects.create(
        identity=bearer, roll_id="dpo", entity_id="N-1", verdict=-1, basis="person", at=timezone.now(),
        evidence={"alert": str(alert.pk)}, until=date(2031, 3, 2),
    )  # fmt: skip
    told = client.get(page).content.decode()
    assert "tidak lagi dicocokkan dengan entri itu sampai 02-03-2031" in told


def test_an_alert_in_other_hands_says_whose(sit: Sit, alert: Alert) -> None:
    sit(LEADER).post(reverse("alert_take", args=[alert.pk]))
    done = sit(OWNER).post(reverse("alert_take", args=[alert.pk]))
    assert done.status_code == 422 and "IMI-0002" in done.content.decode()


def test_a_task_is_answered_in_words(sit: Sit, task: Task) -> None:
    page = reverse("task_answer", args=[task.pk])
    assert sit(STRANGER).post(page, {"answer": "x"}).status_code == 404
    assert sit(GRANTEE).post(page, {"answer": "x"}).status_code == 404
    assert sit(OWNER).post(page, {"answer": ""}).status_code == 422
    assert sit(OWNER).post(page, {"answer": "seen"}).status_code == 302
    assert Task.objects.get(pk=task.pk).answer == "seen"


def test_the_queue_names_whom_a_task_is_about_and_who_was_given_it(sit: Sit, task: Task) -> None:
    Task.objects.filter(pk=task.pk).update(assigned_to="IMI-0001")
    line = sit(OWNER).get("/").content.decode().split(f"/tugas/{task.pk}/")[1].split("</li>")[0]
    assert "SOARES" in line and "IMI-0001" in line


def test_a_task_that_ends_by_an_act_is_not_answered_by_hand(sit: Sit, crossing: str) -> None:
    """Else the record would stay where it is, and nobody would know why."""
    client = sit(OWNER)
    client.post(reverse("act", args=[crossing, "second_inspection"]))
    second = Task.objects.get(name="second_inspection")
    page = client.get(reverse("task", args=[second.pk])).content.decode()
    assert "tindakan di berkasnya" in page and reverse("record", args=[crossing]) in page
    answer = reverse("task_answer", args=[second.pk])
    assert answer not in page
    assert client.post(answer, {"answer": "seen"}).status_code == 422
    ended = {"result": "no_objection", "note": "bagasi dan dokumen diperiksa"}
    client.post(reverse("act", args=[crossing, "end_second_inspection"]), ended)
    second.refresh_from_db()
    assert second.state == "done"


def test_a_task_list_prints(sit: Sit, task: Task) -> None:
    page = sit(OWNER).get(reverse("tasks"), {"cetak": "1"}).content.decode()
    assert "Look again" in page and "<svg" in page and "SOARES" in page


def test_a_reject_is_mended_in_its_box(sit: Sit, reject: Reject) -> None:
    page = sit(LEADER).get(reverse("reject", args=[reject.pk])).content.decode()
    assert UNREADABLE.splitlines()[1] in page
    mend = reverse("reject_mend", args=[reject.pk])
    assert sit(OWNER).post(mend, {"text": PEOPLE}).status_code == 403
    client = sit(LEADER)
    assert client.post(mend, {"text": UNREADABLE}).status_code == 422
    good = UNREADABLE.replace(",F,", "MARIA,F,").replace("\n", "\r\n")  # as a browser sends it
    assert client.post(mend, {"text": good}).status_code == 302
    assert Reject.objects.get(pk=reject.pk).state == "mended"
    assert Record.objects.count() == 1


def test_a_reject_is_dismissed_with_a_reason(sit: Sit, reject: Reject) -> None:
    page = reverse("reject_dismiss", args=[reject.pk])
    assert sit(LEADER).post(page, {"note": ""}).status_code == 422
    assert sit(LEADER).post(page, {"note": "an empty row"}).status_code == 302
    assert Reject.objects.get(pk=reject.pk).closing_note == "an empty row"


def test_a_shift_is_handed_over_and_accepted_by_another(sit: Sit, crossing: str) -> None:
    page = reverse("shift")
    leader = sit(LEADER)
    assert leader.post(page, {"note": ""}).status_code == 422
    leader.post(page, {"note": "the boat of 17.00 is late"})
    held = Task.objects.get(name="shift_hand_over")
    assert held.data["alerts"] >= 1
    assert leader.post(reverse("shift_accept"), {"task": held.pk}).status_code == 403
    next_leader = sit(SIGNER)
    assert "the boat of 17.00 is late" in next_leader.get(page).content.decode()
    next_leader.post(reverse("shift_accept"), {"task": held.pk})
    assert Task.objects.get(pk=held.pk).state == "done"


LIST = b"list_code,entity_id,schema,name,valid_until\ntangkal,T-1,Person,MARIA SOARES,2030-01-01\n"


def test_a_list_is_drafted_by_one_and_put_in_force_by_another(sit: Sit) -> None:
    sent = SimpleUploadedFile("list.csv", LIST)
    assert sit(OWNER).post(reverse("lists"), {"file": sent}).status_code == 403
    sent = SimpleUploadedFile("list.csv", LIST)
    steward = sit(STEWARD)
    page = steward.post(reverse("lists"), {"file": sent}, follow=True).content.decode()
    row = ListVersion.objects.get()
    assert "MARIA SOARES" in page and Roll.objects.get(pk="tangkal").version == 0
    publish = reverse("list_publish", args=[row.pk])
    assert steward.post(publish).status_code == 403, "he drafted it"
    assert sit(LEADER).post(publish).status_code == 403, "a list holds at every post"
    for who in (GRANTEE, STRANGER):
        assert sit(who).get(reverse("list_version", args=[row.pk])).status_code == 403
    second = sit("imi.analis.kepala")
    assert "MARIA SOARES" in second.get(reverse("list_version", args=[row.pk])).content.decode()
    assert second.post(publish).status_code == 302
    assert Roll.objects.get(pk="tangkal").version == 1
    entry = second.get(reverse("list_entry", args=["tangkal", "T-1"])).content.decode()
    assert "v1" in entry and "01-01-2030" in entry
    assert "T-1" in second.get(reverse("list", args=["tangkal"]), {"q": "soares"}).content.decode()


def test_a_threshold_is_proposed_by_one_and_set_by_another(sit: Sit, crossing: str) -> None:
    page = reverse("list_thresholds", args=["tangkal"])
    given = {"alert": "0,8", "look": "0.4", "ground": "too many", "place": "PLBN-11"}
    assert sit(OWNER).post(page, given).status_code == 403
    assert sit(STRANGER).get(page).status_code == 403
    steward = sit(STEWARD)
    assert steward.post(page, {**given, "alert": "much"}).status_code == 422
    assert steward.post(page, {**given, "alert": "0.2"}).status_code == 422
    assert steward.post(page, given).status_code == 302
    row = Threshold.objects.get()
    assert row.curve["records"] == 1
    assert "PLBN-11" in steward.get(page, {"kurva": "1", "pos": "PLBN-11"}).content.decode()
    publish = reverse("threshold_publish", args=[row.pk])
    assert steward.post(publish).status_code == 403
    assert sit(LEADER).post(publish).status_code == 302
    assert Threshold.objects.get().state == "in_force"


def test_what_hits_were_worth_is_told_to_who_may_count(sit: Sit) -> None:
    assert sit(LEADER).get(reverse("worth")).status_code == 200
    assert sit(OWNER).get(reverse("worth")).status_code == 403


def test_a_list_of_another_authority_is_not_imported(sit: Sit) -> None:
    police = SimpleUploadedFile("list.csv", LIST.replace(b"tangkal,", b"dpo,"))
    assert sit(STEWARD).post(reverse("lists"), {"file": police}).status_code == 403
    assert Roll.objects.get(pk="dpo").version == 0, "another authority's list"
    page = sit(STEWARD).get(reverse("lists")).content.decode()
    assert "tangkal" in page and "dpo" not in page, "nor is it counted"
    empty = SimpleUploadedFile("list.csv", b"name\n")
    assert sit(STEWARD).post(reverse("lists"), {"file": empty}).status_code == 422


TERMS = {
    "code": "IMI-PSDKP-1", "title": "Uji", "taker": "PSDKP", "purpose": "border_control",
    "kinds": ["crossing"], "max_sensitivity": "restricted", "fields": "direction\ndocument.*",
    "valid_from": "01-01-2026", "legal_basis": "uji",
}  # fmt: skip


def test_an_agreement_opens_and_its_revocation_closes(sit: Sit, crossing: str) -> None:
    record = reverse("record", args=[crossing])
    stranger = sit(STRANGER)
    assert stranger.get(record).status_code == 404
    assert sit(STEWARD).post(reverse("agreement_new"), TERMS).status_code == 302
    page = stranger.get(record).content.decode()
    assert "C0123456" in page and "SOARES" not in page
    revoke = reverse("agreement_revoke", args=["IMI-PSDKP-1"])
    assert sit(GRANTEE).post(revoke, {"reason": "x"}).status_code == 403
    assert sit(STEWARD).post(revoke, {"reason": "done"}).status_code == 302
    assert stranger.get(record).status_code == 404
    assert Agreement.objects.get(pk="IMI-PSDKP-1").revoked_at


NEW = ("password1", "password2")


def test_an_officer_is_made_with_a_mandate_that_can_end(sit: Sit) -> None:
    admin = sit(ADMIN)
    form = {
        "username": "imi.baru", "name": "Anton Baru", "number": "IMI-9001",
        "language": "id", "password": "cukup-panjang-77",
    }  # fmt: skip
    assert sit(OWNER).post(reverse("officer_new"), form).status_code == 403
    assert admin.post(reverse("officer_new"), {**form, "password": "x"}).status_code == 422
    assert admin.post(reverse("officer_new"), form).status_code == 302
    page = reverse("officer", args=["IMI-9001"])
    mandate = {"agency": "IMI", "role": "officer", "place": "PLBN-11", "valid_from": "01-01-2026"}
    assert admin.post(page, {**mandate, "valid_from": "soon"}).status_code == 422
    assert admin.post(page, mandate).status_code == 302
    proposal = Proposal.objects.get()
    approve = reverse("proposal_approve", args=[proposal.id])
    assert sit(SECOND).post(approve, {"password": DEMO_PASSWORD}).status_code == 302
    client = Client()
    login = {"login": "imi.baru", "password": "cukup-panjang-77"}
    assert client.post("/masuk/", login, follow=True).request["PATH_INFO"] == "/sandi/"
    changed = {"oldpassword": login["password"], **dict.fromkeys(NEW, "pilihan-sendiri-88")}
    client.post("/sandi/", changed)
    login["password"] = "pilihan-sendiri-88"
    assert client.post("/masuk/", login, follow=True).request["PATH_INFO"] == "/"
    held = Mandate.objects.get(officer__number="IMI-9001")
    end, off = (
        reverse("mandate_end", args=["IMI-9001", held.pk]),
        reverse("officer_off", args=["IMI-9001"]),
    )
    assert [admin.post(door).status_code for door in (end, off)] == [403, 403]
    assert off not in admin.get(page).content.decode()
    second = sit(SECOND)
    assert off in second.get(page).content.decode()
    second.post(end)
    assert client.get("/")["Location"].startswith("/tempat/")
    second.post(off)
    assert not Officer.objects.get(number="IMI-9001").is_active


def test_a_mandate_is_offered_for_ending_to_who_may_end_it(sit: Sit) -> None:
    page = reverse("officer", args=["IMI-0032"])
    assert "Akhiri sekarang" not in sit(ADMIN).get(page).content.decode()
    assert "Akhiri sekarang" in sit("imi.pengelola").get(page).content.decode()


def test_a_posts_hours_are_changed(sit: Sit) -> None:
    data = {"place": "PLBN-11", "opening_hours": "07:00-17:00", "status": "operating"}
    assert sit(OWNER).post(reverse("posts"), data).status_code == 403
    assert sit(ADMIN).post(reverse("posts"), data).status_code == 302
    assert "07:00-17:00" in sit(ADMIN).get(reverse("posts")).content.decode()


def test_a_file_is_handed_in(sit: Sit) -> None:
    sent = SimpleUploadedFile("people.csv", PEOPLE.encode())
    page = sit(OWNER).post(reverse("intake"), {"file": sent}).content.decode()
    assert "people.csv" in page and Record.objects.get().owner == "IMI"


def test_the_api_takes_a_message_by_key(sit: Sit) -> None:
    client = sit(OWNER)
    made = client.post(reverse("token"), {"password": DEMO_PASSWORD}).content.decode()
    key = made.split('<pre class="raw" tabindex="0">')[1].split("</pre>")[0]
    program = Client(enforce_csrf_checks=True)

    def send(authorization: str) -> int:
        done = program.post(
            "/api/v1/intake?source=a.csv", PEOPLE, content_type="text/csv",
            headers={"Authorization": authorization},
        )  # fmt: skip
        if done.status_code == 200:
            told = json.loads(done.content)
            counts = {"records", "rejects", "known", "findings", "alerts", "unscreened"}
            assert set(told) == {*counts, "items"}
            assert told["records"] + told["known"] == 1
            assert told["items"][0]["source"] == "a.csv"
        return done.status_code

    assert send("Bearer x" + key) == 401
    assert send(f"Bearer {key}") == 200
    assert send(f"Bearer {key}") == 200
    assert Record.objects.count() == 1
    officer = Officer.objects.get(username=OWNER)
    officer.set_password("another-password-8")
    officer.save()
    assert send(f"Bearer {key}") == 401


def test_the_api_by_session_needs_the_form_token(desk: None) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(Officer.objects.get(username=OWNER))
    done = client.post("/api/v1/intake", PEOPLE, content_type="text/csv")
    assert done.status_code == 403
    assert not Record.objects.exists()


def test_the_api_is_closed_to_one_who_may_not_write(sit: Sit) -> None:
    assert sit(ADMIN).post("/api/v1/intake", PEOPLE, content_type="text/csv").status_code == 403
    assert Client().post("/api/v1/intake", PEOPLE, content_type="text/csv").status_code == 401


def test_a_legal_value_is_not_the_strangers_to_amend(sit: Sit) -> None:
    page = reverse("law_row", args=["alert.triage_minutes"])
    assert sit(STRANGER).post(page, {}).status_code == 403


def test_a_legal_value_is_seen_by_officers_and_amended_by_the_steward(sit: Sit) -> None:
    page = reverse("law_row", args=["plb.stay_days:TLS"])
    change = {
        "value": "12", "valid_from": "2027-01-01", "citation": "art. 3", "confidence": "checked",
    }  # fmt: skip
    assert sit(STRANGER).get(reverse("law")).status_code == 200
    assert sit(OWNER).post(page, change).status_code == 403
    assert sit(STEWARD).post(page, {**change, "citation": ""}).status_code == 422
    assert sit(STEWARD).post(page, change).status_code == 302
    assert "art. 3" in sit(OWNER).get(reverse("law")).content.decode()
    assert sit(ADMIN).get(reverse("law")).status_code == 403
