"""A procedure binds who signed it: nobody takes over another's alerts, and no machine judges them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.db import IntegrityError

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Rejected
from tapal.flow import alert, answer, procedures, runs
from tapal.flow.events import SYSTEM
from tapal.flow.intake import HandIn
from tapal.flow.report import hand_in
from tapal.store.models import Alert, Event, EventContent, Link, Procedure, Roll, Run, Task
from tests.engines.procedures.diagrams import choice, end, flow, gate, start, step
from tests.flow.conftest import ALL_POWERS
from tests.flow.parcels import message
from tests.flow.test_link_alert import ROW, lists

WATCHLIST = b'signedBy="IMI"'
EVERYBODY = b'signedBy="DJBC HUBINTER IMI KEMLU POLRI"'


def officer(agency: str, number: str = "1") -> Actor:
    powers = ALL_POWERS | {procedures.EDIT, procedures.SIGN}
    return Actor(number, f"{agency}-{number}", "X", agency, None, powers)


def drawn(*parts: str, name: str = "p", reasons: str, signers: str) -> bytes:
    """A diagram of these parts with its reasons and signers."""
    from tests.engines.procedures.diagrams import diagram

    told = (
        f'<bpmn:extensionElements><tapal:procedure reasons="{reasons}" signedBy="{signers}"/>'
        "</bpmn:extensionElements>"
    )
    return diagram(told, *parts).replace(b'process id="p"', f'process id="{name}"'.encode())


WHOLE = (start(), step("ask"), end("done", "false"), flow("start", "ask"), flow("ask", "done"))


def adopted(xml: bytes, *agencies: str) -> Procedure:
    """A diagram drawn by the first agency and signed by all of them."""
    draft = procedures.save_draft(xml, "", actor=officer(agencies[0]))
    procedures.propose(draft.id, actor=officer(agencies[0]))
    for code in agencies:
        procedures.sign(draft.id, actor=officer(code, "2"))
    draft.refresh_from_db()
    return draft


def shipped() -> bytes:
    return procedures.xml_of(Procedure.objects.get(name="watchlist_hit", version=1))


@pytest.fixture
def hit(parcels: Path) -> Run:
    """An alert of the sanctions list, customs', with its run."""
    lists("sanctions")
    hand_in(message(ROW), HandIn())
    return Run.objects.get()


def test_nobody_takes_a_procedure_over_as_its_only_signer(home: Path) -> None:
    alone = shipped().replace(WATCHLIST, b'signedBy="DJBC"')
    with pytest.raises(Rejected, match="HUBINTER, IMI, KEMLU, POLRI"):
        procedures.save_draft(alone, "", actor=officer("DJBC"))
    assert Procedure.objects.filter(name="watchlist_hit").count() == 1


def test_a_version_of_another_s_name_binds_its_signers_alone(home: Path) -> None:
    mine = drawn(*WHOLE, name="watchlist_hit", reasons="odd_weight", signers="DJBC")
    row = adopted(mine, "DJBC")
    assert row.state == "in_force"
    kept = procedures.for_reason("list_match:cegah", "IMI")
    assert kept is not None and kept.seed and kept.state == "in_force"
    assert procedures.for_reason("odd_weight", "IMI") is None
    assert procedures.for_reason("odd_weight", "DJBC") == row


def test_who_signed_the_version_displaced_signs_the_next(home: Path) -> None:
    one = drawn(*WHOLE, name="weights", reasons="odd_weight", signers="DJBC IMI")
    adopted(one, "DJBC", "IMI")
    for name, reasons in (("weights", "odd_weight"), ("other", "odd_weight"), ("weights", "else")):
        with pytest.raises(Rejected, match="concerns IMI"):
            procedures.save_draft(
                drawn(*WHOLE, name=name, reasons=reasons, signers="DJBC"), "", actor=officer("DJBC")
            )
    whole = drawn(*WHOLE[:2], *WHOLE[2:], name="weights", reasons="odd_weight", signers="DJBC IMI")
    second = adopted(whole.replace(b'name="Uji"', b'name="Uji dua"'), "DJBC", "IMI")
    assert procedures.for_reason("odd_weight", "IMI") == second
    assert [p.state for p in procedures.versions_of("weights")] == ["in_force", "followed"]


