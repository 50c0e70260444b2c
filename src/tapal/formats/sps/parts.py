"""What an SPSCertificate is built of: leaves, and how a field stands in the XML."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Final

SPS: Final = "urn:un:unece:uncefact:data:standard:SPSCertificate:17"
RABIE: Final = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:21"
UDT: Final = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:21"
# The hub's schema leaves cargo, container and seal numbers without a namespace; senders differ.
BARE: Final = ""

# Digits of a number, sign and point included: longer texts are kept but have no value.
MAX_NUMBER_LENGTH: Final = 30
# UNECE 2379 date formats by code.
_DATE_FORMATS: Final = {"102": "%Y%m%d", "203": "%Y%m%d%H%M", "204": "%Y%m%d%H%M%S"}


@dataclass(frozen=True, slots=True)
class Child:
    """How one field stands in the XML; `limit` is how many the schema allows, 0 for any number."""

    tag: str
    kind: type
    namespace: str = RABIE
    many: bool = False
    limit: int = 0
    required: bool = False
    check: str = ""


# The helpers return Any because dataclasses.field does: the field's own annotation is the type.
def text(tag: str, *, required: bool = False, check: str = "", ns: str = RABIE) -> Any:
    child = Child(tag, str, ns, required=required, check=check)
    return field(default="", metadata={"child": child})


def one(tag: str, kind: type, *, required: bool = False, ns: str = RABIE) -> Any:
    return field(default=None, metadata={"child": Child(tag, kind, ns, required=required)})


def many(tag: str, kind: type, *, limit: int = 0) -> Any:
    return field(default=(), metadata={"child": Child(tag, kind, many=True, limit=limit)})


@cache
def children(kind: type) -> tuple[tuple[str, Child], ...]:
    """Return (field name, child) in the schema's order for one of the classes below."""
    return tuple((f.name, f.metadata["child"]) for f in fields(kind))


@dataclass(frozen=True, slots=True)
class Words:
    """A text with the language it is written in."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A code or number with the list it comes from."""

    text: str
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with its UNECE Recommendation 20 unit."""

    text: str
    unit: str = ""

    @property
    def value(self) -> Decimal | None:
        return number(self.text)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or a time as sent, with the UNECE 2379 code of its format if one was given."""

    text: str
    format: str = ""

    @property
    def value(self) -> date | datetime | None:
        """A date, an aware UTC time, or a naive time where the sender gave no zone."""
        try:
            if self.format in _DATE_FORMATS:
                read = datetime.strptime(self.text, _DATE_FORMATS[self.format])
                return read.date() if self.format == "102" else read
            if len(self.text) <= 10:
                return date.fromisoformat(self.text)
            stamp = datetime.fromisoformat(self.text)
            return stamp if stamp.tzinfo is None else stamp.astimezone(UTC)
        except (ValueError, OverflowError):
            return None


def number(text: str) -> Decimal | None:
    """Read a plain decimal number; None for anything else, infinities and NaN included."""
    if len(text) > MAX_NUMBER_LENGTH:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    if not value.is_finite() or abs(value.adjusted()) > MAX_NUMBER_LENGTH:
        return None
    return value


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attached file by name, size and SHA-256; its bytes travel beside the certificate.

    Where the Base64 was broken, `decoded` is false and size and hash are of the text as sent.
    """

    filename: str
    size: int
    sha256: str
    decoded: bool = True
