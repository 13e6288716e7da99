"""Switch off every mechanism in turn and say what it does: ``python -m analysis.mechanisms``.

Prints the table of mechanisms in Markdown, or writes it to a file. The runs are kept in a folder, and the same command
goes on where it stopped.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from sim.scenario.errors import ProtestorateError

USER_MISTAKE, INTERRUPTED = 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the study of all ablations and print or write its table; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m analysis.mechanisms", description=__doc__)
    parser.add_argument("--replicates", default="quick-20", help="pairs of runs: a list of seeds, or a number")
    parser.add_argument("--persons-per-agent", type=int, default=400, help="people an agent stands for")
    parser.add_argument("--out", type=Path, default=Path("results/mechanisms"), help="folder of the runs")
    parser.add_argument("--workers", type=int, default=None, help="processes (default: one a core)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table here, such as docs/mechanisms.md")
    asked = parser.parse_args(arguments)
    try:
        text = _text(asked)
    except ProtestorateError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return USER_MISTAKE
    except KeyboardInterrupt:
        print("interrupted; what is finished is kept, the same command goes on", file=sys.stderr)  # noqa: T201
        return INTERRUPTED
    if asked.write is None:
        sys.stdout.write(text)
    else:
        asked.write.write_text(text, encoding="utf-8")
    return 0


def _text(asked: argparse.Namespace) -> str:
    from analysis.compare.things import seeds_of
    from analysis.console import study_progress
    from analysis.mechanisms.document import document
    from analysis.mechanisms.effects import carried_out, planned
    from analysis.mechanisms.table import mechanisms

    table = mechanisms()
    plan = planned(table, seeds_of(asked.replicates, ()) or (), asked.persons_per_agent)
    with study_progress(plan.study.name, False) as progress:
        found = carried_out(plan, asked.out, asked.workers, progress)
    return document(table, plan, found, asked.persons_per_agent)


if __name__ == "__main__":
    sys.exit(main())