def test_a_draft_is_looked_at_again_when_it_is_put_forward_and_signed(home: Path) -> None:
    xml = drawn(*WHOLE, name="early", reasons="odd_weight", signers="DJBC")
    draft = procedures.save_draft(xml, "", actor=officer("DJBC"))
    adopted(drawn(*WHOLE, name="first", reasons="odd_weight", signers="DJBC IMI"), "DJBC", "IMI")
    with pytest.raises(Rejected, match="concerns IMI"):
        procedures.propose(draft.id, actor=officer("DJBC"))
    Procedure.objects.filter(pk=draft.id).update(state="proposed")
    with pytest.raises(Rejected, match="concerns IMI"):
        procedures.sign(draft.id, actor=officer("DJBC", "2"))
    assert Procedure.objects.get(pk=draft.id).signatures == []


def test_a_new_version_takes_over_for_new_cases_of_its_signers(hit: Run) -> None:
    xml = shipped().replace(WATCHLIST, EVERYBODY)
    author = officer("IMI")
    with pytest.raises(Denied):
        procedures.save_draft(xml, "", actor=replace(author, powers=ALL_POWERS))
    draft = procedures.save_draft(xml, "more signers", actor=author)
    assert procedures.save_draft(xml, "again", actor=author).id == draft.id
    procedures.propose(draft.id, actor=author)
    for code in ("DJBC", "HUBINTER", "IMI", "KEMLU"):
        procedures.sign(draft.id, actor=officer(code, "2"))
        assert procedures.for_reason("list_match:cegah", "IMI") == hit.procedure
    procedures.sign(draft.id, actor=officer("POLRI", "2"))
    assert procedures.for_reason("list_match:cegah", "IMI") == draft
    assert procedures.for_reason("list_match:cegah", "BARANTIN") == hit.procedure
    hit.refresh_from_db()
    assert hit.procedure_id != draft.id


def test_none_who_drew_a_version_signs_it_and_nobody_signs_twice(home: Path) -> None:
    xml = drawn(*WHOLE, name="eyes", reasons="odd_weight", signers="DJBC IMI")
    draft = procedures.save_draft(xml, "", actor=officer("DJBC", "1"))
    procedures.save_draft(xml, "", actor=officer("DJBC", "2"))
    procedures.propose(draft.id, actor=officer("DJBC", "3"))
    for number in ("1", "2"):
        with pytest.raises(Denied):
            procedures.sign(draft.id, actor=officer("DJBC", number))
    both = officer("DJBC", "4")
    procedures.sign(draft.id, actor=both)
    with pytest.raises(Denied):
        procedures.sign(draft.id, actor=replace(both, agency="IMI"))


def test_two_first_drafts_at_once_get_two_numbers(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    xml = drawn(*WHOLE, name="numbers", reasons="odd_weight", signers="DJBC")
    save, tries = Procedure.save, []

    def late(row: Procedure, **how: object) -> None:
        """The other draft is kept between the count and the insert."""
        tries.append(row.version)
        if len(tries) == 1:
            raise IntegrityError("one_version_once")
        save(row, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(Procedure, "save", late)
    assert procedures.save_draft(xml, "", actor=officer("DJBC")).version == 1
    assert len(tries) == 2


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((start(), step("ask", power="rule.world"), *WHOLE[2:]), "rule.world"),
        ((start(), step("ask", agency="NASA"), *WHOLE[2:]), "NASA"),
        ((start(), step("ask", agency="role:wizard"), *WHOLE[2:]), "role:wizard"),
        ((start(), step("ask", agency="IMI-HAM"), *WHOLE[2:]), "IMI-HAM"),
        ((start(), step("ask"), end("done", "banana"), *WHOLE[3:]), "banana"),
        ((*WHOLE, flow("ask", "done")), "used 2 times"),
        ((start(), end("done", "false"), flow("start", "done")), "human task"),
    ],
)
def test_what_cannot_be_run_here_is_no_draft(home: Path, parts: tuple[str, ...], said: str) -> None:
    with pytest.raises(Rejected, match=said):
        procedures.save_draft(
            drawn(*parts, reasons="odd_weight", signers="DJBC"), "", actor=officer("DJBC")
        )
    assert not Procedure.objects.filter(name="p").exists()


