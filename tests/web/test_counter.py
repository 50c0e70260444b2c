"""The counter: a scan, a typed word, a typed form, a decision, a wrong key taken back."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tapal.store.models import Message, Record
from tests.web.conftest import OWNER, STRANGER, Sit

pytestmark = pytest.mark.django_db(databases=["default", "access"])

# The specimen of ICAO Doc 9303 part 4.
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
PASS = {
    "direction": "entry", "mode": "foot", "primary_identifier": "BETE",
    "secondary_identifier": "YOSEF", "birth_date": "14-02-1988", "nationality": "TLS",
    "document_number": "PLB-8842", "issuing_state": "TLS", "document_class": "border_pass",
    "residence": "Balibo", "destination": "Tasifeto Timur", "purpose": "family_visit",
    "_rows.companions": "0",
}  # fmt: skip
FORM = "/loket/formulir/crossing/border_pass/"


@pytest.fixture
def counter(sit: Sit) -> Client:
    """The owner's counter."""
    return sit(OWNER)


def scan(client: Client, text: str = TD3, **beside: str) -> str:
    """Scan; the address of the answer."""
    done = client.post("/loket/", {"q": text, "direction": "entry", "mode": "foot", **beside})
    assert done.status_code == 302, done.content.decode()
    return str(done["Location"])


def test_a_scan_is_answered_with_reasons(counter: Client) -> None:
    page = counter.get(scan(counter)).content.decode()
    assert "ERIKSSON" in page and "L898902C3" in page
    assert "habis" in page  # the document expired in 2012


def test_scanners_end_lines_in_their_own_way(counter: Client) -> None:
    assert scan(counter, TD3.replace("\n", "\r\n") + "\r\n").startswith("/loket/")


def test_the_lane_keeps_its_direction(counter: Client) -> None:
    scan(counter, direction="exit")
    page = counter.get("/loket/").content.decode()
    assert 'name="direction" value="exit" required checked' in page


def test_a_scan_without_direction_says_what_is_missing(counter: Client) -> None:
    done = counter.post("/loket/", {"q": TD3, "mode": "foot"})
    assert done.status_code == 422
    assert "Pilih salah satu" in done.content.decode() or "Wajib diisi" in done.content.decode()
    assert not Record.objects.exists()


def test_the_same_scan_sent_twice_is_one_crossing(counter: Client) -> None:
    assert scan(counter) == scan(counter)
    assert Record.objects.count() == 1


def test_the_answer_tells_of_the_crossings_before_it(counter: Client) -> None:
    first = counter.get(scan(counter, direction="exit")).content.decode()
    assert "Riwayat:" not in first
    again = counter.get(scan(counter)).content.decode().split("Riwayat:")[1].split("</p>")[0]
    assert "1× / 12 bulan" in again and "keluar" in again and ", PLBN Motaain" in again


