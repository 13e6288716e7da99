"""What every command shares: the application, the exit codes, the words for a mistake, the end of a help text.

Nothing heavy is imported before a command runs, so that ``protestorate --help`` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from sim.core.errors import Problem, ProtestorateError, ScenarioError, StoppedError, UnfinishedError, seen

NOT_ALL = 1
"""It was carried out, but not all came out as asked: runs failed, patterns do not hold, a row is not the same again."""
USER_MISTAKE = 2
"""Something was asked for that cannot be done; the message says what."""
INTERRUPTED = 130
"""Stopped by the user; what is finished is kept where the message says so."""


ScenarioName = Annotated[str, typer.Argument(help="Name of a scenario (see: protestorate list) or a file.")]
Seed = Annotated[int | None, typer.Option(min=0, max=2**63 - 1, help="Random seed, instead of the scenario's.")]
Days = Annotated[int | None, typer.Option(min=1, help="Length of the run, instead of the scenario's.")]
DaysOfEvery = Annotated[int | None, typer.Option(min=1, help="Length of every run, instead of its scenario's.")]
PersonsPerAgent = Annotated[
    int | None, typer.Option(min=1, help="People one agent stands for; fewer is finer and slower.")
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY.PATH=VALUE", help="Set a value of the scenario; may be repeated."),
]
SettingsOfEvery = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY.PATH=VALUE", help="Set a value in every run; may be repeated."),
]
Figures = Annotated[str, typer.Option(metavar="svg,png,pdf", help="Save the figures as files, too.")]


def formats_of(figures: str) -> tuple[str, ...]:
    """Return the formats in ``svg,png``; raises ProtestorateError for one in which no figure can be saved."""
    chosen = tuple(name.strip() for name in figures.split(",") if name.strip())
    if chosen:
        from analysis.report.figures.files import check_formats

        try:
            check_formats(chosen)
        except ProtestorateError as error:
            raise ProtestorateError(f"--figures: {error}") from None
    return chosen


def _asked_for(file: Path | None) -> Path | None:
    """Let the file of a model run that the user names beside a result."""
    if file is not None:
        if not file.is_file():
            raise ProtestorateError(f"--model: {file}: there is no such file")
        from sim.models.own import ask_for, is_file

        if not is_file(str(file)):
            raise ProtestorateError(f"--model: {file}: is no Python file, and only such a model need be named")
        ask_for(file)
    return file


ModelFile = Annotated[
    Path | None,
    typer.Option(
        "--model", metavar="FILE", callback=_asked_for, help="Python file of the result's model, which may then be run."
    ),
]

ORDER = (
    "run", "resume", "new", "view", "movie", "sweep", "rerun", "package", "verify",
    "compare", "sensitivity", "discover", "claims", "patterns",
    "events", "read", "write", "targets", "observe", "calibrate",
    "findings", "calibration", "mechanisms", "variants", "scale", "cases", "campaigns", "cards",
    "export", "list", "check", "sources", "schema", "odd", "results",
)  # fmt: skip
"""The commands as ``--help`` lists them; a new one must be given its place."""


@contextmanager
def _mistakes_explained() -> Iterator[None]:
    """Turn a user's mistake, or a machine's refusal, into a message and exit code 2, an interruption into 130.

    Where numbers are kept but something made of them is not, the exit code is 1.
    """
    try:
        yield
    except UnfinishedError as error:
        typer.echo(seen(str(error)), err=True)
        raise typer.Exit(NOT_ALL) from None
    except ProtestorateError as error:
        typer.echo(seen(str(error)), err=True)
        raise typer.Exit(USER_MISTAKE) from None
    except MemoryError as error:
        typer.echo(f"there is too little memory for this ({str(error) or 'the system gives no more'})", err=True)
        raise typer.Exit(USER_MISTAKE) from None
    except ImportError as error:
        if not is_short_of_memory(error):
            raise
        typer.echo(NO_ROOM_FOR_LIBRARIES, err=True)
        raise typer.Exit(USER_MISTAKE) from None
    except EOFError as error:  # the parser of commands would take it for Ctrl-D, and say no more than "Aborted!"
        raise RuntimeError("an end of file where more was to come") from error
    except OSError as error:
        from sim.run.place import REFUSALS_OF_THE_DISK

        if error.errno not in REFUSALS_OF_THE_DISK:
            raise
        where = f"{error.filename}: " if isinstance(error.filename, str) else ""
        typer.echo(seen(f"{where}{error.strerror}"), err=True)
        raise typer.Exit(USER_MISTAKE) from None
    except KeyboardInterrupt as error:
        kept = seen(str(error)) if isinstance(error, StoppedError) else "nothing was written"
        typer.echo(f"interrupted; {kept}", err=True)
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:
        own = sys.modules.get("sim.models.own")  # no model has run if it is not there
        problem = own.failed(error) if own is not None else None
        if problem is None:
            raise
        typer.echo(str(problem), err=True)
        raise typer.Exit(USER_MISTAKE) from None


NO_ROOM_FOR_LIBRARIES = "there is too little memory to load the libraries that this needs (see ulimit -v)"
LOADER = ("failed to map segment", "annot allocate memory", "cannot map", "cannot apply additional memory protection")


def is_short_of_memory(error: BaseException | None) -> bool:
    """Whether a library could not be loaded because the system gave no memory for it."""
    while error is not None:
        if isinstance(error, ImportError | OSError) and any(sign in str(error) for sign in LOADER):
            return True
        error = error.__cause__ or error.__context__
    return False


class Commands(TyperGroup):
    """The commands, each of which answers a user's mistake with a message and not with a traceback."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands in the order in which a user meets them."""
        return sorted(super().list_commands(ctx), key=ORDER.index)

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        with _mistakes_explained():
            return super().invoke(ctx)


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def attempted(make: Callable[[], object]) -> UnfinishedError | None:
    """Make something of numbers that are kept; return what went wrong, to be raised when the numbers were shown."""
    try:
        make()
    except UnfinishedError as error:
        return error
    return None


ForceRuns = Annotated[
    bool, typer.Option("--force", help="Replace other runs in the folder, or those of another version.")
]
"""Of commands that go on with the runs that are there: the same runs are kept, with --force, too."""


def own_folder(out: Path | None) -> Path | None:
    """Refuse the folder one stands in as the place of a result; raises ProtestorateError."""
    if out is not None and not str(out).strip(". "):
        raise ProtestorateError("--out: name a folder of its own for the result")
    return out


def examples(*lines: str) -> str:
    """End of a help text; the control character keeps typer from joining the lines."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


def _print_version(asked: bool) -> None:
    if asked:
        import importlib.metadata

        typer.echo(f"protestorate {importlib.metadata.version('protestorate')}")
        raise typer.Exit


@app.callback(
    epilog=examples(
        "protestorate list",
        "protestorate run belarus-2020",
        "protestorate run --help",
    )
)
def protestorate(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Simulate mass protest under authoritarian rule, day by day and citizen by citizen."""


def overrides_of(settings: list[str]) -> dict[str, object]:
    """Return the values that ``--set key.path=value`` gives, by key path."""
    from sim.scenario.overrides import parse_set

    overrides: dict[str, object] = {}
    for text in settings:
        path, value = parse_set(text)
        if path in overrides:
            raise ScenarioError(Problem("is set twice", path, f"--set {text}"))
        overrides[path] = value
    return overrides
