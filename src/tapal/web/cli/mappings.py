"""`tapal mappings`: how other systems' tables are taken in; try one on a file without storing anything."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tapal.web.cli import start
from tapal.web.cli.intake import LANGUAGE

if TYPE_CHECKING:
    from tapal.core.kind import Kind
    from tapal.flow.mappings import Trial
    from tapal.formats.mapped import Mapping


@click.group()
def mappings() -> None:
    """Saved mappings of CSV and XLSX exports: list, show, suggest, check, try on a file.

    MAPPING is the name of a saved one, or a JSON file as `suggest` and `show` write it. They are put
    in force at the desk, by two people.
    """


@mappings.command("list")
@click.option("--agency", help="Only this agency's.")
@click.option("--json", "as_json", is_flag=True)
@LANGUAGE
def list_(agency: str | None, as_json: bool, language: str) -> None:
    """Each version with its owner, state and kind."""
    start()
    from tapal.core.text import Text
    from tapal.store.models import SavedMapping

    rows = SavedMapping.objects.order_by("owner", "name", "version")
    for row in rows.filter(owner=agency) if agency else rows:
        told = {
            "name": row.name,
            "version": row.version,
            "owner": row.owner_id,
            "state": row.state,
            "kind": row.kind,
            "system": row.table["system"],
            "columns": len(row.table["columns"]),
            "label": Text.of(row.label).say(language),
        }
        if as_json:
            click.echo(json.dumps(told, ensure_ascii=False))
        else:
            click.echo("\t".join(str(value) or "-" for value in told.values()))


_NAMED = click.argument("mapping", metavar="MAPPING")
_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@mappings.command()
@_NAMED
def show(mapping: str) -> None:
    """The mapping as JSON."""
    start()
    kind, table = _found(mapping)
    click.echo(_json(kind.name, table))


@mappings.command()
@_FILE
@click.option("--kind", "kind_name", required=True, help="What its rows are: see `tapal kinds`.")
@click.option("--system", default="", help="The system that the file comes from.")
def suggest(file: Path, kind_name: str, system: str) -> None:
    """A mapping proposed from the headings and first rows of FILE, as JSON."""
    start()
    from tapal.formats import mapped

    kind = _kind(kind_name)
    click.echo(_json(kind.name, mapped.suggest(file.read_bytes(), kind, system or file.stem[:40])))


@mappings.command()
@_NAMED
@LANGUAGE
def check(mapping: str, language: str) -> None:
    """What must be mended before the mapping may be put in force; nothing where all is well."""
    start()
    from tapal.flow.reference import places
    from tapal.formats import mapped

    kind, table = _found(mapping)
    wrong = mapped.check(table, kind, places())
    for each in wrong:
        click.echo(f"{each.place}\t{each.text.say(language)}")
    sys.exit(1 if wrong else 0)


@mappings.command("dry-run")
@_NAMED
@_FILE
@click.option("--agency", help="Whose repeats are looked for: the mapping's owner's if absent.")
@click.option("--post", help="Id of the post where it would be handed in.")
@click.option("--json", "as_json", is_flag=True)
@LANGUAGE
def dry_run(
    mapping: str, file: Path, agency: str | None, post: str | None, as_json: bool, language: str
) -> None:
    """What the mapping would make of FILE: records, rejects, repeats. Nothing is stored.

    Exit code 1 where some rows would be rejected, 2 where none gives a record.
    """
    start()
    from tapal.flow import mappings as flow

    kind, table = _found(mapping)
    owner = agency or _owner(mapping)
    told = flow.dry_run(table, kind, file.read_bytes(), owner, post)
    (_print_json if as_json else _print)(told, language)
    good = told.records or told.repeats
    sys.exit((1 if told.rejects else 0) if good else 2)


def _print_json(told: Trial, language: str) -> None:
    out: dict[str, Any] = {  # Any: JSON
        **told.counts(),
        "seen": told.seen,
        "charset": told.manner.charset,
        "delimiter": told.manner.delimiter,
        "heading_row": told.manner.row,
        "unmapped": told.unmapped,
        "whole": [each.text.say(language) for each in told.whole],
        "reasons": [
            {"reason": reason.say(language), "count": count, "places": places}
            for reason, (count, places) in told.reasons.items()
        ],
        "rules": [
            {"rule": s.rule, "count": s.count, "places": s.places, "text": s.text.say(language)}
            for s in told.said.values()
        ],
        "unreadable": {column: count for column, (count, _) in told.bad.items()},
    }
    click.echo(json.dumps(out, ensure_ascii=False))


def _print(told: Trial, language: str) -> None:
    manner = told.manner
    parted = {"\t": "TAB"}.get(manner.delimiter, manner.delimiter)
    click.echo(f"{manner.charset} {parted} · headings in row {manner.row}".replace("  ", " "))
    for each in told.whole:
        click.echo(f"! {each.text.say(language)}")
    for reason, (count, places) in told.reasons.items():
        click.echo(f"x {count}: {reason.say(language)} ({', '.join(places)})")
    for column, (count, _) in told.bad.items():
        click.echo(f"? {count}: {column}")
    for said in told.said.values():
        where = ", ".join(said.places)
        click.echo(f"~ {said.count}: {said.label.say(language)} [{said.rule}] ({where})")
    if told.unmapped:
        click.echo(f"unmapped: {', '.join(told.unmapped)}")
    if told.seen:
        click.echo("these bytes were handed in before")
    click.echo(" · ".join(f"{count} {name}" for name, count in told.counts().items()))


def _found(name: str) -> tuple[Kind, Mapping]:
    """A mapping by its file or its name: the version in force, else the newest."""
    from tapal.formats.mapped import Mapping

    if name.endswith(".json"):
        try:
            kept = json.loads(Path(name).read_text("utf-8-sig"))
            return _kind(str(kept.get("kind", ""))), Mapping.of(kept)
        except (OSError, ValueError, AttributeError, RecursionError) as wrong:
            raise click.UsageError(f"{name}: {wrong}") from wrong
    row = _row(name)
    return _kind(row.kind), Mapping.of(row.table)


def _row(name: str) -> Any:  # Any: a model, which is there only once Django is
    from tapal.store.models import SavedMapping

    rows = SavedMapping.objects.filter(name=name)
    row = rows.filter(state="in_force").first() or rows.order_by("-version").first()
    if row is None:
        raise click.UsageError(f"no mapping {name}")
    return row


def _owner(name: str) -> str:
    from tapal.flow.reference import agency_with_role

    if not name.endswith(".json"):
        return str(_row(name).owner_id)
    kind, _ = _found(name)
    from django.utils import timezone

    return agency_with_role(kind.owner_role, timezone.localdate()) or ""


def _kind(name: str) -> Kind:
    from tapal.kinds import KINDS

    taking = {k.name: k for k in KINDS.values() if k.mapped}
    if name not in taking:
        raise click.UsageError(f"no kind {name!r}; there are: {', '.join(taking)}")
    return taking[name]


def _json(kind: str, table: Mapping) -> str:
    return json.dumps({"kind": kind, **table.json()}, ensure_ascii=False, indent=1)
