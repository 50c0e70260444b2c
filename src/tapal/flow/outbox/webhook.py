"""Send one webhook: signed, in bounded time, to the looked-up address alone, without following anywhere.

Source: Standard Webhooks (webhook-id, webhook-timestamp, webhook-signature: v1, HMAC-SHA256).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from urllib.parse import SplitResult

from tapal.flow.outbox.targets import addresses, checked

SECONDS = 5.0
WHOLE_SECONDS = 15.0
MOST_ANSWERED = 16 * 1024
PREFIX = "whsec_"


def signed(secrets: Sequence[str], notice: str, at: int, body: bytes) -> dict[str, str]:
    """The headers by which a receiver knows that this node sent this body at this time, by any secret."""
    said = f"{notice}.{at}.".encode() + body
    keys = (base64.b64decode(secret.removeprefix(PREFIX)) for secret in secrets)
    told = (base64.b64encode(hmac.digest(key, said, hashlib.sha256)).decode() for key in keys)
    return {
        "webhook-id": notice,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(f"v1,{each}" for each in told),
    }


def post(
    url: str, body: bytes, headers: Mapping[str, str], media_type: str = "application/json"
) -> str:
    """Post it; gives "" when it was taken, else what went wrong, in a few words without a person in it.

    Raises Rejected for a target that may not be sent to.
    """
    parts = checked(url)
    try:
        address = addresses(parts)[0]
    except OSError:
        return "the name is not known"
    connection = _connection(parts, address)
    late = threading.Timer(WHOLE_SECONDS, _cut, [connection])
    late.daemon = True
    late.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, {**headers, "Content-Type": media_type})
        answer = connection.getresponse()
        answer.read(MOST_ANSWERED)
    except (OSError, http.client.HTTPException) as trouble:
        return type(trouble).__name__
    finally:
        late.cancel()
        connection.close()
    return "" if 200 <= answer.status < 300 else f"answered {answer.status}"


class _Pinned(http.client.HTTPSConnection):
    """TLS to an address that was looked up and checked before, under the name of its host."""

    def __init__(self, host: str, port: int, address: str) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(host, port, timeout=SECONDS, context=self._tls)
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), SECONDS)
        self.sock = plain
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)


class _PinnedPlain(http.client.HTTPConnection):
    """The same without TLS, for networks that the operator opened."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self._address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), SECONDS)


def _connection(parts: SplitResult, address: str) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        return _Pinned(host, parts.port or 443, address)
    return _PinnedPlain(host, parts.port or 80, address)


def _cut(connection: http.client.HTTPConnection) -> None:
    """End a receiver that keeps the line open by a byte now and then."""
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)
