"""`tapal cases`: what the operator does for cases, without reading a word of them."""

from __future__ import annotations

import json
import sys

import click

from tapal.web.cli import start


@click.group()
def cases() -> None:
    """Cases: list those that are not sealed, scan files, prove that their bytes are whole."""


@cases.command("list")
@click.option("--all", "all_", is_flag=True, help="Closed ones too.")
@click.option("--json", "as_json", is_flag=True)
def list_(all_: bool, as_json: bool) -> None:
    """Cases by code, owner, state and day, newest first; no title, and none that is sealed."""
    start()
    from tapal.flow.share.seen_cases import code_of
    from tapal.store.models import Case

    rows = Case.objects.filter(sealed=False).order_by("-id")
    told = [
        {
            "code": code_of(row.id),
            "owner": row.owner,
            "place": row.place,
            "state": row.state,
            "opened": row.opened_at.date().isoformat(),
            "offered_to": row.offered_to,
        }
        for row in (rows if all_ else rows.filter(state="open"))
    ]
    if as_json:
        click.echo(json.dumps({"cases": told}, ensure_ascii=False))
        return
    for each in told:
        click.echo("\t".join(value or "-" for value in each.values()))


@cases.command()
def scan() -> None:
    """Let TAPAL_SCAN_COMMAND look at every file that waits.

    Exit code 1 where some still wait, 2 where no scanner is set.
    """
    start()
    from django.conf import settings

    from tapal.flow.cases.scanning import scan_waiting

    if not settings.TAPAL_SCAN_COMMAND:
        click.echo("no scanner: set TAPAL_SCAN_COMMAND", err=True)
        sys.exit(2)
    sys.exit(0 if scan_waiting() else 1)


@cases.command()
def verify() -> None:
    """Read every file of every case again; exit code 1 and the path of each that is not as it was kept."""
    start()
    from tapal.flow.cases.attachments import path_of, whole
    from tapal.store.models import Attachment

    broken = 0
    for row in Attachment.objects.select_related("entry").order_by("pk").iterator(chunk_size=50):
        if whole(row.entry.case_id, row.sha256) is None:
            broken += 1
            click.echo(f"damaged: {path_of(row.entry.case_id, row.sha256)}", err=True)
    sys.exit(1 if broken else 0)
