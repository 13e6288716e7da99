"""From a scenario's name to a checked configuration, or to every problem there is with it."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Generic

from pydantic import ValidationError
from typing_extensions import TypeVar

from sim.core.errors import Problem, ScenarioError, nearest, shown
from sim.core.keypath import KeyPath, around, covers, undotted
from sim.core.names import SAID, ordered
from sim.core.once import once
from sim.core.paths import called
from sim.core.share import share_dir
from sim.evidence.ledger import Ledger, load_ledger
from sim.evidence.sources import check_sources, of_other_cases, sources_after
from sim.models import interface, own
from sim.run.find import A_STUDY, find, find_beside, is_file
from sim.run.known import Known, contents, known_of, remember
from sim.scenario import outlines
from sim.scenario.explain import explain, kind_at, place_of
from sim.scenario.extend import resolve
from sim.scenario.fields import Scenario
from sim.scenario.overrides import apply, mark_of, plain
from sim.scenario.text import composed, display
from sim.scenario.yaml import Document, Mark, parse_text

DEFAULT_MODEL = "mobilisation"


Config = TypeVar("Config", bound=Scenario, default=Scenario, covariant=True)


@dataclass(frozen=True)
class Loaded(Generic[Config]):
    """A scenario that passed every check.

    Parameters
    ----------
    config : Scenario
        The validated configuration, in the schema of the scenario's model.
    data : dict
        The same as plain data: parents and overrides resolved, sources included, defaults not.
    path : Path
        The file that was asked for.
    chain : tuple of Path
        That file and all it extends, nearest first; empty if it was not read from a file.
    overrides : mapping of str to object
        All that was set beside the file, by key path: `load` of `path` with these gives the same again.
    """

    config: Config
    data: dict[str, Any]
    path: Path
    chain: tuple[Path, ...]
    overrides: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        changed = f", {len(self.overrides)} overrides" if self.overrides else ""
        return f"Loaded({called(self.path)!r}, model={self.config.model!r}{changed})"

    @property
    def name(self) -> str:
        """What `find` knows it by: the name of a scenario of the project, or the path of the file as it was given."""
        if self.path.is_relative_to(share_dir("scenarios")):
            return self.path.stem
        shown_as = display(self.path)
        return f"./{shown_as}" if shown_as.startswith("-") else shown_as

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as plain data where the schema stands in a user's file, which another process imports anew."""
        if own.is_file(self.config.model):
            return _rebuilt, (self.data, self.path, self.chain, self.overrides)
        return Loaded, (self.config, self.data, self.path, self.chain, self.overrides)


def _rebuilt(data: dict[str, Any], path: Path, chain: tuple[Path, ...], overrides: Mapping[str, Any]) -> Loaded:
    own.ask_for(data["model"])  # the process that sent it has been asked
    return Loaded(interface.schema_of(data["model"]).model_validate(data), data, path, chain, overrides)


def load(name_or_path: str | Path, overrides: Mapping[str, object] | None = None) -> Loaded:
    """Read a scenario, all it extends and what overrides it, and check the whole.

    Parameters
    ----------
    name_or_path : str or Path
        See `find`.
    overrides : mapping of str to object, optional
        Key path to value; they need no sources of their own.

    Raises
    ------
    ScenarioError
        With all problems of the scenario at once.
    """
    return _load(find(name_or_path), overrides or {}, None)


def load_text(text: str, path: Path) -> Loaded:
    """Check a scenario that stands in no file yet, as if it stood at a path; as `load`."""
    return _load(path, {}, parse_text(text, display(path)))


def _load(path: Path, overrides: Mapping[str, object], first: Document | None) -> Loaded:
    known = known_of(path) if first is None else None
    if known is not None:
        kept = known.of(overrides)
        if kept is None:
            config, data, problems = _checked(known.document, overrides, known.schema)
            if config is not None and not problems:
                kept = known.keep(overrides, config, data)
        if kept is not None:
            return Loaded(kept[0], _copied(kept[1]), path, known.chain, _together({}, overrides))
    named: dict[tuple[str, Path], Path] = {}

    def parent(name: str, folder: Path) -> Path:
        return named.setdefault((name, folder), find_beside(name, folder))

    document, chain = resolve(path, parent, first)
    refuse_others(document)
    document, schema = _with_model(_with_outline(_with_cases(document, chain), chain), chain)
    config, data, problems = _checked(document, overrides, schema)
    if schema.requires_sources:
        problems += _source_problems(document, _unread(document, problems, schema))
    problems = [*document.problems, *_not_under(document.problems, problems)]
    if problems or config is None:
        raise ScenarioError(problems)
    if first is None:
        known = Known(document, chain, schema, contents(chain), named)
        known.keep(overrides, config, data)
        remember(path, known)
    return Loaded(config, _copied(data), path, chain, _together({}, overrides))


