"""What a person can use is named in the documentation: an undocumented door fails here."""

import re
from functools import cache

import click
import pytest

from tapal.core.events import EVENT_TYPES
from tapal.kinds import KINDS
from tapal.web.cli import main
from tests.architecture.sources import PACKAGE, ROOT, modules


@cache
def documentation() -> str:
    """Every committed page of documentation, as one text."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return "\n".join(page.read_text() for page in pages)


def documented(word: str) -> bool:
    """Whether the documentation names a word as a whole, not as a part of another."""
    return re.search(rf"(?<![\w.-]){re.escape(word)}(?![\w-])", documentation()) is not None


def parts(group: click.Group) -> list[tuple[str, click.Command]]:
    """The sub-commands of a group by name; a group may import them only when asked."""
    context = click.Context(group)
    found = [(name, group.get_command(context, name)) for name in group.list_commands(context)]
    return [(name, part) for name, part in found if part is not None and not part.hidden]


def commands(command: click.Command, path: str) -> list[str]:
    """The full name of every command that a person may type."""
    if not isinstance(command, click.Group):
        return [path]
    below = [name for word, part in parts(command) for name in commands(part, f"{path} {word}")]
    return [path, *below] if command.invoke_without_command else below


def options(command: click.Command) -> set[str]:
    """The long names of a command's options, those of its sub-commands too."""
    found = {
        name
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.hidden
        for name in parameter.opts
        if name.startswith("--")
    }
    for _, part in parts(command) if isinstance(command, click.Group) else ():
        found |= options(part)
    return found - {"--help"}


def settings() -> set[str]:
    """The environment variables that the package reads."""
    found: set[str] = set()
    for path in modules(under=PACKAGE):
        found |= set(re.findall(r"[\"'](TAPAL_[A-Z0-9_]+)[\"']", path.read_text()))
    return found


@pytest.mark.parametrize("command", commands(main, "tapal"))
def test_each_command_is_documented(command: str) -> None:
    assert documented(command)


@pytest.mark.parametrize("option", sorted(options(main)))
def test_each_option_is_documented(option: str) -> None:
    assert documented(option)


@pytest.mark.parametrize("setting", sorted(settings()))
def test_each_setting_is_documented(setting: str) -> None:
    assert documented(setting)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_its_formats_and_rules_are_documented(kind: str) -> None:
    words = [kind, *(f.name for f in KINDS[kind].formats), *(r.name for r in KINDS[kind].rules)]
    assert [word for word in words if not documented(word)] == []


@pytest.mark.parametrize("event", sorted(EVENT_TYPES))
def test_each_event_type_is_documented_with_its_personal_fields(event: str) -> None:
    assert [word for word in (event, *EVENT_TYPES[event].personal) if not documented(word)] == []


@pytest.mark.parametrize(
    "target", re.findall(r"(?m)^([a-z-]+):.*##", (ROOT / "Makefile").read_text())
)
def test_each_make_target_is_documented(target: str) -> None:
    assert documented(f"make {target}")


def test_what_the_operator_installs_is_there_and_documented() -> None:
    """Both ways: the page names no file that is gone, and the folder holds none that nobody names."""
    page = (ROOT / "docs" / "operators.md").read_text()
    named = set(re.findall(r"\bdeploy/([\w.-]+)", page))
    assert named == {path.name for path in (ROOT / "deploy").iterdir()}
