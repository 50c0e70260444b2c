"""The one contract suite: it runs over every kind in KINDS and never names one.

A kind brings `samples/<format>/<file>` with `<file>.expected.json` beside each (written by hand
from the standard), and `tests/kinds/<kind>/cases.py` with `RULE_CASES`.
"""

from __future__ import annotations

import csv
import importlib
import json
import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from tapal.core.actions import Actor, Occasion
from tapal.core.finding import Finding
from tapal.core.kind import PLACE, Kind
from tapal.core.lake import lake_columns
from tapal.core.marking import Mark, Sensitivity, nested_model
from tapal.core.reading import Draft, Format, Header, Item, Rejection
from tapal.core.redaction import leaf_path
from tapal.core.text import Text, same
from tapal.data import table
from tapal.kinds import KINDS
from tests.kinds.builders import READING, RuleCase, context, golden, legal_seeds, view

EXPECTED = ".expected.json"
MUTATIONS = 10_000
SEED = 5
SNIFFED = 4096
# Braces that a template forgot to fill.
UNFILLED = re.compile(r"\{[a-z_:%\-]*\}", re.IGNORECASE)

kinds = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)


def samples(kind: Kind) -> list[tuple[Format, Path]]:
    """Each sample with the format that its folder names."""
    return [
        (form, path)
        for form in kind.formats
        for path in sorted((kind.samples / form.name).glob("*"))
        if path.is_file() and not path.name.endswith(EXPECTED)
    ]


def all_samples() -> list[Any]:
    return [
        pytest.param(kind, form, path, id=f"{form.name}/{path.name}")
        for kind in KINDS.values()
        for form, path in samples(kind)
    ]


def all_formats() -> list[Any]:
    return [
        pytest.param(kind, form, id=form.name) for kind in KINDS.values() for form in kind.formats
    ]


every_sample = pytest.mark.parametrize(("kind", "form", "path"), all_samples())


def drafts(kind: Kind) -> Iterator[Draft]:
    for form, path in samples(kind):
        yield from (i for i in form.read(path.read_bytes(), READING) if isinstance(i, Draft))


def bodies(kind: Kind) -> list[dict[str, Any]]:
    return [draft.body.model_dump(mode="json", exclude_none=True) for draft in drafts(kind)]


def cases(kind: Kind) -> tuple[RuleCase, ...]:
    name = f"tests.kinds.{kind.name}.cases"
    try:
        found = importlib.import_module(name).RULE_CASES
    except ModuleNotFoundError as missing:
        if missing.name not in (name, name.rpartition(".")[0]):
            raise
        # Told by the test that asks for a case of every rule, not by a failed collection.
        return ()
    assert all(isinstance(case, RuleCase) for case in found)
    return tuple(found)


def all_cases() -> list[Any]:
    return [
        pytest.param(kind, case, id=str(case)) for kind in KINDS.values() for case in cases(kind)
    ]


def said(text: Text) -> None:
    """Both languages are there, and no template place was left unfilled."""
    assert text.id.strip() and text.en.strip(), text
    assert not UNFILLED.search(text.id) and not UNFILLED.search(text.en), text


def known(kind: Kind, paths: Iterable[str]) -> list[str]:
    """Those of the paths that the body does not have."""
    return [path for path in paths if leaf_path(path) not in kind.fields]


def sound(kind: Kind, finding: Finding) -> None:
    """A finding says it in both languages and rests on fields that exist."""
    said(finding.text)
    assert known(kind, finding.fields) == []
    assert finding.fields or finding.rests_on or finding.data, "it rests on nothing"
    for compared in finding.compared:
        said(compared.label)
    json.dumps(finding.data)


# What the kind says of itself.


@kinds
def test_name_and_words(kind: Kind) -> None:
    assert re.fullmatch(r"[a-z]+", kind.name)
    assert re.fullmatch(r"M\d{1,2}", kind.mission)
    for text in (kind.label, kind.plural, *(f.label for f in kind.formats)):
        said(text)


@kinds
def test_rules_and_readers_are_called_something_in_both_languages(kind: Kind) -> None:
    for name, label in ((r.name, r.label) for r in kind.rules):
        said(label)
        assert label != same(name.replace("_", " ").capitalize()), name
    for label in kind.reading_labels.values():
        said(label)
    labels = [rule.label for rule in kind.rules]
    assert len(set(labels)) == len(labels)


