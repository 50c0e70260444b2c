"""The counter by the keyboard alone, on a phone, and with script switched off."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Dialog, Page, expect

from scripts.running_desk import key_in, scan
from tests.web.browser.conftest import PHONE, WIDE, Open
from tests.web.conftest import OWNER

pytestmark = pytest.mark.browser

ANSWER = re.compile(r"/loket/[0-9a-f-]{36}/$")
# The specimens of ICAO Doc 9303: a passport, and an identity card with three lines.
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10\n"
TD1 = (
    "I<UTOD231458907<<<<<<<<<<<<<<<\n"
    "7408122F1204159UTO<<<<<<<<<<<6\n"
    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<\n"
)


def choose_entry(page: Page) -> None:
    """Set the lane's direction by the keyboard: from the input on to the first choice."""
    page.locator("#q").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("[name=direction][value=entry]")).to_be_checked()


@pytest.mark.parametrize("text", [TD3, TD1], ids=["two lines", "three lines"])
def test_a_scan_anywhere_is_a_scan(visit: Open, text: str) -> None:
    page = visit(OWNER, "/loket/")
    choose_entry(page)
    page.locator("[name=mode]").focus()
    scan(page, text)
    page.wait_for_url(ANSWER)
    expect(page.locator("#who")).to_contain_text("ERIKSSON")
    expect(page.locator(".finding-text").first).to_contain_text("15-04-2012")


def test_a_scan_into_a_field_leaves_the_field_as_it_was(visit: Open) -> None:
    page = visit(OWNER, "/loket/")
    choose_entry(page)
    page.locator("details.beside-more summary").click()
    page.fill("[name=plate]", "DH 1")
    page.locator("[name=plate]").focus()
    page.wait_for_timeout(300)
    scan(page, TD3)
    page.wait_for_url(ANSWER)
    page.goto(page.url.replace("/loket/", "/berkas/"))
    expect(page.locator("main")).to_contain_text("DH 1")
    expect(page.locator("main")).not_to_contain_text("DH 1P<UTO")


def next_traveller(number: str) -> str:
    """A zone that no other test hands in; its check digits are wrong, which is a finding."""
    return f"P<UTOTRAVELLER<<NEXT<<<<<<<<<<<<<<<<<<<<<<<<\n{number:<<9}6UTO7408122F3204159<<<<<<<<<<<<<<04\n"


def test_a_scan_over_a_list_leaves_the_list_as_it_was(visit: Open) -> None:
    page = visit(OWNER, "/loket/")
    choose_entry(page)
    page.select_option("[name=mode]", "foot")
    page.locator("[name=mode]").focus()
    page.wait_for_timeout(300)
    # The letters of a zone choose in a list that has the focus: P, B, T ...
    key_in(page, next_traveller("L0000001"))
    page.wait_for_url(ANSWER)
    expect(page.locator("[name=mode]")).to_have_value("foot")
    expect(page.locator("main")).to_contain_text("jalan kaki")


@pytest.mark.parametrize("path", ["/", "/cari/", "/loket/formulir/crossing/border_pass/"])
def test_a_scan_on_another_page_goes_to_the_counter(visit: Open, path: str) -> None:
    page = visit(OWNER, "/loket/")
    choose_entry(page)
    scan(page, next_traveller("L0000002"))
    page.wait_for_url(ANSWER)
    page.goto(path)
    key_in(page, next_traveller(f"L000001{len(path) % 10}"))
    page.wait_for_url(ANSWER)
    expect(page.locator("#who")).to_contain_text(f"L000001{len(path) % 10}")


def test_a_scan_or_enter_on_a_record_decides_nothing_about_it(visit: Open) -> None:
    page = visit(OWNER, "/loket/")
    choose_entry(page)
    scan(page, next_traveller("L0000003"))
    page.wait_for_url(ANSWER)
    record = page.url.replace("/loket/", "/berkas/")
    page.goto(record)
    key_in(page, "short\n")
    page.keyboard.press("Enter")
    key_in(page, next_traveller("L0000004"))
    page.wait_for_url(ANSWER)
    expect(page.locator("#who")).to_contain_text("L0000004")
    page.goto(record)
    expect(page.locator("ol.history li")).to_have_count(1)


