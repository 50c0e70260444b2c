"""An entry's fields are read in words, in both languages."""

from typing import Any

import pytest

from tapal.flow.lists.entry_words import said


@pytest.mark.parametrize(
    ("name", "value", "indonesian", "english"),
    [
        ("schema", "Person", "orang", "person"),
        ("schema", "Pohon", "Pohon", "Pohon"),
        ("direction", "entry", "masuk", "entry"),
        ("direction", "", "", ""),
        ("birth_dates", ["1971-03-04", "1971-03", "1971"], *["04-03-1971; 03-1971; 1971"] * 2),
        ("valid_until", "2027-01-31", "31-01-2027", "31-01-2027"),
        ("nationalities", ["TLS", "id"], "Timor-Leste; Indonesia", "Timor-Leste; Indonesia"),
        ("gender", "female", "perempuan", "female"),
        ("documents", [["C1", "MYS"], ["C2", None]], "C1 (Malaysia); C2", "C1 (Malaysia); C2"),
        ("names", ["A-B", ""], "A-B", "A-B"),
        ("number", "2020-01-02", "2020-01-02", "2020-01-02"),
    ],
)
def test_a_field_in_words(name: str, value: Any, indonesian: str, english: str) -> None:
    assert (said(name, value).id, said(name, value).en) == (indonesian, english)
