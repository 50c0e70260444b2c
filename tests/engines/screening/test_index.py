"""The index as a table: added, removed, read by many at once, and answering as one built anew."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

from tapal.engines.screening import Index, Listed, Query

FIRST = [
    "Yusri",
    "Wartini",
    "Kasmirah",
    "Halim",
    "Anselmo",
    "Perumal",
    "Marhamah",
    "Sutapa",
    "Zulkarnain",
    "Sarbini",
]
LAST = [
    "Latupono",
    "Belo",
    "Tarihoran",
    "Karia",
    "Sanjeevan",
    "Kalmat",
    "Pasole",
    "Tapobali",
    "Wenda",
    "Mambrasar",
]


def crowd(size: int, seed: int = 7) -> list[Listed]:
    dice = Random(seed)
    out = []
    for n in range(size):
        name = " ".join([*dice.sample(FIRST, dice.choice((1, 2))), dice.choice(LAST)])
        born = f"19{dice.randint(40, 99)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
        dated = (born,) if dice.random() < 0.7 else (born[:4],) if dice.random() < 0.5 else ()
        number = ((f"C{dice.randint(10**6, 10**7)}", "IDN"),) if dice.random() < 0.4 else ()
        out.append(Listed(f"e{n}", names=(name,), birth_dates=dated, documents=number))
    return out


def questions(listings: list[Listed]) -> list[Query]:
    return [
        Query(names=x.names, birth_date=next(iter(x.birth_dates), None), documents=x.documents)
        for x in listings
    ]


def answers(index: Index, queries: list[Query]) -> list[set[tuple[str, float, str]]]:
    return [
        {(h.listed.entity_id, h.score, h.band.value) for h in index.match(q, limit=1000)}
        for q in queries
    ]


def test_stale_index_plus_changes_is_a_fresh_index() -> None:
    listings = crowd(300)
    index = Index.build(listings[:200])
    for listed in listings[200:]:
        index.add(listed)
    for listed in listings[:100]:
        assert index.remove(listed.entity_id) == 1
    fresh = Index.build(listings[100:])
    assert len(index) == len(fresh) == 200
    queries = questions(listings)
    assert answers(index, queries) == answers(fresh, queries)


def test_removed_is_gone_and_unknown_removes_nothing() -> None:
    index = Index.build([Listed("a", names=("Yusri Latupono",), documents=(("C1234567", None),))])
    assert index.remove("nobody") == 0
    assert index.remove("a") == 1
    assert index.match(Query(names=("Yusri Latupono",))) == []
    assert index.documents("C1234567") == []
    assert len(index) == 0


def test_entries_that_share_an_id_are_removed_together() -> None:
    index = Index.build([Listed("a", names=("Yusri Latupono",)), Listed("a", names=("Wartini",))])
    assert index.remove("a") == 2


@pytest.mark.parametrize(
    ("number", "country", "found"),
    [
        ("c 123-4567", None, True),
        ("C1234567", "ID", True),
        ("C1234567", "MYS", False),
        ("C1234568", None, False),
        ("", None, False),
    ],
)
def test_documents(number: str, country: str | None, found: bool) -> None:
    index = Index.build([Listed("a", documents=(("C1234567", "IDN"),))])
    assert bool(index.documents(number, country)) is found


def namesakes(size: int, code: str) -> list[Listed]:
    return [
        Listed(
            f"{code}:{n}", names=("Yusri Latupono",), birth_dates=("1980-07-04",), list_code=code
        )
        for n in range(size)
    ]


NAMESAKE = Query(names=("Yusri Latupono",), birth_date="1980-07-04")


def test_listings_of_other_lists_are_as_if_they_were_not_there(tmp_path: Path) -> None:
    """More of them than are weighed for one query take no place of the one that is asked for."""
    one = Listed("b:1", names=("Yusri Latupono",), birth_dates=("1980-07-04",),
                 documents=(("C1234567", None),), list_code="b")  # fmt: skip
    built = Index.build([*namesakes(300, "a"), one])
    built.save(tmp_path / "index")
    added = Index.build(namesakes(300, "a"))
    added.add(one)
    for index in (built, added, Index.load(tmp_path / "index")):
        assert [h.listed for h in index.match(NAMESAKE, lists={"b"})] == [one]
        assert index.near("Yusri Latupono", lists={"b"}) == [one]
        assert index.documents("C1234567", lists={"b"}) == [one]
        assert index.documents("C1234567", lists={"a"}) == []
        assert index.match(NAMESAKE, lists={"a", "none"}, limit=1)[0].listed.list_code == "a"
        assert index.match(NAMESAKE, lists=()) == [] == index.near("Yusri", lists={"none"})


def test_a_hit_that_is_not_wanted_takes_no_place() -> None:
    index = Index.build(namesakes(30, "a"))
    hits = index.match(
        NAMESAKE, limit=2, wanted=lambda listed: listed.entity_id in {"a:28", "a:29"}
    )
    assert {h.listed.entity_id for h in hits} == {"a:28", "a:29"}


def test_every_listing_finds_itself() -> None:
    listings = crowd(300, seed=11)
    index = Index.build(listings)
    for listed, query in zip(listings, questions(listings), strict=True):
        found = [h.listed.entity_id for h in index.match(query, limit=300)]
        assert listed.entity_id in found, listed


def test_many_read_while_one_writes() -> None:
    listings = crowd(400, seed=3)
    index = Index.build(listings[:200])
    queries = questions(listings[:200])
    before = answers(index, queries)

    def write() -> None:
        for _ in range(3):
            for listed in listings[200:]:
                index.add(listed)
            for listed in listings[200:]:
                index.remove(listed.entity_id)

    with ThreadPoolExecutor(4) as pool:
        writing = pool.submit(write)
        reading = [pool.submit(answers, index, queries) for _ in range(6)]
        writing.result()
        ids = {x.entity_id for x in listings}
        for answer in reading:
            assert all(who in ids for hits in answer.result() for who, _, _ in hits)
    assert len(index) == 200
    # How rare a word is was counted while others were there, and is counted anew when much has changed.
    index.update(listings[:200], [x.entity_id for x in listings[:200]])
    assert answers(index, queries) == before


def test_ten_thousand_strange_queries() -> None:
    listings = crowd(200, seed=5)
    index = Index.build(listings)
    dice = Random(42)
    letters = "abeijoyu <-.'/,0123١٢محمدعبدЖßçñ漢字🙂\u0000\u200b\ud800"
    for _ in range(10_000):
        base = dice.choice(listings).names[0]
        cut = dice.randint(0, len(base))
        noise = "".join(dice.choices(letters, k=dice.randint(0, 12)))
        born = dice.choice((None, "1980", "1980-13-40", "0000-00-00", "x", "1980-02-31", base))
        query = Query(
            schema=dice.choice(("Person", "Company", "Vessel", "LegalEntity", "", noise)),
            names=(base[:cut] + noise + base[cut:],),
            birth_date=born,
            nationalities=(noise[:3], "ID"),
            documents=((noise, None),),
            gender=noise[:1],
        )
        for hit in index.match(query):
            assert 0 <= hit.score <= 1 and hit.reasons
