"""`tapal demo`, `tapal day`, `tapal clean`: a day at the border, and the desk to look at it."""

from __future__ import annotations

import shutil
import sys

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tapal.flow.demo_files import fed_mark
from tapal.web.cli import start
from tapal.web.cli.serve import children, ending, must_be_free, watch_over
from tapal.web.config import home

SCALE = click.option(
    "--scale", type=click.FloatRange(0.001, 100), default=1.0, show_default=True,
    help="Traffic of the day; 1 is about a thousand crossings at Motaain.",
)  # fmt: skip


@click.command()
@SCALE
def day(scale: float) -> None:
    """Feed a day at the border through the intake and print what was found."""
    start()
    _day(scale)


@click.command()
@SCALE
@click.option("--host", default="127.0.0.1", show_default=True, envvar="TAPAL_HOST")
@click.option("--port", type=int, default=8000, show_default=True, envvar="TAPAL_PORT")
def demo(scale: float, host: str, port: int) -> None:
    """Feed a day at the border, print the logins, and serve the desk until Ctrl-C."""
    must_be_free(host, port)
    served = children(host, port, 4)
    with ending(served):
        if fed_mark(home()).exists():
            # The desk comes up while the summary is made; the worker would only keep both waiting.
            served[0].watch()
        start()
        _day(scale)
        address = f"http://{host}:{port}/"
        _logins(address)
        click.echo(f"The desk is at {address} until Ctrl-C.")
        sys.stdout.flush()
        watch_over(served)


@click.command()
@click.confirmation_option(prompt="Remove everything this home holds?")
def clean() -> None:
    """Remove this home with everything in it."""
    shutil.rmtree(home())
    click.echo("removed")


def _day(scale: float) -> None:
    from tapal.flow import lake
    from tapal.flow.demo import run_day

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=False) as bar:
        tasks: dict[str, object] = {}

        def progress(step: str, total: int, done: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step, total=total)
            bar.update(tasks[step], completed=done)  # type: ignore[arg-type]

        told = run_day(scale, progress)
    if lake.waiting():
        lake.build()
    out = Console()
    out.print(_summary(told.posts))
    out.print(_score(told.score))


def _summary(posts: object) -> Table:
    from tapal.flow.demo import Post

    assert isinstance(posts, dict)
    columns = ("messages", "records", "rejects", "findings", "alerts")
    table = Table(title="A day at the border")
    table.add_column("post")
    for name in columns:
        table.add_column(name, justify="right")
    total = Post("all")
    for line in posts.values():
        table.add_row(line.name, *(str(getattr(line, name)) for name in columns))
        for name in columns:
            setattr(total, name, getattr(total, name) + getattr(line, name))
    table.add_section()
    table.add_row(total.name, *(str(getattr(total, name)) for name in columns))
    return table


def _score(score: object) -> Table:
    from tapal.simulation import Score

    assert isinstance(score, Score)
    table = Table(title="Planted problems")
    table.add_column("rule")
    for name in ("planted", "found", "missed", "false"):
        table.add_column(name, justify="right")
    for line in score.lines:
        if line.rule:
            table.add_row(
                line.rule, str(line.planted), str(line.found), str(line.missed), str(line.false)
            )
    total = score.total
    table.add_section()
    table.add_row("all", str(total.planted), str(total.found), str(total.missed), str(total.false))
    table.caption = f"{total.hidden} more were planted that nothing in the data can show"
    return table


def _logins(address: str) -> None:
    from tapal.data import table
    from tapal.flow.demo_officers import DEMO_PASSWORD

    out = Console()
    logins = Table(title=f"{address}   password of all: {DEMO_PASSWORD}")
    for name in ("login", "agency", "post", "role", "who"):
        logins.add_column(name, overflow="fold", no_wrap=name == "login")
    for row in table("demo_officers.csv"):
        who = row["note"] if row["note"] != "synthetic person" else ""
        logins.add_row(row["username"], row["agency"], row["post"] or "-", row["roles"], who)
    out.print(logins)
