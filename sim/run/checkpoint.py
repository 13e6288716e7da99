"""A run half-way on disk: ``NAME.unfinished`` beside the place of its result, from which a later process goes on."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from filelock import FileLock, Timeout
from pydantic import ValidationError

from sim.core.errors import ProtestorateError, StoppedError
from sim.core.files import json_of
from sim.core.notes import say
from sim.models.interface import engine_of, schema_of
from sim.models.own import version_of
from sim.run.checkpoint_files import (
    CHECKPOINT,
    LOCK,
    arrays_of,
    damaged,
    marked,
    read,
    refuse_strangers,
    remove,
    unmarked,
    write,
)
from sim.run.load import DEFAULT_MODEL, Loaded, config_hash
from sim.run.place import REFUSALS_OF_THE_DISK, made
from sim.run.simulate import Kept, Running, check_memory
from sim.run.store import RECORD, absolute, check_writable
from sim.scenario.text import display

ENDING = ".unfinished"
STUDY = "study.json"
"""What the folder of a study has."""


@dataclass(frozen=True)
class Options:
    """How the command that began a run was given, as far as the run does not say so itself.

    Attributes
    ----------
    every : int
        Days from one checkpoint to the next.
    force : bool
        Whether an earlier result may be replaced.
    report : bool
        Whether there is to be a report.
    figures : tuple of str
        Formats in which figures are saved.
    """

    every: int
    force: bool = False
    report: bool = True
    figures: tuple[str, ...] = ()


def beside(result: Path) -> Path:
    """Return the folder of the checkpoint of a run whose result is to stand in a folder.

    Raises
    ------
    ProtestorateError
        If nothing can stand beside it, as beside the root of all folders.
    """
    if not result.name:
        raise ProtestorateError(f"{result}: is no place for a run; name a folder of its own")
    return result.with_name(result.name + ENDING)


def clear_the_way(result: Path, force: bool) -> None:
    """Make sure that a new run does not take the place of one that can go on.

    Parameters
    ----------
    result : Path
        Where the result of the new run is to go.
    force : bool
        Whether the checkpoint of another run may be lost; it is, with a word, when there is something newer.

    Raises
    ------
    ProtestorateError
        If there is a checkpoint and `force` is off, or if the folder holds something else.
    """
    folder = beside(result)
    if not folder.exists():
        return
    refuse_strangers(folder)
    if not (folder / CHECKPOINT).exists():
        return  # its run was killed before its first checkpoint
    stood = f"{folder}: a run that can go on stands here{_where(folder)}"
    if not force:
        raise ProtestorateError(f"{stood}: {_command(result)}; or begin anew with --force")
    say(f"{stood}; it is given up as soon as the new run has something to keep")


def clear(result: Path) -> None:
    """Clear away the checkpoint of a run that was given up for another, whose result is now in place."""
    folder = beside(result)
    if (folder / CHECKPOINT).exists():
        refuse_strangers(folder)
        say(f"{folder}: cleared away, as {result} holds a newer result")
        remove(folder)


class Keeper:
    """Keeps a run under way on disk; a context, in which nobody else writes its folder.

    Parameters
    ----------
    result : Path
        Where its result is to go.
    options : Options

    Raises
    ------
    ProtestorateError
        On entering: if another command writes the folder, or the disk refuses.
    """

    def __init__(self, result: Path, options: Options) -> None:
        self.result, self.folder, self.options = result, beside(result), options
        self.kept = ""
        """What step has been kept, in words."""
        self._over = False
        self._lock = FileLock(self.folder / LOCK, timeout=0)
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Keeper:
        try:
            self._stack.enter_context(made(self.folder.parent))
            self.folder.mkdir(exist_ok=True)
            with contextlib.suppress(NotImplementedError):  # the disk knows no locks
                self._lock.acquire()
        except Timeout:
            raise ProtestorateError(f"{self.folder}: another command is at work on this run") from None
        except OSError as error:
            if error.errno not in REFUSALS_OF_THE_DISK:
                raise
            raise ProtestorateError(f"{self.folder}: nothing can be kept here: {error.strerror}") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._over and not (self.folder / CHECKPOINT).exists():
            remove(self.folder)
        self._lock.release()
        self._stack.__exit__(kind, error, trace)
        if isinstance(error, KeyboardInterrupt) and not isinstance(error, StoppedError) and self.kept:
            raise StoppedError(self.how_to_go_on()) from None

    def how_to_go_on(self) -> str:
        """Return what to tell whoever has stopped the run."""
        return f"the run is kept as of {self.kept}, and goes on with: {_command(self.result)}"

    def after(self, running: Running) -> None:
        """Keep a run after a step, if its time has come."""
        if running.running and running.done % self.options.every == 0:
            self.keep(running)

    def stop(self, running: Running) -> None:
        """Keep a run that the user wants to stop; raises KeyboardInterrupt, which says how it goes on."""
        self.keep(running)
        raise StoppedError(self.how_to_go_on()) if self.kept else KeyboardInterrupt

    def keep(self, running: Running) -> None:
        """Write a run's checkpoint; a disk that refuses is told and no reason to lose hours of computing."""
        step = f"{running.label} (step {running.done} of {running.steps})"
        if step == self.kept:
            return
        try:
            self._write(running)
        except OSError as error:
            if error.errno not in REFUSALS_OF_THE_DISK:
                raise
            stands = f"that of {self.kept} stands" if self.kept else "there is none yet"
            say(f"{self.folder}: the checkpoint of {step} cannot be written: {error.strerror}; {stands}")
        else:
            self.kept = step

    def finished(self) -> None:
        """Clear the checkpoint away: the result is in its place."""
        remove(self.folder)
        self._over = True  # whatever stands there from now on is another command's

    def _write(self, running: Running) -> None:
        loaded, kept = running.loaded, running.kept()
        content = {
            "model_version": version_of([loaded.config.model]),
            "scenario": {
                "data": marked(loaded.data),
                "sources": marked(_sources_of_the_file(loaded)),
                "path": str(loaded.path),
                "chain": [str(path) for path in loaded.chain],
                "overrides": marked(dict(loaded.overrides)),
                "hash": config_hash(loaded),
            },
            "seed": running.seed,
            "threads": running.threads,
            "steps": running.steps,
            "done": kept.done,
            "label": running.label,
            "seconds": round(kept.seconds, 3),
            "options": asdict(self.options),
        }
        write(self.folder, content, kept.arrays())


