"""`tapal backup` and `tapal restore`."""

from __future__ import annotations

from pathlib import Path

import click

from tapal.core.errors import Rejected
from tapal.web.cli import start

ARCHIVE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("target", type=ARCHIVE)
def backup(target: Path) -> None:
    """Write everything this node holds into the archive TARGET, while it runs."""
    start()
    from tapal.flow.backup import backup as run

    manifest = run(target)
    click.echo(f"{target}: {len(manifest['files'])} files, made at {manifest['made_at']}")


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--replace", is_flag=True, help="Put the backup in the place of what this home holds."
)
def restore(source: Path, replace: bool) -> None:
    """Put the archive SOURCE back into this home. Stop the node first."""
    start()
    from tapal.flow.backup import restore as run

    try:
        manifest = run(source, replace=replace)
    except Rejected as wrong:
        raise click.ClickException(f"{wrong.reason.en} {wrong.mend.en}") from wrong
    click.echo(f"restored {len(manifest['files'])} files made at {manifest['made_at']}")
