"""SPSCertificate: read tolerantly with problems that name their place, written strictly."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from lxml import etree

from tapal.formats import sps
from tapal.formats.sps.reader import MAX_CERTIFICATES
from tapal.formats.xml_safe import MAX_BYTES, parse
from tests.formats.sps_mutations import mutate, mutate_tree

HERE = Path(__file__).parent
WHOLE = (HERE / "sps_whole.xml").read_bytes()
SEED = 20260317

RSM = "urn:un:unece:uncefact:data:standard:SPSCertificate:17"
RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:21"
SMALL = f"""<s:SPSCertificate xmlns:s="{RSM}" xmlns:r="{RAM}"><s:SPSExchangedDocument>
<r:ID>PC-1</r:ID><r:TypeCode>851</r:TypeCode><r:StatusCode>70</r:StatusCode>
</s:SPSExchangedDocument></s:SPSCertificate>"""


def read_one(data: bytes | str) -> sps.Found:
    (found,) = sps.read(data.encode() if isinstance(data, str) else data)
    assert isinstance(found, sps.Found)
    return found


def codes(found: sps.Found) -> list[tuple[str, str]]:
    return [(problem.code, problem.place.rsplit("/", 1)[-1]) for problem in found.problems]


def document(found: sps.Found) -> sps.ExchangedDocument:
    assert found.certificate.document is not None
    return found.certificate.document


def lines(found: sps.Found) -> tuple[sps.LineItem, ...]:
    assert found.certificate.consignment is not None
    return found.certificate.consignment.items[0].lines


def hub_schema(shared: Path) -> etree.XMLSchema:
    folder = shared / "data" / "reference" / "xsd" / "ippc_ephyto" / "split"
    return etree.XMLSchema(etree.parse(str(folder / "ephyto_1.xsd")))


def test_whole_certificate_reads_without_problem() -> None:
    found = read_one(WHOLE)
    assert found.problems == ()
    head = document(found)
    assert (head.id, head.type_code, head.status_code) == ("PC-UJI-0001", "851", "70")
    assert head.issued is not None and str(head.issued.value) == "2026-03-02 01:15:00+00:00"
    assert [(n.subject, n.contents[0].text) for n in head.notes][:1] == [("SPSFL", "1")]
    consignment = found.certificate.consignment
    assert consignment is not None and consignment.export_country is not None
    assert consignment.export_country.id == sps.Code("AU")
    assert consignment.equipment[0].seal == sps.Seal("SEGEL-77")


def test_line_items_keep_names_quantities_and_treatment() -> None:
    first, second = lines(read_one(WHOLE))
    assert [name.text for name in first.scientific_names] == ["Triticum aestivum"]
    assert first.net_weight is not None
    assert (str(first.net_weight.value), first.net_weight.unit) == ("25000", "KGM")
    assert first.packages == (sps.Package("1", "BG", "500"),)
    (process,) = first.processes
    assert process.characteristics[1].value == sps.Measure("32", "CEL")
    assert second.common_names == (sps.Words("Bawang putih", "id"),)


def test_attachment_is_hashed_and_its_bytes_travel_beside() -> None:
    found = read_one(WHOLE)
    (reference,) = document(found).references
    attachment = reference.attachment
    assert attachment is not None
    assert (attachment.filename, attachment.size) == ("izin.txt", 12)
    assert found.attachments[attachment.sha256] == b"Izin contoh\n"


def test_written_certificate_reads_back_equal() -> None:
    found = read_one(WHOLE)
    again = read_one(sps.write(found.certificate, found.attachments))
    assert again.certificate == found.certificate
    assert again.problems == ()


def test_written_xml_validates_against_the_hub_schema(shared: Path) -> None:
    found = read_one(WHOLE)
    schema = hub_schema(shared)
    written = etree.fromstring(sps.write(found.certificate, found.attachments))
    assert schema.validate(written), schema.error_log
    # The schema is in force: it refuses what it should refuse.
    assert not schema.validate(etree.fromstring(SMALL.replace("851", "phyto").encode()))


def test_reader_and_hub_schema_agree_on_what_conforms(shared: Path) -> None:
    schema = hub_schema(shared)
    rng = random.Random(SEED)
    base = etree.fromstring(WHOLE)
    agreed = 0
    for _ in range(200):
        tree = etree.fromstring(etree.tostring(base))
        nodes = [node for node in tree.iter() if node.getparent() is not None]
        node = rng.choice(nodes)
        parent = node.getparent()
        assert parent is not None
        if rng.random() < 0.5:
            parent.remove(node)
        else:
            parent.append(node)
        if not schema.validate(tree):
            agreed += 1
            assert read_one(etree.tostring(tree)).problems, etree.tostring(node)
    assert agreed > 20


def test_real_sample_gives_its_certificate_and_problems_with_places(shared: Path) -> None:
    path = shared / "data" / "samples" / "ephyto_sps_xml" / "SPSCertificateContent.xml"
    found = read_one(path.read_bytes())
    assert document(found).id == "123ABC"
    assert len(lines(found)) == 2
    # Six attachments, two of them the same file.
    assert len(found.attachments) == 5
    assert all(problem.line and problem.place.startswith("/SPS") for problem in found.problems)
    assert {code for code, _ in codes(found)} == {
        "unknown_element", "unknown_attribute", "out_of_order", "date_without_element",
        "missing", "not_base64",
    }  # fmt: skip


def test_prefixes_do_not_matter_and_foreign_namespaces_are_told() -> None:
    found = read_one(SMALL.replace("s:SPS", "abc:SPS").replace(":s=", ":abc="))
    assert found.problems == () and document(found).id == "PC-1"
    older = read_one(SMALL.replace(RAM, RAM.replace(":21", ":20")))
    assert codes(older) == [("namespace", "ID")]
    assert document(older).id == "PC-1"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("<r:ID>PC-1</r:ID>", "<r:ID>PC-1</r:ID><r:Colour>red</r:Colour>", "unknown_element"),
        ("<r:ID>PC-1</r:ID>", "<r:ID>PC-1</r:ID><r:ID>PC-2</r:ID>", "repeated"),
        ("<r:TypeCode>851</r:TypeCode>", "", "missing"),
        ("<r:TypeCode>851</r:TypeCode>", "<r:TypeCode/>", "missing"),
        (">851<", ">PHYTO<", "not_a_code_number"),
        ("<r:ID>PC-1</r:ID>", "<r:ID><b>PC-1</b></r:ID>", "unexpected_children"),
        ("<r:ID>PC-1</r:ID>", "loose <r:ID>PC-1</r:ID>", "stray_text"),
        ("<r:ID>PC-1</r:ID>", '<r:ID agency="x">PC-1</r:ID>', "unknown_attribute"),
        (
            "</s:SPSExch",
            "<r:IssueDateTime>yesterday</r:IssueDateTime></s:SPSExch",
            "not_a_date",
        ),
    ],
)
def test_departures_are_problems_and_the_rest_is_kept(old: str, new: str, expected: str) -> None:
    found = read_one(SMALL.replace(old, new, 1))
    assert expected in [code for code, _ in codes(found)]
    assert document(found).id == "PC-1"
    assert document(found).status_code == "70"


def test_soap_and_hub_envelope_around_the_certificate() -> None:
    header = (
        "<From>AU</From><To>ID</To><CertificateType>851</CertificateType>"
        "<CertificateStatus>40</CertificateStatus>"
        "<NPPOCertificateNumber>PC-1</NPPOCertificateNumber>"
    )
    found = read_one(f"<E:Body xmlns:E='urn:e'><h>{header}{SMALL}</h></E:Body>")
    assert found.envelope is not None and found.envelope.sender == "AU"
    assert codes(found) == [("envelope_differs", "SPSCertificate")]
    escaped = SMALL.replace("<", "&lt;")
    inner = read_one(f"<P><Envelope>{header}<Content>{escaped}</Content></Envelope></P>")
    assert inner.place == "/P/Envelope/Content/SPSCertificate"
    assert inner.envelope == found.envelope


def test_one_broken_envelope_does_not_stop_the_others() -> None:
    def wrap(text: str) -> str:
        return f"<Envelope><Content>{text.replace('<', '&lt;')}</Content></Envelope>"

    first, broken, last = sps.read(
        f"<L>{wrap(SMALL)}{wrap('<SPSCertificate>')}{wrap(SMALL)}</L>".encode()
    )
    assert isinstance(first, sps.Found) and isinstance(last, sps.Found)
    assert isinstance(broken, sps.Unreadable)
    assert broken.place == "/L/Envelope[2]/Content/"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   ",
        b"not xml",
        b"<SPSCertificate>",
        b"<Other/>",
        b"<?xml version='1.0' encoding='nonsense'?><a/>",
        b"<!DOCTYPE a [<!ENTITY e 'x'>]><SPSCertificate>&e;</SPSCertificate>",
        b"<!DOCTYPE a SYSTEM 'file:///etc/hostname'><SPSCertificate/>",
        b"<SPSCertificate>&undefined;</SPSCertificate>",
        b"<a>" * 400 + b"</a>" * 400,
        b"<a>" + b" " * MAX_BYTES + b"</a>",
    ],
    ids=range(11),
)
def test_nothing_usable_is_unreadable_with_a_reason(data: bytes) -> None:
    with pytest.raises(sps.Unreadable) as caught:
        sps.read(data)
    assert caught.value.place and caught.value.reason


def test_element_count_is_bounded() -> None:
    with pytest.raises(sps.Unreadable, match="more than 10"):
        parse(b"<a>" + b"<b/>" * 20 + b"</a>", max_elements=10)


def test_number_of_certificates_is_bounded() -> None:
    many = sps.read(b"<a>" + b"<SPSCertificate/>" * (MAX_CERTIFICATES + 5) + b"</a>")
    assert len(many) == MAX_CERTIFICATES + 1
    assert isinstance(many[-1], sps.Unreadable)


@pytest.mark.parametrize(
    ("text", "format_code", "value"),
    [
        ("2016-04-22T13:53:08-03:00", "", "2016-04-22 16:53:08+00:00"),
        ("2016-04-22T13:53:08", "", "2016-04-22 13:53:08"),
        ("2016-04-22", "", "2016-04-22"),
        ("20160422", "102", "2016-04-22"),
        ("201604221353", "203", "2016-04-22 13:53:00"),
        ("22.4.2016", "", "None"),
        ("2016-02-30", "", "None"),
        ("0001-01-01T00:00:00+14:00", "", "None"),
    ],
)
def test_moment_is_read_by_its_format(text: str, format_code: str, value: str) -> None:
    assert str(sps.Moment(text, format_code).value) == value


def test_number_refuses_what_is_not_a_plain_number() -> None:
    for text in ("NaN", "Infinity", "1E999999", "9" * 40, "", "12 kg", "1,5"):
        assert sps.Measure(text).value is None
    assert str(sps.Measure("100.0000").value) == "100.0000"


@pytest.mark.parametrize(
    ("certificate", "reason"),
    [
        (
            sps.Certificate(document=sps.ExchangedDocument(id="A", status_code="70")),
            "/SPSCertificate/SPSExchangedDocument/TypeCode: required",
        ),
        (
            sps.Certificate(document=sps.ExchangedDocument(type_code="85.1", status_code="70")),
            "/SPSCertificate/SPSExchangedDocument/TypeCode: '85.1' is not a code number",
        ),
        (
            sps.Certificate(
                consignment=sps.Consignment(equipment=(sps.Equipment("A"), sps.Equipment("B")))
            ),
            "/SPSCertificate/SPSConsignment/UtilizedSPSTransportEquipment: "
            "the schema allows 1, not 2",
        ),
    ],
)
def test_writer_refuses_what_would_not_validate(certificate: sps.Certificate, reason: str) -> None:
    with pytest.raises(sps.NotConforming) as caught:
        sps.write(certificate)
    assert reason in caught.value.reasons


def test_writer_does_not_drop_an_attachment_silently() -> None:
    with pytest.raises(sps.NotConforming, match=r"izin\.txt"):
        sps.write(read_one(WHOLE).certificate)


def test_ten_thousand_mutated_inputs_end_in_a_certificate_or_a_placed_reason() -> None:
    rng = random.Random(SEED)
    root = etree.fromstring(WHOLE)
    certificates = unreadable = troubled = 0
    for turn in range(10_000):
        data = mutate(WHOLE, rng) if turn % 2 else mutate_tree(root, rng)
        try:
            results = sps.read(data)
        except sps.Unreadable as error:
            assert error.place and error.reason
            unreadable += 1
            continue
        assert results
        for found in results:
            if isinstance(found, sps.Found):
                certificates += 1
                troubled += bool(found.problems)
                assert all(p.place.startswith("/") and p.code for p in found.problems)
    assert certificates > 5_000 and unreadable > 1_000 and troubled > 4_000
