"""The command ``movie``: a run as a film, without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.app import app, examples, overrides_of


@app.command(
    epilog=examples(
        "protestorate movie belarus-2020",
        "protestorate movie belarus-2020 --out summer.gif --days 60 --fps 3 --colour detained",
        "protestorate movie belarus-2020 --set regime.aggression_gain=0.3 --width 1280",
    )
)
def movie(
    scenario: Annotated[str, typer.Argument(help="Name of a scenario (see: protestorate list) or a file.")],
    out: Annotated[
        Path | None, typer.Option(help="The file, .mp4 or .gif [default: results/NAME-OF-SCENARIO.mp4].")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=2**63 - 1, help="Random seed, instead of the scenario's.")
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Length of the run, instead of the scenario's.")] = None,
    persons_per_agent: Annotated[
        int | None, typer.Option(min=1, help="People one agent stands for; fewer is finer and slower.")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY.PATH=VALUE", help="Set a value of the scenario; may be repeated."),
    ] = None,
    fps: Annotated[int, typer.Option(min=1, max=60, help="Days a second.")] = 5,
    colour: Annotated[
        str, typer.Option("--colour", "--color", metavar="share|detained|loyalty", help="What colours show.")
    ] = "share",
    width: Annotated[int, typer.Option(min=240, max=3840, help="Width of the picture in pixels.")] = 1280,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier movie.")] = False,
) -> None:
    """Run a scenario and film its map: where people came out, day by day, and what happened."""
    overrides = overrides_of(settings or [])
    from analysis.console import progress
    from sim.core.paths import called
    from sim.page.movie import Look, write_movie
    from sim.run.load import find

    name = called(find(scenario))
    path = out or Path("results") / f"{name}.mp4"
    with progress(name, quiet=False) as advance:
        write_movie(
            scenario,
            path,
            seed=seed,
            overrides=overrides,
            days=days,
            persons_per_agent=persons_per_agent,
            look=Look(colour, width, fps),
            force=force,
            progress=advance,
        )
    typer.echo(f"movie: {path}")
