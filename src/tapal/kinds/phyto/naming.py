"""What a record is found and screened by: keys, entities, a title."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from tapal.core.entity import Entity
from tapal.core.marking import Sensitivity
from tapal.core.record import Key, KeyType
from tapal.core.text import Text
from tapal.kinds.phyto import codes

# Any: bodies are JSON shaped by PhytoBody.
Body = Mapping[str, Any]

KEY_TYPES: Final = (
    KeyType(
        "certificate",
        Text("Nomor sertifikat", "Certificate number"),
        ("certificate.number", "certificate.issuing_country"),
    ),
    KeyType(
        "container", Text("Nomor kontainer", "Container number"), ("consignment.containers.number",)
    ),
    KeyType("seal", Text("Nomor segel", "Seal number"), ("consignment.containers.seal",)),
    KeyType("plate", Text("Nomor kendaraan", "Plate number"), ("consignment.transport.number",)),
    KeyType("vessel", Text("Nama kapal", "Vessel name"), ("consignment.transport.means",)),
    KeyType("import_permit", Text("Izin impor", "Import permit"), ("certificate.import_permit",)),
    KeyType("trader_id", Text("Nomor pengusaha", "Trader's number"), ("consignee.ids.number",)),
    KeyType("act", Text("Nomor dokumen karantina", "Quarantine document"), ("acts.number",)),
)
_ROAD, _SEA = "3", "1"


def plain(text: str) -> str:
    """A number for comparison: capitals and digits of any script, without marks or blanks."""
    return "".join(c for c in text.upper() if c.isalnum())


def certificate_key(country: str, number: str) -> Key:
    """A certificate by issuing country and number."""
    return Key("certificate", f"{country.upper()}:{plain(number)}")


def keys(body: Body) -> Iterator[Key]:
    """Each key once; a certificate that replaces or rests on another bears that one's key too."""
    yield from dict.fromkeys(key for key in _keys(body) if key.value.strip(":"))


def _keys(body: Body) -> Iterator[Key]:
    head: Body = body["certificate"]
    country = str(head.get("issuing_country") or "")
    yield certificate_key(country, head["number"])
    if head.get("replaces"):
        yield certificate_key(country, head["replaces"])
    if head.get("import_permit"):
        yield Key("import_permit", plain(head["import_permit"]))
    for item in body.get("items") or ():
        if item.get("original_certificate"):
            origin = str(item.get("original_country") or "")
            yield certificate_key(origin, item["original_certificate"])
    journey: Body = body.get("consignment") or {}
    for one in journey.get("containers") or ():
        yield Key("container", plain(one.get("number") or ""))
        yield Key("seal", plain(one.get("seal") or ""))
    for one in journey.get("transport") or ():
        if one.get("mode") == _ROAD:
            yield Key("plate", plain(one.get("number") or ""))
        elif one.get("mode") == _SEA:
            yield Key("vessel", " ".join(str(one.get("means") or "").upper().split()))
    for role in ("exporter", "consignee"):
        for one in (body.get(role) or {}).get("ids") or ():
            yield Key("trader_id", plain(one["number"]))
    for act in body.get("acts") or ():
        yield Key("act", plain(act.get("number") or ""))


def entities(body: Body) -> Iterator[Entity]:
    """Exporter, consignee and the officer who signed."""
    for role in ("exporter", "consignee"):
        trader: Body = body.get(role) or {}
        if trader.get("name"):
            yield _trader(role, trader)
    head: Body = body["certificate"]
    if head.get("signatory"):
        yield Entity(
            "Person",
            {"name": (head["signatory"],)},
            role="signatory",
            path="certificate",
            fields=("certificate.signatory",),
        )


def _trader(role: str, trader: Body) -> Entity:
    found: dict[str, tuple[str, ...]] = {"name": (trader["name"],)}
    if trader.get("country"):
        found["country"] = (trader["country"],)
    if trader.get("address"):
        found["address"] = (", ".join(trader["address"]),)
    if trader.get("ids"):
        found["registrationNumber"] = tuple(one["number"] for one in trader["ids"])
    fields = tuple(f"{role}.{name}" for name in ("name", "country", "address") if trader.get(name))
    numbers = (f"{role}.ids.number",) if trader.get("ids") else ()
    return Entity(schema(trader["name"]), found, role=role, path=role, fields=fields + numbers)


def schema(name: str) -> str:
    """`Organization` for a name with a form of business in it, else `LegalEntity`: either."""
    words = {plain(word).casefold() for word in name.replace(".", "").split()}
    return "Organization" if words & codes.business_forms() else "LegalEntity"


def title(body: Body) -> str:
    """Number, first plant and way of a (perhaps redacted) body."""
    head: Body = body.get("certificate") or {}
    journey: Body = body.get("consignment") or {}
    names: Iterable[str] = (
        (item.get("scientific_names") or item.get("common_names") or [""])[0]
        for item in body.get("items") or ()
    )
    way = "→".join(filter(None, (journey.get("export_country"), journey.get("import_country"))))
    parts = (head.get("number"), next(filter(None, names), ""), way)
    return " · ".join(str(part) for part in parts if part)


def sensitivity(body: Body) -> Sensitivity:
    """Traders stand in it: restricted."""
    return Sensitivity.RESTRICTED
