"""The worker's sign of life: of two workers either's will do, and none stops for it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from tapal.flow import beat


def test_workers_of_one_home_do_not_take_each_others_file(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each wrote aside under one name: who renamed second found nothing there and ended."""
    settings.TAPAL_HOME = tmp_path
    monkeypatch.setattr("os.getpid", threading.get_ident)
    troubles: list[BaseException] = []

    def many() -> None:
        try:
            for _ in range(300):
                beat.beat("w")
        except BaseException as wrong:
            troubles.append(wrong)

    threads = [threading.Thread(target=many) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert troubles == [] and beat.beating()
    assert [path.name for path in tmp_path.iterdir()] == ["worker.beat"]


def test_a_home_that_cannot_be_written_stops_no_worker(tmp_path: Path, settings: Any) -> None:
    settings.TAPAL_HOME = tmp_path / "gone"
    beat.beat("w")
    assert not beat.beating()
