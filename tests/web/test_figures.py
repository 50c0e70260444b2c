"""The room of figures: who comes in, what stands there without script, and the files."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tapal.flow import lake
from tapal.flow.figures import QUESTIONS, weekly
from tapal.flow.intake import HandIn
from tapal.flow.report import hand_in
from tapal.store.models import Access
from tapal.web.pages import figures
from tests.flow.figures.test_door import HEAD, lines
from tests.web.conftest import LEADER, OWNER, Sit
from tests.web.test_pages import INLINE

pytestmark = pytest.mark.django_db(databases=["default", "access"])

PLANNER, AUDITOR = "bnpp.analis", "bnpp.auditor"


@pytest.fixture
def built(desk: Path) -> Path:
    """Seven crossings at Motaain and six at Skouw, each with an alert, in the lake."""
    for post, count in (("PLBN-11", 7), ("PLBN-16", 6)):
        given = HandIn(f"{post}.csv", "IMI", post, None, "IMI-0001")
        hand_in((HEAD + lines(post, count)).encode(), given)
    lake.build()
    return desk


def page(sit: Sit, username: str, address: str = "/angka/?hari=366") -> str:
    return sit(username).get(address).content.decode()


def test_every_question_has_its_place_on_the_page() -> None:
    assert {name for _, _, part in figures.FIELDS for name in part} == set(QUESTIONS)


def test_a_planner_sees_what_agreements_give_in_tables(sit: Sit, built: Path) -> None:
    text = page(sit, PLANNER)
    assert "Angka semua pos" in text and "Pos mana yang paling ramai?" in text
    assert "PLBN Motaain" in text and 'data-value="7"' in text and 'data-value="6"' in text
    assert "<strong>13</strong>" in text
    # What nobody gave is not hinted at.
    assert "Peringatan mana yang ternyata benar?" not in text and "terlambat" not in text
    assert "Sumber: " in text and "Direktorat Jenderal Imigrasi" in text


def test_a_shift_leader_sees_his_post_and_no_comparison(sit: Sit, built: Path) -> None:
    text = page(sit, LEADER, "/angka/?hari=366&pos=PLBN-16")
    assert "Angka: PLBN Motaain" in text and 'data-value="7"' in text
    assert "Pos mana yang paling ramai?" not in text and "Skouw" not in text
    assert 'name="pos"' not in text


def test_an_officer_has_no_such_room(sit: Sit, built: Path) -> None:
    client = sit(OWNER)
    assert "/angka/" not in client.get("/").content.decode()
    for address in ("/angka/", "/angka/crossings_by_day.csv", "/angka/mingguan/x.xlsx"):
        assert client.get(address).status_code == 403
    assert client.post("/angka/perbarui/").status_code == 403


def test_small_numbers_are_told_as_such_in_both_languages(sit: Sit, built: Path) -> None:
    more = lines("PLBN-11", 4, "exit").replace(",TLS,passport,11", ",IDN,passport,99")
    hand_in((HEAD + more).encode(), HandIn("b.csv", "IMI", "PLBN-11", None, "IMI-0001"))
    lake.build()
    client = sit(PLANNER)
    assert "di bawah 5" in client.get("/angka/?hari=366").content.decode()
    client.post("/bahasa/", {"language": "en"})
    english = client.get("/angka/?hari=366").content.decode()
    assert "under 5" in english and "Which post is busiest?" in english
    for word in ("Sumber", "Masuk", "Unduh", "Tabel", "Jumlah"):
        assert word not in english, word


def test_the_page_holds_no_inline_script_or_style_and_ids_once(sit: Sit, built: Path) -> None:
    for username in (PLANNER, AUDITOR, LEADER):
        text = page(sit, username)
        assert not INLINE.search(text)
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert len(ids) == len(set(ids))
        for table in re.findall(r'data-table="([^"]+)"', text):
            assert table in ids


def test_without_a_lake_the_page_says_so(sit: Sit, desk: Path) -> None:
    assert "Belum ada angka" in page(sit, PLANNER)
    assert sit(PLANNER).get("/angka/crossings_by_day.csv").status_code == 404


def test_files_of_one_figure_and_of_all(sit: Sit, built: Path) -> None:
    client = sit(PLANNER)
    before = Access.objects.filter(act="export").count()
    csv = client.get("/angka/crossings_by_post.csv?hari=366")
    assert csv["Content-Disposition"].startswith('attachment; filename="angka-crossings_by_post-')
    assert "PLBN Motaain,7,0" in csv.content.decode("utf-8-sig")
    assert client.get("/angka/crossings_by_post.parquet").content[:4] == b"PAR1"
    book = zipfile.ZipFile(io.BytesIO(client.get("/angka/semua.xlsx?hari=366").content))
    assert "crossings_by_hour" in book.read("xl/workbook.xml").decode()
    assert Access.objects.filter(act="export").count() == before + 3
    for wrong in ("nothing.csv", "crossings_by_post.exe", "semua.csv"):
        assert client.get(f"/angka/{wrong}").status_code == 404


def test_a_weekly_workbook_is_for_its_agency_alone(sit: Sit, built: Path) -> None:
    weekly.write(datetime.now(UTC))
    (sheet,) = weekly.of_agency("BNPP")
    assert f"/angka/mingguan/{sheet.name}" in page(sit, PLANNER)
    assert sit(PLANNER).get(f"/angka/mingguan/{sheet.name}").content[:2] == b"PK"
    # The leader sits at a post; the auditor has no statistics; another name is nobody's.
    assert sit(LEADER).get(f"/angka/mingguan/{sheet.name}").status_code == 404
    assert sit(AUDITOR).get(f"/angka/mingguan/{sheet.name}").status_code == 404
    assert sit(PLANNER).get("/angka/mingguan/..%2f..%2fsecret.key").status_code == 404


def test_the_button_brings_the_lake_up_to_now(
    sit: Sit, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[int] = []
    monkeypatch.setattr("tapal.flow.lake_clock.build_now", lambda: called.append(1))
    assert sit(PLANNER).post("/angka/perbarui/").status_code == 302 and called