def test_who_is_given_a_task_must_sign(home: Path) -> None:
    xml = drawn(
        start(), step("ask", agency="role:interpol"), *WHOLE[2:], reasons="odd_weight", signers="DJBC"
    )  # fmt: skip
    with pytest.raises(Rejected, match="concerns HUBINTER"):
        procedures.save_draft(xml, "", actor=officer("DJBC"))


def in_force(xml: bytes) -> None:
    """A version of the watchlist procedure that got in before it was checked as it is now."""
    Procedure.objects.filter(name="watchlist_hit").update(xml=xml)


BROKEN = [
    drawn(start(), end("done", "false"), flow("start", "done"), reasons="list_match:*", signers="DJBC"),
    drawn(*WHOLE[:2], end("done", "banana"), *WHOLE[3:], reasons="list_match:*", signers="DJBC"),
    drawn(*WHOLE, flow("ask", "done"), reasons="list_match:*", signers="DJBC"),
    drawn(start(), step("ask", agency="NASA"), *WHOLE[2:], reasons="list_match:*", signers="DJBC"),
    drawn(
        start(), gate("gate", "else"), step("ask"), end("done"), flow("start", "gate"),
        flow("gate", "ask", "rules[9] == reason"), flow("gate", "done", id="else"),
        flow("ask", "done"), reasons="list_match:*", signers="DJBC",
    ),
    b"no diagram at all",
]  # fmt: skip


@pytest.mark.parametrize("xml", BROKEN)
def test_no_procedure_keeps_an_alert_from_opening_or_closes_it(parcels: Path, xml: bytes) -> None:
    in_force(xml)
    lists("sanctions")
    hand_in(message(ROW), HandIn())
    raised = Alert.objects.get()
    assert raised.state == "open" and not Link.objects.filter(verdict=-1).exists()
    assert Run.objects.get().status == "stuck"
    assert Event.objects.filter(type="run.stuck").count() == 1
    assert [t.name for t in Task.objects.filter(alert=raised)] == ["procedure_stuck"]


def test_a_list_of_nobody_here_is_asked_of_the_alert_s_own_agency(hit: Run) -> None:
    Roll.objects.filter(pk="sanctions").update(authority="UN Security Council")
    who = [officer("DJBC", n) for n in ("1", "2")]
    for step_id, field, actor in (("verify", "first", who[0]), ("second", "second", who[1])):
        task = Task.objects.get(run=hit, step=step_id)
        answer.answer(task.id, {field: "same", f"{field}_why": "face"}, actor=actor)
    assert Task.objects.get(run=hit, step="refer").owner == "DJBC"


def test_the_system_judges_nothing(hit: Run) -> None:
    assert hit.alert is not None
    for outcome in (alert.Outcome.FALSE, alert.Outcome.TRUE, alert.Outcome.EXPLAINED):
        with pytest.raises(ValueError, match="person"):
            alert.conclude(hit.alert, outcome, "time", SYSTEM, since=hit.started_at, reach=4)
    assert Alert.objects.get().state == "open"


PRIVATE = drawn(
    start(),
    step("ask", choice("what", ["trafficked", "fine"]), private="true"),
    end("done", "explained").replace('id="done"', 'id="done" name="Korban perdagangan orang"'),
    flow("start", "ask"), flow("ask", "done"),
    reasons="list_match:*", signers="DJBC",
)  # fmt: skip


def closed_by_answer(xml: bytes) -> str:
    """What the alert says after its only step was answered."""
    in_force(xml)
    lists("sanctions")
    hand_in(message(ROW), HandIn())
    who = replace(officer("DJBC"), powers=ALL_POWERS | {"protection.read"})
    answer.answer(Task.objects.get(step="ask").id, {"what": "trafficked"}, actor=who)
    closed = Alert.objects.get()
    assert closed.state == "closed"
    told = EventContent.objects.get(event__type="alert.closed")
    return f"{closed.outcome_reason} {told.content}"


def test_a_private_run_closes_its_alert_without_a_word_of_it(parcels: Path) -> None:
    said = closed_by_answer(PRIVATE)
    assert "traffick" not in said and "perdagangan" not in said
    assert runs.closing_words(Run.objects.get(), Alert.objects.get()).id in said


def test_an_open_run_closes_its_alert_with_the_name_of_its_end(parcels: Path) -> None:
    said = closed_by_answer(PRIVATE.replace(b' private="true"', b""))
    assert "Korban perdagangan orang" in said and "trafficked" not in said
