"""Every message is read, and the kinds' own rules find what is planted for them, and only that."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

import pytest

from tapal.core.kind import Kind
from tapal.core.legal import LegalBook, LegalRow
from tapal.core.reading import Draft, Format, Header, ReadContext
from tapal.core.record import Place, RecordView
from tapal.core.rules import Context, ListedDocument
from tapal.core.text import same
from tapal.data import table
from tapal.kinds import KINDS
from tapal.simulation import Found, Plan, score, simulate

WEIGHTS: dict[int, Literal["note", "look", "alert"]] = {0: "note", 1: "look", 2: "alert"}
# Found by what is not a kind's rule: by screening, and by a pattern across kinds.
ELSEWHERE = ("list_match:", "vehicle_of_troubled_consignment")


def legal_book() -> LegalBook:
    rows = table("legal_rows.csv")
    for kind in KINDS.values():
        if kind.legal:
            rows += list(csv.DictReader(kind.legal.read_text(encoding="utf-8").splitlines()))
    return LegalBook(
        LegalRow(
            id=row["id"],
            topic=row["topic"],
            value=json.loads(row["value"]),
            unit=row["unit"],
            citation=row["citation"],
            confidence=row["confidence"],  # type: ignore[arg-type]  # a test of the data holds it
            selector=json.loads(row["selector"]),
            valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        )
        for row in rows
    )


PLACES = {
    row["id"]: Place(
        id=row["id"],
        name=row["name"],
        neighbour=row["neighbour"],
        zone=row["tz"],
        lat=float(row["lat"]),
        lon=float(row["lon"]),
    )
    for row in table("posts.csv")
}


class Desk:
    """Reads messages in their order and runs the kinds' rules, with history by document."""

    def __init__(self, plan: Plan) -> None:
        self.book = legal_book()
        self.history: dict[tuple[str, str], list[RecordView]] = defaultdict(list)
        with plan.watchlist.open(encoding="utf-8", newline="") as lines:
            entries = [row for row in csv.DictReader(lines) if row["list"] == "lost_documents"]
        self.lost = {(row["doc_number"], row["nationality"]): row["id"] for row in entries}
        self.found: list[Found] = []
        self.counts: dict[str, int] = {}
        for entry in json.loads((plan.out / "manifest.json").read_text()):
            self.counts[entry["file"]] = self.take(plan.out / entry["file"], entry)

    def take(self, path: Path, entry: dict[str, str]) -> int:
        data = path.read_bytes()
        received = datetime.fromisoformat(entry["sent_at"]).astimezone(UTC)
        kind, form = recognise(data[:4096])
        context = ReadContext(received, PLACES.get(entry["post"]), entry["agency"], PLACES)
        count = 0
        for item in form.read(data, context):
            if isinstance(item, Header):
                continue
            count += 1
            if isinstance(item, Draft):
                post = item.post or entry["post"]
                self.found += self.judge(kind, item, path.name, post, received)
            else:
                self.found.append(Found(path.name, item.place, "reject"))
        return count

    def judge(
        self, kind: Kind, draft: Draft, file: str, post: str, received: datetime
    ) -> Iterator[Found]:
        body = draft.body.model_dump(mode="json", exclude_none=True)
        document = body.get("document") or {}
        number = document.get("number", "")
        record = RecordView(
            id=f"{file} {draft.place}",
            kind=kind.name,
            owner="IMI",
            place=post,
            occurred_at=draft.occurred_at,
            received_at=received,
            sensitivity=kind.sensitivity(body),
            body=body,
        )
        same = self.history[kind.name, number or body.get("certificate", {}).get("number", "")]
        context = Context(
            now=received,
            legal=self.book,
            history=tuple(reversed(same)),
            listed=self.listed(number, document.get("issuing_state", "")),
            places=PLACES,
        )
        said = [*draft.findings, *(f for rule in kind.rules for f in rule.check(record, context))]
        same.append(record)
        for finding in said:
            yield Found(file, draft.place, finding.rule, number, WEIGHTS[int(finding.weight)])

    def listed(self, number: str, state: str) -> tuple[ListedDocument, ...]:
        entry = self.lost.get((number, state))
        if entry is None:
            return ()
        return (ListedDocument("lost_documents", same("hilang"), number, state, "IMI", "", entry),)


def recognise(head: bytes) -> tuple[Kind, Format]:
    sure = [(form.sniff(head), kind, form) for kind in KINDS.values() for form in kind.formats]
    _, kind, form = max(sure, key=lambda each: each[0])
    return kind, form


@pytest.fixture(scope="module", params=[(1, 0.3, 1), (6, 0.05, 2)], ids=["a day", "six days"])
def plan(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    days, scale, seed = request.param
    return simulate(days, scale, seed, tmp_path_factory.mktemp("found"))


@pytest.fixture(scope="module")
def desk(plan: Plan) -> Desk:
    return Desk(plan)


def test_every_message_yields_what_was_written_into_it(plan: Plan, desk: Desk) -> None:
    assert desk.counts == {f"messages/{message.file}": message.records for message in plan.messages}


def test_the_rules_find_what_is_planted_for_them(plan: Plan, desk: Desk) -> None:
    result = score(plan.planted, desk.found)
    missed = [p["rule"] for p in plan.planted["planted"] if p["id"] in result.missed]
    assert not [rule for rule in missed if not rule.startswith(ELSEWHERE)]
    assert result.total.found > 35


def test_nothing_else_alerts(plan: Plan, desk: Desk) -> None:
    result = score(plan.planted, desk.found)
    assert result.false == ()
    assert result.decoys_caught == ()


def test_what_cannot_be_found_is_not_found(plan: Plan, desk: Desk) -> None:
    hidden = {p["document"] for p in plan.planted["planted"] if p["rule"] is None} - {""}
    assert hidden
    assert not [f for f in desk.found if f.document in hidden and f.weight == "alert"]
