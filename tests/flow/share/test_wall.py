"""The second wall gives the same rows as the door, and nothing to a connection that says nothing."""

from __future__ import annotations

import random

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from tapal.core.marking import Sensitivity
from tapal.core.text import same
from tapal.flow import tasks
from tapal.store.models import Alert, Cursor, EventContent, Finding, Key, Link, Record, Task
from tapal.store.queries import wall
from tests.flow.share.conftest import World, clause, grantee, ids, stranger
from tests.flow.share.test_against_plain import fill
from tests.flow.share.test_hangs_on import alert, task

pytestmark = [pytest.mark.pg, pytest.mark.django_db(databases=["default", "access"])]


def tell(reader: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tapal.reader', %s, false)", [reader])


@pytest.mark.parametrize("seed", range(4))
def test_filter_and_wall_give_the_same_rows(world: World, seed: int) -> None:
    fill(world, random.Random(seed))
    world.agree(clause(), giver="IMI")
    # Places and times are the filter's part: the wall knows scopes.
    door = grantee()
    whole = {s.scope for s in door.reach.seeks}
    with wall.narrowed(door.reach.by_scope):
        behind = {str(i) for i in Record.objects.values_list("id", flat=True)}
    asked = {str(r.id) for r in world.made if r.scope_id in whole}
    assert behind == asked
    assert set(ids(door.records(limit=200))) <= behind
    with wall.narrowed(stranger().reach.by_scope):
        assert not Record.objects.exists()


def test_what_hangs_on_a_record_stands_behind_the_wall_with_it(world: World) -> None:
    seen, hidden = world.record(), world.record(level=Sensitivity.CONFIDENTIAL)
    for record, level in ((seen, Sensitivity.RESTRICTED), (hidden, Sensitivity.CONFIDENTIAL)):
        world.finding(record, "way", alert=alert(record, level))
        task(record, level=level)
    world.agree(clause())
    scopes = grantee().reach.by_scope
    with wall.narrowed(scopes, subject=str(seen.id)):
        for model in (Key, Finding, Task, Alert):
            assert {row.record_id for row in model.objects.all()} == {seen.id}
        assert not Link.objects.exists()
        assert not EventContent.objects.exists()
    assert Record.objects.count() == 2


def test_events_are_read_of_the_named_subject_only(world: World) -> None:
    record = world.record()
    made = task(record)
    with wall.narrowed([record.scope_id], subject=str(made.id)):
        assert EventContent.objects.get().event.subject == str(made.id)
    with wall.narrowed([record.scope_id], subject=str(record.id)):
        assert not EventContent.objects.exists()


def test_a_connection_that_says_nothing_sees_and_writes_nothing(world: World) -> None:
    record = world.record()
    try:
        tell("")
        assert not Record.objects.exists()
        with pytest.raises(ProgrammingError), transaction.atomic():
            tasks.open_task(
                tasks.Wanted("a", same("x"), same("x"), "p", Sensitivity.OPEN),
                actor="x",
                record=record,
            )
    finally:
        tell("system")


def test_a_door_cannot_write(world: World) -> None:
    record = world.record()
    with wall.narrowed([record.scope_id]), pytest.raises(ProgrammingError), transaction.atomic():
        Record.objects.filter(pk=record.pk).update(weight=2)


def test_the_setting_goes_back_after_a_failure(world: World) -> None:
    record = world.record()
    with pytest.raises(IntegrityError), transaction.atomic(), wall.narrowed([]):
        Cursor.objects.bulk_create([Cursor(name="twice"), Cursor(name="twice")])
    assert Record.objects.filter(pk=record.pk).exists()


def test_the_wall_stands_against_the_tables_owner_too(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity ORDER BY 1"
        )
        walled = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)
    assert {"store_record", "store_key", "store_finding", "store_alert", "store_task"} <= walled
    assert {"store_eventcontent", "store_link", "store_identity", "store_tally"} <= walled
