"""Work to read beside the records: open tasks, cases and profiles of agencies, and who asks for them.

Half of it is the busiest agency's. One case is long: a thousand lines, every other one a record.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bench import reading_store

if TYPE_CHECKING:
    from tapal.core.actions import Actor
    from tapal.flow.share import Door

BUSIEST = "OWN0"
# Of a million records: 20,000 open tasks and 5,000 open cases.
TASK_EVERY, CASE_EVERY = 50, 200
LONG_CASE, PROFILES = 1_000, 300
POWERS = ("record.read", "record.write", "task.assign", "case.read", "case.write", "profile.edit")


def officer() -> Actor:
    """Somebody of the busiest agency, at every post."""
    from tapal.core.actions import Actor

    return Actor("4", "B-4", "B", BUSIEST, None, frozenset(POWERS))


def fill(records: int) -> None:
    """Tasks, cases and profiles for a store of so many records."""
    from django.db import transaction

    from tapal.flow.reference import scope_number
    from tapal.store.models import Profile, Task

    dice = random.Random(20260602)
    about = _records()
    with transaction.atomic():
        Task.objects.bulk_create(_tasks(records // TASK_EVERY, about, dice), batch_size=2_000)
        scope = scope_number(BUSIEST, "case", 1)
        _cases(records // CASE_EVERY, scope, about, dice)
        Profile.objects.bulk_create(map(_profile, range(PROFILES)))


# Any: models, whose classes are there only after Django was started; here and below.
def _records() -> list[Any]:
    """Records of the busiest agency and of others, for tasks and cases to be about."""
    from tapal.store.models import Record

    wanted = ("id", "scope_id", "owner", "place", "sensitivity")
    of_one = Record.objects.filter(owner=BUSIEST).order_by("id").only(*wanted)[:2_000]
    return [*of_one, *Record.objects.exclude(owner=BUSIEST).order_by("id").only(*wanted)[:2_000]]


def _tasks(number: int, about: list[Any], dice: random.Random) -> Iterator[Any]:
    from tapal.store.models import Task

    said = {"id": "Periksa", "en": "Examine"}
    for _ in range(number):
        record = dice.choice(about)
        at = reading_store.START + timedelta(minutes=dice.randrange(reading_store.DAYS * 1440))
        yield Task(
            scope_id=record.scope_id, owner=record.owner, kind="bench", place=record.place,
            sensitivity=record.sensitivity, name="examine", label=said, text=said,
            power=dice.choice(POWERS[:2]), record_id=record.id, opened_at=at,
            due_at=at + timedelta(hours=2) if dice.random() < 0.9 else None,
        )  # fmt: skip


def _cases(number: int, scope: int, about: list[Any], dice: random.Random) -> None:
    from tapal.store.models import Case, CaseEntry, CaseMember

    at = reading_store.START
    made = Case.objects.bulk_create(
        Case(scope_id=scope, owner=BUSIEST, place=dice.choice(reading_store.PLACES), sensitivity=1,
             sealed=n % 10 == 9, title=f"Perkara {n}", opened_at=at, opened_by="B-4")
        for n in range(number)
    )  # fmt: skip
    CaseMember.objects.bulk_create(
        CaseMember(case=case, officer="B-4", agency=BUSIEST, since=at, added_by="B-4")
        for case in made[::20]
    )
    own = [record for record in about if record.owner == BUSIEST]
    CaseEntry.objects.bulk_create(
        CaseEntry(
            case=made[0], scope_id=scope, sort="note" if n % 2 or n // 2 >= len(own) else "record",
            ref="" if n % 2 or n // 2 >= len(own) else str(own[n // 2].id), text="kata", by="B-4",
            agency=BUSIEST, at=at + timedelta(minutes=n),
        )
        for n in range(LONG_CASE)
    )  # fmt: skip


def _profile(number: int) -> Any:
    from tapal.store.models import Profile

    said = {"id": f"Profil {number}", "en": f"Profile {number}"}
    return Profile(
        name=f"p{number}", version=1, owner_id=BUSIEST, kind="bench", label=said, ground=said,
        table={"columns": [], "rows": []}, sensitivity=1, sha256="", authors=["B-4"],
        changed_at=reading_store.START, valid_to=date(2027, 1, 1),
    )  # fmt: skip


def questions(door: Callable[[], Door]) -> Iterator[tuple[str, Callable[[], object]]]:
    """What the pages of tasks, cases, profiles and the map ask, for the officer of the busiest agency."""
    from tapal.flow import profiles
    from tapal.flow.reference import places
    from tapal.store.models import Case

    long_case = Case.objects.order_by("id")[0].id
    late = _deep(lambda before: door().tasks(before=before).next)
    far = _deep(lambda before: door().cases(before=before).next)
    since = reading_store.START + timedelta(days=reading_store.DAYS - 1)
    posts = list(places())
    yield "tasks, first page", lambda: door().tasks()
    yield "tasks, deep page", lambda: door().tasks(before=late)
    yield "tasks, one post", lambda: door().tasks(place="PLBN-11")
    yield "cases, first page", lambda: door().cases()
    yield "cases, deep page", lambda: door().cases(before=far)
    yield "case of 1,000 lines", lambda: door().case(long_case)
    yield "profiles", lambda: profiles.visible(officer())
    yield "map, a day's counts", lambda: door().by_place(posts, since)
    yield "map, open alerts", lambda: door().alerts(limit=200)


def _deep(turn: Callable[[str | None], str | None]) -> str | None:
    """The fiftieth page, or the last where there are fewer."""
    before = None
    for _ in range(50):
        if (following := turn(before)) is None:
            break
        before = following
    return before
