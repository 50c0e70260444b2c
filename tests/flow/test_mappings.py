"""Saved mappings: who may, two persons, nothing stored by a trial, and the real road afterwards."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.flow import inbox, intake, mappings, records, rejects
from tapal.flow.intake import BadHandIn, HandIn, take, take_and_read, unfinished
from tapal.flow.mappings import Given
from tapal.formats import mapped
from tapal.kinds import KINDS
from tapal.store.models import Event, Finding, Message, Record, Reject, SavedMapping, SentNumber

POWERS = frozenset({"record.read", "reject.read", "reject.mend", "record.write"})
EDITOR = Actor("1", "IMI-1", "Editor", "IMI", None, POWERS | {mappings.EDIT, mappings.APPROVE})
SECOND = Actor("2", "IMI-2", "Second", "IMI", None, POWERS | {mappings.EDIT, mappings.APPROVE})
STRANGER = Actor(
    "3", "PSD-1", "Stranger", "PSDKP", None, POWERS | {mappings.EDIT, mappings.APPROVE}
)
AT_POST = Actor("4", "IMI-4", "Bound", "IMI", "PLBN-11", POWERS | {mappings.EDIT, mappings.APPROVE})

HEAD = "No Reg;Nama Lengkap;JK;Tgl Lahir;Kewarganegaraan;No Paspor;Arah;Tanggal;Jam;Nama TPI;Loket"
ROWS = (
    "R-1;MARIA SOARES;P;14-02-1988;Timor-Leste;C0123456;Masuk;24/11/2026;08:12;MTN;3",
    "R-2;JOSE SERAN;L;01-03-1990;Indonesia;C7654321;Keluar;24/11/2026;08:20;MTN;3",
    "R-3;;L;01-03-1991;Indonesia;C7654322;Keluar;24/11/2026;08:21;MTN;3",
)
CROSSING = KINDS["crossing"]


def table_of(*rows: str) -> bytes:
    return "\r\n".join([HEAD, *(rows or ROWS)]).encode()


def table() -> mapped.Mapping:
    """As a steward leaves it: suggested, the post by a table of the sender's codes."""
    found = mapped.suggest(table_of(), CROSSING, "SIMKIM")
    columns = (replace(c, path="@post", codes={"MTN": "PLBN-11"}) if c.heading == "Nama TPI" else c
               for c in found.columns)  # fmt: skip
    return replace(found, columns=tuple(columns))


def given(**changes: object) -> Given:
    return replace(Given("simkim", "crossing", "Ekspor SIMKIM", table()), **changes)  # type: ignore[arg-type]


def live(data: bytes | None = None, given_: Given | None = None) -> SavedMapping:
    row = mappings.draft(given_ or given(), actor=EDITOR)
    mappings.try_draft(str(row.pk), data or table_of(), actor=EDITOR)
    row.refresh_from_db()
    return mappings.approve(row.pk, row.edition, actor=SECOND)


def test_a_stranger_finds_no_mapping_and_cannot_feed_by_one(home: Path) -> None:
    row = live()
    assert mappings.visible(STRANGER) == []
    for act in (
        lambda: mappings.found(row.pk, actor=STRANGER),
        lambda: mappings.next_version(row.pk, actor=STRANGER),
        lambda: mappings.end(row.pk, "x", actor=STRANGER),
        lambda: mappings.try_draft(str(row.pk), table_of(), actor=STRANGER),
    ):
        with pytest.raises(Missing):
            act()
    with pytest.raises(BadHandIn) as hidden:
        take(table_of(), HandIn(agency="PSDKP", format="map:simkim"))
    with pytest.raises(BadHandIn) as absent:
        take(table_of(), HandIn(agency="PSDKP", format="map:nothing"))
    assert str(hidden.value).replace("simkim", "") == str(absent.value).replace("nothing", "")
    assert not Message.objects.exists()


def test_only_the_keeper_of_a_kind_maps_it(home: Path) -> None:
    with pytest.raises(Rejected):
        mappings.draft(given(), actor=STRANGER)
    with pytest.raises(Denied):
        mappings.draft(given(), actor=AT_POST)
    with pytest.raises(Denied):
        mappings.draft(given(), actor=replace(EDITOR, powers=POWERS))


