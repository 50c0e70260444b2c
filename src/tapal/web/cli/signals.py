"""`tapal signals`: a ranked list of alarms over any CSV of counts, and what a setting would have done."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tapal.core.text import Text
from tapal.web.cli.signals_source import (
    FILE,
    Asked,
    Source,
    level_option,
    officer_option,
    period_option,
    read,
    series_option,
    signal_option,
    source,
    travel_option,
    within_option,
)
from tapal.web.cli.told import refusals

if TYPE_CHECKING:
    from tapal.engines.signals.backtest import Outbreak
    from tapal.engines.signals.pool_files import Counts
    from tapal.engines.signals.rule_files import Judged
    from tapal.engines.signals.scan_files import Found

FORMULA = Text("Rumus", "Formula")
WHEN = Text("Dipakai bila", "Use it for")
SOURCE = Text("Sumber", "Source")
OUT = click.Path(dir_okay=False, path_type=Path)

json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")


@click.group()
def signals() -> None:
    """Early warning over count series: `series,t,date,observed,state,population[,place,stream,family,condition]`."""


@signals.command()
@click.argument("file", type=FILE, required=False)
@travel_option
@series_option
@officer_option
@period_option
@signal_option
@click.option(
    "--at", default="", help="The week judged, as the file names it; the last by default."
)
@click.option(
    "--delays", type=FILE, help="CSV onset,reported, a row a case: late reports are reckoned."
)
@level_option
@within_option
@click.option("--out", type=OUT, help="CSV of the list, a row for each series of each alarm.")
@click.option(
    "--plots", type=click.Path(file_okay=False, path_type=Path), help="Folder for pictures."
)
@click.option(
    "--plot-form",
    type=click.Choice(["svg", "png"]),
    default="svg",
    show_default=True,
    help="What the pictures are.",
)
@click.option("--language", type=click.Choice(["id", "en"]), default="id", show_default=True)
@json_option
def run(
    file: Path | None,
    travel: Path | None,
    only: str,
    officer: str | None,
    period: str,
    signal: str,
    at: str,
    delays: Path | None,
    level: float | None,
    within: float | None,
    out: Path | None,
    plots: Path | None,
    plot_form: Literal["svg", "png"],
    language: str,
    as_json: bool,
) -> None:
    """Judge one week of FILE, or of the lake: one list of alarms, the likeliest first."""
    from tapal.engines.signals import pool, pool_report
    from tapal.engines.signals.explain import explain, summary
    from tapal.engines.signals.pool_files import with_delays
    from tapal.engines.signals.weekday import with_daily_effect

    with refusals():
        given = source(Asked(file, travel, only, officer, period, signal), level, within, language)
        prepare_loops()
        counts, settings = given.counts, given.settings
        week = _week(counts, at)
        ruled = _ruled(given, week)
        if delays:
            counts = with_delays(counts, delays, week)
        counts = with_daily_effect(counts, week)
        with progress("menilai deret", 1) as tell:
            found = pool.judge(counts.watch, week, settings)
            tell(1)
        if out:
            _write(out, pool_report.COLUMNS, pool_report.rows(found, counts))
        if plots:
            pool_report.pictures(found, counts, settings, plots, language, plot_form)
    if as_json:
        told = pool_report.as_json(found, counts, settings.level)
        told["rules"] = [row.json() for row in ruled]
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(summary(found, counts.labels[week], settings.level).say(language))
    for alarm in found.alarms:
        first, *more = explain(alarm, counts.watch, counts.labels)
        click.echo(f"{alarm.rank}. {first.say(language)}")
        for text in more:
            click.echo(f"   {text.say(language)}")
    _say_ruled(ruled, language)


def _ruled(given: Source, week: int) -> list[Judged]:
    """What the fixed rules say of the series whose condition is named, in that week."""
    from tapal.engines.signals.rule_files import judge_conditions
    from tapal.web.cli.signals_lake import law_of_store

    if not given.counts.condition:
        return []
    return judge_conditions(given.counts, law_of_store(), week, visits=not given.signals)


def _say_ruled(ruled: list[Judged], language: str) -> None:
    """The rules that fired or could not be judged, a line each."""
    for row in ruled:
        if row.ruling.alarm is not False:
            mark = "!" if row.ruling.alarm else "?"
            click.echo(f"{mark} {row.series}: {row.ruling.text.say(language)}")


@signals.command()
@click.argument("file", type=FILE, required=False)
@travel_option
@series_option
@officer_option
@period_option
@signal_option
@click.option(
    "--weeks", type=click.IntRange(1), default=52, show_default=True, help="The last N points."
)
@level_option
@within_option
@click.option(
    "--outbreaks",
    type=FILE,
    help="CSV since,until[,place][,signal][,series]: outbreaks known, taken to be all.",
)
@click.option(
    "--plant",
    type=click.IntRange(0),
    help="Plant so many simulated outbreaks into a copy of the history. [default: 0; of the lake: 20]",
)
@click.option(
    "--size",
    type=click.FloatRange(0.1),
    default=5.0,
    show_default=True,
    help="Size of a planted outbreak, in standard deviations of its week.",
)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--language", type=click.Choice(["id", "en"]), default="id", show_default=True)
@json_option
def backtest(
    file: Path | None,
    travel: Path | None,
    only: str,
    officer: str | None,
    period: str,
    signal: str,
    weeks: int,
    level: float | None,
    within: float | None,
    outbreaks: Path | None,
    plant: int | None,
    size: float,
    seed: int,
    language: str,
    as_json: bool,
) -> None:
    """Make the lists of the last weeks of FILE, or of the lake, as they would have been made, and count.

    The truth is the table of outbreaks, or else the column `state`; without either plant outbreaks,
    or read the workload alone.
    """
    from tapal.engines.signals import backtest as past
    from tapal.engines.signals.backtest_words import told

    with refusals():
        given = source(Asked(file, travel, only, officer, period, signal), level, within, language)
        prepare_loops()
        counts = given.counts
        known = _known(given, outbreaks, weeks)
        many = plant if plant is not None else 0 if file else past.PLANTED
        sown = past.Plant(many, size, seed)
        points = min(weeks, len(counts.labels)) * (2 if many else 1)
        with progress("minggu", points) as tell:
            report = past.trial(counts, given.settings, weeks, sown, known, tell)
    if as_json:
        click.echo(json.dumps(_plain({name: asdict(one) for name, one in report.items()})))
        return
    for text in told(report, counts.labels, given.settings, sown):
        click.echo(text.say(language))


def _known(given: Source, outbreaks: Path | None, weeks: int) -> list[Outbreak] | None:
    """The outbreaks that are known, taken to be all; None where nobody named any."""
    import numpy as np

    from tapal.engines.signals.backtest import outbreaks_of
    from tapal.engines.signals.known import outbreaks_known
    from tapal.engines.signals.pool_files import read_rows

    if outbreaks is not None:
        return outbreaks_known(read_rows(outbreaks), given.coded, str(outbreaks), given.signals)
    told = np.isfinite(given.counts.state[:, -weeks:]).any()
    return outbreaks_of(given.counts.state) if told else None


@signals.command()
@click.argument("file", type=FILE)
@series_option
@click.option("--values", type=FILE, help="A district's own values, columns as signal_rows.csv.")
@click.option("--out", type=OUT, help="CSV series,rule,alarm,id,en.")
@click.option("--language", type=click.Choice(["id", "en"]), default="id", show_default=True)
def rules(file: Path, only: str, values: Path | None, out: Path | None, language: str) -> None:
    """Hold the last week of FILE against the fixed rules.

    The column `condition`, else `stream`, names what is counted.
    """
    from tapal.engines.signals.rule_files import book_of, judge_file
    from tapal.web.cli.signals_lake import law_of_store

    with refusals():
        law = book_of(values) if values else law_of_store()
        found = judge_file(read(file, None, only), law)
        if out:
            _write(out, ("series", "rule", "alarm", "id", "en"), [row.cells() for row in found])
    _say_ruled(found, language)


@signals.command()
@click.argument("file", type=FILE)
@travel_option
@series_option
@within_option
@click.option(
    "--model",
    type=click.Choice(["poisson", "negbin", "permutation"]),
    default="negbin",
    show_default=True,
    help="What chance is: Poisson, negative binomial, or the cases dealt out anew.",
)
@click.option(
    "--periods", type=click.IntRange(1, 26), default=4, show_default=True, help="Longest window."
)
@click.option("--replicates", type=click.IntRange(19), default=999, show_default=True)
@click.option("--language", type=click.Choice(["id", "en"]), default="id", show_default=True)
@json_option
def scan(
    file: Path,
    travel: Path | None,
    only: str,
    within: float | None,
    model: Literal["poisson", "negbin", "permutation"],
    periods: int,
    replicates: int,
    language: str,
    as_json: bool,
) -> None:
    """Scan places together over the last weeks of FILE; clusters with p of at most 0.05."""
    from tapal.engines.signals.scan_files import scan_counts

    with refusals():
        given = source(Asked(file, travel, only), None, within)
        prepare_loops()
        counts, settings = given.counts, given.settings
        with progress("ulangan", replicates) as tell:
            found = scan_counts(
                counts, settings, model=model, periods=periods, replicates=replicates, tell=tell
            )
    found = [one for one in found if one.cluster.p <= 0.05]
    if as_json:
        click.echo(json.dumps([_cluster(one) for one in found], ensure_ascii=False))
        return
    for rank, one in enumerate(found, 1):
        click.echo(f"{rank}. {one.text().say(language)}")


def _cluster(one: Found) -> dict[str, Any]:  # Any: JSON
    return {
        "places": list(one.places),
        "since": one.since,
        "observed": one.cluster.observed,
        "expected": round(one.cluster.expected, 4),
        "score": one.cluster.score,
        "p": one.cluster.p,
        "text": one.text().json(),
    }


@signals.command()
@click.argument("name", default="")
@click.option("--language", type=click.Choice(["id", "en"]), default="id", show_default=True)
@json_option
def methods(name: str, language: str, as_json: bool) -> None:
    """The methods that there are, or the one NAME: what it asks, formula, parameters, source, when to use it."""
    from tapal.engines.signals.methods_list import listed

    found = [method for method in listed() if name in ("", method.name)]
    if not found:
        raise click.BadParameter(f"no method called {name}; tapal signals methods lists them")
    if as_json:
        click.echo(json.dumps([method.json() for method in found], ensure_ascii=False))
        return
    for method in found:
        click.echo(f"{method.name}: {method.asks.say(language)}")
        for label, said in (
            (FORMULA, method.formula),
            (WHEN, method.when.say(language)),
            (SOURCE, method.source),
        ):
            click.echo(f"    {label.say(language)}: {said}")
        for each in method.parameters:
            click.echo(f"    {each.name} = {each.default} ({each.unit.say(language)})")


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[float], None]]:
    """A bar on standard error, shown only to a person."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True
    ) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)


def prepare_loops() -> None:
    """Say so where a person must wait for the loops to be compiled, once for an installation."""
    from tapal.engines.signals.compiled import LOOPS

    if not LOOPS.ready():
        with progress("menyiapkan mesin hitung, sekali saja", 1):
            LOOPS.prepare()


def _week(counts: Counts, at: str) -> int:
    if not at:
        return len(counts.labels) - 1
    if at not in counts.labels:
        raise click.BadParameter(f"no week called {at}; the last is {counts.labels[-1]}")
    return counts.labels.index(at)


def _write(path: Path, columns: tuple[str, ...], rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as target:
        out = csv.DictWriter(target, columns, lineterminator="\n")
        out.writeheader()
        out.writerows(rows)


def _plain(report: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:  # Any: JSON
    """NaN is no JSON: what could not be counted is null."""
    return {
        name: {key: None if value != value else value for key, value in figures.items()}
        for name, figures in report.items()
    }


# The group stands here, its part that needs the store in a module of its own.
from tapal.web.cli.signals_lake import nightly, try_setting  # noqa: E402

signals.add_command(nightly)
signals.add_command(try_setting)
