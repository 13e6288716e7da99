"""The frame of pages: escaped, complete or not there, and safe from names that are missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import UndefinedError
from matplotlib.figure import Figure
from test_report import Page, assert_self_contained

from analysis.report import page
from analysis.report.page import shown, write_page, write_text
from sim.core.errors import ProtestorateError

TEMPLATE = """{% extends "page.html.j2" %}
{% from "parts.html.j2" import figure, limits %}
{% block title %}{{ title }}{% endblock %}
{% block lead %}<h1>{{ title }}</h1>{% endblock %}
{% block content %}{{ figure(picture) }}{{ 1234567 | number }} {{ 0.5 | share }} {{ "a_b" | readable }}
{% call limits() %}One of a kind.{% endcall %}{% endblock %}
"""


@pytest.fixture(autouse=True)
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The project's frame with a page of its own."""
    folder = tmp_path / "templates"
    folder.mkdir()
    for name in ("page.html.j2", "parts.html.j2"):
        (folder / name).write_text((page.TEMPLATES / name).read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "own.html.j2").write_text(TEMPLATE, encoding="utf-8")
    monkeypatch.setattr(page, "TEMPLATES", folder)
    page._environment.cache_clear()
    yield
    page._environment.cache_clear()


def _figure() -> Figure:
    figure = Figure()
    figure.subplots().plot([1, 2, 3])
    return figure


def test_a_page_is_whole_and_needs_nothing_from_outside(tmp_path):
    evil = '<script>alert("1")</script> & co'
    picture = shown("curve", evil, evil, _figure())
    found = Page(write_page(tmp_path / "own.html", "own.html.j2", {"title": evil, "picture": picture}))
    assert_self_contained(found)
    assert found.open == []
    assert found.text.count(evil) >= 4  # title, heading, caption, words for the blind
    for words in ("1,234,567 50% a b", "One of a kind.", "Limits and responsible use"):
        assert words in found.text
    assert "figure-curve" in found.values("id")
    assert "@media print" in found.source
    assert "@media (max-width" in found.source


def test_a_name_that_is_missing_is_an_error_and_leaves_the_old_page(tmp_path):
    path = write_text(tmp_path / "own.html", "before")
    with pytest.raises(UndefinedError):
        write_page(path, "own.html.j2", {"title": "no picture"})
    assert path.read_text() == "before"
    assert {entry.name for entry in tmp_path.iterdir()} == {"own.html", "templates"}


def test_a_page_replaces_an_earlier_one_and_leaves_nothing_beside_it(tmp_path):
    for text in ("one", "two é"):
        assert write_text(tmp_path / "a.html", text).read_text(encoding="utf-8") == text
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == ["a.html"]


def test_a_disk_that_refuses_is_said_in_words(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ProtestorateError, match="cannot be written"):
        write_text(tmp_path / "file" / "a.html", "text")
