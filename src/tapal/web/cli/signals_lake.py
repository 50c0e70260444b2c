"""`tapal signals` over the lake: in an officer's name, and the lists of the night."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from tapal.web.cli import start
from tapal.web.cli.lake import LOW_URGENCY

if TYPE_CHECKING:
    from tapal.core.legal import LegalBook
    from tapal.engines.signals.pool_files import Counts
    from tapal.flow.signals.counts import Held


def of_lake(officer: str, period: str) -> Held:
    """The declared signals of an officer's agency; ends with a sentence where there are none."""
    start()
    from tapal.core.errors import Denied
    from tapal.core.kind import Period
    from tapal.flow.officers import actor_of
    from tapal.flow.signals import counts, seen
    from tapal.store.models import Officer

    person = Officer.objects.filter(username=officer).first()
    try:
        if person is None:
            raise Denied
        owner = seen.may_run(actor_of(person, None))
    except Denied as refused:
        raise click.ClickException(f"{officer} may not ask for figures of all posts") from refused
    try:
        held = counts.read(owner, Period(period))
    except FileNotFoundError as gone:
        raise click.ClickException("there is no lake yet: tapal lake build") from gone
    if held is None:
        raise click.ClickException(f"the lake holds no signal of {owner} by the {period}")
    return held


def law_of_store() -> LegalBook:
    """The fixed rules' values as they stand on this node, with what officers have amended."""
    start()
    from tapal.flow.reference import legal_book

    return legal_book()


def worded(held: Held, language: str) -> Counts:
    """The same series under the names that officers read."""
    from dataclasses import replace

    from tapal.flow.signals.judging import label_of

    names = tuple(label_of(line).say(language) for line in held.lines)
    return replace(held.counts, watch=replace(held.counts.watch, names=names))


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
        raise click.ClickException("no such proposal waits, or there is no lake yet") from gone
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
