"""Rules on whose citizen the holder is."""

from __future__ import annotations

from collections.abc import Iterator

from tapal.core.country import HOME
from tapal.core.finding import Finding, Weight
from tapal.core.record import RecordView
from tapal.core.rules import Context, rule
from tapal.core.text import Text
from tapal.kinds.crossing.citizenship import is_citizen, may_be_citizen
from tapal.kinds.crossing.codes import (
    state_known,
    state_said,
)


@rule(Text("Kewarganegaraan belum jelas", "Citizenship unclear"))
def citizenship_unclear(record: RecordView, context: Context) -> Iterator[Finding]:
    """Tell that a foreigner by his first nationality may be a citizen: by a second one, or a document of ours.

    His entry is clarified before anything else. Source: UU 6/2011 art. 13-14; UU 12/2006 gives
    children of mixed marriages two nationalities for a time.
    """
    first = record.get("person.nationality")
    if not first or first == HOME or not may_be_citizen(record):
        return
    yield Finding(
        "citizenship_unclear",
        Weight.LOOK,
        _doubt(first, second=is_citizen(record)),
        ("person.nationality", "person.other_nationalities", "document.issuing_state"),
    )


def _doubt(first: str, *, second: bool) -> Text:
    if second:
        said = Text(
            "Kewarganegaraan tercatat {first} dan juga Indonesia: pastikan sebelum ada keputusan.",
            "The nationality is recorded as {first} and as Indonesian too: clarify before deciding.",
        )
    elif first == "XXX":
        said = Text(
            "Kewarganegaraan tidak disebut dalam dokumen (XXX): pastikan sebelum ada keputusan.",
            "The document states no nationality (XXX): clarify before deciding.",
        )
    else:
        said = Text(
            "Dokumen terbitan Indonesia, tetapi kewarganegaraannya tertulis {first}: pastikan sebelum "
            "ada keputusan.",
            "A document issued by Indonesia, yet the nationality reads {first}: clarify before deciding.",
        )
    return said.fill(first=state_said(first))


@rule(Text("Kode negara tidak dikenal", "Unknown State code"))
def state_code_unknown(record: RecordView, context: Context) -> Iterator[Finding]:
    """Tell a nationality or issuing State that is no code of ISO 3166 or ICAO Doc 9303."""
    for path, label in (
        ("person.nationality", Text("Kewarganegaraan", "Nationality")),
        ("document.issuing_state", Text("Negara penerbit", "Issuing State")),
    ):
        code = record.get(path)
        if code and not state_known(code):
            yield Finding(
                "state_code_unknown",
                Weight.LOOK,
                Text(
                    f"{label.id} “{code}” bukan kode negara yang dikenal.",
                    f"{label.en} “{code}” is no known State code.",
                ),
                (path,),
                about=path,
            )
