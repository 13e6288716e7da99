"""What the documents name exists, and what exists is named."""

from __future__ import annotations

import re
import shlex
import warnings
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path

import pytest
from tiny_country import country_file
from typer.testing import CliRunner

import sim
from analysis.cli import app
from sim.evidence.sources import coverage, sources_of
from sim.models.mobilisation import outcome
from sim.models.mobilisation.schema.people import SETTLEMENTS
from sim.run.load import load
from sim.run.store import record_of
from sim.study.parameters import describe

CLONE = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*CLONE.glob("*.md"), *(CLONE / "docs").rglob("*.md"), *(CLONE / "seeds").glob("*.md")])
README = (CLONE / "README.md").read_text(encoding="utf-8")
COMMANDS = (CLONE / "docs" / "commands.md").read_text(encoding="utf-8")
PAGES = ("install", "commands", "scenarios", "outcomes", "reproduce")
FIRST_READ = "\n".join([README, *((CLONE / "docs" / f"{name}.md").read_text("utf-8") for name in PAGES)])
"""What a newcomer reads and types from, beside the tutorials."""
ARCHITECTURE = (CLONE / "docs" / "architecture.md").read_text(encoding="utf-8")
RESULTS = (CLONE / "docs" / "results.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def modules() -> set[str]:
    files = [path for package in ("sim", "analysis") for path in (CLONE / package).rglob("*.py")]
    return {path.relative_to(CLONE).as_posix() for path in files if path.name != "__init__.py"}


def table_cells(text: str, heading: str) -> list[str]:
    """Words in backticks in the first cells of the tables below a heading, down to the next of its level or above."""
    level = heading.split()[0]
    start = text.index(f"\n{heading}\n") + len(heading) + 2
    end = re.search(rf"^#{{1,{len(level)}}} ", text[start:], re.MULTILINE)
    part = text[start : start + end.start()] if end else text[start:]
    first = [line.split("|")[1] for line in part.splitlines() if line.startswith("| `")]
    return [name for cell in first for name in re.findall(r"`([^`]+)`", cell)]


def blocks(text: str, language: str) -> Iterator[str]:
    for found in FENCE.finditer(text):
        if found[1] == language:
            yield found[2]


def test_every_folder_of_modules_is_a_room():
    folders = {f"{Path(module).parent.as_posix()}/" for module in modules()} - {"sim/", "analysis/"}
    assert sorted(folders - set(table_cells(ARCHITECTURE, "## Rooms"))) == []


def test_every_room_exists_and_is_named_once():
    rooms = table_cells(ARCHITECTURE, "## Rooms")
    assert len(rooms) == len(set(rooms))
    assert [room for room in rooms if not (CLONE / room).exists()] == []


def test_files_named_anywhere_exist():
    named = re.compile(r"`((?:sim|analysis|tests|docs|seeds|scenarios|benchmarks)/[\w./-]+)`")
    for path in DOCUMENTS:
        for name in named.findall(path.read_text(encoding="utf-8")):
            assert (CLONE / name).exists(), f"{path.name}: {name}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(CLONE).as_posix())
def test_relative_links_resolve(path):
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"[a-z]+:", link):
            target, _, anchor = link.partition("#")
            file = (path.parent / target).resolve() if target else path
            assert file.exists(), f"{path.name}: {link}"
            if anchor:
                assert anchor in anchors(file.read_text(encoding="utf-8")), f"{path.name}: {link}"


def anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


OTHER_PROGRAMS = {
    "cd", "cp", "dask", "git", "pip", "python3.12", "source", ".venv/bin/jupyter", ".venv/bin/pip",
    "/shared/protestorate/bin/pip",
}  # fmt: skip
"""What else is typed in the documents."""
OF_A_SCRIPT = re.compile(r"^#!", re.MULTILINE)


def commands(text: str = FIRST_READ) -> list[list[str]]:
    """Every command of a text, by default of what a newcomer reads, taken apart; scripts for a cluster are left out."""
    typed = (block for block in blocks(text, "sh") if not OF_A_SCRIPT.search(block))
    lines = [line for block in typed for line in block.replace("\\\n", "").splitlines()]
    found = [shlex.split(line, comments=True) for line in lines]
    return [words for words in found if words]


def test_every_command_is_shown():
    shown = {words[1] for words in commands() if words[0] == "protestorate"}
    assert {command.name or command.callback.__name__ for command in app.registered_commands} <= shown


