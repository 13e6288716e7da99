"""`extends` and `replaces`: a scenario built on another one, with every value still knowing its own file.

`replaces` lists key paths of the parent that are dropped whole, with their sources, before the child is laid
over it: another country keeps the parent's psychology and none of its places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.core.errors import Problem, ScenarioError, nearest, shown
from sim.core.keypath import NOT_A_NAME, KeyPath, covers, dotted, is_name
from sim.scenario.yaml import Document, Mark, parse

FindParent = Callable[[str, Path], Path]


def resolve(path: Path, find_parent: FindParent, first: Document | None = None) -> tuple[Document, tuple[Path, ...]]:
    """Read a scenario file and all it extends.

    Parameters
    ----------
    path : Path
        The scenario file.
    find_parent : callable (name, folder) -> Path
        Finds the file that `extends` names, seen from the folder of the extending file; raises
        ScenarioError if there is none.
    first : Document, optional
        What the file holds, where it has been read already or is not written yet.

    Returns
    -------
    Document
        The merged data without its `extends` key.
    tuple of Path
        The files read, the given one first.

    Raises
    ------
    ScenarioError
        If a file cannot be read at all, or `extends` leads nowhere or in a circle.
    """
    chain = [path]
    documents = [_checked_names(parse(path) if first is None else first)]
    while "extends" in documents[-1].data:
        documents[-1], parent = _without_extends(documents[-1], chain, find_parent)
        chain.append(parent)
        try:
            documents.append(_checked_names(parse(parent)))
        except ScenarioError as error:
            earlier = [problem for document in documents for problem in document.problems]
            raise ScenarioError([*earlier, *error.problems]) from None
    merged = documents.pop()
    while documents:
        child, dropped = _without_replaces(documents.pop(), merged)
        merged = merge(_less(merged, dropped), child)
    return merged, tuple(chain)


def _without_extends(document: Document, chain: list[Path], find_parent: FindParent) -> tuple[Document, Path]:
    """Take `extends` out of a document, and find the file it names."""
    mark = document.marks[("extends",)]
    value = document.data["extends"]

    def refused(message: str, nearest: str = "") -> ScenarioError:
        problem = Problem(message, "extends", *mark, given=shown(value), nearest=nearest)
        return ScenarioError([*document.problems, problem])

    if not isinstance(value, str):
        raise refused("must be the name or path of one scenario")
    try:
        parent = find_parent(value, chain[-1].parent)
    except ScenarioError as error:
        first = error.problems[0]
        said = "there is no such scenario" if "is a folder" in first.message else first.message
        raise refused(said, first.nearest) from None
    if parent.resolve() in [file.resolve() for file in chain]:
        names = " extends ".join(file.name for file in [*chain, parent])
        raise refused(f"goes round in a circle: {names}")
    data = {key: inner for key, inner in document.data.items() if key != "extends"}
    return Document(data, document.marks, document.keys, document.problems), parent


def _without_replaces(document: Document, parent: Document) -> tuple[Document, list[KeyPath]]:
    """Take `replaces` out of a document, and return the parent's paths that it names."""
    if "replaces" not in document.data:
        return document, []
    listed = document.data["replaces"]
    if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
        raise _refused(document, ("replaces",), "must be a list of key paths", shown(listed))
    known = {dotted(path): path for path in _mappings(parent.data)}
    for place, item in enumerate(listed):
        if item not in known:
            message = "the extended scenario has no such part"
            raise _refused(document, ("replaces", place), message, shown(item), nearest(item, known))
    data = {key: inner for key, inner in document.data.items() if key != "replaces"}
    return Document(data, document.marks, document.keys, document.problems), [known[item] for item in listed]


def _refused(document: Document, path: KeyPath, message: str, given: str, near: str = "") -> ScenarioError:
    problem = Problem(message, dotted(path), *document.marks[path], given=given, nearest=near)
    return ScenarioError([*document.problems, problem])


