"""Words for codes and names, and findings shown, for every template."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tapal.core.cases import CASE, CASE_FIELDS
from tapal.core.finding import Compared, Finding
from tapal.core.legal import CONFIDENCE_LABELS, LegalRow
from tapal.core.marking import Purpose, Sensitivity
from tapal.core.text import Text
from tapal.flow import officers, reference
from tapal.flow.alert import Outcome
from tapal.flow.events import SYSTEM
from tapal.flow.finding_words import label_of
from tapal.flow.law_words import value_said
from tapal.flow.lists import worth
from tapal.flow.share.seen import SeenFinding
from tapal.kinds import KINDS
from tapal.web import looking, speech
from tapal.web.body import field_said, local_form
from tapal.web.looked_at import LOOKED_AT

register = template.Library()

# Values less alike than this are told apart at a glance: marks would only be noise.
LIKE = 0.6
# The desk's own letters lack this sign: the style sheet takes it from the machine's.
UNEQUAL = SafeString('<span class="sign">≠</span>')
_PLACE = re.compile(r"^(row|item|line) (\d+)")
_PLACES = {
    "row": Text("baris", "row"),
    "item": Text("butir", "item"),
    "line": Text("baris", "line"),
}
_DAY = re.compile(r"^\d{2}-\d{2}-\d{4}$")
ACTS = {
    "read": Text("membuka", "opened"),
    "list": Text("melihat daftar", "listed"),
    "count": Text("menghitung", "counted"),
    "search": Text("mencari", "searched"),
    "export": Text("mengunduh", "exported"),
    "print": Text("mencetak", "printed"),
    "download": Text("mengunduh lampiran", "downloaded an attachment"),
    "looks": Text("melihat jejak", "looked at looks"),
    "denied": Text("ditolak", "denied"),
}


@register.filter
def agency(code: str) -> str:
    """An agency's name."""
    return speech.say(looking.agency_name(code))


@register.filter
def place(code: str | None) -> str:
    """A post's name."""
    return looking.place_name(code)


@register.filter
def zone(code: str | None) -> str:
    """The time zone of a post, nothing where it is not known."""
    known = reference.places().get(code or "")
    return known.zone if known else ""


@register.filter
def kind_words(name: str) -> str:
    """A kind's label."""
    return speech.say(looking.kind_label(name))


@register.filter
def rule_words(name: str) -> str:
    """What a rule, or the reason of an alert, is called."""
    return speech.say(label_of(name))


@register.filter
def roles(codes: Iterable[str]) -> str:
    """Role codes as words, with commas."""
    known = officers.roles()
    return ", ".join(speech.say(known[c].label) if c in known else c for c in codes)


@register.filter
def outcome_words(code: str) -> str:
    """What an alert was found to be."""
    return next((speech.say(o.label) for o in Outcome if o == code), code)


@register.filter
def look_words(act: str) -> str:
    """What a look was."""
    return speech.say(ACTS[act]) if act in ACTS else act


@register.filter
def purpose_words(code: str) -> str:
    """What a look was for."""
    return next((speech.say(p.label) for p in Purpose if p == code), code)


@register.filter
def clause_words(codes: Iterable[str]) -> str:
    """Under which clauses something was seen; one's own agency's in words."""
    own = {
        "own": Text("instansi sendiri", "own agency"),
        "oversight": Text("pengawasan", "oversight"),
    }
    return ", ".join(speech.say(own[c]) if c in own else c for c in codes)


@register.filter
def confidence(row: LegalRow) -> str:
    """How sure a legal value is."""
    return speech.say(CONFIDENCE_LABELS[row.confidence])


@register.filter
def law_value(row: LegalRow) -> str:
    """A legal value with its unit."""
    return speech.say(value_said(row.value, row.unit))


@register.filter
def score(value: float) -> str:
    """A score from 0 to 1 with two digits."""
    return speech.say_number(round(value, 2))


@register.filter
def by(actor: str) -> str:
    """Who did it: an officer's number, or the machine."""
    return speech.say(Text("mesin", "the machine")) if actor == SYSTEM else actor


@register.filter
def heaviest(findings: Sequence[SeenFinding]) -> SeenFinding | None:
    """The finding whose sentence stands for an alert."""
    return max(findings, key=lambda f: f.weight, default=None)


@register.filter
def power_words(power: str) -> str:
    """Whose roles hold a power."""
    labels = [speech.say(r.label) for r in officers.roles().values() if power in r.powers]
    return ", ".join(labels) or power


@register.filter
def local(text: str) -> str:
    """A day or moment in local form, any other text as it is."""
    return local_form(text)


@register.filter
def subject_words(subject: str) -> str:
    """What a look was about: a list in words, a record by its number."""
    return speech.say(LOOKED_AT[subject]) if subject in LOOKED_AT else subject