@every_sample
def test_what_a_reader_finds_has_words(kind: Kind, form: Format, path: Path) -> None:
    names = {rule.name for rule in kind.rules} | set(kind.reading_labels)
    for item in form.read(path.read_bytes(), READING):
        for finding in getattr(item, "findings", ()):
            heads = finding.rule.split("_")
            known_as = {"_".join(heads[:n]) for n in range(1, len(heads) + 1)}
            assert known_as & names, finding.rule


@kinds
def test_every_field_is_marked_in_both_languages(kind: Kind) -> None:
    for path, mark in kind.fields.items():
        assert mark.id.strip() and mark.en.strip(), path
        assert mark.purposes, path
        for code, label in (mark.codes or {}).items():
            assert code and label.id and label.en, path


@kinds
def test_every_part_of_the_body_has_words(kind: Kind) -> None:
    worded(kind.model)


@kinds
def test_what_tells_of_a_person_is_at_least_restricted(kind: Kind) -> None:
    loose = [
        path
        for path, mark in kind.fields.items()
        if mark.personal and mark.sensitivity < Sensitivity.RESTRICTED
    ]
    assert loose == []


@kinds
def test_paths_named_elsewhere_exist_in_the_body(kind: Kind) -> None:
    assert known(kind, kind.summary) == []
    assert known(kind, kind.lake) == []
    for key_type in kind.key_types:
        said(key_type.label)
        assert key_type.fields and known(kind, key_type.fields) == []
    for signal in kind.signals:
        said(signal.label)
        said(signal.stream)
        assert known(kind, signal.fields) == []
        columns = {column.path: column for column in lake_columns(kind)}
        single = {*signal.where, *signal.unless}
        assert all(not columns[path].many for path in single), signal.name
        assert all(path in columns for path in signal.fields), signal.name
        assert signal.condition_of([""] * (len(signal.by) - 1)) is not None
        assert signal.denominator is None or kind.signal(signal.denominator), signal.name
        assert signal.by[0] == PLACE, "the reading door opens a signal by its post"
    names = [signal.name for signal in kind.signals]
    assert len(names) == len(set(names))


@kinds
def test_the_lake_takes_nothing_personal(kind: Kind) -> None:
    assert [path for path in kind.lake if kind.fields[path].personal] == []


@kinds
def test_forms_go_through_a_format_and_have_words(kind: Kind) -> None:
    for form in kind.forms:
        said(form.label)
        assert kind.format(form.format), form.name
        worded(form.model)
    keys = [form.key for form in kind.forms if form.key]
    assert len(keys) == len(set(keys))


def worded(model: type[BaseModel]) -> None:
    """Every field of a form, or part of a body, carries its words in both languages."""
    for name, info in model.model_fields.items():
        words = [m for m in info.metadata if isinstance(m, Mark | Text)]
        assert words, f"{model.__name__}.{name}"
        assert words[0].id.strip() and words[0].en.strip()
        inner = nested_model(info.annotation)
        if inner is not None:
            worded(inner)


@kinds
def test_actions_have_words_and_powers_that_a_role_holds(kind: Kind) -> None:
    powers = {power for row in table("roles.csv") for power in row["powers"].split(";")}
    for action in kind.actions:
        said(action.label)
        assert action.power in powers, action.name
    names = [action.name for action in kind.actions]
    assert len(names) == len(set(names))


# Samples and formats.


@kinds
def test_each_format_has_a_sample_and_each_sample_its_golden(kind: Kind) -> None:
    assert kind.formats
    assert {form.name for form, _ in samples(kind)} == {form.name for form in kind.formats}
    assert all(set(form.omits) <= set(kind.model.model_fields) for form in kind.formats)
    lonely = [p.name for _, p in samples(kind) if not p.with_name(p.name + EXPECTED).is_file()]
    assert lonely == []


@every_sample
def test_sample_reads_as_its_golden_says(kind: Kind, form: Format, path: Path) -> None:
    expected = json.loads(path.with_name(path.name + EXPECTED).read_text(encoding="utf-8"))
    assert [golden(kind, item) for item in form.read(path.read_bytes(), READING)] == expected


