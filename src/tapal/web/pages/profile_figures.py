"""A dry run's counts as a page tells them: precision with its interval, fairness, rows, newest hits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tapal.core.profiles import Field, Table, conditions
from tapal.core.text import Text
from tapal.data.states import state_words
from tapal.flow.profiles import tally
from tapal.store.models import DryRun
from tapal.web import speech

SEXES = {"male": Text("laki-laki", "male"), "female": Text("perempuan", "female")}
UNKNOWN = Text("tidak diketahui", "not known")
FOUND = {
    tally.RIGHT: Text("benar atau diteruskan", "true or referred"),
    tally.WRONG: Text("keliru atau sah", "false or explained"),
    tally.OPEN: Text("peringatan terbuka", "alert open"),
    tally.NONE: Text("tanpa peringatan", "no alert"),
}
# Lines of a table of fairness, the most seen first; the rest are counted together.
LINES = 15


def figures(run: DryRun, table: Table, fields: Mapping[str, Field], zone: str) -> dict[str, object]:
    """All that the page shows of a dry run."""
    told: dict[str, Any] = run.tally  # Any: JSON, here and below
    seen, hits = told.get("seen", 0), told.get("hits", 0)
    outcomes, base = told.get("outcomes", {}), told.get("base", {})
    days = max((run.until - run.since).days, 1)
    return {
        "days": days,
        "seen": seen,
        "hits": hits,
        "a_day": speech.say_number(round(hits / days, 1)),
        "rate": _percent(tally.Share(hits, seen)),
        "precision": _said(tally.precision(outcomes)),
        "base_precision": _said(tally.precision(base)),
        "reach": _said(tally.Share(outcomes.get(tally.RIGHT, 0), base.get(tally.RIGHT, 0))),
        "outcomes": [(label, outcomes.get(name, 0)) for name, label in FOUND.items()],
        "months": _pairs(sorted(told.get("months", {}).items(), reverse=True), None),
        "fairness": [
            (label, _fairness(told.get(trait, {}), trait))
            for trait, label in tally.TRAIT_LABELS.items()
        ],
        "rows": _rows(told, table, fields),
        "newest": [_hit(each) for each in told.get("newest", [])],
        "more": hits > len(told.get("newest", [])),
    }


def _rows(told: Mapping[str, Any], table: Table, fields: Mapping[str, Field]) -> list[object]:
    counts = told.get("rows", {})
    found: list[object] = []
    for number in sorted(map(int, counts)):
        if number >= len(table.rows):
            continue
        outcomes = {o: told.get(f"rows_{o}", {}).get(str(number), 0) for o in FOUND}
        asked = [
            (fields[c.field], c.operator, cell)
            for c, cell in zip(table.columns, table.rows[number].cells, strict=True)
            if cell is not None and c.field in fields
        ]
        found.append(
            {
                "number": number + 1,
                "said": conditions(asked),
                "hits": counts[str(number)],
                "precision": _said(tally.precision(outcomes)),
            }
        )
    return found


def _hit(each: Sequence[Any]) -> dict[str, object]:
    record, at, place, row, outcome = each
    return {
        "record": record,
        "at": datetime.fromisoformat(at),
        "place": place,
        "row": row + 1,
        "outcome": FOUND[outcome],
    }


def _fairness(counts: Mapping[str, Sequence[int]], trait: str) -> list[dict[str, object]]:
    ordered = sorted(counts.items(), key=lambda each: (-each[1][0], each[0]))
    shown, rest = ordered[:LINES], ordered[LINES:]
    if rest:
        together = [sum(c[n] for _, c in rest) for n in range(4)]
        shown = [*shown, ("", together)]
    return _pairs(shown, trait)


def _pairs(
    counts: Sequence[tuple[str, Sequence[int]]], trait: str | None
) -> list[dict[str, object]]:
    return [
        {
            "name": _name(name, trait),
            "seen": seen,
            "hits": hits,
            "rate": _percent(tally.Share(hits, seen)),
            "interval": _interval(tally.Share(hits, seen)),
            "precision": _said(tally.Share(right, right + wrong)),
        }
        for name, (seen, hits, right, wrong) in counts
    ]


def _name(name: str, trait: str | None) -> Text:
    if trait is None:
        return Text("-".join(reversed(name.split("-"))), "-".join(reversed(name.split("-"))))
    if name == tally.UNKNOWN:
        return UNKNOWN
    if not name:
        return Text("lainnya", "others")
    words = SEXES if trait == "sex" else state_words()
    return words.get(name) or Text(name, name)


def _percent(share: tally.Share) -> str:
    return "–" if share.rate is None else f"{speech.say_number(round(100 * share.rate, 1))} %"


def _interval(share: tally.Share) -> str:
    if share.interval is None:
        return ""
    low, high = (speech.say_number(round(100 * each)) for each in share.interval)
    return f"{low}–{high} %"


def _said(share: tally.Share) -> dict[str, object]:
    return {
        "part": share.part,
        "whole": share.whole,
        "rate": _percent(share),
        "interval": _interval(share),
    }
