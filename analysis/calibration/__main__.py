"""``python -m analysis.calibration CASE``: search for parameters, write them, hold them against what was observed."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from analysis.console import progress, show_table
from sim.core.errors import ProtestorateError

USER_MISTAKE, INTERRUPTED = 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    try:
        return _run(_parser().parse_args(arguments))
    except ProtestorateError as error:
        print(error, file=sys.stderr)
        return USER_MISTAKE
    except KeyboardInterrupt:
        print("interrupted; the same command goes on from here", file=sys.stderr)
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    from analysis.calibration.case import CASES

    parser = argparse.ArgumentParser("python -m analysis.calibration", description=__doc__)
    parser.add_argument("case", help=f"one of {', '.join(CASES)}")
    parser.add_argument(
        "--evaluations", type=_count, default=0, metavar="N", help="candidates of the search at a coarse scale"
    )
    parser.add_argument(
        "--fine", type=_count, default=0, metavar="N", help="parameter sets of the descent at the fine scale"
    )
    parser.add_argument("--accept", type=_count, default=0, metavar="N", help="parameter sets for the accepted ranges")
    parser.add_argument("--seeds", default="", metavar="K|LIST", help="runs of a candidate, or a list for --check")
    parser.add_argument(
        "--persons-per-agent", type=_count, metavar="P", help="scale of the coarse search, or of --check"
    )
    parser.add_argument("--fine-scale", type=_count, metavar="P", help="scale of --fine and --accept")
    parser.add_argument("--seed", type=int, default=1, help="seed of the search itself (default 1)")
    parser.add_argument(
        "--workers", type=_count, default=2, help="processes (default 2); results are the same with any"
    )
    parser.add_argument(
        "--from-record", action="store_true", help="begin from the record's best instead of the scenario"
    )
    parser.add_argument("--write", action="store_true", help="write the record's best into the scenario's file")
    parser.add_argument(
        "--check", action="store_true", help="print the target table of the scenario as it stands; --report keeps it"
    )
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="refresh the tables in a document, and keep a --check in the record"
    )
    parser.add_argument("--records", type=Path, metavar="FOLDER", help="folder of the records (default: the project's)")
    parser.add_argument(
        "--journal", type=Path, metavar="FOLDER", help="folder of what was run (default results/calibration)"
    )
    parser.add_argument("--quiet", action="store_true", help="no progress")
    return parser


def _count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return value


def _run(options: argparse.Namespace) -> int:
    from analysis.calibration.case import find_case
    from analysis.calibration.record import path_of
    from analysis.calibration.report import PLACES
    from analysis.document import check_places

    case = find_case(options.case)
    asked = [options.evaluations or options.fine or options.accept, options.write, options.check, options.report]
    if not any(asked):
        raise ProtestorateError("nothing to do: give --evaluations, --write, --check or --report")
    path = path_of(case, options.records)
    check_places(options.report, PLACES)
    if asked[0]:
        _search(options, path)
    if options.write:
        _write(options, path)
    if options.check:
        _check(options, path)
    if options.report:
        from analysis.calibration.record import read_record
        from analysis.calibration.report import tables
        from analysis.document import refresh, told

        found = tables(read_record(path))
        refresh(options.report, found)
        print(told(options.report, found), end="")
    return 0


def _search(options: argparse.Namespace, path: Path) -> None:
    from analysis.calibration.calibrate import Plan, calibrate, keep
    from analysis.calibration.case import find_case
    from analysis.calibration.record import read_record

    case = find_case(options.case)
    if options.seeds and not options.seeds.isdecimal():
        raise ProtestorateError("--seeds: a search takes a number of runs a candidate")
    before = read_record(path) if options.from_record else None
    plan = Plan(
        evaluations=options.evaluations,
        fine=options.fine,
        accept=options.accept,
        seeds=int(options.seeds or 2),
        persons_per_agent=options.persons_per_agent,
        fine_scale=options.fine_scale,
        seed=options.seed,
        workers=max(1, options.workers),
        before=before,
    )
    journal = options.journal or Path("results/calibration") / case.name
    with _reporting(options.quiet) as report:
        pair = calibrate(case, plan, journal, _command(options), report)
    print(f"distance {pair[0]['best']['distance']:.2f}; record: {keep(case, pair, path.parent)}")


def _command(options: argparse.Namespace) -> str:
    """The command that searches the same again, whatever else was asked for."""
    words = ["python -m analysis.calibration", options.case]
    for name in ("evaluations", "fine", "accept", "seeds", "persons_per_agent", "fine_scale"):
        value = getattr(options, name)
        if value:
            words.append(f"--{name.replace('_', '-')} {value}")
    words.append(f"--seed {options.seed}")
    return " ".join([*words, "--from-record"] if options.from_record else words)


def _write(options: argparse.Namespace, path: Path) -> None:
    from analysis.calibration.case import find_case
    from analysis.calibration.record import read_record
    from analysis.calibration.scenario_file import write_scenario
    from sim.run.load import find

    record = read_record(path)
    case = find_case(options.case)
    values = record["best"]["values"]
    scenario = find(case.name)
    write_scenario(scenario, {**case.fixed, **values}, values, f"record analysis/calibration/records/{path.name}")
    print(f"{scenario}: {len(values)} parameters written")


def _check(options: argparse.Namespace, path: Path) -> None:
    from analysis.calibration.calibrate import check_case
    from analysis.calibration.case import find_case
    from analysis.calibration.record import read_record, write_record
    from analysis.calibration.report import fight_table, plain_rows
    from sim.core.version import model_version
    from sim.evidence.sources import replicate_seeds

    case = find_case(options.case)
    name = options.seeds if options.seeds and not options.seeds.isdecimal() else "standard-100"
    seeds = replicate_seeds(name)
    with _reporting(options.quiet) as report:
        table, scale = check_case(case, seeds, options.persons_per_agent, max(1, options.workers), report)
    made = {"date": dt.datetime.now(dt.UTC).date().isoformat(), "model_version": model_version()}
    checked = {**table.as_record(), "seeds": name, "runs": len(seeds), "persons_per_agent": scale, **made}
    columns = ("target", "unit", "observed", "median run", "90 % of runs", "met", "residual")
    note = f"{table.met} of {len(table.rows)} targets met by the median run; distance {table.distance:.2f}"
    show_table(columns, plain_rows(checked), note)
    if path.exists():
        record = read_record(path)
        if options.report:
            write_record(path, {**record, "check": checked})
        if "accepted" in record:
            print(f"\nTargets that fight each other:\n\n{fight_table(record)}")


@contextmanager
def _reporting(quiet: bool) -> Iterator[Callable[[str, int, int, str], None]]:
    """Show a bar for each thing that is under way, one after the other."""
    with ExitStack() as stack:
        bars: dict[str, Callable[[int, int, str], None] | None] = {}

        def report(title: str, done: int, total: int, label: str) -> None:
            if title not in bars:
                stack.pop_all().close()
                bars[title] = stack.enter_context(progress(title, quiet))
            advance = bars[title]
            if advance is not None:
                advance(done, total, label)

        yield report


if __name__ == "__main__":
    sys.exit(main())
