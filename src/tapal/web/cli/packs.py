"""`tapal packs`: lists for posts without network, sealed at a hub and opened at the post."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path

import click

from tapal.core.marking import Purpose
from tapal.web.cli import start
from tapal.web.cli.intake import LANGUAGE
from tapal.web.cli.told import refusals

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)
_told = partial(refusals, missing="no pack was given there")
_AGENCY = click.option("--agency", required=True, help="Whose officers screen with it.")


@click.group()
def packs() -> None:
    """Packs of lists: signed, encrypted for one post, and with an end."""


@packs.command()
def keys() -> None:
    """This node's public keys: `reader` for those who make packs for it, `signer` for those who open its own."""
    start()
    from tapal.flow.packs.own_keys import own_keys

    own = own_keys()
    click.echo(f"reader\t{own.reader}\nsigner\t{own.signer}")


@packs.command()
@click.argument("signer")
@click.option("--end", is_flag=True, help="Trust it no more.")
@LANGUAGE
def trust(signer: str, end: bool, language: str) -> None:
    """Open packs that the holder of this `signer` key makes."""
    start()
    from tapal.flow.accounts import OPERATOR
    from tapal.flow.packs import own_keys

    with _told(language):
        name = own_keys.trust(signer, by=OPERATOR, ended=end)
        click.echo(f"{name} is {'not trusted any more' if end else 'trusted'}")


@packs.command()
@click.argument("post")
@_AGENCY
@click.option(
    "--reader", default="", help="The post's `reader` key, the first time and when it changed."
)
@click.option("--purpose", type=click.Choice([p.value for p in Purpose]),
              default=Purpose.BORDER_CONTROL.value, show_default=True)  # fmt: skip
@click.option("--days", type=int, default=7, show_default=True, help="For how long it holds.")
@click.option("--since", type=click.IntRange(min=0),
              help="Only what changed since this pack of the post; 0: since the last.")  # fmt: skip
@click.option("--out", type=_OUT, required=True)
@LANGUAGE
def make(
    post: str,
    agency: str,
    reader: str,
    purpose: str,
    days: int,
    since: int | None,
    out: Path,
    language: str,
) -> None:
    """Seal a pack for POST with the lists that sharing opens to its agency."""
    start()
    from tapal.flow.accounts import OPERATOR
    from tapal.flow.packs.making import Order, make

    with _told(language):
        order = Order(post, agency, Purpose(purpose), days, reader)
        made = make(order, by=OPERATOR, since=since)
        _write(out, made.data)
        of = f"changes to {made.base}" if made.base else "whole"
        click.echo(
            f"pack {made.serial} ({of}): {made.entries} entries, {len(made.data)} bytes, "
            f"until {made.until:%Y-%m-%d %H:%M} UTC"
        )


@packs.command("open")
@click.argument("path", type=_FILE)
@LANGUAGE
def open_(path: Path, language: str) -> None:
    """Put a pack, or a notice that ends packs, in force at this post."""
    start()
    from tapal.flow.accounts import OPERATOR
    from tapal.flow.packs.opening import open_pack

    with _told(language):
        done = open_pack(path.read_bytes(), by=OPERATOR)
        if done.kind == "revocation":
            click.echo(f"packs up to {done.serial} are revoked")
        else:
            click.echo(
                f"pack {done.serial}: {done.entries} entries, {done.changed} written, {done.gone} "
                f"taken out, {done.again} records go again, until {done.until:%Y-%m-%d %H:%M} UTC"
            )


@packs.command()
@click.argument("path", type=_FILE, required=False)
@LANGUAGE
def info(path: Path | None, language: str) -> None:
    """What a pack says of itself; without PATH what this node holds and has given. Exit 1 when it has ended."""
    start()
    from django.utils import timezone

    from tapal.flow.packs.held import held
    from tapal.flow.packs.making import given
    from tapal.flow.packs.opening import read

    with _told(language):
        if path is not None:
            for name, value in sorted(read(path.read_bytes()).heading.items()):
                click.echo(f"{name}\t{value}")
            return
        for post, agency, serial, data in given():
            state = "revoked" if data.get("revoked") == serial else "given"
            click.echo(f"{state}\t{post}\t{agency}\tpack {serial}")
        pack = held()
        if pack is None:
            click.echo("no pack is held here", err=True)
            return
        ended = pack.ended(timezone.now())
        said = ended[1].say(language) if ended else f"until {pack.until:%Y-%m-%d %H:%M} UTC"
        click.echo(f"held\t{pack.post}\t{pack.node}\tpack {pack.serial}\t{said}")
        for code, version in pack.rolls.items():
            click.echo(f"list\t{code}\tversion {version}")
    sys.exit(1 if ended else 0)


@packs.command()
@click.argument("post")
@_AGENCY
@click.option("--reason", required=True)
@click.option("--out", type=_OUT, required=True)
@LANGUAGE
def revoke(post: str, agency: str, reason: str, out: Path, language: str) -> None:
    """End every pack given to POST so far: write the notice that the post opens."""
    start()
    from tapal.flow.accounts import OPERATOR
    from tapal.flow.packs.making import revoke

    with _told(language):
        _write(out, revoke(post, agency, reason, by=OPERATOR))
        click.echo(f"the notice is in {out}")


def _write(path: Path, data: bytes) -> None:
    aside = path.with_name(f".{path.name}.part")
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
