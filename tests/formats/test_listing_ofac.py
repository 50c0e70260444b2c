"""OFAC's CSV: the three files together, dates and papers out of the remarks, bad rows told."""

from pathlib import Path

import pytest

from tapal.formats import listing_ofac
from tapal.formats.listing import Fault, ListingRow

SDN = (
    b'1,"DOE, John Astor","individual","SDGT","Head of DOE",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
    b'"DOB 04 May 1971; alt. DOB 1973 to 1975; POB Dili, Timor-Leste; nationality Timor-Leste; '
    b"Gender Male; Passport AB123 (Timor-Leste) expires 04 May 2020; alt. Passport 77; "
    b"National ID No. 550/1 (Timor-Leste); a.k.a. 'JD'.\"\r\n"
    b'2,"MAR AZUL","vessel","CUBA",-0- ,"CL2192","Tug",-0- ,"212","Cuba","Owner",'
    b'"Vessel Registration Identification IMO 9187629."\r\n'
    b'3,"DOE TRADING",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n\x1a'
)
ALT = b'1,10,"aka","DOE, Jack",-0- \r\n1,11,"wk","JAKEY",-0- \r\n'
ADD = b'1,20,"Street 1","Dili","Timor-Leste",-0- \r\n3,21,"Street 2","Havana","Cuba",-0- \r\n'


def test_the_three_files_make_one_list_in_any_order() -> None:
    john, boat, firm = listing_ofac.read([ADD, SDN, ALT])
    assert isinstance(john, ListingRow) and isinstance(boat, ListingRow)
    assert isinstance(firm, ListingRow)
    assert (john.names, john.aliases) == (("John Astor DOE",), ("Jack DOE",))
    assert john.weak_aliases == ("JD", "JAKEY")
    assert john.birth_dates == ("1971-05-04", "1973", "1974", "1975")
    assert john.nationalities == ("Timor-Leste",), "an address is no nationality"
    assert (("77", None) in john.documents) and (("550/1", "Timor-Leste") in john.documents)
    assert (john.gender, john.legal_basis) == ("male", "SDGT")
    assert (boat.schema, boat.nationalities) == ("Vessel", ("Cuba",))
    assert ("9187629", None) in boat.documents and ("CL2192", None) in boat.documents
    assert (firm.schema, firm.nationalities) == ("Organization", ("Cuba",))


def test_a_passport_is_read_before_its_remarks() -> None:
    john = next(iter(listing_ofac.read([SDN])))
    assert isinstance(john, ListingRow)
    assert ("AB123", "Timor-Leste") in john.documents


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (b'4,"SHORT"\r\n', "SDN line"),
        (b'x,"A",-0-,"P",-0-,-0-,-0-,-0-,-0-,-0-,-0-,-0-\r\n', "SDN line"),
        (b'5,-0-,-0-,"P",-0-,-0-,-0-,-0-,-0-,-0-,-0-,-0-\r\n', "SDN line"),
        (b'6,"A","individual","P",-0-,-0-,-0-,-0-,-0-,-0-,-0-,"DOB soon"\r\n', "DOB"),
    ],
    ids=["too few cells", "no number", "no name", "no date"],
)
def test_a_bad_row_is_told_and_stops_no_other(row: bytes, said: str) -> None:
    items = list(listing_ofac.read([SDN.rstrip(b"\x1a") + row]))
    (fault,) = [each for each in items if isinstance(each, Fault)]
    assert said in fault.place and fault.mend.id
    assert sum(isinstance(each, ListingRow) for each in items) == 3 + fault.taken


def test_another_file_among_them_is_told() -> None:
    first, *rest = listing_ofac.read([b"id,name\n1,A\n", SDN])
    assert isinstance(first, Fault) and len(rest) == 3


def test_the_public_list_is_read_whole(shared: Path) -> None:
    files = [shared / "data/lists" / name for name in ("ofac_sdn.csv", "ofac_alt.csv")]
    items = list(listing_ofac.read([path.read_bytes() for path in files]))
    rows = [each for each in items if isinstance(each, ListingRow)]
    assert len(rows) == 8976 and sum(bool(row.birth_dates) for row in rows) > 4400
    assert len(items) - len(rows) < 5
