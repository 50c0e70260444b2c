"""`tapal packs` between a hub and a post, each a home of its own, as operators type it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

LIST = "id,schema,name,dob,list\nT1,Person,MARIA SOARES,1988-02-14,tangkal\n"


def tapal(home: Path, *words: str, code: int = 0) -> str:
    environ = {**os.environ, "TAPAL_HOME": str(home), "TAPAL_LANGUAGE": "en"}
    for name in ("TAPAL_DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
        environ.pop(name, None)
    program = [sys.executable, "-c", "from tapal.web.cli import main; main()", *words]
    done = subprocess.run(program, env=environ, capture_output=True, text=True, timeout=300)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_a_pack_goes_from_a_hub_to_a_post_and_is_ended(tmp_path: Path) -> None:
    hub, post = tmp_path / "hub", tmp_path / "post"
    (tmp_path / "list.csv").write_text(LIST)
    tapal(hub, "lists", "import", str(tmp_path / "list.csv"))
    keys = [
        dict(x.split("\t") for x in tapal(h, "packs", "keys").splitlines()) for h in (hub, post)
    ]
    assert (hub / "pack.key").stat().st_mode & 0o077 == 0
    pack, notice = str(tmp_path / "a.pack"), str(tmp_path / "end.notice")
    made = ["packs", "make", "PLBN-11", "--agency", "IMI", "--out", pack]
    assert "--reader" in tapal(hub, *made, code=2)
    assert "pack 1 (whole): 1 entries" in tapal(hub, *made, "--reader", keys[1]["reader"])
    assert "not trusted" in tapal(post, "packs", "open", pack, code=2)
    tapal(post, "packs", "trust", keys[0]["signer"])
    assert "base\t0" in tapal(post, "packs", "info", pack)
    assert "pack 1: 1 entries" in tapal(post, "packs", "open", pack)
    assert "list\ttangkal" in tapal(post, "packs", "info")
    revoke = ["packs", "revoke", "PLBN-11", "--agency", "IMI", "--reason", "stolen"]
    tapal(hub, *revoke, "--out", notice)
    tapal(post, "packs", "open", notice)
    assert "its maker revoked it" in tapal(post, "packs", "info", code=1)
    assert "revoked\tPLBN-11\tIMI\tpack 1" in tapal(hub, "packs", "info")
