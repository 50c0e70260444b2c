"""A proposed setting on the lake's history: its workload and what it finds, beside the one in force."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Any

from tapal.core.errors import Missing
from tapal.core.kind import Period
from tapal.flow.signals import counts, settings
from tapal.flow.signals.counts import Held
from tapal.flow.signals.judging import engine_settings
from tapal.flow.signals.settings import Setting
from tapal.store.models import SignalSetting

PAST = {Period.DAY: 60, Period.WEEK: 26}
"""Periods whose lists are made as they would have been."""
PLANTED, SIZE, SEED = 20, 5.0, 1
"""Outbreaks planted into a copy of the history, their size in standard deviations, the draw."""


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
            figures[str(period)] = {
                "wanted": _figures(held, wanted),
                "now": _figures(held, held_now),
            }
    trouble = "" if figures else "no_series"
    settings.found(row, figures, trouble)
    return row


def _figures(held: Held, setting: Setting) -> dict[str, float | None]:
    """Alarms a period and unjudged share on history; share found and delay of planted outbreaks."""
    import numpy as np

    from tapal.engines.signals import backtest as past
    from tapal.engines.signals.weekday import with_daily_effect

    last = len(held.counts.labels)
    asked = np.arange(max(0, last - PAST[held.period]), last)
    data = with_daily_effect(held.counts, int(asked[0]))
    made = engine_settings(data, setting)
    lists = past.run_weeks(data.watch, asked, made)
    told = asdict(past.report(lists, np.zeros_like(data.state), asked, truth=False))
    watch, state = past.planted(data.watch, asked, made, PLANTED, SIZE, SEED)
    found = asdict(past.report(past.run_weeks(watch, asked, made), state, asked, truth=False))
    figures = {
        "periods": told["weeks"],
        "series": told["series"],
        "alarms": told["alarms"],
        "unjudged": told["unjudged"],
        "planted": found["outbreaks"],
        "found": found["found"],
        "delay": found["delay"],
    }
    return {name: None if v != v else round(float(v), 4) for name, v in figures.items()}
