"""`tapal backup` and `tapal restore`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from tapal.core.errors import Rejected
from tapal.flow import archive
from tapal.web.cli import start
from tapal.web.cli.intake import LANGUAGE
from tapal.web.config import vendor

ARCHIVE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("target", type=ARCHIVE)
@click.option("--replace", is_flag=True, help="Write over an archive that is there.")
@LANGUAGE
def backup(target: Path, replace: bool, language: str) -> None:
    """Write everything this node holds into the archive TARGET, while it runs."""
    with _told(language):
        archive.writable(target, replace=replace)
        start()
        from tapal.flow.backup import backup as run

        manifest = run(target, replace=replace)
    click.echo(f"{target}: {len(manifest['files'])} files, made at {manifest['made_at']}")


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--replace", is_flag=True, help="Put the backup in the place of what this home holds."
)
@LANGUAGE
def restore(source: Path, replace: bool, language: str) -> None:
    """Put the archive SOURCE back into this home. Stop the node first."""
    with _told(language):
        # Before the home is touched: an archive that cannot be used makes none.
        if archive.check(source)["vendor"] != vendor():
            raise archive.other_database()
        start()
        from tapal.flow.backup import restore as run

        manifest = run(source, replace=replace)
    click.echo(f"restored {len(manifest['files'])} files made at {manifest['made_at']}")


@contextmanager
def _told(language: str) -> Iterator[None]:
    """Tell what is refused and exit 2."""
    try:
        yield
    except Rejected as wrong:
        click.echo(f"{wrong.reason.say(language)} {wrong.mend.say(language)}", err=True)
        sys.exit(2)
