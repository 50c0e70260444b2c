"""A restore that is killed at any of its steps leaves the old or the new, never neither."""

from __future__ import annotations

from pathlib import Path

import pytest

from tapal.flow import backup


class Killed(BaseException):
    """As a kill: nothing catches it."""


def tree(place: Path) -> list[str]:
    return sorted(p.read_text() for p in place.rglob("*") if p.is_file())


@pytest.mark.parametrize("at", range(1, 5))
def test_a_kill_at_any_step_leaves_one_of_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    home, parts = tmp_path, tmp_path / ".restore-x"
    for folder, word in ((home / "raw", "old"), (parts / "raw", "new")):
        folder.mkdir(parents=True)
        (folder / "a").write_text(word)
    steps, rename, remove = 0, Path.rename, backup._remove

    def step() -> None:
        nonlocal steps
        steps += 1
        if steps == at:
            raise Killed

    def renamed(self: Path, target: Path) -> Path:
        step()
        return rename(self, target)

    def removed(path: Path) -> None:
        step()
        remove(path)

    monkeypatch.setattr(Path, "rename", renamed)
    monkeypatch.setattr(backup, "_remove", removed)
    with pytest.raises(Killed):
        backup._exchange(parts / "raw", home / "raw")
    assert "old" in tree(home) or tree(home / "raw") == ["new"]
    monkeypatch.undo()
    if (parts / "raw").exists():
        backup._exchange(parts / "raw", home / "raw")
    assert tree(home / "raw") == ["new"]


def test_a_restore_ends_with_the_new_alone(tmp_path: Path) -> None:
    home, parts = tmp_path, tmp_path / ".restore-x"
    parts.mkdir()
    (home / "secret.key").write_text("old")
    (parts / "secret.key").write_text("new")
    backup._exchange(parts / "secret.key", home / "secret.key")
    assert tree(home) == ["new"]
