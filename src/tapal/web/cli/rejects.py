"""`tapal rejects`: look at what was refused, mend it, replay it, or close it."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tapal.core.actions import Actor
from tapal.core.errors import Missing, Rejected, TapalError
from tapal.core.mandates import READ_CONFIDENTIAL
from tapal.core.text import Text
from tapal.web.cli import start
from tapal.web.cli.intake import LANGUAGE

if TYPE_CHECKING:
    from tapal.flow.rejects import Mended


def _operator(reject_id: str) -> Actor:
    """The operator of this machine, acting for the agency that handed the message in."""
    from tapal.store.models import Reject

    try:
        reject = Reject.objects.filter(pk=uuid.UUID(reject_id)).first()
    except ValueError as wrong:
        raise Missing from wrong
    agency = reject.agency_id if reject else ""
    powers = frozenset({"reject.mend", READ_CONFIDENTIAL})
    return Actor("0", "OPERATOR", "operator", agency, None, powers)


_NO_SUCH = Text("tidak ada tolakan terbuka dengan nomor ini", "no open reject with this id")


@contextmanager
def _refusals(reject_id: str, language: str) -> Iterator[None]:
    """Tell what is refused, with the mend, and exit 2."""
    try:
        yield
    except TapalError as wrong:
        said = _NO_SUCH.say(language)
        if isinstance(wrong, Rejected):
            said = f"{wrong.reason.say(language)} {wrong.mend.say(language)}"
        click.echo(f"{reject_id}: {said}", err=True)
        sys.exit(2)


@click.group()
def rejects() -> None:
    """Rejects: parts of messages that could not become records."""


@rejects.command("list")
@click.option("--all", "all_", is_flag=True, help="Closed ones too.")
@LANGUAGE
def list_(all_: bool, language: str) -> None:
    """The open rejects, newest first."""
    start()
    from tapal.store.models import Reject

    rows = Reject.objects.select_related("message").order_by("-id")
    for row in rows if all_ else rows.filter(state="open"):
        reason = Text.of(row.reason).say(language)
        click.echo(f"{row.id}\t{row.state}\t{row.message.source}\t{row.place}\t{reason}")


@rejects.command()
@click.argument("reject_id")
@click.option("--bytes", "whole", is_flag=True, help="Write the whole message to standard output.")
@LANGUAGE
def show(reject_id: str, whole: bool, language: str) -> None:
    """One reject with its place, reason, mend and bytes."""
    start()
    from django.core.exceptions import ValidationError

    from tapal.flow.rejects import original
    from tapal.store.models import Reject

    try:
        row = Reject.objects.select_related("message").get(pk=reject_id)
    except (Reject.DoesNotExist, ValidationError):
        click.echo(f"{reject_id}: no such reject", err=True)
        sys.exit(2)
    if whole:
        sys.stdout.buffer.write(original(row))
        return
    click.echo(f"{row.message.source} {row.place} [{row.state}]")
    click.echo(Text.of(row.reason).say(language))
    click.echo(Text.of(row.mend).say(language))
    click.echo(row.raw)


@rejects.command()
@click.argument("reject_id")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "format_", help="Name of the format of the mended file.")
@LANGUAGE
def mend(reject_id: str, path: Path, format_: str | None, language: str) -> None:
    """Hand the mended message PATH in; the reject closes when it reads well."""
    start()
    from tapal.flow import rejects as flow

    with _refusals(reject_id, language):
        actor = _operator(reject_id)
        done = flow.mend(reject_id, path.read_bytes(), actor=actor, format=format_)
    _told(done, language)


@rejects.command()
@click.argument("reject_id")
@LANGUAGE
def replay(reject_id: str, language: str) -> None:
    """Read the message again from its own bytes, after a reader was mended."""
    start()
    from tapal.flow import rejects as flow

    with _refusals(reject_id, language):
        done = flow.replay(reject_id, actor=_operator(reject_id))
    _told(done, language)


@rejects.command()
@click.argument("reject_id")
@click.argument("note")
@LANGUAGE
def dismiss(reject_id: str, note: str, language: str) -> None:
    """Close a reject that needs no record, with the reason NOTE."""
    start()
    from tapal.flow import rejects as flow

    with _refusals(reject_id, language):
        flow.dismiss(reject_id, note, actor=_operator(reject_id))
    click.echo("closed")


def _told(done: Mended, language: str) -> None:
    from tapal.flow.work import work_all

    work_all()
    for item in done.reading.items:
        if item.reason and item.status == "reject":
            mend = f" {item.mend.say(language)}" if item.mend else ""
            click.echo(f"{item.place}: {item.reason.say(language)}{mend}", err=True)
    status = [i.status for i in done.reading.items]
    click.echo(
        f"{status.count('record')} records, {status.count('known')} known, {status.count('reject')} rejects;"
        f" {'closed' if done.closed else 'still open'}"
    )
    sys.exit(0 if done.closed else 1)
