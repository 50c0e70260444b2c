"""Packs: what a post without network screens with, what it refuses, and when it stops."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone

from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.marking import Purpose
from tapal.core.text import Text
from tapal.flow import reference
from tapal.flow.agreements import Terms, revoke_agreement, save_agreement
from tapal.flow.intake import HandIn
from tapal.flow.listed import LISTS
from tapal.flow.packs import making
from tapal.flow.packs.held import held
from tapal.flow.packs.making import Order, make, revoke
from tapal.flow.packs.opening import open_pack
from tapal.flow.packs.own_keys import own_keys, trust
from tapal.flow.report import hand_in
from tapal.flow.unscreened import among, unscreened
from tapal.flow.work import work_all
from tapal.store.models import Access, Cursor, Event, Finding, Listing, Record, Roll
from tests.flow.share.conftest import actor

pytestmark = pytest.mark.django_db(databases=["default", "access"])

BY = "OPERATOR"
PEOPLE = """\
name,sex,birth_date,nationality,document_class,document_number,issuing_state,expires,direction,\
post,time,mode
"SOARES, MARIA",F,1988-02-14,TLS,passport,C0123456,TLS,2031-06-30,entry,PLBN-11,{at},foot
"""
Change = Callable[[], None]


def entry(code: str, entity_id: str, name: str, **more: object) -> Listing:
    data = {
        "names": [name], "aliases": [], "birth_dates": ["1988-02-14"], "nationalities": ["TLS"],
        "documents": [["X1", None]], "gender": "F",
    }  # fmt: skip
    found = Listing.objects.create(
        roll_id=code, entity_id=entity_id, schema="Person", data=data, reason="SECRET REASON",
        legal_basis="SECRET BASIS", **more,
    )  # fmt: skip
    reference.bump(LISTS)
    return found


def cross(at: str = "2026-11-24T08:12:00") -> str:
    """A crossing handed in and worked: its id."""
    given = HandIn("people.csv", "IMI", "PLBN-11", None, "IMI-0001")
    return hand_in(PEOPLE.format(at=at).encode(), given).items[0].id


class Places:
    """A hub and a post in one database: the lists move by packs alone."""

    def __init__(self, settings: LazySettings, folder: Path) -> None:
        self.settings, self.hub, self.post = settings, folder / "hub", folder / "post"
        for home in (self.hub, self.post):
            home.mkdir()
        self.at(self.post)
        self.reader = own_keys().reader
        self.at(self.hub)
        self.signer = own_keys().signer

    def at(self, home: Path) -> None:
        self.settings.TAPAL_HOME = home

    def order(self, **more: object) -> Order:
        return Order("PLBN-11", "IMI", reader=self.reader, **more)  # type: ignore[arg-type]

    def make(self, since: int | None = None, **more: object) -> bytes:
        self.at(self.hub)
        return make(self.order(**more), by=BY, since=since).data

    def travel(self) -> None:
        """Go to the post: it has nothing of the hub's but the key that it trusts."""
        Listing.objects.all().delete()
        Roll.objects.update(version=0, imported_at=None)
        reference.bump(LISTS)
        self.at(self.post)
        trust(self.signer, by=BY)


@pytest.fixture
def places(home: Path, settings: LazySettings, tmp_path: Path) -> Iterator[Places]:
    entry("tangkal", "T1", "MARIA SOARES", direction="entry")
    entry("tangkal", "T2", "SOMEBODY ELSE")
    entry("tangkal", "OLD", "LONG GONE", valid_until=timezone.localdate() - timedelta(days=2))
    entry("dpo", "D1", "WANTED PERSON")
    yield Places(settings, tmp_path)


def refused(data: bytes) -> str:
    with pytest.raises(Rejected) as wrong:
        open_pack(data, by=BY)
    assert wrong.value.reason.id and wrong.value.mend.id and wrong.value.place == "pack"
    return wrong.value.reason.en


