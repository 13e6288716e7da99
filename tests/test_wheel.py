"""The wheel, installed by itself far from the clone, does what the clone does."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

CLONE = Path(__file__).resolve().parent.parent
Call = Callable[..., str]

pytestmark = pytest.mark.slow

# Packages of the running environment are lent by a path file; a clone installed there for editing
# is lent by another path file, which is not followed from there. So sim can only be the wheel's.
WHERE = "import sim, analysis; print(sim.__file__); print(analysis.__file__)"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", folder, CLONE], check=True)
    (built,) = folder.glob("protestorate-*.whl")
    return built


@pytest.fixture(scope="module")
def call(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Call:
    """Run a program of the fresh environment in an empty folder."""
    environment = tmp_path_factory.mktemp("fresh") / "env"
    venv.create(environment, with_pip=False)
    paths = {"base": str(environment), "platbase": str(environment)}
    packages = Path(sysconfig.get_path("purelib", "venv", vars=paths))
    scripts = Path(sysconfig.get_path("scripts", "venv", vars=paths))
    install = [sys.executable, "-m", "pip", "--python", str(scripts / "python"), "install"]
    subprocess.run([*install, "--quiet", "--no-deps", "--no-index", wheel], check=True)
    lent = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "lent.pth").write_text("\n".join(sorted(lent)))
    empty = tmp_path_factory.mktemp("empty")

    def call(program: str, *arguments: object) -> str:
        result = subprocess.run(
            [scripts / program, *map(str, arguments)], cwd=empty, capture_output=True, text=True, env={}
        )
        assert result.returncode == 0, result.stderr
        return result.stdout

    where = call("python", "-c", WHERE).split()
    assert [Path(path).is_relative_to(packages) for path in where] == [True, True], where
    return call


def test_scenarios_and_seeds_travel_inside(wheel: Path):
    inside = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("scenarios", "seeds"):
        expected = {
            f"sim/_share/{path.relative_to(CLONE).as_posix()}"
            for path in (CLONE / folder).rglob("*")
            if path.is_file() and not path.name.startswith(".")
        }
        assert expected
        assert expected <= inside
    assert "sim/_share/CITATION.cff" in inside
    for package in ("sim", "analysis"):
        expected = {
            path.relative_to(CLONE).as_posix()
            for path in (CLONE / package).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert expected <= inside
    assert not any(name.startswith(("tests/", "scenarios/", "seeds/")) for name in inside)


def test_list_and_sources_work(call: Call):
    assert "\nbelarus-2020 " in call("protestorate", "list")
    assert "assumption" in call("protestorate", "sources", "belarus-2020")
    assert "belarus-2020: valid" in call("protestorate", "check", "belarus-2020")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("granovetter-1978", ()),
        # Compiles the step loop in the place of the installation, which takes a minute.
        pytest.param("belarus-2020", ("--persons-per-agent", 20_000), marks=pytest.mark.nightly),
    ],
)
def test_a_scenario_runs_far_from_the_clone(call: Call, name: str, options: tuple[object, ...]):
    call("protestorate", "run", name, "--days", 5, *options)
    code = "from sim.run.store import read_run; from pathlib import Path; " + (
        f"print(len(read_run(Path('results/{name}')).days), Path('results/{name}/report.html').stat().st_size > 10_000)"
    )
    days, whole = call("python", "-c", code).split()
    assert int(days) in (5, 6)  # Granovetter's model has a step 0
    assert whole == "True"
