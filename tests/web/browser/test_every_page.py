"""Every page: no serious fault in axe-core, light and dark; it fits a phone; it weighs little."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Response

from tests.web.browser.conftest import PHONE, Open
from tests.web.conftest import ADMIN, GRANTEE, LEADER, OWNER, STEWARD, STRANGER

pytestmark = pytest.mark.browser
ANALYST = "imi.analis"
FADED = """async () => {
  await new Promise(requestAnimationFrame);
  await Promise.allSettled(document.getAnimations().map(each => each.finished));
}"""

# Who opens what; a second part is a link that is followed from there.
PAGES = [
    (OWNER, "/", ""),
    (OWNER, "/loket/", ""),
    (OWNER, "/loket/formulir/crossing/border_pass/", ""),
    (OWNER, "/peringatan/", ""),
    (OWNER, "/peringatan/", ".queue a"),
    (LEADER, "/tugas/?where=all", ""),
    (LEADER, "/perkara/", ""),
    (LEADER, "/perkara/baru/", ""),
    (OWNER, "/cari/?q=maria", ""),
    (OWNER, "/cari/", ".queue a"),
    (GRANTEE, "/cari/", ".queue a"),
    (STRANGER, "/cari/", ""),
    (OWNER, "/kiriman/", ""),
    (LEADER, "/ditolak/", ""),
    (LEADER, "/ditolak/", ".queue a"),
    (LEADER, "/serah-terima/", ""),
    (LEADER, "/mutu/", ""),
    (LEADER, "/mutu/", ".card-table a"),
    (STEWARD, "/pemetaan/", ""),
    (STEWARD, "/pemetaan/baru/", ""),
    (STEWARD, "/daftar/", ""),
    (STEWARD, "/daftar/tangkal/", ""),
    (STEWARD, "/daftar/tangkal/", "main li a"),
    (STEWARD, "/daftar/tangkal/ambang/?kurva=1", ""),
    (ANALYST, "/angka/", ""),
    (LEADER, "/angka/kecocokan/", ""),
    (ANALYST, "/peringatan-dini/", ""),
    (ANALYST, "/peringatan-dini/setelan/", ""),
    (LEADER, "/prosedur/", ""),
    (ANALYST, "/profil/", ""),
    (STEWARD, "/aturan/", ""),
    (STEWARD, "/aturan/", ".card-table a"),
    (STEWARD, "/berbagi/", ""),
    (STEWARD, "/berbagi/baru/", ""),
    (STEWARD, "/berbagi/dilihat/", ""),
    (STEWARD, "/kunci/", ""),
    (STEWARD, "/pemberitahuan/", ""),
    (ADMIN, "/orang/", ""),
    (ADMIN, "/orang/", ".queue a"),
    (ADMIN, "/orang/baru/", ""),
    (ADMIN, "/pos/", ""),
    (ADMIN, "/mesin/?periksa=1", ""),
    (OWNER, "/akun/", ""),
    (OWNER, "/pin/", ""),
    (OWNER, "/tempat/", ""),
    (OWNER, "/ganti/", ""),
    (OWNER, "/no-such-page/", ""),
]
NAMES = [f"{who} {path}{link}" for who, path, link in PAGES]
HEAVIEST_BYTES = 300_000


def follow(page: Page, link: str) -> None:
    """Go on to the page that is meant."""
    if link:
        page.locator(link).first.click()
        page.wait_for_load_state("networkidle")


def faults(page: Page, axe: str) -> list[str]:
    """The serious and critical faults that axe-core finds."""
    page.evaluate(axe)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:160]}"
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(("who", "path", "link"), PAGES, ids=NAMES)
def test_axe_finds_no_serious_fault(visit: Open, axe: str, who: str, path: str, link: str) -> None:
    page = visit(who, path)
    follow(page, link)
    assert faults(page, axe) == []
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    # Tabler fades colours over; axe must see the end of it.
    page.evaluate(FADED)
    assert faults(page, axe) == [], "dark"


@pytest.mark.parametrize(("who", "path", "link"), PAGES, ids=NAMES)
def test_it_fits_a_phone(visit: Open, who: str, path: str, link: str) -> None:
    page = visit(who, path, size=PHONE)
    follow(page, link)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_a_dark_machine_gets_a_dark_desk(visit: Open) -> None:
    page = visit(OWNER, "/", dark=True)
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


def test_a_first_visit_weighs_less_than_300_kilobytes(visit: Open) -> None:
    page = visit(OWNER, "/pin/")
    page.context.clear_cookies(name="theme")
    weights: dict[str, int] = {}

    def weigh(response: Response) -> None:
        size = response.headers.get("content-length", "0")
        weights[response.url] = int(size)

    page.on("response", weigh)
    page.goto("/peringatan/?where=all")
    page.wait_for_load_state("networkidle")
    assert weights and sum(weights.values()) < HEAVIEST_BYTES


def test_the_login_page_has_no_serious_fault(visit: Open, axe: str) -> None:
    page = visit(OWNER, "/")
    page.context.clear_cookies()
    page.goto("/masuk/")
    assert faults(page, axe) == []


def test_axe_sees_a_planted_fault(visit: Open, axe: str) -> None:
    page = visit(OWNER, "/pin/")
    page.evaluate("document.querySelector('label[for=pin]').remove()")
    assert any(fault.startswith("label") for fault in faults(page, axe))
