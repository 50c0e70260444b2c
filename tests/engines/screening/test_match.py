"""What a small list answers: the band, and the sentences with the values compared."""

import pytest

from tapal.engines.screening import Band, Hit, Index, Listed, Query
from tapal.engines.screening.reasons import in_words, sentence

YUSRI = Listed(
    "yusri",
    names=("Yusri Latupono",),
    aliases=("Si Kumis",),
    birth_dates=("1980-07-04",),
    nationalities=("ID",),
    documents=(("C1234567", "ID"),),
    gender="male",
)
UNDATED = Listed("undated", names=("Budi Setiawan",), nationalities=("IDN",))
YEAR_ONLY = Listed("year", names=("Wartini",), birth_dates=("1971",))
FIRM = Listed("firm", schema="Company", names=("PT Citra Samudera",), nationalities=("ID",))
SHIP = Listed(
    "ship",
    schema="Vessel",
    names=("KM Teluk Mutiara 07",),
    nationalities=("ID",),
    documents=(("9123456", None),),
)
LOST = Listed("lost", schema="Passport", documents=(("X7654321", "MYS"),))
CASTS = (YUSRI, UNDATED, YEAR_ONLY, FIRM, SHIP, LOST)


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.build(CASTS)


def first(index: Index, query: Query) -> Hit | None:
    return next(iter(index.match(query)), None)


def person(name: str, born: str | None = None, country: str = "IDN", document: str = "") -> Query:
    return Query(
        names=(name,),
        birth_date=born,
        nationalities=(country,),
        documents=((document, None),) if document else (),
    )


@pytest.mark.parametrize(
    ("query", "who", "band"),
    [
        (person("YUSRI LATUPONO", "1980-07-04"), "yusri", Band.ALERT),
        (person("Joesri Latoepono", "1980-04-07"), "yusri", Band.ALERT),
        (person("LATUPONO<<YUSRI", "1980-07-05"), "yusri", Band.ALERT),
        (person("Si Kumis", "1980-07-04"), "yusri", Band.ALERT),
        (person("Anselmo Belo", "1953-11-23", "TLS", "C1234567"), "yusri", Band.ALERT),
        (person("Budi Setiawan", "1990-02-03"), "undated", Band.TIE),
        (person("Wartini", "1971-02-03"), "year", Band.ALERT),
        (person("Anselmo Belo", "1953-11-23", "TLS", "X765 4321"), "lost", Band.ALERT),
        (Query("Organization", ("Citra Samudera, P.T.",)), "firm", Band.ALERT),
        (Query("LegalEntity", ("Citra Samudera, P.T.",)), "firm", Band.ALERT),
        (Query("Vessel", ("K.M. Teluk Mutiara VII",)), "ship", Band.ALERT),
        (Query("Vessel", ("Teluk Mutiara 7",), nationalities=("IDN",)), "ship", Band.ALERT),
        (Query("Vessel", ("KMN Teluk Mutiara 07",), nationalities=("IDN",)), "ship", Band.ALERT),
    ],
)
def test_found(index: Index, query: Query, who: str, band: Band) -> None:
    hit = first(index, query)
    assert hit is not None
    assert (hit.listed.entity_id, hit.band) == (who, band)


@pytest.mark.parametrize(
    "query",
    [
        person("Anselmo Belo", "1980-07-04"),
        person("Budi Santoso", "1990-02-03"),
        person("Setiawan", "1990-02-03"),
        person("Yusri Halim", "1953-11-23"),
        person("Wartini", "1988-02-03"),
        person("Yusri Latupono", "1953-11-23"),
        person("", "1980-07-04"),
        person("???", None),
        Query("Vessel", ("KM Teluk Mutiara 08",)),
        Query("Company", ("PT Citra Buana",)),
        Query("Vessel", ("Yusri Latupono",)),
        Query(),
    ],
)
def test_silent(index: Index, query: Query) -> None:
    assert index.match(query) == []


def test_another_imo_number_is_another_ship(index: Index) -> None:
    same, other = (
        Query("Vessel", ("KM Teluk Mutiara 07",), None, ("IDN",), ((number, None),))
        for number in ("IMO 9123456", "9765432")
    )
    a, b = first(index, same), first(index, other)
    assert a is not None and a.band is Band.ALERT
    assert b is not None and b.band is Band.LOOK
    assert any("IMO numbers differ" in r.en for r in b.reasons)


def test_reasons_carry_both_values_in_both_languages(index: Index) -> None:
    hit = first(index, person("Joesri Latoepono", "1980-04-07", "MYS", "C1234568"))
    assert hit is not None
    said = [(r.id, r.en) for r in hit.reasons]
    for pair in (
        ("Joesri Latoepono", "Yusri Latupono"),
        ("07-04-1980", "04-07-1980"),
        ("Malaysia", "Indonesia"),
        ("C1234568", "C1234567"),
    ):
        assert any(all(v in id_ and v in en for v in pair) for id_, en in said), pair
    verdicts = {field: verdict for field, _, _, verdict in hit.compared}
    assert verdicts["birthDate"] == "agree"
    assert verdicts["nationality"] == "differ"


def test_a_tie_says_why(index: Index) -> None:
    hit = first(index, person("Budi Setiawan", "1990-02-03"))
    assert hit is not None
    assert any("alone proves little" in r.en for r in hit.reasons)
    assert ("birthDate", "1990-02-03", "", "unknown") in hit.compared


def test_a_common_name_weighs_less_than_a_rare_one() -> None:
    crowd = [
        Listed(f"p{n}", names=(f"Sarbini {word}",), birth_dates=(f"{1950 + n % 50}-03-02",))
        for n in range(400)
        for word in (f"Kalmat{n}",)
    ]
    index = Index.build(
        [*crowd, Listed("rare", names=("Ompusunggu Tarihoran",)), Listed("c", names=("Sarbini",))]
    )
    rare = first(index, person("Ompusunggu Tarihoran", "1990-12-12"))
    common = first(index, person("Sarbini", "1990-12-12"))
    assert rare is not None and common is not None
    assert rare.score > common.score
    assert (rare.band, common.band) == (Band.ALERT, Band.TIE)


def test_another_gender_speaks_against(index: Index) -> None:
    same = Query(names=("Yusri Latupono",), birth_date="1980", gender="M")
    other = Query(names=("Yusri Latupono",), birth_date="1980", gender="F")
    a, b = first(index, same), first(index, other)
    assert a is not None and b is not None
    assert a.score > b.score
    assert any("Sex differs" in r.en for r in b.reasons)


def test_at_most_the_limit_best_first() -> None:
    index = Index.build(Listed(f"e{n}", names=("Kasmirah Latupono",)) for n in range(30))
    hits = index.match(person("Kasmirah Latupono"), limit=4)
    assert len(hits) == 4
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)


def test_reasons_read_as_words_and_say_once_what_is_the_same() -> None:
    same = sentence("gender", "same_gender", "female", "F")
    assert same is not None and (same.id, same.en) == (
        "Jenis kelamin sama: perempuan.",
        "Sex agrees: female.",
    )
    other = sentence("nationality", "other_country", "TLS", "IDN, MYS")
    assert other is not None and other.id == (
        "Kewarganegaraan berbeda: Timor-Leste dan Indonesia, Malaysia."
    )
    names = sentence("name", "same", "ANA", "ANA")
    assert names is not None and names.en == "Names agree: “ANA”."
    assert in_words("birthDate", "1980-07") == "07-1980"
    assert in_words("gender", "X") == "X"
