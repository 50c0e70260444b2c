"""The map drawn in the browser with nothing but the desk to ask; without script the list alone."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.web.browser.conftest import PHONE, WIDE, Open
from tests.web.browser.test_every_page import faults
from tests.web.conftest import OWNER, STRANGER

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_the_map_is_drawn_from_the_desk_alone(
    visit: Open, axe: str, address: str, size: tuple[int, int]
) -> None:
    page = visit(OWNER, "/tugas/", size=size)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/peta/")
    page.locator("[data-drawn=yes]").wait_for(timeout=60_000)
    outside = [u for u in asked if not u.startswith("data:") and urlsplit(u).netloc not in address]
    assert outside == [] and any("map_worker" in url for url in asked)
    marks, rows = page.locator(".map-spot").count(), page.locator("[data-spot]").count()
    assert marks == rows > 40
    assert faults(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.locator(".map-go").first.click()
    assert page.locator(".map-chosen").count() == 1


def test_a_post_is_chosen_by_the_keyboard_alone(visit: Open) -> None:
    page = visit(OWNER, "/peta/")
    page.locator("[data-drawn=yes]").wait_for(timeout=60_000)
    page.locator(".map-list ul").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    second = page.locator("[data-spot]").nth(1)
    on = "b => b.closest('[data-spot]')?.dataset.spot"
    held = page.evaluate(f"({on})(document.activeElement)")
    assert held == second.get_attribute("data-spot")
    assert page.locator(".map-chosen").count() == 0
    page.keyboard.press("Enter")
    assert page.locator(".map-chosen").count() == 1


def test_without_script_the_list_says_it_all(visit: Open) -> None:
    page = visit(OWNER, "/peta/", script=False)
    assert not page.locator("[data-map]").is_visible()
    assert "PLBN Motaain" in page.locator(".map-list").inner_text()
    assert not page.locator(".map-go").first.is_visible()


def test_a_stranger_draws_empty_circles(visit: Open) -> None:
    page = visit(STRANGER, "/peta/")
    page.locator(".map-spot").first.wait_for(state="attached")
    assert page.locator(".map-alert, .map-late").locator("i").count() == 0
