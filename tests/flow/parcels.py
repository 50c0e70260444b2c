"""A kind that no border has: it shows that the road knows no domain."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field

from tapal.core.actions import Action, NewDocument, NewTask, Occasion, Outcome
from tapal.core.entity import Entity
from tapal.core.finding import Compared, Finding, Weight
from tapal.core.kind import Kind
from tapal.core.marking import Mark, Sensitivity
from tapal.core.reading import Draft, Format, Header, Item, ReadContext, Rejection
from tapal.core.record import Key, KeyType, RecordView
from tapal.core.rules import Context, History, rule
from tapal.core.text import Text, same

S = Sensitivity


class Bearer(BaseModel):
    name: Annotated[str, Mark("Nama", "Name", S.INTERNAL, personal=True)]
    birth_date: Annotated[str | None, Mark("Lahir", "Born", S.RESTRICTED, personal=True)] = None
    fear: Annotated[bool | None, Mark("Takut", "Fear", S.WITHHELD, personal=True)] = None


class Parcel(BaseModel):
    number: Annotated[str, Mark("Nomor", "Number", S.INTERNAL)]
    grams: Annotated[int, Mark("Berat", "Weight", S.INTERNAL)]
    bearer: Bearer
    document: Annotated[str | None, Mark("Dokumen", "Document", S.RESTRICTED, True)] = None
    plate: Annotated[str | None, Mark("Pelat", "Plate", S.INTERNAL)] = None
    way: Annotated[str, Mark("Arah", "Way", S.INTERNAL)] = "entry"
    state: Annotated[str | None, Mark("Keadaan", "State", S.INTERNAL)] = None
    papers: Annotated[list[dict[str, Any]] | None, Mark("Surat", "Papers", S.INTERNAL)] = None


class HoldForm(BaseModel):
    ground: Annotated[str, Mark("Dasar", "Ground", S.INTERNAL), Field(min_length=3)]


@rule(history=History(keys=("document",), days=30))
def parcel_heavy(record: RecordView, context: Context) -> Iterable[Finding]:
    """A parcel above ten kilograms. Source: made up for these tests."""
    if int(record.get("grams")) > 10_000:
        yield Finding(
            "parcel_heavy",
            Weight.ALERT,
            Text("Berat {g} g.", "Weighs {g} g.").fill(g=record.get("grams")),
            fields=("grams",),
            compared=(Compared(same("g"), str(record.get("grams")), "10000", False),),
        )


@rule(history=History(keys=("document",), days=30))
def parcel_again(record: RecordView, context: Context) -> Iterable[Finding]:
    """The bearer's document stands in an earlier parcel. Source: made up for these tests."""
    earlier = [h for h in context.history if h.received_at <= record.received_at]
    if earlier:
        yield Finding(
            "parcel_again",
            Weight.NOTE,
            Text("Sudah {n} kali.", "{n} times before.").fill(n=len(earlier)),
            fields=("document",),
            rests_on=tuple(h.id for h in earlier),
        )


@rule(listed=True)
def parcel_document_lost(record: RecordView, context: Context) -> Iterable[Finding]:
    """The bearer's document is on a list of lost documents. Source: made up for these tests."""
    for hit in context.listed:
        yield Finding(
            "parcel_document_lost",
            Weight.ALERT,
            Text("Dokumen {n} hilang.", "Document {n} is lost.").fill(n=hit.number),
            fields=("document",),
            about=hit.entity_id,
        )


def read(data: bytes, context: ReadContext) -> Iterator[Item]:
    rows = list(csv.reader(io.StringIO(data.decode("utf-8", "replace"))))
    yield Header(sender=rows[0][1] if rows else "", message_id=rows[0][2] if rows else "")
    for n, row in enumerate(rows[1:], start=1):
        try:
            number, grams, name, born, document, plate, way = row
            body = Parcel(
                number=number,
                grams=int(grams),
                document=document or None,
                plate=plate or None,
                way=way,
                bearer=Bearer(name=name, birth_date=born or None),
            )
        except ValueError as wrong:
            yield Rejection(
                f"row {n}",
                Text("Baris rusak: {w}", "Broken row: {w}").fill(w=str(wrong)[:80]),
                Text("Perbaiki baris itu.", "Mend that row."),
                raw=",".join(row),
            )
            continue
        yield Draft(f"row {n}", body, datetime(2026, 11, 1, 1, tzinfo=UTC))


def keys(body: Mapping[str, Any]) -> Iterator[Key]:
    yield Key("parcel", body["number"])
    if body.get("document"):
        yield Key("document", body["document"])
    if body.get("plate"):
        yield Key("vehicle", body["plate"])


def entities(body: Mapping[str, Any]) -> Iterator[Entity]:
    bearer = body["bearer"]
    anchors = (Key("document", body["document"]),) if body.get("document") else ()
    properties = {"name": (bearer["name"],)}
    if bearer.get("birth_date"):
        properties["birthDate"] = (bearer["birth_date"],)
    if body.get("document"):
        country, _, number = body["document"].partition(":")
        properties["passportNumber"] = (number,)
        properties["country"] = (country,)
        properties["nationality"] = (country,)
    yield Entity(
        "Person",
        properties,
        "bearer",
        "bearer",
        ("bearer.name", "bearer.birth_date"),
        anchors,
    )


def _hold(occasion: Occasion, given: BaseModel | None) -> Outcome:
    assert isinstance(given, HoldForm)
    return Outcome(
        {"state": "held"},
        documents=(NewDocument("H-1", Text("Surat tahan", "Hold letter"), "papers"),),
        tasks=(
            NewTask(
                "answer_hold",
                Text("Jawab", "Answer"),
                same(given.ground),
                "counter.decide",
                due_at=occasion.context.now + timedelta(days=3),
            ),
        ),
    )


def _release(occasion: Occasion, given: BaseModel | None) -> Outcome:
    return Outcome({"state": "released"}, closes=("answer_hold",), settles_alerts=True)


PARCEL = Kind(
    name="parcel",
    label=Text("paket", "parcel"),
    plural=Text("paket", "parcels"),
    mission="M2",
    icon="package",
    owner_role="customs",
    model=Parcel,
    formats=(
        Format(
            "parcel.csv",
            Text("CSV paket", "parcel CSV"),
            lambda head: 90 if head.startswith(b"PARCELS,") else 0,
            read,
        ),
    ),
    key_types=(
        KeyType("parcel", Text("nomor paket", "parcel number"), ("number",)),
        KeyType("document", Text("dokumen", "document"), ("document",)),
        KeyType("vehicle", Text("kendaraan", "vehicle"), ("plate",)),
    ),
    keys=keys,
    entities=entities,
    title=lambda body: str(body.get("number", "")),
    summary=("number", "grams"),
    sensitivity=lambda body: S.INTERNAL,
    samples=Path(__file__).parent,
    rules=(parcel_heavy, parcel_again, parcel_document_lost),
    actions=(
        Action(
            "hold",
            Text("Tahan", "Hold"),
            "counter.decide",
            lambda o: o.record.get("state") is None,
            _hold,
            form=lambda o: HoldForm,
        ),
        Action(
            "release",
            Text("Lepas", "Release"),
            "counter.decide",
            lambda o: o.record.get("state") != "released",
            _release,
            undo_minutes=10,
        ),
    ),
    direction=lambda body: str(body.get("way", "")),
)


def message(*rows: str, sender: str = "POS", number: str = "1") -> bytes:
    """A parcel message; a row is `number,grams,name,born,document,plate,way`."""
    return "\n".join([f"PARCELS,{sender},{number}", *rows]).encode()
