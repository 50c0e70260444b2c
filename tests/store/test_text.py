"""Text that one database takes and another does not is stored alike on both."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import models

from tapal.core.reading import Draft, Item, Rejection
from tapal.core.text import Text, same
from tapal.flow import intake
from tapal.flow.intake import HandIn, take_and_read
from tapal.flow.storable import storable, storable_json
from tapal.flow.work import work_all
from tapal.store.models import (
    Agency,
    Event,
    LegalRow,
    Message,
    Place,
    Record,
    Reject,
    Roll,
)
from tests.flow.parcels import Bearer, Parcel, message

ODD = "NUL\x00 HALF\ud800 WHOLE\U0001f6c2"
NULL = "NUL\x00"
PLAIN = "NUL␀ HALF\ufffd WHOLE\U0001f6c2"


@pytest.mark.parametrize("text", ["", "plain", "Jalan Pelabuhan № 5", "\U0001f6c2"])
def test_what_every_database_takes_is_left_alone(text: str) -> None:
    assert storable(text) is text


def test_nulls_and_half_characters_are_shown() -> None:
    assert storable(ODD) == PLAIN
    assert storable_json({ODD: [ODD, 1, None, True, 2.5]}) == {PLAIN: [PLAIN, 1, None, True, 2.5]}


def test_a_record_with_a_null_is_stored_worked_and_told(
    parcels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Models take no half characters themselves.
    bearer = Bearer(name=NULL, birth_date="1990-01-02")
    body = Parcel(number=NULL, grams=20_000, bearer=bearer, document=f"TLS:{NULL}")
    items: list[Item] = [
        Draft(f"row {ODD}", body, None, ODD),
        Rejection(f"row {ODD}", same(ODD), Text(ODD, ODD), raw=ODD),
    ]
    kind, form = intake.recognise(message(), None) or (None, None)
    assert kind is not None and form is not None
    monkeypatch.setattr(intake, "named", lambda name: (kind, _reading(items)))
    take_and_read(message(), HandIn(source=ODD))
    work_all()
    record, reject = Record.objects.get(), Reject.objects.get()
    assert record.body["number"] == "NUL␀" and record.occurred_text == PLAIN
    assert (reject.raw, reject.place) == (PLAIN, f"row {PLAIN}")
    assert Message.objects.get().source == PLAIN
    assert record.findings.get(rule="parcel_heavy").alert is not None
    assert Event.objects.filter(subject=str(record.id), type="record.received").count() == 1


class _reading:
    """A format that reads what it was given."""

    def __init__(self, items: list[Item]) -> None:
        self.items = items

    def read(self, data: bytes, context: object) -> list[Item]:
        return self.items


@pytest.mark.parametrize("model", [Agency, Place, LegalRow, Roll])
def test_reference_data_fits_its_columns(home: Path, model: type[models.Model]) -> None:
    """SQLite keeps what is too long, PostgreSQL refuses it: here both would notice."""
    lengths = {
        field.attname: field.max_length
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField)
    }
    rows = list(model._default_manager.values(*lengths))
    assert rows
    too_long = [
        (name, row[name])
        for row in rows
        for name, most in lengths.items()
        if most is not None and len(row[name]) > most
    ]
    assert too_long == []
