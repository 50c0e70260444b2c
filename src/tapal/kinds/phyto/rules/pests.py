"""Pests found, held against the list of quarantine pests (OPTK)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from tapal.core.finding import Compared, Finding, Weight
from tapal.core.legal import LegalRow
from tapal.core.record import RecordView
from tapal.core.rules import Context, rule
from tapal.core.text import Text
from tapal.kinds.phyto import codes, words
from tapal.kinds.phyto.clocks import arrival_day, day_of, shown

_CATEGORY: Final = "quarantine.optk_category"
_GROUP: Final = "quarantine.optk_group"
_FIELDS: Final = (
    "pests.scientific_name",
    "pests.eppo_code",
    "pests.category",
    "pests.group",
    "pests.found",
)

# Any: a pest is JSON.
Pest = Mapping[str, Any]


@rule(Text("OPTK ditemukan", "Quarantine pest found"), legal=[_CATEGORY, _GROUP])
def listed_pest_found(record: RecordView, context: Context) -> Iterator[Finding]:
    """A pest found is a quarantine pest: by the list held, or by the officer's own classification.

    Category (A1, A2) and group (I, II) are two axes; each finding names the list's version and date
    and the day of the find. Source: codes/optk.csv; legal rows quarantine.optk_category and
    quarantine.optk_group.
    """
    for pest in record.get("pests") or ():
        listed = _listed(pest)
        category = pest.get("category") or (listed.category if listed else "")
        group = pest.get("group") or (listed.group if listed else "")
        if not category and not group:
            continue
        found = (
            day_of(pest.get("found"))
            or day_of(record.get("inspection.inspected_at"))
            or arrival_day(record, context.places)
        )
        cites = _cites(context, found, category, group)
        yield Finding(
            "listed_pest_found",
            Weight.ALERT,
            _sentence(pest, listed, found, category, group),
            fields=_FIELDS,
            compared=_compared(pest, listed),
            cites=cites,
            about=_name(pest),
            data={
                "category": category,
                "group": group,
                "list_version": listed.list_version if listed else "",
                "list_date": listed.list_date if listed else "",
                "found": found.isoformat(),
                # Whether somebody who may classified it, or the list that says so was read.
                "sure": bool(pest.get("category") or pest.get("group"))
                or bool(listed and listed.confidence == "checked"),
            },
        )


@rule(Text("OPT tidak ada dalam daftar", "Pest not on the list held"))
def pest_not_on_list(record: RecordView, context: Context) -> Iterator[Finding]:
    """A pest found is not in the list held, which is a part of the decree's: check it there.

    Source: codes/optk.csv (a subset, unchecked).
    """
    for pest in record.get("pests") or ():
        if _listed(pest) or pest.get("category") or pest.get("group"):
            continue
        yield Finding(
            "pest_not_on_list",
            Weight.LOOK,
            Text(
                "{name} tidak ada dalam sebagian daftar OPTK yang tersimpan: periksa keputusannya.",
                "{name} is not in the part of the pest list held here: check the decree.",
            ).fill(name=_name(pest)),
            fields=_FIELDS,
            about=_name(pest),
        )


def _listed(pest: Pest) -> codes.ListedPest | None:
    return codes.listed_pest(
        str(pest.get("eppo_code") or ""), str(pest.get("scientific_name") or "")
    )


def _name(pest: Pest) -> str:
    return str(pest.get("scientific_name") or pest.get("eppo_code") or "-")


def _cites(context: Context, day: date, category: str, group: str) -> tuple[LegalRow, ...]:
    return (
        *context.legal.rows(_CATEGORY, day, category=category),
        *context.legal.rows(_GROUP, day, group=group),
    )


def _sentence(
    pest: Pest, listed: codes.ListedPest | None, found: date, category: str, group: str
) -> Text:
    none = Text("belum ditetapkan", "not determined")
    kind = words.CATEGORIES.get(category, Text(f"kategori {none.id}", f"category {none.en}"))
    sort = words.GROUPS.get(group, Text(f"golongan {none.id}", f"group {none.en}"))
    if listed is None:
        source = Text("menurut petugas", "by the officer")
    else:
        source = Text(f"daftar {listed.list_version}", f"list {listed.list_version}")
        if listed.confidence != "checked":
            source = Text(
                f"menurut sebagian daftar {listed.list_version} yang belum diverifikasi",
                f"by a part of the list {listed.list_version}, unchecked",
            )
    return Text(
        f"{_name(pest)} ditemukan {shown(found)}: OPTK {kind.id}, {sort.id} ({source.id}).",
        f"{_name(pest)} found on {shown(found)}: quarantine pest, {kind.en}, {sort.en} ({source.en}).",
    )


def _compared(pest: Pest, listed: codes.ListedPest | None) -> tuple[Compared, ...]:
    if listed is None:
        return ()
    ours = " ".join(filter(None, (pest.get("eppo_code"), pest.get("scientific_name"))))
    theirs = f"{listed.eppo_code} {listed.scientific_name}".strip()
    return (Compared(Text("OPT", "Pest"), ours, theirs, agree=True),)
