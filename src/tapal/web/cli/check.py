"""`tapal check`: is this node set up safely?"""

from __future__ import annotations

import sys

import click

from tapal.web.cli import start

MARKS = {"good": "ok  ", "soon": "soon", "bad": "BAD "}


@click.command()
@click.option("--language", type=click.Choice(["id", "en"]), default="id", envvar="TAPAL_LANGUAGE")
def check(language: str) -> None:
    """Report what is unsafe about this node and how to mend it. Exit code 1 when anything is."""
    start()
    from tapal.flow.health import signs

    bad = False
    for sign in signs():
        bad |= sign.grade == "bad"
        mend = "" if sign.grade == "good" else f" -> {sign.mend.say(language)}"
        click.echo(f"{MARKS[sign.grade]} {sign.name.say(language)}: {sign.seen}{mend}")
    sys.exit(1 if bad else 0)
