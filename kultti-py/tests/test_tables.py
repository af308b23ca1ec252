"""Frames and relations of other libraries become tables, and the tables become theirs: values, types, leading zeros."""

from __future__ import annotations

import math
import warnings
from pathlib import Path
from typing import Any

import kultti
import pytest

AREAS = ["005", "005", "091", "091"]
YEARS = ["2018", "2019", "2018", "2019"]
VALUES = [1.5, None, 0.1 + 0.2, -3.0]
LIBRARIES = ("pandas", "polars", "pyarrow", "duckdb")

MAPPING = """
[cube]
languages = ["fi"]

[[column]]
name = "kunta"
role = "geo"
dimension = "area"

[[column]]
name = "vuosi"
role = "time"
dimension = "year"

[[column]]
name = "arvo"
role = "value"
"""


def frame(library: str) -> Any:
    """The same table in a library's own type."""
    module = pytest.importorskip(library)
    columns = {"kunta": AREAS, "vuosi": YEARS, "arvo": VALUES}
    if library == "pandas":
        return module.DataFrame({**columns, "arvo": [math.nan if v is None else v for v in VALUES]})
    if library == "polars":
        return module.DataFrame(columns)
    if library == "pyarrow":
        return module.table(columns)
    rows = ", ".join(
        f"('{a}', '{y}', {'NULL' if v is None else repr(v)}::DOUBLE)"
        for a, y, v in zip(AREAS, YEARS, VALUES)
    )
    return module.sql(f"SELECT * FROM (VALUES {rows}) AS t(kunta, vuosi, arvo)")


def rows(cube: kultti.Cube) -> list[dict[str, Any]]:
    """The cells of a table by Arrow."""
    pyarrow = pytest.importorskip("pyarrow")
    listed: list[dict[str, Any]] = pyarrow.table(cube).to_pylist()
    return listed


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_frame_is_a_table_by_a_mapping(library: str, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cube = kultti.read(frame(library), mapping=mapping)
    assert [(d.code, d.role) for d in cube.dimensions] == [("area", "geo"), ("year", "time")]
    assert [c.code for c in cube.dimensions[0].categories] == ["005", "091"]
    assert [row["value"] for row in rows(cube)] == VALUES


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_frame_is_a_table_by_rules_that_are_said(library: str) -> None:
    with pytest.warns(kultti.TableWarning):
        cube = kultti.read(frame(library))
    assert [row["kunta"] for row in rows(cube)] == AREAS
    assert [row["value"] for row in rows(cube)] == VALUES
    assert cube.dimensions[1].role == "time"


@pytest.mark.parametrize("library", ("pandas", "polars", "pyarrow"))
def test_a_parquet_file_of_a_library_is_a_table(library: str, tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    table = frame(library)
    if library == "pandas":
        table.set_index(["kunta", "vuosi"]).to_parquet(path)
    elif library == "polars":
        table.write_parquet(path)
    else:
        parquet = pytest.importorskip("pyarrow.parquet")
        parquet.write_table(table, path, use_deprecated_int96_timestamps=True)
    with pytest.warns(kultti.TableWarning):
        cube = kultti.read(path)
    assert [row["kunta"] for row in rows(cube)] == AREAS
    assert [row["value"] for row in rows(cube)] == VALUES


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_reads_the_parquet_that_kultti_writes(library: str, tmp_path: Path) -> None:
    module = pytest.importorskip(library)
    with pytest.warns(kultti.TableWarning):
        cube = kultti.read(frame("pyarrow"))
    path = tmp_path / "table.parquet"
    cube.write(path)
    if library == "pandas":
        found = module.read_parquet(path)
        values = [None if math.isnan(value) else value for value in found["value"]]
        assert found["value"].dtype == "float64"
        assert list(found["kunta"]) == AREAS
        assert values == VALUES
        return
    if library == "polars":
        found = module.read_parquet(path).to_dicts()
    elif library == "pyarrow":
        found = pytest.importorskip("pyarrow.parquet").read_table(path).to_pylist()
    else:
        relation = module.read_parquet(str(path))
        found = [dict(zip(relation.columns, row)) for row in relation.fetchall()]
    assert [row["kunta"] for row in found] == AREAS
    assert [row["vuosi"] for row in found] == YEARS
    assert [row["value"] for row in found] == VALUES
    assert all(row["value"] is None or type(row["value"]) is float for row in found)


def test_a_frame_of_our_own_is_the_same_table_again() -> None:
    polars = pytest.importorskip("polars")
    with pytest.warns(kultti.TableWarning):
        cube = kultti.read(frame("pyarrow"))
    with warnings.catch_warnings():
        # Without the metadata, which polars leaves out, the columns themselves say what they are.
        warnings.simplefilter("ignore")
        again = kultti.read(polars.DataFrame(cube))
    assert rows(again) == rows(cube)


def test_the_encoding_of_a_file_can_be_named() -> None:
    file = "area,value\nÄänekoski,1\n".encode("cp850")
    with pytest.warns(kultti.TableWarning):
        cube = kultti.read(file, format="csv", encoding="cp850")
    assert [c.code for c in cube.dimensions[0].categories] == ["Äänekoski"]
    assert cube.encoding == "IBM850"
    with pytest.raises(kultti.KulttiError, match="ibm850"):
        kultti.read(file, format="csv", encoding="ibm85")
