"""What one meets in Python and in a notebook: names, what objects say of themselves, pictures, saving, reports."""

from __future__ import annotations

import importlib.metadata
import re
import shlex
import subprocess
import sys
import warnings
from pathlib import Path

import mesa
import pandas as pd
import pytest
from tiny_country import country_file

import sim
from sim.core import share
from sim.core.errors import ProtestorateError
from sim.study import load_study

LONGEST = 200
"""Characters: what an object says of itself is one line of a terminal or two."""


@pytest.fixture(scope="module")
def run() -> sim.Run:
    return sim.simulate("granovetter-1978")


def fresh(code: str) -> str:
    """What a Python that has imported nothing yet prints."""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_public_names_are_listed_and_loaded_on_first_use() -> None:
    heavy = "('numba', 'pandas', 'mesa', 'matplotlib')"
    code = f"import sim, sys; print(*dir(sim)); print(*(name for name in {heavy} if name in sys.modules))"
    names, loaded = fresh(code).split("\n")[:2]
    assert names.split() == sorted(sim.__all__)
    assert loaded == ""
    for name in sim.__all__:
        assert getattr(sim, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'simulat'"):
        getattr(sim, "simulat")  # noqa: B009


def test_the_version_is_that_of_the_package() -> None:
    assert sim.__version__ == importlib.metadata.version("protestorate")


def test_what_objects_say_of_themselves_is_short_and_useful(run: sim.Run, tmp_path: Path) -> None:
    loaded = sim.load("belarus-2020", {"regime.aggression_gain": 1.0})
    stored = sim.read_run(run.save(tmp_path / "saved"))
    for one, words in (
        (run, ("granovetter-1978", f"seed={run.seed}", run.outcome.name)),
        (loaded, ("belarus-2020", "mobilisation", "1 overrides")),
        (stored, ("granovetter-1978", f"seed={run.seed}", run.outcome.name)),
        (sim.Running(sim.load("granovetter-1978"), 3), ("granovetter-1978", "seed=3", "0 of ")),
        (load_study("shutdown-and-hub"), ("shutdown-and-hub", "8 points")),
        (sim.ProtestModel("granovetter-1978", 4), ("granovetter-1978", "seed=4")),
    ):
        said = repr(one)
        assert len(said) < LONGEST
        assert "\n" not in said
        assert all(word in said for word in words), said


def test_a_run_counts_days_where_its_model_has_a_calendar(run: sim.Run, tmp_path: Path) -> None:
    assert re.search(r"\bsteps=\d", repr(run))
    assert re.search(r"\bdays=3\b", repr(sim.simulate(country_file(tmp_path), days=3)))


def test_a_notebook_shows_a_run_and_escapes_what_a_scenario_says(tmp_path: Path) -> None:
    shown = sim.simulate("granovetter-1978", overrides={"about.title": "<b>A</b> & B"})._repr_html_()
    assert "&lt;b&gt;A&lt;/b&gt; &amp; B" in shown
    assert "<b>A" not in shown
    assert "data:image/png;base64,iVBOR" in shown
    assert not re.search(r"""(?:src|href)=["'](?!data:)""", shown)


def test_a_notebook_shows_a_plot_although_nothing_imported_pyplot() -> None:
    code = """
import sys, sim
from IPython.core.formatters import DisplayFormatter
shown, _ = DisplayFormatter().format(sim.simulate("granovetter-1978").plot())
print(sorted(shown), shown["image/png"][:4], "matplotlib.pyplot" in sys.modules)
"""
    assert fresh(code).strip() == r"['image/png', 'text/plain'] b'\x89PNG' False"


def test_save_writes_what_the_command_line_writes(run: sim.Run, tmp_path: Path) -> None:
    folder = run.save(tmp_path / "new" / "run")
    assert sorted(path.name for path in folder.iterdir()) == [
        "days.parquet", "localities.parquet", "report.html", "run.json",
    ]  # fmt: skip
    pd.testing.assert_frame_equal(sim.read_run(folder).days, run.days)
    with pytest.raises(ProtestorateError, match="holds a result already"):
        run.save(folder)
    assert run.save(str(folder), force=True) == folder


def test_report_writes_one_page_where_it_is_asked_for(
    run: sim.Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run.report() == Path(f"granovetter-1978-seed-{run.seed}.html")
    assert run.report("pages") == Path("pages/report.html")
    assert run.report(tmp_path / "mine.html") == tmp_path / "mine.html"
    pages = {path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.html")}
    assert len(pages) == 1
    assert "granovetter-1978" in pages.pop()
    with pytest.raises(ProtestorateError, match=r"ends in \.html"):
        run.report("mine.pdf")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["mine.html", "pages", f"granovetter-1978-seed-{run.seed}.html"]
    )


@pytest.mark.parametrize("measure", ["active", ["active", "share"], {"active": "tab:blue"}])
def test_mesas_own_page_with_a_plot_works_before_the_first_step(measure: object) -> None:
    import solara

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Mesa's own code
        from mesa.visualization import SolaraViz, make_plot_component
    model = sim.ProtestModel("granovetter-1978", 1)
    assert "active" in model.datacollector.get_model_vars_dataframe().columns
    _, rendered = solara.render(SolaraViz(model, components=[make_plot_component(measure)]), handle_error=False)
    try:
        assert model.day == 0
        model.step()
        assert model.datacollector.get_model_vars_dataframe()["active"].tolist() == [model.frame.national["active"]]
    finally:
        rendered.close()


def test_advice_to_install_an_extra_is_right_in_a_clone_and_out_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    clone = Path(sim.__file__).resolve().parent.parent
    python, *words = shlex.split(share.to_install("view"))
    assert (python, words) == (sys.executable, ["-m", "pip", "install", "-e", f"{clone}[view]"])
    monkeypatch.setattr(share, "is_clone", lambda: False)
    assert shlex.split(share.to_install("view"))[3:] == ["install", "protestorate[view]"]


def test_iterations_of_a_batch_are_runs_of_their_own() -> None:
    settings = {"scenario": "watts-2002", "days": 2}
    found = mesa.batch_run(sim.ProtestModel, settings, iterations=3, number_processes=1, display_progress=False)
    assert len({row["seed"] for row in found}) == 3