def test_neither_a_scan_nor_escape_throws_away_what_was_typed(visit: Open) -> None:
    page = visit(OWNER, "/loket/formulir/crossing/border_pass/")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", stay)
    page.fill("[name=primary_identifier]", "TANO")
    key_in(page, next_traveller("L0000005"))
    page.wait_for_timeout(500)
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    assert len(asked) == 2
    expect(page.locator("[name=primary_identifier]")).to_have_value("TANO")


def test_a_typed_form_begins_where_the_hand_goes_on(visit: Open) -> None:
    page = visit(OWNER, "/loket/formulir/crossing/document/")
    expect(page.locator("[name=direction]").first).to_be_focused()
    page.goto("/loket/")
    choose_entry(page)
    scan(page, next_traveller("L0000006"))
    page.wait_for_url(ANSWER)
    page.goto("/loket/formulir/crossing/document/")
    expect(page.locator("[name=direction][value=entry]")).to_be_checked()
    expect(page.locator("[name=primary_identifier]")).to_be_focused()


def test_a_traveller_is_decided_by_the_keyboard_alone(visit: Open) -> None:
    page = visit(OWNER, "/loket/")
    choose_entry(page)
    scan(page, TD3)
    page.wait_for_url(ANSWER)
    page.keyboard.press("F9")
    expect(page.locator("#allow-reason")).to_be_focused()
    page.keyboard.type("a new passport was shown", delay=60)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_contain_text("Siap untuk yang berikutnya")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("F6")
    page.wait_for_url(ANSWER)
    page.keyboard.press("Escape")
    page.wait_for_url("**/loket/")


def test_enter_searches_what_was_typed_and_escape_goes_back(visit: Open) -> None:
    page = visit(OWNER, "/loket/")
    page.keyboard.type("nobody of this name", delay=60)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Belum ada catatan tentang")


def test_escape_closes_an_open_answer_first(visit: Open) -> None:
    page = visit(OWNER, "/loket/")
    choose_entry(page)
    scan(page, TD3)
    page.wait_for_url(ANSWER)
    page.keyboard.press("F9")
    expect(page.locator("#act-allow")).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(page.locator("#act-allow")).not_to_have_attribute("open", "")
    assert ANSWER.search(page.url)


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
def test_a_companion_stands_inside_the_form(visit: Open, size: tuple[int, int]) -> None:
    page = visit(OWNER, "/loket/formulir/crossing/border_pass/", size=size)
    page.locator("button[name=_add]").click()
    field = page.locator("[name='companions.0.primary_identifier']")
    expect(field).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    box = field.bounding_box()
    assert box is not None and box["x"] < size[0] / 2


def test_the_counter_works_without_script(visit: Open) -> None:
    page = visit(OWNER, "/loket/", script=False)
    page.check("[name=direction][value=entry]")
    page.fill("#q", TD3)
    page.click("form[data-scan] button[type=submit]")
    page.wait_for_url(ANSWER)
    page.locator("#act-allow summary").click()
    page.fill("#allow-reason", "a new passport was shown")
    page.click("#act-allow button[type=submit]")
    expect(page.locator(".done")).to_contain_text("Siap untuk yang berikutnya")


def test_the_queue_works_without_script(visit: Open) -> None:
    page = visit(OWNER, "/", script=False)
    # The step with the shortest clock comes first; it leads on to the alert that began it.
    page.locator(".queue a").first.click()
    expect(page.get_by_role("button", name="Selesai")).to_be_visible()
    page.get_by_role("link", name="Buka peringatan").click()
    expect(page.locator("h2#next-title")).to_be_visible()


def test_the_counter_fits_a_phone(visit: Open) -> None:
    page = visit(OWNER, "/loket/", size=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.check("[name=direction][value=entry]")
    page.fill("#q", TD3)
    page.click("form[data-scan] button[type=submit]")
    page.wait_for_url(ANSWER)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
