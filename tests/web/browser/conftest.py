"""A desk that runs on a small day at the border, and a browser before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from scripts.running_desk import browsing, log_in, make_home, serving

WIDE, PHONE = (1366, 768), (390, 844)
# Who opens a page, how wide, how dark, with or without script.
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the desk that is served, with a small day in it."""
    made = Path(tmp_path_factory.mktemp("home"))
    make_home(made, 0.05)
    return made


@pytest.fixture(scope="session")
def address(home: Path) -> Iterator[str]:
    """Where the desk is served."""
    with serving(home) as found:
        yield found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for all tests; each page has a context of its own."""
    with browsing(chromium) as found:
        yield found


@pytest.fixture
def visit(address: str, browser: Browser) -> Iterator[Open]:
    """Open a page as an officer; whatever the browser complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(
        username: str,
        path: str = "/",
        *,
        size: tuple[int, int] = WIDE,
        dark: bool = False,
        script: bool = True,
    ) -> Page:
        context = browser.new_context(
            base_url=address,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", lambda m: complaints.append(m.text) if "Policy" in m.text else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        log_in(page, address, username)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
