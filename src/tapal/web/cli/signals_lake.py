"""`tapal signals` over the lake: in an officer's name, and the lists of the night."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from tapal.web.cli import Unusable, start
from tapal.web.cli.lake import LOW_URGENCY

if TYPE_CHECKING:
    from tapal.core.legal import LegalBook


def law_of_store() -> LegalBook:
    """The fixed rules' values as they stand on this node, with what officers have amended."""
    start()
    from tapal.flow.reference import legal_book

    return legal_book()


@click.command("try")
@click.argument("setting")
def try_setting(setting: str) -> None:
    """Try a proposed setting (its id, as the page gives it) on the lake's history; keeps what it finds."""
    os.nice(LOW_URGENCY)
    start()
    from tapal.core.errors import Missing
    from tapal.flow.signals import trying

    try:
        row = trying.try_setting(setting)
    except (Missing, ValueError, FileNotFoundError) as gone:
        raise Unusable("no such proposal waits, or there is no lake yet") from gone
    for period, told in row.tried.items():
        click.echo(
            f"{period}: {told['wanted']['alarms']} alarms a list, now {told['now']['alarms']}"
        )


@click.command()
def nightly() -> None:
    """Make every agency's lists from the lake and open their alerts, as the worker does each night.

    Exit code 1 when another process is at it, or where there is no lake yet.
    """
    os.nice(LOW_URGENCY)
    start()
    from tapal.flow import lake
    from tapal.flow.signals import lists
    from tapal.web.cli.signals import progress

    lake.build()
    try:
        with progress("daftar", 1) as tell:
            made = lists.make(tell=lambda done, of: tell(done / max(of, 1)))
    except FileNotFoundError:
        click.echo("there is no lake yet: nothing has come in", err=True)
        sys.exit(1)
    if made is None:
        click.echo("another process is making the lists", err=True)
        sys.exit(1)
    alarms = sum(len(row.alarms) for row in made)
    click.echo(f"{len(made)} lists, {alarms} alarms")