def test_a_post_screens_from_a_pack_and_holds_what_sharing_opens_to_it(places: Places) -> None:
    data = places.make()
    assert b"SOARES" not in data and b"tangkal" not in data
    places.travel()
    done = open_pack(data, by=BY)
    assert (done.serial, done.entries, done.gone) == (1, 2, 0)
    rows = Listing.objects.order_by("entity_id")
    assert [row.entity_id for row in rows] == ["T1", "T2"]
    assert {row.reason + row.legal_basis for row in rows} == {""}
    record = cross()
    assert Finding.objects.filter(record_id=record, rule="list_match").exists()
    assert unscreened(record) is None
    told = Event.objects.filter(type="pack.made").count(), Event.objects.filter(type="pack.opened")
    assert told[0] == told[1].count() == 1
    look = Access.objects.get(act="export", subject="pack 1")
    assert look.agency == "IMI" and look.post == "PLBN-11" and look.clauses == ["own"]


def test_an_agreement_puts_a_list_into_the_pack_and_its_end_takes_it_out(places: Places) -> None:
    clause = {"kinds": [], "max_sensitivity": "restricted", "fields": [], "lists": ["dpo"]}
    terms = Terms(
        code="POLRI-IMI", title=Text("x", "x"), giver="POLRI", taker="IMI",
        purpose="border_control", clauses=[clause], valid_from=timezone.localdate(),
    )  # fmt: skip
    save_agreement(terms, actor=actor("POLRI", "steward"))
    first = places.make()
    revoke_agreement("POLRI-IMI", "over", actor=actor("POLRI", "steward"))
    second = places.make(since=1)
    places.travel()
    assert open_pack(first, by=BY).entries == 3
    done = open_pack(second, by=BY)
    assert (done.entries, done.changed, done.gone) == (2, 0, 1)
    assert not Listing.objects.filter(roll="dpo", removed_at=None).exists()


def test_who_may_see_no_list_gets_no_pack(places: Places) -> None:
    with pytest.raises(Rejected):
        make(Order("PLBN-11", "PSDKP", reader=places.reader), by=BY)
    with pytest.raises(Denied):
        make(Order("PLBN-11", "IMI", Purpose.HEALTH, reader=places.reader), by=BY)
    assert not Event.objects.filter(type="pack.made").exists()


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"days": 0}, "days"), ({"days": 365}, "days"), ({"post": "NOWHERE"}, "post"),
        ({"agency": "NOBODY"}, "agency"), ({"reader": ""}, "reader"), ({"reader": "x"}, "pack"),
    ],
)  # fmt: skip
def test_a_wrong_order_names_what_is_wrong(
    places: Places, changed: dict[str, object], place: str
) -> None:
    order = {"post": "PLBN-11", "agency": "IMI", "reader": places.reader} | changed
    with pytest.raises(Rejected) as wrong:
        make(Order(**order), by=BY)  # type: ignore[arg-type]
    assert wrong.value.place == place


def test_a_changed_cut_foreign_or_untrusted_pack_is_refused_and_changes_nothing(
    places: Places,
) -> None:
    data = places.make()
    places.at(places.hub)
    other = make(Order("PLBN-02", "IMI", reader=own_keys().reader), by=BY).data
    places.travel()
    for at in (0, 30, data.index(b"\n", 20) + 5, len(data) - 1):
        changed = bytearray(data)
        changed[at] ^= 1
        refused(bytes(changed))
    for cut in (b"", data[:40], data[:-1], b"PK\x03\x04" + data):
        refused(cut)
    assert "another post" in refused(other)
    trust(places.signer, by=BY, ended=True)
    assert "not trusted" in refused(data)
    assert held() is None and not Listing.objects.exists()


def test_an_older_pack_and_the_same_one_again_are_refused(places: Places) -> None:
    first, second = places.make(), places.make()
    places.travel()
    open_pack(second, by=BY)
    assert "number 1" in refused(first)
    assert "number 2" in refused(second)


