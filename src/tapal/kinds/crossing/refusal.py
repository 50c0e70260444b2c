"""The notice of a refusal, with its reasons and remedy in the traveller's language; and the slip."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tapal.core.actions import Page, Sheet
from tapal.core.legal import LegalRow
from tapal.core.record import RecordView
from tapal.core.rules import Context
from tapal.core.text import Text, same
from tapal.kinds.crossing import codes
from tapal.kinds.crossing.entities import full_name
from tapal.kinds.crossing.rules.facts import cited, day_of, last_day, place_name, shown

# Languages of the neighbours beside Indonesian and English, by nationality.
LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "BRN": ("ms",),
    "MYS": ("ms",),
    "PHL": ("fil",),
    "PNG": ("tpi",),
    "TLS": ("tet", "pt"),
}


@cache
def _sentences() -> Mapping[tuple[str, str], tuple[str, bool]]:
    return {
        (row["key"], row["language"]): (row["text"], row["confidence"] == "checked")
        for row in codes.rows("refusal_sentences.csv")
    }


def ground_rows(context: Context, day: date) -> dict[str, LegalRow]:
    """The grounds of refusal in force on a day, by letter."""
    rows: dict[str, LegalRow] = {}
    for letter in "abcdefghijklmnop":
        for row in context.legal.rows("immigration.entry_refusal_ground", day, ground=letter):
            if isinstance(row.value, Mapping):
                rows[str(row.value.get("letter", letter))] = row
    return rows


def grounds_of(context: Context, day: date) -> dict[str, Text]:
    """The words of the grounds, as the form offers them, with their confidence."""
    return {
        letter: Text(
            f"{letter}. {row.value['id']} [{cited([row]).id}]",
            f"{letter}. {row.value['en']} [{cited([row]).en}]",
        )
        for letter, row in ground_rows(context, day).items()
    }


def _refused(record: RecordView) -> bool:
    return bool(record.get("decision.outcome") == "refused")


def _languages(record: RecordView) -> tuple[str, ...]:
    return ("id", "en", *LANGUAGES.get(record.get("person.nationality") or "", ()))


def _notice(record: RecordView, context: Context, language: str) -> Page:
    """What was decided, on which ground and facts, what can be done against it, and on fear."""
    values = _values(record, context, language)
    keys = ["decision", "ground", "facts", "remedy", "fear"]
    if not _sentences()[("decision", language)][1]:
        keys.append("unverified")
    title = _sentences()[("title", language)][0]
    return Page(
        title=Text(title, title),
        rows=_notice_rows(record, values),
        paragraphs=tuple(_sentences()[(key, language)][0].format(**values) for key in keys),
        signatures=(
            Text("Pejabat imigrasi", "Immigration officer"),
            Text(
                "Yang bersangkutan (keberatan: ....................)",
                "The person (objection: ......)",
            ),
        ),
        language=language,
    )


def _values(record: RecordView, context: Context, language: str) -> dict[str, str]:
    """What the notice's sentences name; law in Indonesian or, in every other language, English."""
    day = day_of(record, context)
    row = ground_rows(context, day).get(record.get("decision.ground") or "")
    spoken = language if language in ("id", "en") else "en"
    remedies = context.legal.rows("immigration.remedy", day, act="entry_refusal")
    told = " ".join(f"{r.value[spoken]} ({cited([r]).say(spoken)})" for r in remedies)
    return {
        "name": full_name(record.get("person") or {}),
        "document": _document(record),
        "day": shown(day),
        "post": place_name(record.place, context),
        "ground": str(row.value[spoken]) if row else str(record.get("decision.ground") or "-"),
        "citation": cited([row]).say(spoken) if row else "-",
        "facts": str(record.get("decision.facts") or "-"),
        "remedy": told or "-",
    }


def _notice_rows(record: RecordView, values: Mapping[str, str]) -> tuple[tuple[Text, str], ...]:
    papers = record.get("decision.papers") or []
    rows = (
        (Text("Nomor", "Number"), str(papers[-1]["number"]) if papers else ""),
        (Text("Nama", "Name"), values["name"]),
        (Text("Dokumen", "Document"), values["document"]),
        (Text("Kewarganegaraan", "Nationality"), record.get("person.nationality") or ""),
        (Text("Petugas yang memutuskan", "Deciding officer"), _by(record)),
    )
    return tuple((label, value) for label, value in rows if value)


def _by(record: RecordView) -> str:
    return str(record.get("decision.by") or "")


def _document(record: RecordView) -> str:
    state, number = record.get("document.issuing_state"), record.get("document.number")
    return " ".join(part for part in (state, number) if part) or "-"


def _time(record: RecordView) -> str:
    """The local time with its zone's usual letters (WIB, WITA, WIT)."""
    text, zone = str(record.get("local_time") or "-"), str(record.get("zone") or "")
    try:
        at = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    except (ValueError, ZoneInfoNotFoundError):
        return f"{text.replace('T', ' ')} {zone if zone[:1] in '+-' else ''}".strip()
    return f"{at:%d-%m-%Y %H:%M %Z}"


def _admitted(record: RecordView) -> bool:
    return bool(record.get("decision.outcome") == "admitted")


def _slip(record: RecordView, context: Context, language: str) -> Page:
    """What the traveller keeps: that he crossed, where and when."""
    direction = codes.DIRECTIONS.get(record.get("direction") or "", same("-"))
    until = record.get("stay.permitted_until")
    days = record.get("stay.permitted_days")
    rows = (
        (Text("Nama", "Name"), full_name(record.get("person") or {})),
        (Text("Dokumen", "Document"), _document(record)),
        (Text("Arah", "Direction"), direction.say(language)),
        (Text("Pos", "Post"), place_name(record.place, context)),
        (
            Text("Waktu", "Time"),
            _time(record),
        ),
        (Text("Izin tinggal sampai", "Permitted until"), shown(last_day(until)) if until else ""),
        (Text("Lama tinggal (hari)", "Permitted days"), str(days) if days else ""),
        (Text("Petugas", "Officer"), _by(record)),
    )
    return Page(
        title=Text("Bukti lintas batas", "Crossing slip"),
        rows=tuple((label, value) for label, value in rows if value),
        signatures=(Text("Petugas", "Officer"),),
        language=language,
    )


SHEETS = (
    Sheet(
        "refusal_notice",
        Text("Surat penolakan masuk", "Notice of refusal"),
        _refused,
        _notice,
        _languages,
    ),
    Sheet(
        "crossing_slip",
        Text("Bukti lintas", "Crossing slip"),
        _admitted,
        _slip,
        lambda record: ("id", "en"),
    ),
)
