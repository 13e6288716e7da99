"""One server and one browser for all tests of the page, and a tab for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from view_tab import COARSE, DESKTOP, Seen, Tab

from benchmarks.served import Served, browser, served


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("page")
    (made / "coarse.yaml").write_text(COARSE, encoding="utf-8")
    return made


@pytest.fixture(scope="session")
def page_server(folder: Path) -> Iterator[Served]:
    with served("coarse.yaml", folder=folder) as page:
        yield page


@pytest.fixture(scope="module")  # Playwright leaves an event loop running, which tests of other files could not stand
def engine() -> Iterator[Any]:
    with browser() as opened:
        yield opened


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def tab(engine: Any, page_server: Served, seen: Seen) -> Iterator[Tab]:
    page = engine.new_page(viewport=DESKTOP)
    yield Tab(page, page_server, seen).open()
    page.close()
    assert seen == Seen(), f"the tab saw {seen}"
