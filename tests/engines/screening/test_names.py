"""Spellings of one name meet, and names of two people stay apart."""

import pytest

from tapal.engines.screening import similar_names
from tapal.engines.screening.features import OTHER, SAME, UNKNOWN, compare_forms
from tapal.engines.screening.fold import token
from tapal.engines.screening.names import read_name
from tapal.engines.screening.pairing import likenesses
from tapal.engines.screening.segment import forms_mask
from tapal.engines.screening.word_table import table

ALIKE = 0.7


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Soekardjo Tjokrowinoto", "Sukarjo Cokrowinoto"),
        ("Sjamsoeddin Achmad", "Syamsuddin Ahmad"),
        ("Chalid Hidajat", "Khalid Hidayat"),
        ("Moh. Yusri Halim", "Muhammad Yusri Halim"),
        ("M. Yusri Halim", "Mohammad Yusri Halim"),
        ("Abdul Wahid Latupono", "Abdulwahid Latupono"),
        ("Abd al-Wahid Latupono", "Abdul Wahid Latupono"),
        ("H. Yusri Halim, S.H.", "Yusri Halim"),
        ("Yusri Halim, S.Pd., M.Si.", "Yusri Halim"),
        ("Ph.D Yusri Halim", "Yusri Halim"),
        ("Letkol Yusri Halim", "Yusri Halim"),
        ("Halimah Sjarifah Latupono", "Halimah Syarifah Latupono"),
        ("HALIM YUSRI LATUPONO BI", "Halim Yusri Latupono"),
        ("Ing Tjay Tan", "TAN TJAY ING"),
        ("Tjiangtehing", "Tjiang Te Hing"),
        ("محمد عبد الله", "Muhammad Abdullah"),
        ("عبدالله محمود", "Abdullah Mahmud"),
        ("Drs. Raden Yusri Halim", "Yusri Halim"),
        ("Zulkarnain bin Yusri", "Zulkarnain Yusri"),
        ("Perumal a/l Sanjeevan", "Perumal Sanjeevan"),
        ("Belo, Anselmo Lobato", "Anselmo Lobato Belo"),
        ("Anselmo da Conceição Belo", "Anselmo Conceicao Belo"),
        ("Wartini", "Wartini Wartini"),
        ("Wartini", "WARTINI XXX"),
        ("Wartini", "Wartini W."),
        ("Tjiang Kok Hie", "Tjiang Kokhie"),
        ("Xu Wenguang", "Hsu Wen-kuang"),
        ("Halimatussadiyah", "Halimatus Sadiyah"),
        ("محمود القاضي", "Mahmud al-Qadi"),
        ("Фарид Каримов", "Farid Karimov"),
        ("Y0HANES LAT5INU", "Yohanes Latsinu"),
        ("Ni Wayan Kariasih", "Wayan Kariasih"),
    ],
)
def test_spellings_of_one_name(ours: str, theirs: str) -> None:
    assert similar_names(ours, theirs) >= ALIKE
    assert similar_names(ours, theirs) == similar_names(theirs, ours)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Zulkarnain bin Yusri", "Yusri bin Zulkarnain"),
        ("Anselmo Belo", "Anselmo Lobato"),
        ("Muhammad Halim", "Muhammad Zubair"),
        ("Wartini", "Kasmirah"),
        ("Siti Marhamah", "Siti Kasmirah"),
        ("I Wayan Karia", "I Wayan Sutapa"),
        ("", "Wartini"),
        ("-", "Wartini"),
    ],
)
def test_names_of_two_people(ours: str, theirs: str) -> None:
    assert similar_names(ours, theirs) < ALIKE


