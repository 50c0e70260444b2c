"""`tapal setup`: make the tables and load the reference data of a home."""

from __future__ import annotations

import click

from tapal.web.cli import start


@click.command()
def setup() -> None:
    """Make this home ready: tables and reference data. Safe to run again."""
    start()
    click.echo("ready")
