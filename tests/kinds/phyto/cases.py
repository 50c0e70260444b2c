"""On what each rule of plant quarantine speaks, and on what it stays quiet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tapal.core.record import RecordView
from tapal.core.rules import Context
from tests.kinds.builders import NOW, OTHER_POST, RuleCase, context, legal_row, view


def body(**changes: Any) -> dict[str, Any]:
    """A sound certificate of oranges from Timor-Leste, with changes."""
    return {
        "statement": "certificate",
        "source": "ephyto",
        "direction": "import",
        "certificate": {
            "number": "TL-1",
            "issuing_country": "TLS",
            "type_code": "851",
            "status_code": "70",
            "issued": "2026-03-09T08:30:00+09:00",
            "issuer": "Plant quarantine",
        },
        "exporter": {"name": "Sample Orchard Lda"},
        "consignee": {"name": "UD Contoh Buah"},
        "consignment": {"export_country": "TLS", "import_country": "IDN"},
        "items": [item()],
        "state": "open",
        **changes,
    }


def item(**changes: Any) -> dict[str, Any]:
    return {
        "sequence": "1",
        "scientific_names": ["Citrus sinensis"],
        "commodity": "citrus",
        "origins": [{"country": "TLS"}],
        "declarations": [{"text": "Free from Candidatus Liberibacter asiaticus"}],
        **changes,
    }


def certificate(**changes: Any) -> dict[str, Any]:
    return body(certificate={**body()["certificate"], **changes})


def record(changed: dict[str, Any] | None = None, **facts: Any) -> RecordView:
    return view("phyto", changed or body(), **facts)


def act(name: str, **more: Any) -> dict[str, Any]:
    return {"act": name, "number": f"{name}/1", "issued_at": "2026-03-02T03:00:00+00:00", **more}


def fires(
    rule: str, changed: dict[str, Any], known: Context | None = None, name: str = "", **facts: Any
) -> RuleCase:
    return RuleCase(rule, True, record(changed, **facts), known or context(), name)


def quiet(
    rule: str,
    changed: dict[str, Any] | None = None,
    known: Context | None = None,
    name: str = "",
    **facts: Any,
) -> RuleCase:
    return RuleCase(rule, False, record(changed, **facts), known or context(), name)


def other(changed: dict[str, Any], **facts: Any) -> Context:
    """A context in which another record with the same certificate is known."""
    return context(history=[record(changed, id="r-2", **facts)])


CERTIFICATE = (
    fires("certificate_withdrawn", certificate(status_code="40")),
    fires("certificate_withdrawn", certificate(status_code="41"), name="rejected"),
    quiet("certificate_withdrawn"),
    quiet("certificate_withdrawn", certificate(status_code="999"), name="unknown"),
    fires("certificate_status_unknown", certificate(status_code="999")),
    fires("certificate_status_unknown", certificate(status_code="1"), name="to_be_done"),
    quiet("certificate_status_unknown"),
    quiet("certificate_status_unknown", certificate(status_code="40"), name="withdrawn"),
    fires("certificate_status_unknown", certificate(status_code=None), name="none"),
    quiet(
        "certificate_status_unknown",
        {**certificate(status_code=None), "source": "paper"},
        name="none_on_paper",
    ),
    fires("certificate_expired", certificate(valid_until="2026-03-09")),
    quiet("certificate_expired", certificate(valid_until="2026-03-10"), name="last_day"),
    quiet("certificate_expired"),
    # 16:30 UTC is already the 11th in Motaain.
    fires(
        "certificate_expired",
        certificate(valid_until="2026-03-10"),
        name="local_day",
        received_at=NOW.replace(hour=16, minute=30),
    ),
    fires("certificate_not_yet_valid", certificate(issued="2026-03-11")),
    quiet("certificate_not_yet_valid", certificate(issued="2026-03-10"), name="same_day"),
    quiet("certificate_not_yet_valid", certificate(issued="kemarin"), name="unreadable"),
    # Issued in Auckland half an hour after midnight: still the 10th at Motaain.
    quiet(
        "certificate_not_yet_valid",
        certificate(issued="2026-03-11T00:30:00+13:00"),
        name="far_east",
    ),
    fires(
        "certificate_too_old",
        certificate(issued="2026-02-01"),
        context(legal=[legal_row("quarantine.certificate_max_age_days", 14)]),
    ),
    quiet(
        "certificate_too_old",
        certificate(issued="2026-02-24"),
        context(legal=[legal_row("quarantine.certificate_max_age_days", 14)]),
        name="at_the_limit",
    ),
    quiet("certificate_too_old", certificate(issued="2020-01-01"), name="no_row_entered"),
    fires("certificate_wrong_type", certificate(type_code="852")),
    fires("certificate_wrong_type", certificate(type_code=None), name="none"),
    quiet("certificate_wrong_type", certificate(type_code="657")),
    quiet("certificate_wrong_type", body(statement="inspection", certificate={"number": "A"})),
    fires(
        "certificate_for_other_country",
        body(direction=None, consignment={"import_country": "ECU"}),
    ),
    quiet("certificate_for_other_country"),
)
EARLIER = (
    fires("certificate_withdrawn_elsewhere", body(), other(certificate(status_code="40"))),
    quiet("certificate_withdrawn_elsewhere", body(), other(body())),
    quiet(
        "certificate_withdrawn_elsewhere",
        body(),
        other(certificate(status_code="40", issuing_country="PNG")),
        name="other_country",
    ),
    fires("certificate_replaced", body(), other(certificate(number="TL-2", replaces="tl 1"))),
    quiet("certificate_replaced", body(), other(certificate(number="TL-2", replaces="TL-9"))),
    fires("certificate_used_before", body(), other(body(state="released"), place=OTHER_POST.id)),
    quiet("certificate_used_before", body(), other(body(state="released")), name="same_post"),
    quiet("certificate_used_before", body(), other(body(), place=OTHER_POST.id), name="still_open"),
)
REQUIREMENTS = (
    fires("certificate_incomplete", body(items=[item(scientific_names=None)])),
    fires("certificate_incomplete", body(consignee=None), name="consignee"),
    quiet("certificate_incomplete"),
    fires("re_export_certificate_needed", body(items=[item(origins=[{"country": "AUS"}])])),
    fires("re_export_certificate_needed", certificate(type_code="657"), name="unnamed_original"),
    quiet("re_export_certificate_needed"),
    quiet(
        "re_export_certificate_needed",
        {**certificate(type_code="657"), "items": [item(original_certificate="AU-1")]},
        name="original_named",
    ),
    fires("required_declaration_missing", body(items=[item(declarations=None)])),
    fires(
        "required_declaration_missing",
        body(items=[item(declarations=[{"text": "Free from soil"}])]),
        name="another_declaration",
    ),
    quiet("required_declaration_missing"),
    quiet(
        "required_declaration_missing",
        body(
            items=[item(declarations=None)],
            declarations=[{"text": "The fruit is FREE from  huanglongbing."}],
        ),
        name="in_words_for_the_consignment",
    ),
    quiet(
        "required_declaration_missing",
        body(items=[item(declarations=None, origins=[{"country": "AUS"}])]),
        name="other_origin",
    ),
)
PESTS = (
    fires("listed_pest_found", body(pests=[{"eppo_code": "CERTCA"}])),
    fires(
        "listed_pest_found",
        body(pests=[{"scientific_name": "Microcyclus  ulei"}]),
        name="by_synonym",
    ),
    fires(
        "listed_pest_found",
        body(pests=[{"scientific_name": "Novus pestis", "category": "A2", "group": "II"}]),
        name="by_the_officer",
    ),
    quiet("listed_pest_found", body(pests=[{"scientific_name": "Sitophilus oryzae"}])),
    quiet("listed_pest_found"),
    fires("pest_not_on_list", body(pests=[{"scientific_name": "Sitophilus oryzae"}])),
    quiet("pest_not_on_list", body(pests=[{"eppo_code": "CERTCA"}])),
)
ACTS = (
    fires("act_out_of_order", body(acts=[act("pembebasan"), act("pemeriksaan")])),
    fires(
        "act_out_of_order",
        body(acts=[act("pemeriksaan"), act("pembebasan"), act("penahanan")]),
        name="after_release",
    ),
    fires("act_out_of_order", body(acts=[act("perlakuan")]), name="no_inspection"),
    fires(
        "act_out_of_order",
        body(acts=[act("pemeriksaan"), act("penolakan"), act("pembebasan")]),
        name="released_after_refusal",
    ),
    fires(
        "act_out_of_order",
        body(acts=[act("pemeriksaan"), act("pengamatan"), act("pengasingan")]),
        name="observed_before_isolation",
    ),
    fires(
        "act_out_of_order",
        body(
            acts=[
                act("pemeriksaan", issued_at="2026-03-03T03:00:00+00:00"),
                act("perlakuan", issued_at="2026-03-02T03:00:00+00:00"),
            ]
        ),
        name="by_the_times_of_the_letters",
    ),
    quiet(
        "act_out_of_order",
        body(
            acts=[
                act("pengasingan", issued_at="2026-03-03T10:00:00+09:00"),
                act("pemeriksaan", issued_at="2026-03-03T00:30:00+00:00"),
                act("pengamatan", issued_at="2026-03-03T09:30:00+07:00"),
            ]
        ),
        name="written_down_in_another_order",
    ),
    quiet(
        "act_out_of_order",
        body(acts=[act("pemeriksaan"), act("penolakan"), act("pemusnahan")]),
    ),
    fires("act_without_document", body(acts=[act("pemeriksaan", number=None)])),
    fires(
        "act_without_document",
        body(acts=[act("pemeriksaan", number="K/7"), act("pembebasan", number="k /7")]),
        name="one_number_for_two",
    ),
    quiet("act_without_document", body(acts=[act("pemeriksaan"), act("pembebasan")])),
    fires(
        "group_one_treated",
        body(
            acts=[act("pemeriksaan"), act("perlakuan")],
            pests=[{"scientific_name": "Tilletia indica", "group": "I", "alive": False}],
        ),
    ),
    quiet(
        "group_one_treated",
        body(
            acts=[act("pemeriksaan"), act("perlakuan")],
            pests=[
                {"scientific_name": "Tilletia indica", "group": "I", "alive": True},
                {"scientific_name": "Ditylenchus dipsaci", "group": "II", "alive": False},
            ],
        ),
    ),
    quiet(
        "group_one_treated",
        body(
            acts=[act("pemeriksaan")],
            pests=[{"scientific_name": "Tilletia indica", "group": "I", "alive": False}],
        ),
        name="found_dead",
    ),
    # Monday 2 March, 11:00 at Motaain: three working days end on Thursday the 5th.
    fires("hold_overdue", body(state="held", acts=[act("pemeriksaan"), act("penahanan")])),
    quiet(
        "hold_overdue",
        body(state="held", acts=[act("pemeriksaan"), act("penahanan")]),
        context(now=NOW - timedelta(days=5)),
        name="last_hour",
    ),
    quiet(
        "hold_overdue",
        body(state="held", acts=[act("pemeriksaan"), act("penahanan", ground="laboratory")]),
        name="laboratory",
    ),
    fires("refused_goods_overdue", body(state="refused", acts=[act("penolakan")])),
    quiet("refused_goods_overdue", body(state="left", acts=[act("penolakan")])),
    quiet(
        "refused_goods_overdue",
        body(state="refused", acts=[act("penolakan", issued_at="2026-03-05T03:00:00+00:00")]),
        name="weekend_does_not_count",
    ),
)
RULE_CASES = (*CERTIFICATE, *EARLIER, *REQUIREMENTS, *PESTS, *ACTS)
