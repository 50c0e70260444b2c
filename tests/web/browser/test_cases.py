"""A case opened from an alert, filled, shared and closed in the browser, with and without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload

from tests.web.browser.conftest import PHONE, Open
from tests.web.browser.test_every_page import faults
from tests.web.conftest import LEADER, STRANGER

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False])
def test_a_case_from_an_alert_to_its_end(visit: Open, axe: str, script: bool) -> None:
    page = visit(LEADER, "/peringatan/?where=all", script=script)
    page.locator(".queue a").first.click()
    page.get_by_role("link", name="Ke perkara").click()
    page.get_by_label("Judul singkat").fill("Tas merah")
    page.get_by_role("button", name="Buka perkara").click()
    page.get_by_label("Tulis ke dalam perkara").fill("Paspor lama ditunjukkan.")
    page.get_by_role("button", name="Simpan").click()
    page.get_by_text("Lampirkan berkas").click()
    proof = FilePayload(name="bukti.txt", mimeType="text/plain", buffer=b"catatan")
    page.get_by_label("Berkas (PDF").set_input_files(proof)
    page.get_by_role("button", name="Lampirkan").click()
    page.get_by_text("belum dipindai").wait_for()
    page.get_by_text("Tambah anggota").click()
    page.get_by_label("Nomor petugas").fill("PSD-0001")
    page.locator("#member-agency").select_option("PSDKP")
    page.get_by_role("button", name="Tambah", exact=True).click()
    page.get_by_text("Anggota ditambah").wait_for()
    if script:
        assert faults(page, axe) == []
        page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
        page.wait_for_timeout(400)
        assert faults(page, axe) == [], "dark"
    here = page.url
    bare = visit(STRANGER, here, size=PHONE)
    shown = bare.locator("main").inner_text()
    assert "Anggota ditambah" in shown
    assert "Tas merah" not in shown and "Paspor lama" not in shown and "bukti.txt" not in shown
    assert bare.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    page.get_by_text("Tutup perkara").click()
    page.get_by_label("selesai ditangani").check()
    page.locator("#end").fill("Dijelaskan.")
    page.get_by_role("button", name="Tutup", exact=True).click()
    page.get_by_text("Ditutup").first.wait_for()
    page.goto("/perkara/?state=closed")
    assert "Tas merah" in page.locator("main").inner_text()
