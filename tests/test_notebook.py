"""The command line in a notebook: what is printed, what a mistake says, and no script that is run a second time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from analysis.notebook import CommandError, protestorate
from sim.core.waiting import SAID

STARTS_PROCESSES = """\
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from operator import add

import typer

import analysis.cli
from analysis.notebook import protestorate

with open("times", "a") as file:
    file.write("once ")

app = typer.Typer()


@app.command()
def start() -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        print(list(pool.map(add, [1, 2], [3, 4])))


analysis.cli.app = app
protestorate("")
assert __file__.endswith("script.py")
"""


def cells(folder: Path, *sources: str) -> list[list[Any]]:
    """Run cells in a kernel of their own; return what stands below each."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute(cwd=str(folder))
    return [cell.outputs for cell in notebook.cells]


def test_a_notebook_shows_tables_as_html_and_progress_as_lines(tmp_path: Path) -> None:
    _, table, progress = cells(
        tmp_path,
        "from analysis.report import console",
        'console.show_table(("name", "sign"), [("a", "<b>")], "a note")',
        'with console.progress("work", quiet=False) as advance:\n    advance(1, 1, "the end")',
    )
    assert "<td" in table[0].data["text/html"]
    assert "&lt;b&gt;" in table[0].data["text/html"]
    assert table[1].text == "a note\n"
    assert [(one.name, one.text) for one in progress] == [("stderr", "work: the end, 100%\n")]


def test_a_mistake_in_a_notebook_ends_in_a_sentence_and_not_in_a_traceback(tmp_path: Path) -> None:
    with pytest.raises(CellExecutionError) as caught:
        cells(tmp_path, "from analysis.notebook import protestorate", 'protestorate("check belarus-2O20")')
    said = str(caught.value)
    assert "did you mean 'belarus-2020'?" in said
    assert "protestorate check belarus-2O20: exit code 2" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("line", ["check granovetter-1978", "protestorate check granovetter-1978"])
def test_the_name_of_the_program_may_stand_in_the_line(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = list(sys.argv)
    protestorate(line)
    assert capsys.readouterr().out == "granovetter-1978: valid\n"
    assert sys.argv == before


def test_an_open_quotation_mark_is_told() -> None:
    with pytest.raises(CommandError, match="is opened and not closed"):
        protestorate("check 'belarus-2020")


def test_a_script_that_calls_a_command_is_not_run_again_by_its_processes(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(STARTS_PROCESSES, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout == "[4, 6]\n", done.stderr
    assert (tmp_path / "times").read_text(encoding="utf-8") == "once "


COMPILES = "import sim; sim.simulate; from numba import njit; njit(lambda x: x + 1)(1); njit(lambda x: x + 2)(1)"


@pytest.mark.parametrize(("before", "times"), [("import sys; sys.ps1 = '>>> '; ", 1), ("", 0)])
def test_somebody_at_a_prompt_is_told_once_that_the_program_compiles(before: str, times: int) -> None:
    done = subprocess.run([sys.executable, "-c", before + COMPILES], capture_output=True, text=True, check=True)
    assert done.stderr.count(SAID) == times
