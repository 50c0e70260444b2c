"""`tapal officers key`: keys of programs, given, listed, replaced and ended by the operator."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import click

from tapal.web.cli import start
from tapal.web.cli.told import refusals, refuse

if TYPE_CHECKING:
    from tapal.store.models import Officer

_told = partial(refusals, denied="the account has no mandate there", missing="no such key holds")


@click.group()
def key() -> None:
    """Keys with which programs come in; each is shown once."""


@key.command()
@click.argument("username")
@click.option("--scope", "scopes", multiple=True, required=True, help="May be given repeatedly.")
@click.option("--purpose", default="", help="The one purpose that the key may look for.")
@click.option("--agency", help="Where the account has mandates from several.")
@click.option("--post", help="Id of the post, where the account's mandate is for one.")
@click.option("--days", type=int, default=90, show_default=True)
@click.option("--label", default="", help="What the key is for.")
def give(
    username: str,
    scopes: tuple[str, ...],
    purpose: str,
    agency: str | None,
    post: str | None,
    days: int,
    label: str,
) -> None:
    """Make a key for an account."""
    start()
    from tapal.flow import keys
    from tapal.flow.accounts import OPERATOR
    from tapal.flow.officers import actor_of
    from tapal.web.tokens import token_of

    officer = _officer(username)
    with _told():
        actor = actor_of(officer, post, agency=agency)
        made = keys.give_key(
            officer, actor, scopes=scopes, days=days, purpose=purpose, label=label, by=OPERATOR
        )
        click.echo(token_of(officer, made))
        click.echo(f"key {made.serial} holds until {made.until:%Y-%m-%d %H:%M} UTC", err=True)


@key.command()
@click.argument("username")
@click.argument("serial", type=int)
@click.option("--days", type=int, default=90, show_default=True)
@click.option("--overlap", type=click.IntRange(0, 720), default=24, show_default=True,
              help="Hours for which the old key still holds.")  # fmt: skip
def rotate(username: str, serial: int, days: int, overlap: int) -> None:
    """Make a new key in the place of an old one, which ends after the overlap."""
    start()
    from tapal.flow import keys
    from tapal.flow.accounts import OPERATOR
    from tapal.web.tokens import token_of

    officer = _officer(username)
    with _told():
        made = keys.rotate_key(
            officer, serial, days=days, overlap=timedelta(hours=overlap), by=OPERATOR
        )
        click.echo(token_of(officer, made))
        click.echo(f"key {made.serial} holds; key {serial} ends in {overlap} h", err=True)


@key.command()
@click.argument("username")
@click.argument("serial", type=int)
def end(username: str, serial: int) -> None:
    """End a key at once."""
    start()
    from tapal.flow import keys
    from tapal.flow.accounts import OPERATOR

    officer = _officer(username)
    with _told():
        keys.end_key(officer, serial, by=OPERATOR)
        click.echo(f"key {serial} has ended")


@key.command("list")
@click.argument("username")
def list_(username: str) -> None:
    """The keys of an account that hold: number, agency and post, scopes, purpose, end, label."""
    start()
    from tapal.flow import keys

    for held in keys.keys_of(_officer(username)):
        where = f"{held.agency}/{held.post or '*'}"
        scopes, until = ",".join(held.scopes), f"{held.until:%Y-%m-%d}"
        click.echo(
            f"{held.serial}\t{where}\t{scopes}\t{held.purpose or '*'}\t{until}\t{held.label}"
        )


def _officer(username: str) -> Officer:
    from tapal.store.models import Officer

    officer = Officer.objects.filter(username=username).first()
    if officer is None:
        refuse(f"no officer is called {username}")
    return officer
