"""The command as its users meet it: in a process of its own, with their mistakes."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

from sim.run import store
from sim.run.find import names

COMMANDS = ("run", "view", "movie", "sweep", "rerun", "package", "verify", "compare", "sensitivity", "discover",
            "claims", "patterns", "export", "list", "check", "sources", "schema", "odd", "results")  # fmt: skip
QUICK = ("belarus-2020", "--persons-per-agent", 20_000, "--days", 20)
BARE = (*QUICK, "--no-report")
HEAVY = ("numba", "numpy", "pandas", "matplotlib", "mesa", "pydantic", "pyarrow", "scipy", "jinja2", "yaml")


def is_clear(result: subprocess.CompletedProcess[str], *words: str) -> None:
    """Exit code 2 and one message with the words, nothing on standard output, no traceback."""
    assert result.returncode == 2, result
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    for word in words:
        assert word in result.stderr


def test_help_is_quick_and_light():
    code = "import sys, analysis.cli as c; sys.argv = ['protestorate', '--help']; c.app(standalone_mode=False)"
    loaded = f"{code}; print('loaded:', *[name for name in {HEAVY!r} if name in sys.modules])"
    light = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert light.stdout.splitlines()[-1] == "loaded:"
    # The processor's time, and the best of three: others on the machine may slow one, a heavy import slows all.
    seconds = []
    for _ in range(3):
        before = os.times()
        subprocess.run([sys.executable, "-m", "analysis.cli", "--help"], capture_output=True, check=True)
        after = os.times()
        seconds.append(after.children_user + after.children_system - before.children_user - before.children_system)
    assert min(seconds) < 0.4


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
def test_every_help_has_examples(protestorate, command):
    result = protestorate(*command, "--help")
    assert result.returncode == 0
    assert f"    protestorate {' '.join(command)}".rstrip() in result.stdout.partition("Examples:")[2]
    if not command:
        assert all(f"  {name} " in result.stdout for name in COMMANDS)


def test_version(protestorate):
    assert protestorate("--version").stdout == f"protestorate {version('protestorate')}\n"


def test_list_has_a_line_for_every_scenario(protestorate):
    result = protestorate("list")
    assert result.returncode == 0
    assert {"belarus-2020", "granovetter-1978"} <= set(names())
    for name, path in names().items():
        assert f"\n{name} " in result.stdout
        title = yaml.safe_load(path.read_text(encoding="utf-8")).get("about", {}).get("title", "")
        assert " ".join(title.split()[:2]) in result.stdout


def test_check(protestorate, tmp_path):
    good = protestorate("check", *names())
    assert good.returncode == 0, good.stderr
    assert good.stdout.splitlines() == [f"{name}: valid" for name in names()]
    (tmp_path / "bad.yaml").write_text("model: mobilisation\nextends: belarus-2020\ntime: {days: many}\n")
    (tmp_path / "empty.yaml").write_text("")
    bad = protestorate("check", "belarus-2020", "bad.yaml", "empty.yaml", "missing.yaml")
    is_clear(bad, "bad.yaml:3:14: time.days", "empty.yaml", "missing.yaml")


def test_schema(protestorate):
    schema = json.loads(protestorate("schema").stdout)
    assert {"places", "police", "sources"} <= set(schema["properties"])
    assert "places" not in json.loads(protestorate("schema", "--model", "granovetter-1978").stdout)["properties"]
    is_clear(protestorate("schema", "--model", "granoveter"), "granovetter-1978")


def test_sources(protestorate):
    shown = protestorate("sources", "belarus-2020")
    assert shown.returncode == 0, shown.stderr
    assert "assumption" in shown.stdout
    content = json.loads(protestorate("sources", "belarus-2020", "--json").stdout)
    assert len(content["parameters"]) > 100
    assert content["coverage"]
    part = json.loads(
        protestorate("sources", "belarus-2020", "police.detention", "--kind", "assumption", "--json").stdout
    )
    whole = [one for one in content["parameters"] if one["path"].startswith("police.detention.")]
    assert part["parameters"] == [one for one in whole if one["kind"] == "assumption"] != []
    assert part["coverage"] == {
        "documented": 0,
        "literature": 0,
        "calibrated": 0,
        "assumption": len(part["parameters"]),
    }
    one = protestorate("sources", "belarus-2020", "police.detention.lethality")
    assert [line.split()[:4] for line in one.stdout.splitlines()[:2]] == [
        ["key", "path", "value", "kind"],
        ["police.detention.lethality", "0.0006", "literature", "validation-facts-belarus-2020"],
    ]
    assert protestorate("sources", "belarus-2020", "police.forces.army", "--kind", "documented").stdout == (
        "belarus-2020: has no such value\n"
    )
    is_clear(protestorate("sources", "belarus-2020", "police.detenton"), "police.detention")
    is_clear(protestorate("sources", "belarus-2020", "--kind", "assumed"), "assumption")


def test_odd(protestorate):
    general, particular = protestorate("odd"), protestorate("odd", "belarus-2020")
    assert general.stdout.startswith("#")
    assert len(particular.stdout) > len(general.stdout)


def test_run_writes_and_shows(fresh, tmp_path):
    result = fresh("run", *QUICK, "--seed", 3, "--figures", "svg")
    assert result.returncode == 0, result.stderr
    folder = tmp_path / "results" / "belarus-2020"
    stored = store.read_run(folder)
    assert len(stored.days) == 20
    assert stored.record["seed"] == 3
    assert (folder / "report.html").stat().st_size > 10_000
    assert list(folder.rglob("*.svg"))
    assert stored.record["outcome"]["name"].replace("_", " ") in result.stdout
    assert all(reason.split()[0] in result.stdout for reason in stored.record["outcome"]["reasons"])
    # Ten calm lines with dates, and no control characters, where there is no terminal.
    assert "2020-08-" in result.stderr
    assert "\x1b" not in result.stderr + result.stdout
    assert len(result.stderr.splitlines()) <= 13


def test_json_is_the_record_and_nothing_else(protestorate, tmp_path):
    result = protestorate("run", *BARE, "--json", "--out", "here")
    (caution,) = result.stderr.splitlines()  # that agents are coarse is said beside it
    assert caution.endswith("(now 20000)")
    assert json.loads(result.stdout) == json.loads((tmp_path / "here" / "run.json").read_text())
    assert not (tmp_path / "here" / "report.html").exists()


def test_without_a_report_the_result_is_its_folder(protestorate):
    result = protestorate("run", *BARE, "--out", "v0.5")
    assert result.stdout.splitlines()[-1] == "result: v0.5"


def test_settings_reach_the_run_and_the_seed_decides(protestorate):
    def run(*arguments):
        return json.loads(protestorate("run", *BARE, "--json", "--force", *arguments).stdout)

    first, same, other = run("--seed", 1), run("--seed", 1, "--threads", 2), run("--seed", 2)
    assert first["summary"] == same["summary"] != other["summary"]
    changed = run("--seed", 1, "--set", "about.title=Another Belarus")
    assert changed["scenario"]["about"]["title"] == "Another Belarus"
    assert changed["summary"] == first["summary"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "no-such.yaml"), ["no-such.yaml", "no such scenario"]),
        (("run", "belarus-2021"), ["belarus-2021", "belarus-2020"]),
        (("run", *QUICK, "--set", "time.dayz=3"), ["--set time.dayz=3", "time.days"]),
        (("run", *QUICK, "--set", "time.days"), ["key.path=value"]),
        (("run", *QUICK, "--set", "time.days=1e3"), ["1000"]),
        (("run", *QUICK, "--set", "run.seed=1", "--set", "run.seed=2"), ["set twice"]),
        (("run", *QUICK, "--days", "0"), ["--days"]),
        (("run", *QUICK, "--seed", "-1"), ["--seed"]),
        (("run", *QUICK, "--figures", "svg,gif"), ["--figures", "'gif'", "svg, png, pdf"]),
        (("run", *BARE, "--figures", "svg"), ["--figures", "--no-report"]),
        (("run", *QUICK, "--out", "file/x"), ["file/x", "cannot be written"]),
        (("run", *QUICK, "--out", "file"), ["file", "is a file"]),
        (("run", *QUICK, "--out", "/proc/no/such"), ["/proc/no/such", "cannot be written"]),
        (("run", *QUICK, "--out", "papers", "--force"), ["papers", "left alone"]),
        (("sources", "no-such.yaml"), ["no-such.yaml"]),
        (("odd", "no-such.yaml"), ["no-such.yaml"]),
        (("jump",), ["jump"]),
        (("run",), ["SCENARIO"]),
    ],
)
def test_mistakes(protestorate, tmp_path, arguments, words):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "thesis.txt").write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    result = protestorate(*arguments)
    assert "Traceback" not in result.stderr
    result.stderr = result.stderr.replace("{scenario}", "SCENARIO")
    is_clear(result, *words)
    assert sorted(tmp_path.rglob("*")) == before


def test_an_existing_result_needs_force(protestorate, tmp_path):
    assert protestorate("run", *BARE, "--seed", 1, "--out", "here").returncode == 0
    start = time.perf_counter()
    is_clear(protestorate("run", *BARE, "--seed", 2, "--out", "here"), "here", "--force")
    assert time.perf_counter() - start < 20
    assert store.read_run(tmp_path / "here").record["seed"] == 1
    assert protestorate("run", *BARE, "--seed", 2, "--out", "here", "--force").returncode == 0
    assert store.read_run(tmp_path / "here").record["seed"] == 2


def test_a_closed_pipe_is_quiet(tmp_path):
    command = f"{sys.executable} -m analysis.cli schema | head -c 10"
    result = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True)
    assert (len(result.stdout), result.stderr) == (10, "")


LONG = ("run", "belarus-2020", "--persons-per-agent", "300", "--set", "time.days=3000", "--out", "new/here")


def test_interrupted_in_the_middle(tmp_path):
    command = [sys.executable, "-m", "analysis.cli", *LONG]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    printed = ""
    while "%" not in printed:  # the first tenth is done: it runs
        line = process.stderr.readline()
        assert line, printed
        printed += line
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert err.splitlines()[-1] == "interrupted; nothing was written"
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def read_until(terminal: int, word: str, seconds: float) -> str:
    text, end = "", time.monotonic() + seconds
    while word not in text and time.monotonic() < end:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                text += os.read(terminal, 65536).decode(errors="replace")
            except OSError:  # the other side has closed the terminal
                break
    return text


def test_a_terminal_gets_a_bar_by_date_and_ctrl_c_restores_it(tmp_path: Path):
    terminal, side = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "analysis.cli", *LONG],
        cwd=tmp_path,
        stdin=side,
        stdout=side,
        stderr=side,
        start_new_session=True,
        env=os.environ | {"TERM": "xterm-256color", "COLUMNS": "100"},
    )
    os.close(side)
    assert "2020-" in read_until(terminal, "2020-", 120)
    process.send_signal(signal.SIGINT)
    after = read_until(terminal, "nothing was written", 60)
    assert process.wait(60) == 130
    os.close(terminal)
    assert "\x1b[?25h" in after  # the cursor is shown again
    assert list(tmp_path.iterdir()) == []
