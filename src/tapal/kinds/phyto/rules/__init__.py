"""The kind's rules, in the order in which an officer reads them."""

from __future__ import annotations

from typing import Final

from tapal.core.rules import Rule
from tapal.kinds.phyto.rules.acts import (
    act_out_of_order,
    act_without_document,
    group_one_treated,
    hold_overdue,
    refused_goods_overdue,
)
from tapal.kinds.phyto.rules.certificate import (
    certificate_expired,
    certificate_for_other_country,
    certificate_not_yet_valid,
    certificate_status_unknown,
    certificate_too_old,
    certificate_withdrawn,
    certificate_wrong_type,
)
from tapal.kinds.phyto.rules.earlier import (
    certificate_replaced,
    certificate_used_before,
    certificate_withdrawn_elsewhere,
)
from tapal.kinds.phyto.rules.pests import listed_pest_found, pest_not_on_list
from tapal.kinds.phyto.rules.requirements import (
    certificate_incomplete,
    re_export_certificate_needed,
    required_declaration_missing,
)

RULES: Final[tuple[Rule, ...]] = (
    certificate_withdrawn,
    certificate_status_unknown,
    certificate_withdrawn_elsewhere,
    certificate_replaced,
    certificate_used_before,
    certificate_expired,
    certificate_not_yet_valid,
    certificate_too_old,
    certificate_wrong_type,
    certificate_for_other_country,
    certificate_incomplete,
    re_export_certificate_needed,
    required_declaration_missing,
    listed_pest_found,
    pest_not_on_list,
    act_out_of_order,
    act_without_document,
    group_one_treated,
    hold_overdue,
    refused_goods_overdue,
)
