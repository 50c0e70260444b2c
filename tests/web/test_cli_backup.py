"""Wrong use of `tapal backup` and `tapal restore` ends with 2 and touches nothing."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from tapal.web.cli import main
from tests.web.test_cli_packs import tapal


def test_an_archive_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    said = CliRunner().invoke(main, ["restore", str(tmp_path / "none.tar")])
    assert said.exit_code == 2
    assert "none.tar" in said.output


def test_an_archive_that_cannot_be_used_makes_no_home(tmp_path: Path) -> None:
    home, broken = tmp_path / "home", tmp_path / "a.tar.gz"
    broken.write_bytes(b"no archive")
    said = tapal(home, "restore", str(broken), code=2)
    assert "Nothing was changed" in said and "Traceback" not in said
    assert not home.exists()


def test_a_backup_comes_back_and_is_not_written_over_in_silence(tmp_path: Path) -> None:
    home, other, kept = tmp_path / "home", tmp_path / "other", tmp_path / "a.tar.gz"
    persons = tmp_path / "persons.csv"
    persons.write_text("name,birth_date,nationality,document_number,issuing_state,direction,post\n"
                       "MARIA SOARES,1990-01-02,TLS,C0123456,TLS,entry,PLBN-11\n")  # fmt: skip
    tapal(home, "intake", str(persons))
    tapal(home, "backup", str(kept))
    before = kept.read_bytes()
    assert "--replace" in tapal(home, "backup", str(kept), code=2)
    assert kept.read_bytes() == before
    tapal(home, "backup", str(kept), "--replace")
    assert "restored" in tapal(other, "restore", str(kept))
    assert '"known": 1' in tapal(other, "intake", str(persons), "--json")
    assert "--replace" in tapal(other, "restore", str(kept), code=2)
