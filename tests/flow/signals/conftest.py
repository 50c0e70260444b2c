"""A quarter of crossings at Motaain in the lake, with a surge on its last day and a gap."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tapal.core.kind import Period
from tapal.flow import lake
from tapal.flow.demo_officers import make_demo_officers
from tapal.flow.intake import HandIn, take_and_read
from tapal.flow.signals.counts import last_period

HEAD = "name,sex,birth_date,nationality,document_class,document_number,issuing_state,expires,"
HEAD += "direction,post,time,mode\n"
DAYS = 90
SURGE = 30

Cross = Callable[..., None]

INSPECTIONS = "nomor_sertifikat;negara_penerbit;waktu_pemeriksaan;hasil;petugas;opt;kode_eppo\n"
FLY, NEMATODE = "Ceratitis capitata;CERTCA", "Globodera rostochiensis;HETDRO"


def inspected(day: date, number: int, *pests: str) -> str:
    """One inspection of a day, free where it names no pest."""
    head = f"TL-{day:%y%m%d}-{number};TL;{day} 09:30"
    if not pests:
        return f"{head};bebas OPTK;KRT-0001;;\n"
    return "".join(f"{head};ditemukan OPT;KRT-0001;{pest}\n" for pest in pests)


def hand_inspections(text: str, post: str = "PLBN-11") -> None:
    """Store inspections of quarantine without working them."""
    given = HandIn("inspections.csv", "BARANTIN", post, None, "KRT-0001")
    take_and_read((INSPECTIONS + text).encode(), given)


def crossings(day: date, count: int, *, post: str = "PLBN-11", start: int = 0) -> str:
    """Entries of as many people on a day."""
    return "".join(
        f'"TRAVELLER {post} {day} {n}, A",F,1988-02-14,TLS,passport,{post[-2:]}{day:%y%m%d}{n:02},'
        f"TLS,2039-06-30,entry,{post},{day}T09:{n % 60:02}:00,foot\n"
        for n in range(start, start + count)
    )


def hand(text: str, post: str = "PLBN-11") -> None:
    """Store crossings of immigration without working them: the lake needs no more."""
    take_and_read((HEAD + text).encode(), HandIn("day.csv", "IMI", post, None, "IMI-0001"))


def fill(last: date) -> None:
    """Four or five entries a day for a quarter, none on one day, thirty on the last; into the lake."""
    text = "".join(
        crossings(last - timedelta(days=back), 4 + back % 2)
        for back in range(1, DAYS)
        if back != 40
    )
    hand(text + crossings(last, SURGE))
    lake.build()


@pytest.fixture
def yesterday() -> date:
    """The last day that is over in the capital."""
    return last_period(timezone.now(), Period.DAY)


@pytest.fixture
def surge(home: Path, yesterday: date) -> Iterator[date]:
    """What `fill` hands in, and the demo's officers."""
    make_demo_officers()
    fill(yesterday)
    yield yesterday
