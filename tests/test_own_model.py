"""A user's model: the page that explains it followed to the end, installed packages, and what can go wrong."""

from __future__ import annotations

import contextlib
import json
import pickle
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis.cli import app
from sim.core.errors import ScenarioError
from sim.core.version import model_version
from sim.mesa.model import ProtestModel
from sim.models import own
from sim.models.interface import MODELS, engine_of, title_of
from sim.run.load import config_hash, load
from sim.run.simulate import simulate
from sim.run.store import read_run
from sim.study.chunk import Chunk
from sim.study.plan import Keep
from sim.study.workers import Processes

PAGE = (Path(__file__).parent.parent / "docs" / "own-model.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PLACES = re.compile(r"[Ss]ave it as `([\w.-]+)`")


def blocks(language: str) -> list[str]:
    return [text for kind, text in BLOCK.findall(PAGE) if kind == language]


def write_page(folder: Path) -> None:
    for place in PLACES.finditer(PAGE):
        text = BLOCK.search(PAGE, place.end())
        assert text is not None
        (folder / place[1]).write_text(text[2], encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the page tells the user to save."""
    monkeypatch.chdir(tmp_path)
    write_page(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["crowd.yaml", "how-many.yaml", "ring.py"]
    return tmp_path


def test_the_page_can_be_followed_to_the_end(folder: Path):
    commands = [line for block in blocks("sh") for line in block.splitlines()]
    assert {shlex.split(line)[1] for line in commands} == {"run", "check", "compare", "view", "sweep"}
    for line in commands:
        if " view " in line:
            continue  # held by the test of the page below
        result = CliRunner().invoke(app, shlex.split(line)[1:])
        assert result.exit_code == 0, (line, result.output)
    record = json.loads((folder / "results" / "crowd" / "run.json").read_text(encoding="utf-8"))
    assert record["provenance"]["model_version"].startswith(f"{model_version()}.")
    assert (folder / "results" / "how-many" / "report.html").is_file()
    assert (folder / "results" / "two-rings" / "report.html").is_file()


@pytest.mark.parametrize("command", ["sources", "odd", "results", "schema --model ring.py"])
def test_what_is_told_of_a_model_whose_values_name_no_sources(folder: Path, command: str):
    """Only the models of protestorate must name them; the first two ended in a traceback once."""
    name, *others = command.split()
    result = CliRunner().invoke(app, [name, *(others or ["crowd.yaml"])])
    assert result.exit_code == 0, result.output
    said = {"sources": "names no sources", "odd": "names no sources", "results": "most supporters",
            "schema": "neighbours looked at"}[name]  # fmt: skip
    assert said in result.output


def test_a_scenario_without_sources_can_be_extended_and_set(folder: Path):
    Path("more.yaml").write_text("extends: crowd.yaml\npeople: {persons: 50}\n", encoding="utf-8")
    result = CliRunner().invoke(app, shlex.split("run more.yaml --set people.reach=2 --out more"))
    assert result.exit_code == 0, result.output


def test_the_example_is_about_a_hundred_lines():
    (example,) = blocks("python")
    assert 80 <= len(example.splitlines()) <= 130


def test_the_page_steps_and_has_a_slider_for_each_number(folder: Path):
    model = ProtestModel("crowd.yaml", seed=1, supporters=0.6)
    while model.running:
        model.step()
    assert model.outcome is not None
    assert model.config.people.supporters == 0.6  # type: ignore[attr-defined]
    assert model.run().days.equals(simulate("crowd.yaml", overrides={"people.supporters": 0.6}).days)


def test_a_model_is_found_from_the_folder_of_the_file_that_names_it(folder: Path, monkeypatch: pytest.MonkeyPatch):
    (folder / "below").mkdir()
    child = folder / "below" / "child.yaml"
    child.write_text("extends: ../crowd.yaml\npeople: {supporters: 0.5}\n", encoding="utf-8")
    monkeypatch.chdir(folder / "below")
    assert load("child.yaml").config.model == str((folder / "ring.py").resolve())
    assert simulate(child).days.equals(simulate(folder / "crowd.yaml", overrides={"people.supporters": 0.5}).days)


def test_a_scenario_has_the_same_digest_wherever_it_lies(folder: Path):
    before = config_hash(load("crowd.yaml"))
    (folder / "elsewhere").mkdir()
    for name in ("crowd.yaml", "ring.py"):
        (folder / name).rename(folder / "elsewhere" / name)
    assert config_hash(load("elsewhere/crowd.yaml")) == before


def test_the_version_covers_what_the_file_does_and_not_what_it_says(folder: Path):
    before = simulate("crowd.yaml").provenance["model_version"]
    text = (folder / "ring.py").read_text(encoding="utf-8")
    (folder / "ring.py").write_text(text.replace("A bandwagon on a ring.", "Another sentence."), encoding="utf-8")
    assert simulate("crowd.yaml").provenance["model_version"] == before
    (folder / "ring.py").write_text(text.replace("seen >= minds", "seen > minds"), encoding="utf-8")
    changed = simulate("crowd.yaml")
    assert changed.provenance["model_version"] != before
    assert changed.provenance["model_version"].split(".")[:-1] == before.split(".")[:-1]
    assert own.version_of(["granovetter-1978"]) == model_version()


def test_a_changed_file_is_imported_anew(folder: Path):
    before = simulate("crowd.yaml").days
    text = (folder / "ring.py").read_text(encoding="utf-8")
    (folder / "ring.py").write_text(text.replace("seen >= minds", "seen > minds"), encoding="utf-8")
    assert not simulate("crowd.yaml").days.equals(before)


def test_worker_processes_find_the_model(folder: Path):
    """The same rows from two workers, which are interpreters of their own, as from this process."""
    for workers in ("1", "2"):
        arguments = ["sweep", "how-many.yaml", "--workers", workers, "--out", f"results/{workers}"]
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 0, result.output
    one, two = (
        pd.read_parquet(folder / "results" / workers / "runs").sort_values("run_id", ignore_index=True)
        for workers in ("1", "2")
    )
    assert len(one) == 80
    pd.testing.assert_frame_equal(one, two)


def test_a_scenario_travels_to_a_process_that_has_never_seen_the_model(folder: Path):
    loaded = load("crowd.yaml", {"people.reach": 2})
    there = pickle.loads(pickle.dumps(loaded))
    assert there == loaded
    assert b"protestorate_model" not in pickle.dumps(loaded)
    workers = Processes(1)
    try:
        workers.submit(Chunk((), {"crowd": loaded}, Keep()))
        _, result = workers.finished()
        assert result.version == own.version_of([loaded.config.model])
    finally:
        workers.close()


def test_a_run_of_a_study_can_be_repeated(folder: Path):
    assert CliRunner().invoke(app, ["sweep", "how-many.yaml", "--out", "s"]).exit_code == 0
    run_id = pd.read_parquet(folder / "s" / "runs")["run_id"].iloc[3]
    assert CliRunner().invoke(app, ["rerun", "s", run_id, "--model", "ring.py"]).exit_code == 0
    text = (folder / "ring.py").read_text(encoding="utf-8")
    (folder / "ring.py").write_text(text.replace("seen >= minds", "seen > minds"), encoding="utf-8")
    result = CliRunner().invoke(app, ["rerun", "s", run_id])
    assert result.exit_code == 2
    assert "was made by model version" in result.output


def test_the_model_of_an_installed_package(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """The package of the page, built and installed by pip; its dependency is the protestorate that runs the tests."""
    package = folder / "source" / "ring_models"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (folder / "ring.py").rename(package / "ring.py")
    (toml,) = blocks("toml")
    (folder / "source" / "pyproject.toml").write_text(toml, encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run([*pip, "--target", folder / "site", folder / "source"], check=True)
    package = folder / "site" / "ring_models"
    monkeypatch.syspath_prepend(str(folder / "site"))
    own.installed.cache_clear()
    try:
        text = (folder / "crowd.yaml").read_text(encoding="utf-8")
        (folder / "crowd.yaml").write_text(text.replace("./ring.py", "ring"), encoding="utf-8")
        run = simulate("crowd.yaml")
        assert run.provenance["model"] == "ring"
        before = run.provenance["model_version"]
        (package / "__init__.py").write_text("NUMBER = 3\n", encoding="utf-8")
        assert own.version_of(["ring"]) != before
        assert title_of("ring") == "A bandwagon on a ring"
        (folder / "crowd.yaml").write_text(text.replace("./ring.py", "rinng"), encoding="utf-8")
        with pytest.raises(ScenarioError, match=r"crowd\.yaml:1:8: model: there is no such model.*did you mean 'ring'"):
            load("crowd.yaml")
    finally:
        own.installed.cache_clear()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("class Minds(Section):", "class Minds(Section)", ":{line}:21: the model cannot be imported: SyntaxError: "),
        ("SCHEMA = Ring", "SCHEMA = np.zeros(-1)", ":{line}: the model cannot be imported: ValueError: negative dim"),
        ("SCHEMA = Ring", "import json\njson.loads('{')", ":{after}: the model cannot be imported: JSONDecodeError: "),
        ("SCHEMA = Ring", "raise SystemExit(0)", ":{line}: the model cannot be imported: SystemExit: 0"),
    ],
    ids=["syntax", "value", "in a library", "exit"],
)  # fmt: skip
def test_a_package_that_does_not_import_is_named_with_its_own_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, said: str
):
    """Python's importer was blamed, or the library in which it went wrong, and an exit was taken for success."""
    package, metadata = folder / "poor_ring", folder / "poor_ring-1.0.dist-info"
    package.mkdir()
    metadata.mkdir()
    text = (folder / "ring.py").read_text(encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    (package / "ring.py").write_text(text.replace(old, new), encoding="utf-8")
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: poor-ring\nVersion: 1.0\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text("[protestorate.models]\npoor = poor_ring.ring\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    own.installed.cache_clear()
    try:
        scenario = (folder / "crowd.yaml").read_text(encoding="utf-8")
        (folder / "crowd.yaml").write_text(scenario.replace("./ring.py", "poor"), encoding="utf-8")
        result = CliRunner().invoke(app, ["run", "crowd.yaml", "--out", "nothing"])
        assert result.exit_code == 2
        assert f"{package / 'ring.py'}{said.format(line=line, after=line + 1)}" in result.output
        assert not (folder / "nothing").exists()
    finally:
        own.installed.cache_clear()
        for name in [name for name in sys.modules if name.partition(".")[0] == "poor_ring"]:
            del sys.modules[name]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("supporters: float = fraction(", "supporters: float = fractoin(",
         "ring.py:{line}: the model cannot be imported: NameError: name 'fractoin' is not defined"),
        ("class Minds(Section):", "class Minds(Section)",
         "ring.py:{line}:21: the model cannot be imported: SyntaxError: expected ':'"),
        ("import numpy as np", "import numpyy as np",
         "ring.py:{line}: the model cannot be imported: ModuleNotFoundError: No module named 'numpyy'"),
        ("SCHEMA = Ring", "SCHEMES = Ring",
         "ring.py: SCHEMA must be a class that inherits from sim.models.scenario.Stepwise"),
        ("ENGINE = Engine(", "ENGINES = Engine(", "ring.py: ENGINE must be a sim.models.interface.Engine"),
        ("SCHEMA = Ring", "raise SystemExit", "ring.py:{line}: the model cannot be imported: SystemExit: "),
    ],
    ids=["name", "syntax", "import", "no schema", "no engine", "exit"],
)  # fmt: skip
def test_a_file_that_does_not_import_is_named_with_its_line(folder: Path, old: str, new: str, said: str):
    text = (folder / "ring.py").read_text(encoding="utf-8")
    assert text.count(old) == 1
    said = said.format(line=text[: text.index(old)].count("\n") + 1)
    (folder / "ring.py").write_text(text.replace(old, new), encoding="utf-8")
    result = CliRunner().invoke(app, ["run", "crowd.yaml", "--out", "nothing"])
    assert result.exit_code == 2
    assert result.output.strip() == said.strip()
    assert not (folder / "nothing").exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("support ^ changed", "suport ^ changed",
         "ring.py:{line}: the model fails: NameError: name 'suport' is not defined"),
        ("luck.random(config.people.persons)", "luck.random(config.people.person)",
         "ring.py:{line}: the model fails: AttributeError: 'People' object has no attribute 'person'"),
        ("config.time.steps", "config.time.stops",
         "ring.py:{line}: the model fails: AttributeError: 'Steps' object has no attribute 'stops'"),
        ('"active": active, "share"', '"active": active, "extra": active, "share"',
         "model {file}: 'extra' is recorded and not declared in Engine.columns"),
    ],
    ids=["step", "build", "steps", "undeclared"],
)  # fmt: skip
def test_a_model_that_fails_is_named_with_its_line(folder: Path, old: str, new: str, said: str):
    text = (folder / "ring.py").read_text(encoding="utf-8")
    assert text.count(old) == 1
    said = said.format(line=text[: text.index(old)].count("\n") + 1, file=folder / "ring.py")
    (folder / "ring.py").write_text(text.replace(old, new), encoding="utf-8")
    result = CliRunner().invoke(app, ["run", "crowd.yaml", "--out", "nothing"])
    assert result.exit_code == 2
    assert result.output.splitlines()[-1] == said
    assert not (folder / "nothing").exists()


