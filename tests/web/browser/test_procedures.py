"""Each shipped procedure walked from its beginning to its end at the desks of the officers concerned."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page

from scripts.running_desk import environment
from tests.architecture.sources import ROOT
from tests.web.browser.conftest import PHONE, Open
from tests.web.browser.test_every_page import faults

pytestmark = pytest.mark.browser

FIRST, SECOND, LEADS = "imi.motaain", "imi.motaain.ttd", "imi.motaain.kepala"
PLANTS, PLANTS_LEAD = "karantina.motaain", "karantina.motaain.kepala"
WARD, WARD_TWO = "imi.pelindungan", "imi.pelindungan.dua"
# A step: whose desk, a part of its task's name, the answers of its form by field.
Step = tuple[str, str, dict[str, str]]


def begun(home: Path, reason: str, agency: str) -> str:
    """Begin a procedure as the road begins it; gives the page of its run."""
    command = [sys.executable, "-m", "tests.web.browser.begun", reason, agency]
    done = subprocess.run(command, cwd=ROOT, env=environment(home), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return f"/prosedur/jalan/{done.stdout.strip()}/"


class Desks:
    """The desks of several officers, each logged in once."""

    def __init__(self, visit: Open) -> None:
        self._visit, self._pages = visit, dict[str, Page]()

    def at(self, username: str, path: str) -> Page:
        """An officer's desk at a page."""
        if username not in self._pages:
            self._pages[username] = self._visit(username, path)
        else:
            self._pages[username].goto(path)
        return self._pages[username]

    def answer(self, run: str, step: Step) -> None:
        """Open the step's task from the run's page and answer its form."""
        username, name, answers = step
        page = self.at(username, run)
        page.locator(".queue a", has_text=name).last.click()
        for field, value in answers.items():
            ask = page.locator(f'main [name="{field}"]')
            if ask.first.get_attribute("type") == "radio":
                page.locator(f'main [name="{field}"][value="{value}"]').check()
            else:
                ask.fill(value)
        page.get_by_role("button", name="Selesai").click()
        page.get_by_text("Tugas selesai").wait_for()

    def walk(self, run: str, steps: Sequence[Step]) -> None:
        """Answer these steps in turn."""
        for step in steps:
            self.answer(run, step)

    def end(self, username: str, run: str) -> str:
        """What the page of a run that has ended says of it."""
        page = self.at(username, run)
        return page.locator(".record-head").inner_text()


@pytest.fixture
def desks(visit: Open) -> Desks:
    return Desks(visit)


def test_a_watchlist_hit_is_judged_by_two_confirmed_by_interpol_and_decided(
    home: Path, desks: Desks, axe: str
) -> None:
    run = begun(home, "list_match:interpol_red", "IMI")
    before = desks.at(FIRST, run)
    before.locator(".djs-element.run-waiting").first.wait_for()  # the running step is lit
    assert faults(before, axe) == []
    desks.walk(
        run,
        [
            (FIRST, "Periksa di ruang", {"first": "same", "first_why": "wajah sama"}),
            (SECOND, "Petugas kedua", {"second": "same", "second_why": "paspor sama"}),
            ("hubinter.penyidik", "Minta penegasan", {"owner_says": "confirmed"}),
            (LEADS, "Kepala regu memutuskan", {"measure": "propose", "ground": "UU 6/2011"}),
        ],
    )
    told = desks.end(LEADS, run)
    assert "selesai" in told and "Tindakan diusulkan" in told


def test_a_doubtful_document_goes_to_a_second_officer_the_issuer_and_the_leader(
    home: Path, desks: Desks
) -> None:
    run = begun(home, "document_expired", "IMI")
    desks.walk(
        run,
        [
            (FIRST, "Periksa dokumen", {"seen": "doubtful", "seen_why": "hologram"}),
            (SECOND, "Petugas kedua memeriksa", {"sound": "forged", "sound_why": "cetak ulang"}),
            (FIRST, "Tanyakan penerbit", {"issuer_says": "denied", "issuer_ref": "12/X"}),
            (
                LEADS,
                "Kepala regu memutuskan",
                {"measure": "police", "ground": "UU 6/2011", "receipt": "7"},
            ),
        ],
    )
    assert "selesai" in desks.end(LEADS, run)


