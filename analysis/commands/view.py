"""The commands that show a run: the page in a browser, and a film without one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.app import Days, PersonsPerAgent, ScenarioName, Seed, Settings, app, examples, overrides_of


@app.command(
    epilog=examples(
        "protestorate view",
        "protestorate view belarus-2020 --compare my-case.yaml",
        "protestorate view belarus-2020 --persons-per-agent 1000 --port 8600 --no-browser",
    )
)
def view(
    scenario: Annotated[str, typer.Argument(help="Name of a scenario (see: protestorate list) or a file.")] = (
        "belarus-2020"
    ),
    compare: Annotated[
        str | None, typer.Option(metavar="SCENARIO", help="A second scenario, to watch beside the first.")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the page; 0 for any that is free.")] = 8521,
    host: Annotated[
        str, typer.Option(help="Address to listen at; beyond 127.0.0.1 others can reach the page.")
    ] = "127.0.0.1",
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")] = True,
    persons_per_agent: PersonsPerAgent = None,
    settings: Settings = None,
    threads: Annotated[int, typer.Option(min=1, help="Threads of each run; results are the same.")] = 1,
    out: Annotated[Path, typer.Option(help="Folder for what the page exports.")] = Path("results"),
) -> None:
    """Watch a movement in the browser, change it, compare two."""
    from sim.page.server import check_installed, serve

    check_installed()
    overrides = overrides_of(settings or [])
    if persons_per_agent is not None:
        overrides["run.persons_per_agent"] = persons_per_agent
    from sim.run.load import load

    load(scenario, overrides)  # a mistake is told here, before a browser opens
    if compare is not None:
        load(compare, overrides)
    from analysis.report.run import write_report
    from sim.page.options import Options

    serve(
        Options(scenario, compare, overrides, out, write_report, threads),
        host=host,
        port=port,
        open_browser=browser,
        announce=lambda line: typer.echo(line, err=True),
    )


@app.command(
    epilog=examples(
        "protestorate movie belarus-2020",
        "protestorate movie belarus-2020 --out summer.gif --days 60 --fps 3 --colour detained",
        "protestorate movie belarus-2020 --set regime.aggression_gain=0.3 --width 1280",
    )
)
def movie(
    scenario: ScenarioName,
    out: Annotated[
        Path | None, typer.Option(help="The file, .mp4 or .gif [default: results/NAME-OF-SCENARIO.mp4].")
    ] = None,
    seed: Seed = None,
    days: Days = None,
    persons_per_agent: PersonsPerAgent = None,
    settings: Settings = None,
    fps: Annotated[int, typer.Option(min=1, max=60, help="Days a second.")] = 5,
    colour: Annotated[
        str, typer.Option("--colour", "--color", metavar="share|detained|loyalty", help="What colours show.")
    ] = "share",
    width: Annotated[int, typer.Option(min=240, max=3840, help="Width of the picture in pixels.")] = 1280,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier movie.")] = False,
) -> None:
    """Run a scenario and film its map: where people came out, day by day, and what happened."""
    overrides = overrides_of(settings or [])
    from analysis.report.console import progress
    from sim.core.paths import called
    from sim.page.movie import Look, write_movie
    from sim.run.find import find

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
