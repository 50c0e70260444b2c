"""What alerts were worth, how long they waited, and who stayed too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapal.core.text import Text
from tapal.flow.figures.question import Column, Disclosure, Question, Rows, Window

if TYPE_CHECKING:
    from tapal.engines.lake.ask import Table

OVERSTAY = "overstay"
_CHANGES = ("alert.opened", "alert.closed", "alert.reopened")
_LOOKED = ("alert.taken", "alert.closed")


def each_once(rows: Table) -> Table:
    """One row for each alert: when it was opened, first looked at, and how it was closed."""
    last = rows.type.argmax(rows.seq, where=rows.type.isin(_CHANGES))
    closed = rows.type == "alert.closed"
    return rows.group_by("subject").aggregate(
        place=rows.place.min(),
        reason=rows.name.min(),
        opened=rows.at.min(where=rows.type == "alert.opened"),
        looked=rows.at.min(where=rows.type.isin(_LOOKED)),
        closed=last == "alert.closed",
        outcome=rows.outcome.argmax(rows.seq, where=closed),
    )


def yields(rows: Table, window: Window) -> Table:
    """By reason: how many were opened and closed, and how many of those were true or false."""
    found = each_once(rows)
    ended = found.closed.fill_null(False)
    by_reason = found.group_by("reason").aggregate(
        opened=found.count(),
        closed=ended.sum(),
        true=(ended & (found.outcome == "true")).sum(),
        false=(ended & (found.outcome == "false")).sum(),
    )
    share = {
        "true_rate": by_reason.true * 100.0 / by_reason.closed.nullif(0),
        "false_rate": by_reason.false * 100.0 / by_reason.closed.nullif(0),
    }
    return by_reason.mutate(**share).order_by(by_reason.opened.desc(), by_reason.reason)


def waiting(rows: Table, window: Window) -> Table:
    """By post: how long alerts waited for their first look, and how many still wait."""
    found = each_once(rows)
    waited = found.opened.delta(found.looked, unit="second").abs() / 60.0
    return (
        found.mutate(waited=waited)
        .group_by("place")
        .aggregate(
            lambda t: t.count().name("opened"),
            lambda t: t.looked.isnull().sum().name("unseen"),
            lambda t: t.waited.quantile(0.5).name("median"),
            lambda t: t.waited.quantile(0.9).name("slowest"),
        )
        .order_by("place")
    )


def overstays(rows: Table, window: Window) -> Table:
    """By post: alerts of overstay, and how many a person found to be true."""
    found = each_once(rows.filter(rows.name == OVERSTAY))
    true = (found.closed & (found.outcome == "true")).fill_null(False)
    counted = found.group_by("place").aggregate(opened=found.count(), true=true.sum())
    return counted.order_by(counted.opened.desc(), counted.place)


_OPENED = Column("opened", Text("Dibuka", "Opened"))
_PLACE = Column("place", Text("Pos", "Post"), "place")

QUESTIONS = (
    Question(
        "alert_yield",
        Text("Peringatan mana yang ternyata benar?", "Which alerts turn out to be true?"),
        Text(
            "Peringatan yang dibuka pada hari-hari ini, menurut alasannya; persen dari yang sudah"
            " ditutup. Keliru: bukan orang atau hal ini.",
            "Alerts opened on these days by their reason; percent of those closed. False: not this"
            " person or thing.",
        ),
        Rows.ALERTS,
        yields,
        (
            Column("reason", Text("Alasan", "Reason"), "rule"),
            _OPENED,
            Column("closed", Text("Ditutup", "Closed")),
            Column("true", Text("Benar", "True")),
            Column("true_rate", Text("Benar (%)", "True (%)"), "percent"),
            Column("false", Text("Keliru", "False")),
            Column("false_rate", Text("Keliru (%)", "False (%)"), "percent"),
        ),
        Disclosure(
            {
                "opened": (),
                "closed": ("true_rate", "false_rate"),
                "true": ("true_rate",),
                "false": ("false_rate",),
            }
        ),
        chart="bar",
        shown=("opened", "true", "false"),
    ),
    Question(
        "time_in_queue",
        Text("Berapa lama peringatan menunggu?", "How long do alerts wait?"),
        Text(
            "Menit dari dibuka sampai seorang petugas memegang atau menutupnya: separuhnya lebih"
            " cepat dari tengah, satu dari sepuluh lebih lama dari yang terlama.",
            "Minutes from opening until an officer takes or closes it: half are faster than the"
            " median, one in ten slower than the slowest.",
        ),
        Rows.ALERTS,
        waiting,
        (
            _PLACE,
            _OPENED,
            Column("unseen", Text("Belum dilihat", "Not looked at yet")),
            Column("median", Text("Tengah (menit)", "Median (minutes)"), "minutes"),
            Column("slowest", Text("Terlama (menit)", "Slowest (minutes)"), "minutes"),
        ),
        Disclosure({"opened": ("median", "slowest", "unseen")}),
        chart="bar",
        shown=("median", "slowest"),
    ),
    Question(
        "overstays",
        Text("Di pos mana orang melewati masa tinggal?", "At which post do people overstay?"),
        Text(
            "Peringatan “melewati masa tinggal” yang dibuka pada hari-hari ini; yang ringan, yang"
            " hanya ditunjukkan kepada petugas, tidak dihitung.",
            "Alerts of overstay opened on these days; light ones that are only shown to the officer"
            " are not counted.",
        ),
        Rows.ALERTS,
        overstays,
        (_PLACE, _OPENED, Column("true", Text("Terbukti", "Confirmed"))),
        Disclosure({"opened": ("true",), "true": ()}),
        chart="bar",
        shown=("opened",),
    ),
)
