"""The room of early warning: the stranger first, then one list, one alarm, and a setting of two persons."""

from __future__ import annotations

import gzip
import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tapal.core.kind import Period
from tapal.flow import lake_clock
from tapal.flow.signals import lists, settings, trying
from tapal.flow.signals.counts import last_period
from tapal.store.models import Access, Alert, LegalRow, SignalList, SignalSetting
from tests.flow.signals.conftest import SURGE, crossings, fill, hand
from tests.web.conftest import LEADER, OWNER, STEWARD, STRANGER, Sit
from tests.web.test_pages import INLINE

pytestmark = pytest.mark.django_db(databases=["default", "access"])

ANALYST, PLANNER = "imi.analis", "bnpp.analis"


@pytest.fixture
def listed(desk: Path) -> SignalList:
    """A surge at Motaain yesterday, on the list of immigration."""
    fill(last_period(timezone.now(), Period.DAY))
    lists.make()
    return SignalList.objects.get(owner="IMI", period="day")


def address(row: SignalList) -> str:
    return f"/peringatan-dini/{row.id}/{row.alarms[0]['subject']}/"


def test_a_stranger_and_a_counter_officer_find_nothing(sit: Sit, listed: SignalList) -> None:
    for username in (STRANGER, OWNER, STEWARD):
        assert sit(username).get("/peringatan-dini/").status_code == 403
        assert sit(username).get(address(listed)).status_code == 403
    # Another agency's analyst has the room, and nothing of immigration's is in it.
    client = sit("karantina.analis")
    text = client.get("/peringatan-dini/").content.decode()
    assert "Orang masuk" not in text and "Motaain" not in text
    absent = client.get(address(listed).replace(str(listed.id), str(uuid.uuid4())))
    there = client.get(address(listed))
    assert there.status_code == absent.status_code == 404


def test_the_list_and_the_alarm_stand_without_script(sit: Sit, listed: SignalList) -> None:
    client = sit(ANALYST)
    text = client.get("/peringatan-dini/").content.decode()
    assert "PLBN Motaain" in text and f": {SURGE} sejak" in text and "10%" in text
    assert address(listed) in text and not INLINE.search(text)
    assert ">0,1%<" in text, "a tiny bound is rounded up, not told as 1e-05"
    text = client.get(address(listed)).content.decode()
    assert "<svg" in text and "batas" in text and "Catatannya" in text and not INLINE.search(text)
    assert len(re.findall(r'href="/berkas/', text)) >= 20
    assert "tidak dilaporkan" in text, "the day without a report is told apart from zero"
    alert = Alert.objects.get(reason="signal:entries")
    assert f"/peringatan/{alert.id}/" in text
    assert Access.objects.filter(subject="signals", officer__startswith="IMI").count() == 2
    page = client.get(f"/peringatan/{alert.id}/").content.decode()
    assert "Orang masuk" in page and "PLBN Motaain" in page


def test_a_busy_day_after_hides_no_record_of_the_alarm(sit: Sit, listed: SignalList) -> None:
    after = last_period(timezone.now(), Period.DAY) + timedelta(days=1)
    hand("".join(crossings(after, 60, start=60 * n) for n in range(4)))
    text = sit(ANALYST).get(address(listed)).content.decode()
    own = text[text.index("Catatannya") :]
    assert f"{after - timedelta(days=1):%d-%m-%Y}" in own and f"{after:%d-%m-%Y}" not in own


def test_who_asks_for_statistics_is_told_no_small_count(sit: Sit, listed: SignalList) -> None:
    LegalRow.objects.filter(topic="lake.smallest_cell").update(value=SURGE + 1)
    from tapal.flow import reference

    reference.bump()
    text = sit(PLANNER).get("/peringatan-dini/").content.decode()
    assert f": {SURGE} sejak" not in text
    told = sit(PLANNER).get(address(listed)).content.decode()
    assert "terlalu kecil" in told and "Motaain" in told
    assert f"{SURGE} sejak" not in told and f"<td>{SURGE}</td>" not in told
    assert f": {SURGE}</title>" not in told and "Catatannya" not in told


