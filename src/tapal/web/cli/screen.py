"""`tapal screen`: screen a file of queries, or score pairs of names, without touching the store."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tapal.web.cli.told import refusals

if TYPE_CHECKING:
    from tapal.engines.screening.files import Outcome

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, path_type=Path)


@click.group(invoke_without_command=True)
@click.option("--list", "list_", type=FILE, help="CSV of listed entities.")
@click.option("--queries", type=FILE, help="CSV of queries.")
@click.option("--out", type=OUT, help="CSV of hits to write.")
@click.pass_context
def screen(
    context: click.Context, list_: Path | None, queries: Path | None, out: Path | None
) -> None:
    """Screen QUERIES against LIST and write the hits, best first, at most 10 a query."""
    if context.invoked_subcommand:
        return
    if not (list_ and queries and out):
        raise click.UsageError("--list, --queries and --out are all needed")
    from tapal.engines.screening.files import run_screen

    _tell(lambda: run_screen(list_, queries, out))


@screen.command()
@click.option(
    "--in",
    "in_",
    type=FILE,
    required=True,
    help="CSV: schema,name1,name2[,dob1,dob2,country1,country2].",
)
@click.option("--out", type=OUT, required=True, help="The same rows with score and match.")
def pairs(in_: Path, out: Path) -> None:
    """Score each pair of names."""
    from tapal.engines.screening.files import run_pairs

    _tell(lambda: run_pairs(in_, out))


def _tell(run: Callable[[], Outcome]) -> None:
    """Run it, say what was read and written and what could not be, and end with the exit code of that."""
    try:
        with refusals():
            done = run()
    except OSError as wrong:
        where = wrong.filename or "out"
        click.echo(f"{where}: {wrong.strerror}. Choose another file or folder.", err=True)
        sys.exit(2)
    for fault in done.faults:
        click.echo(f"{fault.place}: {fault.reason.en} {fault.mend.en}", err=True)
    click.echo(f"{done.read} read, {done.written} written, {len(done.faults)} faults", err=True)
    if not done.read:
        sys.exit(2)
    sys.exit(1 if any(not fault.taken for fault in done.faults) else 0)
