"""What is committed works on any machine, and is the project's own."""

import json
import re

from tests.architecture.sources import ROOT, shown, tracked

# In two parts each, so that this file does not name them itself.
HOSTS = [
    ("registry.np", "mjs.org"),
    ("registry.yarn", "pkg.com"),
    ("py", "pi.org"),
    ("files.python", "hosted.org"),
    ("deb.de", "bian.org"),
    ("security.de", "bian.org"),
    ("crates", ".io"),
    ("proxy.go", "lang.org"),
]
FOLDERS = [("/wo", "rk/"), ("/ro", "ot/"), ("/opt/py", "pi"), ("/opt/wh", "eels")]
BINARY = {".png", ".jpg", ".gz", ".zip", ".ico", ".woff2", ".pdf", ".sqlite3"}


def lines_with(pattern: str) -> list[str]:
    """Every place in a committed text file where a pattern occurs."""
    wanted = re.compile(pattern)
    return [
        shown(path, number)
        for path in tracked()
        if path.suffix not in BINARY
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if wanted.search(line)
    ]


def test_no_registry_host() -> None:
    assert lines_with("|".join(re.escape("".join(parts)) for parts in HOSTS)) == []


def test_no_path_of_one_machine() -> None:
    folders = "|".join(re.escape("".join(parts)) for parts in FOLDERS)
    assert lines_with(rf"(?<![\w.}}$-])(?:{folders})|/home/[a-z]+/") == []


def test_locks_hold_hashes_and_no_address() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        text = lock.read_text()
        assert "://" not in text, lock.name
        assert not re.search(r"(?m)^--?[a-z]", text), f"{lock.name}: an option line"
        pins = re.findall(r"(?m)^\S+==\S+.*$", text)
        assert pins and all(pin.endswith("\\") for pin in pins), f"{lock.name}: a pin without hash"


def test_the_npm_lock_holds_hashes_and_no_address() -> None:
    text = (ROOT / "package-lock.json").read_text()
    assert "://" not in text
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert packages and all("integrity" in entry for entry in packages.values())


def test_no_third_party_asset_is_committed() -> None:
    foreign = re.compile(r"\.min\.(js|css)$|\.woff2?$|\.ttf$|(^|/)node_modules/|/static/build/")
    names = [path.relative_to(ROOT).as_posix() for path in tracked()]
    assert [name for name in names if foreign.search(name)] == []
