"""The plain form of a mapping: one group of entries for each column, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tapal.core.kind import Kind
from tapal.core.text import Text
from tapal.formats import mapped
from tapal.formats.mapped import IGNORED, NUMBER, POST, Column
from tapal.web import speech

MORE_COLUMNS = 3
MORE_CONSTANTS = 2
_BETWEEN = "="

OWN: Mapping[str, Text] = {
    "": Text("— simpan di samping —", "— keep aside —"),
    IGNORED: Text("— jangan ambil —", "— do not take —"),
    POST: Text("Pos", "Post"),
    NUMBER: Text(
        "Nomor pengirim (agar tidak ganda)", "Sender's own number (so that nothing doubles)"
    ),
}
READS: Mapping[str, Text] = {
    "": Text("sesuai bidangnya", "as the field is"),
    "text": Text("teks", "text"),
    "code": Text("kode", "code"),
    "number": Text("angka", "number"),
    "day": Text("tanggal", "day"),
    "time": Text("tanggal dan jam", "day and time"),
    "list": Text("beberapa nilai, dipisah ;", "several values, parted by ;"),
}
DATES: Mapping[str, Text] = {
    "day": Text("hari dahulu", "day first"),
    "month": Text("bulan dahulu", "month first"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One column's entries as the form shows them."""

    number: int
    heading: str
    path: str
    reads: str
    dates: str
    codes: str


def entries(table: mapped.Mapping, *, more: bool = True) -> list[Entry]:
    """The entries of a mapping's columns, and some empty ones."""
    blank = [Column("")] * (MORE_COLUMNS if more else 0)
    return [
        Entry(
            n,
            c.heading,
            c.path,
            c.reads,
            c.dates,
            "\n".join(f"{a} = {b}" for a, b in c.codes.items()),
        )
        for n, c in enumerate([*table.columns, *blank])
    ]


def constants(table: mapped.Mapping) -> list[tuple[int, str, str]]:
    """The constants with their numbers, and some empty ones."""
    held = [*table.constants.items(), *[("", "")] * MORE_CONSTANTS]
    return [(number, path, value) for number, (path, value) in enumerate(held)]


def targets(kind: Kind) -> list[tuple[str, str]]:
    """What a column may fill, in words, the fields by their words."""
    own = [(path, speech.say(text)) for path, text in OWN.items()]
    fields = [(path, speech.say(f.label)) for path, f in mapped.fields_of(kind).items()]
    return [*own, *sorted(fields, key=lambda each: each[1].casefold())]


def constant_targets(kind: Kind) -> list[tuple[str, str]]:
    """What a constant may stand in."""
    kept = (POST,)
    return [(p, words) for p, words in targets(kind) if p in kept or p not in (*OWN, "")]


def words_of(kind: Kind, path: str) -> str:
    """A target in words."""
    if path in OWN:
        return speech.say(OWN[path])
    field = mapped.fields_of(kind).get(path)
    return speech.say(field.label) if field else path


def read(sent: Mapping[str, str]) -> mapped.Mapping:
    """The mapping that a form holds; groups without a heading are left out."""
    columns = []
    for number in range(mapped.MAX_COLUMNS + MORE_COLUMNS):
        heading = sent.get(f"heading.{number}", "").strip()
        if heading:
            columns.append(
                Column(
                    heading,
                    sent.get(f"path.{number}", ""),
                    sent.get(f"reads.{number}", ""),
                    sent.get(f"dates.{number}", "").strip() or "day",
                    dict(_codes(sent.get(f"codes.{number}", ""))),
                )
            )
    return mapped.Mapping(
        columns=tuple(columns),
        constants=dict(_constants(sent)),
        system=sent.get("system", "").strip(),
        decimal=sent.get("decimal", "."),
        joined=sent.get("joined") == "yes",
    )


def _constants(sent: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for number in range(mapped.MAX_CONSTANTS + MORE_CONSTANTS):
        path, value = sent.get(f"const.{number}", ""), sent.get(f"value.{number}", "").strip()
        if path and value:
            yield path, value


def _codes(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        word, between, code = line.rpartition(_BETWEEN)
        if between and word.strip():
            yield word.strip(), code.strip()
