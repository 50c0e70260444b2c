"""The rows of a sender's table as drafts: each body is built by the mapping and read by the kind's own reader.

Never raises for what the bytes hold: a row becomes a draft or a rejection that names row and column.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from tapal.core.finding import Finding, Weight
from tapal.core.kind import Kind
from tapal.core.mapped import Mapped
from tapal.core.profiles import Field, body_fields
from tapal.core.reading import Draft, Format, Header, Item, ReadContext, Rejection, Sent
from tapal.core.record import Place
from tapal.core.text import Text
from tapal.formats import table_words, tables
from tapal.formats.delimited import IsHeading, Row
from tapal.formats.mapped import cells, table
from tapal.formats.mapped.shape import Leaf, leaves, merge, put, take_away
from tapal.formats.mapped.table import IGNORED, NUMBER, POST, Column, plain

_MOST_TOLD = 5
_TRIES = 8
"""So many values of a row may be taken out before it is rejected."""
_KEPT = 300
Body = dict[str, Any]  # Any: JSON


def format_of(name: str, mapping: table.Mapping, kind: Kind, label: Text, owner: str) -> Format:
    """The mapping as a format that the road reads by, like any other."""
    part = kind.mapped
    assert part is not None
    reader = _Reader(mapping, kind, part)
    return Format(name, label, lambda head: 0, reader.read, owner=owner)


def is_heading(mapping: table.Mapping) -> IsHeading:
    """Tells the row of headings: it holds half of the mapped columns at least, and one of them."""
    wanted = {plain(c.heading) for c in mapping.columns if c.path and c.path != IGNORED}

    def tells(found: Sequence[str]) -> bool:
        held = wanted & set(map(plain, found))
        return bool(held) and 2 * len(held) >= len(wanted)

    return tells


@dataclass(slots=True)
class _Row:
    """One record while it is built from its row or rows."""

    place: str
    raw: str
    body: Body = field(default_factory=dict)
    aside: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    post: str = ""
    number: str = ""
    digest: str = ""
    told: set[str] = field(default_factory=set)
    missing: Column | None = None


class _Reader:
    def __init__(self, mapping: table.Mapping, kind: Kind, part: Mapped) -> None:
        self._mapping, self._kind, self._part = mapping, kind, part
        self._fields: Mapping[str, Field] = body_fields(kind.model)
        self._leaves: Mapping[str, Leaf] = leaves(kind.model)
        self._columns = {plain(c.heading): c for c in mapping.columns}
        form = kind.format(part.format)
        assert form is not None
        self._form = form

    def read(self, data: bytes, context: ReadContext) -> Iterator[Item]:
        """Yield a header, then a draft or a rejection for each row, or for rows under one number."""
        tells = is_heading(self._mapping)
        titles = tables.manner(data, tells).titles
        whole, old_mac = self._of_table(titles), False
        found = tables.read(data, tells)
        rows: list[Row | Rejection] = []
        for item in found:
            if isinstance(item, Row) or item.code not in table_words.TABLE:
                rows.append(item if isinstance(item, Row) else table_words.rejection(item))
                break
            old_mac = old_mac or item.code == "calendar_1904"
            if len(whole) < _MOST_TOLD:
                whole.append(table_words.finding(item))
        yield Header(sender=self._mapping.system, findings=tuple(whole))
        if not tells(titles):
            yield self._no_columns(titles)
            return
        around = cells.Around(self._part, self._mapping, old_mac)
        held: _Row | None = None
        for each in _after(rows, found):
            if isinstance(each, Rejection):
                yield each
                continue
            row = self._row(each, around)
            if held and self._mapping.joined and row.number and row.number == held.number:
                self._join(held, row)
                continue
            if held:
                yield self._item(held, context)
            held = row
        if held:
            yield self._item(held, context)

    def _of_table(self, titles: Sequence[str]) -> list[Finding]:
        """The columns that the mapping does not know, or that it knows and the table lacks."""
        told = []
        have = set(map(plain, titles))
        new = [title for title in titles if title and plain(title) not in self._columns]
        gone = [c.heading for c in self._mapping.columns
                if c.path and c.path != IGNORED and plain(c.heading) not in have]  # fmt: skip
        for name, text, found in (("new", _NEW, new), ("gone", _GONE, gone)):
            if found:
                said = text.fill(names=", ".join(found)[:_KEPT])
                told.append(Finding(f"table_columns_{name}", Weight.LOOK, said, about=name))
        return told

    def _no_columns(self, titles: Sequence[str]) -> Rejection:
        wanted = [c.heading for c in self._mapping.columns if c.path and c.path != IGNORED]
        return Rejection(
            "row 1",
            Text("Kolom pemetaan tidak ada dalam tabel.", "The mapping's columns are not there."),
            Text(
                "Pemetaan mencari: {names}. Pakai pemetaan lain atau perbaiki baris judul.",
                "The mapping looks for: {names}. Use another mapping or mend the headings.",
            ).fill(names=", ".join(wanted)[:_KEPT]),
            ", ".join(titles)[:_KEPT],
        )

    def _row(self, row: Row, around: cells.Around) -> _Row:
        made = _Row(str(row.place), "; ".join(c for c in row.cells.values() if c))
        by_path: dict[str, list[tuple[Column, str]]] = {}
        said: dict[str, str] = {}
        for heading, cell in row.cells.items():
            column = self._columns.get(plain(heading), _ASIDE)
            made.told.add(column.path)
            text = cells.said(cell, column.path)
            if not text or column.path == IGNORED:
                continue
            said[plain(heading)] = text
            if column.path:
                by_path.setdefault(column.path, []).append((column, text))
            else:
                made.aside[heading] = text
        if row.extra:
            made.aside["beyond the headings"] = "; ".join(row.extra)
        made.number = " ".join(text for _, text in by_path.pop(NUMBER, ()))
        made.digest = _digest(said)
        self._constants(made, by_path)
        for column, text in by_path.pop(POST, ())[:1]:
            made.post = column.codes.get(text) or cells.by_table(text, column) or text
        for path, given in by_path.items():
            self._fill(made, path, given, around)
        needed = (p for p in self._part.needed if p not in by_path and self._mapping.of_path(p))
        made.missing = next((self._mapping.of_path(p)[0] for p in needed), None)
        return made

    def _constants(self, made: _Row, by_path: Mapping[str, object]) -> None:
        for path, value in {**self._part.constants, **self._mapping.constants}.items():
            if path == POST:
                made.post = value
            elif path in self._leaves and path not in by_path:
                put(made.body, self._leaves[path], value)

    def _fill(
        self, made: _Row, path: str, given: Sequence[tuple[Column, str]], around: cells.Around
    ) -> None:
        """Set one path from its column, or from several whose cells are joined by blanks."""
        column, leaf = given[0][0], self._leaves.get(path)
        if leaf is None or leaf.table:
            made.aside.update({c.heading: text for c, text in given})
            return
        parts = [text for _, text in given] if leaf.many else [" ".join(t for _, t in given)]
        for text in parts:
            try:
                value = cells.read(text, column, self._fields.get(path), around)
            except cells.Unread as wrong:
                made.aside[column.heading] = text
                made.findings.append(_unread(column, text, wrong.text))
            else:
                put(made.body, leaf, value)
                way = cells.sort_of(column, self._fields.get(path), self._part)
                if way in ("day", "time") and cells.day_number(text, around.old_mac):
                    made.findings.append(_from_number(column, text, str(value)))

    def _join(self, held: _Row, row: _Row) -> None:
        differ = merge(held.body, row.body)
        held.findings += row.findings
        held.aside |= {h: t for h, t in row.aside.items() if h not in held.aside}
        held.digest = _digest({"first": held.digest, "next": row.digest})
        held.raw = f"{held.raw}\n{row.raw}"
        if differ:
            text = _DIFFER.fill(place=row.place, names=", ".join(differ)[:_KEPT])
            held.findings.append(
                Finding("mapped_rows_differ", Weight.LOOK, text, tuple(differ), about=row.place)
            )

    def _item(self, row: _Row, context: ReadContext) -> Item:
        if row.missing is not None:
            return _empty(row, row.missing)
        place = self._post(row, context)
        if row.post and place is None:
            column = next(iter(self._mapping.of_path(POST)), None)
            row.findings.append(_no_post(column, row.post))
            row.aside[column.heading if column else "post"] = row.post
        if row.aside:
            self._part.keep(row.body, row.aside)
        here = replace(context, post=place or context.post)
        for _ in range(_TRIES):
            item = self._by_kind(row.body, here)
            if isinstance(item, Draft):
                return self._draft(row, item, here)
            wrong = self._first_wrong(row.body)
            if wrong is None:
                return replace(item, place=row.place, raw=row.raw)
            if not self._drop(row, wrong):
                return self._unfit(row, wrong)
        return Rejection(row.place, *_NOTHING, row.raw)

    def _by_kind(self, body: Body, context: ReadContext) -> Draft | Rejection:
        data = json.dumps([body], ensure_ascii=False).encode("utf-8", "replace")
        found = [i for i in self._form.read(data, context) if not isinstance(i, Header)]
        return found[0] if found else Rejection("", *_NOTHING)

    def _draft(self, row: _Row, draft: Draft, context: ReadContext) -> Draft:
        post = draft.post or (context.post.id if context.post else None)
        sent = Sent(row.number, row.digest, frozenset(row.told)) if row.number else None
        findings = (*row.findings, *draft.findings)
        return replace(draft, place=row.place, post=post, findings=findings, sent=sent)

    def _post(self, row: _Row, context: ReadContext) -> Place | None:
        if not row.post or row.post in context.places:
            return context.places.get(row.post)
        words = plain(row.post)
        named = [p for p in context.places.values() if plain(p.name) == words]
        return named[0] if len(named) == 1 else None

    def _first_wrong(self, body: Body) -> _Misfit | None:
        """The first place at which the body does not fit its model, and why."""
        try:
            self._kind.model.model_validate(body)
        except ValidationError as error:
            first = error.errors()[0]
            return _Misfit(tuple(first["loc"]), _why(first["type"], first["msg"]))
        return None

    def _drop(self, row: _Row, wrong: _Misfit) -> bool:
        """Take what does not fit out of the body, and say so; False where no record would be left."""
        leaf, column = self._leaves.get(wrong.path), self._column_of(wrong.path)
        if leaf is None or not leaf.cut or column is None or wrong.path in self._part.needed:
            return False
        held = take_away(row.body, wrong.location, leaf.cut)
        if held is None:
            return False
        text = held if isinstance(held, str) else json.dumps(held, ensure_ascii=False)
        if column.heading not in row.aside:
            self._part.keep(row.body, {column.heading: text})
            row.findings.append(_unread(column, text, wrong.why))
        return True

    def _column_of(self, path: str) -> Column | None:
        """The column that fills a path, or a part beside it."""
        beside = path.rpartition(".")[0]
        near = (c for c in self._mapping.columns if beside and c.path.startswith(f"{beside}."))
        return next(iter(self._mapping.of_path(path)), None) or next(near, None)

    def _unfit(self, row: _Row, wrong: _Misfit) -> Rejection:
        column = self._column_of(wrong.path)
        where = column.heading if column else wrong.path
        return Rejection(
            f"{row.place} {where}",
            Text("Isian {where} tidak sesuai: {why}.", "{where} does not fit: {why}.").fill(
                where=where, why=wrong.why
            ),
            _MEND.fill(where=where),
            row.raw,
        )


@dataclass(frozen=True, slots=True)
class _Misfit:
    """A place in a body that does not fit its model, lists counted."""

    location: tuple[str | int, ...]
    why: Text

    @property
    def path(self) -> str:
        return ".".join(part for part in self.location if isinstance(part, str))


def _why(sort: str, message: str) -> Text:
    if sort == "missing":
        return Text("harus diisi", "it must be there")
    return Text("bentuknya tidak sesuai", message[:120])


def _after(first: Sequence[Row | Rejection], rest: Iterator[Any]) -> Iterator[Row | Rejection]:
    yield from first
    for item in rest:
        if isinstance(item, Row):
            yield item
        elif item.code not in table_words.TABLE:
            yield table_words.rejection(item)


def _digest(said: Mapping[str, str]) -> str:
    told = json.dumps(said, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _unread(column: Column, text: str, why: Text) -> Finding:
    said = Text(
        "Kolom {c}: “{raw}” tidak terbaca ({why}). Nilai aslinya disimpan.",
        "Column {c}: “{raw}” cannot be read ({why}). It is kept as sent.",
    ).fill(c=column.heading, raw=text[:60], why=why)
    return Finding("mapped_unreadable", Weight.LOOK, said, (column.path,), about=column.heading,
                   data={"column": column.heading})  # fmt: skip


def _from_number(column: Column, text: str, value: str) -> Finding:
    said = Text(
        "Kolom {c}: nomor hari lembar kerja {raw} dibaca sebagai {value}.",
        "Column {c}: the spreadsheet's day number {raw} was read as {value}.",
    ).fill(c=column.heading, raw=text, value=value)
    return Finding("mapped_day_number", Weight.LOOK, said, (column.path,), about=column.heading,
                   data={"column": column.heading})  # fmt: skip


def _no_post(column: Column | None, text: str) -> Finding:
    said = Text("Pos “{raw}” tidak dikenal.", "The post “{raw}” is not known.")
    data = {"column": column.heading} if column else {}
    return Finding("mapped_post", Weight.LOOK, said.fill(raw=text[:60]), data=data)


def _empty(row: _Row, column: Column) -> Rejection:
    return Rejection(
        f"{row.place} {column.heading}",
        Text("Kolom {c} kosong atau tidak terbaca.", "Column {c} is empty or cannot be read.").fill(
            c=column.heading
        ),
        _MEND.fill(where=column.heading),
        row.raw,
    )


_ASIDE = Column("")
_MEND = Text(
    "Isi kolom {where} di baris ini, lalu kirim lagi.",
    "Fill in column {where} of this row and send it again.",
)
_NOTHING = (
    Text("Baris ini tidak menjadi catatan.", "This row gave no record."),
    Text("Periksa isinya, lalu kirim lagi.", "Check what it holds and send it again."),
)
_NEW = Text(
    "Kolom yang belum dipetakan: {names}. Isinya disimpan sebagaimana dikirim.",
    "Columns that are not mapped: {names}. What they hold is kept as sent.",
)
_GONE = Text(
    "Kolom pemetaan yang tidak ada: {names}.", "Mapped columns that are not there: {names}."
)
_DIFFER = Text(
    "Di {place} kolom ini berbeda dari baris pertamanya, yang berlaku: {names}.",
    "At {place} these differ from its first row, which stands: {names}.",
)
