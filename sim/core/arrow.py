"""Parquet files and data frames, read in the thread that asks.

Our tables are small, and pyarrow's own threads do not help with them. They hinder: a program that ends soon after it
has read a table died now and then with "terminate called without an active exception", as such a thread was starting.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq


def read_table(source: Any, columns: list[str] | None = None, **options: Any) -> pa.Table:
    """Return the table of a Parquet file, or some columns of it; options are those of `pyarrow.parquet.ParquetFile`."""
    with pq.ParquetFile(source, pre_buffer=False, **options) as file:
        return file.read(columns=columns, use_threads=False)


def frame_of(table: pa.Table, **options: Any) -> pd.DataFrame:
    """Return a table as a data frame; options are those of `pyarrow.Table.to_pandas`."""
    frame: pd.DataFrame = table.to_pandas(use_threads=False, **options)
    return frame


def table_of(frame: pd.DataFrame) -> pa.Table:
    """Return a data frame as a table, without its index."""
    return pa.Table.from_pandas(frame, preserve_index=False, nthreads=1)
