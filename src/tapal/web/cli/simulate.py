"""`tapal simulate`: write the message files of days at the border, with planted problems."""

from __future__ import annotations

import math
from pathlib import Path

import click


@click.command()
@click.option("--days", type=click.IntRange(1, 366), default=1, show_default=True)
@click.option("--scale", type=click.FloatRange(0.001, 100), default=1.0, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
def simulate(days: int, scale: float, seed: int, out: Path) -> None:
    """Write message files and planted.json into OUT. The same seed gives the same bytes."""
    from tapal.simulation import simulate as run

    if math.isnan(scale):
        raise click.UsageError("--scale must be a number")
    try:
        run(days=days, scale=scale, seed=seed, out=out)
    except OSError as error:
        raise click.UsageError(f"{out} cannot be written: {error.strerror}") from error
    click.echo(str(out))
