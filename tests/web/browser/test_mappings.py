"""A mapping made in the browser from a file, without any script too, on the desk's screen and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, Page

from tests.flow.test_mappings import table_of
from tests.web.browser.conftest import PHONE, WIDE, Open
from tests.web.browser.test_every_page import faults
from tests.web.conftest import STEWARD

pytestmark = pytest.mark.browser
FILE: FilePayload = {"name": "simkim.csv", "mimeType": "text/csv", "buffer": table_of()}


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"))


@pytest.mark.parametrize(("size", "script"), [(WIDE, True), (PHONE, False)])
def test_from_a_file_to_a_trial(visit: Open, axe: str, size: tuple[int, int], script: bool) -> None:
    page = visit(STEWARD, "/pemetaan/baru/", size=size, script=script)
    name = f"simkim-{size[0]}"
    page.fill("#label", "Ekspor harian SIMKIM")
    page.fill("#name", name)
    page.fill("#system", "SIMKIM")
    page.set_input_files("#file", FILE)
    page.click("main button[type=submit]")
    assert page.locator("[name='heading.1']").input_value() == "Nama Lengkap"
    assert page.locator("[name='path.1']").input_value() == "person.primary_identifier"
    assert fits(page)
    page.select_option("[name='path.9']", "@post")
    page.fill("[name='codes.9']", "MTN = PLBN-11")
    if script:
        assert faults(page, axe) == []
    page.click("button.btn-primary:has-text('Simpan')")
    page.set_input_files("#file", FILE)
    page.click("button[value=preview]")
    assert page.locator("text=MARIA SOARES").count() and fits(page)
    page.set_input_files("#file", FILE)
    page.click("button[value=whole]")
    assert "2 catatan" in page.inner_text("main") and "1 ditolak" in page.inner_text("main")
    assert fits(page)
    if script:
        assert faults(page, axe) == []
