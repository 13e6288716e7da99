"""Models of users: from a Python file, or from an installed package.

A file defines ``SCHEMA``, the schema of its scenarios, and ``ENGINE``, its functions. A package names such a module
under the entry point group ``protestorate.models``. The version of a run's model covers the file, or all of the
package.

A file runs if somebody asked for it: by a scenario that was loaded, or by its name (:func:`ask_for`). That a result
names it is not enough, for results are passed on.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import sys
import traceback
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from importlib.machinery import SourceFileLoader
from importlib.util import find_spec, module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

from sim.core.errors import Problem, ScenarioError
from sim.core.files import content
from sim.core.version import DIGEST_LENGTH, digest, model_version
from sim.models.interface import MODELS, Engine
from sim.scenario.fields import Scenario

GROUP = "protestorate.models"
ENDING = ".py"


_ASKED: set[Path] = set()
"""Files that may run in this process."""


def is_file(model: str) -> bool:
    """Whether a model is named by the file it stands in."""
    return model.endswith(ENDING)


def ask_for(model: str | Path) -> None:
    """Let a model's file run in this process from now on, whatever names it.

    Parameters
    ----------
    model : str or Path
        The file; any other model needs no asking.
    """
    if is_file(str(model)):
        _ASKED.add(Path(model).resolve())


def _asked(model: str) -> Path:
    """Return the path of a model's file; raises ScenarioError if nobody has asked for it."""
    path = Path(model).resolve()
    if path not in _ASKED:
        said = (
            "a result names this Python file as its model, and reading a result runs no code: look at the file, and if "
            "it may run, name it with --model"
        )
        raise ScenarioError(Problem(said, file=str(path)))
    return path


@cache
def installed() -> dict[str, importlib.metadata.EntryPoint]:
    """Return the models of installed packages, by name."""
    return {point.name: point for point in importlib.metadata.entry_points(group=GROUP)}


def module_of(model: str) -> ModuleType:
    """Return the module of a user's model, imported.

    Parameters
    ----------
    model : str
        The path of a file, or a name of :func:`installed`.

    Raises
    ------
    ScenarioError
        If it is a file that nobody has asked for, if it cannot be read or imported, at the line of the file that is to
        blame, or lacks what a model needs.
    """
    return _from_file(_asked(model)) if is_file(model) else _from_package(model)


def version_of(models: Iterable[str]) -> str:
    """Return the version of what computes runs of some models.

    Parameters
    ----------
    models : iterable of str
        As scenarios name them.

    Returns
    -------
    str
        The version of the package, and a digest for each model of the user's among them.

    Raises
    ------
    ScenarioError
        If one is a file that nobody has asked for, or that cannot be read or is no Python.
    """
    own = sorted({model for model in models if is_file(model) or (model not in MODELS and model in installed())})
    return ".".join([model_version(), *dict.fromkeys(_version_of(model) for model in own)])


def _version_of(model: str) -> str:
    files = _files(model)
    try:
        return _digest(_states(files))
    except OSError as error:
        raise _unreadable(Path(error.filename or model), error) from None
    except (SyntaxError, ValueError, RecursionError) as error:
        raise ScenarioError(_not_imported(error, {path.name: str(path) for path in files}, model)) from None


States = tuple[tuple[Path, int, int], ...]


def _states(files: Iterable[Path]) -> States:
    found = ((path, path.stat()) for path in files)
    return tuple((path, state.st_mtime_ns, state.st_size) for path, state in found)


@cache
def _digest(files: States) -> str:
    """Return the digest of what files do; kept as long as none of them is written."""
    return digest(path for path, _, _ in files)


def _files(model: str) -> list[Path]:
    """Return the files a user's model consists of: the one it stands in, or all of its package."""
    if is_file(model):
        return [_asked(model)]
    spec = find_spec(installed()[model].module.partition(".")[0])
    folders = list(spec.submodule_search_locations or ()) if spec else []
    if folders:
        return sorted(path for folder in folders for path in Path(folder).rglob("*.py"))
    return [Path(spec.origin)] if spec and spec.origin else []


