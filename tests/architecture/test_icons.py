"""Every icon that a page, a room or a kind names is in the built sprite."""

import re

import pytest

from tapal.kinds import KINDS
from tapal.web.rooms import ROOMS
from tests.architecture.sources import ROOT, shown, tracked


@pytest.fixture(scope="module")
def sprite() -> set[str]:
    """The names in the sprite."""
    built = ROOT / "src/tapal/web/static/build/icons.svg"
    if not built.is_file():
        pytest.skip("no built assets: make assets")
    return set(re.findall(r'<symbol id="([^"]+)"', built.read_text()))


def test_icons_named_in_pages_are_in_the_sprite(sprite: set[str]) -> None:
    tag = re.compile(r"\{%\s*icon\s+[\"']([a-z0-9-]+)[\"']")
    missing = [
        f"{shown(path, number)} {name}"
        for path in tracked()
        if path.suffix == ".html"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        for name in tag.findall(line)
        if name not in sprite
    ]
    assert missing == []


def test_icons_of_kinds_and_rooms_are_in_the_sprite(sprite: set[str]) -> None:
    assert {kind.icon for kind in KINDS.values()} | {room.icon for room in ROOMS} <= sprite
