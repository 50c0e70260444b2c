"""The rules of a crossing, in the order in which an officer reads them."""

from tapal.kinds.crossing.rules.documents import check_digit_wrong, document_reported_lost
from tapal.kinds.crossing.rules.minors import minor_without_guardian_evidence
from tapal.kinds.crossing.rules.movement import (
    entry_while_inside,
    exit_without_entry,
    impossible_travel,
)
from tapal.kinds.crossing.rules.nationality import citizenship_unclear, state_code_unknown
from tapal.kinds.crossing.rules.plb import (
    border_pass_destination,
    border_pass_extensions,
    border_pass_purpose,
    border_pass_residence,
    border_pass_validity,
)
from tapal.kinds.crossing.rules.plb_posts import (
    border_pass_no_agreement,
    border_pass_other_post,
    border_pass_post,
)
from tapal.kinds.crossing.rules.stay import overstay
from tapal.kinds.crossing.rules.validity import (
    dates_contradict,
    document_expired,
    document_expires_soon,
    visa_expired,
)

RULES = (
    citizenship_unclear,
    document_reported_lost,
    document_expired,
    visa_expired,
    check_digit_wrong,
    document_expires_soon,
    dates_contradict,
    state_code_unknown,
    impossible_travel,
    overstay,
    minor_without_guardian_evidence,
    border_pass_no_agreement,
    border_pass_residence,
    border_pass_destination,
    border_pass_validity,
    border_pass_extensions,
    border_pass_post,
    border_pass_other_post,
    border_pass_purpose,
    exit_without_entry,
    entry_while_inside,
)
