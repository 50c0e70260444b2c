"""The demo: a simulated day at the border goes through the real intake, once, however often it is asked."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.finding import Weight
from tapal.flow.demo_files import fed_mark, folder_in
from tapal.flow.demo_officers import make_demo_officers
from tapal.flow.demo_work import work_day
from tapal.flow.intake import HandIn, take, take_and_read
from tapal.flow.lists import import_list
from tapal.flow.reference import places
from tapal.flow.sequence import number_all
from tapal.flow.work import claimant_name, work_all
from tapal.simulation import Found, Score, score, simulate
from tapal.store.models import Alert, Finding, Key, Message, Record, Reject

DAYS = 1
SEED = 7
_LISTER = Actor("0", "SETUP", "set-up", "", None, frozenset({"listing.edit"}))

# What tells how far a step is: its name, how many parts it has, how many are done.
Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Post:
    """One post's line of the summary."""

    name: str
    messages: int = 0
    records: int = 0
    rejects: int = 0
    findings: int = 0
    alerts: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """What the day at the border came to."""

    posts: Mapping[str, Post]
    score: Score
    fresh: int = 0
    planted: Mapping[str, Any] = field(default_factory=dict)


def folder() -> Path:
    """Where the demo's message files lie."""
    return folder_in(settings.TAPAL_HOME)


def run_day(scale: float, progress: Progress) -> Day:
    """Make the demo ready: officers, lists, the day's messages. What was handed in before is known."""
    make_demo_officers()
    plan = _files(scale)
    if not (folder() / "listed").exists():
        import_list((folder() / "watchlist.csv").read_bytes(), actor=_LISTER)
        (folder() / "listed").touch()
    fresh = _hand_in(plan, progress)
    _work(progress)
    number_all()
    planted = json.loads((folder() / "planted.json").read_text())
    return Day(_posts(), score(planted, list(_found())), fresh, planted)


def _files(scale: float) -> list[dict[str, Any]]:
    """The manifest of the day's messages, written at the first run and the same ever after."""
    manifest = folder() / "manifest.json"
    if not manifest.exists():
        start = timezone.localdate() - timedelta(days=DAYS - 1)
        simulate(DAYS, scale, SEED, folder(), start=_working(start))
    entries: list[dict[str, Any]] = json.loads(manifest.read_text())
    return entries


def _working(day: date) -> date:
    """The day itself: traditional posts are open on all days of the simulation."""
    return day


def _hand_in(plan: list[dict[str, Any]], progress: Progress) -> int:
    fresh, name = 0, claimant_name()
    done = fed_mark(settings.TAPAL_HOME)
    if done.exists():
        return 0
    for number, entry in enumerate(plan, 1):
        path = folder() / entry["file"]
        given = HandIn(path.name, entry["agency"], entry["post"], by="demo")
        message = take(path.read_bytes(), given)
        if message.state != "done":
            take_and_read(path.read_bytes(), given)
            fresh += 1
        work_all(name)
        progress("intake", len(plan), number)
    done.touch()
    return fresh


def _work(progress: Progress) -> None:
    """The demo's officers do their part of the day's work, once."""
    done = folder() / "worked"
    if done.exists():
        return
    work_day(SEED, lambda total, number: progress("officers", total, number))
    done.touch()


def _posts() -> dict[str, Post]:
    names = places()
    posts: dict[str, Post] = defaultdict(lambda: Post(""))
    counted = (
        ("messages", Message.objects.values_list("post").annotate(n=Count("id"))),
        ("records", Record.objects.values_list("place").annotate(n=Count("id"))),
        ("rejects", Reject.objects.values_list("post").annotate(n=Count("id"))),
        (
            "findings",
            Finding.objects.filter(withdrawn_at=None)
            .values_list("record__place")
            .annotate(n=Count("id")),
        ),
        ("alerts", Alert.objects.values_list("place").annotate(n=Count("id"))),
    )
    for column, rows in counted:
        for post, number in rows:
            line = posts[post or ""]
            line.name = names[post].name if post in names else (post or "-")
            setattr(line, column, number)
    return dict(sorted(posts.items()))


def _found() -> Iterator[Found]:
    """Every finding and reject of the demo, as the score counts them."""
    documents = dict(
        Key.objects.filter(type="document").order_by("-id").values_list("record_id", "value")
    )
    rows = Finding.objects.filter(withdrawn_at=None, record__message__received_by="demo")
    for row in rows.select_related("record__message").order_by("id"):
        number = documents.get(row.record_id, "").rpartition(":")[2]
        yield Found(
            row.record.message.source,
            row.record.source_place,
            row.reason if row.rule == "list_match" else row.rule,
            number,
            _WEIGHTS[Weight(row.weight)],
        )
    for reject in Reject.objects.filter(message__received_by="demo").select_related("message"):
        yield Found(reject.message.source, reject.place, "reject")


_WEIGHTS: Mapping[Weight, Any] = {
    Weight.NOTE: "note",
    Weight.LOOK: "look",
    Weight.ALERT: "alert",
}
