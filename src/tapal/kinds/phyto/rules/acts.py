"""The 8P acts: their order, their numbered documents, their clocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from tapal.core.finding import Compared, Finding, Weight
from tapal.core.record import RecordView
from tapal.core.rules import Context, rule
from tapal.core.text import Text
from tapal.core.working_days import HOLIDAYS, holidays_entered
from tapal.kinds.phyto import codes, words
from tapal.kinds.phyto.clocks import (
    arrival_day,
    clock_due,
    instant,
    single,
    zone_of,
)
from tapal.kinds.phyto.rules.sure import unsure

ORDER: Final = "quarantine.treatment_order"
NUMBERED: Final = "quarantine.numbered_document_per_act"
COMPLETE_WITHIN: Final = "quarantine.missing_documents_working_days"
OUT_WITHIN: Final = "quarantine.refused_goods_out_working_days"
GROUP: Final = "quarantine.optk_group"
# Acts after which no other may follow.
FINAL: Final = frozenset({"pembebasan", "pemusnahan"})
REFUSED: Final = "penolakan"
AFTER_REFUSAL: Final = frozenset({"penolakan", "pemusnahan"})

_NO_HOLIDAYS: Final = Text(
    " Hari libur nasional belum diisi: periksa kalender sebelum bertindak.",
    " The public holidays are not entered: look at the calendar before acting.",
)

# Any: an act is JSON.
Act = Mapping[str, Any]


@rule(Text("Tindakan tidak urut", "Act out of order"), legal=[ORDER])
def act_out_of_order(record: RecordView, context: Context) -> Iterator[Finding]:
    """An act was taken before what must precede it, or after what ends the file.

    The inspection opens; observation follows isolation; after a refusal the goods go out or are
    destroyed; release and destruction end. Where each letter tells its time, the times count.
    Source: legal row quarantine.treatment_order.
    """
    acts = record.get("acts") or ()
    settled = context.legal.settle(ORDER, arrival_day(record, context.places))
    order = single(settled)
    if not acts or not isinstance(order, list) or not order:
        return
    names = [str(act.get("act")) for act in _in_time(acts)]
    for name, other, way in dict.fromkeys(_out_of_order(names, str(order[0]))):
        yield _disordered(name, other, way, settled.rows)


def _in_time(acts: Sequence[Act]) -> list[Act]:
    """The acts by the time of their letters; as they stand where a letter's time is unreadable."""
    issued = [instant(act.get("issued_at")) for act in acts]
    if any(time is None for time in issued):
        return list(acts)
    timed = sorted(enumerate(acts), key=lambda pair: (issued[pair[0]], pair[0]))
    return [act for _, act in timed]


def _out_of_order(names: Sequence[str], first: str) -> Iterator[tuple[str, str, str]]:
    """(act, the other act, on which side of it) for each act that stands where it may not."""
    for name in names[: names.index(first)] if first in names else names:
        yield name, first, "before"
    for index, name in enumerate(names):
        earlier = names[:index]
        ended = next((each for each in earlier if each in FINAL), None)
        if ended:
            yield name, ended, "after"
        elif REFUSED in earlier and name not in AFTER_REFUSAL:
            yield name, REFUSED, "after"
        elif name == "pengamatan" and "pengasingan" not in earlier:
            yield name, "pengasingan", "before"


def _disordered(name: str, other: str, way: str, rows: tuple[Any, ...]) -> Finding:
    act, than = words.ACTS.get(name, Text(name, name)), words.ACTS.get(other, Text(other, other))
    id_ = "sebelum" if way == "before" else "sesudah"
    tail = unsure(rows)
    return Finding(
        "act_out_of_order",
        Weight.LOOK,
        Text(
            f"{act.id} tercatat {id_} {than.id.lower()}.{tail.id}",
            f"{act.en} is recorded {way} {than.en.lower()}.{tail.en}",
        ),
        fields=("acts.act", "acts.issued_at"),
        cites=rows,
        about=f"{name}:{way}:{other}",
    )


@rule(Text("Tindakan tanpa dokumen sendiri", "Act without a document"), legal=[NUMBERED])
def act_without_document(record: RecordView, context: Context) -> Iterator[Finding]:
    """An act has no numbered document to the owner, or shares its number with another act.

    Source: UU 21/2019 art. 70, legal row quarantine.numbered_document_per_act.
    """
    settled = context.legal.settle(NUMBERED, arrival_day(record, context.places))
    if single(settled) is not True:
        return
    used: set[str] = set()
    for index, act in enumerate(record.get("acts") or (), 1):
        label = words.ACTS.get(str(act.get("act")), Text("Tindakan", "Act"))
        number = str(act.get("number") or "")
        plain = "".join(number.split()).upper()
        if plain and plain not in used:
            used.add(plain)
            continue
        said = _SHARED.fill(number=number) if plain else _NONE
        yield Finding(
            "act_without_document",
            Weight.LOOK,
            Text(f"{label.id} {said.id}", f"{label.en} {said.en}"),
            fields=("acts.act", "acts.number"),
            cites=settled.rows,
            about=str(index),
        )


