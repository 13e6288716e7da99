"""What the command line shows: progress, the summary of a run, tables of scenarios and sources."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from sim.core.errors import seen
from sim.core.formats import to_digits
from sim.core.jit import watch_compilation

if TYPE_CHECKING:
    from sim.run.result import Run
    from sim.study.execute import Status

COMPILING = "compiling the step loop, first run only"
LINES_WITHOUT_TERMINAL = 10
WIDTH_WITHOUT_TERMINAL = 200
MOST_TURNS = 6
"""Turning points of power that the summary of a run shows, the last ones."""

Advance = Callable[[int, int, str], None]


@contextmanager
def progress(title: str, quiet: bool) -> Iterator[Advance | None]:
    """Show how far a run has come, on standard error.

    Parameters
    ----------
    title : str
        What is running.
    quiet : bool
        Show nothing.

    Yields
    ------
    callable (done, total, label) or None
        To be called after each step with the steps done, their number, and the step's name
        (its date); None if quiet. A terminal gets a bar, anything else some ten lines.
    """
    with _shown(title, quiet, _bar, _lines) as advance:
        yield advance


Shown = TypeVar("Shown")
Show = Callable[[Console, str], AbstractContextManager[Shown]]


@contextmanager
def _shown(title: str, quiet: bool, bar: Show[Shown], lines: Show[Shown]) -> Iterator[Shown | None]:
    """Show progress on standard error: a bar on a terminal, else lines; and when the step loop is being compiled."""
    if quiet:
        yield None
        return
    console = _errors()
    shown = bar(console, title) if console.is_terminal else lines(console, title)
    with watch_compilation(lambda: console.print(COMPILING)), shown as advance:
        yield advance


@contextmanager
def progress_of_stages(quiet: bool) -> Iterator[Callable[[str, int, int, str], None]]:
    """Show a bar for each stage that is under way, one after the other; yields (title, done, total, label) -> None."""
    with ExitStack() as stack:
        bars: dict[str, Advance | None] = {}

        def report(title: str, done: int, total: int, label: str) -> None:
            if title not in bars:
                stack.pop_all().close()
                bars[title] = stack.enter_context(progress(title, quiet))
            advance = bars[title]
            if advance is not None:
                advance(done, total, label)

        yield report


@contextmanager
def _bar(console: Console, title: str) -> Iterator[Advance]:
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[label]}", markup=False),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(title, total=None, label="")
        yield lambda done, total, label: bar.update(task, completed=done, total=total, label=label)


@contextmanager
def _lines(console: Console, title: str) -> Iterator[Advance]:
    reported = 0

    def advance(done: int, total: int, label: str) -> None:
        nonlocal reported
        tenth = done * LINES_WITHOUT_TERMINAL // max(total, 1)
        if tenth > reported:
            reported = tenth
            _say(f"{title}: {label}, {100 * done // total}%")

    def _say(line: str) -> None:
        console.print(Text(line))

    yield advance


@contextmanager
def study_progress(title: str, quiet: bool) -> Iterator[Callable[[Status], None] | None]:
    """Show how far a study has come, on standard error; as `progress`, for `sim.study.run_study`.

    A terminal gets a bar with runs done, failed, runs a second and time left, anything else a line
    at the beginning and at each tenth.
    """
    with _shown(title, quiet, _study_bar, _study_lines) as advance:
        yield advance


def _pace(status: Status) -> str:
    """Runs a second, and the time left at this pace."""
    computed = status.done + status.failed - status.before
    if computed <= 0 or status.seconds <= 0.0:
        return ""
    rate = computed / status.seconds
    left = dt.timedelta(seconds=round((status.total - status.done - status.failed) / rate))
    return f"{rate:.3g} runs/s, {left} left"


def _counts(status: Status) -> str:
    failed = f", {status.failed:,} failed" if status.failed else ""
    return f"{status.done:,} of {status.total:,} runs{failed}"


@contextmanager
def _study_bar(console: Console, title: str) -> Iterator[Callable[[Status], None]]:
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[told]}", markup=False),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(title, total=None, told="")

        def advance(status: Status) -> None:
            if status.note:
                console.print(Text(status.note), soft_wrap=True)
            told = ", ".join(filter(None, (_counts(status), _pace(status))))
            bar.update(task, completed=status.done + status.failed, total=status.total, told=told)

        yield advance


@contextmanager
def _study_lines(console: Console, title: str) -> Iterator[Callable[[Status], None]]:
    reported = -1

    def advance(status: Status) -> None:
        nonlocal reported
        if status.note:
            console.print(Text(status.note), soft_wrap=True)
        tenth = (status.done + status.failed) * LINES_WITHOUT_TERMINAL // max(status.total, 1)
        if tenth > reported:
            reported = tenth
            console.print(Text(", ".join(filter(None, (f"{title}: {_counts(status)}", _pace(status))))), soft_wrap=True)

    yield advance


def in_notebook() -> bool:
    """Return whether what is printed goes below a notebook's cell."""
    return Console().is_jupyter


