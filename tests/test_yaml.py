"""Strict YAML: what a file may say, and where an error says it stands."""

from __future__ import annotations

import datetime
import os
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml as pyyaml

from sim.core.errors import Problem, ScenarioError
from sim.scenario import yaml as strict
from sim.scenario.yaml import Document, Mark, read

Write = Callable[[str], Path]


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read with each of PyYAML's two parsers."""
    if not hasattr(pyyaml, request.param):
        pytest.fail(f"this PyYAML lacks {request.param}; install it with libyaml")
    monkeypatch.setattr(strict, "LOADER", getattr(pyyaml, request.param))


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a file in the working folder, so that errors name it `case.yaml`."""
    monkeypatch.chdir(tmp_path)

    def write_file(text: str) -> Path:
        path = tmp_path / "case.yaml"
        path.write_text(text, encoding="utf-8", newline="")
        return path

    return write_file


def problems_of(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as caught:
        read(path)
    return caught.value.problems


def problem_of(path: Path) -> Problem:
    problems = problems_of(path)
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]


def test_plain_data_of_every_kind(write: Write, loader: None) -> None:
    text = """\
# a comment
name: Minsk
whole: -12
number: 1.5
small: 2.5e-3
yes_or_no: true
day: 2020-08-09
quoted: "no"
digits: '010'
nothing: ~
left_empty:
items: [1, two, {three: 3}]
Гродно: 'имя'
"""
    assert read(write(text)).data == {
        "name": "Minsk",
        "whole": -12,
        "number": 1.5,
        "small": 0.0025,
        "yes_or_no": True,
        "day": datetime.date(2020, 8, 9),
        "quoted": "no",
        "digits": "010",
        "nothing": None,
        "left_empty": None,
        "items": [1, "two", {"three": 3}],
        "Гродно": "имя",
    }


def test_marks_of_keys_and_values(write: Write, loader: None) -> None:
    document: Document = read(write("a: 1\nb:\n  c: [x, z]\n  d:\n"))
    assert document.marks[()] == Mark("case.yaml", 1, 1)
    assert document.marks[("a",)] == Mark("case.yaml", 1, 4)
    assert document.keys[("b",)] == document.marks[("b",)] == Mark("case.yaml", 2, 1)
    assert document.marks[("b", "c", 1)] == Mark("case.yaml", 3, 10)
    assert document.marks[("b", "d")] == document.keys[("b", "d")] == Mark("case.yaml", 4, 3)


@pytest.mark.parametrize(
    ("word", "advice"),
    [
        ("no", "write true or false"),
        ("Yes", "write true or false"),
        ("on", "write true or false"),
        ("OFF", "write true or false"),
        ("y", "write true or false"),
        ("N", "write true or false"),
        ("1e3", "write 1000 or 1.0e+3"),
        ("1.5E3", "write 1500 or 1.5e+3"),
        ("1e-3", "write 1.0e-3"),
        ("010", "write 10, or quote it as '010'"),
        ("-007", "write -7, or quote it"),
        ("09", "write 9, or quote it"),
        ("00.5", "write 0.5, or quote it"),
        ("1:30", "base sixty"),
        ("12:30:45.5", "base sixty"),
        ("0b1", "base ten"),
        ("0x1f", "base ten"),
        ("0o7", "base ten"),
        ("1_000", "write the number as 1000"),
        ("1_0.5", "write the number as 10.5"),
        (".nan", "must be a finite number"),
        (".NaN", "must be a finite number"),
        ("-.inf", "must be a finite number"),
        (".Inf", "must be a finite number"),
        ("1.0e+999", "must be a finite number"),
        ("1e999", "must be a finite number"),
        ("9" * 25, "too large a number"),
        ("9" * 5000, "too large a number"),
        ("2020-02-31", "is not a day of the calendar"),
        ("2020-13-01", "is not a day of the calendar"),
        ("2020-8-9", "year-month-day"),
        ("9999-12-31", "years 1800 to 2200"),
        ("2020-08-09T20:00:00Z", "without a time of day"),
        ("2020-08-09 20:00", "without a time of day"),
    ],
)
def test_words_that_yaml_readers_understand_differently(write: Write, loader: None, word: str, advice: str) -> None:
    path = write(f"fine: 1\nsection:\n  key: {word}\n")
    problem = problem_of(path)
    assert advice in problem.message
    assert (problem.path, problem.file, problem.line, problem.column) == ("section.key", "case.yaml", 3, 8)
    assert problem.given.strip("'.").startswith(word.strip(".")[:50])


@pytest.mark.parametrize("word", ["yes, we can", "1.2.3", "+", ".", "e3", "12 monkeys", "2020-08", "nan"])
def test_words_that_are_text(write: Write, loader: None, word: str) -> None:
    assert read(write(f"key: {word}\n")).data == {"key": word}


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        ("a: 1\nb: 2\na: 3\n", "already given in line 1, column 1", 3, 1),
        ("x:\n  a: 1\n  'a': 2\n", "already given in line 2, column 3", 3, 3),
        ("no: 1\n", "write 'no' in quotes", 1, 1),
        ("1: one\n", "write '1' in quotes", 1, 1),
        ("x:\n  2020-08-09: election\n", "write '2020-08-09' in quotes", 2, 3),
        ("x:\n  ?\n  : 1\n", "a key is missing before the ':'", 2, 4),
        ("x:\n  ~: 1\n", "write '~' in quotes", 2, 3),
        ("x:\n  ? [a, b]\n  : 1\n", "not a list or a mapping", 2, 5),
        ("base: &b {c: 1}\nx:\n  <<: *b\n", "use 'extends'", 3, 3),
        ("x: !!python/object/apply:os.system [ls]\n", "tags are not allowed", 1, 4),
        ("x: !foo 1\n", "tags are not allowed", 1, 4),
        ("x: !!str 1\n", "tags are not allowed", 1, 4),
        ("a: 1\n---\nb: 2\n", "one scenario only", 2, 1),
        ("- a\n- b\n", "must consist of 'key: value' lines", 1, 1),
        ("just text\n", "must consist of 'key: value' lines", 1, 1),
        ("a:\n\tb: 1\n", "a tab in the indentation; use spaces", 2, 1),
        ("a:\n  b: 1\n  \tc: 2\n", "a tab in the indentation; use spaces", 3, 3),
        ("a: b: c\n", "a ':' that is out of place", 1, 5),
        ("a: @b\n", "must be quoted", 1, 4),
        ("a: 'never closed\n", "quotation mark that is never closed", 2, 1),
        ("a: [1, 2\nb: 3\n", "bracket that is never closed", 2, 2),
        ("a:\n    b: 1\n  c: 2\n", "indentation does not fit", 3, 3),
        ("a: *nowhere\n", "no anchor of this name", 1, 4),
        ("a: &x [*x]\n", "an anchor must not contain itself", 1, 4),
        ("a: " + "[" * 40 + "]" * 40 + "\n", "more than 30 levels", 1, 33),
        ("a: 1\nb: \x07\n", "cannot be printed", 2, 4),
    ],
)
def test_constructions_that_are_refused(
    write: Write, loader: None, text: str, message: str, line: int, column: int
) -> None:
    problem = problem_of(write(text))
    assert message in problem.message, str(problem)
    assert (problem.file, problem.line, problem.column) == ("case.yaml", line, column), str(problem)


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "\ufeff"])
def test_an_empty_file(write: Write, loader: None, text: str) -> None:
    assert str(problem_of(write(text))) == "case.yaml: is empty"


def test_all_problems_of_a_file_at_once_in_their_order(write: Write, loader: None) -> None:
    problems = problems_of(write("a: no\nb: !x 1\nc: 010\na: 2\nd: 1:30\n"))
    assert [(problem.line, problem.column) for problem in problems] == [
        (1, 4),
        (2, 4),
        (3, 4),
        (4, 1),
        (5, 4),
    ]


def test_how_a_problem_reads(write: Write) -> None:
    problem = problem_of(write("a:\n  b: 1_000\n"))
    expected = "case.yaml:2:6: a.b: has an underscore: write the number as 1000 (given '1_000')"
    assert str(problem) == expected


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(write: Write, loader: None) -> None:
    document = read(write("\ufeffa: 1\r\nb: 2\r\n"))
    assert document.data == {"a": 1, "b": 2}
    assert document.marks[("a",)] == Mark("case.yaml", 1, 4)
    assert document.marks[("b",)] == Mark("case.yaml", 2, 4)


def test_anchors_may_repeat_values(write: Write, loader: None) -> None:
    document = read(write("a: &shares {young: 0.4, old: 0.6}\nb: *shares\n"))
    assert document.data["b"] == document.data["a"] == {"young": 0.4, "old": 0.6}
    assert document.keys[("b",)].line == 2


def laughs() -> str:
    lines = ['a0: &a0 ["ha", "ha", "ha", "ha", "ha", "ha", "ha", "ha", "ha", "ha"]']
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    return "\n".join(lines) + "\n"


def long_text() -> str:
    aliases = ", ".join(["*a"] * 5000)
    return f"a: &a {'x' * 100_000}\nb: [{aliases}]\n"


@pytest.mark.parametrize("bomb", [laughs, long_text])
def test_a_billion_laughs_is_refused_quickly_with_little_memory(
    write: Write, loader: None, bomb: Callable[[], str]
) -> None:
    path = write(bomb())
    tracemalloc.start()
    began = time.perf_counter()
    problem = problem_of(path)
    seconds = time.perf_counter() - began
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "counting what anchors repeat" in problem.message
    assert problem.line > 0
    assert peak < 100 * 2**20
    assert seconds < 10  # with memory traced; the next test times it untraced


def test_a_billion_laughs_takes_seconds_and_not_minutes(write: Write) -> None:
    path = write(laughs())
    began = time.process_time()  # of the processor, which other work slows by half at most
    problem_of(path)
    assert time.process_time() - began < 5.0


def test_too_many_values(write: Write) -> None:
    assert "too many values" in problem_of(write("a:\n" + "- 1\n" * 300_000)).message


def test_a_file_that_is_too_large(write: Write) -> None:
    assert str(problem_of(write("# " + "x" * 2**22))) == "case.yaml: is larger than 4 megabytes"


def test_a_file_that_is_not_utf_8(write: Write) -> None:
    path = write("")
    path.write_bytes("a: 1\nname: Гродно\n".encode("cp1251"))
    assert str(problem_of(path)).startswith("case.yaml:2:7: is not UTF-8 text")


def test_a_file_that_is_not_there(write: Write, tmp_path: Path) -> None:
    write("")
    assert str(problem_of(tmp_path / "none.yaml")) == "none.yaml: there is no such file"
    assert str(problem_of(tmp_path / ("x" * 300))).endswith("cannot be read: File name too long")
    assert str(problem_of(Path("a\0b"))).endswith("there is no such file")


def test_a_folder_and_a_pipe_are_no_files(write: Write, tmp_path: Path) -> None:
    write("")
    (tmp_path / "folder").mkdir()
    assert str(problem_of(tmp_path / "folder")) == "folder: is a folder, not a file"
    os.mkfifo(tmp_path / "pipe")
    assert str(problem_of(tmp_path / "pipe")) == "pipe: is not an ordinary file"


def test_a_file_that_cannot_be_read(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("a: 1\n")

    def denied(*arguments: Any, **keywords: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    assert str(problem_of(path)) == "case.yaml: cannot be read: Permission denied"