def test_a_scan_that_takes_long_leads_to_its_record_and_says_so(
    counter: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tapal.flow.counter.PATIENCE_SECONDS", -1.0)
    monkeypatch.setattr("tapal.flow.counter.work_one", lambda *_, **__: None)
    assert "Belum disaring" in counter.get(scan(counter)).content.decode()
    assert Record.objects.count() == 1


def test_the_same_scan_in_the_other_direction_is_another_crossing(counter: Client) -> None:
    assert scan(counter) != scan(counter, direction="exit")


def test_a_scan_on_another_page_takes_the_direction_of_the_lane(counter: Client) -> None:
    scan(counter, direction="exit")
    assert "data-scan-away" in counter.get("/").content.decode()
    assert counter.post("/loket/", {"q": TD3.replace("ANNA", "ANNE")}).status_code == 302
    assert {record.body["direction"] for record in Record.objects.all()} == {"exit"}
    assert 'name="direction" value="exit" required checked' in counter.get(FORM).content.decode()


def test_what_an_act_changed_is_told_in_the_zone_of_the_post(
    counter: Client, crossing: str
) -> None:
    act(counter, crossing, "second_inspection")
    page = counter.get(reverse("record", args=[crossing])).content.decode()
    assert "UTC" not in page.split('id="history-title"')[1]
    assert "– → –" not in page


def test_the_same_document_later_is_another_crossing(counter: Client) -> None:
    first = scan(counter)
    session = counter.session
    session.pop("last_scan")
    session.save()
    assert scan(counter) != first
    assert Message.objects.count() == 2


def test_a_typed_number_finds_its_record(counter: Client, crossing: str) -> None:
    done = counter.post("/loket/", {"q": "C0123456"})
    assert done["Location"] == reverse("counter_answer", args=[crossing])


def test_what_nobody_knows_is_said_so(counter: Client) -> None:
    page = counter.post("/loket/", {"q": "X9999999"}).content.decode()
    assert "Belum ada catatan" in page


def test_a_border_pass_is_typed(counter: Client) -> None:
    done = counter.post(FORM, PASS)
    assert done.status_code == 302, done.content.decode()
    assert "BETE" in counter.get(done["Location"]).content.decode()


def test_a_mistake_in_a_form_stands_beside_its_field(counter: Client) -> None:
    done = counter.post(FORM, {**PASS, "birth_date": "31-02-1988", "residence": ""})
    page = done.content.decode()
    assert done.status_code == 422
    assert 'id="birth_date-error"' in page and 'id="residence-error"' in page
    assert 'value="31-02-1988"' in page  # what was typed is not lost


def test_companions_are_added_without_script(counter: Client) -> None:
    page = counter.post(FORM, {**PASS, "_add": "companions"}).content.decode()
    assert 'name="companions.0.primary_identifier"' in page
    more = {**PASS, "_rows.companions": "1", "companions.0.primary_identifier": "BETE ANA"}
    done = counter.post(FORM, more)
    assert "BETE ANA" in counter.get(done["Location"]).content.decode() or done.status_code == 302
    assert Record.objects.get().body["companions"][0]["primary_identifier"] == "BETE ANA"


def test_an_agency_without_travellers_has_no_form_for_them(sit: Sit) -> None:
    assert sit(STRANGER).get(FORM).status_code == 404
    assert "Pas lintas batas" not in sit(STRANGER).get("/loket/").content.decode()


def act(client: Client, record_id: str, name: str, **answers: str) -> str:
    """Press an action's key at the counter."""
    done = client.post(
        reverse("act", args=[record_id, name]), {"at": "counter", **answers}, follow=True
    )
    return done.content.decode()


def test_a_decision_leads_to_the_next_traveller_and_can_be_taken_back(
    counter: Client, crossing: str
) -> None:
    page = act(counter, crossing, "second_inspection")
    assert "Siap untuk yang berikutnya" in page and "Batalkan" in page
    assert Record.objects.get().body["decision"]["outcome"] == "second_inspection"
    counter.post(reverse("undo", args=[crossing]), {"at": "counter"})
    assert not (Record.objects.get().body.get("decision") or {}).get("outcome")


def test_a_decision_asks_for_its_reason(counter: Client, crossing: str) -> None:
    done = counter.post(reverse("act", args=[crossing, "allow"]), {"at": "counter"})
    assert done.status_code == 422
    assert "allow-reason-error" in done.content.decode()
    act(counter, crossing, "allow", reason="shown a new passport")
    assert Record.objects.get().body["decision"]["outcome"] == "admitted"


def test_fear_of_return_is_not_named_at_the_counter(counter: Client, crossing: str) -> None:
    page = act(counter, crossing, "fear_of_return", words="afraid")
    assert "Siap untuk yang berikutnya" in page
    assert "Takut kembali" not in page.split("<main")[1]


def test_what_is_not_lawful_is_not_there(counter: Client, crossing: str) -> None:
    assert counter.post(reverse("act", args=[crossing, "clarify"])).status_code == 403
    page = counter.get(reverse("counter_answer", args=[crossing])).content.decode()
    assert "Klarifikasi" not in page and "Usul tolak" in page
