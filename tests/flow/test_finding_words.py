"""A machine name reads as words in both languages."""

from __future__ import annotations

import pytest

from tapal.core.text import Text, same
from tapal.flow import reference, setup
from tapal.flow.finding_words import OWN, label_of
from tapal.kinds import KINDS
from tapal.patterns import PATTERNS


@pytest.fixture(autouse=True)
def _seeded(db: None) -> None:
    reference.forget()
    setup.seed()


def test_every_rule_reads_as_its_label() -> None:
    rules = [*PATTERNS, *(rule for kind in KINDS.values() for rule in kind.rules)]
    assert [label_of(rule.name) for rule in rules] == [rule.label for rule in rules]
    assert all(rule.label.id != rule.name for rule in PATTERNS)


def test_a_match_is_called_by_its_list() -> None:
    assert label_of("list_match:cegah").en == "Exit-ban list"
    assert label_of("list_match:no_such_list") == OWN["list_match"]


def test_a_fault_of_syntax_is_called_by_its_family() -> None:
    assert label_of("edifact_unt_missing").en == "Message syntax departs"


def test_what_nobody_named_reads_as_its_name() -> None:
    assert label_of("some_old_rule") == same("Some old rule") != Text("", "")
