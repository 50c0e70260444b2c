"""Bodies of requests read before a page asks for them, few at a time for each address.

A body that comes one letter a minute holds its thread until the other side hangs up: the server
waits for it without an end, and gives no means to stop (an answer before its end stops all threads).
So one address may hold few threads, and is refused before more of its bodies are begun. Against
many addresses only a proxy helps that takes bodies whole before it passes them on.
"""

from __future__ import annotations

import http
import json
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import IO, Any

from django.conf import settings

from tapal.core.text import Text
from tapal.web.api.problems import HERE, MEDIA_TYPE, SORTS, told

AT_ONCE = 2
PATIENCE_SECONDS = 3.0
IN_MEMORY = 1024 * 1024
CHUNK = 64 * 1024
# A file of the largest size that is taken, with the rest of its form.
LONGEST = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1024 * 1024

# Any: WSGI's own dictionary and callable.
Environ = dict[str, Any]
Start = Callable[..., Any]
App = Callable[[Environ, Start], Iterable[bytes]]


class Places:
    """Which addresses are being read from, and how often at once."""

    def __init__(self) -> None:
        self._held: Counter[str] = Counter()
        self._free = threading.Condition()

    def take(self, address: str) -> bool:
        """True when the address holds one place more; False when it got none in time."""
        end = time.monotonic() + PATIENCE_SECONDS
        with self._free:
            while self._held[address] >= AT_ONCE:
                left = end - time.monotonic()
                # Who waits holds a thread as well: no more may wait than may be read.
                if left <= 0 or self._held[f"waiting {address}"] >= AT_ONCE:
                    return False
                self._held[f"waiting {address}"] += 1
                self._free.wait(left)
                self._held[f"waiting {address}"] -= 1
            self._held[address] += 1
        return True

    def give_back(self, address: str) -> None:
        """Let another body of the address be read."""
        with self._free:
            self._held[address] -= 1
            self._held = +self._held
            self._free.notify_all()


def whole_bodies(app: App) -> App:
    """The application with every body whole before it begins.

    413 for a long one, 503 for one too many, 400 for one that ends before its length: half a message
    must not be taken for one. So a body whose length is not told is refused, too.
    """
    places = Places()

    def read_first(environ: Environ, start: Start) -> Iterable[bytes]:
        length = str(environ.get("CONTENT_LENGTH") or "0")
        if environ.get("HTTP_TRANSFER_ENCODING"):
            return _refused(environ, start, 400, UNTOLD)
        if not length.isdecimal() or int(length) == 0:
            return app(environ, start)
        if int(length) > LONGEST:
            return _refused(environ, start, 413)
        address = str(environ.get("REMOTE_ADDR", ""))
        if not places.take(address):
            return _refused(environ, start, 503)
        # The page is made before this returns: nothing asks for the body later.
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as kept:
            try:
                missing = _copy(environ["wsgi.input"], kept, int(length))
            finally:
                places.give_back(address)
            if missing:
                return _refused(environ, start, 400, CUT)
            environ["wsgi.input"] = kept
            return app(environ, start)

    return read_first


def _copy(source: Any, kept: IO[bytes], length: int) -> int:
    """Copy so many bytes; how many did not come."""
    while length > 0 and (chunk := source.read(min(CHUNK, length))):
        kept.write(chunk)
        length -= len(chunk)
    kept.seek(0)
    return length


CUT = (
    Text("Isi kiriman terputus sebelum lengkap: tidak ada yang disimpan.",
         "The body ended before its length: nothing was kept."),
    Text("Kirim lagi seluruhnya.", "Send it again, whole."),
)  # fmt: skip
UNTOLD = (
    Text("Panjang isi kiriman tidak disebut.", "The length of the body is not told."),
    Text("Kirim dengan Content-Length, tidak berpotong-potong.",
         "Send it with a Content-Length, not in chunks."),
)  # fmt: skip


def _refused(
    environ: Environ, start: Start, status: int, why: tuple[Text, Text] | None = None
) -> Iterable[bytes]:
    """A bare refusal, before anything is read: for programs as a problem, with when to come again."""
    said, headers = b"", [("Retry-After", "5")] if status == 503 else []
    if str(environ.get("PATH_INFO", "")).startswith(HERE):
        detail, mend = why or (None, None)
        whole = told(SORTS[status], "id", detail, mend, "body" if why else "")
        said = json.dumps(whole, ensure_ascii=False).encode()
        headers.append(("Content-Type", MEDIA_TYPE))
    phrase = f"{status} {http.HTTPStatus(status).phrase}"
    start(phrase, [*headers, ("Content-Length", str(len(said)))])
    return [said] if said else []