def test_a_delta_is_small_and_brings_the_post_to_the_hubs_state(places: Places) -> None:
    first = places.make()
    Listing.objects.filter(entity_id="T2").update(removed_at=timezone.now())
    changed = Listing.objects.get(entity_id="T1")
    changed.data = changed.data | {"names": ["MARIA DA COSTA SOARES"]}
    changed.save()
    entry("cegah", "C1", "NEW ONE")
    delta = places.make(since=0)
    places.travel()
    assert "changes to pack number 1" in refused(delta)
    open_pack(first, by=BY)
    done = open_pack(delta, by=BY)
    assert (done.serial, done.entries, done.changed, done.gone) == (2, 2, 2, 1)
    alive = Listing.objects.filter(removed_at=None).order_by("entity_id")
    assert [row.data["names"] for row in alive] == [["NEW ONE"], ["MARIA DA COSTA SOARES"]]


def test_a_delta_to_lists_that_were_changed_by_hand_is_refused(places: Places) -> None:
    first, delta = places.make(), places.make(since=1)
    places.travel()
    open_pack(first, by=BY)
    Listing.objects.filter(entity_id="T2").delete()
    assert "not those that this pack changes" in refused(delta)
    assert held() is not None and Cursor.objects.get(name="pack.held").data["serial"] == 1


def test_a_base_that_is_not_kept_is_refused(places: Places) -> None:
    for _ in range(making.KEPT_MARKS + 1):
        places.make()
    with pytest.raises(Rejected) as wrong:
        places.make(since=1)
    assert wrong.value.place == "since"
    assert len(list((places.hub / making.FOLDER).iterdir())) == making.KEPT_MARKS


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    now = timezone.now
    monkeypatch.setattr("django.utils.timezone.now", lambda: now() + by)


def test_nobody_is_screened_with_a_pack_that_has_run_out_and_it_says_so(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = places.make(days=1), places.make(days=9)
    places.travel()
    open_pack(first, by=BY)
    before = cross()
    later(monkeypatch, timedelta(days=2))
    after = cross("2026-11-26T08:12:00")
    assert not Finding.objects.filter(record_id=after, rule="list_match").exists()
    told = unscreened(after)
    assert told is not None and "has run out" in told.text.en and "tangkal" in told.text.en
    assert unscreened(before) is None and among([before, after]) == {after}
    assert "has run out" in refused(first) or "number 1" in refused(first)
    done = open_pack(second, by=BY)
    assert done.again == 1
    work_all()
    assert Finding.objects.filter(record_id=after, rule="list_match").exists()
    assert unscreened(after) is None


def test_a_revoked_pack_ends_at_once_and_does_not_come_back(places: Places) -> None:
    first = places.make()
    notice = revoke("PLBN-11", "IMI", "the laptop was stolen", by=BY)
    with pytest.raises(Rejected):
        places.make(since=1)
    second = places.make()
    places.travel()
    open_pack(first, by=BY)
    assert open_pack(notice, by=BY).kind == "revocation"
    record = cross()
    assert not Finding.objects.filter(record_id=record, rule="list_match").exists()
    told = unscreened(record)
    assert told is not None and "revoked" in told.text.en
    assert "number 1" in refused(first)
    assert open_pack(notice, by=BY).serial == 1
    assert open_pack(second, by=BY).again == 1
    assert unscreened(record) is not None  # waits for the worker
    work_all()
    assert Record.objects.get(pk=record).worked and unscreened(record) is None


def test_a_notice_that_comes_first_keeps_its_packs_out(places: Places) -> None:
    first, notice = places.make(), revoke("PLBN-11", "IMI", "lost on the way", by=BY)
    places.travel()
    open_pack(notice, by=BY)
    assert "number 1" in refused(first) and held() is None


def test_a_clock_set_back_neither_opens_nor_screens(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = places.make()
    second = places.make()
    places.travel()
    open_pack(data, by=BY)
    later(monkeypatch, -timedelta(days=1))
    pack = held()
    assert pack is not None and pack.ended(timezone.now()) is not None
    assert "clock" in refused(second)


def test_revoking_needs_a_reason_and_a_pack(places: Places) -> None:
    with pytest.raises(Missing):
        revoke("PLBN-11", "IMI", "x", by=BY)
    places.make()
    with pytest.raises(Rejected):
        revoke("PLBN-11", "IMI", "  ", by=BY)
