"""Plant quarantine: what is read keeps every value, names and lists are matched as they should."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tapal.core.errors import Rejected
from tapal.core.reading import Draft, Rejection
from tapal.core.record import Key
from tapal.kinds.phyto import PHYTO, codes, ephyto, ephyto_write, inspection_csv, naming
from tests.formats.sps_mutations import mutate_tree
from tests.kinds.builders import READING, context, legal_row
from tests.kinds.phyto.cases import body, item, record

SAMPLE = PHYTO.samples / "ephyto" / "oranges_by_road.xml"
HUB = "data/reference/xsd/ippc_ephyto/split/ephyto_1.xsd"


def draft(data: bytes) -> Draft:
    found = [one for one in ephyto.read(data, READING) if isinstance(one, Draft)]
    assert len(found) == 1
    return found[0]


def told(one: Draft) -> dict[str, Any]:
    return one.body.model_dump(mode="json", exclude_none=True)


def leaves(value: Any) -> list[str]:
    """Every plain value of a JSON, as text."""
    if isinstance(value, dict):
        return [leaf for inner in value.values() for leaf in leaves(inner)]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in leaves(inner)]
    return [str(value)]


def words(data: bytes) -> set[str]:
    """Every text of an XML, attachments and codes that only name other texts left out."""
    root = etree.fromstring(data)
    names = {"AttachmentBinaryObject", "Subject", "SystemName"}
    return {
        " ".join(node.text.split())
        for node in root.iter()
        if node.text and node.text.strip() and str(node.tag).rpartition("}")[2] not in names
    }


def lost(data: bytes, one: Draft) -> set[str]:
    """Texts of the XML that neither the body nor a finding holds."""
    held = leaves(told(one)) + [finding.text.en for finding in one.findings]
    joined = "\n".join(held)
    characteristics = {"TTFT", "TTTM", "TTCO", "TTCH", "TTL1", "TTL2", "TTAI"}
    return {
        word
        for word in words(data)
        if word not in joined and codes.alpha3(word) not in held and word not in characteristics
    }


def test_no_value_of_the_sample_is_lost() -> None:
    # The clause's own running number is made anew when it is written.
    assert lost(SAMPLE.read_bytes(), draft(SAMPLE.read_bytes())) == set()


def test_no_value_of_a_real_certificate_is_lost(shared: Path) -> None:
    data = (shared / "data/samples/ephyto_sps_xml/SPSCertificateContent.xml").read_bytes()
    one = draft(data)
    assert lost(data, one) == set()
    assert told(one)["certificate"]["number"] == "123ABC"
    assert len(told(one)["items"]) == 2 and len(told(one)["references"]) == 6
    assert {f.rule for f in one.findings} == {"ephyto_conformance"}


def test_written_samples_validate_against_the_hub_schema(shared: Path) -> None:
    schema = etree.XMLSchema(etree.parse(str(shared / HUB)))
    folder = PHYTO.samples
    for path in sorted(folder.glob("ephyto/*.xml")) + sorted(folder.glob("phyto_paper/*.json")):
        form = next(f for f in PHYTO.formats if f.name == path.parent.name)
        for one in form.read(path.read_bytes(), READING):
            if isinstance(one, Draft):
                written = etree.fromstring(ephyto_write.write([told(one)]))
                assert schema.validate(written), (path.name, schema.error_log)


def test_a_real_certificate_is_written_again_and_validates(shared: Path) -> None:
    schema = etree.XMLSchema(etree.parse(str(shared / HUB)))
    data = (shared / "data/samples/ephyto_sps_xml/SPSCertificateContent.xml").read_bytes()
    assert not schema.validate(etree.fromstring(data))
    written = etree.fromstring(ephyto_write.write([told(draft(data))]))
    assert schema.validate(written), schema.error_log


def test_several_bodies_are_written_into_one_document() -> None:
    one = told(draft(SAMPLE.read_bytes()))
    other = {**one, "certificate": {**one["certificate"], "number": "TL-2"}}
    again = [i for i in ephyto.read(ephyto_write.write([one, other]), READING)]
    assert [told(i) for i in again if isinstance(i, Draft)] == [one, other]


def test_a_body_that_cannot_validate_is_not_written() -> None:
    with pytest.raises(Rejected) as caught:
        ephyto_write.write([{"certificate": {"number": "X"}}])
    assert caught.value.place == "/SPSCertificate/SPSExchangedDocument/TypeCode"


def test_xml_without_a_certificate_is_rejected_with_place_and_mend() -> None:
    (rejected,) = ephyto.read(b"<SPSCertificate><a></SPSCertificate>", READING)
    assert isinstance(rejected, Rejection)
    assert rejected.place.startswith("/") and "line 1" in rejected.place
    assert rejected.raw and rejected.mend.id


def test_certificates_with_damaged_trees_are_read_or_rejected_and_then_assessed() -> None:
    rng, root = random.Random(7), etree.fromstring(SAMPLE.read_bytes())
    read = 0
    for _ in range(3_000):
        for one in ephyto.read(mutate_tree(root, rng), READING):
            if isinstance(one, Rejection):
                assert one.place
            elif isinstance(one, Draft):
                read += 1
                held = told(one)
                PHYTO.title(held)
                assert list(naming.keys(held)) and all(e.properties for e in naming.entities(held))
                for rule in PHYTO.rules:
                    assert all(f.text.id for f in rule.check(record(held), context()))
    assert read > 2_000


def test_keys_hold_the_certificate_what_it_replaces_and_what_it_rests_on() -> None:
    held = body(
        certificate={"number": "tl-1/a", "issuing_country": "TLS", "replaces": "TL 0"},
        items=[item(original_certificate="AU-9", original_country="AUS")],
        consignment={
            "containers": [{"number": "CSQU 305438-3", "seal": "S-1"}],
            "transport": [{"mode": "1", "means": "km  Contoh", "number": "V-1"}],
        },
    )
    assert set(naming.keys(held)) == {
        Key("certificate", "TLS:TL1A"),
        Key("certificate", "TLS:TL0"),
        Key("certificate", "AUS:AU9"),
        Key("container", "CSQU3054383"),
        Key("seal", "S1"),
        Key("vessel", "KM CONTOH"),
    }


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("PT. Contoh Gandum", "Organization"),
        ("Sample Orchard Lda", "Organization"),
        ("Importer S.A.", "Organization"),
        ("Juan Perez", "LegalEntity"),
        ("Contoh Tani", "LegalEntity"),
    ],
)
def test_a_form_of_business_marks_an_organisation(name: str, schema: str) -> None:
    assert naming.schema(name) == schema


@pytest.mark.parametrize(
    ("eppo", "name", "category"),
    [
        ("CERTCA", "", "A1"),
        (" certca ", "wrong name", "A1"),
        ("", "CERATITIS  capitata", "A1"),
        ("", "Candidatus Liberibacter asiaticus", "A2"),
        ("", "Liberibacter asiaticus", "A2"),
        ("", "Microcyclus ulei", "A1"),
        ("", "Ceratitis", None),
        ("", "", None),
    ],
)
def test_pests_are_found_by_code_name_and_synonym(
    eppo: str, name: str, category: str | None
) -> None:
    found = codes.listed_pest(eppo, name)
    assert (found.category if found else None) == category


def test_the_list_says_of_each_row_how_sure_it_is_and_knows_no_group_by_guess() -> None:
    listed = codes.rows("optk.csv")
    assert {row["confidence"] for row in listed} == {"unchecked"}
    assert all(row["list_version"] and row["list_date"] for row in listed)
    assert {row["category"] for row in listed} == {"A1", "A2"}
    assert {row["group"] for row in listed} == {""}


def test_a_finding_of_a_listed_pest_names_both_axes_list_version_and_date() -> None:
    rule = next(r for r in PHYTO.rules if r.name == "listed_pest_found")
    pest = {"eppo_code": "CERTCA", "group": "II", "found": "2026-03-10"}
    (found,) = rule.check(record(body(pests=[pest])), context())
    assert found.data["list_version"] and found.data["list_date"] == "2020"
    for part in ("kategori A1", "golongan II", "Permentan 25/2020", "belum diverifikasi"):
        assert part in found.text.id
    assert {row.topic for row in found.cites} == {
        "quarantine.optk_category",
        "quarantine.optk_group",
    }


def test_unread_law_is_a_look_and_read_law_an_alert() -> None:
    rule = next(r for r in PHYTO.rules if r.name == "required_declaration_missing")
    bare = record(body(items=[item(declarations=None)]))
    (unsure,) = rule.check(bare, context())
    wanted = {"pest": "Candidatus Liberibacter asiaticus"}
    row = legal_row("quarantine.required_declaration", wanted, commodity="citrus", origin="TLS")
    (sure,) = rule.check(bare, context(legal=[row]))
    assert (unsure.weight.name, sure.weight.name) == ("LOOK", "ALERT")
    assert "unchecked" in unsure.text.en and "unchecked" not in sure.text.en


@pytest.mark.parametrize(
    ("hs", "names", "commodity"),
    [
        ("08051000", [], "citrus"),
        ("", ["Citrus  reticulata"], "citrus"),
        ("151110", ["Elaeis guineensis"], ""),
        ("120710", ["Elaeis guineensis"], "seed_oil_palm"),
        ("", ["Zea mays"], ""),
    ],
)
def test_commodities_go_by_hs_code_and_else_by_genus(
    hs: str, names: list[str], commodity: str
) -> None:
    assert codes.commodity(hs, names) == commodity


def test_countries_become_alpha_3_and_go_back() -> None:
    assert [codes.alpha3(c) for c in ("tl", "TLS", "XX", "Timor")] == ["TLS", "TLS", "XX", "Timor"]
    assert [codes.alpha2(c) for c in ("TLS", "XX", "")] == ["TL", "XX", ""]


def test_no_code_compares_the_kind_with_others() -> None:
    sources = Path(naming.__file__).parent.rglob("*.py")
    foreign = re.compile(r"tapal\.kinds\.(?!phyto\b)\w+")
    assert [path.name for path in sources if foreign.search(path.read_text())] == []


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ("<ram:Description>TTFT</ram:Description>\n", "", "Hot water dip"),
        ("<ram:Description>TTTM</ram:Description>\n", "", "46 CEL"),
        ("<ram:ItemQuantity>24</ram:ItemQuantity>", "", "1 CR"),
        ("<ram:IssueDateTime>\n", "<ram:IssueDateTime>about noon\n", "about noon"),
    ],
)
def test_what_stands_without_its_code_or_amount_is_kept_and_written_again(
    old: str, new: str, kept: str
) -> None:
    text = SAMPLE.read_text()
    assert old in text
    one = told(draft(text.replace(old, new, 1).encode()))
    assert any(kept in leaf for leaf in leaves(one))
    assert told(draft(ephyto_write.write([one]))) == one


def results(*rows: str) -> list[Draft | Rejection]:
    head = "nomor sertifikat;negara penerbit;waktu pemeriksaan;hasil;opt;hidup;petugas\n"
    items = inspection_csv.read((head + "\n".join(rows)).encode(), READING)
    return [item for item in items if isinstance(item, Draft | Rejection)]


@pytest.mark.parametrize(
    ("country", "time", "result", "at"),
    [
        ("TL", "24-02-2026 10:00", "bebas", "2026-02-24T10:00:00+08:00"),
        ("Timor-Leste", "24/02/2026 10.00", "bebas OPTK", "2026-02-24T10:00:00+08:00"),
        ("tls", "24 Februari 2026", "free", "2026-02-24"),
    ],
)
def test_results_are_read_as_offices_write_them(
    country: str, time: str, result: str, at: str
) -> None:
    (one,) = results(f"TL-1;{country};{time};{result};;;")
    assert isinstance(one, Draft)
    held = told(one)
    assert held["certificate"] == {"number": "TL-1", "issuing_country": "TLS"}
    assert held["inspection"] == {"inspected_at": at, "result": "free"}
    assert one.occurred_text == time


def test_rows_of_one_inspection_are_one_and_what_differs_in_them_is_told() -> None:
    (one,) = results(
        "TL-1;TLS;2026-02-24 10:00;bebas;;;KRT-1",
        "TL-1;TL;24-02-2026 10.00;ditemukan OPT;Bactrocera dorsalis;ya;KRT-1",
        "TL-1;TL;24-02-2026 10.00;ditemukan OPT;Bactrocera dorsalis;ya;KRT-1",
    )
    assert isinstance(one, Draft)
    held = told(one)
    assert held["inspection"]["result"] == "pest_found"
    assert held["pests"] == [{"scientific_name": "Bactrocera dorsalis", "alive": True}]
    (finding,) = one.findings
    assert (finding.rule, finding.about) == ("inspection_rows_differ", "row 2 result")
    assert finding.text.en == (
        "The rows of this inspection differ in result: “pest found” and “free of regulated pests”."
    )


def test_a_result_or_a_country_that_nobody_knows_is_rejected_by_its_cell() -> None:
    items = results("TL-1;Narnia;2026-02-24;bebas;;;", "TL-2;TL;2026-02-24;mungkin;;;")
    assert [i.place for i in items] == ["row 2 issuing_country", "row 3 result"]
