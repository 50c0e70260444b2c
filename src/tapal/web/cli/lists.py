"""`tapal lists`: bring lists up to date and see how they stand."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from tapal.core.actions import Actor
from tapal.core.errors import Rejected
from tapal.web.cli import start
from tapal.web.cli.intake import LANGUAGE

_OPERATOR = Actor("0", "OPERATOR", "operator", "", None, frozenset({"listing.edit"}))


@click.group()
def lists() -> None:
    """Watch lists: import a version, show what is in force."""


@lists.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--list", "roll", help="Code of the list of rows that name none.")
@click.option(
    "--shape", type=click.Choice(["csv", "ftm"]), help="csv, or FollowTheMoney JSON lines."
)
@click.option("--json", "as_json", is_flag=True)
@LANGUAGE
def import_(path: Path, roll: str | None, shape: str | None, as_json: bool, language: str) -> None:
    """Make what PATH holds the new version of its list. Exit code 1 when rows could not be read."""
    start()
    from tapal.flow.lists import import_list

    try:
        done = import_list(path.read_bytes(), actor=_OPERATOR, roll=roll, shape=shape)  # type: ignore[arg-type]
    except Rejected as wrong:
        click.echo(
            f"{wrong.place} {wrong.reason.say(language)} {wrong.mend.say(language)}", err=True
        )
        sys.exit(2)
    told = [
        {"list": c.roll, "version": c.version, "added": c.added, "changed": c.changed,
         "removed": c.removed, "kept": c.kept}
        for c in done.changes
    ]  # fmt: skip
    faults = [
        {
            "place": f.place,
            "reason": f.reason.say(language),
            "mend": f.mend.say(language),
            "taken": f.taken,
        }
        for f in done.faults
    ]
    if as_json:
        click.echo(json.dumps({"lists": told, "faults": faults}, ensure_ascii=False))
    else:
        for each in told:
            click.echo(" ".join(f"{name}={value}" for name, value in each.items()))
        for fault in faults:
            click.echo(f"{fault['place']}: {fault['reason']} {fault['mend']}", err=True)
    sys.exit(1 if any(not f["taken"] for f in faults) else 0)


@lists.command()
def show() -> None:
    """Each list with its version, entries in force and age."""
    start()
    from tapal.store.models import Roll

    for roll in Roll.objects.order_by("code"):
        number = roll.listings.filter(removed_at=None).count()
        at = roll.imported_at.isoformat(timespec="minutes") if roll.imported_at else "-"
        click.echo(f"{roll.code}\tversion {roll.version}\t{number} entries\t{at}\t{roll.label_id}")
