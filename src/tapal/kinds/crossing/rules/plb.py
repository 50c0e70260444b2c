"""Rules of the border pass (pas lintas batas) under the agreement that it is held under.

Every value is a legal row; where it is unchecked or disputed the officer decides and signs.
Sources: Arrangement on Traditional Border Crossings with Timor-Leste (2003), border crossing
agreements with Malaysia, Papua New Guinea and the Philippines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from tapal.core.finding import Compared, Finding, Weight
from tapal.core.legal import Settled
from tapal.core.record import RecordView
from tapal.core.rules import Context, rule
from tapal.core.text import Text, same
from tapal.kinds.crossing.codes import PURPOSES, areas
from tapal.kinds.crossing.rules.facts import (
    anniversary,
    day_of,
    first_day,
    goes_home,
    last_day,
    limit,
    shown,
    unsure,
)
from tapal.kinds.crossing.rules.pass_facts import areas_of, is_border_pass, treaty_of

_CODE = re.compile(r"\d{2}\.\d{2}\.\d{2}")
"""A sub-district's code of the interior ministry."""
_RESIDENCE = Text("Kecamatan asal", "Home sub-district")
_DESTINATION = Text("Tujuan", "Destination")


_OUTSIDE = Text(
    "{label} “{written}” di luar daerah yang disebut perjanjian pas lintas batas.{unknown}{tail}",
    "{label} “{written}” is outside the areas of the border pass agreement.{unknown}{tail}",
)
_UNRECOGNISED = Text(
    " Namanya tidak dikenali sebagai daerah perjanjian.",
    " The name was not recognised as an area of the agreement.",
)


@rule(
    Text("Tempat tinggal di luar wilayah pas", "Residence outside the pass area"),
    legal=("plb.residence_area",),
)
def border_pass_residence(record: RecordView, context: Context) -> Iterator[Finding]:
    """Tell a border pass whose holder does not live in an area that the agreement lists.

    Areas that were split since the agreement keep the standing of the old one.
    """
    part = record.get("residence")
    if not is_border_pass(record) or not part:
        return
    treaty = treaty_of(record, context)
    settled = context.legal.settle(
        "plb.residence_area",
        day_of(record, context),
        neighbour=treaty.neighbour,
        holder=treaty.holder,
    )
    yield from _outside(settled, part, _RESIDENCE, "border_pass_residence", "residence")


@rule(
    Text("Tujuan di luar wilayah pas", "Destination outside the pass area"),
    legal=("plb.destination_area",),
)
def border_pass_destination(record: RecordView, context: Context) -> Iterator[Finding]:
    """Tell a destination beyond the areas in which the border pass is valid, on the way out.

    Some home areas have a narrower list of their own.
    """
    part = record.get("destination")
    if not is_border_pass(record) or not part or goes_home(record):
        return
    treaty = treaty_of(record, context)
    home = areas_of(record.get("residence"))
    selector = {"residence": home[0].id} if len(home) == 1 else {}
    settled = context.legal.settle(
        "plb.destination_area",
        day_of(record, context),
        neighbour=treaty.neighbour,
        holder=treaty.holder,
        **selector,
    )
    yield from _outside(settled, part, _DESTINATION, "border_pass_destination", "destination")


def _outside(
    settled: Settled, part: dict[str, str], label: Text, name: str, path: str
) -> Iterator[Finding]:
    """Hold an area against the lists of the rows: outside every list, or of some only."""
    lists = [{str(a) for a in (value or {}).get("areas", ())} for value in settled.values]
    if not any(lists):
        return
    meant = areas_of(part)
    inside = [bool({area.id for area in meant} & each) for each in lists]
    written = meant[0].name if len(meant) == 1 else str(part.get("text") or part.get("area"))
    if all(inside):
        return
    # An official code that stands on no list is as sure as a name that does.
    recognised = bool(meant) or bool(_CODE.fullmatch(str(part.get("area") or part.get("text"))))
    certain = settled.certain and recognised and not any(inside)
    yield Finding(
        name,
        Weight.ALERT if certain else Weight.LOOK,
        _OUTSIDE.fill(
            label=label,
            written=written,
            unknown=Text("", "") if recognised else _UNRECOGNISED,
            tail=unsure(settled.rows),
        ),
        (f"{path}.area", f"{path}.text"),
        (Compared(label, written, _names(settled), agree=False),),
        cites=settled.rows,
        disputed=settled.disputed,
    )


MOST_NAMES = 6
"""Names of areas that stand beside a finding; of a longer list the count tells."""


def _names(settled: Settled) -> str:
    """The areas of the lists by name, as far as they fit beside a finding."""
    ids = dict.fromkeys(str(a) for value in settled.values for a in (value or {}).get("areas", ()))
    names = [areas()[each].name if each in areas() else each for each in ids]
    rest = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f", … (+{rest})" if rest > 0 else "")


