"""Machine readable zones that nothing can be made of still name their place."""

from __future__ import annotations

from tapal.core.reading import Draft, Rejection
from tapal.kinds.crossing import mrz_list, persons_csv
from tests.formats.test_mrz_find import LOWER, TD1, TD3, UPPER
from tests.kinds.builders import READING


def test_half_a_zone_is_known_as_one_and_rejected_by_its_line() -> None:
    for text in (UPPER, LOWER, "\n".join(TD1.split("\n")[:2])):
        data = text.encode()
        assert 0 < mrz_list.sniff(data) < 40
        (item,) = mrz_list.read(data, READING)
        assert isinstance(item, Rejection)
        assert (item.place, item.raw) == ("line 1", text)


def test_a_table_of_zones_is_a_table() -> None:
    data = f'mrz\n"{TD3}"\n'.encode()
    assert persons_csv.sniff(data) > mrz_list.sniff(data)


def test_words_are_no_zone() -> None:
    assert not mrz_list.sniff(b"name,nationality\nSARI,IDN\n")
    assert not mrz_list.sniff(b"")


def test_an_empty_message_is_one_reject() -> None:
    for data in (b"", b"\r\n \r\n"):
        (item,) = mrz_list.read(data, READING)
        assert isinstance(item, Rejection)
        assert item.place == "line 1"


def test_a_zone_scanned_twice_is_told() -> None:
    drafts = [i for i in mrz_list.read(f"{TD3}\n{TD1}\n{TD3}".encode(), READING)]
    told = [[f.about for f in d.findings] for d in drafts if isinstance(d, Draft)]
    assert told == [[], [], ["MRZ 1"]]
