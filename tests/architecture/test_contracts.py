"""The five import contracts are kept, and none has an exception."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.sources import PACKAGE, ROOT, modules


def test_import_contracts_hold() -> None:
    program = str(Path(sys.executable).with_name("lint-imports"))
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "Contracts: 6 kept, 0 broken" in done.stdout


def test_no_contract_has_an_exception() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert len(settings["contracts"]) == 6
    assert not [c["name"] for c in settings["contracts"] if "ignore_imports" in c]


def test_every_folder_of_code_is_a_package() -> None:
    """A folder without __init__.py is not seen by the contracts."""
    folders = {path.parent for path in modules(under=PACKAGE)}
    bare = [folder for folder in folders if not (folder / "__init__.py").exists()]
    assert [folder.relative_to(ROOT).as_posix() for folder in bare] == []
