"""A desk that runs: a home with a small day at the border, the server, and a browser before it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

TAPAL = Path(sys.executable).with_name("tapal")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    # The map draws by WebGL, here without a graphics card.
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "perbatasan-kita-2026"
STARTS_WITHIN_SECONDS = 60


def make_home(home: Path, scale: float) -> None:
    """Feed a day at the border into a new home."""
    command = [str(TAPAL), "day", "--scale", str(scale)]
    subprocess.run(command, env=environment(home), check=True, stdout=subprocess.DEVNULL)


def environment(home: Path) -> dict[str, str]:
    """The environment of a process that works on that home alone."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("TAPAL_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return {**kept, "TAPAL_HOME": str(home)}


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """Serve the home on a free port of this machine; gives the address."""
    port = free_port()
    command = [str(TAPAL), "serve", "--port", str(port)]
    process = subprocess.Popen(
        command, env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        address = f"http://localhost:{port}"
        wait_for(f"{address}/masuk/", process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(page: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until a page is answered. Raises RuntimeError when the server ends or is too slow."""
    end = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(page, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError("the desk did not start")


@contextmanager
def browsing(program: str | None = None) -> Iterator[Browser]:
    """A Chromium without a window."""
    found = program or os.environ.get("TAPAL_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def log_in(page: Page, address: str, username: str) -> None:
    """Log in in full, by the keyboard."""
    page.goto(f"{address}/masuk/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/masuk/" not in url)


# A key at a time through the browser's debugger is as slow as a person on a busy machine; so may
# this loop be, where a scanner's own clock is not.
SCANNER = """text => {
  let moment = performance.now();
  for (const character of text) {
    const field = document.activeElement;
    const key = character === "\\n" ? "Enter" : character;
    const press = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    Object.defineProperty(press, "timeStamp", { value: moment++ });
    if (field.dispatchEvent(press) && key.length === 1 && field.matches("textarea, [type=text]"))
      field.value += key;
  }
}"""


def scan(page: Page, text: str) -> None:
    """Type as a scanner does: every key at once, a line's end as Enter."""
    page.evaluate(SCANNER, text)


def key_in(page: Page, text: str) -> None:
    """The same by true key events, four milliseconds apart by the keyboard's own clock.

    Slower than `scan`; what a focused field or list does with the keys is seen only so.
    """
    keyboard = page.context.new_cdp_session(page)
    moment = time.time()
    for character in text:
        moment += 0.004
        pressed = {"key": character, "text": character, "timestamp": moment}
        if character == "\n":
            pressed |= {"key": "Enter", "code": "Enter", "text": "\r", "windowsVirtualKeyCode": 13}
        keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", **pressed})
        keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **pressed})
    keyboard.detach()
