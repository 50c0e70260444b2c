"""A proposed setting on the lake's history: its workload and what it finds, beside the one in force."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from tapal.core.errors import Missing
from tapal.core.kind import Period
from tapal.flow.signals import counts, settings
from tapal.flow.signals.counts import Held
from tapal.flow.signals.settings import Setting
from tapal.store.models import SignalSetting

if TYPE_CHECKING:
    from tapal.engines.signals.backtest import Outbreak

PAST = {Period.DAY: 60, Period.WEEK: 26}
"""Periods whose lists are made as they would have been."""


def try_setting(setting: uuid.UUID | str) -> SignalSetting:
    """Try a proposal on history and keep what it found. Raises Missing for one that does not wait."""
    row = SignalSetting.objects.filter(pk=setting, state="draft").first()
    if row is None:
        raise Missing
    wanted, held_now = Setting(row.level, row.within), settings.in_force(str(row.owner_id))
    figures: dict[str, Any] = {}
    for period in Period:
        held = counts.read(str(row.owner_id), period)
        if held is not None:
            known = _known(held, row.outbreaks)
            figures[str(period)] = {
                "wanted": _figures(held, wanted, known),
                "now": _figures(held, held_now, known),
            }
    trouble = "" if figures else "no_series"
    settings.found(row, figures, trouble)
    return row


def _known(held: Held, windows: list[dict[str, str]]) -> list[Outbreak] | None:
    """The outbreaks that the proposer knows of in these series; None where he named none."""
    from tapal.engines.signals.known import outbreaks_known

    if not windows:
        return None
    signals = [line.signal for line in held.lines]
    found = outbreaks_known(windows, held.counts, "outbreaks", signals, must_fit=False)
    return found or None


def _figures(held: Held, setting: Setting, known: list[Outbreak] | None) -> dict[str, float | None]:
    """Alarms a period and unjudged share on history; share found and delay of outbreaks, known and planted."""
    from tapal.engines.signals import backtest as past
    from tapal.engines.signals.pool_files import pool_settings

    made = pool_settings(held.counts, setting.level, setting.within)
    report = past.trial(held.counts, made, PAST[held.period], past.Plant(), known)
    history, planted = report["history"], report["planted"]
    figures = {
        "periods": history.weeks,
        "series": history.series,
        "alarms": history.alarms,
        "false_alarms": history.false_alarms,
        "unjudged": history.unjudged,
        "known": history.outbreaks,
        "known_found": history.found,
        "known_delay": history.delay,
        "planted": planted.outbreaks,
        "found": planted.found,
        "delay": planted.delay,
    }
    return {name: None if v != v else round(float(v), 4) for name, v in figures.items()}