def test_the_line_that_the_page_blames_is_that_of_its_example(folder: Path):
    shown = re.search(r"^ring\.py:(\d+): the model cannot be imported: NameError: name 'fractoin'", PAGE, re.MULTILINE)
    assert shown is not None
    assert "fraction(" in (folder / "ring.py").read_text(encoding="utf-8").splitlines()[int(shown[1]) - 1]


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("./rign.py", "crowd.yaml:1:8: model: there is no such file, seen from the folder of the scenario"),
        ("granoveter-1978", "did you mean 'granovetter-1978'"),
        ("[1]", "model: there is no such model (given a list)"),
    ],
)
def test_a_model_that_is_not_there_is_named(folder: Path, model: str, said: str):
    text = (folder / "crowd.yaml").read_text(encoding="utf-8")
    (folder / "crowd.yaml").write_text(text.replace("./ring.py", model), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load("crowd.yaml")
    assert said in str(caught.value)
    assert len(caught.value.problems) == 1


def test_wrong_values_are_named_at_their_place(folder: Path):
    text = (folder / "crowd.yaml").read_text(encoding="utf-8")
    (folder / "crowd.yaml").write_text(text.replace("supporters: 0.4", "supporters: 1.4"), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"crowd\.yaml:8:36: people\.supporters: must be at most 1"):
        load("crowd.yaml")


def test_an_engine_is_asked_for_by_name():
    for name in MODELS:
        assert engine_of(name).outcomes
        assert title_of(name)
    with pytest.raises(ScenarioError, match=r"there is no such model; known are .*did you mean 'watts-2002'"):
        engine_of("wats-2002")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run and a study of the model of the page, and the study's archive."""
    place = tmp_path_factory.mktemp("made")
    write_page(place)
    study = (place / "how-many.yaml").read_text(encoding="utf-8").replace("replicates: 20", "replicates: 5")
    study = study.replace("[0.3,", "[0.1, 0.2, 0.3,")
    (place / "how-many.yaml").write_text(study, encoding="utf-8")
    with contextlib.chdir(place):
        study = "sweep how-many.yaml --workers 1 --out s"
        for words in ("run crowd.yaml --no-report --out r", study, "package s --out s.zip"):
            result = CliRunner().invoke(app, shlex.split(words))
            assert result.exit_code == 0, result.output
    text = (place / "ring.py").read_text(encoding="utf-8")
    (place / "ring.py").write_text(f"__import__('pathlib').Path('trace').touch()\n{text}", encoding="utf-8")
    return place


@pytest.fixture
def passed_on(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same in another process, and in the place of the model a file that leaves a trace when it is run."""
    monkeypatch.setattr(own, "_ASKED", set(), raising=False)
    monkeypatch.chdir(made)
    (made / "trace").unlink(missing_ok=True)
    return made


READERS = (
    "export r --stata", "export s --stata", "export s", "sensitivity s",
    "compare s:0 s:1 --out c", "package s --out again.zip", "rerun s RUN", "verify s.zip",
)  # fmt: skip


@pytest.mark.parametrize("words", READERS)
def test_a_result_runs_no_file_that_it_names(passed_on: Path, words: str):
    """Results are passed on, and with them whatever path stands in run.json or study.json."""
    run_id = pd.read_parquet(passed_on / "s" / "runs")["run_id"].iloc[0]
    result = CliRunner().invoke(app, shlex.split(words.replace("RUN", run_id)))
    assert not (passed_on / "trace").exists()
    assert result.exit_code == 2, result.output
    if words.startswith("verify"):
        return
    assert f"{passed_on.resolve() / 'ring.py'}: a result names this Python file as its model" in result.output
    if words in ("export r --stata", "sensitivity s"):
        result = CliRunner().invoke(app, [*shlex.split(words), "--model", "ring.py"])
        assert result.exit_code == 0, result.output
        assert (passed_on / "trace").exists() == words.startswith("export")  # imported once a process


def test_a_script_runs_a_results_model_when_it_says_so(passed_on: Path):
    run = read_run(passed_on / "r")
    with pytest.raises(ScenarioError, match="reading a result runs no code"):
        _ = run.config
    own.ask_for("ring.py")
    assert run.config.people.persons == 200  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("file", "said"),
    [("none.py", "there is no such file"), ("crowd.yaml", "is no Python file"), (".", "there is no such file")],
)
def test_what_is_named_as_the_model_is_a_file(passed_on: Path, file: str, said: str):
    result = CliRunner().invoke(app, ["export", "r", "--model", file])
    assert result.exit_code == 2
    assert said in result.output


@pytest.mark.parametrize("content", [None, b"\0", b"def (", b"\xff"], ids=["gone", "zero", "syntax", "no text"])
def test_a_model_that_cannot_be_read_any_more_is_told(
    passed_on: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
):
    run_id = pd.read_parquet(passed_on / "s" / "runs")["run_id"].iloc[0]
    own.ask_for("ring.py")
    file = passed_on / "ring.py"
    before = file.read_bytes()
    try:
        file.unlink() if content is None else file.write_bytes(content)
        for words in (["rerun", "s", run_id], ["package", "s", "--out", "z.zip"], ["sensitivity", "s"]):
            result = CliRunner().invoke(app, words)
            assert result.exit_code == 2, (result.output, result.exception)
            assert "ring.py" in result.output
    finally:
        file.write_bytes(before)