def _copied(value: Any) -> Any:
    """Return plain data that whoever gets it may change."""
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def refuse_others(document: Document) -> None:
    """Raise ScenarioError if a file is a study, or a card."""
    if "design" in document.data and {"scenario", "scenarios"} & set(document.data):
        place = document.marks[("design",)]
        raise ScenarioError(Problem(A_STUDY, "design", *place))
    if {"trigger_kind", "trigger_date"} <= set(document.data):
        place = document.marks[("trigger_kind",)]
        told = "this is a card, not a scenario: protestorate new NAME --from makes one of it"
        raise ScenarioError(Problem(told, "trigger_kind", *place))


def derive(parent: Loaded, overrides: Mapping[str, object]) -> Loaded:
    """Return a scenario that differs from a loaded one by overrides, without reading a file.

    Parameters
    ----------
    parent : Loaded
        Any checked scenario.
    overrides : mapping of str to object
        As in `load`. The result is the one that `load` would return.

    Raises
    ------
    ScenarioError
        With all problems of the overrides at once.
    """
    if not overrides:
        return parent
    document = Document(parent.data, {(): Mark(parent.path.name, 0, 0)}, {})
    config, data, problems = _checked(document, overrides, type(parent.config))
    if problems or config is None:
        raise ScenarioError(problems)
    return Loaded(config, data, parent.path, parent.chain, _together(parent.overrides, overrides))


def _together(earlier: Mapping[str, Any], later: Mapping[str, object]) -> dict[str, Any]:
    """Return overrides of overrides: the later ones last, without what they set anew."""
    kept = {path: value for path, value in earlier.items() if not any(covers(other, path) for other in later)}
    return kept | {composed(path): plain(value) for path, value in later.items()}


def _checked(
    document: Document, overrides: Mapping[str, object], schema: type[Scenario]
) -> tuple[Scenario | None, dict[str, Any], list[Problem]]:
    """Apply overrides to a document and hold the whole against the schema."""
    data, overridden, problems = apply(document.data, overrides, schema)
    config: Scenario | None = None
    try:
        config = schema.model_validate(data)
    except ValidationError as error:
        problems += explain(error, schema, replace(document, data=data), overridden)
    for key in filter(lambda key: isinstance(key, str), overrides):
        if undotted(key)[0] == "sources":
            said = "cannot be overridden: a source stands in the scenario's file"
            problems.append(Problem(said, key, mark_of(key, overrides[key]).file))
    if overrides and not problems and "sources" in data:
        data = {**data, "sources": sources_after(overrides, data, data["sources"])}
    return config, data, problems


def _with_model(document: Document, chain: Iterable[Path]) -> tuple[Document, type[Scenario]]:
    """Return the schema of the model that a document names, and the document with a model's file by its full path."""
    model = document.data.get("model", DEFAULT_MODEL)
    if not interface.known(model):
        place = document.marks[("model",)]
        near = nearest(str(model), [*interface.MODELS, *own.installed()])
        problem = Problem("there is no such model", "model", *place, given=shown(model), nearest=near)
        raise ScenarioError([*document.problems, problem])
    if own.is_file(model):
        place = document.marks[("model",)]
        folder = next((path.parent for path in chain if display(path) == place.file), Path())
        path = (folder / model).resolve()
        if not is_file(path):
            message = "there is no such file, seen from the folder of the scenario"
            raise ScenarioError([*document.problems, Problem(message, "model", *place, given=shown(model))])
        model = str(path)
        own.ask_for(model)
        document = replace(document, data={**document.data, "model": model})
    try:
        return document, interface.schema_of(model)
    except ScenarioError as error:
        raise ScenarioError([*document.problems, *error.problems]) from error


