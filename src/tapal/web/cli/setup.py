"""`tapal setup`: make the tables and load the reference data of a home."""

from __future__ import annotations

import click

from tapal.web.cli import start
from tapal.web.cli.signals import prepare_loops


@click.command()
def setup() -> None:
    """Make this home ready: tables and reference data; early warning's loops. Safe to run again."""
    start()
    prepare_loops()
    click.echo("ready")
