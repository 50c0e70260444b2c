"""The project's own files, as the architecture's tests read them."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "src/tapal"


@cache
def tree(path: Path) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(path.read_text(), str(path))


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that is or would be committed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    paths = (ROOT / name for name in done.stdout.split("\0") if name)
    return tuple(sorted(path for path in set(paths) if path.is_file()))


def modules(*, under: Path = ROOT) -> list[Path]:
    """Every committed Python file below a folder, migrations apart: a machine writes those."""
    return [
        path
        for path in tracked()
        if path.suffix == ".py" and path.is_relative_to(under) and "migrations" not in path.parts
    ]


def shown(path: Path, line: int) -> str:
    """A place as an editor opens it."""
    return f"{path.relative_to(ROOT).as_posix()}:{line}"
