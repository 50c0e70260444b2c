"""`tapal lists`: draft a version, see its difference, put it in force, and see how lists stand."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from django.core.exceptions import ValidationError

from tapal.core.actions import Actor
from tapal.core.errors import Missing
from tapal.core.text import Text
from tapal.web.cli import start
from tapal.web.cli.intake import LANGUAGE
from tapal.web.cli.told import refusals

if TYPE_CHECKING:
    from tapal.flow.lists import Imported
    from tapal.store.models import ListVersion

T = TypeVar("T")
_OPERATOR = Actor("0", "OPERATOR", "operator", "", None, frozenset({"listing.edit"}))
_told = partial(
    refusals, missing="no such version, list or officer", also=(ValueError, ValidationError)
)
_NEXT = Text(
    "Menunggu orang kedua: tapal lists diff {draft}, lalu tapal lists publish {draft} --officer NOMOR",
    "Waits for a second person: tapal lists diff {draft}, then tapal lists publish {draft} --officer NUMBER",
)
_FILES = click.argument(
    "paths",
    metavar="PATH...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
_ROLL = click.option("--list", "roll", help="Code of the list of rows that name none.")
_SHAPE = click.option(
    "--shape",
    type=click.Choice(["csv", "ftm", "un", "ofac"]),
    help="csv, FollowTheMoney JSON lines, UN XML, or OFAC's CSV; told from the content if not named.",
)
_JSON = click.option("--json", "as_json", is_flag=True)


def _officer(help_: str, *, required: bool = False) -> Callable[[T], T]:
    return click.option("--officer", metavar="NUMBER", required=required, help=help_)  # type: ignore[return-value]


@click.group()
def lists() -> None:
    """Watch lists: draft a version, see its difference, put it in force, show what is in force."""


@lists.command("import")
@_FILES
@_ROLL
@_SHAPE
@_JSON
@LANGUAGE
def import_(
    paths: tuple[Path, ...], roll: str | None, shape: str | None, as_json: bool, language: str
) -> None:
    """Draft what PATH holds; the first version of a list is in force at once, as a node is set up.

    Every later version waits for a second person, as one from the desk does: the difference with
    `tapal lists diff`, then `tapal lists publish`. Exit code 1 when rows could not be read.
    """
    start()
    from tapal.flow.lists import import_list

    with _told(language):
        done = import_list(_read(paths), actor=_OPERATOR, roll=roll, shape=shape)  # type: ignore[arg-type]
        _report(done, as_json, language)


@lists.command()
@_FILES
@_ROLL
@_SHAPE
@_officer("Who drafts; the machine's operator where none is named.")
@_JSON
@LANGUAGE
def draft(
    paths: tuple[Path, ...],
    roll: str | None,
    shape: str | None,
    officer: str | None,
    as_json: bool,
    language: str,
) -> None:
    """Draft what PATH holds as the next version of its list: nothing is in force by it.

    OFAC's list may come as SDN, ALT and ADD files together. Exit code 1 when rows could not be read.
    """
    start()
    from tapal.flow.lists import draft as make

    with _told(language):
        done = make(_read(paths), actor=_actor(officer), roll=roll, shape=shape)  # type: ignore[arg-type]
        _report(done, as_json, language)


@lists.command()
@click.argument("version", metavar="DRAFT")
@_officer("Whose agency's recent travellers are held against it, through his reading door.")
@_JSON
@LANGUAGE
def diff(version: str, officer: str | None, as_json: bool, language: str) -> None:
    """What a version adds, changes and removes; with --officer, which recent travellers it would hit."""
    start()
    from tapal.flow import lists as flow
    from tapal.flow.lists import preview

    with _told(language):
        row = flow.found(version, actor=_actor(officer))
        told: dict[str, Any] = {**_version(row), "changes": []}
        for change in row.changes.order_by("id").iterator(chunk_size=2000):
            fields = [[text.say(language) for text in (f.label, f.before, f.after)]
                      for f in preview.differing(change)]  # fmt: skip
            told["changes"].append({"what": change.what, "entry": change.entity_id,
                                    "name": preview.name_of(change), "fields": fields})  # fmt: skip
        if officer:
            told["travellers"] = _travellers(row, _actor(officer))
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(_line(_version(row)))
    for each in told["changes"]:
        click.echo(f"{each['what']}\t{each['entry']}\t{each['name']}")
        if each["what"] == "changed":
            for label, before, after in each["fields"]:
                click.echo(f"\t{label}: {before or '-'} -> {after or '-'}")
    if "travellers" in told:
        tried, hits = told["travellers"], told["travellers"]["hits"]
        if not tried["days"]:
            click.echo("travellers: no rule lets this list look back, so none is tried")
        else:
            of = f"{tried['seen']} of the last {tried['days']} days"
            click.echo(f"travellers: {len(hits)} of {of} would be hit")
        for hit in hits:
            click.echo(f"\t{hit['record']}\t{', '.join(hit['entries'])}")


@lists.command()
@click.argument("version", metavar="DRAFT")
@_officer("The second person.", required=True)
@LANGUAGE
def publish(version: str, officer: str, language: str) -> None:
    """Put a draft in force as its second person; past crossings are then screened again."""
    start()
    from tapal.flow import lists as flow

    with _told(language):
        click.echo(_line(_version(flow.publish(version, actor=_actor(officer)))))


@lists.command()
@click.argument("version", metavar="DRAFT")
@click.option("--reason", required=True)
@_officer("Who puts it away; the machine's operator where none is named.")
@LANGUAGE
def decline(version: str, reason: str, officer: str | None, language: str) -> None:
    """Put a draft away, with the reason."""
    start()
    from tapal.flow import lists as flow

    with _told(language):
        click.echo(_line(_version(flow.decline(version, reason, actor=_actor(officer)))))


@lists.command()
@click.option("--now", is_flag=True, help="Do it in this process until it is done.")
def rescreen(now: bool) -> None:
    """How re-screenings of past crossings stand, each with its progress."""
    start()
    from tapal.flow.lists import rescreening
    from tapal.flow.work import work_all
    from tapal.store.models import Rescreening

    while now and (work_all().records or rescreening.step()):
        _bar(Rescreening.objects.exclude(state="done").order_by("id").first())
    if now:
        click.echo("", err=True)
    for job in Rescreening.objects.select_related("version").order_by("id"):
        click.echo(
            f"{job.version.roll_id}\tversion {job.version.number}\t{job.state}\t"
            f"{job.seen} of {job.total or 0}\t{job.hit} worked again\t{job.basis or 'no legal basis'}"
        )


# Any: a row, or none.
def _bar(job: Any) -> None:
    if job is not None and job.total:
        click.echo(f"\r{job.version.roll_id}: {100 * job.seen // job.total} %", nl=False, err=True)


@lists.command()
def show() -> None:
    """Each list with its version, entries in force and age; then the drafts that wait."""
    start()
    from tapal.store.models import ListVersion, Roll

    for roll in Roll.objects.order_by("code"):
        number = roll.listings.filter(removed_at=None).count()
        at = roll.imported_at.isoformat(timespec="minutes") if roll.imported_at else "-"
        click.echo(f"{roll.code}\tversion {roll.version}\t{number} entries\t{at}\t{roll.label_id}")
    for row in ListVersion.objects.filter(state="draft").order_by("id"):
        click.echo(_line(_version(row)))


@lists.group()
def threshold() -> None:
    """Where the bands of a list begin: show them, see the curve, draft, put in force."""


@threshold.command("show")
@click.argument("code")
def threshold_show(code: str) -> None:
    """The thresholds of the list CODE: drafts first, then the newest."""
    start()
    from tapal.flow.lists import thresholds

    for row in thresholds.of_list(code):
        click.echo(
            f"{row.pk}\t{row.state}\t{row.place or '*'}\talert {row.alert}\tlook {row.look}\t"
            f"ties {'shown' if row.ties else 'hidden'}\t{row.valid_from} - {row.valid_to or ''}"
        )


@threshold.command("curve")
@click.argument("code")
@click.option("--post", default="", help="Only this post's travellers.")
@_officer("Whose agency's recent travellers are counted, through his reading door.", required=True)
@LANGUAGE
def threshold_curve(code: str, post: str, officer: str, language: str) -> None:
    """What each threshold of alerts would mean in alerts and looks a day, on recent travellers."""
    start()
    from tapal.flow import lists as flow
    from tapal.flow.lists import thresholds
    from tapal.store.models import Roll

    with _told(language):
        actor = _actor(officer)
        roll = Roll.objects.filter(pk=code).first()
        if roll is None or not flow.may_see(roll, actor):
            raise Missing
        told = thresholds.curve(code, post, _door(actor))
        now = thresholds.today_at(code, post)
    click.echo(f"{told['records']} records in {told['days']} days; {told['ties']} ties")
    for step in thresholds.steps(told, now.look):
        mark = "\tnow" if step.at == now.alert else ""
        click.echo(f"{step.at:.2f}\t{step.alerts} alerts\t{step.looks} looks a day{mark}")


@threshold.command("draft")
@click.argument("code")
@click.option("--alert", type=float, required=True)
@click.option("--look", type=float, required=True)
@click.option("--ties/--no-ties", default=True, show_default=True)
@click.option("--post", default="", help="Every post where none is named.")
@click.option("--reason", required=True)
@_officer("Who drafts.", required=True)
@LANGUAGE
def threshold_draft(
    code: str,
    alert: float,
    look: float,
    ties: bool,
    post: str,
    reason: str,
    officer: str,
    language: str,
) -> None:
    """Draft where the bands of the list CODE begin, from today."""
    start()
    from django.utils import timezone

    from tapal.flow.bands import Bands
    from tapal.flow.lists import thresholds

    with _told(language):
        actor = _actor(officer)
        given = thresholds.Given(code, post, Bands(alert, look, ties), reason, timezone.localdate())
        row = thresholds.draft(given, actor=actor, door=_door(actor))
        would = thresholds.consequence(row.curve, given.bands)
    click.echo(f"{row.pk}\t{row.state}\texpected {would.alerts} alerts, {would.looks} looks a day")


@threshold.command("publish")
@click.argument("draft", metavar="DRAFT")
@_officer("The second person.", required=True)
@LANGUAGE
def threshold_publish(draft: str, officer: str, language: str) -> None:
    """Put a drafted threshold in force as its second person."""
    start()
    from tapal.flow.lists import thresholds

    with _told(language):
        row = thresholds.publish(draft, actor=_actor(officer))
    click.echo(f"{row.pk}\t{row.state}\tfrom {row.valid_from}")


# Any: the reading door, which is loaded only when it is asked for.
def _door(actor: Actor) -> Any:
    from tapal.flow.share.door import open_door
    from tapal.flow.share.purposes import purposes_of

    return open_door(actor, purposes_of(actor)[0])


def _read(paths: tuple[Path, ...]) -> list[bytes]:
    return [path.read_bytes() for path in paths]


def _actor(number: str | None) -> Actor:
    """An officer as his mandates let him act without a post; the operator where none is named."""
    if number is None:
        return _OPERATOR
    from tapal.flow.officers import actor_of, find_officer

    return actor_of(find_officer(number))


# Any: JSON.
def _travellers(row: ListVersion, actor: Actor) -> dict[str, Any]:
    from tapal.flow.lists import preview

    tried = preview.travellers(row, _door(actor))
    hits = [
        {"record": record.id, "entries": [str(f.data["entry"]) for f in each]}
        for record, each in tried.hits
    ]
    return {"days": tried.days, "seen": tried.seen, "hits": hits}


def _version(row: ListVersion) -> dict[str, Any]:
    return {
        "list": row.roll_id,
        "version": row.number or row.base + 1,
        "state": row.state,
        "added": row.added,
        "changed": row.changed,
        "removed": row.removed,
        "kept": row.kept,
        "draft": str(row.id),
    }


def _line(told: dict[str, Any]) -> str:
    return " ".join(f"{name}={value}" for name, value in told.items())


def _report(done: Imported, as_json: bool, language: str) -> None:
    told = [_version(row) for row in done.versions]
    faults = [
        {
            "place": f.place,
            "reason": f.reason.say(language),
            "mend": f.mend.say(language),
            "taken": f.taken,
        }
        for f in done.faults
    ]
    if as_json:
        click.echo(json.dumps({"lists": told, "faults": faults}, ensure_ascii=False))
    else:
        for each in told:
            click.echo(_line(each))
            if each["state"] == "draft":
                click.echo(_NEXT.say(language).format(draft=each["draft"]), err=True)
        for fault in faults:
            click.echo(f"{fault['place']}: {fault['reason']} {fault['mend']}", err=True)
    sys.exit(1 if any(not f["taken"] for f in faults) else 0)


@lists.command()
def index() -> None:
    """Build the screening index of all lists and save it in the home, as a change of lists does."""
    start()
    from tapal.flow.listed import build_saved

    click.echo(f"{build_saved()} entries")
