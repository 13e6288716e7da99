"""Strict YAML: plain data, and the line and column of every key and value.

PyYAML's safe loader does the parsing; what words mean, which constructions are allowed and how large
a file may grow is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from sim.core.errors import Problem, ScenarioError, shown
from sim.core.keypath import KeyPath, dotted
from sim.scenario.scalars import ScalarError, plain_scalar
from sim.scenario.text import display, text_of

DEEPEST_NESTING = 30
MOST_NODES = 100_000
MOST_CHARACTERS = 2**24

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# PyYAML's two parsers word the same mistake differently; both are said in the words on the right.
_SYNTAX = (
    ("mapping values are not allowed", "a ':' that is out of place; quote the text if the ':' belongs to it"),
    ("cannot start any token", "a character that must be quoted"),
    ("expected <block end>", "the indentation does not fit the lines above"),
    ("did not find expected key", "the indentation does not fit the lines above"),
    ("could not find expected ':'", "expected 'key: value'"),
    ("unexpected end of stream", "a quotation mark that is never closed"),
    ("did not find expected '-' indicator", "the indentation does not fit the lines above"),
    ("expected ',' or", "a bracket that is never closed, or a missing comma"),
    ("undefined alias", "there is no anchor of this name above"),
    ("duplicate anchor", "this anchor is already defined"),
)


class Mark(NamedTuple):
    """A place in a file; line and column count from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True)
class Document:
    """What a file says and where it says it.

    Parameters
    ----------
    data : dict
        Plain dict, list, str, int, float, bool, datetime.date and None.
    marks : dict of key path to Mark
        Where each value stands; a list, a mapping and an empty value stand at their key, the whole
        file (the empty path) at its first line.
    keys : dict of key path to Mark
        Where the key of each value stands (mappings only).
    problems : tuple of Problem
        What is wrong with single keys and values; their text stands in `data` as it is written.
    """

    data: dict[str, Any]
    marks: dict[KeyPath, Mark]
    keys: dict[KeyPath, Mark]
    problems: tuple[Problem, ...] = ()


def parse_text(text: str, name: str) -> Document:
    """Read YAML that stands elsewhere than in a file; as `parse`."""
    return _Reader(name, text).document()


def read(path: Path) -> Document:
    """Read a YAML file.

    Raises
    ------
    ScenarioError
        With every problem found in the file.
    """
    document = parse(path)
    if document.problems:
        raise ScenarioError(document.problems)
    return document


def parse(path: Path) -> Document:
    """Read a YAML file, keeping problems of single keys and values in the document.

    Raises
    ------
    ScenarioError
        If the file cannot be read, is not YAML, or is too large or too deep to go on.
    """
    name = display(path)
    return _Reader(name, text_of(path)).document()


