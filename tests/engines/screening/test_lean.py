"""Letting go of the compiler's pages harms nothing and takes only what nobody wrote to."""

from __future__ import annotations

from tapal.engines.screening import Index, Listed, Query
from tapal.engines.screening.lean import _only_read, let_go

SMAPS = """\
7f00-7f10 r--p 00000000 08:01 1 /x/libllvmlite.so
Rss: 16 kB
Anonymous: 0 kB
VmFlags: rd
7f10-7f20 r-xp 00000000 08:01 1 /x/libllvmlite.so
Anonymous: 0 kB
7f20-7f30 r--p 00000000 08:01 1 /x/libllvmlite.so
Anonymous: 8 kB
7f30-7f40 rw-p 00000000 08:01 1 /x/libllvmlite.so
Anonymous: 0 kB
7f40-7f50 r-xp 00000000 08:01 1 /x/libc.so.6
Anonymous: 0 kB
7f50-7f60 r--p 00000000 00:00 0
Anonymous: 0 kB
"""


def test_only_what_was_never_written() -> None:
    assert list(_only_read(SMAPS)) == [(0x7F00, 0x7F10), (0x7F10, 0x7F20)]


def test_questions_are_answered_after_it() -> None:
    index = Index.build([Listed("1", "Person", ("MARIA BERE",))])
    before = index.match(Query("Person", ("Maria Bere",)))
    let_go()
    index.add(Listed("2", "Company", ("PT LAUT JAYA",)))
    assert index.match(Query("Person", ("Maria Bere",))) == before
    assert index.match(Query("Company", ("PT Laut Jaya",)))


def test_warming_answers_nothing_otherwise() -> None:
    nameless = Listed("3", "Passport", documents=(("B0000001", "TLS"),))
    index = Index.build([Listed("1", "Person", ("MARIA BERE",), birth_dates=("1980",)), nameless])
    asked = (Query("Person", ("Maria Bere",)), Query("Passport", documents=nameless.documents))
    before = [index.match(each) for each in asked]
    index.warm()
    Index().warm()
    assert [index.match(each) for each in asked] == before
    assert len(index) == 2
