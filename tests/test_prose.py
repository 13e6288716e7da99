"""The pages that a newcomer reads first have few long sentences, and no page has words that say nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.prose import CLONE, FORBIDDEN, PAGES, long_sentences, sentences

FIRST = (
    "README.md",
    "CONTRIBUTING.md",
    *(f"docs/{name}.md" for name in ("install", "python", "outcomes", "limits", "story")),
)
FEW = 2


def test_long_sentences_are_found_and_code_tables_and_links_do_not_count() -> None:
    words = " ".join(["Word"] * 26)
    text = f"# {words}\n\n{words}.\n\nA [link]({'x/' * 90}).\n\n```sh\n{words}\n```\n\n| {words} |\n\n* {words}!\n"
    assert long_sentences(text) == [f"{words}.", f"* {words}!"]
    assert long_sentences(words[5:] + ".") == []
    assert list(sentences("One. Two `a.b` three.")) == ["One.", "Two `a.b` three."]


@pytest.mark.parametrize("name", FIRST)
def test_a_page_that_is_read_first_has_few_long_sentences(name: str) -> None:
    assert len(found := long_sentences((CLONE / name).read_text(encoding="utf-8"))) <= FEW, found


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_page_has_words_that_say_nothing(path: Path) -> None:
    assert not FORBIDDEN.findall(path.read_text(encoding="utf-8"))
