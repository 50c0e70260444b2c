"""`tapal backup` and `tapal restore`."""

from __future__ import annotations

from pathlib import Path

import click

from tapal.flow import archive
from tapal.web.cli import start
from tapal.web.cli.intake import LANGUAGE
from tapal.web.cli.told import refusals
from tapal.web.config import vendor

ARCHIVE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("target", type=ARCHIVE)
@click.option("--replace", is_flag=True, help="Write over an archive that is there.")
@LANGUAGE
def backup(target: Path, replace: bool, language: str) -> None:
    """Write everything this node holds into the archive TARGET, while it runs."""
    with refusals(language):
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
    with refusals(language):
        # Before the home is touched: an archive that cannot be used makes none.
        if archive.check(source)["vendor"] != vendor():
            raise archive.other_database()
        start()
        from tapal.flow.backup import restore as run

        manifest = run(source, replace=replace)
    click.echo(f"restored {len(manifest['files'])} files made at {manifest['made_at']}")