def _mappings(data: dict[str, Any], above: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield the path of every key of nested mappings, except within `sources`."""
    for key, value in data.items():
        if (*above, key) == ("sources",):
            continue
        yield (*above, key)
        if isinstance(value, dict):
            yield from _mappings(value, (*above, key))


def _less(parent: Document, dropped: list[KeyPath]) -> Document:
    """Return a parent without some of its parts and their sources."""
    if not dropped:
        return parent
    data = _pruned(parent.data, dropped)
    if isinstance(data.get("sources"), dict):
        names = [dotted(path) for path in dropped]
        data["sources"] = {
            key: value for key, value in data["sources"].items() if not any(covers(name, key) for name in names)
        }
    return Document(data, parent.marks, parent.keys, parent.problems)


def _pruned(data: dict[str, Any], dropped: list[KeyPath], above: KeyPath = ()) -> dict[str, Any]:
    out = {}
    for key, value in data.items():
        path = (*above, key)
        if path in dropped:
            continue
        inner = any(other[: len(path)] == path for other in dropped)
        out[key] = _pruned(value, dropped, path) if inner and isinstance(value, dict) else value
    return out


def _checked_names(document: Document) -> Document:
    """Note keys that could not be told apart in a key path (the keys of `sources` are key paths)."""
    problems = [
        Problem(NOT_A_NAME, dotted(path), *mark)
        for path, mark in document.keys.items()
        if path[0] != "sources" and not is_name(str(path[-1]))
    ]
    in_order = sorted([*document.problems, *problems], key=lambda problem: (problem.line, problem.column))
    return Document(document.data, document.marks, document.keys, tuple(in_order))


def merge(parent: Document, child: Document) -> Document:
    """Lay a child over its parent.

    Mappings are merged key by key; anything else, lists too, is replaced whole. Where the child says
    null, the parent's entry is removed, and with it the parent's sources for it.
    """
    merger = _Merger(parent, child)
    merger.marks[()] = child.marks[()]
    data = merger.mapping(parent.data, child.data, ())
    merger.drop_sources_of_removed(data)
    return Document(data, merger.marks, merger.keys, (*parent.problems, *child.problems))


@dataclass
class _Merger:
    parent: Document
    child: Document
    marks: dict[KeyPath, Mark] = field(default_factory=dict)
    keys: dict[KeyPath, Mark] = field(default_factory=dict)
    removed: list[KeyPath] = field(default_factory=list)

    def mapping(self, old: dict[str, Any], new: dict[str, Any], path: KeyPath) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key in dict.fromkeys([*old, *new]):
            inner = (*path, key)
            if key in old and key in new and new[key] is None:
                self.removed.append(inner)
            elif key not in new:
                data[key] = self._taken(self.parent, old[key], inner)
            elif isinstance(old.get(key), dict) and isinstance(new[key], dict):
                self._note(self.child, inner)
                data[key] = self.mapping(old[key], new[key], inner)
            else:
                data[key] = self._taken(self.child, new[key], inner)
        return data

    def _taken(self, document: Document, value: Any, path: KeyPath) -> Any:
        """Return a value of one document as it is, and note where all of it stands."""
        self._note(document, path)
        if isinstance(value, dict):
            for key, inner in value.items():
                self._taken(document, inner, (*path, key))
        elif isinstance(value, list):
            for place, inner in enumerate(value):
                self._taken(document, inner, (*path, place))
        return value

    def _note(self, document: Document, path: KeyPath) -> None:
        self.marks[path] = document.marks[path]
        if path in document.keys:
            self.keys[path] = document.keys[path]

    def drop_sources_of_removed(self, data: dict[str, Any]) -> None:
        sources = data.get("sources")
        own = self.child.data.get("sources")
        if not isinstance(sources, dict):
            return
        removed = [dotted(path) for path in self.removed]
        data["sources"] = {
            key: value
            for key, value in sources.items()
            if (isinstance(own, dict) and key in own) or not any(covers(path, key) for path in removed)
        }