@contextlib.contextmanager
def resumed(folder: Path, threads: int | None = None, every: int | None = None) -> Iterator[tuple[Running, Keeper]]:
    """Take up a run where its last checkpoint has it; yields the run and what keeps it from then on.

    Parameters
    ----------
    folder : Path
        Of the result that the run is to have, or of the checkpoint.
    threads : int, optional
        As many as before if left out; the result is bit-identical on any number.
    every : int, optional
        Steps from one checkpoint to the next, as before if left out.

    Raises
    ------
    ProtestorateError
        If there is no checkpoint, if the run is finished, if the checkpoint is damaged or another version's, if another
        command is at work on it, or if there is too little memory. What is on disk stays as it is.
    """
    result = _result_of(folder)
    folder = beside(result)
    with Keeper(result, Options(1)) as keeper:
        content = read(folder)
        options = content["options"]
        keeper.options = Options(
            every or options["every"], options["force"], options["report"], tuple(options["figures"])
        )
        loaded = _loaded(folder, content)
        engine = engine_of(loaded.config.model)
        if content["steps"] > engine.steps(loaded.config):
            raise damaged(folder, "it has more steps than its scenario")
        if _is_finished(result, content, engine.steps(loaded.config)):
            raise ProtestorateError(f"{result}: this run is finished; delete {folder}, which is not needed any more")
        check_writable(result, keeper.options.force)
        check_memory(engine, loaded.config)
        kept = Kept(content["done"], content["seconds"], lambda: arrays_of(folder, content["arrays"]))
        try:
            running = Running(loaded, content["seed"], threads or content["threads"], content["steps"], kept)
        except ValueError as error:
            raise damaged(folder, str(error)) from error
        keeper.kept = f"{running.label} (step {running.done} of {running.steps})"
        yield running, keeper


