"""Every icon that a page names is in the sprite, and the sprite holds no other sort of word."""

import re

import pytest

from tapal.kinds import KINDS
from tapal.web.rooms import ROOMS
from tests.architecture.sources import PACKAGE, ROOT, shown, tracked

LISTED = {
    line
    for line in (PACKAGE / "web/assets/icons.txt").read_text().splitlines()
    if line and not line.startswith("#")
}


def test_icons_named_in_pages_are_in_the_sprite() -> None:
    tag = re.compile(r"\{%\s*icon\s+[\"']([a-z0-9-]+)[\"']")
    missing = [
        f"{shown(path, number)} {name}"
        for path in tracked()
        if path.suffix == ".html"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        for name in tag.findall(line)
        if name not in LISTED
    ]
    assert missing == []


def test_icons_of_kinds_and_rooms_are_in_the_sprite() -> None:
    assert {kind.icon for kind in KINDS.values()} | {room.icon for room in ROOMS} <= LISTED


def test_the_built_sprite_holds_what_is_listed() -> None:
    sprite = ROOT / "src/tapal/web/static/build/icons.svg"
    if not sprite.is_file():
        pytest.skip("no built assets: make assets")
    assert set(re.findall(r'<symbol id="([^"]+)"', sprite.read_text())) == LISTED
