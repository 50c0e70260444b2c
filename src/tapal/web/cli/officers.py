"""`tapal officers`: the first officer of a new node, who then makes the others in the desk."""

from __future__ import annotations

import sys

import click

from tapal.core.actions import Actor
from tapal.core.errors import Rejected
from tapal.core.mandates import EDIT_MANDATES, EDIT_OFFICERS
from tapal.web.cli import start


@click.group()
def officers() -> None:
    """Officers of this node."""


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
    """Make an officer with one mandate from today on."""
    start()
    from django.db import transaction
    from django.utils import timezone

    from tapal.flow import officers as flow

    maker = Actor(
        "0", "OPERATOR", "operator", agency, None, frozenset({EDIT_OFFICERS, EDIT_MANDATES})
    )
    given = flow.Given(agency, role, timezone.localdate(), post)
    try:
        with transaction.atomic():
            officer = flow.create_officer(
                flow.Person(username, name, number), password, actor=maker
            )
            flow.give_mandate(officer, given, actor=maker)
    except Rejected as wrong:
        click.echo(f"{wrong.place}: {wrong.reason.en} {wrong.mend.en}", err=True)
        sys.exit(2)
    click.echo(f"{username} may log in")


@officers.command("list")
def list_() -> None:
    """Every officer with his mandates."""
    start()
    from tapal.store.models import Officer

    for officer in Officer.objects.prefetch_related("mandates").order_by("username"):
        held = ", ".join(
            f"{m.role}@{m.agency_id}/{m.place_id or '*'}" for m in officer.mandates.all()
        )
        click.echo(f"{officer.username}\t{officer.number}\t{officer.get_full_name()}\t{held}")
