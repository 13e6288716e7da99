"""Whether an archive is what it was: every checksum, and a sample of rows run again, bit for bit."""

from __future__ import annotations

import hashlib
import random
import re
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from analysis.archive.pack import DERIVED, MODELS, PIECE, STUDY, SUMS, derived, differing
from sim.core.errors import ProtestorateError
from sim.core.files import opened
from sim.core.notes import say
from sim.models.own import is_file, version_of
from sim.study import StudyData, read_study
from sim.study.rerun import Rerun, rerun

LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")
DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, ValueError, LookupError,
    OverflowError,
)  # fmt: skip
"""What reading a member raises over bytes that are not what was written."""
ENCRYPTED = 0x1


@dataclass(frozen=True)
class Verified:
    """What came of checking an archive.

    Parameters
    ----------
    sha256 : str
        Of the archive itself.
    files : int
        Whose sums were checked.
    wrong : tuple of str
        A sentence for every file that is not what its sum says, is missing, or is not listed.
    runs : int
        In all; 0 if files are wrong.
    again : tuple of Rerun
        The rows that were run again.
    versions : tuple of str
        Libraries of which the runs were made with other versions than stand here.
    """

    sha256: str
    files: int
    wrong: tuple[str, ...]
    runs: int = 0
    again: tuple[Rerun, ...] = ()
    versions: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether all that was checked is what it was."""
        return not self.wrong and not any(one.differ for one in self.again)


def verify(
    archive: Path, rows: int = 5, seed: int = 1, progress: Callable[[int, int, str], None] | None = None
) -> Verified:
    """Check an archive, and run a sample of its rows again if its files are whole.

    Parameters
    ----------
    archive : Path
    rows : int
        Rows to run again; 0 checks the files alone.
    seed : int
        Of the draw of rows.
    progress : callable (done, total, label), optional
        Called after each row.

    Raises
    ------
    ProtestorateError
        If it is no archive of a study, has a member that would be written elsewhere, does not fit on the disk, or was
        made by another model version, which rows can only be run again with.
    """
    with _opened(archive) as file, tempfile.TemporaryDirectory(prefix="protestorate-") as place:
        root = _unpacked(archive, file, Path(place))
        digest = _digest(archive)
        files, wrong = _sums(root, archive)
        wrong += sorted(
            f"{path.relative_to(place)}: is not listed in {SUMS}"
            for path in Path(place).rglob("*")
            if path.is_file() and root not in path.parents
        )
        if wrong:
            return Verified(digest, files, tuple(wrong))
        try:
            data = read_study(root / STUDY)
            model = next(filter(is_file, _models(data)), None)
            if model is None:
                data.check_tables()
                wrong = list(_derived(root, data))
                ids = sorted(set(data.runs["run_id"]))
        except ProtestorateError as error:
            raise ProtestorateError(f"{archive}: {_named(error, root)}") from error
        if model is not None:
            return _with_own_model(archive, Path(model).name, rows, Verified(digest, files, ()))
        chosen = random.Random(seed).sample(ids, min(rows, len(ids)))
        if chosen:
            _check_version(archive, data)
        again = []
        for number, run_id in enumerate(chosen):
            again.append(rerun(root / STUDY, run_id))
            if progress is not None:
                progress(number + 1, len(chosen), f"{number + 1} of {len(chosen)} rows")
        return Verified(digest, files, tuple(wrong), len(ids), tuple(again), tuple(differing(data.manifest)))


@contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    with ExitStack() as stack:
        try:
            file = stack.enter_context(zipfile.ZipFile(stack.enter_context(opened(archive))))
        except FileNotFoundError:
            raise ProtestorateError(f"{archive}: there is no such file") from None
        except IsADirectoryError:
            what = "a folder" if archive.is_dir() else "no file"
            raise ProtestorateError(f"{archive}: is {what}; name the archive that protestorate package made") from None
        except DAMAGE:
            raise ProtestorateError(f"{archive}: is damaged, cut off, or no zip archive") from None
        except OSError as error:
            raise ProtestorateError(f"{archive}: cannot be read: {error.strerror or error}") from error
        yield file


def _unpacked(archive: Path, file: zipfile.ZipFile, place: Path) -> Path:
    """Unpack an archive whose members all lie within it; return the folder that holds its sums."""
    members = [info for info in file.infolist() if not info.is_dir()]
    for info in file.infolist():
        if (reason := _refusal(info)) is not None:
            raise ProtestorateError(f"{archive}: the member {info.filename!r} {reason}; nothing was unpacked")
    often = [name for name, count in Counter(info.filename for info in members).items() if count > 1]
    if often:
        raise ProtestorateError(f"{archive}: the member {often[0]!r} stands in it twice; nothing was unpacked")
    heads = [PurePosixPath(info.filename) for info in members if PurePosixPath(info.filename).name == SUMS]
    head = min(heads, key=lambda one: len(one.parts), default=None)
    if head is None:
        raise ProtestorateError(f"{archive}: has no {SUMS}, so it is no archive of protestorate package")
    needed = sum(info.file_size for info in members)
    if needed > shutil.disk_usage(place).free:
        raise ProtestorateError(
            f"{archive}: holds {needed / 1e6:,.0f} MB, more than there is room for in {place.parent}"
        )
    for info in members:
        target = place.joinpath(*PurePosixPath(info.filename).parts)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with file.open(info) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy, PIECE)
        except (*DAMAGE, _lzma_error()):
            raise ProtestorateError(f"{archive}: is damaged: the member {info.filename!r} cannot be read") from None
        except OSError as error:
            what = f"the member {info.filename!r} cannot be unpacked in {place}: {error.strerror or error}"
            raise ProtestorateError(f"{archive}: {what}") from error
    return place.joinpath(*head.parts[:-1])


def _lzma_error() -> type[Exception]:
    """Return what a member that is compressed so raises; some builds of Python cannot read such."""
    try:
        from lzma import LZMAError
    except ImportError:
        return NotImplementedError
    return LZMAError


def _refusal(info: zipfile.ZipInfo) -> str | None:
    """Say why a member would not be unpacked; None if it lies within the archive."""
    # `filename` has been cut at a zero byte and, on Windows, its backslashes turned; this is what was written.
    name = info.orig_filename
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name):
        return "has an absolute path"
    if "\\" in name or "\0" in name:
        return "has a name that not every system reads alike"
    if any(part in ("", ".", "..") for part in name.removesuffix("/").split("/")):
        return "would be written elsewhere than in the archive's folder"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a link"
    return "is encrypted" if info.flag_bits & ENCRYPTED else None


def _sums(root: Path, archive: Path) -> tuple[int, list[str]]:
    """Return how many files are listed, and a sentence for each that is not as its sum says."""
    said: dict[str, str] = {}
    for number, line in enumerate((root / SUMS).read_bytes().decode("utf-8", "replace").splitlines(), 1):
        match = LINE.fullmatch(line)
        if match is None:
            raise ProtestorateError(f"{archive}: line {number} of {SUMS} is no sum of a file")
        if match[2] in said:
            raise ProtestorateError(f"{archive}: line {number} of {SUMS} gives {match[2]!r} a second sum")
        said[match[2]] = match[1]
    there = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    del there[SUMS]
    wrong = [f"{name}: is missing" for name in said if name not in there]
    wrong += [f"{name}: is not listed in {SUMS}" for name in there if name not in said]
    wrong += [
        f"{name}: is not what its sum says" for name in said if name in there and _digest(there[name]) != said[name]
    ]
    return len(said), sorted(wrong)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _derived(root: Path, data: StudyData) -> Iterator[str]:
    """Say which of the tables made of the study's own does not say what those say."""
    for name, text in derived(data).items():
        path = root / DERIVED / f"{name}.csv"
        if not path.is_file():
            yield f"{DERIVED}/{name}.csv: is missing"
        elif path.read_bytes() != text.encode():
            yield f"{DERIVED}/{name}.csv: does not say what the tables of {STUDY}/ say"


