"""What somebody typed into a cell, read as the operand of its column, and shown again as he would type it."""

from __future__ import annotations

import re

from tapal.core.errors import Rejected
from tapal.core.profiles.fields import span
from tapal.core.profiles.table import (
    COUNTING,
    MAX_LENGTH,
    MAX_VALUES,
    Field,
    Operand,
    Operator,
    Sort,
)
from tapal.core.text import Text

YES = ("ya",)
_RANGE = re.compile(r"\s*(?:\.\.|–|\bs\.?d\.?|\bsampai\b|\bto\b)\s*", re.I)
_NUMBER = re.compile(r"-?\d{1,12}([.,]\d{1,6})?")
_DAY = re.compile(r"(?:(?:(\d{1,2})[-./ ])?(\d{1,2})[-./ ])?(\d{4})")
_TWO, _ONE = (Operator.BETWEEN,), (
    Operator.AT_LEAST, Operator.AT_MOST, Operator.BEFORE, Operator.AFTER, *COUNTING,
)  # fmt: skip


def operand_of(field: Field, operator: Operator, text: str) -> Operand | None:
    """The operand of a cell, None for one left empty. Raises Rejected, saying what would fit."""
    text = text.strip()
    if not text:
        return None
    if operator in (Operator.PRESENT, Operator.ABSENT):
        return YES
    if operator in _TWO:
        parts = [p for p in _RANGE.split(text) if p.strip()]
        if len(parts) != 2:
            raise refused(text, "Tulis dua nilai, seperti 5..10.", "Write two values, as in 5..10.")
    elif operator in _ONE:
        parts = [text]
    else:
        parts = _parts(field, text)
    values = tuple(dict.fromkeys(_value(field, operator, p.strip()) for p in parts if p.strip()))
    if not 1 <= len(values) <= MAX_VALUES:
        raise refused(
            text,
            f"Isi satu sampai {MAX_VALUES} nilai dengan koma di antaranya.",
            f"Write one to {MAX_VALUES} values with commas between them.",
        )
    if operator in _TWO:
        values = values * 2 if len(values) == 1 else values
        _in_order(field, text, values)
    return values


def _parts(field: Field, text: str) -> list[str]:
    """Commas part values, semicolons too; a word of the code list may hold a comma itself."""
    if field.sort is Sort.CODE and _code(field, text) is not None:
        return [text]
    return re.split(r"[;\n]" if field.sort is Sort.NUMBER else r"[,;\n]", text)


def _value(field: Field, operator: Operator, text: str) -> str:
    if len(text) > MAX_LENGTH:
        raise refused(text[:40], "Nilainya terlalu panjang.", "The value is too long.")
    if not text.isprintable():
        raise refused("?", "Ada tanda yang tidak tercetak.", "There is an unprintable character.")
    if operator in COUNTING:
        return _whole(text)
    if field.sort is Sort.NUMBER:
        return _number(field, text)
    if field.sort is Sort.DAY:
        return _day(text)
    if field.sort is Sort.CODE:
        code = _code(field, text)
        if code is None:
            raise refused(text, "Kode itu tidak ada dalam daftar.", "That code is not in its list.")
        return code
    return text


def _code(field: Field, text: str) -> str | None:
    """A code as it stands in its list, or found by its words; any text where there is no list."""
    if field.codes is None:
        return text
    if text in field.codes:
        return text
    folded = text.casefold()
    for code, words in field.codes.items():
        if folded in (code.casefold(), words.id.casefold(), words.en.casefold()):
            return code
    return None


def _whole(text: str) -> str:
    if not text.isascii() or not text.isdigit() or int(text) > 36_600:
        raise refused(text, "Tulis bilangan bulat.", "Write a whole number.")
    return str(int(text))


def _number(field: Field, text: str) -> str:
    if not text.isascii() or not _NUMBER.fullmatch(text):
        raise refused(text, "Tulis sebuah bilangan.", "Write a number.")
    number = float(text.replace(",", "."))
    if field.cycle and not (0 <= number < field.cycle and number.is_integer()):
        last = field.cycle - 1
        raise refused(text, f"Tulis 0 sampai {last}.", f"Write 0 to {last}.")
    if field.most and number > field.most:
        raise refused(
            text,
            f"Yang dihitung paling banyak {field.most}.",
            f"No more than {field.most} are counted.",
        )
    return f"{number:.10g}"


def _day(text: str) -> str:
    found = _DAY.fullmatch(text) if text.isascii() else None
    iso = text
    if found:
        day, month, year = found.groups()
        iso = "-".join([year, *(f"{int(p):02}" for p in (month, day) if p)])
    if not re.fullmatch(r"\d{4}(-\d{2}){0,2}", iso) or span(iso) is None:
        raise refused(text, "Tulis tanggal: 14-02-1988.", "Write a date: 14-02-1988.")
    return iso


def _in_order(field: Field, text: str, values: Operand) -> None:
    if field.sort is Sort.DAY:
        wrong = values[0][:4] > values[1][:4] or values[0] > values[1]
    else:
        wrong = not field.cycle and float(values[0]) > float(values[1])
    if wrong:
        raise refused(text, "Tulis yang kecil lebih dahulu.", "Write the smaller one first.")


def shown(field: Field, operator: Operator, operand: Operand | None) -> str:
    """The operand as somebody would type it."""
    if operand is None:
        return ""
    if operator in (Operator.PRESENT, Operator.ABSENT):
        return YES[0]
    if field.sort is Sort.DAY and operator not in COUNTING:
        operand = tuple("-".join(reversed(v.split("-"))) for v in operand)
    between = ".." if operator in _TWO else "; " if field.sort is Sort.NUMBER else ", "
    return between.join(operand)


def refused(place: str, said_id: str, said_en: str) -> Rejected:
    """A cell that cannot be read, with what would be read there."""
    return Rejected(
        Text("“{v}” tidak dapat dipakai di sini.", "“{v}” cannot be used here.").fill(v=place),
        Text(said_id, said_en),
        place=place,
    )
