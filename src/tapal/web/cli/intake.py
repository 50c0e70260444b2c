"""`tapal intake`: hand messages in from the command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from tapal.core.text import Text
from tapal.web.cli import start

LANGUAGE = click.option(
    "--language",
    type=click.Choice(["id", "en"]),
    default="id",
    envvar="TAPAL_LANGUAGE",
    help="Language of the sentences.",
)

_ELSEWHERE = Text(
    "Proses lain sedang membaca kiriman yang sama: serahkan lagi sebentar lagi.",
    "Another process is reading the same message: hand it in again in a moment.",
)


@click.command()
@click.argument("path", type=click.Path(exists=True, allow_dash=True, path_type=Path))
@click.option(
    "--format", "format_", help="Name of the format; recognised from the content if absent."
)
@click.option("--mapping", help="Name of a saved mapping that reads the table.")
@click.option("--agency", help="Code of the agency whose statements these are.")
@click.option("--post", help="Id of the post where they are handed in.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object to standard output.")
@LANGUAGE
def intake(
    path: Path,
    format_: str | None,
    mapping: str | None,
    agency: str | None,
    post: str | None,
    as_json: bool,
    language: str,
) -> None:
    """Store, screen and assess the message in PATH (a file, a folder of files, or - for standard input)."""
    if mapping and format_:
        raise click.UsageError("name a format or a mapping, not both")
    start()
    from tapal.flow.intake import BadHandIn, HandIn, Overtaken
    from tapal.flow.mapped import PREFIX
    from tapal.flow.report import hand_in_all

    format_ = f"{PREFIX}{mapping}" if mapping else format_
    sources = dict(_sources(path))
    unread: dict[str, OSError] = {}
    console = Console(stderr=True)
    try:
        with Progress(console=console, disable=as_json or len(sources) < 2, transient=True) as bar:
            report = hand_in_all(
                (
                    (HandIn(source=name, agency=agency, post=post, format=format_), data)
                    for name, data in bar.track(
                        _read(sources, unread), len(sources), description="intake"
                    )
                ),
                language,
            )
    except BadHandIn as wrong:
        raise click.UsageError(wrong.text.say(language)) from wrong
    except Overtaken as lost:
        raise click.ClickException(_ELSEWHERE.say(language)) from lost
    report["rejects"] += len(unread)
    report["items"] += [_unread(name, error, language) for name, error in unread.items()]
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        _print(report, language)
    sys.exit(_exit_code(report))


def _sources(path: Path) -> Iterator[tuple[str, Path]]:
    """Names and files: one file, a pipe, or every file of a folder by its way from there."""
    if not path.is_dir():
        yield ("-" if str(path) == "-" else path.name), path
        return
    for each in sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith(".")):
        yield each.relative_to(path).as_posix(), each


# Any: a generator that rich's track takes as it is.
def _read(sources: Mapping[str, Path], unread: dict[str, OSError]) -> Any:
    for name, source in sources.items():
        try:
            data = sys.stdin.buffer.read() if name == "-" else source.read_bytes()
        except OSError as error:
            unread[name] = error
        else:
            yield name, data


def _unread(name: str, error: OSError, language: str) -> dict[str, Any]:
    """A file that the machine would not give: told like a reject, nothing of it is kept."""
    reason = Text(
        "Berkas tidak dapat dibuka ({why}). Periksa izinnya, lalu serahkan lagi.",
        "The file cannot be opened ({why}). Look at its permissions and hand it in again.",
    ).fill(why=error.strerror or type(error).__name__)
    told = {"source": name, "place": "file", "status": "reject", "kind": None, "id": None}
    return {**told, "reason": reason.say(language), "screened": None, "findings": []}


def _exit_code(report: dict[str, Any]) -> int:
    if report["rejects"] and not report["records"] and not report["known"]:
        return 2
    if not report["items"]:
        return 2
    return 1 if report["rejects"] else 0


def _print(report: dict[str, Any], language: str) -> None:
    from tapal.flow.unscreened import LABEL

    out = Console()
    for item in report["items"]:
        mark = {"record": "[green]+[/]", "known": "[dim]=[/]", "reject": "[red]x[/]"}[
            item["status"]
        ]
        out.print(
            f"{mark} {item['source']} · {item['place']} · {item['kind'] or '-'}", highlight=False
        )
        if item["reason"]:
            out.print(f"    {item['reason']}", highlight=False, markup=False)
        if item["screened"] is False:
            out.print(f"    {LABEL.say(language)}", markup=False)
        for finding in item["findings"]:
            out.print(
                f"    {finding['weight']}: {finding['text']} [{finding['rule']}]", markup=False
            )
    counts = ("records", "known", "rejects", "findings", "alerts", "unscreened")
    out.print(" · ".join(f"{report[name]} {name}" for name in counts))