_UNTIL = Text("berlaku sampai", "valid until")
_TOO_LONG = Text(
    "Pas lintas batas dibuat berlaku {start} sampai {end}, lebih lama dari {most} bulan yang "
    "diizinkan.{tail}",
    "The border pass was made to run from {start} to {end}, longer than the {most} months "
    "allowed.{tail}",
)
_RUNS_TOO_LONG = Text(
    "Pas lintas batas masih berlaku sampai {end}, lebih lama dari {most} bulan yang diizinkan sejak "
    "perlintasan ini; tanggal terbitnya tidak disebut.{tail}",
    "The border pass still runs until {end}, longer than the {most} months allowed from this crossing "
    "on; its date of issue is not given.{tail}",
)


@rule(
    Text("Masa berlaku pas terlalu panjang", "Border pass valid too long"),
    legal=("plb.validity_months", "plb.ceiling_months"),
)
def border_pass_validity(record: RecordView, context: Context) -> Iterator[Finding]:
    """Tell a border pass made valid for longer than its agreement, or the national ceiling, allows.

    Dates that are known in part are read in the holder's favour. One without a date of issue was
    issued by the day of the crossing at the latest and runs at least from then: something to look at.
    """
    issued, expires = record.get("document.issued"), record.get("document.expires")
    if not is_border_pass(record) or not expires:
        return
    day = day_of(record, context)
    treaty = treaty_of(record, context)
    months = limit(
        context.legal.settle("plb.validity_months", day, neighbour=treaty.neighbour)
    ) or limit(context.legal.settle("plb.ceiling_months", day))
    if months is None:
        return
    start, end = last_day(issued) if issued else day, first_day(expires)
    held = _months(start, end)
    weight = months.weight(held)
    if weight is None:
        return
    lawful = anniversary(start, int(months.values[0]))
    yield Finding(
        "border_pass_validity",
        weight if issued else min(weight, Weight.LOOK),
        (_TOO_LONG if issued else _RUNS_TOO_LONG).fill(
            start=shown(start), end=shown(end), most=months.said, tail=unsure(months.rows)
        ),
        ("document.issued", "document.expires") if issued else ("document.expires",),
        (Compared(_UNTIL, end.isoformat(), lawful.isoformat(), agree=False),),
        cites=months.rows,
        disputed=months.disputed,
    )


def _months(start: date, end: date) -> int:
    """Months begun between two days: a pass of exactly 12 months counts 12."""
    near = (end.year - start.year) * 12 + end.month - start.month
    return near + next(n for n in (-1, 0, 1) if end <= anniversary(start, near + n))


@rule(
    Text("Perpanjangan pas melebihi batas", "Border pass extended too often"),
    legal=("plb.extension_count",),
)
def border_pass_extensions(record: RecordView, context: Context) -> Iterator[Finding]:
    """Tell a stay on a border pass that was extended more often than its agreement allows."""
    used = record.get("extensions")
    if not is_border_pass(record) or not isinstance(used, int):
        return
    treaty = treaty_of(record, context)
    most = limit(
        context.legal.settle(
            "plb.extension_count", day_of(record, context), neighbour=treaty.neighbour
        )
    )
    weight = most.weight(used) if most else None
    if most is None or weight is None:
        return
    tail = unsure(most.rows)
    yield Finding(
        "border_pass_extensions",
        weight,
        Text(
            f"Tinggal dengan pas lintas batas diperpanjang {used} kali, paling banyak "
            f"{most.said.id} kali.{tail.id}",
            f"The stay on the border pass was extended {used} times, at most {most.said.en} are "
            f"allowed.{tail.en}",
        ),
        ("extensions",),
        (Compared(Text("perpanjangan", "extensions"), str(used), most.text, agree=False),),
        cites=most.rows,
        disputed=most.disputed,
    )


@rule(
    Text("Keperluan di luar perjanjian pas", "Purpose outside the pass agreement"),
    legal=("plb.purposes", "plb.purpose_covers"),
)
def border_pass_purpose(record: RecordView, context: Context) -> Iterator[Finding]:
    """Tell a purpose for which the agreement does not name the border pass, on the way out.

    Everyday purposes fall under the agreement's words by a legal row. Officers may extend the
    purposes by arrangement: always something to look at, never an alert.
    """
    purpose = record.get("purpose")
    if not is_border_pass(record) or not purpose or goes_home(record):
        return
    treaty = treaty_of(record, context)
    settled = context.legal.settle(
        "plb.purposes", day_of(record, context), neighbour=treaty.neighbour
    )
    allowed = {str(each) for value in settled.values for each in value or ()}
    covers = context.legal.settle("plb.purpose_covers", day_of(record, context))
    words = {str(each) for value in covers.values for each in (value or {}).get(purpose, ())}
    if not allowed or purpose in allowed or words & allowed:
        return
    yield Finding(
        "border_pass_purpose",
        Weight.LOOK,
        Text(
            "Keperluan “{word}” tidak disebut untuk pas lintas batas.{tail}",
            "The purpose “{word}” is not named for the border pass.{tail}",
        ).fill(word=PURPOSES.get(purpose, same(purpose)), tail=unsure(settled.rows)),
        ("purpose",),
        cites=settled.rows,
        disputed=settled.disputed,
    )
