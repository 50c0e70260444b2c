"""Take the pictures of the desk that lie in docs/screens, on a small day at the border.

`python scripts/screens.py [--out FOLDER] [--only WORD...]`: each page at 1366x768, some on a phone and
on a dark screen too.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.running_desk import browsing, log_in, make_home, scan, serving  # noqa: E402

WIDE, PHONE = (1366, 768), (390, 844)
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"


@dataclass(frozen=True, slots=True)
class Screen:
    """A picture: who looks at which page. `click` names links that lead there from the page."""

    name: str
    username: str
    path: str
    click: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    scan: str = ""
    phone: bool = False
    dark: bool = False
    whole: bool = False


SCREENS = (
    Screen("login", "", "/masuk/", phone=True),
    Screen("queue", "imi.motaain", "/", phone=True, dark=True),
    Screen("counter", "imi.motaain", "/loket/"),
    Screen("counter-answer", "imi.motaain", "/loket/", scan=TD3, phone=True, dark=True),
    Screen("counter-reason", "imi.motaain", "/loket/", scan=TD3, keys=("F9",)),
    Screen("counter-form", "imi.motaain", "/loket/", keys=("F3",), phone=True, whole=True),
    Screen("alerts", "imi.motaain.kepala", "/peringatan/?where=all"),
    Screen("alert", "imi.motaain", "/peringatan/", click=(".queue a",), phone=True, dark=True),
    Screen("record", "imi.motaain", "/cari/", click=(".queue a",), dark=True, whole=True),
    Screen("record-grantee", "beacukai.motaain", "/cari/", click=(".queue a",), whole=True),
    Screen("paper", "imi.motaain", "/cari/", click=(".queue a", "a[href$='/cetak/']"), whole=True),
    Screen("looks", "imi.motaain.kepala", "/cari/", click=(".queue a", "a[href$='/dilihat/']")),
    Screen("search", "imi.motaain", "/cari/?q=maria"),
    Screen("tasks", "imi.motaain.kepala", "/tugas/?where=all"),
    Screen("task", "imi.motaain.kepala", "/tugas/?where=all", click=(".queue a",), phone=True),
    Screen("cases", "imi.motaain.kepala", "/perkara/"),
    Screen("map", "imi.motaain.kepala", "/peta/", phone=True, dark=True),
    Screen("figures", "bnpp.analis", "/angka/", phone=True, whole=True),
    Screen("procedures", "imi.motaain.kepala", "/prosedur/"),
    Screen("procedure", "imi.motaain.kepala", "/prosedur/", click=("main td a",), whole=True),
    Screen("profiles", "imi.analis", "/profil/"),
    Screen("profile", "imi.analis", "/profil/", click=("main td a",), whole=True),
    Screen("quality", "imi.motaain.kepala", "/mutu/"),
    Screen("keys", "imi.pengelola", "/kunci/"),
    Screen("notices", "imi.pengelola", "/pemberitahuan/"),
    Screen("intake", "imi.motaain", "/kiriman/"),
    Screen("rejects", "imi.motaain.kepala", "/ditolak/"),
    Screen("reject", "imi.motaain.kepala", "/ditolak/", click=(".queue a",)),
    Screen("shift", "imi.motaain.kepala", "/serah-terima/"),
    Screen("lists", "imi.walidata", "/daftar/"),
    Screen("law", "imi.walidata", "/aturan/"),
    Screen("sharing", "imi.walidata", "/berbagi/"),
    Screen("access-log", "imi.walidata", "/berbagi/dilihat/"),
    Screen("people", "mesin.admin", "/orang/"),
    Screen("officer", "mesin.admin", "/orang/", click=(".queue a",)),
    Screen("machine", "mesin.admin", "/mesin/?periksa=1"),
    Screen("stranger", "psdkp.asing", "/cari/?q=maria"),
)


def lead(page: Page, address: str, screen: Screen) -> None:
    """Go to the page as an officer would."""
    if screen.username:
        log_in(page, address, screen.username)
    page.goto(f"{address}{screen.path}")
    page.wait_for_load_state("networkidle")
    for link in screen.click:
        page.locator(link).first.click()
        page.wait_for_load_state("networkidle")
    if screen.scan:
        page.check("[name=direction][value=entry]")
        scan(page, screen.scan + "\n")
        page.wait_for_url("**/loket/*-*/")
    for key in screen.keys:
        page.keyboard.press(key)
        page.wait_for_timeout(400)
    page.wait_for_load_state("networkidle")


def take(browser: Browser, address: str, screen: Screen, out: Path) -> None:
    """Take a screen's pictures: wide, and where asked on a phone and dark."""
    looks = [("", WIDE, "light")]
    looks += [("-phone", PHONE, "light")] if screen.phone else []
    looks += [("-dark", WIDE, "dark")] if screen.dark else []
    for suffix, (width, height), scheme in looks:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        page = context.new_page()
        lead(page, address, screen)
        whole = screen.whole and suffix != "-phone"
        page.screenshot(path=out / f"{screen.name}{suffix}.png", full_page=whole)
        context.close()
        print(f"  {screen.name}{suffix}", flush=True)


def main() -> None:
    """Take them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs/screens")
    parser.add_argument("--only", nargs="+", default=[""])
    parser.add_argument("--home", type=Path, help="a home that holds a day already")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tapal-screens-") as folder:
        home = given.home or Path(folder)
        if given.home is None:
            make_home(home, 0.05)
        with serving(home) as address, browsing() as browser:
            for screen in SCREENS:
                if any(word in screen.name for word in given.only):
                    take(browser, address, screen, given.out)


if __name__ == "__main__":
    main()
