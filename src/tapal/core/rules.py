"""The contract of a rule: a documented function from a record and its context to findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from inspect import cleandoc

from tapal.core.finding import Finding
from tapal.core.legal import LegalBook
from tapal.core.record import Place, RecordView
from tapal.core.text import Text, same

RuleFunction = Callable[[RecordView, "Context"], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class History:
    """Earlier records that a rule needs: those sharing a key of one of these types, this many days back.

    `same_kind` False asks for records of every kind (patterns). At most the `limit` newest come, each
    with the keys under which it was found; what other keys it bears is not fetched. With `later` a
    new statement lets those that came before it be judged again, whenever it says it was made.
    """

    keys: tuple[str, ...]
    days: int
    same_kind: bool = True
    limit: int = 20
    later: bool = False


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """An entry of a document list (lost, stolen, revoked) that equals a document of the record.

    `since` is when it came in force here, where that was after the record.
    """

    list_code: str
    list_label: Text
    number: str
    country: str
    authority: str
    reason: str
    entity_id: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may know besides the record.

    `history` holds what the rules of the kind declared, newest first, without the record itself;
    `history_since` is since when this node has had records, so that absence can be judged;
    `listed` holds exact hits of the record's documents on the document lists.
    """

    now: datetime
    legal: LegalBook
    history: tuple[RecordView, ...] = ()
    history_since: datetime | None = None
    listed: tuple[ListedDocument, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with what it needs. `name` is the function's name, `label` what the officer reads for it."""

    name: str
    check: RuleFunction
    doc: str
    label: Text
    legal: tuple[str, ...] = ()
    history: History | None = None
    listed: bool = False


def rule(
    label: Text | None = None,
    *,
    legal: Iterable[str] = (),
    history: History | None = None,
    listed: bool = False,
) -> Callable[[RuleFunction], Rule]:
    """Make a function a rule; its docstring says what it checks and from which source.

    A rule without a label reads as its name, which the contract suite refuses of a kind's.
    Raises TypeError for a function without a docstring.
    """

    def make(check: RuleFunction) -> Rule:
        name = getattr(check, "__name__", "")
        doc = cleandoc(check.__doc__ or "")
        if not doc:
            raise TypeError(f"rule {name} has no docstring")
        words = label or same(name.replace("_", " ").capitalize())
        return Rule(name, check, doc, words, tuple(legal), history, listed)

    return make
