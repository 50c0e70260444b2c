"""`tapal simulate` and `tapal kinds` as a stranger uses them."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from tapal.web.cli.kinds import kinds
from tapal.web.cli.simulate import simulate


def test_scale_that_is_no_number_is_wrong_use(tmp_path: Path) -> None:
    told = CliRunner().invoke(simulate, ["--scale", "nan", "--out", str(tmp_path / "out")])
    assert told.exit_code == 2
    assert "--scale" in told.output


def test_folder_that_cannot_be_written_is_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    args = ["--scale", "0.01", "--out", str(tmp_path / "file" / "out")]
    told = CliRunner().invoke(simulate, args)
    assert told.exit_code == 2
    assert "cannot be written" in told.output


def test_texts_of_rules_carry_no_indentation() -> None:
    told = json.loads(CliRunner().invoke(kinds, ["--json"]).output)
    docs = [rule["doc"] for kind in told for rule in kind["rules"]]
    assert docs
    assert not [doc for doc in docs if "\n  " in doc]
