"""The page that a replication archive opens with."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from analysis.report.figures.style import several
from sim.study import StudyData

TEXT = """\
# {title}: replication archive

{question}This archive holds one study made with protestorate, an agent-based simulator of protest mobilisation.
All numbers are of simulated runs; they are no record of what happened and no forecast.

| | |
|---|---|
| scenarios | {scenarios} |
| design | {design}, {points} |
| seeds | {seeds} |
| runs | {runs} |
| model version | {model} |
| made with | {made} |

## What is here

| file | what it holds |
|---|---|
| `study/study.json` | the study: scenarios in full, design, seeds, versions |
| `study/report.html` | a page to look at |
| `study/points.parquet` | a row a point of the design |
| `study/runs/` | a row a run; likewise `days/` and `localities/`, if they were kept |
| `tables/` | points and runs as CSV, made of the Parquet tables |
| `scenarios/` | the scenarios as files, each value with its source |
| `seeds.csv` | the random seeds |
| `environment.txt` | the versions of Python and of all packages |
| `CITATION.cff` | how to cite the program |
| `SHA256SUMS` | the SHA-256 of every file |
{models}
## Check it

Nothing but common tools, in the unpacked folder:

    sha256sum --check SHA256SUMS

With protestorate {version}, model version {model}, which also runs a sample of the rows again and compares every bit:

    protestorate verify ARCHIVE.zip --rows 20

One row, in the unpacked folder; its id stands in the column `run_id` of `tables/runs.csv`:

    protestorate rerun study RUN_ID

Between kinds of processor the last digit of a logarithm may differ, and a run with it.

## Use it

Who publishes results of this study publishes the scenarios with their sources, the list of seeds, and the runs that did
not fit; they are here. The people in the model are synthetic and stand for nobody.
"""
MODELS = "| `models/` | the model's own Python file |\n"


def readme(data: StudyData, differing: list[str]) -> str:
    """Return the page, in Markdown.

    Parameters
    ----------
    data : StudyData
    differing : list of str
        What the runs were made with that has another version where the archive is made.
    """
    manifest = data.manifest
    made = ", ".join(f"{name} {number}" for name, number in manifest["versions"].items())
    if differing:
        made += f"; packed with other versions: {', '.join(differing)}"
    own = any(str(base.get("model", "")).endswith(".py") for base in manifest["bases"].values())
    question = str(manifest.get("question") or "")
    return TEXT.format(
        title=manifest.get("title") or manifest["name"],
        question=f"{question}\n\n" if question else "",
        scenarios=", ".join(_title(name, base) for name, base in manifest["bases"].items()),
        design=str(manifest["design"]["kind"]).replace("_", " "),
        points=several(len(data.points), "point"),
        seeds=f"{len(manifest['seeds'])}, the same for every point",
        runs=_runs(data),
        model=manifest["model_version"],
        made=made,
        models=MODELS if own else "",
        version=version("protestorate"),
    )


def _title(name: str, base: dict[str, Any]) -> str:
    title = str(base.get("about", {}).get("title", ""))
    return f"{title} (`{name}`)" if title and title != name else f"`{name}`"


def _runs(data: StudyData) -> str:
    """Say how many runs there are, and what became of the others."""
    said = [several(data.runs["run_id"].nunique(), "finished run")]
    if data.failures:
        said.append(f"{len(data.failures):,} failed (`study/failures.json`)")
    missing = len(data.points) * len(data.manifest["seeds"]) - len(data.runs) - len(data.failures)
    if missing > 0 and not data.manifest["precision"]:
        said.append(f"{missing:,} not carried out")
    return ", ".join(said)
