"""What a backtest says to an officer, in both languages: workload, false alarms, detections, delay."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from tapal.core.text import Text
from tapal.engines.signals.backtest import Plant, Report
from tapal.engines.signals.explain import many, number
from tapal.engines.signals.pool import PoolSettings


def told(
    report: Mapping[str, Report], labels: Sequence[str], settings: PoolSettings, plant: Plant
) -> list[Text]:
    """The sentences of a backtest: what was tried, what the history held, what was planted."""
    history = report["history"]
    lines = [_head(history, labels, settings), _workload(history)]
    if history.outbreaks:
        lines.append(_found(history, Text("Wabah yang diketahui", "Known outbreaks")))
    if "planted" in report:
        lines.append(_sown(plant))
        lines.append(_found(report["planted"], Text("Wabah tiruan", "Planted outbreaks")))
    return lines


def _head(history: Report, labels: Sequence[str], settings: PoolSettings) -> Text:
    first, last = labels[-history.weeks], labels[-1]
    level, within = f"{100 * settings.level:g}", f"{settings.within:g}"
    return Text(
        f"{history.weeks} daftar, {first} sampai {last}, {history.series} deret; setelan: paling "
        f"banyak {level}% alarm keliru, wilayah {within} menit.",
        f"{many(history.weeks, 'list')}, {first} to {last}, {history.series} series; setting: at most "
        f"{level}% false alarms, regions of {within} minutes.",
    )


def _workload(history: Report) -> Text:
    alarms, false = history.alarms, history.false_alarms
    unjudged = round(100 * history.unjudged)
    share = Text("", "")
    if not math.isnan(history.false_share):
        percent, error = 100 * history.false_share, 100 * history.false_error
        share = Text(
            f" Bagian keliru tiap daftar {_said(percent, 'id')}% (galat baku {_said(error, 'id')}).",
            f" False share of a list {_said(percent, 'en')}% (standard error {_said(error, 'en')}).",
        )
    return Text(
        f"Beban kerja: {_said(alarms, 'id')} alarm tiap daftar; di antaranya paling banyak "
        f"{_said(false, 'id')} keliru.{share.id} {unjudged}% tidak dapat dinilai.",
        f"Workload: {_said(alarms, 'en')} alarms a list; of them at most "
        f"{_said(false, 'en')} false.{share.en} {unjudged}% could not be judged.",
    )


def _sown(plant: Plant) -> Text:
    return Text(
        f"Ke dalam salinan riwayat ditanam {plant.many} wabah tiruan sebesar {plant.size:g} simpangan "
        f"baku (benih acak {plant.seed}): angka berikut dari tiruan, bukan dari kejadian nyata.",
        f"Planted into a copy of the history (seed {plant.seed}): "
        f"{many(plant.many, 'simulated outbreak')} of {plant.size:g} standard deviations. What "
        "follows is of those, not of real ones.",
    )


def _found(report: Report, what: Text) -> Text:
    if not report.outbreaks:
        return Text(f"{what.id}: tidak ada.", f"{what.en}: none.")
    hits = round(report.found * report.outbreaks)
    late = Text("", "")
    if hits:
        late = Text(
            f", rata-rata terlambat {_said(report.delay, 'id')} periode",
            f", on average {_said(report.delay, 'en')} periods late",
        )
    return Text(
        f"{what.id}: {hits} dari {report.outbreaks} ditemukan{late.id}.",
        f"{what.en}: {hits} of {report.outbreaks} found{late.en}.",
    )


def _said(value: float, language: str) -> str:
    return number(round(value, 2), language) if value >= 10 else _two(value, language)


def _two(value: float, language: str) -> str:
    text = f"{value:.2f}"
    return text.replace(".", ",") if language == "id" else text
