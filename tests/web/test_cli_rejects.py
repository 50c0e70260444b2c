"""`tapal rejects` as an operator types it: looked at, mended, closed, and wrong ids told."""

from __future__ import annotations

from pathlib import Path

from tests.web.test_cli_packs import tapal

HEAD = "name,birth_date,nationality,document_number,issuing_state,direction,post\n"
GOOD = "MARIA SOARES,1990-01-02,TLS,C0123456,TLS,entry,PLBN-11\n"


def test_a_reject_is_mended_by_command_and_says_what_is_wrong_still(tmp_path: Path) -> None:
    home, path = tmp_path / "home", tmp_path / "a.csv"
    path.write_text(f"{HEAD}{GOOD},1990-01-02,TLS,C0999999,TLS,entry,PLBN-11\n")
    tapal(home, "intake", str(path), code=1)
    (line,) = tapal(home, "rejects", "list").splitlines()
    number = line.split("\t")[0]
    assert "Nothing was changed" in tapal(home, "rejects", "mend", number, str(path), code=2)
    path.write_text(f"{HEAD}{GOOD},1990-01-02,TLS,C0999998,TLS,entry,PLBN-11\n")
    told = tapal(home, "rejects", "mend", number, str(path), code=1)
    assert "row 3: This person has no name." in told and "still open" in told
    path.write_text(f"{HEAD}{GOOD}ROSA MALI,1990-01-02,TLS,C0999999,TLS,entry,PLBN-11\n")
    assert "1 records, 1 known, 0 rejects; closed" in tapal(
        home, "rejects", "mend", number, str(path)
    )
    for words in (("mend", "no-id", str(path)), ("replay", "no-id"), ("dismiss", number, "why")):
        told = tapal(home, "rejects", *words, code=2)
        assert "no open reject with this id" in told and "Traceback" not in told
