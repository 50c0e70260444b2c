"""Records of two agencies, and those who look at them: the stranger first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tapal import kinds
from tapal.core.actions import Actor
from tapal.core.ids import uuid7
from tapal.core.marking import Purpose, Sensitivity
from tapal.flow.officers import roles
from tapal.flow.reference import scope_number
from tapal.flow.share import Door, open_door
from tapal.store.models import Agreement, Finding, Key, Message, Record
from tapal.store.queries.names import index_names
from tests.flow.share.trial import TRIAL

NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
BODY = {
    "way": "entry",
    "number": "X1234567",
    "person": {"surname": "SOARES", "given": "MARIA", "born": "1988-02-14"},
    "companions": [{"surname": "SOARES", "given": "JOSE"}],
    "secret": "informer",
    "fear": "told the officer",
    "crime": "smuggling",
    "shelter": "house 3",
}


def actor(agency: str, *role_codes: str, number: str = "") -> Actor:
    """Somebody with the powers of these roles."""
    powers = frozenset(p for code in role_codes for p in roles()[code].powers)
    return Actor("1", number or f"{agency}-1", agency, agency, "PLBN-11", powers)


@dataclass
class World:
    """Makes records, findings and agreements in one line each."""

    message: Message
    made: list[Record] = field(default_factory=list)

    # Any: JSON.
    def record(
        self,
        owner: str = "IMI",
        *,
        body: Mapping[str, Any] | None = None,
        place: str = "PLBN-11",
        at: datetime | None = None,
        level: Sensitivity = Sensitivity.RESTRICTED,
    ) -> Record:
        body = dict(BODY if body is None else body)
        record_id = uuid7()
        record = Record.objects.create(
            id=record_id,
            scope_id=scope_number(owner, "trial", int(level)),
            kind="trial",
            owner=owner,
            place=place,
            sensitivity=int(level),
            occurred_at=at or NOW - timedelta(hours=len(self.made)),
            received_at=NOW,
            message=self.message,
            first_revision=record_id,
            revision=record_id,
            body=body,
        )
        Key.objects.bulk_create(
            Key(type=k.type, value=k.value, record=record) for k in TRIAL.keys(body)
        )
        names = [e.first("name") for e in TRIAL.entities(body)]
        index_names([(record_id, record.scope_id, name) for name in names])
        self.made.append(record)
        return record

    def finding(
        self,
        record: Record,
        *fields: str,
        level: Sensitivity = Sensitivity.INTERNAL,
        rests_on: tuple[str, ...] = (),
        weight: int = 2,
        alert: Any = None,
        rule: str = "",
    ) -> Finding:
        data = {"fields": list(fields), "rests_on": list(rests_on), "compared": [], "cites": []}
        return Finding.objects.create(
            record=record,
            alert=alert,
            rule=rule or f"rule_{uuid7().hex[-6:]}",
            reason="reason",
            weight=weight,
            sensitivity=int(level),
            text={"id": "kalimat", "en": "sentence"},
            data={**data, "disputed": False, "score": None, "data": {}},
            at=NOW,
        )

    def agree(
        self,
        *clauses: Mapping[str, Any],
        giver: str = "IMI",
        taker: str = "DJBC",
        purpose: Purpose = Purpose.BORDER_CONTROL,
        valid_to: date | None = None,
    ) -> Agreement:
        number = Agreement.objects.count()
        return Agreement.objects.create(
            code=f"A{number}",
            title_id="a",
            title_en="a",
            giver_id=giver,
            taker_id=taker,
            purpose=purpose.value,
            clauses=list(clauses),
            valid_from=date(2026, 1, 1),
            valid_to=valid_to,
        )


# Any: JSON.
def clause(**changed: Any) -> dict[str, Any]:
    """A clause that opens every trial's way and number."""
    return {
        "kinds": ["trial"],
        "max_sensitivity": "restricted",
        "fields": ["way", "number"],
        "places": None,
        "occurred_after": None,
        **changed,
    }


@pytest.fixture
def world(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Reference data, the trial kind, and nothing else."""
    from tapal.store.queries import keys

    monkeypatch.setitem(kinds.KINDS, "trial", TRIAL)
    keys.forget()
    message = Message.objects.create(sha256="0" * 64, size=0, agency_id="IMI", received_at=NOW)
    yield World(message)
    keys.forget()


def door(who: Actor, purpose: Purpose = Purpose.BORDER_CONTROL, now: datetime = NOW) -> Door:
    return open_door(who, purpose, now=now)


OFFICER = ("officer",)


def stranger(purpose: Purpose = Purpose.BORDER_CONTROL) -> Door:
    return door(actor("PSDKP", "officer"), purpose)


def grantee(purpose: Purpose = Purpose.BORDER_CONTROL, *role_codes: str) -> Door:
    return door(actor("DJBC", *(role_codes or OFFICER)), purpose)


def owner(purpose: Purpose = Purpose.BORDER_CONTROL, *role_codes: str) -> Door:
    return door(actor("IMI", *(role_codes or OFFICER)), purpose)


def ids(page: Any) -> list[str]:
    return [row.id for row in page.rows]
