"""The fast way and the plain way give the same rows: seeks and tallies against a loop over everything."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from tapal.core.marking import Sensitivity
from tapal.flow.share import Door
from tapal.store.models import Record
from tests.flow.share.conftest import World, clause, grantee, ids

pytestmark = pytest.mark.django_db(databases=["default", "access"])

START = datetime(2026, 1, 28, tzinfo=UTC)
PLACES = ("PLBN-11", "PLBN-16", "PLBN-02")
OWNERS = ("IMI", "BARANTIN", "DJBC", "POLRI")


def fill(world: World, dice: random.Random) -> None:
    for _ in range(60):
        world.record(
            dice.choice(OWNERS),
            body={"way": "entry", "number": "7"},
            place=dice.choice(PLACES),
            at=START + timedelta(hours=12 * dice.randrange(150)),
            level=dice.choice(list(Sensitivity)),
        )
    for _ in range(dice.randrange(1, 9)):
        world.agree(
            *(
                clause(
                    fields=dice.choice((["way"], ["number"], "*", "non_personal")),
                    max_sensitivity=dice.choice(("open", "internal", "restricted")),
                    places=dice.choice((None, None, ["PLBN-11"], list(PLACES[1:]))),
                    occurred_after=dice.choice((None, None, "2026-02-10T06:00:00", "2026-03-01")),
                )
                for _ in range(dice.randrange(3))
            ),
            giver=dice.choice(OWNERS[:2] + OWNERS[3:]),
        )


def plainly(door: Door, since: datetime | None, place: str | None) -> list[str]:
    rows = [
        r
        for r in Record.objects.order_by("-occurred_at", "-id")
        if any(
            c.fields.get(r.scope_id)
            and (c.places is None or r.place in c.places)
            and (c.since is None or r.occurred_at >= c.since)
            for c in door.reach.clauses
        )
    ]
    return [
        str(r.id)
        for r in rows
        if (since is None or r.occurred_at >= since) and (place is None or r.place == place)
    ]


@pytest.mark.parametrize("seed", range(12))
def test_lists_and_counts_equal_a_loop_over_everything(world: World, seed: int) -> None:
    dice = random.Random(seed)
    fill(world, dice)
    door = grantee()
    for since in (None, START + timedelta(days=20, hours=12), datetime(2026, 3, 1, tzinfo=UTC)):
        for place in (None, "PLBN-11"):
            expected = plainly(door, since, place)
            found: list[str] = []
            token: str | None = None
            while True:
                page = door.records(since=since, place=place, before=token, limit=5)
                found += ids(page)
                if (token := page.next) is None:
                    break
            assert found == expected
            assert door.count(since=since, place=place) == len(expected)
            until = START + timedelta(days=55)
            rows = [r for r in world.made if r.occurred_at < until and str(r.id) in expected]
            assert door.count(since=since, until=until, place=place) == len(rows)


def test_the_tally_equals_a_fresh_count_after_every_change(world: World) -> None:
    dice = random.Random(1)
    fill(world, dice)
    for record in Record.objects.all()[:20]:
        change = dice.randrange(3)
        if change == 0:
            record.delete()
            continue
        record.place = dice.choice(PLACES)
        record.occurred_at += timedelta(days=dice.randrange(60))
        record.scope_id = dice.choice(world.made).scope_id
        record.save()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT scope_id, place, sum(n) FROM store_tally GROUP BY 1, 2 HAVING sum(n) <> 0"
        )
        kept = {(scope, place): int(n) for scope, place, n in cursor.fetchall()}
    fresh: dict[tuple[int, str], int] = {}
    for pair in Record.objects.values_list("scope_id", "place"):
        fresh[pair] = fresh.get(pair, 0) + 1
    assert kept == fresh
    with connection.cursor() as cursor:
        cursor.execute("SELECT scope_id, period, sum(n) FROM store_tally_month GROUP BY 1, 2")
        months = {(scope, p): int(n) for scope, p, n in cursor.fetchall() if n}
    by_month: dict[tuple[int, int], int] = {}
    for scope, at in Record.objects.values_list("scope_id", "occurred_at"):
        month = (scope, at.year * 12 + at.month - 1)
        by_month[month] = by_month.get(month, 0) + 1
    assert months == by_month