@register.filter
def part_words(place: str) -> str:
    """Where in a message: row 29 in this language, a segment's name as it is."""
    found = _PLACE.match(place)
    return f"{speech.say(_PLACES[found[1]])}{place[found.end(1) :]}" if found else place


_SIDES = (
    (True, Text("Mendukung", "For"), "circle-check"),
    (False, Text("Menentang", "Against"), "ban"),
    (None, Text("Tidak dapat dibandingkan", "Cannot be compared"), "info-circle"),
)


@register.filter
def evidence(said: Finding) -> list[tuple[Text, str, list[Compared]]]:
    """What speaks for a match, what against it, and what cannot tell."""
    return [
        (title, sign, [pair for pair in said.compared if pair.agree is agree])
        for agree, title, sign in _SIDES
    ]


@register.filter
def percent(share: float) -> str:
    """A share from 0 to 1 as whole percent."""
    return f"{speech.say_number(round(100 * share))} %"


@register.simple_tag(takes_context=True)
def so_far(context: Mapping[str, Any], reason: str) -> SafeString:
    """How often the reader's agency found such a hit right so far."""
    desk = getattr(context.get("request"), "desk", None)
    if desk is None:
        return SafeString("")
    found = worth.right_so_far(desk.actor.agency, reason)
    said = (
        Text(
            "Sejauh ini {p} dari {n} hit seperti ini ternyata benar.",
            "So far {p} of {n} such hits were found right.",
        ).fill(p=str(found.part), n=str(found.whole))
        if found
        else Text(
            "Belum cukup hit seperti ini yang diputus untuk mengatakan seberapa sering benar.",
            "Too few such hits were decided yet to say how often they are right.",
        )
    )
    return format_html('<p class="so-far text-secondary">{}</p>', speech.say(said))


@register.filter
def in_language(text: Text, language: str) -> str:
    """A text in the language of a paper."""
    return text.say(language)


@register.simple_tag
def differ(pair: Compared) -> SafeString:
    """Two cells side by side, what differs marked where the values disagree."""
    ours, theirs = (
        local_form(v) if isinstance(v, str) else speech.say(v) for v in (pair.ours, pair.theirs)
    )
    if pair.agree is not False or not ours or not theirs:
        mark = {True: SafeString("="), False: UNEQUAL, None: SafeString("")}[pair.agree]
        return format_html("<td>{}</td><td>{} {}</td>", ours or "–", mark, theirs or "–")
    if _DAY.match(ours) and _DAY.match(theirs):
        parts = list(zip(ours.split("-"), theirs.split("-"), strict=True))
        return _unequal(*(_day_marked(parts, n) for n in (0, 1)))
    if isinstance(pair.ours, Text) or isinstance(pair.theirs, Text):
        return _unequal(ours, theirs)
    match = difflib.SequenceMatcher(a=ours, b=theirs, autojunk=False)
    if match.ratio() < LIKE:
        return _unequal(ours, theirs)
    left = [(o, ours[a:b]) for o, a, b, _, _ in match.get_opcodes() if a < b]
    right = [(o, theirs[c:d]) for o, _, _, c, d in match.get_opcodes() if c < d]
    return _unequal(_marked(left), _marked(right))


def _unequal(ours: str, theirs: str) -> SafeString:
    return format_html("<td>{}</td><td>{} {}</td>", ours, UNEQUAL, theirs)


def _day_marked(parts: Sequence[tuple[str, str]], side: int) -> SafeString:
    cells = ((p[side] if p[0] == p[1] else format_html("<mark>{}</mark>", p[side]),) for p in parts)
    return format_html_join("-", "{}", cells)


def _marked(parts: Iterable[tuple[str, str]]) -> SafeString:
    return format_html_join(
        "", "{}", ((p if o == "equal" else format_html("<mark>{}</mark>", p),) for o, p in parts)
    )


@register.filter
def role_words(code: str) -> str:
    """One role in words."""
    return roles([code])


@register.filter
def level_words(name: str) -> str:
    """How far a clause reaches."""
    return next((speech.say(s.label) for s in Sensitivity if s.name.lower() == name), name)


@register.filter
def fields_words(clause: Mapping[str, Any]) -> str:
    """A clause's fields in the words of its kinds, or the word for all."""
    fields: Iterable[str] | str = clause["fields"]
    words = {
        "*": Text("semua bidang", "all fields"),
        "non_personal": Text("bidang yang bukan data pribadi", "fields that are not personal"),
    }
    if isinstance(fields, str):
        return speech.say(words[fields]) if fields in words else fields
    kinds = [KINDS[name] for name in clause["kinds"] if name in KINDS]
    said = {speech.say(field_said(kind, path)): None for kind in kinds for path in fields}
    if CASE in clause["kinds"]:
        said |= {speech.say(CASE_FIELDS[p].label): None for p in fields if p in CASE_FIELDS}
    return ", ".join(said or fields)
