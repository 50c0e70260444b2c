"""Make package-lock.json again, without addresses: hashes alone say what a package is."""

import json
import os
import subprocess
from pathlib import Path

from scripts.assets import ROOT, node_from_wheel, node_on_path


def without_addresses(lock: Path) -> None:
    """Take out of a lock file where its packages come from and who funds them."""
    content = json.loads(lock.read_text())
    for entry in content["packages"].values():
        entry.pop("resolved", None)
        entry.pop("funding", None)
    lock.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def main() -> None:
    """Resolve package.json anew where it changed, and clean the lock."""
    node = node_on_path() or node_from_wheel()
    folder = str(Path(node.program).parent)
    environ = os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [*node.npm, "install", "--package-lock-only", "--loglevel=error"]
    subprocess.run(command, check=True, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL)
    without_addresses(ROOT / "package-lock.json")


if __name__ == "__main__":
    main()
