"""The plant consignments of the simulated days, with what is planted in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

from tapal.simulation.certificates import GOODS, POSTS, Goods, Shipment, make_shipment
from tapal.simulation.planting import Planter
from tapal.simulation.problems import NTT_CITIZEN
from tapal.simulation.trips import make_plate

# Consignments a day at full scale, by origin.
_PER_DAY = {"TLS": 6, "MYS": 5, "PNG": 2}
_PLATES = {"TLS": "DH {n} {l}", "MYS": "QA{l1} {n}", "PNG": "PA {n} {l}"}
_COFFEE, _CITRUS, _TAMARIND, _PEPPER = GOODS[0], GOODS[1], GOODS[2], GOODS[4]


class Consignments:
    """Makes each day's shipments; numbers run on, so that no two certificates share one."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._count = 0

    def one(self, goods: Goods, day: date) -> Shipment:
        """A faultless shipment of these goods."""
        self._count += 1
        plate = make_plate(self._rng, _PLATES[goods.origin])
        return make_shipment(self._rng, goods, day, self._count, plate)

    def day(self, day: date, scale: float) -> list[Shipment]:
        """The faultless shipments of a day."""
        made = []
        for origin, count in _PER_DAY.items():
            kinds = [goods for goods in GOODS if goods.origin == origin]
            for _ in range(max(1, round(count * scale))):
                made.append(self.one(self._rng.choice(kinds), day))
        return made


def plant_consignments(planter: Planter, consignments: Consignments) -> list[tuple[date, Shipment]]:
    """Shipments with something wrong, each with the day on which it comes."""
    made: list[tuple[date, Shipment]] = []

    def plant(what: str, rule: str | None, goods: Goods, *, why: str = "", **change: object) -> str:
        day = planter.day()
        plant_id = planter.plant(what, rule, why=why)
        shipment = consignments.one(goods, day)
        # Any field of a shipment may be what is wrong with it.
        made.append((day, replace(shipment, tag=plant_id, **change)))  # type: ignore[arg-type]
        return plant_id

    plant("a certificate that its issuer has withdrawn", "certificate_withdrawn", _TAMARIND,
          status="40")  # fmt: skip
    _driver(planter, made[-1])
    plant("a veterinary certificate for plants", "certificate_wrong_type", _PEPPER, type_code="853")
    plant("coffee without the declaration that is asked for it", "required_declaration_missing",
          _COFFEE, declared=False)  # fmt: skip
    plant("pepper grown in Viet Nam under a plain certificate", "re_export_certificate_needed",
          _PEPPER, grown_in=("VN", "Viet Nam"))  # fmt: skip
    plant("huanglongbing found in mandarins at the inspection", "listed_pest_found", _CITRUS,
          pest="LIBEAS")  # fmt: skip
    plant("a certificate whose XML broke off", "reject", _COFFEE, broken=True)
    plant("a certificate bought from an officer, right in every field", None, _COFFEE,
          why="its issuer would have to be asked")  # fmt: skip
    return made


def _driver(planter: Planter, sent: tuple[date, Shipment]) -> None:
    """The lorry of a troubled consignment crosses on the same day with its driver."""
    day, shipment = sent
    post, _ = POSTS[shipment.goods.origin]
    planter.plant(
        "drives the lorry whose certificate was withdrawn",
        "vehicle_of_troubled_consignment",
        planter.cross(
            planter.somebody(NTT_CITIZEN, day),
            post,
            "entry",
            day,
            mode="truck",
            plate=shipment.plate,
            purpose="trade",
        ),
    )
