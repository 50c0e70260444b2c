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
from tapal.flow import inbox, intake, mappings, records, rejects, work
from tapal.flow.intake import BadHandIn, HandIn, take, take_and_read, unfinished
from tapal.flow.mappings import Given
from tapal.formats import mapped
from tapal.kinds import KINDS
from tapal.store.models import (
    Event,
    Finding,
    Message,
    Record,
    Reject,
    SavedMapping,
    SentNumber,
    Task,
)

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
    twice = table_of(ROWS[0], ROWS[0].replace("1988", "1989"))
    trial = mappings.dry_run(table(), CROSSING, twice, "IMI", None)
    assert (trial.records, trial.rejects, trial.changed) == (1, 1, 0)
    assert trial.unmapped == ["Loket"]
    assert not Message.objects.exists() and not Record.objects.exists()
    shown = mappings.preview(table(), CROSSING, table_of(), "IMI", None)
    assert shown.rows[0]["body"]["person"]["sex"] == "F" and shown.rows[0]["post"] == "PLBN-11"
    assert shown.rows[2]["place"] == "row 4 Nama Lengkap"


def test_a_trial_says_what_the_rules_of_the_kind_would(home: Path) -> None:
    odd = table_of(
        ROWS[0].replace("1988", "2030"),
        ROWS[1],
        ROWS[1].replace("R-2", "R-5").replace("1990", "2031"),
    )
    for trial in (
        mappings.preview(table(), CROSSING, odd, "IMI", None),
        mappings.dry_run(table(), CROSSING, odd, "IMI", None),
    ):
        (said,) = (s for s in trial.said.values() if s.rule == "dates_contradict")
        assert (said.count, said.places) == (2, ["row 2", "row 4"])
        assert trial.findings["dates_contradict"] == 2
    shown = mappings.preview(table(), CROSSING, odd, "IMI", None).rows
    assert "dates_contradict" in {f.rule for f in shown[0]["findings"]}
    assert "dates_contradict" not in {f.rule for f in shown[1]["findings"]}
    # The road says the same of the same rows.
    live()
    corrected(*odd.decode().split("\r\n")[1:2])
    assert Finding.objects.filter(rule="dates_contradict").count() == 1


def test_a_trial_tells_nothing_of_earlier_records(home: Path) -> None:
    live()
    corrected(ROWS[0])
    again = table_of(ROWS[0].replace("R-1", "R-9").replace("08:12", "08:13"))
    seen = mappings.dry_run(table(), CROSSING, again, "IMI", None).findings
    for record in Record.objects.all():
        record.delete()
    assert mappings.dry_run(table(), CROSSING, again, "IMI", None).findings == seen


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


def corrected(*rows: str, format: str = "map:simkim") -> intake.Reading:
    """Hand rows in and let what they gave go down the road."""
    reading = take_and_read(table_of(*rows), HandIn(format=format))
    work.work_all()
    return reading


def test_a_number_said_otherwise_revises_its_record(home: Path) -> None:
    live()
    first = corrected(ROWS[0].replace("14-02-1988", "31-02-1988"))
    record = Record.objects.get(pk=first.items[0].id)
    assert record.body["extra"] == {"Loket": "3", "Tgl Lahir": "31-02-1988"}
    reading = corrected(ROWS[0], ROWS[1])
    assert [i.status for i in reading.items] == ["known", "record"]
    assert reading.items[0].id == str(record.pk)
    assert "Date of birth" in reading.items[0].reason.en  # type: ignore[union-attr]
    record.refresh_from_db()
    assert record.body["person"]["birth_date"] == "1988-02-14" and not record.conflicting
    assert record.body["extra"] == {"Loket": "3"}
    assert not Finding.objects.filter(rule="mapped_unreadable", withdrawn_at=None).exists()
    assert Event.objects.filter(type="record.revised", subject=str(record.pk)).count() == 1
    assert Record.objects.count() == 2 and not Reject.objects.exists()
    # Sent once more it says nothing new, and back again it is a correction too.
    assert corrected(ROWS[0] + ";x").items[0].status == "known"
    back = corrected(ROWS[0].replace("1988", "1989"))
    record.refresh_from_db()
    assert back.items[0].reason and record.body["person"]["birth_date"] == "1989-02-14"
    assert "R-1" not in json.dumps(list(SentNumber.objects.values("number")))


