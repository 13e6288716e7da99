"""Pages have few long sentences, and none has words that say nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.prose import CLONE, FORBIDDEN, PAGES, long_sentences, prose, sentences

FINDINGS = {"calibration", "campaigns", "cases", "claims", "endgame", "mechanisms", "patterns", "speed", "variants"}
"""Pages that say at length what came out; all others are how to do something."""
FEW, FEW_OF_FINDINGS = 2, 15


def test_long_sentences_are_found_and_code_tables_and_links_do_not_count() -> None:
    words = " ".join(["Word"] * 26)
    text = f"# {words}\n\n{words}.\n\nA [link]({'x/' * 90}).\n\n```sh\n{words}\n```\n\n| {words} |\n\n* {words}!\n"
    assert long_sentences(text) == [f"{words}.", f"* {words}!"]
    assert long_sentences(words[5:] + ".") == []
    assert list(sentences("One. Two `a.b` three.")) == ["One.", "Two `a.b` three."]


def test_what_commands_wrote_and_the_code_of_notebooks_do_not_count(tmp_path: Path) -> None:
    words = " ".join(["Word"] * 26)
    page = tmp_path / "page.md"
    page.write_text(f"One.\n\n<!-- begin: a -->\n{words}.\n<!-- end: a -->\n\n{words}!\n", encoding="utf-8")
    assert long_sentences(prose(page)) == [f"{words}!"]
    book = tmp_path / "book.ipynb"
    cells = [{"cell_type": "code", "source": [words]}, {"cell_type": "markdown", "source": [f"{words} ", "more."]}]
    book.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    assert long_sentences(prose(book)) == [f"{words} more."]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(CLONE)))
def test_a_page_has_few_long_sentences(path: Path) -> None:
    assert len(found := long_sentences(prose(path))) <= (FEW_OF_FINDINGS if path.stem in FINDINGS else FEW), found


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(CLONE)))
def test_no_page_has_words_that_say_nothing(path: Path) -> None:
    assert not FORBIDDEN.findall(prose(path))
