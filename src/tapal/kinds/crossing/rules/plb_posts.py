"""Rules on where a border pass is used: under which agreement, at which post, and back by which.

Every value is a legal row; where it is unchecked or disputed the officer decides and signs.
"""

from __future__ import annotations

from collections.abc import Iterator

from tapal.core.finding import Compared, Finding, Weight
from tapal.core.record import RecordView
from tapal.core.rules import Context, History, rule
from tapal.core.text import Text
from tapal.kinds.crossing.codes import state_said
from tapal.kinds.crossing.rules.earlier import last_movement
from tapal.kinds.crossing.rules.facts import day_of, goes_home, place_name, shown, unsure
from tapal.kinds.crossing.rules.pass_facts import is_border_pass, treaty_of

_POST = Text("pos", "post")
_NEIGHBOUR = Text("negara tetangga", "neighbour")
_NOT_NAMED = Text(
    "{name} tidak disebut sebagai pos untuk pas lintas batas ini.{tail}",
    "{name} is not named as a post for this border pass.{tail}",
)
_OTHER_LINE = Text(
    "Pas lintas batas ini untuk garis batas dengan {ours}; {name} terletak di garis batas dengan "
    "{theirs}.",
    "This border pass is for the line with {ours}; {name} lies on the line with {theirs}.",
)
_RETURNS = Text(
    "Kembali lewat {here}, sedangkan berangkat lewat {there} ({day}).{must}{tail}",
    "Returns through {here}, set out through {there} ({day}).{must}{tail}",
)
_MUST = Text(" Perjanjiannya meminta pos yang sama.", " The agreement asks for the same post.")
_ANY = ("plb.posts", "plb.residence_area", "plb.stay_days", "plb.validity_months")


@rule(Text("Pas tanpa perjanjian", "Border pass without an agreement"), legal=_ANY)
def border_pass_no_agreement(record: RecordView, context: Context) -> Iterator[Finding]:
    """Tell a border pass of a State, or at a line, for which no agreement on border passes is held here."""
    if not is_border_pass(record):
        return
    treaty, day = treaty_of(record, context), day_of(record, context)
    about = {"neighbour": treaty.neighbour, "holder": treaty.holder}
    if not treaty.neighbour or any(context.legal.settle(t, day, **about) for t in _ANY):
        return
    yield Finding(
        "border_pass_no_agreement",
        Weight.LOOK,
        Text(
            "Tidak ada perjanjian pas lintas batas dengan {state} dalam daftar aturan. Periksa apakah "
            "dokumen ini berlaku untuk lintas di sini.",
            "No agreement on border passes with {state} is in the rules held here. Check whether this "
            "document is good for crossing here.",
        ).fill(state=state_said(treaty.neighbour)),
        ("document.document_class", "document.issuing_state"),
    )


@rule(Text("Pos di luar perjanjian pas", "Post outside the pass agreement"), legal=("plb.posts",))
def border_pass_post(record: RecordView, context: Context) -> Iterator[Finding]:
    """Tell a border pass used at a post that is none of its agreement's, in or out."""
    if not is_border_pass(record) or not record.place:
        return
    treaty = treaty_of(record, context)
    settled = context.legal.settle("plb.posts", day_of(record, context), neighbour=treaty.neighbour)
    lists = [{str(p) for p in (value or {}).get("posts", ())} for value in settled.values]
    if not any(lists) or all(record.place in each for each in lists):
        return
    here = context.places.get(record.place)
    # A post on another neighbour's line is never right, whatever the unread list of posts says.
    elsewhere = bool(here and here.neighbour and here.neighbour != treaty.neighbour)
    ours, theirs = state_said(treaty.neighbour), state_said(here.neighbour) if here else ""
    said = _OTHER_LINE if elsewhere else _NOT_NAMED
    certain = settled.certain and not any(record.place in each for each in lists)
    yield Finding(
        "border_pass_post",
        Weight.ALERT if certain or elsewhere else Weight.LOOK,
        said.fill(
            name=place_name(record.place, context),
            ours=ours,
            theirs=theirs,
            tail=unsure(settled.rows),
        ),
        ("document.issuing_state", "document.document_class", "residence.area"),
        (Compared(_NEIGHBOUR, theirs, ours, agree=not elsewhere),),
        cites=settled.rows,
        disputed=settled.disputed,
    )


@rule(
    Text("Kembali lewat pos lain", "Return through another post"),
    legal=("plb.return_by_same_post",),
    history=History(("document", "person"), days=400),
)
def border_pass_other_post(record: RecordView, context: Context) -> Iterator[Finding]:
    """Tell the way back on a border pass through another post than the way out.

    A note, for no text that was read forbids it; where a legal row says that the holder returns by
    the same post it is something to look at, and an alert where that row was read.
    """
    if not is_border_pass(record) or not record.place or not goes_home(record):
        return
    last = last_movement(record, context)
    out = "exit" if record.get("direction") == "entry" else "entry"
    if last is None or last.record.get("direction") != out or not last.same_document:
        return
    if last.record.place in (None, record.place):
        return
    treaty = treaty_of(record, context)
    settled = context.legal.settle(
        "plb.return_by_same_post", day_of(record, context), neighbour=treaty.neighbour
    )
    asked = [row for row in settled.rows if row.value is True]
    weight = Weight.NOTE
    if asked:
        weight = Weight.ALERT if settled.certain else Weight.LOOK
    there, here = place_name(last.record.place, context), place_name(record.place, context)
    yield Finding(
        "border_pass_other_post",
        weight,
        _RETURNS.fill(
            here=here,
            there=there,
            day=shown(day_of(last.record, context)),
            must=_MUST if asked else "",
            tail=unsure(asked),
        ),
        ("document.document_class", "direction"),
        (Compared(_POST, here, there, agree=False),),
        rests_on=(last.record.id,),
        cites=tuple(asked),
        disputed=settled.disputed,
    )
