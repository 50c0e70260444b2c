"""The command line: `tapal COMMAND`. Exit codes: 0 all well, 1 some rejected or different, 2 wrong use."""

from __future__ import annotations

import errno
import logging
import os
import sys
from importlib import import_module

import click

from tapal.web.config import home

# A command's module is imported only when it is called, so that `tapal --help` answers at once.
COMMANDS = {
    "backup": "backup",
    "restore": "backup",
    "reply": "reply",
    "cases": "cases",
    "check": "check",
    "clean": "demo",
    "day": "demo",
    "demo": "demo",
    "intake": "intake",
    "kinds": "kinds",
    "lake": "lake",
    "lists": "lists",
    "mappings": "mappings",
    "officers": "officers",
    "packs": "packs",
    "outbox": "outbox",
    "procedures": "procedures",
    "profiles": "profiles",
    "rejects": "rejects",
    "screen": "screen",
    "serve": "serve",
    "setup": "setup",
    "signals": "signals",
    "simulate": "simulate",
    "worker": "serve",
}


class Unusable(click.ClickException):
    """There is nothing to work with, said in a sentence."""

    exit_code = 2


class Commands(click.Group):
    """The group of all commands, each in a module beside this one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All command names, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command and return the command."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"tapal.web.cli.{COMMANDS[cmd_name]}")
        command = getattr(module, cmd_name)
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command. Raises Unusable where the disk is full."""
        try:
            return super().invoke(ctx)
        except Exception as wrong:
            if _disk_is_full(wrong):
                told = "The disk is full. What was taken is kept: free space, then run it again."
                raise Unusable(told) from wrong
            raise


def _disk_is_full(wrong: Exception) -> bool:
    by_system = isinstance(wrong, OSError) and wrong.errno == errno.ENOSPC
    return by_system or "database or disk is full" in str(wrong)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tapal")
def main() -> None:
    """Tapal: one shared picture of the border. All state lies under TAPAL_HOME (default ./var)."""
    logging.basicConfig(
        stream=sys.stderr,
        level=os.environ.get("TAPAL_LOG", "WARNING"),
        format="%(levelname)s %(message)s",
    )


def start() -> None:
    """Start Django and make a fresh home ready. Raises Unusable for a home that cannot be written."""
    _must_be_writable()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tapal.web.settings")
    import django

    django.setup()
    from tapal.flow.setup import ensure_ready

    ensure_ready()


def _must_be_writable() -> None:
    named = os.environ.get("TAPAL_HOME", "var")
    try:
        folder = home()
    except OSError as wrong:
        raise Unusable(f"TAPAL_HOME {named} cannot be made: {wrong.strerror}") from wrong
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Unusable(f"TAPAL_HOME {named} cannot be written: it is read-only or another user's")