def _with_cases(document: Document, chain: Iterable[Path]) -> Document:
    """Return a document whose sources say of what a parent's file calibrated on which case that was."""
    sources = document.data.get("sources")
    if not isinstance(sources, dict):
        return document
    own, *parents = chain
    names = {display(path): path.stem.replace("-", " ").capitalize() for path in parents if path != own}
    files = {key: document.marks[("sources", key)].file for key in sources}
    cases = {key: names[file] for key, file in files.items() if file in names}
    return replace(document, data={**document.data, "sources": of_other_cases(sources, cases)})


def _with_outline(document: Document, chain: Iterable[Path]) -> Document:
    """Return a document that names an outline of the user's own by its full path, seen from the file that names it."""
    places = document.data.get("places")
    if not isinstance(places, dict):
        return document
    name = places.get("outline")
    if not isinstance(name, str) or not outlines.is_file(name):
        return document
    place = document.marks[("places", "outline")]
    folder = next((path.parent for path in chain if display(path) == place.file), Path())
    data = {**document.data, "places": {**places, "outline": str((folder / name).resolve())}}
    return replace(document, data=data)


def _not_under(earlier: Iterable[Problem], later: Iterable[Problem]) -> list[Problem]:
    """Leave out later problems of keys that are already known to be wrong."""
    wrong = {problem.path for problem in earlier if problem.path}
    kept = []
    for problem in later:
        if wrong.isdisjoint((problem.path, *around(problem.path))):
            kept.append(problem)
    return kept


@cache
def _ledger() -> Ledger:
    return load_ledger()


def _unread(document: Document, problems: Iterable[Problem], schema: type[Scenario]) -> list[tuple[str, ...]]:
    """Return the key paths of what is no section though it should be one, and of what no schema knows."""
    found = [undotted(problem.path) for problem in document.problems if problem.path]
    for path in dict.fromkeys(undotted(problem.path) for problem in problems if problem.path):
        value: Any = document.data
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        kind = kind_at(path, schema)
        if kind == "unknown" or (kind == "section" and not isinstance(value, dict)):
            found.append(path)
    return found


def _source_problems(document: Document, unread: Iterable[tuple[str, ...]]) -> list[Problem]:
    sources = document.data.get("sources")
    if not isinstance(sources, dict):
        return []  # the schema has already said so
    found = check_sources(document.data, sources, _ledger(), unread)
    return [_placed(problem, document, sources) for problem in found]


def _placed(problem: Problem, document: Document, sources: Mapping[str, Any]) -> Problem:
    """Add the place of its key path to a problem that has none."""
    if problem.file:
        return problem
    section, _, rest = problem.path.partition(".")
    path: KeyPath = undotted(problem.path) if problem.path else ()
    if section == "sources" and rest in sources:
        path = (section, rest)
    place = place_of(path, document, {})
    return replace(problem, file=place.file, line=place.line, column=place.column)


def check(paths: Iterable[str | Path]) -> list[Problem]:
    """Return every problem of every scenario in `paths`, each once."""
    found: list[Problem] = []
    for path in paths:
        try:
            load(path)
        except ScenarioError as error:
            found += error.problems
    return list(dict.fromkeys(found))


def resolved_json(loaded: Loaded) -> str:
    """Return the plain data of a scenario as JSON, in its order, dates as in ISO 8601."""
    return _as_json(loaded.data)


@once
def config_hash(loaded: Loaded) -> str:
    """Return the SHA-256 of what a run depends on: the configuration without what is only said of it.

    The order in which a file lists things with names (localities, classes, tactics) does not count, as a run does
    not depend on it.
    """
    config = ordered(loaded.config).model_dump(mode="json", exclude=set(SAID))
    if own.is_file(loaded.config.model):
        config["model"] = Path(loaded.config.model).name  # wherever it lies; what it holds is in the model's version
    if isinstance(config.get("places"), dict) and outlines.is_file(config["places"].get("outline") or ""):
        config["places"]["outline"] = Path(config["places"]["outline"]).name  # wherever it lies: a run does not read it
    return hashlib.sha256(_as_json(config).encode("utf-8", "surrogatepass")).hexdigest()


def _as_json(data: object) -> str:
    return json.dumps(data, allow_nan=False, ensure_ascii=False, separators=(",", ":"), default=_iso)


def _iso(value: object) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot stand in a scenario")
