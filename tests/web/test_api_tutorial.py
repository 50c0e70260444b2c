"""The tutorial of docs/api.md, run as it stands against a node that serves: its commands, then its code."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import examples
import pytest
from tapal_client import Problem, Tapal

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/api.md").read_text()
# The tutorial's own number in CI's bench (TAPAL_TUTORIAL=10000), a few elsewhere.
COUNT = int(os.environ.get("TAPAL_TUTORIAL", "300"))
READY_SECONDS = 120


def blocks(language: str) -> list[str]:
    """The page's blocks of one language, in order."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A node of this module's own, served as an operator serves it: its address, and the tutorial's key."""
    home = tmp_path_factory.mktemp("node")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {
        **os.environ, "TAPAL_HOME": str(home), "TAPAL_NEW_PASSWORD": "a-long-password-of-tests",
        "TAPAL_LOG": "ERROR",
    }  # fmt: skip
    environ.pop("TAPAL_DATABASE_URL", None)
    environ.pop("DJANGO_SETTINGS_MODULE", None)
    program = shlex.join([sys.executable, "-c", "from tapal.web.cli import main; main()"])
    script = f'set -eu; tapal() {{ {program} "$@"; }}; tapal setup >&2; ' + blocks("sh")[0]
    made = subprocess.run(
        ["bash", "-c", script], env=environ, capture_output=True, text=True, timeout=300
    )
    assert made.returncode == 0, made.stderr
    key = made.stdout.strip().splitlines()[-1]
    serve = ["-c", "from tapal.web.cli import main; main()", "serve", "--port", str(port)]
    process = subprocess.Popen([sys.executable, *serve], env=environ)
    try:
        yield _ready(f"http://127.0.0.1:{port}"), key
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _ready(url: str) -> str:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"{url}/masuk/", timeout=10).close()
            return url
        except OSError:
            time.sleep(0.3)
    raise AssertionError("the node does not serve")


@pytest.fixture(scope="module")
def said(node: tuple[str, str]) -> dict[str, Any]:
    """The tutorial's own variables after its last block."""
    code = "\n".join(blocks("python"))
    assert "COUNT = 10_000" in code
    names: dict[str, Any] = {}
    url, key = node
    before = {name: os.environ.get(name) for name in ("TAPAL_URL", "TAPAL_KEY")}
    os.environ.update(TAPAL_URL=url, TAPAL_KEY=key)
    try:
        exec(
            compile(code.replace("COUNT = 10_000", f"COUNT = {COUNT}"), "docs/api.md", "exec"),
            names,
        )
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
    return names


def test_the_tutorial_does_what_it_says(said: dict[str, Any]) -> None:
    assert len(said["kept"]) == -(-COUNT // 1000)
    assert sum(t["records"] for t in said["told"]) == COUNT
    assert said["alert"]["findings"] and said["record"]["own"]
    assert said["number"].endswith("00")


def test_ten_examples_run(said: dict[str, Any], tmp_path: Path) -> None:
    tapal: Tapal = said["tapal"]
    tapal.sleep = lambda seconds: time.sleep(min(seconds, 0.2))
    one = tmp_path / "one.csv"
    one.write_text("\n".join([said["HEADING"], said["crossing"](COUNT + 100)]))
    assert examples.hand_in_a_message(tapal, one)["records"] == 1
    (folder := tmp_path / "folder").mkdir()
    (folder / "two.csv").write_text("\n".join([said["HEADING"], said["crossing"](COUNT + 101)]))
    (folder / "bad.csv").write_text("name,sex,document_number\n,F,C777\n")
    told = examples.hand_in_a_folder(tapal, folder)
    assert sorted((t["records"], t["rejects"]) for t in told) == [(0, 1), (1, 0)]
    assert len(examples.mend_what_was_refused(tapal)) == 1
    assert examples.todays_crossings(tapal) >= 0
    assert examples.find_a_document(tapal, said["number"]) == [said["record"]["id"]]
    assert "own" in examples.why_may_i_see_it(tapal, said["record"]["id"])
    assert len(examples.open_alerts(tapal)) >= COUNT // 100
    assert "cegah" in " ".join(examples.stale_lists(tapal)).lower()
    memory = tmp_path / "cursor.json"
    found = examples.follow_alerts(tapal, memory, rounds=5 + COUNT // 50)
    assert {a["id"] for a in found} >= {said["alert"]["id"]} and len(found) == len(
        {a["id"] for a in found}
    )
    assert examples.follow_alerts(tapal, memory) == []
    with pytest.raises(Problem) as refused:
        examples.late_tasks(tapal)
    assert refused.value.status == 403 and refused.value.mend
    assert len(examples.EXAMPLES) == 10


def test_a_refused_key_is_told_in_words(node: tuple[str, str]) -> None:
    with pytest.raises(Problem) as refused:
        Tapal(node[0], "no-such-key").lists()
    assert (refused.value.status, refused.value.type) == (401, "urn:tapal:problem:no-key")


def test_a_slow_body_holds_up_nobody_else(node: tuple[str, str]) -> None:
    """Two bodies that never come, from this address: others' requests without a body still go through."""
    url, key = node
    port = int(url.rsplit(":", 1)[1])
    held = []
    for _ in range(2):
        slow = socket.create_connection(("127.0.0.1", port), timeout=10)
        slow.sendall(
            f"POST /api/v1/intake HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
            "Content-Type: text/csv\r\nContent-Length: 1000\r\n\r\nname".encode()
        )
        held.append(slow)
    try:
        assert Tapal(url, key).lists()
        with pytest.raises(Problem) as refused:
            Tapal(url, key, tries=1).hand_in(b"name,sex\n")
        assert refused.value.status == 503 and refused.value.mend
    finally:
        for slow in held:
            slow.close()
    assert Tapal(url, key).hand_in(b"name,sex\nX,F\n", source="after.csv")["items"]


def test_the_client_tries_a_passing_refusal_again_and_no_other() -> None:
    answers = [(429, {"retry-after": "7"}, b"{}"), (409, {}, b"{}"), (200, {}, b'{"items": []}')]
    waited: list[float] = []

    def transport(*asked: Any) -> Any:
        return answers.pop(0)

    client = Tapal("http://x", "k", transport=transport, sleep=waited.append)
    assert client.lists() == [] and waited == [7.0, 2.0]
    answers[:] = [(422, {}, b'{"detail": "no", "place": "limit"}'), (200, {}, b"{}")]
    with pytest.raises(Problem, match="limit no"):
        client.lists()
    assert len(answers) == 1


def test_following_gives_a_cursor_that_repeats_rather_than_loses() -> None:
    pages = {None: (["a", "b"], "1"), "1": ([], "2"), "2": (["c"], "3")}

    def transport(method: str, address: str, *more: Any) -> Any:
        import json
        from urllib.parse import parse_qs, urlsplit

        cursor = parse_qs(urlsplit(address).query).get("cursor", [None])[0]
        items, after = pages[cursor]
        told = {"items": [{"id": i} for i in items], "next": after, "wait_seconds": 0}
        return 200, {}, json.dumps(told).encode()

    client = Tapal("http://x", "k", transport=transport)
    feed = client.follow()
    assert [(item["id"], cursor) for item, cursor in (next(feed) for _ in range(3))] == [
        ("a", ""), ("b", "1"), ("c", "3"),
    ]  # fmt: skip
