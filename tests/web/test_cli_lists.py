"""`tapal lists` as operators type it: a first version at once, every later one by a second person."""

from __future__ import annotations

import json
from pathlib import Path

from tests.web.test_cli_packs import tapal

HEAD = "id,schema,name,dob,list\n"
FIRST = HEAD + "T1,Person,MARIA SOARES,1988-02-14,tangkal\n"
NEXT = HEAD + "T2,Person,JOAO PEREIRA,1971-03-04,tangkal\n"


def test_a_later_version_waits_for_a_second_person(tmp_path: Path) -> None:
    home, path = tmp_path / "home", tmp_path / "list.csv"
    path.write_text(FIRST)
    assert "state=in_force" in tapal(home, "lists", "import", str(path))
    path.write_text(NEXT)
    told = tapal(home, "lists", "import", str(path))
    assert "state=draft" in told and "Waits for a second person" in told
    assert "version 1\t1 entries" in tapal(home, "lists", "show")
    draft = told.split("draft=")[1].split()[0]
    diff = json.loads(tapal(home, "lists", "diff", draft, "--json").splitlines()[-1])
    assert [(c["what"], c["entry"]) for c in diff["changes"]] == [
        ("added", "T2"),
        ("removed", "T1"),
    ]
    tapal(home, "lists", "publish", draft, code=2)
    assert "no such" in tapal(home, "lists", "publish", draft, "--officer", "NOBODY", code=2)
    added = ["officers", "add", "second", "--name", "Second", "--agency", "IMI"]
    tapal(home, *added, "--number", "IMI-2", "--role", "steward", "--password", "perbatasan-kita")
    assert "state=in_force" in tapal(home, "lists", "publish", draft, "--officer", "IMI-2")
    assert "version 2\t1 entries" in tapal(home, "lists", "show")
