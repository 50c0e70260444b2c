"""The keys of this node, and whose packs it trusts."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tapal.core.errors import Rejected
from tapal.core.text import Text
from tapal.flow.events import record_event
from tapal.formats.sealed_pack import Keys, short
from tapal.store.models import Cursor

FILE = "pack.key"
_TRUSTED = "pack.trusted"


def own_keys() -> Keys:
    """The keys of this node, made once and readable by their owner alone."""
    kept = Path(settings.TAPAL_HOME) / FILE
    if not kept.exists():
        made = kept.with_name(f".pack-{secrets.token_hex(4)}")
        made.touch(mode=0o600)
        with made.open("wb") as file:
            file.write(Keys.new().raw())
            file.flush()
            os.fsync(file.fileno())
        # Two processes may start at once: the first link wins and both read the same keys.
        with contextlib.suppress(FileExistsError):
            os.link(made, kept)
        made.unlink()
    return Keys.of(kept.read_bytes())


def trusted() -> Mapping[str, str]:
    """The keys of the makers whose packs this node opens, by their names."""
    row = Cursor.objects.filter(name=_TRUSTED).first()
    return dict(row.data) if row else {}


@transaction.atomic
def trust(signer: str, *, by: str, ended: bool = False) -> str:
    """Trust a maker's key from now on, or no more; its name. Raises Rejected for what is no key."""
    name = short(signer)
    Cursor.objects.get_or_create(name=_TRUSTED)
    row = Cursor.objects.select_for_update().get(name=_TRUSTED)
    held = {each: key for each, key in row.data.items() if each != name}
    row.data = held if ended else held | {name: signer.strip()}
    row.save(update_fields=["data"])
    record_event("pack.trusted", name, {"ended": ended}, actor=by)
    return name


def trusted_key(name: str) -> str:
    """The key of a maker. Raises Rejected for one that is not trusted."""
    key = trusted().get(name)
    if key is None:
        raise Rejected(
            Text(
                f"Paket tidak dibuka: pembuatnya ({name}) tidak dipercaya di sini.",
                f"The pack is not opened: its maker ({name}) is not trusted here.",
            ),
            Text(
                "Pastikan kunci pembuatnya, lalu: tapal packs trust KUNCI.",
                "Make sure of the maker's key, then: tapal packs trust KEY.",
            ),
            place="pack",
        )
    return key
