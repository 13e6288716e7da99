"""The command that calibrates a scenario."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.app import (
    INTERRUPTED,
    Figures,
    PersonsPerAgent,
    ScenarioName,
    app,
    examples,
    formats_of,
    own_folder,
)
from sim.core.errors import Problem, ScenarioError, nearest, shown


@app.command(
    epilog=examples(
        "protestorate calibrate my-case.yaml --targets my-targets.yaml --parameters my-parameters.yaml",
        "protestorate calibrate belarus-2020 --parameters my-parameters.yaml --hold-out 2020-09-14..",
        "protestorate calibrate russia-2022 --method cma --evaluations 200",
    )
)
def calibrate(
    scenario: ScenarioName,
    targets: Annotated[
        str | None, typer.Option(metavar="FILE", help="Targets [default: what was observed of the scenario].")
    ] = None,
    parameters: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Parameters and their limits [default: those of the targets].")
    ] = None,
    method: Annotated[
        str, typer.Option(metavar="NAME", help="abc: a posterior (ABC-SMC); cma: a point (CMA-ES).")
    ] = "abc",
    hold_out: Annotated[
        list[str] | None,
        typer.Option(metavar="DAYS|PLACE", help="Targets kept to judge it, such as 2020-09-13..; may be repeated."),
    ] = None,
    population: Annotated[int, typer.Option(min=10, help="abc: sets of a generation.")] = 100,
    generations: Annotated[int, typer.Option(min=1, help="abc: generations at most.")] = 8,
    evaluations: Annotated[int, typer.Option(min=1, help="cma: parameter sets.")] = 200,
    seeds: Annotated[int, typer.Option(min=1, help="cma: runs of a set.")] = 2,
    predictive: Annotated[int, typer.Option(min=10, help="Runs of what was found, for the report.")] = 60,
    persons_per_agent: PersonsPerAgent = None,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Of the calibration itself.")] = 1,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes [default: one a core]; any number gives the same.")
    ] = None,
    dask: Annotated[str | None, typer.Option(metavar="ADDRESS", help="abc: run the sets on this Dask cluster.")] = None,
    out: Annotated[
        Path | None, typer.Option(callback=own_folder, help="Folder of the result [default: results/calibrate-NAME].")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Write what was found into the scenario, or its card.")
    ] = False,
    figures: Figures = "",
    force: Annotated[bool, typer.Option("--force", help="Replace another calibration in the folder.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Calibrate a scenario to targets: a posterior or a point, what it pins down, and what was held out.

    The same command goes on where it stopped. Exit codes: 0 done, 2 a mistake, 130 interrupted.
    """
    from contextlib import closing

    from analysis.calibration.asked import asked
    from analysis.calibration.fit import METHODS, How
    from analysis.calibration.fit import calibrate as fit_to
    from analysis.calibration.fit_report import parameter_rows, summary
    from analysis.calibration.fit_report import write as write_report
    from analysis.calibration.into_card import check_places, write_found
    from analysis.report.console import progress_of_stages, show_table
    from sim.core.beside import available_cores
    from sim.core.paths import called
    from sim.run.find import find

    if method not in METHODS:
        near = nearest(method, METHODS)
        raise ScenarioError(
            Problem(f"must be one of {', '.join(METHODS)}", "--method", given=shown(method), nearest=near)
        )
    if dask is not None and method != "abc":
        raise ScenarioError(Problem("can be used with --method abc alone", "--dask"))
    formats = formats_of(figures)
    what = asked(scenario, targets, parameters, tuple(hold_out or ()))
    file = find(scenario)
    folder = out or Path("results") / f"calibrate-{called(file)}"
    if write:
        check_places(file, {**what.case.fixed, **dict.fromkeys(what.case.searched, 0.0)})
    how = How(method, evaluations, seeds, population, generations, seed, predictive, persons_per_agent)
    try:
        with progress_of_stages(quiet) as report:
            if dask is None:
                found = fit_to(what, how, folder, workers or available_cores(), None, report, force)
            else:
                from sim.study.dask import connect

                with closing(connect(dask)) as cluster:
                    found = fit_to(what, how, folder, workers or available_cores(), cluster.client, report, force)
    except KeyboardInterrupt:
        typer.echo(f"interrupted; what is finished is kept in {folder}, the same command goes on", err=True)
        raise typer.Exit(INTERRUPTED) from None
    command = shlex.join(["protestorate", *sys.argv[1:]])
    name = Path(targets).name if targets is not None else "what was observed"
    page = write_report(found, folder, {"scenario": called(file), "targets": name, "command": command}, formats)
    head = ("parameter", "limits", "scale", "found", "5 to 95%", "of the prior's width")
    rows = parameter_rows(found)
    show_table(head[: len(rows[0])], rows, summary(found))
    if write:
        note = f"protestorate calibrate, {folder.name}"
        written = write_found(file, {**what.case.fixed, **found.best}, found.best, note)
        anew = "" if written == file else f", and {file} made of it anew"
        typer.echo(f"{written}: {len(found.best)} parameters written{anew}")
    typer.echo(f"report: {page}")
