"""`tapal procedures`: the procedures of this node, as text, checked, and tried on past alerts."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tapal.web.cli import start
from tapal.web.cli.intake import LANGUAGE

if TYPE_CHECKING:
    from tapal.flow.rehearsal import Rehearsal, Told
    from tapal.store.models import Procedure

_VERSION = click.option("--version", type=int, help="The one in force where none is named.")
_AS = click.option(
    "--as", "number", required=True, metavar="NUMBER", help="Who looks; it is logged."
)


@click.group()
def procedures() -> None:
    """Procedures: list, show, print and check them, and try a version on past alerts."""


@procedures.command("list")
@click.option("--json", "as_json", is_flag=True)
@LANGUAGE
def list_(as_json: bool, language: str) -> None:
    """Each version with its state, its reasons and who signed it or has yet to."""
    start()
    from tapal.core.text import Text
    from tapal.flow import procedures as flow

    for row in flow.versions():
        signed = {each["agency"] for each in row.signatures}
        told = {
            "name": row.name,
            "version": row.version,
            "state": row.state,
            "shipped": row.seed,
            "signed": sorted(signed),
            "missing": sorted(set(row.signers) - signed),
            "reasons": row.reasons,
            "label": Text.of(row.label).say(language),
        }
        if as_json:
            click.echo(json.dumps(told, ensure_ascii=False))
        else:
            told["shipped"] = "shipped" if row.seed else ""
            click.echo("\t".join(_cell(value) for value in told.values()))


def _cell(value: object) -> str:
    return (",".join(map(str, value)) if isinstance(value, list) else str(value)) or "-"


@procedures.command("show")
@click.argument("name")
@_VERSION
@LANGUAGE
def show(name: str, version: int | None, language: str) -> None:
    """The steps of the procedure NAME, who does each, within what time, and what follows.

    Exit code 2 where there is no such procedure.
    """
    start()
    _print(_row(name, version), language, whole=False)


@procedures.command("print")
@click.argument("name")
@_VERSION
@LANGUAGE
def print_(name: str, version: int | None, language: str) -> None:
    """The procedure NAME as a text to adopt: head, signatures, steps, forms; exit code 2 without it."""
    start()
    _print(_row(name, version), language, whole=True)


@procedures.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
@LANGUAGE
def check(files: tuple[str, ...], language: str) -> None:
    """Say what is wrong with diagrams before they are brought to the desk; exit code 1 for any fault."""
    start()
    from tapal.engines import procedures as engine
    from tapal.flow import adoption

    bad = False
    for path in files:
        diagram, faults = engine.checked(Path(path).read_bytes())
        if diagram is not None and not faults:
            faults = tuple(adoption.faults(diagram))
        for each in faults:
            reason, mend = each.reason.say(language), each.mend.say(language)
            click.echo(f"{path}\t{each.place or '-'}\t{reason}\t{mend}")
        bad |= bool(faults)
        if not faults:
            click.echo(f"{path}\tok")
    sys.exit(int(bad))


@procedures.command("simulate")
@click.argument("name")
@click.option("--version", type=int, help="The newest where none is named.")
@click.option("--days", type=click.IntRange(1, 3660), default=30, show_default=True)
@click.option("--limit", type=click.IntRange(1), default=100_000, show_default=True,
              help="At most so many of the newest alerts.")  # fmt: skip
@click.option("--assume", multiple=True, metavar="STEP.FIELD=VALUE",
              help="An answer where none was recorded; may be given many times.")  # fmt: skip
@click.option("--share", type=click.FloatRange(0, 10), default=0.5, show_default=True,
              help="The part of its clock that a step waits which nobody ever answered.")  # fmt: skip
@_AS
@click.option("--post", help="His post, where his mandate holds at one.")
@click.option("--json", "as_json", is_flag=True)
@LANGUAGE
def simulate(
    name: str,
    version: int | None,
    days: int,
    limit: int,
    assume: tuple[str, ...],
    share: float,
    number: str,
    post: str | None,
    as_json: bool,
    language: str,
) -> None:
    """Try a version of NAME on the past alerts of the officer's agency; nothing but the look is written.

    Exit code 2 where there is no such version or the officer may not try it.
    """
    start()
    from tapal.core.errors import TapalError
    from tapal.flow.officers import actor_of, find_officer
    from tapal.flow.rehearsal import Assumed, assumptions, rehearse
    from tapal.flow.share.door import open_door
    from tapal.flow.share.purposes import purposes_of

    row = _row(name, version, newest=True)
    said = assumptions(dict(each.split("=", 1) for each in assume if "=" in each))
    try:
        actor = actor_of(find_officer(number), post)
        door = open_door(actor, purposes_of(actor)[0])
        told = rehearse(row, days, Assumed(said, share), door=door, limit=limit)
    except (TapalError, IndexError) as wrong:
        click.echo(f"{number} may not try {name}: {type(wrong).__name__} {wrong}", err=True)
        sys.exit(2)
    if as_json:
        click.echo(json.dumps(_as_data(told), ensure_ascii=False))
    else:
        _tell(told, language)


def _row(name: str, version: int | None, *, newest: bool = False) -> Procedure:
    from tapal.flow import procedures as flow

    rows = flow.versions_of(name)
    if version is not None:
        rows = [row for row in rows if row.version == version]
    elif not newest:
        rows = sorted(rows, key=lambda row: row.state != "in_force")
    if not rows:
        click.echo(f"no procedure {name}", err=True)
        sys.exit(2)
    return rows[0]


def _print(row: Procedure, language: str, *, whole: bool) -> None:
    from tapal.core.text import Text
    from tapal.engines import procedures as engine
    from tapal.flow import procedures as flow
    from tapal.flow import sop

    diagram, _ = engine.checked(flow.xml_of(row))
    if diagram is None:
        click.echo(f"{row.name} {row.version} cannot be read", err=True)
        sys.exit(2)
    clocks = flow.clocks_of(diagram)
    click.echo(f"{Text.of(row.label).say(language)}  ({row.name} {row.version}, {row.state})")
    if whole:
        click.echo(f"SHA-256 {row.sha256}\n{diagram.purpose.say(language)}")
        click.echo(f"begun by: {', '.join(row.reasons)}")
        for each in row.signatures:
            click.echo(
                f"signed: {each['agency']} {each['name']} ({each['officer']}) {each['at'][:10]}"
            )
        missing = sorted(set(row.signers) - {each["agency"] for each in row.signatures})
        click.echo(f"not signed yet: {', '.join(missing) or '-'}")
        _print_head(sop.head_of(row, diagram), language)
    for line in engine.outline(diagram):
        _print_line(line, clocks, language, whole=whole)


# Any: a head is of a module that is loaded only when it is asked for.
def _print_head(head: Any, language: str) -> None:
    days = [f"{at:%Y-%m-%d}" if at else "-" for at in (head.made, head.revised, head.in_force)]
    click.echo(f"number: {head.number or '-'}")
    click.echo("made: {}, revised: {}, in force: {}".format(*days))
    for label, points in head.parts():
        click.echo(f"\n{label.say(language)}")
        for point in points:
            click.echo(f"   * {point.say(language)}")


# Any: a line of the engine's outline, which is loaded only when it is asked for.
def _print_line(
    line: Any, clocks: dict[str, tuple[int, str]], language: str, *, whole: bool
) -> None:
    head = f"{line.number}." if line.number else "-"
    click.echo(f"\n{head} {line.label.say(language)}")
    if line.step is not None:
        minutes = clocks.get(line.id)
        click.echo(
            f"   {line.step.power} ({line.step.agency})"
            + (f", {minutes[0]} {minutes[1]}" if minutes else "")
            + (f", not by who did {line.step.not_by}" if line.step.not_by else "")
        )
        if whole:
            click.echo(f"   {line.step.text.say(language)}")
            for field in line.step.form:
                options = " / ".join(o.label.say(language) for o in field.options)
                click.echo(
                    f"   [ ] {field.label.say(language)}" + (f": {options}" if options else "")
                )
    for way in line.ways:
        click.echo(f"   -> {way.say(language)}")


def _as_data(told: Rehearsal) -> dict[str, Any]:
    """A trial as JSON."""
    return {
        **{k: getattr(told, k) for k in ("days", "whole", "taken", "gained", "lost", "changed")},
        "before": _side(told.before),
        "after": _side(told.after),
        "alerts": [
            {
                "alert": each.alert,
                "reason": each.reason,
                "before": each.before.json() if each.before else None,
                "after": each.after.json() if each.after else None,
            }
            for each in told.examples
        ],
    }


def _side(side: Told) -> dict[str, Any]:
    return {
        "cases": side.cases,
        "ended": side.ended,
        "ends": [
            {"end": end.json(), "closes": closes, "cases": n} for end, closes, n in side.ends_told()
        ],
        "ways": [{"way": [p.json() for p in way], "cases": n} for way, n in side.common_ways()],
        "desks": [
            {"agency": agency, "power": power, **_work(work)}
            for (agency, power), work in sorted(side.desks.items())
        ],
        "steps": {step: _work(work) for step, work in side.steps.items()},
        "stuck": dict(side.stuck),
    }


def _work(work: Any) -> dict[str, int]:  # Any: loaded only when asked for
    names = ("tasks", "answered", "recorded", "second", "late")
    told = {name: int(getattr(work, name)) for name in names}
    return {**told, "minutes": work.middle, "minutes_late": work.middle_overdue}


def _tell(told: Rehearsal, language: str) -> None:
    """A trial as lines: what, today, with the version tried."""
    click.echo(f"walked through\t{told.taken}/{told.whole}\t{told.days} days")
    click.echo(f"begin it\t{told.before.cases}\t{told.after.cases}")
    click.echo(f"new, lost, end otherwise\t{told.gained}\t{told.lost}\t{told.changed}")
    for name in ("tasks", "late", "answered", "recorded", "second"):
        click.echo(f"{name}\t{getattr(told.before.all, name)}\t{getattr(told.after.all, name)}")
    for what in ("desks", "steps"):
        sides = [getattr(side, what) for side in (told.before, told.after)]
        for key in sorted(sides[0].keys() | sides[1].keys()):
            name = " ".join(key) if isinstance(key, tuple) else key
            cells = (
                f"{side[key].tasks} ({side[key].late} late)" if key in side else "0"
                for side in sides
            )
            click.echo(f"{what[:-1]} {name}\t" + "\t".join(cells))
    for way, times in told.after.common_ways():
        click.echo(f"way\t{times}\t" + " -> ".join(part.say(language) for part in way))
    for trouble, times in told.after.troubles():
        click.echo(f"stuck\t{times}\t{trouble}")
