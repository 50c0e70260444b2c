"""`tapal intake`: hand messages in from the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from tapal.web.cli import start

LANGUAGE = click.option(
    "--language",
    type=click.Choice(["id", "en"]),
    default="id",
    envvar="TAPAL_LANGUAGE",
    help="Language of the sentences.",
)


@click.command()
@click.argument("path", type=click.Path(exists=True, allow_dash=True, path_type=Path))
@click.option(
    "--format", "format_", help="Name of the format; recognised from the content if absent."
)
@click.option("--agency", help="Code of the agency whose statements these are.")
@click.option("--post", help="Id of the post where they are handed in.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object to standard output.")
@LANGUAGE
def intake(
    path: Path,
    format_: str | None,
    agency: str | None,
    post: str | None,
    as_json: bool,
    language: str,
) -> None:
    """Store, screen and assess the message in PATH (a file, a folder of files, or - for standard input)."""
    start()
    from tapal.flow.intake import BadHandIn, HandIn
    from tapal.flow.report import hand_in_all

    sources = list(_sources(path))
    console = Console(stderr=True)
    try:
        with Progress(console=console, disable=as_json or len(sources) < 2, transient=True) as bar:
            report = hand_in_all(
                (
                    (HandIn(source=name, agency=agency, post=post, format=format_), data)
                    for name, data in bar.track(_read(sources), len(sources), description="intake")
                ),
                language,
            )
    except BadHandIn as wrong:
        raise click.UsageError(wrong.text.say(language)) from wrong
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        _print(report, language)
    sys.exit(_exit_code(report))


def _sources(path: Path) -> list[Path]:
    if str(path) == "-" or path.is_file():
        return [path]
    return sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))


def _read(sources: list[Path]) -> Any:  # Any: a generator that rich's track takes as it is
    for source in sources:
        data = sys.stdin.buffer.read() if str(source) == "-" else source.read_bytes()
        yield ("-" if str(source) == "-" else source.name), data


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