def aside(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The commands that would have run in processes of their own."""
    ran: list[tuple[str, ...]] = []

    def run(*command: str) -> bool:
        ran.append(command)
        return True

    monkeypatch.setattr(lake_clock, "run_aside", run)
    return ran


def test_a_setting_is_tried_and_put_in_force_by_a_second_person(
    sit: Sit, listed: SignalList, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = aside(monkeypatch)
    analyst, leader = sit(ANALYST), sit("imi.analis.kepala")
    where = "/peringatan-dini/setelan/"
    bad = analyst.post(where + "usul/", {"level": "7", "within": "60", "reason": "x"})
    assert bad.status_code == 422 and "0.001" in bad.content.decode().replace(",", ".")
    given = {"level": "0,05", "within": "60", "reason": "terlalu banyak alarm"}
    assert analyst.post(where + "usul/", given).status_code == 302
    row = SignalSetting.objects.get()
    assert ran == [("signals", "try", str(row.id))] and settings.in_force("IMI").level == 0.1
    # Not before it was tried, and never by who proposed it.
    assert leader.post(f"{where}{row.id}/berlakukan/").status_code == 403
    monkeypatch.setattr(trying, "PAST", {Period.DAY: 5, Period.WEEK: 2})
    trying.try_setting(row.id)
    assert analyst.post(f"{where}{row.id}/berlakukan/").status_code == 403
    text = leader.get(where).content.decode()
    assert "Alarm tiap daftar" in text and "0,05" in text.replace("0.05", "0,05")
    # Nor by who answers for one post alone.
    for username in (OWNER, LEADER):
        assert sit(username).post(f"{where}{row.id}/berlakukan/").status_code == 403
    assert leader.post(f"{where}{row.id}/berlakukan/").status_code == 302
    assert settings.in_force("IMI") == settings.Setting(0.05, 60.0)
    assert settings.in_force("BARANTIN") == settings.Setting()


def test_known_outbreaks_go_with_a_proposal_and_are_told_apart_from_planted_ones(
    sit: Sit, listed: SignalList, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside(monkeypatch)
    analyst, where = sit(ANALYST), "/peringatan-dini/setelan/"
    given = {"level": "0.05", "within": "60", "reason": "uji"}

    def sent(text: str) -> dict[str, object]:
        return {**given, "outbreaks": SimpleUploadedFile("known.csv", text.encode())}

    for text, said in (
        ("since,until,place\n2026-03-05,2026-03-01,\n", "Baris 2: since dan until"),
        ("since,until,place\n2026-03-05,2026-03-06,PLBN-XX\n", "tidak ada pos PLBN-XX"),
        ("since,until,signal\n2026-03-05,2026-03-06,nothing\n", "tidak ada sinyal nothing"),
        ("when\n2026-03-05\n", "Kolom since dan until"),
        ("since,until\n" + "9" * 200_000, "bukan CSV"),
        ("since,until\n\x00,\n", "Baris 2: since dan until"),
        ("since,until\n" + "2026-03-05,2026-03-05\n" * 2_001, "1 sampai 2000 baris"),
    ):
        bad = analyst.post(where + "usul/", sent(text))
        assert bad.status_code == 422 and said in bad.content.decode()
    packed = SimpleUploadedFile("k.csv.gz", gzip.compress(b"since,until\n"))
    bad = analyst.post(where + "usul/", {**given, "outbreaks": packed})
    assert bad.status_code == 422 and "termampatkan" in bad.content.decode()
    assert not SignalSetting.objects.exists()
    day = last_period(timezone.now(), Period.DAY)
    known = sent(f"since,until,place,signal\n{day},{day},PLBN-11,entries\n")
    assert analyst.post(where + "usul/", known).status_code == 302
    row = SignalSetting.objects.get()
    monkeypatch.setattr(trying, "PAST", {Period.DAY: 5, Period.WEEK: 2})
    trying.try_setting(row.id)
    row.refresh_from_db()
    wanted = row.tried["day"]["wanted"]
    assert (wanted["known"], wanted["known_found"], wanted["false_alarms"]) == (1, 1.0, 0.0)
    text = analyst.get(where).content.decode()
    assert "1 wabah diketahui" in text and "Wabah tiruan yang ditanam" in text
    assert "dari tiruan, bukan dari kejadian nyata" in text and not INLINE.search(text)


def test_the_button_makes_the_lists_in_a_process_of_its_own(
    sit: Sit, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = aside(monkeypatch)
    assert sit(OWNER).post("/peringatan-dini/buat/").status_code == 403
    assert sit(ANALYST).post("/peringatan-dini/buat/").status_code == 302
    assert ran == [("signals", "nightly")]
    assert "Belum ada daftar" in sit(ANALYST).get("/peringatan-dini/").content.decode()