def _check_version(archive: Path, data: StudyData) -> None:
    """Refuse to run rows that this version would not repeat."""
    models = _models(data)
    made, ours = data.manifest["model_version"], version_of(models)
    if made != ours:
        number = made.partition("+")[0]
        raise ProtestorateError(
            f"{archive}: its files are as their sums say; its runs were made by model version {made}, this is {ours}, "
            f"which cannot repeat them: install protestorate {number} of that model version, with the packages of "
            "environment.txt, or check the files alone with --rows 0"
        )


def _with_own_model(archive: Path, model: str, rows: int, found: Verified) -> Verified:
    """Return what was found without the code that the archive brings along, and without a file its path may lead to."""
    model = f"its model is the Python file {MODELS}/{model}"
    unused = "code from an archive is not run here: unpack it, read the model, and use protestorate rerun"
    if rows:
        raise ProtestorateError(f"{archive}: its files are as their sums say; {model}, and {unused}")
    say(f"{archive}: {model}, so {DERIVED}/ was not held against {STUDY}/: {unused}")
    return found


def _models(data: StudyData) -> list[str]:
    return [str(base.get("model", "")) for base in data.manifest["bases"].values()]


def _named(error: ProtestorateError, root: Path) -> str:
    """Return a message without the folder into which the archive was unpacked."""
    return str(error).replace(f"{root}/", "")
