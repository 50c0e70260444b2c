"""One address that sends its bodies slowly holds few threads, and nobody else's."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from tapal.web import bodies


class Slow:
    """A body that comes when it is let."""

    def __init__(self) -> None:
        self.come = threading.Event()

    def read(self, size: int) -> bytes:
        assert self.come.wait(10)
        return b""


def echo(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    start("200 OK", [])
    return [environ["wsgi.input"].read()]


def ask(app: bodies.App, address: str, body: Any, length: int | str) -> tuple[str, bytes]:
    said: list[str] = []
    environ = {"REMOTE_ADDR": address, "CONTENT_LENGTH": str(length), "wsgi.input": body}
    answer = app(environ, lambda status, headers: said.append(status[:3]))
    return said[0], b"".join(answer)


def test_a_body_comes_through_whole() -> None:
    data = b"abc" * 1_000_000
    assert ask(bodies.whole_bodies(echo), "10.0.0.1", io.BytesIO(data), len(data)) == ("200", data)


def test_slow_bodies_of_one_address_stop_that_address_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bodies, "PATIENCE_SECONDS", 0.05)
    app, slow = bodies.whole_bodies(echo), Slow()
    held = [
        threading.Thread(target=ask, args=(app, "10.0.0.1", slow, 10))
        for _ in range(bodies.AT_ONCE)
    ]
    for thread in held:
        thread.start()
    try:
        answers = {ask(app, "10.0.0.1", io.BytesIO(b"a"), 1)[0] for _ in range(3)}
        assert answers == {"503"}
        assert ask(app, "10.0.0.2", io.BytesIO(b"a"), 1) == ("200", b"a")
    finally:
        slow.come.set()
        for thread in held:
            thread.join()
    assert ask(app, "10.0.0.1", io.BytesIO(b"a"), 1) == ("200", b"a")


def test_a_broken_body_gives_its_place_back() -> None:
    class Broken:
        def read(self, size: int) -> bytes:
            raise OSError("gone")

    app = bodies.whole_bodies(echo)
    for _ in range(bodies.AT_ONCE + 1):
        with pytest.raises(OSError, match="gone"):
            ask(app, "10.0.0.1", Broken(), 10)
    assert ask(app, "10.0.0.1", io.BytesIO(b"a"), 1)[0] == "200"


@pytest.mark.parametrize(("length", "status"), [(bodies.LONGEST + 1, "413"), ("", "200")])
def test_a_long_body_is_refused_unread(length: int | str, status: str) -> None:
    assert ask(bodies.whole_bodies(echo), "10.0.0.1", io.BytesIO(), length)[0] == status


@pytest.mark.parametrize("came", [b"", b"a", b"name\nROSA MALI\n"])
def test_half_a_body_is_no_message(came: bytes) -> None:
    begun: list[str] = []

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        begun.append("begun")
        return echo(environ, start)

    status, _ = ask(bodies.whole_bodies(app), "10.0.0.1", io.BytesIO(came), 100)
    assert status == "400" and not begun


def test_a_body_of_no_told_length_is_refused_with_the_mend() -> None:
    environ = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": io.BytesIO(b"a"),
               "PATH_INFO": "/api/v1/intake"}  # fmt: skip
    said: list[str] = []
    told = bodies.whole_bodies(echo)(environ, lambda status, headers: said.append(status))
    answer = json.loads(b"".join(told))
    assert said == ["400 Bad Request"] and "Content-Length" in answer["said"]["en"]["mend"]
