"""The frame of pages: escaped, complete or not there, and safe from names that are missing."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup
from matplotlib.figure import Figure
from test_report import Page, assert_self_contained

from analysis.report.page import shown, write_page, write_text
from analysis.report.view import Report, Section
from sim.core.errors import ProtestorateError


def _report(words: str, picture: object) -> Report:
    section = Section("own", words, Markup("<p>{}</p>").format(words))
    numbers = [("agents", f"{count:,}") for count in (1234567, 2, 3, 4)]
    return Report("Own", words, words, numbers, words, picture, [section], "One of a kind.")  # type: ignore[arg-type]


def _figure() -> Figure:
    figure = Figure()
    figure.subplots().plot([1, 2, 3])
    return figure


def test_a_page_is_whole_and_needs_nothing_from_outside(tmp_path):
    evil = '<script>alert("1")</script> & co'
    picture = shown("curve", evil, evil, _figure())
    found = Page(write_page(tmp_path / "own.html", _report(evil, picture)))
    assert_self_contained(found)
    assert found.open == []
    assert found.text.count(evil) >= 6  # title, heading, answer, how sure, section, caption, words for the blind
    for words in ("1,234,567", "One of a kind.", "Limits and responsible use"):
        assert words in found.text
    assert "figure-curve" in found.values("id")
    assert "@media print" in found.source
    assert "@media (max-width" in found.source


def test_a_name_that_is_missing_is_an_error_and_leaves_the_old_page(tmp_path):
    path = write_text(tmp_path / "own.html", "before")
    with pytest.raises(UndefinedError):
        write_page(path, _report("half", SimpleNamespace(name="curve")))
    assert path.read_text() == "before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["own.html"]


def test_a_page_replaces_an_earlier_one_and_leaves_nothing_beside_it(tmp_path):
    for text in ("one", "two é"):
        assert write_text(tmp_path / "a.html", text).read_text(encoding="utf-8") == text
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == ["a.html"]


def test_a_disk_that_refuses_is_said_in_words(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ProtestorateError, match="cannot be written"):
        write_text(tmp_path / "file" / "a.html", "text")
