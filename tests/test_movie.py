"""Movies: as many pictures as days, the right ones, whole or not there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tiny_country import country_file

from sim.core.errors import ProtestorateError, ScenarioError
from sim.mesa.model import ProtestModel
from sim.page.canvas import blank
from sim.page.movie import REST_SECONDS, Look, movie_of, wrapped, write_movie
from sim.page.story import sentences

av = pytest.importorskip("av", reason="MP4 is tested where the extra [view] is installed")
SMALL = Look(width=320, fps=4)


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return country_file(tmp_path)


def pictures_of(path: Path) -> list[np.ndarray]:
    if path.suffix == ".gif":
        with Image.open(path) as file:
            found = []
            for number in range(file.n_frames):  # type: ignore[attr-defined]
                file.seek(number)
                found.append(np.array(file.convert("RGB")))
            return found
    with av.open(str(path)) as file:
        return [frame.to_ndarray(format="rgb24") for frame in file.decode(file.streams.video[0])]


def test_an_mp4_has_a_picture_a_day_and_rests_on_the_last(tiny: Path, tmp_path: Path):
    path = write_movie(tiny, tmp_path / "run.mp4", days=9, look=SMALL)
    found = pictures_of(path)
    assert len(found) == 9 + round(REST_SECONDS * 4)
    assert found[0].shape[1] == 320
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        assert (stream.codec_context.name, stream.average_rate, stream.pix_fmt) == ("h264", 4, "yuv420p")
    assert np.abs(found[-1].astype(int) - found[8]).mean() < 1.0
    assert np.abs(found[1].astype(int) - found[8]).mean() > 1.0


def test_a_gif_has_a_picture_a_day(tiny: Path, tmp_path: Path):
    path = write_movie(tiny, tmp_path / "run.gif", days=7, look=SMALL)
    with Image.open(path) as file:
        assert file.n_frames == 7  # type: ignore[attr-defined]
        durations = []
        for number in range(7):
            file.seek(number)
            durations.append(file.info["duration"])
    assert durations == [250] * 6 + [250 + 1000 * REST_SECONDS]
    assert len({picture.tobytes() for picture in pictures_of(path)}) == 7


def test_an_odd_width_is_no_obstacle(tiny: Path, tmp_path: Path):
    path = write_movie(tiny, tmp_path / "run.mp4", days=2, look=Look(width=321))
    assert pictures_of(path)[0].shape[1] == 320


def test_a_movie_of_days_that_there_are_already(tiny: Path, tmp_path: Path):
    model = ProtestModel(tiny, 1, days=5)
    while model.running:
        model.step()
    drawn: list[tuple[int, str]] = []
    told = sentences(model.history, model.config)
    path = movie_of(
        model.history, model.country, told, tmp_path / "run.mp4", SMALL, drawn=lambda *day: drawn.append(day)
    )
    straight = write_movie(tiny, tmp_path / "again.mp4", days=5, look=SMALL)
    assert all(np.array_equal(a, b) for a, b in zip(pictures_of(path), pictures_of(straight), strict=True))
    assert [number for number, _ in drawn] == [1, 2, 3, 4, 5]
    assert drawn[0][1] == "2021-03-01"


def test_progress_goes_from_nothing_to_all(tiny: Path, tmp_path: Path):
    seen: list[tuple[int, int]] = []
    write_movie(
        tiny, tmp_path / "run.gif", days=4, look=SMALL, progress=lambda done, total, _: seen.append((done, total))
    )
    assert seen == [(done, 8) for done in range(1, 9)]


def test_thresholds_move_too(tmp_path: Path):
    overrides = {"population.persons": 12}
    path = write_movie("granovetter-1978", tmp_path / "crowd.gif", overrides=overrides, look=SMALL)
    assert len(pictures_of(path)) == 12


def test_a_movie_that_fails_leaves_nothing_behind_and_the_old_one_whole(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / "films"
    path = write_movie(tiny, folder / "run.mp4", days=2, look=SMALL)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sim.page.movie._encode", full)
    with pytest.raises(ProtestorateError, match="cannot be written here: No space left on device"):
        write_movie(tiny, path, days=3, look=SMALL, force=True)
    assert path.read_bytes() == before
    assert list(folder.iterdir()) == [path]


def test_an_interruption_leaves_nothing_behind(tiny: Path, tmp_path: Path):
    folder = tmp_path / "films"

    def stop(done: int, total: int, label: str) -> None:
        if done == total - 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_movie(tiny, folder / "run.gif", days=3, look=SMALL, progress=stop)
    assert not folder.exists()


def test_a_movie_that_is_refused_leaves_no_folder(tiny: Path, tmp_path: Path):
    for overrides in ({"regime.agression_gain": 1.0}, {"time.days": -1}):
        with pytest.raises(ScenarioError):
            write_movie(tiny, tmp_path / "results" / "films" / "run.mp4", overrides=overrides, look=SMALL)
        assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(
    ("name", "look", "message"),
    [
        ("run.avi", SMALL, "a movie's name ends in .mp4 or .gif"),
        ("run", SMALL, "a movie's name ends in .mp4 or .gif"),
        ("run.mp4", Look(colour="shares"), "colour: must be one of share, detained, loyalty"),
        ("run.mp4", Look(width=10), "width: must lie in 240 to 3840"),
        ("run.gif", Look(fps=0), "fps: must lie in 1 to 60"),
        ("taken.gif", SMALL, "there is a file already"),
    ],
)
def test_mistakes_are_said_before_anything_is_computed(
    tmp_path: Path, name: str, look: Look, message: str, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "taken.gif").write_bytes(b"mine")

    def computed(*_: object, **__: object) -> None:
        raise AssertionError("nothing may be computed")

    monkeypatch.setattr("sim.page.movie.ProtestModel", computed)
    with pytest.raises((ProtestorateError, ScenarioError)) as caught:
        write_movie("belarus-2020", tmp_path / name, look=look)
    assert message in str(caught.value)
    assert (tmp_path / "taken.gif").read_bytes() == b"mine"


def test_words_are_wrapped_and_cut():
    canvas = blank(300, 100, 1)
    words = "one two three four five six seven eight nine ten " * 6
    lines = wrapped(canvas, words, 280, 3)
    assert len(lines) == 3
    assert all(canvas.width_of(line, 13) <= 280 for line in lines)
    assert lines[-1].endswith("…")
    assert words.startswith(" ".join(lines)[:-1].strip())
    assert wrapped(canvas, "short", 280, 3) == ["short"]


def test_the_command(protestorate, tiny, tmp_path):
    done = protestorate("movie", tiny, "--days", 3, "--width", 300, "--out", "my films/run.gif", "--colour", "loyalty")
    assert (done.returncode, done.stdout.strip()) == (0, f"movie: {Path('my films/run.gif')}")
    assert len(pictures_of(tmp_path / "my films" / "run.gif")) == 3
    again = protestorate("movie", tiny, "--days", 3, "--out", "my films/run.gif")
    assert again.returncode == 2
    assert again.stderr.count("\n") == 1
    assert "--force" in again.stderr
    strange = protestorate("movie", tiny, "--color", "blue")
    assert (strange.returncode, strange.stdout) == (2, "")
    assert "must be one of share, detained, loyalty" in strange.stderr