def test_a_minor_at_risk_is_met_by_a_social_worker_the_same_day(home: Path, desks: Desks) -> None:
    run = begun(home, "minor_without_guardian_evidence", "IMI")
    desks.answer(
        run,
        (
            FIRST,
            "Minta bukti wali",
            {"evidence": "none", "danger": "yes", "evidence_what": "tanpa"},
        ),
    )
    for step in (
        ("kemsos.belu", "Pekerja sosial", {"worker_says": "shelter", "worker_why": "takut"}),
        (FIRST, "Temani anak", {"where": "ruang anak", "needs": "-"}),
        (SECOND, "Cari orang tua", {"traced": "not_reached", "traced_how": "telepon"}),
        (LEADS, "Putuskan kepentingan", {"best": "shelter", "best_why": "anak meminta"}),
    ):
        desks.answer(run, step)
    assert "selesai" in desks.end(LEADS, run)


def test_an_asylum_request_is_walked_by_protection_officers_and_seen_by_nobody_else(
    home: Path, desks: Desks
) -> None:
    run = begun(home, "act:receive_fear", "IMI")
    stranger = desks.at(LEADS, run)
    assert "Suaka" not in stranger.locator("body").inner_text()
    desks.walk(
        run,
        [
            (WARD, "Dengarkan", {"interpreter": "yes", "vulnerable": "none"}),
            (WARD, "Tempat aman", {"place_found": "yes"}),
            (WARD, "Beri tahu UNHCR", {"unhcr_on": "2026-11-24"}),
            (WARD, "Catat jawaban", {"unhcr_says": "withdrawn"}),
            (WARD_TWO, "Petugas kedua memastikan", {"free": "yes"}),
        ],
    )
    told = desks.at(WARD, run)
    assert told.locator(".queue-clock").count() >= 5


def test_plants_with_a_pest_are_isolated_treated_and_released(home: Path, desks: Desks) -> None:
    run = begun(home, "listed_pest_found", "BARANTIN")
    desks.walk(
        run,
        [
            (PLANTS, "", {"inspected": "suspect", "inspect_no": "K-1"}),
            (PLANTS, "", {"observed": "pest", "isolate_no": "K-2"}),
            (PLANTS, "", {"treatable": "group_two", "list_edition": "2023"}),
            (PLANTS, "", {"treated": "free", "treat_no": "K-3"}),
            (PLANTS, "", {"release_no": "K-4"}),
        ],
    )
    assert "selesai" in desks.end(PLANTS_LEAD, run)


def test_an_outage_is_declared_worked_through_on_a_phone_and_caught_up(
    home: Path, desks: Desks, visit: Open
) -> None:
    page = visit(LEADS, "/prosedur/", size=PHONE, script=False)
    page.get_by_role("link", name="Daftar tidak tersedia").first.click()
    page.get_by_role("button", name="Mulai di pos ini").click()
    run = page.url.split("://", 1)[1].split("/", 1)[1]
    desks.walk(
        f"/{run}",
        [
            (LEADS, "Nyatakan mode", {"out": "lists", "open": "yes", "declared_why": "08.40"}),
            (FIRST, "Loket memakai", {"forms_used": "3", "form_numbers": "1-3"}),
            (FIRST, "Beri tahu pusat", {"told_who": "pusat"}),
            (LEADS, "Nyatakan pulih", {"restored_note": "10.00"}),
            (FIRST, "Masukkan dan saring", {"entered": "3", "hits": "0"}),
            (LEADS, "Petugas lain", {"agrees": "yes"}),
        ],
    )
    assert "selesai" in desks.end(LEADS, f"/{run}")
