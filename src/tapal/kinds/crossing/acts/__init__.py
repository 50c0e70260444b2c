"""What an officer may do to a crossing: only what the law gives him is ever offered.

A citizen's entry is clarified, never refused. A refusal is proposed with its ground and signed by
another, who may. Fear of return goes to the protection officers alone.
"""

from __future__ import annotations

from tapal.kinds.crossing.acts import (
    admission,
    clarification,
    entry_refusal,
    exit_hold,
    fear,
    second_desk,
)

ACTIONS = (
    admission.ALLOW,
    second_desk.REFER,
    second_desk.END,
    clarification.CLARIFY,
    clarification.SETTLE,
    entry_refusal.PROPOSE,
    entry_refusal.SIGN,
    entry_refusal.RETURN,
    exit_hold.PROPOSE,
    exit_hold.SIGN,
    exit_hold.RETURN,
    fear.HEAR,
    fear.RECEIVE,
    fear.END,
)
