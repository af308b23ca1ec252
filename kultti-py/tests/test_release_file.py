"""A release is a plain table to everybody else: DuckDB and pandas read it without Kultti."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd

DATASETS = Path(__file__).parents[2] / "datasets"
RELEASE = DATASETS / "example.parquet"
COLUMNS = ["measure", "period", "area", "value", "status", "missing", "territory", "origin", "note"]


def sources() -> pd.DataFrame:
    """The tables the release was built from, as pandas reads them."""
    tables = sorted((DATASETS / "finland" / "observations").glob("*.csv"))
    text = {"period": str, "area": str, "territory": str, "missing": str, "note": str}
    return pd.concat([pd.read_csv(table, dtype=text, keep_default_na=True) for table in tables], ignore_index=True)


def test_duckdb_reads_a_release() -> None:
    """Rows and exact sums per measure and year are those of the source tables."""
    query = f"SELECT measure, period, count(*) AS n, sum(value) AS total FROM '{RELEASE}' GROUP BY ALL ORDER BY ALL"
    found = duckdb.sql(query).df().set_index(["measure", "period"])
    expected = sources().groupby(["measure", "period"])["value"].agg(["size", lambda values: values.sum(min_count=1)])
    assert found["n"].tolist() == expected["size"].tolist()
    totals = expected.iloc[:, 1]
    assert ((found["total"] - totals).abs() <= 1e-9 * totals.abs()).all()


def test_pandas_reads_a_release_in_key_order() -> None:
    """The columns are those of the observation schema; rows ascend by key; a value is missing exactly with a reason."""
    frame = pd.read_parquet(RELEASE)
    assert frame.columns.tolist() == COLUMNS
    assert len(frame) == len(sources())
    keys = frame[["measure", "period", "area", "territory"]].astype(str).apply(tuple, axis=1)
    assert keys.is_monotonic_increasing
    assert keys.is_unique
    assert (frame["value"].isna() == frame["missing"].notna()).all()
    assert set(frame["status"]) == {"A", "W", "K", "O"}
