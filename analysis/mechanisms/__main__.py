"""Switch off every mechanism in turn and say what it does: ``python -m analysis.mechanisms``.

Prints the tables of mechanisms in Markdown, or puts them into a document. The runs are kept in a folder, and the same
command goes on where it stopped.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from analysis.document import Tables, answer, check_places

PROGRAM = "python -m analysis.mechanisms"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the study of all ablations and print or write its tables; return the exit code."""
    parser = argparse.ArgumentParser(prog=PROGRAM, description=__doc__)
    parser.add_argument("--replicates", default="quick-20", help="pairs of runs: a list of seeds, or a number")
    parser.add_argument("--persons-per-agent", type=int, default=400, help="people an agent stands for")
    parser.add_argument("--out", type=Path, default=Path("results/mechanisms"), help="folder of the runs")
    parser.add_argument("--workers", type=int, default=None, help="processes (default: one a core)")
    return answer(parser, arguments, _tables, "docs/mechanisms.md")


def _tables(asked: argparse.Namespace, command: str) -> Tables:
    from analysis.compare.things import seeds_of
    from analysis.console import study_progress
    from analysis.mechanisms.document import PLACES, tables
    from analysis.mechanisms.effects import planned
    from analysis.mechanisms.table import mechanisms
    from sim.study import run_study

    check_places(asked.write, PLACES)
    table = mechanisms()
    plan = planned(table, seeds_of(asked.replicates, ()) or (), asked.persons_per_agent)
    with study_progress(plan.study.name, False) as progress:
        data = run_study(plan.study, asked.out, asked.workers, progress)
    return tables(table, plan, data, command)


if __name__ == "__main__":
    sys.exit(main())
