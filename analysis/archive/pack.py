"""A study packed into one file: what was asked, what came out, with what, and a checksum of every file."""

from __future__ import annotations

import hashlib
import platform
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distributions, version
from pathlib import Path
from typing import Any

import yaml

from analysis.archive.readme import readme
from analysis.sweep.report import write_report
from sim.core.errors import ProtestorateError
from sim.core.share import share_file
from sim.models.own import is_file, version_of
from sim.run.place import check_place, unfinished_file
from sim.study import StudyData, read_study
from sim.study.bases import base_of
from sim.study.folder import FAILURES, MANIFEST, POINTS
from sim.study.shard import TABLES

ENDING = ".zip"
SUMS = "SHA256SUMS"
STUDY, SCENARIOS, DERIVED, MODELS = "study", "scenarios", "tables", "models"
REPORT = "report.html"
SAME_MOMENT = (1980, 1, 1, 0, 0, 0)
"""Of every member, so that the same study gives the same bytes."""
READABLE = 0o100644
PIECE = 1 << 20


@dataclass(frozen=True)
class Packed:
    """An archive that was made.

    Parameters
    ----------
    path : Path
    sha256 : str
        Of the archive itself, to be quoted.
    files : int
    runs : int
    """

    path: Path
    sha256: str
    files: int
    runs: int


def pack(folder: Path, target: Path | None = None, force: bool = False) -> Packed:
    """Pack a study into an archive.

    Parameters
    ----------
    folder : Path
        The study's.
    target : Path, optional
        File to write; ``NAME-replication.zip`` beside the study's folder if left out.
    force : bool
        Whether a file that is there may be replaced.

    Returns
    -------
    Packed

    Raises
    ------
    ProtestorateError
        If there is no study or none of its runs, if a table of it is damaged, if another model version made it,
        or if the file cannot be written.
    """
    data = read_study(folder)
    name = _plain(folder.resolve().name)
    path = target or folder.resolve().parent / f"{name}-replication{ENDING}"
    if path.suffix != ENDING:
        raise ProtestorateError(f"{path}: an archive's name ends in {ENDING}")
    if path.exists() and not force:
        raise ProtestorateError(f"{path}: is there already; --force replaces it")
    check_place(path.parent)
    if data.runs.empty:
        raise ProtestorateError(f"{folder}: has no finished run; carry the study out before you pack it")
    _check_version(data)
    data.check_tables()
    if not (folder / REPORT).is_file():
        write_report(data)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished_file(path) as unfinished:
            files = _write(unfinished, f"{name}-replication", _members(data))
            digest = hashlib.sha256(unfinished.read_bytes()).hexdigest()
            unfinished.replace(path)
    except OSError as error:
        raise ProtestorateError(f"{path}: the archive cannot be written: {error.strerror or error}") from error
    return Packed(path, digest, files, data.runs["run_id"].nunique())


def _plain(name: str) -> str:
    """Return a name that every file system takes."""
    return re.sub(r"[^\w.-]+", "-", name)


def _free(name: str, taken: set[str]) -> str:
    """Return a name that no other has, on file systems that know no case either, and note it."""
    free, number = name, 1
    while free.casefold() in taken:
        number += 1
        free = f"{name}-{number}"
    taken.add(free.casefold())
    return free


def _check_version(data: StudyData) -> None:
    """Refuse a study of another version: the environment that an archive locks is the one that made the runs."""
    ours = version_of(str(base.get("model", "")) for base in data.manifest["bases"].values())
    made = data.manifest["model_version"]
    if made != ours:
        raise ProtestorateError(
            f"{data.folder}: was made by model version {made}, this is {ours}; pack it with the version that made it, "
            "or run the study again"
        )


