"""The commands on one scenario: check, list, sources, schema, odd; and export, which turns tables into text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.commands.app import ModelFile, app, examples, own_folder
from sim.core.errors import Problem, ScenarioError, nearest, shown
from sim.core.keypath import dotted, undotted

if TYPE_CHECKING:
    from sim.evidence.sources import SourceRow


@app.command(epilog=examples("protestorate check my-case.yaml", "protestorate check scenarios/*.yaml"))
def check(
    files: Annotated[list[str], typer.Argument(help="Scenario files, or names of scenarios.")],
) -> None:
    """Check scenarios and print every problem, each with its file, line and column."""
    from sim.run.load import check as problems_of

    problems = problems_of(files)
    if problems:
        raise ScenarioError(problems)
    for file in files:
        typer.echo(f"{file}: valid")


@app.command("list", epilog=examples("protestorate list"))
def list_scenarios() -> None:
    """List the scenarios and the studies that come with the project, a line each."""
    from analysis.report.console import show_table
    from sim.run.find import names
    from sim.scenario.yaml import read
    from sim.study.load import studies

    abouts = {name: read(path).data.get("about", {}) for name, path in names().items()}
    show_table(
        ("scenario", "title", "summary"),
        [(name, about.get("title", ""), about.get("summary", "")) for name, about in abouts.items()],
    )
    written = {name: read(path).data for name, path in studies().items()}
    show_table(
        ("study", "title", "question"),
        [(name, study.get("title", ""), study.get("question", "")) for name, study in written.items()],
    )


@app.command(
    epilog=examples(
        "protestorate sources belarus-2020",
        "protestorate sources belarus-2020 police.detention",
        "protestorate sources belarus-2020 --kind documented",
        "protestorate sources belarus-2020 --json",
    )
)
def sources(
    scenario: Annotated[str, typer.Argument(help="Name of a scenario or a file.")],
    below: Annotated[
        str | None, typer.Argument(metavar="KEY.PATH", help="Only this value, or those of this section [default: all].")
    ] = None,
    kind: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only values of this kind, such as assumption or calibrated.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List every parameter of a scenario: its value, its source, and what the source says."""
    from dataclasses import asdict

    from analysis.report.console import show_sources
    from sim.evidence.sources import coverage, sources_of
    from sim.run.load import load

    loaded = load(scenario)
    found = _chosen(sources_of(loaded.data), below, kind)
    table = [asdict(row) for row in found]
    covered = coverage(found)
    if as_json:
        content = {"coverage": covered, "parameters": table}
        typer.echo(json.dumps(content, indent=2, ensure_ascii=False, default=str))
    elif not found:
        typer.echo(f"{scenario}: names no sources" if below is kind is None else f"{scenario}: has no such value")
    else:
        show_sources(table, covered)


def _chosen(rows: list[SourceRow], below: str | None, kind: str | None) -> list[SourceRow]:
    """Return rows at and below a key path, of one kind; raises ScenarioError if there is no such path or kind."""
    from sim.evidence.sources import KINDS

    if below is not None:
        names = undotted(below)
        known = {dotted(path[:length]) for path in (undotted(row.path) for row in rows) for length in range(1, 9)}
        if rows and dotted(names) not in known:
            raise ScenarioError(Problem("unknown key path", below, nearest=nearest(below, sorted(known))))
        rows = [row for row in rows if undotted(row.path)[: len(names)] == names]
    if kind is not None:
        kinds = dict.fromkeys((*KINDS, *(row.kind for row in rows)))
        if kind not in kinds:
            problem = Problem(
                f"must be one of {', '.join(kinds)}", "--kind", given=shown(kind), nearest=nearest(kind, kinds)
            )
            raise ScenarioError(problem)
        rows = [row for row in rows if row.kind == kind]
    return rows


@app.command(epilog=examples("protestorate schema > scenario.schema.json"))
def schema(
    model: Annotated[str, typer.Option(help="The model whose scenarios it describes.")] = "mobilisation",
) -> None:
    """Print the JSON Schema of scenario files, for editors that complete and check as you type."""
    from sim.models.interface import schema_of
    from sim.models.own import ask_for

    ask_for(model)
    typer.echo(json.dumps(schema_of(model).model_json_schema(), indent=2, ensure_ascii=False))


@app.command(epilog=examples("protestorate odd > odd.md", "protestorate odd belarus-2020"))
def odd(
    scenario: Annotated[str | None, typer.Argument(help="Describe this scenario's values, too.")] = None,
) -> None:
    """Print the model's description after the ODD protocol, in Markdown."""
    from analysis.describe.odd import document

    typer.echo(document(scenario))


@app.command(epilog=examples("protestorate results > docs/results.md", "protestorate results russia-2022"))
def results(
    scenario: Annotated[str | None, typer.Argument(help="List the columns of this scenario instead.")] = None,
) -> None:
    """Print what runs record, in Markdown: every file, column and number with its unit and meaning."""
    from analysis.describe.results import document

    typer.echo(document(scenario), nl=False)


@app.command(
    epilog=examples(
        "protestorate export results/belarus-2020",
        "protestorate export results/shutdown-and-hub --out tables",
        "protestorate export results/shutdown-and-hub --stata",
    )
)
def export(
    folder: Annotated[Path, typer.Argument(help="Folder of a run or of a study.")],
    out: Annotated[
        Path | None, typer.Option(callback=own_folder, help="Folder for the files [default: FOLDER-csv or -stata].")
    ] = None,
    stata: Annotated[
        bool, typer.Option("--stata", help="Stata's files (.dta), with labels, in the place of CSV.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files of the same names.")] = False,
    model: ModelFile = None,
) -> None:
    """Write the tables of a run or a study as CSV or Stata files, for programs that do not read Parquet."""
    from analysis.report.tables import write_tables

    beside = folder if folder.name not in ("", "..") else folder.resolve()
    kind = "stata" if stata else "csv"
    for path in write_tables(folder, out or beside.with_name(f"{beside.name}-{kind}"), force, stata):
        typer.echo(path)
