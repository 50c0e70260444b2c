"""`tapal kinds`: what this house knows how to read, say and check."""

from __future__ import annotations

import json
from typing import Any

import click

from tapal.core.kind import Kind


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list to standard output.")
def kinds(as_json: bool) -> None:
    """List the kinds with their formats, rules and procedures."""
    from tapal.kinds import KINDS

    told = [describe(kind) for kind in KINDS.values()]
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for kind in told:
        click.echo(f"{kind['name']}: {kind['label']['id']} / {kind['label']['en']}")
        click.echo(
            f"  reads {', '.join(kind['formats']['read'])}; writes {', '.join(kind['formats']['write'])}"
        )
        for rule in kind["rules"]:
            click.echo(f"  {rule['name']}: {rule['doc'].splitlines()[0]}")


def describe(kind: Kind) -> dict[str, Any]:
    """A kind as data."""
    return {
        "name": kind.name,
        "label": kind.label.json(),
        "formats": {
            "read": [f.name for f in kind.formats],
            "write": [f.name for f in kind.formats if f.write],
        },
        "rules": [
            {"name": rule.name, "label": rule.label.json(), "doc": rule.doc} for rule in kind.rules
        ],
        "procedures": sorted(p.stem for p in kind.procedures.glob("*.bpmn"))
        if kind.procedures
        else [],
    }