_NONE: Final = Text(
    "tanpa dokumen bernomor untuk pemilik.", "without a numbered document to the owner."
)
_SHARED: Final = Text(
    "memakai nomor dokumen tindakan lain ({number}).",
    "bears the document number of another act ({number}).",
)


@rule(Text("Perlakuan pada OPTK golongan I", "Treatment of a group I pest"), legal=[GROUP])
def group_one_treated(record: RecordView, context: Context) -> Iterator[Finding]:
    """A treatment is said to have succeeded on a pest from which goods cannot be freed by treatment.

    Source: legal row quarantine.optk_group (group I).
    """
    acts = record.get("acts") or ()
    if not any(act.get("act") == "perlakuan" for act in acts):
        return
    rows = context.legal.rows(GROUP, arrival_day(record, context.places), group="I")
    for pest in record.get("pests") or ():
        listed = codes.listed_pest(
            str(pest.get("eppo_code") or ""), str(pest.get("scientific_name") or "")
        )
        group = pest.get("group") or (listed.group if listed else "")
        if group != "I" or pest.get("alive") is not False:
            continue
        name = str(pest.get("scientific_name") or pest.get("eppo_code") or "-")
        tail = unsure(rows)
        yield Finding(
            "group_one_treated",
            Weight.LOOK,
            Text(
                f"{name} golongan I dicatat tidak hidup setelah perlakuan; media pembawa tidak dapat"
                f" dibebaskan dari golongan itu dengan perlakuan.{tail.id}",
                f"{name} of group I is recorded dead after treatment; goods cannot be freed from"
                f" that group by treatment.{tail.en}",
            ),
            fields=("pests.group", "pests.alive", "acts.act"),
            cites=rows,
            about=name,
        )


@rule(Text("Penahanan melewati batas waktu", "Hold overdue"), legal=[COMPLETE_WITHIN, HOLIDAYS])
def hold_overdue(record: RecordView, context: Context) -> Iterator[Finding]:
    """Goods are held for documents and the working days to complete them have passed.

    A hold for a laboratory result has no such clock.
    Source: UU 21/2019 art. 44, legal row quarantine.missing_documents_working_days.
    """
    held = _latest(record, "penahanan")
    if record.get("state") == "held" and held and held.get("ground") != "laboratory":
        yield from _overdue(
            record,
            context,
            COMPLETE_WITHIN,
            held,
            "hold_overdue",
            Text(
                "Dokumen belum dilengkapi; batasnya {due}.",
                "The documents are not complete; they were due by {due}.",
            ),
        )


@rule(
    Text("Barang ditolak belum dikeluarkan", "Refused goods still here"),
    legal=[OUT_WITHIN, HOLIDAYS],
)
def refused_goods_overdue(record: RecordView, context: Context) -> Iterator[Finding]:
    """Refused goods are still here and the working days to take them out have passed.

    Source: UU 21/2019 art. 45, legal row quarantine.refused_goods_out_working_days.
    """
    if record.get("state") == "refused" and not record.get("goods_out_at"):
        yield from _overdue(
            record,
            context,
            OUT_WITHIN,
            _latest(record, "penolakan"),
            "refused_goods_overdue",
            Text(
                "Barang yang ditolak belum dikeluarkan; batasnya {due}.",
                "The refused goods have not been taken out; they were due out by {due}.",
            ),
        )


def _latest(record: RecordView, name: str) -> Act | None:
    acts = [act for act in record.get("acts") or () if act.get("act") == name]
    return acts[-1] if acts else None


def _overdue(
    record: RecordView, context: Context, topic: str, act: Act | None, name: str, said: Text
) -> Iterator[Finding]:
    issued = instant(act.get("issued_at")) if act else None
    if issued is None:
        return
    zone = zone_of(record.place, context.places)
    due, settled = clock_due(topic, issued, zone, context.legal)
    if due is None or context.now <= due:
        return
    until, now = f"{due:%d-%m-%Y %H:%M}", f"{context.now.astimezone(zone):%d-%m-%Y %H:%M}"
    # Without the holidays the true end may lie later: the officer looks at the calendar first.
    counted = holidays_entered(context.legal, due.date())
    tail = Text("", "") if counted else _NO_HOLIDAYS
    text = said.fill(due=until)
    yield Finding(
        name,
        Weight.ALERT if counted and settled.certain else Weight.LOOK,
        Text(f"{text.id}{tail.id}", f"{text.en}{tail.en}"),
        fields=("acts.act", "acts.issued_at", "state"),
        compared=(Compared(Text("Batas / sekarang", "Due / now"), until, now, agree=False),),
        cites=(*settled.rows, *context.legal.settle(HOLIDAYS, due.date()).rows),
    )
