"""A sealed file for one reader: signed by Ed25519, encrypted by HPKE (RFC 9180).

    tapal-pack 1 LF
    the heading, one line of JSON, LF
    the signature (64 bytes) over all but itself
    the content, encrypted to the reader's X25519 key with the heading bound to it

The heading is readable by whoever holds the file: it names no list and counts nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from tapal.core.errors import Rejected
from tapal.core.text import Text

MAGIC = b"tapal-pack 1\n"
LONGEST_HEADING = 4096
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_SIGNATURE = 64

# Any: a heading is JSON, here and below.
Heading = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Keys:
    """The two secrets of a node: with one it signs what it gives, with the other it opens what it gets."""

    sign: Ed25519PrivateKey
    box: X25519PrivateKey

    @classmethod
    def new(cls) -> Keys:
        return cls(Ed25519PrivateKey.generate(), X25519PrivateKey.generate())

    @classmethod
    def of(cls, raw: bytes) -> Keys:
        """The keys of the 64 bytes that `raw` gave."""
        return cls(
            Ed25519PrivateKey.from_private_bytes(raw[:32]),
            X25519PrivateKey.from_private_bytes(raw[32:]),
        )

    def raw(self) -> bytes:
        return self.sign.private_bytes_raw() + self.box.private_bytes_raw()

    @property
    def signer(self) -> str:
        """What others need to trust what this node signs."""
        return _text(self.sign.public_key().public_bytes_raw())

    @property
    def reader(self) -> str:
        """What others need to seal something for this node."""
        return _text(self.box.public_key().public_bytes_raw())


@dataclass(frozen=True, slots=True)
class Sealed:
    """A file taken apart, not yet opened."""

    heading: Heading
    bound: bytes
    signature: bytes
    content: bytes


def short(key: str) -> str:
    """The name of a public key: sixteen hexadecimal digits. Raises Rejected for what is none."""
    return hashlib.sha256(_key(key)).hexdigest()[:16]


def seal(heading: Heading, content: bytes, keys: Keys, reader: str) -> bytes:
    """A file of this content for the holder of the `reader` key."""
    told = {**heading, "signer": short(keys.signer), "reader": short(reader)}
    line = json.dumps(told, sort_keys=True, separators=(",", ":")).encode()
    bound = MAGIC + line + b"\n"
    box = X25519PublicKey.from_public_bytes(_key(reader))
    hidden = _SUITE.encrypt(content, box, info=bound)
    return bound + keys.sign.sign(bound + hidden) + hidden


def parse(data: bytes) -> Sealed:
    """Take a file apart. Raises Rejected for what is none."""
    end = data.find(b"\n", len(MAGIC), len(MAGIC) + LONGEST_HEADING)
    if not data.startswith(MAGIC) or end < 0 or len(data) < end + 1 + _SIGNATURE:
        raise _refused("ini bukan paket daftar yang utuh", "this is no whole pack of lists")
    try:
        heading = json.loads(data[len(MAGIC) : end])
    except ValueError:
        heading = None
    if not isinstance(heading, dict):
        raise _refused("kepala paketnya rusak", "its heading is broken")
    start = end + 1
    return Sealed(
        heading, data[:start], data[start : start + _SIGNATURE], data[start + _SIGNATURE :]
    )


def verify(sealed: Sealed, signer: str) -> None:
    """Raises Rejected unless the holder of the `signer` key made the file as it is."""
    try:
        Ed25519PublicKey.from_public_bytes(_key(signer)).verify(
            sealed.signature, sealed.bound + sealed.content
        )
    except InvalidSignature:
        raise _refused(
            "tanda tangannya tidak cocok: paket ini diubah", "its signature fails: it was changed"
        ) from None


def unseal(sealed: Sealed, keys: Keys) -> bytes:
    """The content. Raises Rejected where it was made for another reader."""
    if sealed.heading.get("reader") != short(keys.reader):
        raise _refused("paket ini dibuat untuk pos lain", "this pack was made for another post")
    try:
        return bytes(_SUITE.decrypt(sealed.content, keys.box, info=sealed.bound))
    except (InvalidTag, ValueError):
        raise _refused("isinya tidak dapat dibuka", "its content cannot be opened") from None


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _key(text: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(text.strip() + "=" * (-len(text.strip()) % 4))
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != 32:
        raise _refused("kuncinya salah tulis", "the key is mistyped")
    return raw


def _refused(said_id: str, said_en: str) -> Rejected:
    return Rejected(
        Text(f"Paket tidak dibuka: {said_id}.", f"The pack is not opened: {said_en}."),
        Text("Mintalah paket baru kepada pembuatnya.", "Ask its maker for a new pack."),
        place="pack",
    )
