"""The fixed rules over an agency's series: dated thresholds and criteria, each alarm with its citation.

They hold for the series whose signal names a condition. A rule says yes or no by the law's own
number, and each period is judged by itself. Where the series is on the list by chance already, that
alarm says what the rules say too, so that one matter is one alert; else it is an alarm without a chance.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tapal.core.text import Text
from tapal.flow import reference
from tapal.flow.signals.counts import Held, Line
from tapal.flow.signals.judging import Judged, counted, label_of, pictures, stream_of
from tapal.flow.signals.settings import Setting

if TYPE_CHECKING:
    from tapal.engines.signals.rule_layer import Ruling


def ruled(judged: Judged, setting: Setting) -> Judged:
    """The same list with what the fixed rules say: in its own alarms, or in further ones after them."""
    from tapal.engines.signals.pool_files import pool_settings
    from tapal.engines.signals.rule_files import judge_conditions

    held = judged.held
    last = len(held.counts.labels) - 1
    answers = judge_conditions(held.counts, reference.legal_book(), last, visits=False)
    if not answers:
        return judged
    fired: dict[int, list[Ruling]] = defaultdict(list)
    for answer in answers:
        if answer.ruling.alarm:
            fired[answer.at].append(answer.ruling)
    alone = [at for at in sorted(fired) if not _joined(judged, held.lines[at], fired[at])]
    settings = pool_settings(held.counts, setting.level, setting.within)
    drawn = pictures(held.counts, settings, alone)
    rank = len(judged.alarms)
    alarms = [
        _alarm(held, at, fired[at], drawn[at], rank + number) for number, at in enumerate(alone, 1)
    ]
    unknown = sum(answer.ruling.alarm is None for answer in answers)
    told = {"answers": len(answers), "unknown": unknown}
    return replace(judged, alarms=[*judged.alarms, *alarms], ruled=told)


def _joined(judged: Judged, line: Line, rulings: list[Ruling]) -> bool:
    """Whether an alarm of the list names the series already; it then says what the rules say."""
    mine = (line.kind, line.signal, line.place, list(line.split))
    for alarm in judged.alarms:
        if any((s["kind"], s["signal"], s["place"], s["split"]) == mine for s in alarm["series"]):
            alarm["text"] += [text.json() for text in _said(line, rulings)]
            alarm["rules"] = [*alarm.get("rules", ()), *map(_rested, rulings)]
            return True
    return False


# Any: JSON.
def _rested(ruling: Ruling) -> dict[str, Any]:
    return {"rule": ruling.rule, "rows": [row.id for row in ruling.rows]}


def _alarm(
    held: Held, at: int, rulings: list[Ruling], drawn: dict[str, Any], rank: int
) -> dict[str, Any]:
    line = held.lines[at]
    limit = next((r.limit for r in rulings if r.limit is not None), None)
    series = {
        "kind": line.kind,
        "signal": line.signal,
        "place": line.place,
        "split": list(line.split),
        "label": label_of(line).json(),
        "came": drawn["observed"][-1],
        "due": drawn["expected"][-1],
        "points": 1,
        "share": 1.0,
        "bound": limit,
        **drawn,
    }
    if limit is not None:
        series["upper"] = [limit] * len(drawn["observed"])
    return {
        "subject": _subject(held, at),
        "rank": rank,
        "p": None,
        "q": None,
        "began": 0,
        "since": held.until.isoformat(),
        "places": [line.place],
        "text": [text.json() for text in (*_said(line, rulings), *_due(series["due"]))],
        "streams": [{"label": stream_of(line).json(), "share": 1.0}],
        "series": [series],
        "counted": counted(held, [line]),
        "rules": [*map(_rested, rulings)],
    }


def _said(line: Line, rulings: list[Ruling]) -> list[Text]:
    """What each rule that fired says with its citation, the first under the series' name."""
    name = label_of(line)
    first, *more = (ruling.text for ruling in rulings)
    return [Text(f"{name.id}: {first.id}", f"{name.en}: {first.en}"), *more]


def _due(due: float | None) -> list[Text]:
    """What the series' own past lets one expect, where that can be told."""
    from tapal.engines.signals.explain import number

    if due is None:
        return []
    return [
        Text(
            f"Menurut masa lalunya diharapkan {number(due, 'id')}.",
            f"By its own past {number(due, 'en')} were expected.",
        )
    ]


def _subject(held: Held, at: int) -> str:
    """What the alarms of a series by fixed rules are about, from period to period."""
    told = f"{held.owner}|{held.period}|fixed|{held.lines[at].name}"
    return hashlib.sha256(told.encode()).hexdigest()[:32]
