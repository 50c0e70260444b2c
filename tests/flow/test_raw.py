"""The bytes of messages on the disk."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import LazySettings

from tapal.flow import raw


def test_what_a_kill_left_aside_is_swept_and_nothing_else(
    tmp_path: Path, settings: LazySettings
) -> None:
    settings.TAPAL_HOME = tmp_path
    whole = raw.keep(b"a whole message")
    place = raw.path_of(whole).parent
    left, fresh = place / ".left.0001", place / ".fresh.0002"
    for half in (left, fresh):
        half.write_bytes(b"a half")
    os.utime(left, (0, 0))
    os.utime(raw.path_of(whole), (0, 0))
    assert raw.sweep() == 1
    assert (left.exists(), fresh.exists()) == (False, True)
    assert raw.fetch(whole) == b"a whole message"


def test_a_home_without_messages_has_nothing_to_sweep(
    tmp_path: Path, settings: LazySettings
) -> None:
    settings.TAPAL_HOME = tmp_path
    assert raw.sweep() == 0