def test_a_dry_run_counts_corrections(home: Path) -> None:
    live()
    corrected(*ROWS[:2])
    other = table_of(ROWS[0].replace("1988", "1989"), ROWS[1])
    trial = mappings.dry_run(table(), CROSSING, other, "IMI", None)
    assert (trial.records, trial.rejects, trial.repeats, trial.changed) == (0, 0, 1, 1)


def test_a_correction_never_overwrites_an_officer(home: Path) -> None:
    live()
    record = Record.objects.get(pk=corrected(ROWS[0]).items[0].id)
    changes = {"person.birth_date": "1990-01-01", "person.birth_place": "Atambua"}
    records.revise(record, changes, actor="IMI-9", action="correct")
    corrected(ROWS[0].replace("SOARES", "SOAREZ"))
    record.refresh_from_db()
    assert record.body["person"]["birth_date"] == "1990-01-01"
    assert "SOAREZ" in json.dumps(record.body["person"]) and not record.conflicting
    corrected(ROWS[0].replace("1988", "1989"))
    record.refresh_from_db()
    assert records.clashes(record)["person.birth_date"] == ["1990-01-01", "1989-02-14"]
    assert record.body["person"]["birth_place"] == "Atambua"
    assert Task.objects.filter(name="settle_conflict", state="open").count() == 1


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ("R-1;ANA LAY;P;14-02-1990;Timor-Leste;C9;Masuk;24/11/2026;08:12;MTN;3", "something else"),
        (ROWS[0].replace("08:12", "09:12"), "another time or post"),
        (ROWS[0].replace("MTN", "PLBN-01"), "another time or post"),
    ],
)
def test_what_is_no_correction_is_refused(home: Path, other: str, said: str) -> None:
    live()
    corrected(ROWS[0])
    before = Record.objects.get().body
    reading = corrected(other)
    assert [i.status for i in reading.items] == ["reject"]
    assert said in reading.items[0].reason.en  # type: ignore[union-attr]
    assert Record.objects.get().body == before


@pytest.mark.parametrize("batch", [1, 200])
def test_a_number_twice_in_one_table_is_no_correction(
    home: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(intake, "BATCH", batch)
    live()
    reading = corrected(ROWS[0], ROWS[0].replace("1988", "1989"), ROWS[0])
    assert [i.status for i in reading.items] == ["record", "reject", "known"]
    assert "twice" in reading.items[1].reason.en  # type: ignore[union-attr]


def test_an_older_statement_read_again_takes_nothing_back(home: Path) -> None:
    live()
    corrected(ROWS[0])
    middle = corrected(ROWS[0].replace("1988", "1989"))
    corrected(ROWS[0].replace("1988", "1990"))
    again = intake.reread(Message.objects.get(pk=middle.message.pk))
    assert [i.status for i in again.items] == ["known"]
    assert Record.objects.get().body["person"]["birth_date"] == "1990-02-14"
    late = take(table_of(ROWS[0].replace("1988", "1991")), HandIn(format="map:simkim"))
    Message.objects.filter(pk=late.pk).update(received_at=middle.message.received_at)
    late.refresh_from_db()
    assert [i.status for i in intake.read(late).items] == ["reject"]


def test_a_cell_left_empty_clears_and_a_column_left_out_does_not(home: Path) -> None:
    live()
    corrected(ROWS[0])
    corrected(ROWS[0].replace("14-02-1988", ""))
    assert "birth_date" not in Record.objects.get().body["person"]
    short = ";".join(HEAD.split(";")[:2] + HEAD.split(";")[4:])
    row = ";".join(ROWS[0].split(";")[:2] + ROWS[0].split(";")[4:])
    take_and_read(f"{short}\r\n{row}".encode(), HandIn(format="map:simkim"))
    assert Record.objects.get().body["person"]["sex"] == "F"


def test_a_correction_cut_off_is_made_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live()
    corrected(ROWS[0])

    def dies(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(records, "enqueue", dies)
    with pytest.raises(KeyboardInterrupt):
        corrected(ROWS[0].replace("1988", "1989"))
    monkeypatch.undo()
    assert Record.objects.get().body["person"]["birth_date"] == "1988-02-14"
    (left,) = unfinished()
    intake.read(Message.objects.get(pk=left))
    assert Record.objects.get().body["person"]["birth_date"] == "1989-02-14"
    assert Event.objects.filter(type="record.revised").count() == 1


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
