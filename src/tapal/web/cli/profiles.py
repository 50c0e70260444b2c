"""`tapal profiles`: the risk profiles of this node, and what one would have hit."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import Any

import click

from tapal.web.cli import start
from tapal.web.cli.intake import LANGUAGE


@click.group()
def profiles() -> None:
    """Risk profiles: list them, try one on history."""


@profiles.command("list")
@click.option("--agency", help="Only this agency's.")
@click.option("--json", "as_json", is_flag=True)
@LANGUAGE
def list_(agency: str | None, as_json: bool, language: str) -> None:
    """Each version with its owner, state and last day."""
    start()
    from tapal.core.text import Text
    from tapal.store.models import Profile

    rows = Profile.objects.order_by("owner", "name", "version")
    for row in rows.filter(owner=agency) if agency else rows:
        told = {
            "name": row.name,
            "version": row.version,
            "owner": row.owner_id,
            "state": row.state,
            "kind": row.kind,
            "rows": len(row.table["rows"]),
            "valid_to": str(row.valid_to or ""),
            "label": Text.of(row.label).say(language),
        }
        if as_json:
            click.echo(json.dumps(told, ensure_ascii=False))
        else:
            click.echo("\t".join(str(value) or "-" for value in told.values()))


@profiles.command("dry-run")
@click.argument("name")
@click.option("--version", type=int, help="The newest where none is named.")
@click.option("--days", type=click.IntRange(1, 3660), default=90, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def dry_run(name: str, version: int | None, days: int, as_json: bool) -> None:
    """What the profile NAME would have hit over the last days, and what people found of it.

    Nothing is written; between two parts it waits for batches that wait. Exit code 2 where there is
    no such profile.
    """
    start()
    from django.utils import timezone

    from tapal.core.marking import Sensitivity
    from tapal.flow.profiles import dry_run as flow
    from tapal.flow.profiles import tally
    from tapal.store.models import DryRun, Profile

    rows = Profile.objects.filter(name=name).order_by("-version")
    row = (rows.filter(version=version) if version else rows).first()
    if row is None:
        click.echo(f"no profile {name}", err=True)
        sys.exit(2)
    now = timezone.now()
    run = DryRun(
        profile=row,
        sha256=row.sha256,
        level=int(Sensitivity.RESTRICTED),
        since=now - timedelta(days=days),
        until=now,
    )
    told: dict[str, Any] = flow.count_aside(run)  # Any: JSON
    precision = tally.precision(told.get("outcomes", {}))
    if as_json:
        shown = {k: v for k, v in told.items() if k != "newest"}
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    click.echo(f"seen\t{told.get('seen', 0)}")
    click.echo(f"hits\t{told.get('hits', 0)}")
    rate = "-" if precision.rate is None else f"{precision.rate:.3f}"
    click.echo(f"precision\t{rate}\t{precision.part}/{precision.whole}")
    for trait in tally.TRAIT_LABELS:
        for value, (seen, hits, right, wrong) in sorted(told.get(trait, {}).items()):
            click.echo(f"{trait}\t{value}\t{hits}/{seen}\t{right}/{right + wrong}")