def _from_file(path: Path) -> ModuleType:
    """Import a file; again if it has been changed since."""
    try:
        text = content(path)
    except OSError as error:
        raise _unreadable(path, error) from None
    identity = hashlib.sha256(os.fsencode(path) + b"\0" + text).hexdigest()[:DIGEST_LENGTH]
    name = f"protestorate_model_{identity}"
    if name in sys.modules:
        return sys.modules[name]
    spec = spec_from_loader(name, SourceFileLoader(name, str(path)))
    assert spec is not None
    module = module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and pydantic look their module up while it is being imported
    try:
        exec(compile(text, str(path), "exec"), module.__dict__)
        _check(module, path.name)
    except ScenarioError:
        del sys.modules[name]
        raise
    except (Exception, SystemExit) as error:  # a user's file can raise anything
        del sys.modules[name]
        raise ScenarioError(_not_imported(error, {str(path): path.name}, path.name)) from error
    return module


def _unreadable(path: Path, error: OSError) -> ScenarioError:
    return ScenarioError(Problem(f"the model's file cannot be read: {error.strerror or error}", file=str(path)))


def failed(error: BaseException) -> Problem | None:
    """Return what an error in a step or another function of a user's model was; None if no line of one led to it."""
    files = {str(path): path.name for path in _ASKED}
    files |= {str(path): str(path) for model in installed() for path in _files(model)}
    return _blamed(error, files, "", "the model fails")


def _not_imported(error: BaseException, files: Mapping[str, str], otherwise: str) -> Problem:
    """Return why a model's module cannot be imported; parameters as below."""
    problem = _blamed(error, files, otherwise, "the model cannot be imported")
    assert problem is not None
    return problem


def _blamed(error: BaseException, files: Mapping[str, str], otherwise: str, what: str) -> Problem | None:
    """Return what an error was, at the last line of the user's own files that led to it.

    Parameters
    ----------
    files : mapping of str to str
        The user's files, and what to call each.
    otherwise : str
        What to call a place outside of them; without it, there is nothing to say of one.
    what : str
        What came of the error.
    """
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in files]
    file, line, column = (files[frames[-1].filename], frames[-1].lineno or 0, 0) if frames else (otherwise, 0, 0)
    said = str(error).partition("\n")[0]
    if isinstance(error, SyntaxError) and error.filename and error.filename in files:
        file, line, column, said = files[error.filename], error.lineno or 0, error.offset or 0, error.msg
    return Problem(f"{what}: {type(error).__name__}: {said}", "", file, line, column) if file else None


def _from_package(model: str) -> ModuleType:
    point = installed()[model]
    where = f"{point.module} (model {model})"
    try:
        module = import_module(point.module)
    except (Exception, SystemExit) as error:  # whatever it is, it is the package's own
        files = {str(path): str(path) for path in _files(model)}
        raise ScenarioError(_not_imported(error, files, where)) from error
    _check(module, where)
    return module


def _check(module: ModuleType, where: str) -> None:
    """Raise ScenarioError if a module lacks what a model needs."""
    schema, engine = getattr(module, "SCHEMA", None), getattr(module, "ENGINE", None)
    problems = []
    if not (isinstance(schema, type) and issubclass(schema, Scenario)):
        problems.append("SCHEMA must be a class that inherits from sim.models.scenario.Stepwise")
    else:
        missing = [name for name in ("model", "about", "run") if name not in schema.model_fields]
        problems += [f"SCHEMA has no field {name!r}" for name in missing]
    if not isinstance(engine, Engine):
        problems.append("ENGINE must be a sim.models.interface.Engine")
    if problems:
        raise ScenarioError([Problem(text, file=where) for text in problems])