@dataclass
class _Reader:
    """One pass over one file: the marks and problems met on the way."""

    name: str
    text: str
    marks: dict[KeyPath, Mark] = field(default_factory=dict)
    keys: dict[KeyPath, Mark] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    nodes: int = 0
    characters: int = 0

    def document(self) -> Document:
        try:
            self._check_events()
            root = yaml.compose(self.text, Loader=LOADER)
        except yaml.YAMLError as error:
            raise ScenarioError([*self.problems, self._syntax_problem(error)]) from None
        if root is None or (isinstance(root, yaml.ScalarNode) and not root.value and not root.style):
            raise ScenarioError(Problem("is empty", file=self.name))
        if not isinstance(root, yaml.MappingNode):
            raise self._fatal("a file must consist of 'key: value' lines", (), root.start_mark)
        data = self._mapping(root, (), ())
        self.marks[()] = Mark(self.name, 1, 1)
        return Document(data, self.marks, self.keys, self._problems_in_order())

    def _problems_in_order(self) -> tuple[Problem, ...]:
        """Sort by place, and say only once what an anchor repeats."""
        by_place: dict[tuple[int, int, str], Problem] = {}
        for problem in self.problems:
            by_place.setdefault((problem.line, problem.column, problem.message), problem)
        return tuple(by_place[place] for place in sorted(by_place))

    def _check_events(self) -> None:
        """Refuse what must not be composed: deep nesting, tags, a second document."""
        depth = documents = 0
        for count, event in enumerate(yaml.parse(self.text, Loader=LOADER)):
            if count > 2 * MOST_NODES:
                raise self._fatal("the file holds too many values", (), event.start_mark)
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > DEEPEST_NESTING:
                    raise self._fatal("is nested more than 30 levels deep", (), event.start_mark)
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    message = "a file holds one scenario only: remove the '---'"
                    raise self._fatal(message, (), event.start_mark)
            tag = getattr(event, "tag", None)
            if tag is not None:
                self._add("tags are not allowed", (), event.start_mark, shown(tag))

    def _value(self, node: yaml.Node, path: KeyPath, above: tuple[yaml.Node, ...]) -> Any:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            message = "the file holds more than 100,000 values, counting what anchors repeat"
            raise self._fatal(message, path, node.start_mark)
        self.marks[path] = self._mark(node.start_mark)
        if path in self.keys and not (isinstance(node, yaml.ScalarNode) and (node.value or node.style)):
            self.marks[path] = self.keys[path]
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        if node in above:
            self._add("an anchor must not contain itself", path, node.start_mark)
            return None
        if len(above) >= DEEPEST_NESTING:
            raise self._fatal("is nested more than 30 levels deep", path, node.start_mark)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, above)
        return [self._value(item, (*path, place), (*above, node)) for place, item in enumerate(node.value)]

    def _scalar(self, node: yaml.ScalarNode, path: KeyPath) -> Any:
        self.characters += len(node.value)
        if self.characters > MOST_CHARACTERS:
            message = "the file holds too much text, counting what anchors repeat"
            raise self._fatal(message, path, node.start_mark)
        if node.style:
            return node.value
        try:
            return plain_scalar(node.value)
        except ScalarError as error:
            self._add(str(error), path, node.start_mark, shown(node.value))
            return node.value

    def _mapping(self, node: yaml.MappingNode, path: KeyPath, above: tuple[yaml.Node, ...]) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node, path)
            if key is None:
                continue
            inner = (*path, key)
            if key in data:
                first = self.keys[inner]
                message = f"the key is already given in line {first.line}, column {first.column}"
                self._add(message, inner, key_node.start_mark)
                continue
            self.keys[inner] = self._mark(key_node.start_mark)
            data[key] = self._value(value_node, inner, (*above, node))
        return data

    def _key(self, node: yaml.Node, path: KeyPath) -> str | None:
        """Return the text of a key; None, with a problem noted, if it is not a name."""
        if not isinstance(node, yaml.ScalarNode):
            self._add("a key must be a name, not a list or a mapping", path, node.start_mark)
            return None
        self.nodes += 1
        name: str = node.value
        if node.style:
            return name
        if name == "<<":
            message = "merge keys are not allowed; use 'extends' to build on another scenario"
            self._add(message, (*path, name), node.start_mark)
            return None
        if not name:
            self._add("a key is missing before the ':'", path, node.start_mark)
            return None
        if not self._is_text(name):
            message = f"a key must be a name, and YAML may not read this as one: write '{name}' in quotes"
            self._add(message, (*path, name), node.start_mark)
        return name

    @staticmethod
    def _is_text(word: str) -> bool:
        try:
            return isinstance(plain_scalar(word), str)
        except ScalarError:
            return False

    def _mark(self, mark: Any) -> Mark:
        return Mark(self.name, mark.line + 1, mark.column + 1)

    def _add(self, message: str, path: KeyPath, mark: Any, given: str = "") -> None:
        self.problems.append(Problem(message, dotted(path), *self._mark(mark), given=given))

    def _fatal(self, message: str, path: KeyPath, mark: Any) -> ScenarioError:
        self._add(message, path, mark)
        return ScenarioError(self.problems)

    def _syntax_problem(self, error: yaml.YAMLError) -> Problem:
        place_in_text = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        if place_in_text is None:
            return Problem(f"is not YAML: {error}", file=self.name)
        mark = self._mark(place_in_text)
        lines = self.text.split("\n")
        line = lines[mark.line - 1] if mark.line <= len(lines) else ""
        indentation = line[: len(line) - len(line.lstrip())]
        if "\t" in indentation:
            place = Mark(self.name, mark.line, indentation.index("\t") + 1)
            return Problem("a tab in the indentation; use spaces", "", *place)
        if line[mark.column - 1 : mark.column] == "\t":
            return Problem("a tab where only spaces may stand", "", *mark)
        for part, message in _SYNTAX:
            if part in str(error):
                return Problem(message, "", *mark)
        return Problem(f"is not YAML: {getattr(error, 'problem', None) or error}", "", *mark)
