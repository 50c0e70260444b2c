"""Pos saya: what waits at this post for this role, most urgent first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from tapal.core.text import Text
from tapal.flow.finding_words import label_of
from tapal.flow.share.seen import SeenAlert, SeenTask
from tapal.flow.unscreened import lists_held, waiting_at
from tapal.web.desk import Desk, DeskRequest, at_desk
from tapal.web.looking import door_of

# More than this nobody works through at a counter; the rest stands in the lists.
SHOWN = 40


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: its sentence, its clock, who holds it, where it opens."""

    address: str
    sort: Text
    icon: str
    text: Text
    who: str
    due: datetime | None
    since: datetime
    held_by: str
    place: str | None
    label: Text | None = None

    @property
    def order(self) -> tuple[bool, float]:
        """By what is due first, things without a clock last."""
        return self.due is None, (self.due or self.since).timestamp()


def of_alert(alert: SeenAlert) -> Waiting:
    """An alert as a line of the queue: the sentence of its heaviest finding."""
    heaviest = max(alert.findings, key=lambda f: f.weight, default=None)
    return Waiting(
        address=reverse("alert", args=[alert.id]),
        sort=Text("Peringatan", "Alert"),
        icon="alert-triangle",
        who=alert.title,
        text=heaviest.said.text if heaviest else label_of(alert.reason),
        due=alert.due_at,
        since=alert.opened_at,
        held_by=alert.taken_by,
        place=alert.place,
        label=label_of(alert.reason),
    )


def of_task(task: SeenTask) -> Waiting:
    """A task as a line of the queue."""
    return Waiting(
        address=reverse("task", args=[task.id]),
        sort=Text("Tugas", "Task"),
        icon="list-check",
        who=task.title,
        text=task.label,
        due=task.due_at,
        since=task.opened_at,
        held_by=task.assigned_to,
        place=task.place,
    )


def waiting(request: DeskRequest) -> tuple[list[Waiting], bool]:
    """What waits here for the powers of this officer, and whether the lists hold more."""
    desk, door = request.desk, door_of(request)
    place = desk.post.id if desk.post else None
    found: list[Waiting] = []
    more = False
    if desk.may("alert.triage"):
        page = door.alerts(place=place, limit=SHOWN)
        found += [of_alert(a) for a in page.rows if a.own]
        more = page.next is not None
    if desk.may("task.do"):
        tasks = door.tasks(place=place, limit=SHOWN)
        found += [of_task(t) for t in tasks.rows]
        more = more or tasks.next is not None
    return sorted(found, key=lambda each: each.order), more


def _unscreened(desk: Desk) -> dict[str, object]:
    """What is not screened at this post: an empty queue says nothing of it."""
    return {
        "unscreened_here": waiting_at(desk.post.id if desk.post else None),
        "no_lists": not lists_held(),
        "has_queue": desk.may("alert.triage") or desk.may("task.do"),
    }


@at_desk("queue")
@require_GET
def show(request: DeskRequest) -> HttpResponse:
    """The queue; an open page asks for the list alone every minute."""
    found, more = waiting(request)
    page = "parts/queue.html" if request.headers.get("HX-Request") else "queue.html"
    return render(
        request,
        page,
        {"waiting": found, "more": more, "current": "queue", **_unscreened(request.desk)},
    )