EVERYWHERE = [words for path in DOCUMENTS for words in commands(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("words", list(map(list, dict.fromkeys(map(tuple, EVERYWHERE)))), ids=" ".join)
def test_commands_that_are_shown_exist(words):
    program, *arguments = words
    if program == "make":
        makefile = (CLONE / "Makefile").read_text(encoding="utf-8")
        assert all(re.search(rf"^{re.escape(name)}:", makefile, re.MULTILINE) for name in arguments if "=" not in name)
    elif program == "protestorate":
        groups = {group.name for group in app.registered_groups}
        called = arguments[:2] if arguments[:1] and arguments[0] in groups else arguments[:1]
        shown = CliRunner().invoke(app, [*called, "--help"])
        assert shown.exit_code == 0, arguments
        for option in (word for word in arguments if word.startswith("--")):
            assert re.search(rf"{re.escape(option)}\b", shown.output), option
    elif program in (".venv/bin/python", "python"):
        assert arguments[0] == "-m"
        module = CLONE / arguments[1].replace(".", "/")
        assert module.with_suffix(".py").exists() or (module / "__main__.py").exists()
    else:
        assert program in OTHER_PROGRAMS, words


def test_settings_that_are_shown_are_valid():
    settings = [words[n + 1] for words in commands() for n, word in enumerate(words) if word == "--set"]
    assert settings
    for path, _, _ in (setting.partition("=") for setting in settings):
        assert describe(load("belarus-2020"), path)["type"] != "section"


SECTIONS = "economy elites information institutions luck mechanisms movement people places police regime time war world"


def test_key_paths_that_are_named_exist():
    """In Belarus 2020; two are told of the scenario of Chenoweth and others. The changelog tells of what is gone."""
    path = re.compile(rf"`((?:{SECTIONS.replace(' ', '|')})(?:\.[a-z_]+)+)`")
    texts = {document: document.read_text("utf-8") for document in DOCUMENTS if document.name != "CHANGELOG.md"}
    named = {found for text in texts.values() for found in path.findall(text) if not found.endswith(".py")}
    assert len(named) > 60
    for one in named - {"movement.search", "movement.targets"}:
        describe(load("belarus-2020"), one)  # raises, with the nearest name


def test_scenario_to_copy_is_valid(tmp_path):
    drawn = [block for block in blocks(FIRST_READ, "yaml") if block.startswith("extends:")]
    assert drawn
    for number, text in enumerate(drawn):
        path = tmp_path / f"case-{number}.yaml"
        path.write_text(text, encoding="utf-8")
        load(path)


@pytest.mark.parametrize("document", ["README.md", "docs/python.md"])
def test_python_that_is_shown_runs(document, monkeypatch, tmp_path):
    real = sim.simulate

    def small(scenario, **options):
        return real(scenario, **{**options, "persons_per_agent": 20_000, "days": 20})

    monkeypatch.setattr(sim, "simulate", small, raising=False)
    monkeypatch.chdir(tmp_path)
    first, *more = blocks((CLONE / document).read_text(encoding="utf-8"), "python")
    names: dict[str, object] = {}
    exec(compile(first, document, "exec"), names)
    assert "run" in names
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Mesa's own code
        for code in more:
            exec(compile(code, document, "exec"), names)


SCORES = {
    "3 of 7": ("cases", "3 of 7 cases that the model was not calibrated on are hit"),
    "13 of 25 (6 fail, 6 undecided)": ("patterns", "13 of 25 patterns hold, 6 fail, 6 undecided"),
    "30 of 43": ("calibration", "30 of 43 targets are met by the median of 100 runs"),
    "10 of 15": ("calibration", "and 10 of 15 later ones that no search saw"),
    "no: 0.47 (0.36 to 0.59)": ("campaigns", "(AUC 0.47, interval 0.36 to 0.59)"),
    "0 of 6": ("russia-2022", "0 of 6 targets are met by the median of 20 runs"),
}
"""What the README says of the model's score, the document it is from, and the words there."""


@pytest.mark.parametrize("score", SCORES)
def test_scores_of_the_readme_are_those_of_the_documents(score):
    document, words = SCORES[score]
    rows = [line for line in README.splitlines() if line.startswith("|") and f"(docs/{document}.md)" in line]
    assert any(row.endswith(f"| {score} |") for row in rows)
    assert words in " ".join((CLONE / "docs" / f"{document}.md").read_text(encoding="utf-8").split())


def test_readme_counts_the_assumptions_of_today():
    counts = coverage(sources_of(load("belarus-2020").data))
    assert f"| {counts['assumption']:,} of {sum(counts.values()):,} |" in README


def test_readme_is_short():
    assert len(README.splitlines()) <= 150


OUTPUTS = dict(re.findall(r"^<!-- output of: ([^\n]*) -->\n```text\n(.*?)^```$", COMMANDS, re.MULTILINE | re.DOTALL))


def test_table_of_a_run_that_is_shown_has_todays_rows(protestorate):
    """Its numbers belong to one machine and version; what they are called must be right everywhere."""

    def labels(text: str) -> list[str]:
        return [re.split(r"\s{2,}", line)[0] for line in text.splitlines() if line[:1].strip()]

    shown = protestorate("run", "belarus-2020", "--persons-per-agent", 20_000)
    assert shown.returncode == 0, shown.stderr
    assert labels(OUTPUTS["protestorate run belarus-2020"]) == labels(shown.stdout)


def test_picture_of_the_page_is_described_with_the_numbers_of_the_run_that_is_shown():
    """Both are of Belarus 2020 with the seed 1; `make picture-view` says the sentence anew."""
    (shown,) = re.findall(r"the largest turnout is ([\d,]+ persons)", (CLONE / "docs" / "view.md").read_text("utf-8"))
    assert re.search(rf"^largest turnout on one day +{shown}$", OUTPUTS["protestorate run belarus-2020"], re.MULTILINE)


def test_mistake_is_answered_as_shown(protestorate):
    (command,) = (text for text in OUTPUTS if "--set" in text)
    result = protestorate(*shlex.split(command)[1:])
    assert result.returncode == 2
    assert result.stderr.endswith(OUTPUTS[command])


def test_claims_are_counted_as_on_their_own_page():
    """The table of the commands is that of the claims, but for its last column and its sum."""

    def counts(text: str) -> list[list[str]]:
        rows = text[text.index("\n| document | tested |") :].partition("\n\n")[0].splitlines()[3:]
        return [[cell.strip() for cell in row.strip("| ").split("|")][1:8] for row in rows]

    claims = (CLONE / "docs" / "claims.md").read_text(encoding="utf-8")
    assert counts(COMMANDS) == [row for row in counts(claims) if not row[0].startswith("**")]


def test_parameters_of_the_endgame_are_those_of_the_scenario():
    """A row has a value for each name, or `each`; a name without a section is of the section last named above."""
    text = (CLONE / "docs" / "endgame.md").read_text(encoding="utf-8")
    table = text[text.index("| parameter | value | kind |") :].partition("\n\n")[0].splitlines()[2:]
    config, section, checked = load("belarus-2020").config, "", 0
    for row in table:
        names, values, *_ = (cell.strip() for cell in row.strip("|").split("|"))
        paths = re.findall(r"`([^`]+)`", names)
        if "*" in names:  # a fact of each force
            continue
        shown = [float(one) for one in re.findall(r"-?[\d.]*\d", values.replace("−", "-"))]
        for path, value in zip(paths, shown * len(paths) if "each" in values else shown, strict=True):
            section = path.rpartition(".")[0] or section
            assert attrgetter(f"{section}.{path.rpartition('.')[2]}")(config) == value, path
            checked += 1
    assert checked > 50


def test_every_outcome_is_explained():
    explained = (CLONE / "docs" / "outcomes.md").read_text(encoding="utf-8")
    assert set(outcome.OUTCOMES) <= set(re.findall(r"\*\*([^*]+)\*\*", explained))


@pytest.fixture(scope="module")
def run():
    return sim.simulate("belarus-2020", persons_per_agent=20_000, days=3)


def expanded(names: list[str], run: sim.Run) -> set[str]:
    """Names with the scenario's own names put for <force>, <class> and so on."""
    config = run.scenario
    places = config.places.localities.values()
    families = {
        "<force>": config.police.forces,
        "<class>": config.people.classes,
        "<age>": config.people.ages,
        "<camp>": config.people.camps,
        "<settlement>": SETTLEMENTS,
        "<region>": {place.region.replace(" ", "_") for place in places},
        "<tactic>": config.movement.tactics,
        "<kind of elite>": config.elites.kinds,
        "<institution>": config.institutions,
    }
    found = set()
    for name in names:
        family = next((mark for mark in families if mark in name), None)
        found |= {name.replace(family, item) for item in families[family]} if family else {name}
    return found


@pytest.mark.parametrize(("heading", "table"), [("## days.parquet", "days"), ("## localities.parquet", "localities")])
def test_every_column_is_described_and_no_other(run, heading, table):
    assert expanded(table_cells(RESULTS, heading), run) == set(getattr(run, table).columns)


def test_people_add_up_as_described(run, tmp_path):
    """By the equation of the page, also in a country in which people die, leave, and go away to fight."""
    (equation,) = re.findall(r"^`(protesting \+ [^`]*)` is the$", RESULTS, re.MULTILINE)
    at_war = sim.simulate(country_file(tmp_path, {"police.detention.lethality": 1.0}))
    for one in (run, at_war):
        everybody = one.days.eval(equation.replace("−", "-"))
        assert (everybody - one.scenario.places.population).abs().max() < one.scenario.run.persons_per_agent
    most = at_war.days[re.findall(r"\w+", equation)].max()
    assert most.min() > 0, "nobody has ever been one of these, so that the equation was not tried"


OF_SOME_RUNS = {"scenario_file", "days"}
"""Keys of the provenance that only runs of a file have, and runs cut short."""


def test_every_key_of_the_record_is_described_and_no_other(run):
    record = record_of(run)
    assert set(record) <= {name.partition(".")[0] for name in table_cells(RESULTS, "## run.json")}
    assert {f"outcome.{name}" for name in record["outcome"]} <= set(table_cells(RESULTS, "## run.json"))
    assert set(table_cells(RESULTS, "### summary")) == set(record["summary"])
    described, recorded = set(table_cells(RESULTS, "### provenance")), set(record["provenance"])
    assert recorded <= described
    assert described - recorded <= OF_SOME_RUNS


def test_imports_that_are_shown_work():
    texts = [path.read_text("utf-8") for path in DOCUMENTS]
    lines = {line for text in texts for block in blocks(text, "python") for line in block.splitlines()}
    shown = sorted(line for line in lines if re.match(r"from (?:sim|analysis)\S* import \w[\w, ]*$", line))
    assert len(shown) > 5
    for line in shown:
        exec(line, {})
