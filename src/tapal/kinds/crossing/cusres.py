"""Answer a passenger list: who may board, who is referred, who may not (UN/EDIFACT CUSRES).

The answer says what the carrier has to do with each person and never why. "Do not board" is an
officer's signed decision alone; what waits, clashes or could not be read is a referral.

Source: WCO/IATA/ICAO API response message (CUSRES) implementation guide, 2013; UN/EDIFACT D.05B. The
codes of the states (9321) are agreed with the carriers: legal rows of the topic `carrier.reply_code`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from tapal.core.errors import Rejected
from tapal.core.reply import Answer, Reply, Standing
from tapal.core.text import Text
from tapal.formats import edifact
from tapal.formats.edifact import Segment
from tapal.formats.edifact_separators import CHARSETS
from tapal.formats.edifact_writer import EdifactError, Element, Envelope, write_interchange
from tapal.kinds.crossing.citizenship import may_be_citizen
from tapal.kinds.crossing.paxlst import NOT_ON_BOARD, groups_of
from tapal.kinds.crossing.paxlst_parts import Group
from tapal.kinds.crossing.reading import clean

BOARD, REFERRED, DO_NOT_BOARD = "board", "referred", "do_not_board"
STATES: Final = {
    BOARD: Text("boleh naik", "board"),
    REFERRED: Text("diteruskan ke imigrasi", "referred"),
    DO_NOT_BOARD: Text("tidak boleh naik", "do not board"),
}
TOPIC: Final = "carrier.reply_code"
_TOLD: Final = {
    BOARD: "OK TO BOARD",
    REFERRED: "REFERRED - CONTACT IMMIGRATION",
    DO_NOT_BOARD: "DO NOT BOARD",
}
_SIGNED: Final = {"refused": "TOLAK-MASUK", "exit_held": "TUNDA-KELUAR"}
"""An outcome that keeps somebody from travelling, and the paper that an officer signed for it."""
_UNDECIDED: Final = frozenset({"", "back_at_counter"})
_ANSWERED: Final = frozenset({"745", "250"})
"""Lists of passengers and of crew; a close-out or a master list asks nothing."""
_LEVELS: Final = ("UNOC", "UNOY")
"""What is taken where a value does not fit the syntax that the carrier named."""
_BETWEEN: Final = frozenset({"189", "232"})
_PORTS: Final = frozenset({"125", "87"})


def state(standing: Standing) -> str:
    """What the carrier is told of one person."""
    record = standing.record
    if record is None or record.get("decision.second_desk") == "open":
        return REFERRED
    if any(path.startswith("decision.") for path in standing.clashes):
        return REFERRED
    outcome = str(record.get("decision.outcome") or "")
    if outcome in _SIGNED:
        papers = record.get("decision.papers") or ()
        signed = any(paper.get("form") == _SIGNED[outcome] for paper in papers)
        citizen = outcome == "refused" and may_be_citizen(record)
        return DO_NOT_BOARD if signed and not citizen and not standing.clashes else REFERRED
    if outcome == "admitted":
        return BOARD
    return REFERRED if standing.waits or outcome not in _UNDECIDED else BOARD


def places(data: bytes) -> tuple[str, ...]:
    """Each person of each list, as the reader names his place. Raises Rejected where none is asked of."""
    found = [str(g.nad.place) for m in edifact.messages(data) if _asks(m) for g in groups_of(m)[1]]
    if not found:
        raise Rejected(
            Text("Daftar ini tidak meminta jawaban.", "This list asks for no answer."),
            Text(
                "Hanya daftar penumpang (BGM 745) dan awak (BGM 250) dengan orangnya yang dijawab.",
                "Only lists of passengers (BGM 745) and crew (BGM 250) with persons are answered.",
            ),
            place="BGM 1",
        )
    return tuple(found)


def write(data: bytes, answer: Answer) -> bytes:
    """The interchange that answers the one in `data`, in its own syntax where the values fit it."""
    asked = [message for message in edifact.messages(data) if _asks(message)]
    opening = next((message.interchange for message in asked if message.interchange), None)
    if opening is None or not opening.get(1):
        raise Rejected(
            Text("Pengirim daftar ini tidak disebut (UNB).", "The list does not name its sender."),
            Text(
                "Minta pengangkut mengirim UNB yang utuh.", "Ask the carrier to send a whole UNB."
            ),
            place="UNB 1",
        )
    bodies = [list(_message(each, answer)) for each in asked]
    for syntax in dict.fromkeys((_syntax(opening), *_LEVELS)):
        try:
            return write_interchange(_envelope(opening, asked, answer, syntax), bodies)
        except EdifactError as wrong:
            refused = wrong
    raise Rejected(
        Text("Nilai ini tidak dapat dituliskan kembali.", "A value cannot be written back."),
        Text("Periksa acuan dalam daftar itu.", "Check the references in the list."),
        place=refused.segment,
        raw=refused.value,
    )


CUSRES: Final = Reply(
    name="cusres",
    label=Text("Jawaban kepada pengangkut (CUSRES)", "Answer to the carrier (CUSRES)"),
    states=STATES,
    topic=TOPIC,
    media_type="application/EDIFACT",
    suffix=".edi",
    places=places,
    state=state,
    write=write,
)


def _asks(message: edifact.Message) -> bool:
    heading, persons = groups_of(message)
    begin = next((s for s in heading if s.tag == "BGM"), None)
    code = clean(begin.get(0)) if begin else "745"
    status = clean(begin.get(1)).upper() if begin else ""
    return bool(persons) and code in _ANSWERED and status not in NOT_ON_BOARD


def _syntax(opening: Segment) -> str:
    return opening.get(0) if opening.get(0) in CHARSETS else "UNOA"


def _envelope(
    opening: Segment, asked: Sequence[edifact.Message], answer: Answer, syntax: str
) -> Envelope:
    header = next((message.header for message in asked if message.header), None)
    agency = header.get(1, 4) if header else ""
    return Envelope(
        sender=_party(opening, 2) or ("TAPAL",),
        recipient=_party(opening, 1),
        prepared=answer.made_at,
        reference=answer.number,
        identifier=tuple(filter(None, ("CUSRES", "D", "05B", "UN", clean(agency)))),
        syntax=syntax,
        application=clean(opening.get(6)),
        test=opening.get(10) == "1",
    )


def _party(opening: Segment, at: int) -> tuple[str, ...]:
    held = opening.elements[at] if len(opening.elements) > at else ()
    parts = [clean(part) for part in held]
    return tuple(parts) if any(parts) else ()


def _message(message: edifact.Message, answer: Answer) -> Iterator[Sequence[Element]]:
    """One list's answer: what it answers, the voyage as it was sent, then each person."""
    heading, persons = groups_of(message)
    yield "BGM", "962", answer.number
    for segment in heading:
        if segment.tag == "RFF" and segment.get(0) == "TN":
            yield "RFF", ("TN", *(clean(part) for part in segment.elements[0][1:]))
    voyage = _voyage(heading)
    if voyage.number:
        yield "RFF", ("AF", voyage.number)
    if answer.refers_to:
        yield "RFF", ("ACW", answer.refers_to)
    yield from voyage.times
    yield from voyage.ports
    yield from _persons(persons, answer)