@every_sample
def test_sample_is_recognised_by_its_own_format(kind: Kind, form: Format, path: Path) -> None:
    head = path.read_bytes()[:SNIFFED]
    sure = {f.name: f.sniff(head) for k in KINDS.values() for f in k.formats}
    assert max(sure.values()) == sure[form.name] > 0, sure
    assert all(0 <= value <= 100 for value in sure.values())


@every_sample
def test_body_survives_being_stored(kind: Kind, form: Format, path: Path) -> None:
    for item in form.read(path.read_bytes(), READING):
        if isinstance(item, Draft):
            assert isinstance(item.body, kind.model)
            stored = json.loads(json.dumps(item.body.model_dump(mode="json", exclude_none=True)))
            assert kind.model.model_validate(stored) == item.body


@every_sample
def test_what_is_written_reads_back_the_same(kind: Kind, form: Format, path: Path) -> None:
    if form.write is None:
        pytest.skip("a way in only")
    for item in form.read(path.read_bytes(), READING):
        if isinstance(item, Draft):
            body = item.body.model_dump(mode="json", exclude_none=True)
            written = form.read(form.write([body]), READING)
            (again,) = (one for one in written if not isinstance(one, Header))
            assert isinstance(again, Draft), again
            told = again.body.model_dump(mode="json", exclude_none=True)
            for name in form.omits:
                body.pop(name, None)
                told.pop(name, None)
            assert told == body


@every_sample
def test_what_a_reader_finds_is_sound(kind: Kind, form: Format, path: Path) -> None:
    for item in form.read(path.read_bytes(), READING):
        for finding in item.findings if isinstance(item, Header | Draft) else ():
            sound(kind, finding)
        if isinstance(item, Rejection):
            said(item.reason)
            said(item.mend)


@pytest.mark.parametrize(("kind", "form"), all_formats())
def test_mutated_input_ends_in_records_or_placed_rejections(kind: Kind, form: Format) -> None:
    originals = [path.read_bytes() for held, path in samples(kind) if held is form]
    rng = random.Random(SEED)
    for _ in range(MUTATIONS):
        data = mutated(rng.choice(originals), rng)
        items = list(form.read(data, READING))
        assert any(not isinstance(item, Header) for item in items), data
        for item in items:
            check_item(kind, item)


def check_item(kind: Kind, item: Item) -> None:
    if isinstance(item, Rejection):
        assert item.place and item.reason.en and item.mend.en
    elif isinstance(item, Draft):
        assert item.place
        assert item.occurred_at is None or item.occurred_at.tzinfo is not None
        body = item.body.model_dump(mode="json", exclude_none=True)
        for key in kind.keys(body):
            assert key.value


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Change one to four places: flipped, cut, doubled, foreign bytes, swapped values."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        if not changed:
            return b""
        at = rng.randrange(len(changed))
        match rng.randrange(5):
            case 0:
                changed[at] = rng.randrange(256)
            case 1:
                del changed[at : at + rng.randint(1, 60)]
            case 2:
                part = changed[at : at + rng.randint(1, 120)]
                changed[at:at] = part
            case 3:
                foreign = [b"\x00", b"\xff\xfe", b'"', b"<", b"'", b"\r\n", b"9" * 40, b"{", b"+"]
                changed[at:at] = rng.choice(foreign)
            case _:
                digits = [i for i, byte in enumerate(changed) if 48 <= byte <= 57]
                if digits:
                    changed[rng.choice(digits)] = rng.choice(b"0123456789-")
    return bytes(changed)


# What is made of a body.


@kinds
def test_keys_are_of_declared_types_and_short(kind: Kind) -> None:
    declared = {key_type.name for key_type in kind.key_types}
    found = [key for body in bodies(kind) for key in kind.keys(body)]
    assert found
    assert {key.type for key in found} <= declared
    assert all(0 < len(key.value) <= 80 and key.value == key.value.strip() for key in found)


@kinds
def test_entities_rest_on_fields_and_have_a_name_or_number(kind: Kind) -> None:
    found = [entity for body in bodies(kind) for entity in kind.entities(body)]
    assert found
    for entity in found:
        assert entity.role and entity.properties
        assert known(kind, entity.fields) == [] and entity.fields
        assert all(isinstance(v, str) and v for vs in entity.properties.values() for v in vs)


