"""A client for Tapal's API, in one file and with nothing but Python's standard library.

Copy it beside your program, or put its folder on your path. Python 3.11 or later.

    from tapal_client import Tapal

    tapal = Tapal("https://tapal.example", key)
    for record in tapal.records(kind="crossing"):
        print(record["title"])
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

# Any: JSON as the API's description types it, here and below.
Json = dict[str, Any]
# (method, address, headers, body) -> (status, headers with small names, body).
Transport = Callable[
    [str, str, Mapping[str, str], bytes | None], tuple[int, Mapping[str, str], bytes]
]

TIMEOUT_SECONDS = 120.0
# Answers after which the same request may succeed.
PASSING = frozenset({409, 429, 502, 503, 504})


class Problem(Exception):
    """What the API refused, as it said it (RFC 9457): `type`, `status`, `detail`, `mend`, `place`."""

    def __init__(self, status: int, told: Json) -> None:
        self.status = status
        self.type: str = told.get("type", "")
        self.detail: str = told.get("detail", "")
        self.mend: str = told.get("mend", "")
        self.place: str = told.get("place", "")
        super().__init__(f"{status} {self.place} {self.detail} {self.mend}".strip())


@dataclass
class Tapal:
    """One node, one key. A passing refusal is tried again as often and as late as the node asks."""

    url: str
    key: str
    language: str = "en"
    tries: int = 5
    transport: Transport = field(default_factory=lambda: over_http)
    sleep: Callable[[float], None] = time.sleep

    # --- handing in ------------------------------------------------------------------------

    def hand_in(
        self, data: bytes, *, source: str = "", format: str = "", once: str | None = None
    ) -> Json:
        """Hand one message in and learn what became of each of its parts.

        `once` is your own name for this act, for example the number of the message in your
        system: it is done once, however often it is sent. Without one the client makes one.
        """
        query = {"source": source, "format": format, "language": self.language}
        headers = _once(once) | {"Content-Type": "application/octet-stream"}
        return self._ask("POST", "intake", query, headers, data)

    def hand_in_files(
        self, paths: Iterable[str | Path], *, format: str = "", once: str | None = None
    ) -> list[Json]:
        """Hand many files in; when this returns each is safe, and the node reads them in turn."""
        boundary = uuid.uuid4().hex
        body = b"".join(_part(boundary, Path(path)) for path in paths)
        body += f"--{boundary}--\r\n".encode()
        headers = _once(once) | {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        answer = self._ask("POST", "intake/files", {"format": format}, headers, body)
        return list(answer["messages"])

    def message(self, message_id: str) -> Json:
        """How far a message has come: `state`, `records`, `rejects`, `known`, `unscreened`."""
        return self._ask("GET", f"messages/{message_id}")

    def wait_until_read(self, message_id: str, *, patience: float = 600.0) -> Json:
        """Wait until a message is read and its records are judged. Raises TimeoutError."""
        end = time.monotonic() + patience
        while True:
            told = self.message(message_id)
            if told["state"] == "read" and not told["unscreened"]:
                return told
            if time.monotonic() > end:
                raise TimeoutError(f"message {message_id}: {told}")
            self.sleep(1.0)

    # --- reading ---------------------------------------------------------------------------

    def records(self, **filters: str) -> Iterator[Json]:
        """Records, newest first: `kind`, `place`, `since`, `until` (ISO 8601 with a zone)."""
        return self._rows("records", filters)

    def record(self, record_id: str) -> Json:
        """One record with its findings, alerts and tasks."""
        return self._ask("GET", f"records/{record_id}")

    def search(self, text: str, **filters: str) -> list[Json]:
        """Records by a document's number, its beginning, or a name."""
        return list(self._ask("GET", "search", {"text": text, **filters})["items"])

    def alerts(self, **filters: str) -> Iterator[Json]:
        """Alerts by what is due first: `state` (open, closed), `place`."""
        return self._rows("alerts", filters)

    def alert(self, alert_id: str) -> Json:
        """One alert with the findings that you may see."""
        return self._ask("GET", f"alerts/{alert_id}")

    def tasks(self, **filters: str) -> Iterator[Json]:
        """Your agency's tasks by what is due first: `state`, `place`."""
        return self._rows("tasks", filters)

    def rejects(self, **filters: str) -> Iterator[Json]:
        """What your agency sent and could not be read, with what to mend: `state`."""
        return self._rows("rejects", filters)

    def lists(self) -> list[Json]:
        """Each watch list's version and when it was imported."""
        return list(self._ask("GET", "lists")["items"])

    def now(self) -> str:
        """The feed's cursor at this moment: changes after it are those still to come."""
        return str(self._ask("GET", "changes", {"start": "now", "limit": "1"})["next"])

    def changes(self, cursor: str | None = None) -> tuple[list[Json], str, int]:
        """Changes behind a cursor, the cursor to go on with, and the seconds to wait before that."""
        told = self._ask("GET", "changes", {"cursor": cursor} if cursor else {})
        return told["items"], told["next"], told["wait_seconds"]

    def follow(self, cursor: str | None = None) -> Iterator[tuple[Json, str]]:
        """Each change with the cursor to keep once its page is done with, for ever.

        Keep the cursor in your own store. After a crash the last page's changes come once more,
        with the same `id`.
        """
        while True:
            items, after, wait = self.changes(cursor)
            for number, item in enumerate(items, start=1):
                yield item, (after if number == len(items) else cursor or "")
            cursor = after
            if wait:
                self.sleep(wait)

    # --- how -------------------------------------------------------------------------------

    def _rows(self, path: str, filters: Mapping[str, str]) -> Iterator[Json]:
        query = {"limit": "200", **filters}
        while True:
            page = self._ask("GET", path, query)
            yield from page["items"]
            if page["next"] is None:
                return
            query["cursor"] = page["next"]

    def _ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Json:
        wanted = urlencode({k: v for k, v in (query or {}).items() if v})
        address = f"{self.url.rstrip('/')}/api/v1/{path}" + (f"?{wanted}" if wanted else "")
        sent = {"Authorization": f"Bearer {self.key}", "Accept-Language": self.language}
        for left in reversed(range(self.tries)):
            status, told, answer = self.transport(
                method, address, {**sent, **(headers or {})}, body
            )
            if status < 300:
                found: Json = json.loads(answer)
                return found
            if status not in PASSING or not left:
                break
            self.sleep(float(told.get("retry-after", 2)))
        raise Problem(status, _json(answer))


def over_http(
    method: str, address: str, headers: Mapping[str, str], body: bytes | None
) -> tuple[int, Mapping[str, str], bytes]:
    """One request by urllib."""
    request = urllib.request.Request(address, body, dict(headers), method=method)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
            return answer.status, _small(answer.headers.items()), answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, _small(refused.headers.items()), refused.read()


def _once(name: str | None) -> dict[str, str]:
    return {"Idempotency-Key": name or uuid.uuid4().hex}


def _part(boundary: str, path: Path) -> bytes:
    name = path.name.replace('"', "_").replace("\r", "_").replace("\n", "_")
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return head.encode() + path.read_bytes() + b"\r\n"


def _small(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}


def _json(answer: bytes) -> Json:
    try:
        told = json.loads(answer)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
