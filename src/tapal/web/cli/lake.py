"""`tapal lake`: build, compact and check the lake, and ask it named questions."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from tapal.web.cli import Unusable, start

if TYPE_CHECKING:
    from tapal.flow.figures import Answer
    from tapal.flow.figures.door import Figures

LOW_URGENCY = 10
LANGUAGE = click.option(
    "--language", type=click.Choice(["id", "en"]), default="id", envvar="TAPAL_LANGUAGE"
)


@click.group()
def lake() -> None:
    """The lake: figures of what the log holds, without persons."""


@lake.command()
@click.option("--again", is_flag=True, help="Throw the lake away and make it anew from the log.")
def build(again: bool) -> None:
    """Append what happened since the last time. Exit code 1 when another process is at it."""
    start()
    from tapal.flow import lake as flow

    built = flow.build(again=again)
    if built.busy:
        click.echo("another process is writing the lake", err=True)
        sys.exit(1)
    anew = "; made anew" if built.rebuilt else ""
    click.echo(f"{built.rows} rows in {built.commits} commits; up to event {built.position}{anew}")


@lake.command()
def compact() -> None:
    """Join the lake's small files. Exit code 1 when another process is writing it."""
    start()
    from tapal.flow import lake as flow

    left = flow.compact()
    if left is None:
        click.echo("another process is writing the lake", err=True)
        sys.exit(1)
    click.echo(f"{left} files")


@lake.command()
def check() -> None:
    """Hold the lake's files, counts and sums against the store's. Exit code 1 when they differ.

    Exact while nothing is written: build first, then check.
    """
    start()
    from tapal.flow import lake as flow

    try:
        found = flow.problems()
    except FileNotFoundError:
        found = ["there is no lake yet: tapal lake build"]
    for each in found:
        click.echo(each)
    if found:
        sys.exit(1)
    for kind, sums in sorted(flow.totals_of_lake().items()):
        click.echo(f"ok   {kind}: {sums['records']} records")


@lake.command()
def tend() -> None:
    """Do what is due: append hourly or at 20,000 events, compact at night, write the weekly sheet."""
    os.nice(LOW_URGENCY)
    start()
    from tapal.flow.lake_clock import tend as do

    click.echo(", ".join(do()) or "nothing is due")


@lake.command()
@click.argument("name", required=False)
@click.option("--officer", help="User name of the officer who asks; what he may count is counted.")
@click.option("--post", help="Ask about one post.")
@click.option("--days", type=click.IntRange(1, 366), default=30, show_default=True)
@click.option("--form", type=click.Choice(["table", "csv", "xlsx", "parquet"]), default="table")
@click.option("--output", type=click.Path(path_type=Path), help="File to write; csv may go to -.")
@LANGUAGE
def query(
    name: str | None,
    officer: str | None,
    post: str | None,
    days: int,
    form: str,
    output: Path | None,
    language: str,
) -> None:
    """Ask a named question in an officer's name; without a NAME list the questions."""
    start()
    from tapal.flow.figures import QUESTIONS

    if name is None:
        for question in QUESTIONS.values():
            click.echo(f"{question.name}: {question.label.say(language)}")
        return
    if name not in QUESTIONS:
        raise click.BadParameter(f"there are: {', '.join(QUESTIONS)}", param_hint="NAME")
    if not officer:
        raise click.UsageError("say who asks: --officer USERNAME")
    answer = _answer(_figures(officer, post), name, post, days, form)
    if form == "table":
        _show(answer, language)
    else:
        _write(answer, form, language, output)


def _figures(username: str, post: str | None) -> Figures:
    from tapal.core.errors import Denied
    from tapal.flow.figures.door import open_figures
    from tapal.flow.officers import actor_of
    from tapal.store.models import Officer

    person = Officer.objects.filter(username=username).first()
    try:
        if person is None:
            raise Denied
        return open_figures(actor_of(person, post))
    except Denied as refused:
        raise Unusable(f"{username} may not ask for figures here") from refused


def _answer(figures: Figures, name: str, post: str | None, days: int, form: str) -> Answer:
    from tapal.core.errors import Missing
    from tapal.flow.share import access

    act = access.COUNT if form == "table" else access.EXPORT
    try:
        return figures.ask([name], place=post, days=days, act=act)[0]
    except Missing as gone:
        raise Unusable("there is no lake yet: tapal lake build") from gone


def _show(answer: Answer, language: str) -> None:
    from tapal.flow.figures import words
    from tapal.flow.figures.export import days
    from tapal.flow.lake_rows import CAPITAL

    table = Table(title=f"{answer.question.label.say(language)}  {days(answer)}")
    for column in answer.question.columns:
        right = column.type in words.NUMBERS
        table.add_column(column.label.say(language), justify="right" if right else "left")
    for row in words.table(answer, CAPITAL):
        table.add_row(*(cell.text.say(language) for cell in row))
    out = Console()
    out.print(table)
    for note in (words.source(answer, CAPITAL), words.kept_back(answer)):
        if note:
            out.print(note.say(language))


def _write(answer: Answer, form: str, language: str, output: Path | None) -> None:
    from tapal.flow.figures.export import exported
    from tapal.flow.lake_rows import CAPITAL

    data = exported([answer], form, language, CAPITAL)
    if output is None or str(output) == "-":
        sys.stdout.buffer.write(data)
    else:
        output.write_bytes(data)
        click.echo(f"{output}: {len(data)} bytes", err=True)