def _result_of(given: Path) -> Path:
    """Return the folder of the result of the run that is meant; raises ProtestorateError if it has no checkpoint."""
    given = absolute(given)
    if given.name.removesuffix(ENDING).strip(".") and given.name.endswith(ENDING) and (given / CHECKPOINT).exists():
        return given.with_name(given.name.removesuffix(ENDING))
    if (beside(given) / CHECKPOINT).exists():
        return given
    if (given / RECORD).exists():
        raise ProtestorateError(f"{given}: this run is finished; there is nothing to go on with")
    if (given / STUDY).exists():
        raise ProtestorateError(f"{given}: is a study; the same `protestorate sweep` goes on with it")
    if (given / CHECKPOINT).exists():
        raise ProtestorateError(
            f"{given}: the name of a folder with a checkpoint ends in {ENDING}; give it such a name"
        )
    raise ProtestorateError(
        f"{given}: no run that can go on is here ({beside(given).name} with {CHECKPOINT}, as "
        "`protestorate run --checkpoint-every DAYS` writes it)"
    )


def _command(result: Path) -> str:
    return f"protestorate resume {shlex.quote(display(result))}"


def _where(folder: Path) -> str:
    try:
        content = read(folder)
    except ProtestorateError:
        return ", though damaged"
    return f" as of {content['label']} (step {content['done']} of {content['steps']})"


def _loaded(folder: Path, content: Mapping[str, Any]) -> Loaded:
    """Return the scenario of a checkpoint, in its own bits; raises ProtestorateError if it is another version's."""
    kept, written = content["scenario"], content["model_version"]
    try:
        data, sources, overrides = (unmarked(kept[name]) for name in ("data", "sources", "overrides"))
    except (ValueError, TypeError) as error:
        raise damaged(folder, f"its scenario cannot be read: {error}") from error
    model = str(data.get("model", DEFAULT_MODEL))
    ours = version_of([model])
    if written != ours:
        raise ProtestorateError(
            f"{folder}: this run was begun with model version {written}, and this is {ours}, which would give other "
            "numbers; install that version to go on, or begin the run anew with --force"
        )
    try:
        config = schema_of(model).model_validate({**data, **sources})
    except ValidationError as error:
        raise damaged(folder, "its scenario does not come out as it was") from error
    loaded = Loaded(config, data, Path(kept["path"]), tuple(Path(path) for path in kept["chain"]), overrides)
    if config_hash(loaded) != kept["hash"]:
        raise damaged(folder, "its scenario does not come out as it was")
    return loaded


def _sources_of_the_file(loaded: Loaded) -> dict[str, Any]:
    """Return the sources as the configuration has them; in the data, overrides have sources, too."""
    dumped = loaded.config.model_dump(by_alias=True, exclude_unset=True)
    return {name: dumped[name] for name in ("sources",) if name in dumped}


def _is_finished(result: Path, content: Mapping[str, Any], horizon: int) -> bool:
    """Whether the result of this very run is in its place, and its command was killed just before its end."""
    try:
        record = json_of(result / RECORD)["provenance"]
        stopped = content["steps"] if content["steps"] < horizon else None
        return bool(
            record["scenario_hash"] == content["scenario"]["hash"]
            and record["model_version"] == content["model_version"]
            and record["seed"] == content["seed"]
            and ((record["steps"] < content["steps"] and "days" not in record) or record.get("days") == stopped)
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False