def _errors() -> Console:
    """Console on standard error; a notebook gets lines, as a bar there would need another package."""
    if in_notebook():
        return Console(file=sys.stderr, highlight=False, force_jupyter=False, force_terminal=False, width=100)
    return Console(stderr=True, highlight=False)


def _print(table: Table) -> None:
    """Print a table: a notebook gets one of HTML; without a terminal it is not squeezed into eighty columns."""
    if in_notebook():
        from IPython.display import HTML, display

        display(HTML(_html(table)))  # type: ignore[no-untyped-call]
        return
    width = None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL
    Console(width=width, highlight=False).print(table)


def _html(table: Table) -> str:
    """Return a table as HTML, all text escaped."""
    title = f"<caption>{escape(str(table.title))}</caption>" if table.title else ""
    names = [escape(str(column.header)) for column in table.columns]
    head = "".join(f'<th style="text-align:left">{name}</th>' for name in names)
    head = f"<thead><tr>{head}</tr></thead>" if table.show_header and any(names) else ""
    rows = zip(*(column.cells for column in table.columns), strict=True)
    body = "".join(
        "<tr>" + "".join(f'<td style="text-align:left">{escape(str(cell))}</td>' for cell in row) + "</tr>"
        for row in rows
    )
    return f"<table>{title}{head}<tbody>{body}</tbody></table>"


def _note(text: str) -> None:
    """Print a line below a table, which is not cut."""
    print(text) if in_notebook() else Console(highlight=False).print(Text(seen(text)), soft_wrap=True)  # noqa: T201


def _table(*columns: str, title: str | None = None) -> Table:
    shown_as = None if title is None else seen(title)
    table = Table(title=shown_as, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for number, name in enumerate(columns):
        table.add_column(name, no_wrap=number == 0, overflow="fold")
    return table


def _add(table: Table, *cells: object) -> None:
    """Add a row of plain text, in which square brackets mean nothing."""
    table.add_row(*(Text(seen(str(cell))) for cell in cells))


def show_run(run: Run, title: str, written: Path) -> None:
    """Print a run's summary, its outcome with the reasons, and where its files are."""
    from analysis.report.run import key_numbers
    from analysis.report.turning import turns
    from sim.page.power import POWER

    table = _table("", "", title=f"{title}, seed {run.seed}")
    table.show_header = False
    for label, value in key_numbers(run.summary, run.declared.numbers):
        _add(table, label, value)
    date = f" ({run.outcome.date})" if run.outcome.date else ""
    _add(table, "outcome", run.outcome.name.replace("_", " ") + date)
    if run.outcome.road:
        _add(table, "by the road", run.outcome.road)
    for number, reason in enumerate(run.outcome.reasons):
        _add(table, "" if number else "why", reason)
    for number, (_, when, text) in enumerate(turns(run, POWER, events=False)[-MOST_TURNS:]):
        _add(table, "" if number else "how it came about", f"{when}: {text}")
    _print(table)
    label = "report" if written.name == "report.html" else "result"
    _note(f"{label}: {written}")


def _flat(summary: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Every entry as a label and a text; an entry within another is labelled with both names."""
    for key, value in summary.items():
        label = f"{above} {key}".strip().replace("_", " ")
        if isinstance(value, Mapping):
            yield from _flat(value, label)
        else:
            yield label, _readable(value)


def _readable(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return to_digits(value, 3)
    if isinstance(value, (list, tuple)):
        return ", ".join(_readable(item) for item in value)
    return str(value)


def show_table(columns: Sequence[str], rows: Sequence[Sequence[object]], note: str = "") -> None:
    """Print rows under column names, and a note below."""
    table = _table(*columns)
    for row in rows:
        _add(table, *row)
    if rows or not in_notebook():
        _print(table)
    if note:
        _note(note)


def show_sources(rows: Sequence[Mapping[str, Any]], covered: Mapping[str, Any]) -> None:
    """Print a row a parameter, with what its source says and what we note, and how many values are of each kind."""
    columns = ("key path", "value", "kind", "source", "what it says")
    cells = []
    for row in rows:
        ids = [one for one in row["ids"] if one != row["kind"]]
        said = " · ".join(filter(None, (row["text"], row["note"])))
        cells.append((row["path"], _readable(row["value"]), row["kind"], ", ".join(ids), said))
    note = ", ".join(f"{label}: {text}" for label, text in _flat(covered))
    show_table(columns, cells, note)
