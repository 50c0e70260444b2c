"""The UN's consolidated list: every part of an entry is read, a bad one stops no other."""

from pathlib import Path

import pytest

from tapal.formats import listing_un
from tapal.formats.listing import Fault, ListingRow

WHOLE = """<?xml version="1.0" encoding="UTF-8"?>
<CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09Z"><INDIVIDUALS><INDIVIDUAL>
<DATAID>1</DATAID><FIRST_NAME>JOHN</FIRST_NAME><SECOND_NAME>ASTOR</SECOND_NAME>
<THIRD_NAME>DOE</THIRD_NAME><UN_LIST_TYPE>Test</UN_LIST_TYPE>
<REFERENCE_NUMBER>XXi.001</REFERENCE_NUMBER><LISTED_ON>2012-12-31</LISTED_ON>
<GENDER>Male</GENDER><COMMENTS1>Made up.</COMMENTS1>
<NAME_ORIGINAL_SCRIPT>جون</NAME_ORIGINAL_SCRIPT>
<NATIONALITY><VALUE>Timor-Leste</VALUE></NATIONALITY>
<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>JACK DOE</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>JD</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1971-05-04</DATE>
</INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1973</FROM_YEAR>
<TO_YEAR>1975</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>AB 123</NUMBER>
<ISSUING_COUNTRY>Timor-Leste</ISSUING_COUNTRY></INDIVIDUAL_DOCUMENT>
</INDIVIDUAL></INDIVIDUALS><ENTITIES><ENTITY><DATAID>2</DATAID>
<FIRST_NAME>DOE TRADING</FIRST_NAME><REFERENCE_NUMBER>XXe.001</REFERENCE_NUMBER>
<ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>DT</ALIAS_NAME></ENTITY_ALIAS>
</ENTITY></ENTITIES></CONSOLIDATED_LIST>""".encode()


def test_an_individual_is_read_whole() -> None:
    john, firm = listing_un.read(WHOLE)
    assert isinstance(john, ListingRow) and isinstance(firm, ListingRow)
    assert (john.entity_id, john.schema, john.names) == ("XXi.001", "Person", ("JOHN ASTOR DOE",))
    assert (john.aliases, john.weak_aliases) == (("JACK DOE", "جون"), ("JD",))
    assert john.birth_dates == ("1971-05-04", "1973", "1974", "1975")
    assert (john.nationalities, john.gender) == (("Timor-Leste",), "male")
    assert john.documents == (("AB 123", "Timor-Leste"),)
    assert (john.valid_from, john.legal_basis, john.reason) == ("2012-12-31", "Test", "Made up.")
    assert (firm.entity_id, firm.schema, firm.aliases) == ("XXe.001", "Organization", ("DT",))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"<REFERENCE_NUMBER>XXi.001</REFERENCE_NUMBER>", b"", None),
        (b"<DATE>1971-05-04</DATE>", b"<DATE>1971-25-04</DATE>", "1971-25-04"),
        (b"<FIRST_NAME>DOE TRADING</FIRST_NAME>", b"<FIRST_NAME/>", None),
    ],
    ids=["falls back on its data id", "bad date", "alias stands for the name"],
)
def test_a_bad_part_stops_no_entry(old: bytes, new: bytes, said: str | None) -> None:
    items = list(listing_un.read(WHOLE.replace(old, new)))
    faults = [each for each in items if isinstance(each, Fault)]
    assert len(items) - len(faults) == 2
    assert [f.raw for f in faults] == ([said] if said else [])
    assert all("line" in f.place and f.mend.id for f in faults)


def test_an_entry_without_a_name_is_told_by_its_place_and_stops_no_other() -> None:
    nameless = WHOLE.replace(b"<FIRST_NAME>DOE TRADING</FIRST_NAME>", b"").replace(b"DT", b"")
    john, fault = listing_un.read(nameless)
    assert isinstance(john, ListingRow)
    assert isinstance(fault, Fault) and "XXe.001" in fault.place and not fault.taken


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<CONSOLIDATED_LIST><INDIVIDUALS>",
        b"<html/>",
        b"\x1f\x8bbroken",
        b'<!DOCTYPE a [<!ENTITY x "y">]><CONSOLIDATED_LIST/>',
    ],
    ids=["empty", "torn", "another root", "broken gzip", "entities"],
)
def test_what_is_no_list_is_one_fault(data: bytes) -> None:
    (fault,) = listing_un.read(data)
    assert isinstance(fault, Fault) and fault.mend.en


def test_the_public_list_is_read_whole(shared: Path) -> None:
    items = list(listing_un.read((shared / "data/lists/un_consolidated_watchman.xml").read_bytes()))
    assert len(items) == 1003 and not any(isinstance(each, Fault) for each in items)
    assert len({each.entity_id for each in items if isinstance(each, ListingRow)}) == 1003