def test_it_takes_two_and_a_trial(home: Path) -> None:
    row = mappings.draft(given(), actor=EDITOR)
    with pytest.raises(BadHandIn):
        take(table_of(), HandIn(format="map:simkim"))
    with pytest.raises(Denied):
        mappings.approve(row.pk, row.edition, actor=SECOND)
    mappings.try_draft(str(row.pk), table_of(), actor=SECOND)
    with pytest.raises(Denied):
        mappings.approve(row.pk, row.edition, actor=EDITOR)
    changed = mappings.save_draft(row.pk, given(label="Lain"), 1, actor=EDITOR)
    with pytest.raises(Rejected):
        mappings.approve(row.pk, 1, actor=SECOND)
    with pytest.raises(Rejected):
        mappings.save_draft(row.pk, given(), 1, actor=EDITOR)
    assert mappings.approve(row.pk, changed.edition, actor=SECOND).state == "in_force"
    told = Event.objects.filter(type__startswith="mapping.").values_list("type", flat=True)
    assert sorted(told) == ["mapping.approved", "mapping.saved", "mapping.saved"]


def test_a_change_after_the_trial_asks_for_another(home: Path) -> None:
    row = mappings.draft(given(), actor=EDITOR)
    mappings.try_draft(str(row.pk), table_of(), actor=EDITOR)
    other = replace(table(), decimal=",")
    row = mappings.save_draft(row.pk, given(table=other), 1, actor=EDITOR)
    assert mappings.why_not(row, SECOND) is not None


def test_a_trial_stores_nothing_and_counts(home: Path) -> None:
    trial = mappings.dry_run(table(), CROSSING, table_of(*ROWS, ROWS[0]), "IMI", None)
    assert (trial.records, trial.rejects, trial.repeats, trial.changed) == (2, 1, 1, 0)
    assert trial.unmapped == ["Loket"]
    assert not Message.objects.exists() and not Record.objects.exists()
    shown = mappings.preview(table(), CROSSING, table_of(), "IMI", None)
    assert shown.rows[0]["body"]["person"]["sex"] == "F" and shown.rows[0]["post"] == "PLBN-11"
    assert shown.rows[2]["place"] == "row 4 Nama Lengkap"


def test_rows_go_down_the_real_road_with_the_sender_s_numbers(home: Path) -> None:
    live()
    reading = take_and_read(table_of(), HandIn(source="a.csv", format="map:simkim"))
    assert [i.status for i in reading.items] == ["record", "record", "reject"]
    record = Record.objects.get(pk=reading.items[0].id)
    assert (record.owner, record.place, record.occurred_at.isoformat()) == (
        "IMI", "PLBN-11", "2026-11-24T00:12:00+00:00",
    )  # fmt: skip
    assert record.body["extra"] == {"Loket": "3"}
    assert Reject.objects.get().place == "row 4 Nama Lengkap"
    assert reading.message.format == "map:simkim@1"
    # Tomorrow's export holds today's rows again, in another order and with one more.
    more = "R-4;ANA;P;1990-01-01;IDN;C9;Masuk;24/11/2026;09:00;MTN;1"
    again = take_and_read(table_of(ROWS[1], ROWS[0], more), HandIn(format="map:simkim"))
    assert [i.status for i in again.items] == ["known", "known", "record"]
    assert again.items[0].id == reading.items[1].id
    assert Record.objects.count() == SentNumber.objects.count() == 3


def test_a_number_said_otherwise_is_told_not_doubled(home: Path) -> None:
    live()
    take_and_read(table_of(ROWS[0]), HandIn(format="map:simkim"))
    other = ROWS[0].replace("1988", "1989")
    reading = take_and_read(table_of(other, ROWS[1]), HandIn(format="map:simkim"))
    assert [i.status for i in reading.items] == ["reject", "record"]
    assert "R-1" in reading.items[0].reason.en  # type: ignore[union-attr]
    assert Record.objects.count() == 2
    assert "R-1" not in json.dumps(list(SentNumber.objects.values("number")))


