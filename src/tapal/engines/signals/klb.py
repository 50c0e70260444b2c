"""The ratios by which an outbreak (KLB) may be declared, each with the numbers it compares.

Counts are one place's and one condition's, oldest first, NaN where a period has no report. The
values are dated rows (`rule_layer`); a ratio to nothing cannot be judged and says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from tapal.core.legal import LegalBook
from tapal.core.text import Text
from tapal.engines.signals.rule_layer import (
    NO_VALUE,
    NOT_REPORTED,
    Ruling,
    cited,
    unknown,
    value_of,
)

NO_BASE = Text("pembandingnya nol", "what it is held against is zero")
SHORT = Text("riwayat terlalu pendek", "the past is too short")

RATIO = Text(
    "{what_id}: {now} dibanding {before}, {times} kali (kriteria {limit} kali). {cited}.",
    "{what_en}: {now} against {before}, {times} times (criterion {limit} times). {cited}.",
)


def new_disease(counts: Sequence[float], on: date, values: LegalBook, known_for: int) -> Ruling:
    """A disease that was not seen there in `known_for` periods before is there now."""
    limit, rows = value_of(values, "klb.new_disease", on)
    if limit is None:
        return unknown("klb.new_disease", NO_VALUE, rows)
    if math.isnan(counts[-1]):
        return unknown("klb.new_disease", NOT_REPORTED, rows)
    past = [count for count in counts[:-1] if not math.isnan(count)]
    if len(past) < known_for:
        return unknown("klb.new_disease", SHORT, rows)
    alarm = counts[-1] >= limit and sum(past) == 0
    said = cited(rows)
    return Ruling(
        "klb.new_disease",
        alarm,
        Text(
            f"{counts[-1]:g} kasus sekarang, {sum(past):g} dalam {len(past)} periode "
            f"sebelumnya. {said.id}.",
            f"{counts[-1]:g} cases now, {sum(past):g} in the {len(past)} periods "
            f"before. {said.en}.",
        ),
        rows,
    )


def rising_periods(counts: Sequence[float], on: date, values: LegalBook) -> Ruling:
    """The count has risen in so many consecutive periods."""
    rule = "klb.rising_periods"
    limit, rows = value_of(values, rule, on)
    if limit is None:
        return unknown(rule, NO_VALUE, rows)
    last = list(counts[-(int(limit) + 1) :])
    if len(last) <= int(limit):
        return unknown(rule, SHORT, rows)
    if any(math.isnan(count) for count in last):
        return unknown(rule, NOT_REPORTED, rows)
    alarm = all(later > earlier for earlier, later in pairwise(last))
    row = ", ".join(f"{count:g}" for count in last)
    said = cited(rows)
    return Ruling(
        rule,
        alarm,
        Text(
            f"Jumlah kasus berturut-turut {row}; kriteria: naik {limit:g} kali. {said.id}.",
            f"Counts one after the other {row}; criterion: {limit:g} rises. {said.en}.",
        ),
        rows,
    )


def _ratio(rule: str, what: Text, now: float, before: float, on: date, values: LegalBook) -> Ruling:
    limit, rows = value_of(values, rule, on)
    if limit is None:
        return unknown(rule, NO_VALUE, rows)
    if math.isnan(now) or math.isnan(before):
        return unknown(rule, NOT_REPORTED, rows)
    if before <= 0:
        return unknown(rule, NO_BASE, rows)
    said = cited(rows)
    shown = {
        "what_id": what.id,
        "what_en": what.en,
        "now": f"{now:.3g}",
        "before": f"{before:.3g}",
        "times": f"{now / before:.3g}",
        "limit": f"{limit:g}",
    }
    text = Text(RATIO.id.format(cited=said.id, **shown), RATIO.en.format(cited=said.en, **shown))
    # Ratios of counts such as 3/20 to 2/20 are not exact in binary.
    return Ruling(rule, now / before >= limit * (1.0 - 1e-9), text, rows)


def period_ratio(counts: Sequence[float], on: date, values: LegalBook) -> Ruling:
    """The count is so many times that of the period before (hour, day or week)."""
    if len(counts) < 2:
        return unknown("klb.period_ratio", SHORT)
    what = Text("Periode ini dan periode sebelumnya", "This period and the one before")
    return _ratio("klb.period_ratio", what, counts[-1], counts[-2], on, values)


def month_year_ratio(
    month: float, last_year: Sequence[float], on: date, values: LegalBook
) -> Ruling:
    """New cases of a month are so many times the mean month of the year before (12 counts)."""
    if len(last_year) != 12:
        return unknown("klb.month_year_ratio", SHORT)
    what = Text("Bulan ini dan rata-rata bulan tahun lalu", "This month and last year's mean month")
    return _ratio("klb.month_year_ratio", what, month, sum(last_year) / 12, on, values)


def year_ratio(
    year: Sequence[float], last_year: Sequence[float], on: date, values: LegalBook
) -> Ruling:
    """The mean month of a year is so many times that of the year before (12 counts each)."""
    if len(year) != 12 or len(last_year) != 12:
        return unknown("klb.year_ratio", SHORT)
    what = Text(
        "Rata-rata bulan tahun ini dan tahun lalu", "This year's and last year's mean month"
    )
    return _ratio("klb.year_ratio", what, sum(year) / 12, sum(last_year) / 12, on, values)


def fatality_ratio(
    deaths: tuple[float, float], cases: tuple[float, float], on: date, values: LegalBook
) -> Ruling:
    """The case fatality is so many times that of the period before; pairs are (now, before)."""
    if cases[0] <= 0 or cases[1] <= 0:
        return unknown("klb.fatality_ratio", NO_BASE)
    what = Text("Angka kematian kasus", "Case fatality")
    rates = deaths[0] / cases[0], deaths[1] / cases[1]
    return _ratio("klb.fatality_ratio", what, rates[0], rates[1], on, values)


def proportion_ratio(
    cases: tuple[float, float], visits: tuple[float, float], on: date, values: LegalBook
) -> Ruling:
    """The share of a condition among all visits is so many times that of the period before."""
    if visits[0] <= 0 or visits[1] <= 0:
        return unknown("klb.proportion_ratio", NO_BASE)
    what = Text("Proporsi di antara kunjungan", "Proportion among visits")
    shares = cases[0] / visits[0], cases[1] / visits[1]
    return _ratio("klb.proportion_ratio", what, shares[0], shares[1], on, values)
