"""The command that opens the page in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.app import app, examples, overrides_of


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
    persons_per_agent: Annotated[
        int | None, typer.Option(min=1, help="People one agent stands for; fewer is finer and slower.")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY.PATH=VALUE", help="Set a value of the scenario; may be repeated."),
    ] = None,
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
    from analysis.report import write_report
    from sim.page.options import Options

    serve(
        Options(scenario, compare, overrides, out, write_report, threads),
        host=host,
        port=port,
        open_browser=browser,
        announce=lambda line: typer.echo(line, err=True),
    )
