"""`tapal reply`: answer the sender of a message, as things stand now."""

from __future__ import annotations

import hashlib
import json
import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tapal.web.cli import start
from tapal.web.cli.told import refuse

if TYPE_CHECKING:
    from tapal.flow.replies import Made


@click.command()
@click.argument("message")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it there.")
@click.option("--json", "as_json", is_flag=True, help="Tell what stands of each person instead.")
def reply(message: str, out: Path | None, as_json: bool) -> None:
    """Answer MESSAGE, its id or the file that was handed in: board, referred or do not board.

    The same answer is given until something changed; a new one refers to the first. Exit code 1 means
    that the message is not judged to its end yet.
    """
    start()
    from tapal.core.errors import Missing, Rejected, Unavailable
    from tapal.flow import replies
    from tapal.flow.accounts import OPERATOR

    try:
        made = replies.answer(_id_of(message), by=OPERATOR)
    except Missing:
        refuse(f"no message {message}")
    except Rejected as wrong:
        refuse(str(wrong))
    except Unavailable:
        refuse("not read or judged to its end yet: try again in a moment", 1)
    if out is not None:
        out.write_bytes(replies.bytes_of(made.reply))
    if as_json:
        click.echo(json.dumps(_told(made), ensure_ascii=False, indent=1))
    elif out is None:
        sys.stdout.buffer.write(replies.bytes_of(made.reply))


def _told(made: Made) -> dict[str, Any]:
    reply = made.reply
    return {
        "message": str(reply.message_id),
        "number": reply.number,
        "refers_to": reply.first.number if reply.first else None,
        "made_at": reply.made_at.isoformat(),
        "new": made.fresh,
        "states": reply.states,
    }


def _id_of(message: str) -> str:
    """The id of a message that is named by it, or by the file that was handed in."""
    from tapal.store.models import Message

    path = Path(message)
    if not path.is_file():
        try:
            return str(uuid.UUID(message))
        except ValueError:
            refuse(f"{message} is neither a file nor the id of a message")
    hashed = hashlib.sha256(path.read_bytes()).hexdigest()
    found = list(Message.objects.filter(sha256=hashed).values_list("pk", flat=True)[:2])
    if len(found) != 1:
        what = "handed in by several agencies: name the id" if found else "not handed in yet"
        refuse(f"{message} was {what}")
    return str(found[0])
