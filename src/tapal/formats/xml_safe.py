"""Parse XML that strangers send: no entities, no document type, no network, bounded in size."""

from __future__ import annotations

from typing import Final, cast

from lxml import etree

# Bytes of one document. libxml2 (huge_tree off) further stops at 10 MB of one text and 256 levels.
MAX_BYTES: Final = 16 * 1024 * 1024
# Elements of one document: a certificate of 1,000 line items has about 60,000.
MAX_ELEMENTS: Final = 200_000

_BOM_UTF8: Final = b"\xef\xbb\xbf"


class Unreadable(ValueError):
    """The bytes hold nothing that can be read; says where reading stopped and why."""

    def __init__(self, place: str, line: int, reason: str) -> None:
        super().__init__(f"{place} (line {line}): {reason}")
        self.place = place
        self.line = line
        self.reason = reason


def parse(
    data: bytes, *, max_bytes: int = MAX_BYTES, max_elements: int = MAX_ELEMENTS
) -> etree._Element:
    """Return the root element, comments and processing instructions left out.

    Raises Unreadable for bytes that are too large, are not well formed or declare a document type.
    """
    if len(data) > max_bytes:
        raise Unreadable("/", 0, f"{len(data)} bytes, more than {max_bytes}")
    # Mail gateways put blank lines before the declaration, which XML forbids.
    stripped = data.removeprefix(_BOM_UTF8).lstrip(b" \t\r\n")
    if not stripped:
        raise Unreadable("/", 0, "empty")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(stripped, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable("/", error.lineno or 0, error.msg or "not well-formed XML") from None
    except (ValueError, LookupError) as error:
        raise Unreadable("/", 0, str(error)) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("/", 1, "a document type declaration is not accepted")
    count = sum(1 for _ in root.iter())
    if count > max_elements:
        raise Unreadable("/", 0, f"{count} elements, more than {max_elements}")
    return root


def local_name(element: etree._Element) -> str:
    """Return the element's name without namespace."""
    return split_name(str(element.tag))[1]


def split_name(tag: str) -> tuple[str, str]:
    """Split `{namespace}name` into namespace and name."""
    if tag.startswith("{"):
        namespace, _, name = tag[1:].partition("}")
        return namespace, name
    return "", tag


def all_text(element: etree._Element) -> str:
    """Return the text of the element and everything in it."""
    return "".join(str(part) for part in element.itertext())


def line_of(element: etree._Element) -> int:
    """Return the line on which the element starts, 0 when unknown."""
    # The stubs give no usable type for it.
    return cast("int | None", element.sourceline) or 0