def test_a_reading_that_was_cut_off_goes_on(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live()
    monkeypatch.setattr(intake, "BATCH", 1)
    whole, calls = records.write, list[int]()

    def dies(*args: object, **kwargs: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return whole(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(records, "write", dies)
    with pytest.raises(KeyboardInterrupt):
        take_and_read(table_of(), HandIn(format="map:simkim"))
    monkeypatch.setattr(records, "write", whole)
    # A new version meanwhile changes nothing of what the message was taken by.
    new = mappings.next_version(SavedMapping.objects.get().pk, actor=EDITOR)
    mappings.try_draft(str(new.pk), table_of(), actor=EDITOR)
    mappings.approve(new.pk, 1, actor=SECOND)
    (left,) = unfinished()
    intake.read(Message.objects.get(pk=left))
    assert (Record.objects.count(), Reject.objects.count()) == (2, 1)


def test_mended_rejects_are_read_by_the_mended_mapping(home: Path) -> None:
    bad = given(table=replace(table(), columns=tuple(
        replace(c, path="") if c.heading == "Nama Lengkap" else replace(c, path="person.primary_identifier")
        if c.heading == "Loket" else c for c in table().columns)))  # fmt: skip
    data = table_of(ROWS[0], ROWS[1].removesuffix("3"), ROWS[2].removesuffix("3"))
    row = live(data, bad)
    reading = take_and_read(data, HandIn(format="map:simkim"))
    assert [i.status for i in reading.items] == ["record", "reject", "reject"]
    new = mappings.next_version(row.pk, actor=EDITOR)
    new = mappings.save_draft(new.pk, given(), 1, actor=EDITOR)
    mappings.try_draft(str(new.pk), data, actor=EDITOR)
    mappings.approve(new.pk, new.edition, actor=SECOND)
    one = Reject.objects.order_by("id")[0]
    assert rejects.replay(one.pk, actor=EDITOR).closed
    # The row that was stored under the old mapping is not doubled; the one still bad stays open.
    assert Record.objects.count() == 2
    assert list(Reject.objects.filter(state="open").values_list("place", flat=True)) == [
        "row 4 Loket"
    ]


def test_a_whole_file_sent_mended_doubles_nothing_even_without_numbers(home: Path) -> None:
    plain = given(table=replace(table(), columns=tuple(
        replace(c, path="") if c.path == "@number" else c for c in table().columns)))  # fmt: skip
    live(None, plain)
    take_and_read(table_of(), HandIn(format="map:simkim"))
    mended = table_of(ROWS[0], ROWS[1], ROWS[2].replace(";;", ";ANTON;"))
    done = rejects.mend(Reject.objects.get().pk, mended, actor=EDITOR)
    assert done.closed and Record.objects.count() == 3


def test_the_watched_folder_names_a_mapping(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live()
    monkeypatch.setattr(inbox, "SETTLED_SECONDS", -1.0)
    place = inbox.folder() / "IMI" / "PLBN-11" / "mapping-simkim"
    place.mkdir(parents=True)
    (place / "today.csv").write_bytes(table_of())
    wrong = inbox.folder() / "PSDKP" / "mapping-simkim"
    wrong.mkdir(parents=True)
    (wrong / "theirs.csv").write_bytes(table_of(ROWS[1]))
    assert inbox.sweep() == 2
    assert Record.objects.count() == 2
    assert {r.owner for r in Record.objects.all()} == {"IMI"}
    assert list((home / "inbox-refused").rglob("theirs.csv"))


def test_what_cannot_be_read_is_kept_and_told_by_its_column(home: Path) -> None:
    live()
    reading = take_and_read(
        table_of(ROWS[0].replace("14-02-1988", "31-02-1988").replace(";P;", ";Q;")),
        HandIn(format="map:simkim"),
    )
    record = Record.objects.get(pk=reading.items[0].id)
    assert record.body["extra"] == {"Loket": "3", "Tgl Lahir": "31-02-1988", "JK": "Q"}
    told = Finding.objects.filter(record=record, rule="mapped_unreadable")
    assert sorted(told.values_list("about", flat=True)) == ["JK", "Tgl Lahir"]


def test_plant_certificates_by_a_workbook_through_the_contract_alone(home: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Nomor Sertifikat", "Negara Penerbit", "Tgl Terbit", "Nama Ilmiah", "Berat Bersih",
                  "Satuan", "No Aju"])  # fmt: skip
    for plant, weight in (("Citrus sinensis", 1250.5), ("Citrus reticulata", 30)):
        sheet.append(["PC-1", "Australia", "01-03-2026", plant, weight, "KGM", "A1"])
    sheet.append(["", "Australia", "01-03-2026", "Musa", 1, "KGM", "A2"])
    out = io.BytesIO()
    book.save(out)
    phyto = KINDS["phyto"]
    table = replace(mapped.suggest(out.getvalue(), phyto, "IQFAST"), joined=True)
    editor = replace(EDITOR, agency="BARANTIN")
    row = mappings.draft(Given("iqfast", "phyto", "IQFAST", table), actor=editor)
    mappings.try_draft(str(row.pk), out.getvalue(), actor=editor)
    mappings.approve(row.pk, 1, actor=replace(SECOND, agency="BARANTIN"))
    reading = take_and_read(out.getvalue(), HandIn(format="map:iqfast"))
    assert [(i.place, i.status) for i in reading.items] == [
        ("row 2", "record"), ("row 4 Nomor Sertifikat", "reject"),
    ]  # fmt: skip
    body = Record.objects.get().body
    assert [i["scientific_names"] for i in body["items"]] == [
        ["Citrus sinensis"],
        ["Citrus reticulata"],
    ]
    assert body["certificate"]["issuing_country"] == "AUS"
    assert body["items"][0]["net_weight"] == {"value": "1250.5", "unit": "KGM"}
