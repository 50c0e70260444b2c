"""Early warning before a person: an alarm by a fixed rule is read on a phone, followed, and explained."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from scripts.running_desk import TAPAL, environment
from tapal.core.kind import Period
from tapal.flow.signals.counts import last_period
from tests.flow.signals.conftest import FLY, INSPECTIONS, inspected
from tests.web.browser.conftest import PHONE, WIDE, Open
from tests.web.browser.test_every_page import FADED, faults

pytestmark = pytest.mark.browser
ANALYST = "karantina.analis"


@pytest.fixture(scope="module")
def find(home: Path, address: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A regulated pest at Motaain last week, handed in by command, and the lists made; its day."""
    week = last_period(timezone.now(), Period.WEEK)
    path = tmp_path_factory.mktemp("sent") / "inspections.csv"
    path.write_text(INSPECTIONS + inspected(week, 901, FLY) + inspected(week, 902))
    for command in (
        ("intake", str(path), "--agency", "BARANTIN", "--post", "PLBN-11"),
        ("signals", "nightly"),
    ):
        done = subprocess.run((TAPAL, *command), env=environment(home), capture_output=True)
        assert done.returncode == 0, done.stderr
    return f"{week:%d-%m-%Y} – {week + timedelta(days=6):%d-%m-%Y}"


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_an_alarm_by_a_fixed_rule_is_read_and_followed(
    visit: Open, axe: str, find: str, size: tuple[int, int]
) -> None:
    page = visit(ANALYST, "/peringatan-dini/", size=size)
    link = page.locator("main a", has_text="CERTCA").first
    expect(link).to_be_visible()
    row = page.locator(".ruled-table tr", has_text="ambang 1. ISPM 13 (2001) 4.1").first
    expect(row).to_be_visible()
    assert faults(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    row.locator("a").click()
    page.wait_for_load_state("networkidle")
    main = page.locator("main")
    for words in (find, "(belum diverifikasi)", "menurut aturan tetap", "ambang 1", "TL-"):
        expect(main).to_contain_text(words)
    expect(main.locator("svg").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    page.evaluate(FADED)
    assert faults(page, axe) == []


def test_a_setting_is_tried_on_history_with_known_outbreaks(
    visit: Open, axe: str, find: str, tmp_path: Path
) -> None:
    page = visit(ANALYST, "/peringatan-dini/setelan/", script=False)
    day = timezone.now().date() - timedelta(days=1)
    known = tmp_path / "known.csv"
    known.write_text(f"since,until,place\n{day},{day},PLBN-11\n")
    page.fill("[name=level]", "0,05")
    page.fill("[name=reason]", "coba")
    page.set_input_files("[name=outbreaks]", str(known))
    page.get_by_role("button", name="Usulkan dan uji").click(timeout=120_000)
    main = page.locator("main")
    expect(main).to_contain_text("1 wabah diketahui", timeout=120_000)
    for words in ("beban kerja", "Di antaranya keliru, paling banyak", "tidak dapat dinilai"):
        expect(main).to_contain_text(words)
    expect(main).to_contain_text("bukan dari kejadian nyata")
