"""The sentences an officer reads beside a hit, each with the two values compared."""

from __future__ import annotations

import re

from tapal.core.text import Text
from tapal.data.states import state_said
from tapal.engines.screening.countries import alpha3

# Field and way of comparing -> sentence, for or against.
_SENTENCES: dict[tuple[str, str], Text] = {
    ("name", "same"): Text(
        "Nama sama: “{ours}” dan “{theirs}”.", "Names agree: “{ours}” and “{theirs}”."
    ),
    ("name", "sound"): Text(
        "Nama sama bunyinya, lain ejaannya: “{ours}” dan “{theirs}”.",
        "Names sound alike but are spelt differently: “{ours}” and “{theirs}”.",
    ),
    ("name", "part"): Text(
        "Nama sama sebagian, ada kata yang hanya di satu pihak: “{ours}” dan “{theirs}”.",
        "Names agree in part, one has words the other lacks: “{ours}” and “{theirs}”.",
    ),
    ("name", "conflict"): Text(
        "Sebagian nama berbeda: “{ours}” dan “{theirs}”.",
        "Part of the name differs: “{ours}” and “{theirs}”.",
    ),
    ("name", "other"): Text(
        "Nama berbeda: “{ours}” dan “{theirs}”.", "Names differ: “{ours}” and “{theirs}”."
    ),
    ("name", "swapped"): Text(
        "Nama sendiri dan nama ayah bertukar tempat, mungkin ayah dan anak: “{ours}” dan “{theirs}”.",
        "Own name and father's name have changed places, perhaps father and child: “{ours}” and "
        "“{theirs}”.",
    ),
    ("name", "common"): Text(
        "Orang lain dapat bernama sama, jadi nama “{ours}” saja belum membuktikan apa-apa.",
        "Others may bear this name, so “{ours}” alone proves little.",
    ),
    ("birthDate", "same_day"): Text(
        "Tanggal lahir sama: {ours} dan {theirs}.", "Birth dates agree: {ours} and {theirs}."
    ),
    ("birthDate", "same_placeholder"): Text(
        "Tanggal lahir sama ({ours} dan {theirs}), tetapi hari itu sering ditulis bila tanggal "
        "sebenarnya tidak diketahui.",
        "Birth dates agree ({ours} and {theirs}), but this day is often written when the true "
        "one is unknown.",
    ),
    ("birthDate", "day_month_swapped"): Text(
        "Tanggal lahir sama bila hari dan bulan ditukar: {ours} dan {theirs}.",
        "Birth dates agree with day and month swapped: {ours} and {theirs}.",
    ),
    ("birthDate", "same_month"): Text(
        "Bulan dan tahun lahir sama: {ours} dan {theirs}.",
        "Month and year of birth agree: {ours} and {theirs}.",
    ),
    ("birthDate", "same_year"): Text(
        "Tahun lahir sama, harinya tidak diketahui: {ours} dan {theirs}.",
        "Year of birth agrees, the day is not known: {ours} and {theirs}.",
    ),
    ("birthDate", "one_digit"): Text(
        "Tanggal lahir berbeda satu angka, mungkin salah tulis: {ours} dan {theirs}.",
        "Birth dates differ in one digit, perhaps a slip: {ours} and {theirs}.",
    ),
    ("birthDate", "year_beside"): Text(
        "Tahun lahir berselisih satu tahun: {ours} dan {theirs}.",
        "Years of birth are one apart: {ours} and {theirs}.",
    ),
    ("birthDate", "same_year_other_day"): Text(
        "Tahun lahir sama, harinya berbeda: {ours} dan {theirs}.",
        "Year of birth agrees, the day differs: {ours} and {theirs}.",
    ),
    ("birthDate", "other_day"): Text(
        "Tanggal lahir berbeda: {ours} dan {theirs}.", "Birth dates differ: {ours} and {theirs}."
    ),
    ("birthDate", "not_asked"): Text(
        "Tanggal lahir yang diperiksa belum diketahui, pada daftar: {theirs}. Tanyakan: tanggal "
        "lahir dapat memastikannya.",
        "The birth date asked about is not known, the list has {theirs}. Ask for it: it would tell.",
    ),
    ("birthDate", "unknown"): Text(
        "Tanggal lahir tidak dapat dibandingkan: {ours} dan {theirs}.",
        "Birth dates cannot be compared: {ours} and {theirs}.",
    ),
    ("nationality", "same_country"): Text(
        "Kewarganegaraan sama: {ours} dan {theirs}.", "Nationality agrees: {ours} and {theirs}."
    ),
    ("nationality", "other_country"): Text(
        "Kewarganegaraan berbeda: {ours} dan {theirs}.",
        "Nationality differs: {ours} and {theirs}.",
    ),
    ("document", "same_document"): Text(
        "Nomor dokumen sama: {ours} dan {theirs}.", "Document numbers agree: {ours} and {theirs}."
    ),
    ("document", "same_number_other_issuer"): Text(
        "Nomor dokumen sama tetapi negara penerbitnya lain: {ours} dan {theirs}.",
        "Document numbers agree but the issuing countries differ: {ours} and {theirs}.",
    ),
    ("document", "like_document"): Text(
        "Nomor dokumen berbeda satu huruf atau angka: {ours} dan {theirs}.",
        "Document numbers differ in one character: {ours} and {theirs}.",
    ),
    ("document", "other_document"): Text(
        "Nomor dokumen lain, tetapi paspor dapat diganti: {ours} dan {theirs}.",
        "Document numbers differ, but passports are renewed: {ours} and {theirs}.",
    ),
    ("document", "other_hull"): Text(
        "Nomor IMO berbeda: {ours} dan {theirs}. Nomor ini melekat pada lambung kapal.",
        "IMO numbers differ: {ours} and {theirs}. This number stays with the hull.",
    ),
    ("gender", "other_gender"): Text(
        "Jenis kelamin berbeda: {ours} dan {theirs}.", "Sex differs: {ours} and {theirs}."
    ),
    ("gender", "same_gender"): Text(
        "Jenis kelamin sama: {ours} dan {theirs}.", "Sex agrees: {ours} and {theirs}."
    ),
}

_BOTH = re.compile(r"(“?)\{ours\}(”?) (?:dan|and) “?\{theirs\}”?")
_NOTHING = Text("tidak ada", "none")
_SEXES = {
    "m": Text("laki-laki", "male"),
    "male": Text("laki-laki", "male"),
    "f": Text("perempuan", "female"),
    "female": Text("perempuan", "female"),
}


def sentence(field: str, how: str, ours: str, theirs: str) -> Text | None:
    """The sentence for one comparison; None where there is nothing to say."""
    text = _SENTENCES.get((field, how))
    if text is None:
        return None
    a, b = (
        in_words(field, ours) if ours else _NOTHING,
        in_words(field, theirs) if theirs else _NOTHING,
    )
    return (_once(text) if a == b else text).fill(ours=a, theirs=b)


def _once(text: Text) -> Text:
    """The sentence with one value where both sides have the same."""
    return Text(_BOTH.sub(r"\1{ours}\2", text.id), _BOTH.sub(r"\1{ours}\2", text.en))


def in_words(field: str, value: str) -> str | Text:
    """A compared value as both sides' officers read it: sex and countries in words, days as here."""
    if field == "gender":
        return _SEXES.get(value.lower(), value)
    if field == "nationality" and value:
        said = [state_said(alpha3(code) or code) for code in value.split(", ")]
        return Text(", ".join(s.id for s in said), ", ".join(s.en for s in said))
    if field == "birthDate":
        return "-".join(reversed(value.split("-")))
    return value