@dataclass(slots=True)
class _Voyage:
    """The leg that crosses the border, as the carrier wrote it."""

    number: str = ""
    times: list[tuple[Element, ...]] = field(default_factory=list)
    ports: list[tuple[Element, ...]] = field(default_factory=list)


def _voyage(heading: Sequence[Segment]) -> _Voyage:
    legs: list[_Voyage] = [_Voyage()]
    for segment in heading:
        leg = legs[-1]
        if segment.tag == "TDT":
            legs.append(_Voyage(clean(segment.get(1))))
        elif segment.tag == "LOC" and segment.get(0) in _PORTS and clean(segment.get(1)):
            leg.ports.append(("LOC", segment.get(0), clean(segment.get(1))))
        elif segment.tag == "DTM" and segment.get(0) in _BETWEEN and clean(segment.get(0, 1)):
            leg.times.append(("DTM", tuple(clean(part) for part in segment.elements[0])))
    return next((leg for leg in legs if leg.ports), legs[1] if len(legs) > 1 else legs[0])


def _persons(persons: Sequence[Group], answer: Answer) -> Iterator[Sequence[Element]]:
    """Each person by the carrier's own references; by his number in the list where these tell no one apart."""
    known = [(_reference(p, "AVF"), _reference(p, "ABO")) for p in persons]
    often = Counter(known)
    for at, (person, (booking, passenger)) in enumerate(zip(persons, known, strict=True), 1):
        told = answer.states[str(person.nad.place)]
        alone = any((booking, passenger)) and often[booking, passenger] == 1
        yield "ERP", "2" if alone else ("2", str(at))
        if booking:
            yield "RFF", ("AVF", booking)
        if passenger:
            yield "RFF", ("ABO", passenger)
        yield "ERC", answer.codes[told]
        yield "FTX", "AAP", "", "", _TOLD[told]


def _reference(person: Group, qualifier: str) -> str:
    given = (s.get(0, 1) for s in person.segments if s.tag == "RFF" and s.get(0) == qualifier)
    return clean(next(given, ""))