def _members(data: StudyData) -> Iterator[tuple[str, bytes | Path]]:
    """Yield what an archive holds, by name and in order; a file of the study is not read yet."""
    yield "README.md", readme(data, differing(data.manifest)).encode()
    yield "CITATION.cff", share_file("CITATION.cff").read_bytes()
    yield "environment.txt", environment(data.manifest).encode()
    yield "seeds.csv", "".join(["replicate,seed\n", *_seeds(data.manifest["seeds"])]).encode()
    taken: set[str] = set()
    models: set[str] = set()
    for name in data.manifest["bases"]:
        base = base_of(data.manifest, name)
        text = yaml.safe_dump(base.data, sort_keys=False, allow_unicode=True, width=110)
        yield f"{SCENARIOS}/{_free(_plain(name), taken)}.yaml", text.encode()
        model = str(base.data.get("model", ""))
        if is_file(model) and model not in models:
            models.add(model)
            yield f"{MODELS}/{_free(Path(model).stem, taken)}.py", Path(model)
    for name, text in derived(data).items():
        yield f"{DERIVED}/{name}.csv", text.encode()
    for name in (MANIFEST, POINTS, FAILURES, REPORT):
        if (data.folder / name).is_file():
            yield f"{STUDY}/{name}", data.folder / name
    for table in sorted(TABLES):
        for shard in sorted(data.shards, key=lambda one: one.name):
            if table == "runs" or table in shard.digests:
                yield f"{STUDY}/{table}/{shard.name}", shard.file_of(table)


def _seeds(seeds: list[int]) -> Iterator[str]:
    return (f"{number},{seed}\n" for number, seed in enumerate(seeds))


def derived(data: StudyData) -> dict[str, str]:
    """Return the tables of an archive that are made of the study's own: points and runs, as CSV."""
    return {
        "points": data.points.to_csv(index=False, lineterminator="\n"),
        "runs": data.runs.to_csv(index=False, lineterminator="\n"),
    }


def environment(manifest: Mapping[str, Any]) -> str:
    """Return the versions of Python and of all packages here, in the form that pip reads."""
    found = {str(one.metadata["Name"]).lower().replace("_", "-"): one.version for one in distributions()}
    return "".join(
        [
            f"# Python {platform.python_version()} on {platform.system()} ({platform.machine()}).\n",
            f"# protestorate {version('protestorate')}, model version {manifest['model_version']}.\n",
            *(f"# The runs were made with {what}.\n" for what in differing(manifest)),
            "# All packages that were installed; pip install -r environment.txt installs them again.\n",
            *(f"{name}=={number}\n" for name, number in sorted(found.items())),
        ]
    )


def differing(manifest: Mapping[str, Any]) -> list[str]:
    """Return, such as ``numpy 2.1.0 (here 2.2.0)``, what a study was made with that has another version here."""
    here = {"python": platform.python_version()}
    for name in manifest["versions"]:
        if name not in here:
            here[name] = _version_of(name)
    return [f"{name} {made} (here {here[name]})" for name, made in manifest["versions"].items() if here[name] != made]


def _version_of(name: str) -> str:
    try:
        return version(name)
    except (PackageNotFoundError, ValueError):  # the manifest may have been in anybody's hand
        return "none"


def _write(path: Path, root: str, members: Iterator[tuple[str, bytes | Path]]) -> int:
    """Write members and, last, their sums; the bytes depend on nothing but the members."""
    sums = []
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members:
            sums.append(f"{_add(archive, f'{root}/{name}', content)}  {name}\n")
        _add(archive, f"{root}/{SUMS}", "".join(sorted(sums, key=lambda line: line.split("  ")[1])).encode())
    return len(sums) + 1


def _add(archive: zipfile.ZipFile, name: str, content: bytes | Path) -> str:
    """Add a member; return its SHA-256."""
    info = zipfile.ZipInfo(name, SAME_MOMENT)
    info.create_system, info.external_attr = 3, READABLE << 16
    info.compress_type = zipfile.ZIP_STORED if name.endswith(".parquet") else zipfile.ZIP_DEFLATED
    info.file_size = len(content) if isinstance(content, bytes) else content.stat().st_size
    digest = hashlib.sha256()
    with archive.open(info, "w") as member:
        for piece in _pieces(content):
            digest.update(piece)
            member.write(piece)
    return digest.hexdigest()


def _pieces(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
