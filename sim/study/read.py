"""A study read back: tables for pandas, from shards that any reader of Parquet can open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.core.arrow import frame_of, read_table
from sim.core.errors import ProtestorateError
from sim.core.files import content as content_of
from sim.core.files import opened
from sim.core.keypath import undotted
from sim.models.declarations import Declarations, Declared
from sim.models.results import without_never
from sim.study.bases import declared_of, missing_base
from sim.study.chunk import digest_of
from sim.study.folder import POINTS, read_failures
from sim.study.manifest import IDENTITY_OF_POINTS, OWN_COLUMNS, digest, read_manifest
from sim.study.shard import DAMAGE, Members, Shard, UnusableError, counted

SAID_ONLY = ("about", "sources", "publications")
"""Sections that no run depends on."""
IDENTITY = ("run_id", "point", "replicate", "seed")


@dataclass(frozen=True)
class StudyData:
    """A study's results.

    Parameters
    ----------
    folder : Path
    manifest : dict
        Content of ``study.json``.
    """

    folder: Path
    manifest: dict[str, Any]

    def __repr__(self) -> str:
        return f"StudyData({str(self.folder)!r}, {len(self.manifest['seeds'])} seeds)"

    @cached_property
    def points(self) -> pd.DataFrame:
        """A row a point of the design, in its order, with the value in force of each key path it changes."""
        try:
            content = content_of(self.folder / POINTS)
            table = read_table(pa.BufferReader(content), page_checksum_verification=True)
            own = digest(list(map(list, zip(*(table[name].to_pylist() for name in IDENTITY_OF_POINTS), strict=True))))
            sound = own == self.manifest["identity"]["points"]
            sound &= set(self.manifest["changed"]) == set(table.column_names).difference(OWN_COLUMNS)
            sound &= self.manifest.get("table_of_points") in (None, digest_of(table))  # None: of an earlier version
            frame = frame_of(table)
        except DAMAGE as error:
            message = f"{self.folder / POINTS}: is missing or damaged: {error}; run the study again to mend it"
            raise ProtestorateError(message) from error
        if not sound:
            message = f"{self.folder / POINTS}: holds points of another study; run the study again to mend it"
            raise ProtestorateError(message)
        unknown = set(frame["base"]).difference(self.manifest["bases"])
        if unknown:
            raise missing_base(min(unknown))
        return frame

    @cached_property
    def members(self) -> Members:
        """The runs that the study has, which its shards are held against."""
        identity = self.manifest["identity"]
        hashes = self.points["scenario_hash"].tolist()
        return Members(digest(identity), hashes, self.manifest["seeds"], identity["model_version"])

    @cached_property
    def shards(self) -> tuple[Shard, ...]:
        """The shards that count, in the order of their first runs; those that are stored when it is first asked."""
        return counted(self.folder, self.members)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """A row a point and replicate that has come to its end, in this order.

        A point with the same scenario as an earlier one is not run again; it has the earlier one's rows. Where a
        number of days until something says that it never happened (−1), there is nothing.
        """
        tables = [shard.table.replace_schema_metadata(None) for shard in self.shards]
        if not tables:
            return pd.DataFrame(columns=["run_id", "point", "label", "base", "replicate", "seed", "outcome"])
        together = pa.concat_tables(tables, promote_options="permissive")
        frame = self._for_every_point(frame_of(together, date_as_object=False))
        named = self.points.set_index("point")
        frame["label"] = frame["point"].map(named["label"])
        frame["base"] = frame["point"].map(named["base"])
        for path in self.manifest["changed"]:  # what is said of a case may differ or change although its runs do not
            if undotted(path)[0] in SAID_ONLY or path not in frame:
                frame[path] = frame["point"].map(named[path])
        frame = without_never(frame, self.declared.numbers)
        return frame.sort_values(["point", "replicate"], ignore_index=True)

    @cached_property
    def declared(self) -> Declared:
        """What the columns and numbers of its runs are: label, unit, kind."""
        return declared_of(self.manifest)

    @cached_property
    def numbers(self) -> Declarations:
        """Likewise the numbers of the summaries, by name."""
        return Declarations(self.declared.numbers)

    @property
    def failures(self) -> list[dict[str, Any]]:
        """The runs that failed, with the reasons."""
        return [asdict(failure) for failure in read_failures(self.folder, self.members)]

    @property
    def to_do(self) -> int:
        """Runs that are neither stored nor failed; 0 where a study decides by itself how many it needs."""
        if self.manifest["precision"]:
            return 0
        distinct = int((self.points["same_as"] == self.points["point"]).sum())
        return distinct * len(self.manifest["seeds"]) - self.runs["run_id"].nunique() - len(self.failures)

    def days(self, columns: Sequence[str] | None = None, points: Iterable[int] | None = None) -> pd.DataFrame:
        """Return a row a run and day, sorted by point, replicate and day.

        Parameters
        ----------
        columns : sequence of str, optional
            Daily columns to read besides those that say which run and day it is; all if left out.
        points : iterable of int, optional
            Points of the design; all if left out.

        Raises
        ------
        ProtestorateError
            If the study has not kept daily series, or has no such column.
        """
        return self._series("days", columns, points)

    def localities(self, columns: Sequence[str] | None = None, points: Iterable[int] | None = None) -> pd.DataFrame:
        """Return a row a run, day and locality; as `days`."""
        return self._series("localities", columns, points)

    def check_tables(self) -> None:
        """Make sure that the tables beside ``runs`` are what was written; raises ProtestorateError if one is not."""
        for shard in self.shards:
            for table in shard.digests:
                try:
                    shard.check(table)
                except UnusableError as error:
                    message = f"{self.folder}: the shard {shard.name} {error}; run the study again to mend it"
                    raise ProtestorateError(message) from error

    def _series(self, table: str, columns: Sequence[str] | None, points: Iterable[int] | None) -> pd.DataFrame:
        if not self.manifest["keep"][table]:
            raise ProtestorateError(f"{self.folder}: this study has not kept {table}; set keep.{table} to true")
        wanted = None if points is None else sorted(set(points))
        firsts = None if wanted is None else sorted({int(self.points["same_as"][point]) for point in wanted})
        found = self._read(table, columns, firsts)
        if found is None:
            return pd.DataFrame(columns=list(IDENTITY))
        frame = self._for_every_point(frame_of(found, date_as_object=False))
        if wanted is not None:
            frame = frame[frame["point"].isin(wanted)]
        frame = frame.sort_values(["point", "replicate"], kind="stable", ignore_index=True)
        for name in frame.columns[frame.dtypes == "category"]:  # shards know only the categories of their own runs
            present = frame[name].cat.remove_unused_categories()
            frame[name] = present.cat.reorder_categories(sorted(present.cat.categories))
        return frame

    def _read(
        self, table: str, columns: Sequence[str] | None = None, points: list[int] | None = None
    ) -> pa.Table | None:
        """Read the shards of a table beside ``runs``; None if there is none."""
        # The runs, which have been made sure of, say where a point is: not the statistics of files.
        wanted = None if points is None else set(points)
        shards = [shard for shard in self.shards if wanted is None or any(point in wanted for point, _ in shard.places)]
        try:
            for shard in shards:
                shard.check(table)
            files = [shard.file_of(table) for shard in shards if table in shard.digests]
            if not files:
                return None
            own = {path: _schema(path).names for path in files}
            known = list(dict.fromkeys(name for names in own.values() for name in names))
            chosen = known if columns is None else self._chosen(table, columns, known)
            found = [_rows(path, [name for name in chosen if name in own[path]], points) for path in files]
            return pa.concat_tables(found, promote_options="permissive").select(chosen)
        except (OSError, pa.ArrowException, UnusableError) as error:
            message = f"{self.folder}: the table {table} is damaged: {error}; run the study again to mend it"
            raise ProtestorateError(message) from error

    def _chosen(self, table: str, columns: Sequence[str], known: list[str]) -> list[str]:
        always = [name for name in (*IDENTITY, "date", "step", "locality") if name in known]
        unknown = [name for name in columns if name not in known]
        if unknown:
            raise ProtestorateError(f"{self.folder}: the table {table} has no column {unknown[0]!r}")
        return list(dict.fromkeys([*always, *columns]))

    def _for_every_point(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Repeat the rows of a point for the later points with the same scenario."""
        repeated = self.points.loc[self.points["same_as"] != self.points["point"], ["point", "same_as"]]
        if repeated.empty:
            return frame
        copies = [frame]
        for point, first in repeated.itertuples(index=False):
            copies.append(frame[frame["point"] == first].assign(point=point))
        return pd.concat(copies, ignore_index=True)


def _schema(path: Path) -> pa.Schema:
    # Opened here and not by Arrow, which takes names of files in UTF-8 alone.
    with opened(path) as file:
        return pq.read_schema(file)


def _rows(path: Path, columns: list[str], points: list[int] | None) -> pa.Table:
    with opened(path) as file:
        table = read_table(file, columns=columns).replace_schema_metadata(None)
    return table if points is None else table.filter(pc.is_in(table["point"], pa.array(points, table["point"].type)))


def read_study(folder: str | Path) -> StudyData:
    """Read a study; raises ProtestorateError if there is none in the folder."""
    path = Path(folder)
    return StudyData(path, read_manifest(path))