@pytest.mark.parametrize(
    ("ours", "theirs", "schema", "one"),
    [
        ("PT Citra Samudera", "P.T. Tjitra Samoedera", "Company", True),
        ("PT Citra Samudera", "Citra Samudera, PT", "Organization", True),
        ("PT Citra Samudera", "PT Citra Buana", "Organization", False),
        ("KM Teluk Mutiara 07", "K.M. Teluk Mutiara VII", "Vessel", True),
        ("KM Teluk Mutiara 07", "KM Teluk Mutiara 08", "Vessel", False),
        ("Kapal Motor Nelayan Wangi-Wangi 3", "KMN Wangi Wangi III", "Vessel", True),
        ("K M N Wangi Wangi No. 3", "KMN. Wangi Wangi 03", "Vessel", True),
        ("Tug Boat Kolaka", "TB KOLAKA", "Vessel", True),
        ("KM Kolaka12", "M/V Kolaka XII", "Vessel", True),
        ("KM Kolaka 12", "KM Kolaka 13", "Vessel", False),
    ],
)
def test_bodies_and_craft(ours: str, theirs: str, schema: str, one: bool) -> None:
    assert (similar_names(ours, theirs, schema) >= ALIKE) is one


@pytest.mark.parametrize(
    ("ours", "theirs", "level"),
    [
        ("KM Kolaka", "MV Kolaka", SAME),
        ("KMN Kolaka", "Fishing Vessel Kolaka", SAME),
        ("KM Kolaka", "KMN Kolaka", UNKNOWN),
        ("Kolaka", "KMN Kolaka", UNKNOWN),
        ("KMN Kolaka", "KLM Kolaka", OTHER),
        ("MT Kolaka", "TB Kolaka", OTHER),
    ],
)
def test_a_general_prefix_is_no_other_ship(ours: str, theirs: str, level: int) -> None:
    masks = [forms_mask(read_name(name, "craft").forms) for name in (ours, theirs)]
    assert compare_forms(*masks) == compare_forms(*reversed(masks)) == level


def test_a_ship_keeps_the_words_of_its_name() -> None:
    assert [t.text for t in read_name("KM Kapal Motor", "craft").tokens] == ["motor"]
    assert [t.text for t in read_name("Kapal Motor", "craft").tokens] == ["kapal", "motor"]
    assert [t.text for t in read_name("KM Nelayan Wakatobi", "craft").tokens] == [
        "nelayan",
        "wakatobi",
    ]


def test_a_name_is_taken_apart() -> None:
    name = read_name("H. Zulkarnain bin Mohd. Yusri")
    assert [t.text for t in name.tokens] == ["zulkarnain", "muhammad", "yusri"]
    assert name.own == 1
    assert read_name("K. Yusri Halim").initials == ("k",)


def test_a_word_without_letters_is_no_name() -> None:
    assert read_name(" -- <<< ").tokens == ()


@pytest.mark.parametrize(
    ("ours", "theirs", "least", "most"),
    [
        ("yusri", "yusri", 1.0, 1.0),
        ("joesri", "yusri", 0.9, 0.99),
        ("latupono", "latupomo", 0.8, 0.9),
        ("latup", "latupono", 0.6, 0.8),
        ("budi", "rudi", 0.5, 0.7),
        ("ali", "alo", 0.0, 0.5),
        ("yusri", "wartini", 0.0, 0.0),
    ],
)
def test_words(ours: str, theirs: str, least: float, most: float) -> None:
    words = table((token(ours), token(theirs)))
    assert least <= likenesses(words, words)[0, 1] <= most
    assert likenesses(words, words)[1, 0] == likenesses(words, words)[0, 1]


def test_bt_is_a_daughter_and_a_chinese_surname_no_title() -> None:
    assert [
        read_name(n).sex for n in ("Wartini bt. Yusri", "Wartini bt Yusri", "Yusri b. Halim")
    ] == [2, 2, 1]
    assert read_name("Tan Tjay Ing").words == ("tan", "tjay", "ing")
    assert read_name("Tan Sri Yusri Halim").words == ("yusri", "halim")
    assert read_name("S. E. Latupono Halim").initials == ("s",), "no degree: initials"


def test_all_words_of_a_long_name_count() -> None:
    many = " ".join(f"W{n}a" for n in range(18))
    assert similar_names(f"{many} Latupono", f"{many} Halim") < similar_names(many, many)
