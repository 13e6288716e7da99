"""Commands where the machine refuses: one line that says what, or no word and the work done. Never a traceback."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.run.store import read_run
from sim.study import read_study

pytestmark = pytest.mark.skipif(os.name != "posix", reason="limits, devices and names of POSIX")

ROOT = Path(__file__).resolve().parents[1]
CASE = "granovetter-1978"
ODD = os.fsdecode(b"caf\xe9")
"""A name that is no UTF-8."""
STUDY = (
    "scenario: granovetter-1978\ndesign: {kind: one_at_a_time, parameters: {population.persons: [50, 60]}}\n"
    "replicates: 2\nkeep: {days: true}\n"
)


class Done:
    """What became of a command."""

    def __init__(self, code: int, printed: str, said: str) -> None:
        self.code, self.printed, self.said = code, printed, said

    def refused(self, words: str) -> None:
        """Expect a refusal in a line, apart from progress and the advice on large towns."""
        lines = [line for line in self.said.splitlines() if not re.search(r"\d%$|runs|compiling|moves turnout", line)]
        assert self.code == 2, self.said
        assert len(lines) == 1, self.said
        assert words in lines[0], self.said

    def worked(self) -> None:
        assert self.code == 0, self.said
        assert "Traceback" not in self.said


@pytest.fixture
def command(tmp_path: Path) -> Callable[..., Done]:
    def call(
        *arguments: str, before: Callable[[], object] | None = None, to: Path | None = None, **environment: str
    ) -> Done:
        with (to or tmp_path / "printed").open("w") as printed:
            done = subprocess.run(
                [sys.executable, "-m", "analysis.cli", *arguments], cwd=tmp_path, stdout=printed, check=False,
                stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=300, preexec_fn=before,
                env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            )  # fmt: skip
        said = done.stderr.decode(errors="replace")
        assert "Traceback" not in said, said
        return Done(done.returncode, "" if to else (tmp_path / "printed").read_text(), said)

    return call


@pytest.fixture
def quick(protestorate: Callable[..., subprocess.CompletedProcess[str]]) -> Callable[..., Done]:
    """The same for what does not depend on how the interpreter starts."""

    def call(*arguments: str) -> Done:
        done = protestorate(*arguments)
        assert "Traceback" not in done.stderr, done.stderr
        return Done(done.returncode, done.stdout, done.stderr)

    return call


Call = Callable[..., Done]


def test_a_folder_that_is_gone(command: Call, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()

    def leave() -> None:
        os.chdir(gone)
        gone.rmdir()

    command("list", before=leave).refused("the folder you are in is gone")


@pytest.mark.parametrize("closed", [(1,), (1, 2), (0, 1, 2), (0,)])
def test_closed_streams_take_no_files(command: Call, tmp_path: Path, closed: tuple[int, ...]) -> None:
    command("run", CASE, before=lambda: [os.close(number) for number in closed]).worked()
    assert (tmp_path / "results" / CASE / "report.html").stat().st_size > 10_000
    if 1 in closed:
        assert (tmp_path / "printed").read_bytes() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
@pytest.mark.parametrize("arguments", [("schema",), ("list",), ("--help",), ("check", CASE), ("run", CASE, "--json")])
def test_output_that_does_not_arrive(command: Call, arguments: tuple[str, ...]) -> None:
    command(*arguments, to=Path("/dev/full")).refused("No space left on device")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
@pytest.mark.parametrize("gone", ["full", "reader"])
def test_words_that_do_not_arrive_cost_no_run(command: Call, tmp_path: Path, gone: str) -> None:
    """A log on a full disk, or one whose reader has gone, ended a run of days at the next word on its progress."""
    ends, begins = os.pipe()
    os.close(ends)
    log = os.open("/dev/full", os.O_WRONLY) if gone == "full" else begins
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    for arguments in (("run", CASE), ("sweep", "study.yaml", "--workers", "1")):
        assert command(*arguments, before=lambda: os.dup2(log, 2)).code == 0
    assert command("run", "nowhere", before=lambda: os.dup2(log, 2)).code == 2
    assert len(read_run(tmp_path / "results" / CASE).days) > 0
    assert len(read_study(tmp_path / "results" / "study").runs) == 6


def test_a_reader_that_has_gone(command: Call) -> None:
    ends, begins = os.pipe()
    os.close(ends)
    done = command("schema", before=lambda: os.dup2(begins, 1))
    os.close(begins)
    assert done.code == 1
    assert done.said == ""


def test_a_limit_on_the_size_of_files(command: Call, tmp_path: Path) -> None:
    import resource

    def limited(size: int) -> Done:
        return command("run", CASE, before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))

    limited(512).refused("File too large")
    assert not list((tmp_path / "results").glob("*")) if (tmp_path / "results").exists() else True
    tables_only = limited(16_384)
    assert (tables_only.code, "the numbers are kept" in tables_only.said) == (1, True), tables_only.said
    assert len(read_run(tmp_path / "results" / CASE).days) > 0


@pytest.mark.parametrize("threads", ["0", "-1", "9" * 5000, "abc", "", "1.5"])
def test_threads_that_are_no_number(command: Call, threads: str) -> None:
    command("list", NUMBA_NUM_THREADS=threads).refused("NUMBA_NUM_THREADS")


FATAL = {
    "NUMBA_CPU_FEATURES": ("bogus", "+sse2,avx"),
    "NUMBA_FUNCTION_CACHE_SIZE": ("-1", "many"),
    "NUMBA_CHROME_TRACE": ("/no/such/folder/trace",),
    "NUMBA_DUMP_HTML": ("/no/such/folder/types.html", "."),
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in FATAL.items() for value in values])
def test_settings_that_would_end_in_a_traceback_or_an_abort(command: Call, name: str, value: str) -> None:
    command("list", **{name: value}).refused(name)


IGNORED = dict.fromkeys(
    ("NUMBA_OPT", "NUMBA_DEBUG", "NUMBA_DISABLE_JIT", "NUMBA_BOUNDSCHECK", "NUMBA_FORCE_CUDA_CC"), "abc"
) | {"NUMBA_CUDA_USE_NVIDIA_BINDING": "1"}


def test_settings_that_numba_cannot_read_are_ignored_with_a_word(command: Call) -> None:
    done = command("run", "netlogo-rebellion", "--days", "2", "--no-report", PYTHONWARNINGS="error", **IGNORED)
    done.worked()
    lines = [line for line in done.said.splitlines() if not re.search(r"\d%$|compiling", line)]
    unread = [f"{name} is set to 'abc', which numba cannot read, so that it is ignored" for name in list(IGNORED)[:-1]]
    assert sorted(line for line in lines if "cannot read" in line) == sorted(unread)
    assert len(lines) == len(IGNORED)
    assert all(len(line) <= 200 for line in lines)


@pytest.mark.parametrize("content", [b"a: [", b"- 1", b"num_threads: 0", b"{1: 2}", b"\xff", b"cpu_features: x"])
def test_a_file_of_settings_that_numba_cannot_read(command: Call, tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".numba_config.yaml").write_bytes(content)
    command("list").refused(".numba_config.yaml")


def test_names_that_are_no_utf8(command: Call, quick: Call, tmp_path: Path) -> None:
    (tmp_path / f"{ODD}.yaml").write_text("extends: granovetter-1978\n", encoding="utf-8")
    (tmp_path / f"s-{ODD}.yaml").write_text(STUDY, encoding="utf-8")
    command("check", f"{ODD}.yaml").worked()
    command("run", f"{ODD}.yaml").worked()
    quick("run", f"{ODD}.yaml", "--out", f"out-{ODD}", "--figures", "svg").worked()
    stored = read_run(tmp_path / f"out-{ODD}")
    assert len(stored.days) > 0
    assert len(read_run(tmp_path / "results" / "caf\N{REPLACEMENT CHARACTER}").days) == len(stored.days)
    quick("sweep", f"s-{ODD}.yaml", "--out", f"study-{ODD}", "--workers", "2").worked()
    quick("sweep", f"s-{ODD}.yaml", "--out", f"study-{ODD}", "--workers", "1").worked()
    study = read_study(tmp_path / f"study-{ODD}")
    assert study.days(["active"], [0])["active"].tolist() == study.days().query("point == 0")["active"].tolist()
    quick("rerun", f"study-{ODD}", study.runs["run_id"][1], "--out", f"again-{ODD}").worked()
    quick("export", f"study-{ODD}", "--out", f"csv-{ODD}").worked()
    quick("sensitivity", f"study-{ODD}").worked()
    quick("compare", f"study-{ODD}:0", f"study-{ODD}:1", "--out", f"points-{ODD}").worked()
    quick("compare", CASE, f"{ODD}.yaml", "--replicates", "2", "--workers", "1").worked()
    quick("compare", CASE, f"{ODD}.yaml", "--replicates", "2", "--out", f"c-{ODD}").worked()
    quick("run", f"no-{ODD}").refused("there is no such scenario")


@pytest.mark.parametrize("name", ["..yaml", "...yaml", " .yaml"])
def test_a_scenario_without_a_name_gets_a_folder_of_its_own(quick: Call, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("extends: granovetter-1978\n", encoding="utf-8")
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "mine").write_text("years of work", encoding="utf-8")
    quick("run", name, "--no-report").worked()
    assert {path.name for path in (tmp_path / "results").iterdir()} == {"mine", "unnamed"}


@pytest.mark.parametrize("name", [".lock", ".lock-holder"])
def test_a_lock_that_is_a_folder(quick: Call, tmp_path: Path, name: str) -> None:
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    (tmp_path / "out" / name).mkdir(parents=True)
    quick("sweep", "study.yaml", "--out", "out", "--workers", "1").refused(f"{name}: is a folder")
    (tmp_path / "out" / name).rmdir()
    quick("sweep", "study.yaml", "--out", "out", "--workers", "1").worked()


def test_too_little_memory_is_said_before_any_is_taken(command: Call, tmp_path: Path) -> None:
    import resource

    limit = (2 * 2**30, 2 * 2**30)
    (tmp_path / "large.yaml").write_text("extends: egypt-2011\n", encoding="utf-8")
    done = command(
        "run", "large.yaml", "--persons-per-agent", "1",
        before=lambda: resource.setrlimit(resource.RLIMIT_AS, limit), OPENBLAS_NUM_THREADS="1",
    )  # fmt: skip
    done.refused("GB of memory")
    assert "run.persons_per_agent" in done.said


def run_within(command: Call, kilobytes: int) -> Done:
    import resource

    limit = (kilobytes * 1024, kilobytes * 1024)
    return command(
        "run", "belarus-2020", "--days", "2", "--no-report",
        before=lambda: resource.setrlimit(resource.RLIMIT_AS, limit), OPENBLAS_NUM_THREADS="1",
    )  # fmt: skip


@pytest.mark.parametrize("kilobytes", [400_000, 550_000, 700_000, 850_000])
def test_a_limit_under_which_loops_cannot_be_compiled(command: Call, kilobytes: int) -> None:
    run_within(command, kilobytes).refused("too little memory")


def test_a_limit_that_suffices_is_not_refused(command: Call) -> None:
    run_within(command, 1_000_000).worked()


def test_memory_is_never_less_than_nothing() -> None:
    from sim.core.memory import available_bytes

    room = available_bytes()
    assert room is None or room >= 0


def test_code_spans_hold_whatever_stands_in_them() -> None:
    from analysis.report.markdown import code

    assert code("peak") == "`peak`"
    assert code("a`b") == "``a`b``"
    assert code("`") == "`` ` ``"
    assert code("a``<b>`c") == "```a``<b>`c```"
    assert code("two\nlines") == "`two lines`"


def test_names_with_backticks_stay_code_in_the_odd(tmp_path: Path) -> None:
    from analysis.describe.odd import document

    name = "A`<img>`B"
    file = tmp_path / "names.yaml"
    file.write_text(
        "extends: belarus-2020\n"
        f"events: {{{json.dumps(name)}: {{date: 2020-08-12, title: made up, effects: {{shutdown: 0.5}}}}}}\n"
        f"sources: {{{json.dumps('events.' + name)}: {{from: assumption, note: made up}}}}\n",
        encoding="utf-8",
    )
    text = document(str(file))
    assert name in text
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    assert "<img" not in outside.replace("\\<img", "")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no /proc, where nobody can write")
def test_reports_that_cannot_be_written_are_refused_before_the_work(quick: Call, tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    quick("sweep", "study.yaml", "--out", "study", "--workers", "1").worked()
    quick("sweep", "study.yaml", "--out", "other", "--workers", "1").worked()
    two = ("compare", "study", "other", *(word for name in "abcdef" for word in ("--label", name)))
    quick(*two, "--out", "/proc/none").refused("/proc/none: nothing can be written here")
    four = ("compare", CASE, "study", *(word for name in "abcd" for word in ("--label", name)))
    quick(*four, "--out", "/proc/none").refused("/proc/none")
    quick("sensitivity", "study", "--out", "/proc/none").refused("/proc/none: nothing can be written here")


def test_a_study_runs_in_one_process_where_there_can_be_no_workers(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from study_helpers import crowds

    from sim.study.execute import _executor
    from sim.study.plan import plan
    from sim.study.workers import Processes, ThisProcess

    monkeypatch.setattr(Processes, "possible", staticmethod(lambda: False))
    planned = plan(crowds(points=1, seeds=2))
    for workers in (None, 4):
        assert isinstance(_executor(workers, 1e6, planned), ThisProcess)
    assert capfd.readouterr().err.count("the study runs in this process") == 1


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this is no clone")
def test_a_checkout_on_windows_has_the_same_bytes(tmp_path: Path) -> None:
    clone = [
        "git",
        "-c",
        "core.autocrlf=true",
        "-c",
        "core.eol=crlf",
        "clone",
        "-q",
        str(ROOT),
        str(tmp_path / "clone"),
    ]
    subprocess.run(clone, check=True)
    texts = [path for path in (tmp_path / "clone").rglob("*") if path.suffix in (".py", ".yaml", ".vue", ".j2", ".md")]
    assert len(texts) > 100
    assert [path.name for path in texts if b"\r\n" in path.read_bytes()] == []


@pytest.mark.parametrize("names", [{"HOME": "/dev/null"}, {"MPLCONFIGDIR": "/dev/null/below"}])
def test_matplotlibs_advice_on_its_folder_is_kept_from_the_user(command: Call, names: dict[str, str]) -> None:
    done = command("run", CASE, XDG_CACHE_HOME="", XDG_CONFIG_HOME="", **names)
    done.worked()
    assert "atplotlib" not in done.said
    assert "mkdir" not in done.said


def test_json_with_the_mark_of_an_editor(quick: Call, tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    quick("sweep", "study.yaml", "--out", "study", "--workers", "1").worked()
    quick("run", CASE, "--out", "run", "--no-report").worked()
    for file in (tmp_path / "study" / "study.json", tmp_path / "run" / "run.json"):
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    quick("export", "study", "--out", "a").worked()
    quick("export", "run", "--out", "b").worked()
    quick("sweep", "study.yaml", "--out", "study", "--workers", "1").worked()
    quick("run", CASE, "--out", "run", "--no-report", "--force").worked()
    (tmp_path / "run" / "run.json").write_text("{", encoding="utf-8")
    quick("export", "run", "--out", "c").refused("run.json: is not the record of a run")


def test_a_file_where_a_folder_is_needed(quick: Call, tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    quick("sweep", "study.yaml", "--out", "study", "--workers", "1").worked()
    quick("package", "study", "--out", "/dev/null/x.zip").refused("/dev/null: is a file, and a folder is needed")
    quick("export", "study", "--out", "study.yaml").refused("study.yaml: the tables cannot be written here: Not a dir")


HIDDEN = ("\u202e", "\u2066", "\u200b", "\ufeff", "\x1b[2J", "\x9b", "\x07")


def test_signs_that_turn_text_round_are_shown(quick: Call, tmp_path: Path) -> None:
    """What they hide or turn round would be read as something else, in terminals and in reports."""
    name = "".join(HIDDEN)
    for words in (("run", f"a{name}b"), ("export", f"a{name}b"), ("run", CASE, "--set", f"population.a{name}b=1")):
        done = quick(*words)
        assert done.code == 2
        assert not any(sign[0] in done.said for sign in HIDDEN)
        assert "\\u202e" in done.said


@pytest.mark.parametrize("sign", HIDDEN[:4])
def test_names_and_titles_hide_nothing(quick: Call, tmp_path: Path, sign: str) -> None:
    spelt = repr(sign)[1:-1]
    case = f'extends: {CASE}\nabout: {{title: "A{spelt}B", summary: s}}\n'
    (tmp_path / "title.yaml").write_text(case, encoding="utf-8")
    done = quick("compare", "title.yaml", CASE, "--replicates", "2", "--workers", "1", "--out", "c")
    done.worked()
    assert sign not in done.printed + done.said
    quick("run", "title.yaml", "--out", "r").worked()
    page = (tmp_path / "r" / "report.html").read_text(encoding="utf-8")
    assert sign not in page
    assert f"A{spelt}B" in page
    (tmp_path / "names.yaml").write_text(
        f'extends: belarus-2020\nplaces: {{localities: {{"A{spelt}B": '
        "{region: X, lat: 53, lon: 27, population: 100, settlement: town}}}\n", encoding="utf-8",
    )  # fmt: skip
    done = quick("check", "names.yaml")
    assert done.code == 2
    assert f"A{spelt}B: a name must not be empty nor contain '*', '=', tabs, line breaks or hidden signs" in done.said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda study: next(iter(study["parameters"].values())).pop("description"), "description"),
        (lambda study: next(iter(study["parameters"].values())).update(unit=[1]), "unit"),
        (lambda study: next(iter(study["bases"].values())).update(model="none-such"), "study.json: model: there is no"),
    ],
)
def test_a_manifest_whose_parameters_were_changed(
    quick: Call, tmp_path: Path, change: Callable[[dict[str, object]], object], said: str
) -> None:
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    quick("sweep", "study.yaml", "--out", "study", "--workers", "1").worked()
    study = json.loads((tmp_path / "study" / "study.json").read_text(encoding="utf-8"))
    change(study)
    (tmp_path / "study" / "study.json").write_text(json.dumps(study), encoding="utf-8")
    quick("export", "study", "--stata", "--out", "tables").refused(said)
