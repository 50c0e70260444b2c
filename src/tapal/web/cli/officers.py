"""`tapal officers`: the first officer of a new node, who then makes the others in the desk."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from tapal.core.actions import Actor
from tapal.core.mandates import EDIT_OFFICERS
from tapal.web.cli import start
from tapal.web.cli.keys import key
from tapal.web.cli.told import refusals

if TYPE_CHECKING:
    from tapal.store.models import Officer


def _found(username: str) -> Officer:
    from tapal.store.models import Officer

    officer = Officer.objects.filter(username=username).first()
    if officer is None:
        click.echo(f"no officer is called {username}", err=True)
        sys.exit(2)
    return officer


@click.group()
def officers() -> None:
    """Officers of this node."""


officers.add_command(key)


@officers.command()
@click.argument("username")
@click.option("--name", required=True)
@click.option("--number", required=True, help="Service number.")
@click.option("--agency", required=True, help="Code of the agency.")
@click.option("--role", default="admin", show_default=True)
@click.option("--post", help="Id of the post; without it the mandate holds everywhere.")
@click.password_option()
def add(
    username: str, name: str, number: str, agency: str, role: str, post: str | None, password: str
) -> None:
    """Make an officer with one mandate from today on, by the operator alone: said so wherever it shows."""
    start()
    from django.db import transaction
    from django.utils import timezone

    from tapal.flow import accounts, mandates
    from tapal.flow.share.compile import today

    maker = Actor("0", accounts.OPERATOR, "operator", agency, None, frozenset({EDIT_OFFICERS}))
    given = mandates.Given(agency, role, today(timezone.now()), post)
    with refusals(), transaction.atomic():
        officer = accounts.create_officer(
            accounts.Person(username, name, number), password, actor=maker, temporary=False
        )
        mandates.give_at_setup(officer, given, by=accounts.OPERATOR)
    click.echo(f"{username} may log in")


@officers.command()
@click.argument("username")
def password(username: str) -> None:
    """Give an officer a temporary password: for an administrator who lost his own."""
    start()
    from tapal.flow import accounts, passwords

    made = passwords.reset_by_operator(_found(username), by=accounts.OPERATOR)
    click.echo(made)
    click.echo(
        f"it holds {passwords.TEMPORARY_HOURS} hours and must be changed at the next login;"
        " his sessions, keys and PIN have ended",
        err=True,
    )


@officers.command()
@click.argument("username")
def off(username: str) -> None:
    """Shut an officer of any agency out at once; two administrators let him in again."""
    start()
    from tapal.flow import accounts

    accounts.switch_off_by_operator(_found(username))
    click.echo(f"{username} may not log in any more")


@officers.command("list")
def list_() -> None:
    """Every officer with his mandates; `(setup)` marks those given by one hand at set-up."""
    start()
    from tapal.flow.accounts import OPERATOR, SETUP
    from tapal.store.models import Officer

    for officer in Officer.objects.prefetch_related("mandates").order_by("username"):
        held = ", ".join(
            f"{m.role}@{m.agency_id}/{m.place_id or '*'}"
            + ("(setup)" if m.given_by in (OPERATOR, SETUP) else "")
            for m in officer.mandates.all()
        )
        click.echo(f"{officer.username}\t{officer.number}\t{officer.get_full_name()}\t{held}")
