"""Assessing: the kind's rules and the patterns across kinds, over what was gathered for them."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from tapal.core.finding import Finding, Weight
from tapal.core.record import RecordView
from tapal.core.rules import Context, Rule
from tapal.core.text import Text
from tapal.flow.gather import Gathered, rules_of

log = logging.getLogger(__name__)


def assess(gathered: Gathered) -> dict[str, list[Finding]]:
    """What the rules say about each record of a batch."""
    return {
        view.id: [
            finding
            for rule in rules_of(view.kind)
            for finding in ask(rule, view, gathered.contexts[view.id])
        ]
        for view in gathered.views
    }


def ask(rule: Rule, view: RecordView, context: Context) -> Sequence[Finding]:
    """What one rule says; a rule that breaks says so instead, and stops no other rule."""
    try:
        return list(rule.check(view, context))
    except Exception:
        log.exception("rule %s broke on record %s", rule.name, view.id)
        return [
            Finding(
                rule="rule_broken",
                weight=Weight.LOOK,
                text=Text(
                    "Aturan {r} tidak dapat dijalankan pada catatan ini: periksa sendiri hal itu.",
                    "Rule {r} could not be run on this record: check that matter yourself.",
                ).fill(r=rule.name),
                about=rule.name,
            )
        ]
