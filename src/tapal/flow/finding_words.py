"""What an officer reads for the machine name of a rule or of an alert's reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tapal.core.text import Text, same
from tapal.flow.listed import LISTS
from tapal.flow.reference import cached
from tapal.kinds import KINDS
from tapal.patterns import PATTERNS
from tapal.store.models import Profile, Roll

PROFILE_HIT = "profile_hit"
SIGNAL = "signal"
# What the road itself says, beside the kinds' rules and the patterns across kinds.
OWN: Mapping[str, Text] = {
    "list_match": Text("Cocok dengan daftar", "List match"),
    "document_shown_by_two_persons": Text(
        "Dokumen ditunjukkan dua orang", "Document shown by two persons"
    ),
    "same_document_same_bearer": Text(
        "Dokumen dan pemegang yang sama", "Same document, same bearer"
    ),
    PROFILE_HIT: Text("Cocok dengan profil risiko", "Fits a risk profile"),
    "profile": Text("Profil risiko", "Risk profile"),
    SIGNAL: Text("Peringatan dini", "Early warning"),
    "mapped": Text("Nilai kolom dalam tabel", "Value of a column"),
    "table": Text("Bentuk tabel", "Form of the table"),
    "rule_broken": Text("Aturan gagal dijalankan", "Rule could not be run"),
}


def _read_rolls() -> Mapping[str, Text]:
    return {roll.code: Text(roll.label_id, roll.label_en) for roll in Roll.objects.all()}


_rolls = cached(_read_rolls, LISTS)


def _read_profiles() -> Mapping[str, Text]:
    """What each profile is called that is or was in force, by its newest such version."""
    rows = Profile.objects.exclude(in_force_at=None).order_by("version")
    return {row.name: Text.of(row.label) for row in rows}


_profiles = cached(_read_profiles, "profiles")


def _signals() -> Mapping[str, Text]:
    return {s.name: s.label for kind in KINDS.values() for s in kind.signals}


def label_of(name: str) -> Text:
    """A rule's or reason's label; a match is called by its list, a hit by its profile, an
    alarm by its signal.

    What has none reads as its name.
    """
    rule, _, part = name.partition(":")
    if rule == "hand":
        return Text("dimulai dengan tangan oleh petugas", "begun by hand by an officer")
    if rule == "act":
        return _act_label(part)
    named = {"profile": _profiles, SIGNAL: _signals}.get(rule, _rolls)
    if part and (label := named().get(part)):
        return label
    found = dict(_labels())
    whole = found.get(rule)
    # A reader's finding of syntax: its family has the label.
    family = next((found[head] for head in _heads(rule) if head in found), None)
    return whole or family or same(rule.replace("_", " ").capitalize())


def _act_label(name: str) -> Text:
    """An act on a record by its key's words."""
    found = (action for kind in KINDS.values() if (action := kind.action(name)) is not None)
    return next((action.label for action in found), same(name))


def _heads(name: str) -> Iterator[str]:
    while "_" in name:
        name = name.rpartition("_")[0]
        yield name


def _labels() -> Iterator[tuple[str, Text]]:
    for kind in KINDS.values():
        yield from kind.reading_labels.items()
        yield from ((rule.name, rule.label) for rule in kind.rules)
    yield from ((rule.name, rule.label) for rule in PATTERNS)
    yield from OWN.items()
