"""Wrong use of `tapal backup` and `tapal restore` ends with 2 and touches nothing."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from tapal.web.cli import main


def test_an_archive_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    said = CliRunner().invoke(main, ["restore", str(tmp_path / "none.tar")])
    assert said.exit_code == 2
    assert "none.tar" in said.output