@kinds
def test_a_redacted_body_still_has_a_title(kind: Kind) -> None:
    assert isinstance(kind.title({}), str)
    assert any(kind.title(body) for body in bodies(kind))
    for body in bodies(kind):
        assert kind.sensitivity(body) in Sensitivity
        for name in body:
            kind.title({key: value for key, value in body.items() if key != name})


@kinds
def test_actions_are_weighed_and_sheets_printed_for_every_sample(kind: Kind) -> None:
    powers = frozenset(action.power for action in kind.actions)
    actor = Actor("o-1", "X-0001", "Petugas Contoh", "", None, powers)
    for body in bodies(kind):
        record, known_now = view(kind.name, body), context()
        at_hand = Occasion(record, (), known_now, actor)
        for action in kind.actions:
            offered = action.offered(at_hand)
            assert isinstance(offered, bool)
            if offered and action.form:
                worded(action.form(at_hand))
        for sheet in kind.sheets:
            said(sheet.label)
            for language in sheet.languages(record) if sheet.ready(record) else ():
                page = sheet.render(record, known_now, language)
                assert page.title.say(language) and (page.rows or page.paragraphs)


# Rules.


@kinds
def test_every_rule_is_documented_and_its_legal_topics_exist(kind: Kind) -> None:
    topics = {row["topic"] for row in legal_seeds()}
    names = [rule.name for rule in kind.rules]
    assert len(names) == len(set(names))
    for rule in kind.rules:
        assert len(rule.doc.split()) >= 4, rule.name
        assert set(rule.legal) <= topics, rule.name


@kinds
def test_legal_rows_of_a_kind_are_its_own_and_say_how_sure_they_are(kind: Kind) -> None:
    if kind.legal is None:
        pytest.skip("asks for shared topics only")
    with kind.legal.open(encoding="utf-8", newline="") as opened:
        held = list(csv.DictReader(opened))
    shared_topics = {row["topic"] for row in table("legal_rows.csv")}
    asked = {topic for rule in kind.rules for topic in rule.legal}
    ids = [row["id"] for row in legal_seeds()]
    assert held and len(ids) == len(set(ids))
    for row in held:
        assert row["topic"] in asked - shared_topics, row["id"]
        assert row["citation"] and row["unit"], row["id"]
        assert row["confidence"] in {"checked", "unchecked", "disputed"}
        assert row["confidence"] == "unchecked" or row["source"], row["id"]
        assert isinstance(json.loads(row["selector"]), dict)
        json.loads(row["value"])


@kinds
def test_every_rule_is_seen_to_fire_and_to_stay_quiet(kind: Kind) -> None:
    names = {rule.name for rule in kind.rules}
    fired = {case.rule for case in cases(kind) if case.fires}
    quiet = {case.rule for case in cases(kind) if not case.fires}
    assert (names - fired, names - quiet) == (set(), set())
    assert (fired | quiet) <= names


@pytest.mark.parametrize(("kind", "case"), all_cases())
def test_rule_case(kind: Kind, case: RuleCase) -> None:
    rule = next(rule for rule in kind.rules if rule.name == case.rule)
    found = list(rule.check(case.record, case.context))
    assert bool(found) == case.fires, [finding.text.en for finding in found]
    for finding in found:
        assert finding.rule == rule.name
        sound(kind, finding)
        assert {row.topic for row in finding.cites} <= set(rule.legal)
    about = [finding.about for finding in found]
    assert len(about) == len(set(about)), "repeats cannot be told apart"


@kinds
def test_no_rule_breaks_on_a_sample_and_all_it_says_is_sound(kind: Kind) -> None:
    for body in bodies(kind):
        record = view(kind.name, body)
        for rule in kind.rules:
            for finding in rule.check(record, context()):
                sound(kind, finding)


@kinds
def test_a_rule_reads_no_history_that_it_did_not_ask_for(kind: Kind) -> None:
    declared = {key_type.name for key_type in kind.key_types}
    for rule in kind.rules:
        if rule.history is not None:
            assert rule.history.days > 0 and rule.history.keys
            assert not rule.history.same_kind or set(rule.history.keys) <= declared


@kinds
def test_upgrades_lead_to_the_present_version(kind: Kind) -> None:
    assert sorted(kind.upgrades) == list(range(1, kind.version))
