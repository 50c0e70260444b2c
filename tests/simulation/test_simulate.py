"""The simulated day: deterministic, inside opening hours, placed where planted.json says."""

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from tapal.data import table
from tapal.simulation import Plan, simulate
from tapal.simulation.names import make_name, respell
from tapal.simulation.people import Registry
from tapal.simulation.stations import stations
from tapal.simulation.trips import Flow


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return simulate(2, 0.1, 5, tmp_path_factory.mktemp("day"))


def digest(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    whole = hashlib.sha256()
    for path in files:
        whole.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


def test_same_seed_same_bytes_in_any_process(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tapal.simulation import simulate;"
        "simulate(1, 0.05, int(sys.argv[2]), Path(sys.argv[1]))"
    )
    digests = []
    for number, (hash_seed, seed) in enumerate((("1", "7"), ("2", "7"), ("1", "8"))):
        out = tmp_path / str(number)
        out.mkdir()
        subprocess.run(
            [sys.executable, "-c", program, str(out), seed],
            check=True,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
        )
        digests.append(digest(out))
    assert digests[0] == digests[1]
    assert digests[0] != digests[2]


def test_a_second_run_leaves_nothing_of_the_first(tmp_path: Path) -> None:
    simulate(2, 0.05, 1, tmp_path)
    second = simulate(1, 0.05, 2, tmp_path)
    there = {p.name for p in (tmp_path / "messages").rglob("*") if p.is_file()}
    assert there == {Path(message.file).name for message in second.messages}


def test_motaain_has_about_a_thousand_crossings_a_day(tmp_path: Path) -> None:
    plan = simulate(1, 1.0, 3, tmp_path)
    crossings = plan.planted["clean"]["crossings_by_post"]
    assert 950 < crossings["PLBN-11"] < 1150
    provinces = {row["province"] for row in table("posts.csv") if row["id"] in crossings}
    assert len(crossings) == 6 and len(provinces) >= 3


def test_nobody_crosses_while_the_post_is_closed() -> None:
    for station in stations():
        flow = Flow(station, Registry(Random(1)), Random(2), 0.3)
        for crossing in flow.day(datetime(2026, 3, 3).date()):
            assert station.opens <= crossing.at.time() < station.closes
            assert crossing.at.utcoffset() == station.zone.utcoffset(crossing.at)


def test_people_come_back_and_commuters_come_again() -> None:
    station = stations()[0]
    flow = Flow(station, Registry(Random(1)), Random(2), 0.2)
    days = [datetime(2026, 3, day).date() for day in range(2, 16)]
    crossings = [crossing for day in days for crossing in flow.day(day)]
    times = Counter(crossing.person.document.number for crossing in crossings)
    assert sum(count > 3 for count in times.values()) > len(times) / 10
    for number in times:
        own = sorted((c for c in crossings if c.person.document.number == number),
                     key=lambda c: c.at)  # fmt: skip
        ways = [c.direction for c in own]
        assert all(a != b for a, b in pairwise(ways)), number


def test_market_days_are_busier() -> None:
    skouw = next(s for s in stations() if s.post == "PLBN-16")
    monday, tuesday = datetime(2026, 3, 2).date(), datetime(2026, 3, 3).date()
    assert skouw.volume(tuesday, 1.0) > 2 * skouw.volume(monday, 1.0)


def test_planted_json_says_where_each_thing_stands(plan: Plan) -> None:
    book = json.loads((plan.out / "planted.json").read_text())
    files = {p.name: p for p in (plan.out / "messages").rglob("*") if p.is_file()}
    for plant in [*book["planted"], *book["decoys"]]:
        path = files[plant["where"]["file"]]
        if plant["document"] and path.suffix != ".mrz":
            assert plant["document"] in path.read_text(), plant
    assert {p["rule"] for p in book["planted"] if not p["findable"]} == {None}
    assert all(p["why"] for p in [*book["decoys"], *book["planted"]] if not p["findable"])
    assert len({p["id"] for p in [*book["planted"], *book["decoys"]]}) == len(
        [*book["planted"], *book["decoys"]]
    )


def test_a_place_names_the_row_of_the_document(plan: Plan) -> None:
    book = plan.planted
    files = {p.name: p for p in (plan.out / "messages").rglob("*") if p.is_file()}
    seen = 0
    for plant in book["planted"]:
        name, place = plant["where"]["file"], plant["where"]["place"]
        if name.endswith("perlintasan.csv"):
            text = files[name].read_bytes().decode()
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
            assert plant["document"] in rows[int(place.removeprefix("row ")) - 1]
            seen += 1
        elif name.endswith("plb.json"):
            item = json.loads(files[name].read_text())[int(place.removeprefix("item ")) - 1]
            assert item["document_number"] == plant["document"]
            seen += 1
    assert seen > 20


def test_manifest_lists_every_message_in_its_order_of_time(plan: Plan) -> None:
    manifest = json.loads((plan.out / "manifest.json").read_text())
    there = {f"messages/{p.relative_to(plan.out / 'messages')}"
             for p in (plan.out / "messages").rglob("*") if p.is_file()}  # fmt: skip
    assert {entry["file"] for entry in manifest} == there
    times = [datetime.fromisoformat(entry["sent_at"]) for entry in manifest]
    assert times == sorted(times)
    agencies = {row["code"] for row in table("agencies.csv")}
    assert {entry["agency"] for entry in manifest} <= agencies


def test_watch_list_knows_its_lists_and_holds_planted_and_bystanders(plan: Plan) -> None:
    with plan.watchlist.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    lists = {row["code"]: row for row in table("lists.csv")}
    assert {row["list"] for row in rows} <= lists.keys()
    assert len({row["id"] for row in rows}) == len(rows)
    assert all(row["direction"] == lists[row["list"]]["direction"] for row in rows)
    assert all(row["nationality"] != "IDN" for row in rows if row["list"] == "tangkal")
    assert sum(row["id"].startswith("WL-9") for row in rows) > 15 < len(rows) / 5


@pytest.mark.parametrize(("days", "scale"), [(0, 1.0), (1, 0.0), (1, -1.0), (1, 101.0)])
def test_impossible_requests_are_refused(tmp_path: Path, days: int, scale: float) -> None:
    with pytest.raises(ValueError):
        simulate(days, scale, 1, tmp_path)


def test_names_follow_their_culture() -> None:
    rng = Random(4)
    javanese = [make_name(rng, "java", "M") for _ in range(200)]
    assert 20 < sum(not name.secondary for name in javanese) < 160
    assert " bin " in make_name(rng, "malay", "M").full
    assert " binti " in make_name(rng, "malay", "F").full
    assert " anak " in make_name(rng, "iban", "F").full


def test_respelling_changes_the_name_but_little() -> None:
    rng = Random(4)
    for _ in range(100):
        name = make_name(rng, "timor", "F").full
        other = respell(rng, name)
        assert abs(len(other) - len(name)) <= 1
        assert other[0] == name[0]
