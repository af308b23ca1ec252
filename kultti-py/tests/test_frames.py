"""Results as frames of pyarrow, polars, pandas and DuckDB: types, nulls, leading zeros, and what is said without them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import kultti
import pandas
import polars
import pyarrow
import pytest

from conftest import CULTURE, EXAMPLE

CSV = b"area,year,value\n005,2019,1.5\n091,2019,\n"


def _read(source: Any) -> kultti.Cube:
    with pytest.warns(kultti.TableWarning):
        return kultti.read(source, format="csv" if isinstance(source, bytes) else None)


@pytest.fixture(scope="module")
def tables(release: kultti.Release) -> dict[str, Any]:
    return {
        "comparison": release.compare(CULTURE, "Kokkola", period=2019),
        "ranking": release.rank(CULTURE, period=2019, order="desc", territory="2019-12-31"),
        "groups": release.groups(CULTURE, by="region"),
        "trend": release.trend(CULTURE, ["Kokkola", "Valtimo"], territory="then"),
        "peers": release.peers(CULTURE, "Kokkola", k=3),
        "explanation": release.explain(CULTURE, "Kokkola"),
        "indicators": release.indicators,
        "areas": release.areas,
        "cube": _read(CSV),
        "everything": release.compare_all(["rank", "change"], order="desc"),
    }


NAMES = ["comparison", "ranking", "groups", "trend", "peers", "explanation", "indicators", "areas", "cube", "everything"]


@pytest.mark.parametrize("name", NAMES)
def test_three_frames_hold_the_same(name: str, tables: dict[str, Any]) -> None:
    arrow, polar, panda = tables[name].to_arrow(), tables[name].to_polars(), tables[name].to_pandas()
    assert isinstance(arrow, pyarrow.Table) and isinstance(polar, polars.DataFrame) and isinstance(panda, pandas.DataFrame)
    assert arrow.column_names == polar.columns == list(panda.columns)
    for column in arrow.column_names:
        expected = arrow.column(column).to_pylist()
        assert polar[column].to_list() == expected
        own = [None if pandas.isna(value) else value for value in panda[column].tolist()]
        assert own == expected


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_nan_outside_pandas(name: str, tables: dict[str, Any]) -> None:
    polar = tables[name].to_polars()
    for column in polar.columns:
        if polar[column].dtype.is_float():
            assert not polar[column].is_nan().any()


def test_codes_keep_their_zeros(tables: dict[str, Any]) -> None:
    assert "005" in tables["ranking"].to_pandas()["code"].to_list()
    assert "005" in tables["everything"].to_polars()["area"].unique().to_list()
    assert tables["cube"].to_polars()["area"].to_list() == ["005", "091"]


def test_types_do_not_depend_on_what_is_missing(release: kultti.Release, tables: dict[str, Any]) -> None:
    """Valtimo has no rank on the borders of 2019, Kokkola has: the columns are of one type."""
    with_gap = release.rank(CULTURE, period=2019, order="desc", territory="2019-12-31").to_pandas()
    without = release.rank(CULTURE, period=2019, order="desc", within="region:16").to_pandas()
    assert with_gap["rank"].isna().any() and not without["rank"].isna().any()
    assert dict(with_gap.dtypes.astype(str)) == dict(without.dtypes.astype(str))
    assert str(with_gap["rank"].dtype) == "Int64"
    gap = with_gap[with_gap["value"].isna()]
    assert gap["missing"].notna().all()


def test_duckdb_reads_results(tables: dict[str, Any]) -> None:
    ranking = tables["ranking"]
    assert duckdb.sql("SELECT count(*), min(rank) FROM ranking").fetchall() == [(len(ranking), 1)]


def test_frames_are_read_as_tables() -> None:
    """``kultti.read`` takes what speaks the Arrow stream interface, from each of them."""
    frame = polars.DataFrame({"area": ["005", "091"], "year": ["2019", "2019"], "value": [1.5, None]})
    relation = duckdb.sql("SELECT * FROM frame")
    for given in (frame, frame.to_arrow(), frame.to_pandas(), relation):
        assert len(_read(given)) == 2
        assert _read(given).to_polars()["value"].to_list() == [1.5, None]


BLOCKED = """
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {names!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Blocked())
import kultti
"""

WITHOUT = """
release = kultti.open({path!r}, language="sv")
c = release.compare({culture!r}, "Kokkola", period=2019, peers=["region", "similar:4"])
assert repr(c) and c._repr_html_() and c.to_dict() and c.to_json() and c.cite() and c.explain().to_json()
assert repr(release.indicators[{culture!r}]) and list(release.areas)
assert release.compare_all(["rank"], order="desc", start=2019).summary().rows > 1000
import os, tempfile
with tempfile.TemporaryDirectory() as folder:
    for ending in ("csv", "xlsx", "parquet", "arrow", "px", "json", "html", "md"):
        c.write(os.path.join(folder, "c." + ending))
    assert len(kultti.read(os.path.join(folder, "c.px"))) > 0
for convert, extra in ((c.to_arrow, "arrow"), (c.to_polars, "polars"), (c.to_pandas, "pandas")):
    try:
        convert()
    except ImportError as error:
        assert isinstance(error, kultti.MissingPackageError) and error.code == "K0931"
        assert f"pip install 'kultti[{{extra}}]'" in str(error) and "behövs paketet" in str(error), str(error)
        assert isinstance(error.__cause__, ModuleNotFoundError)
    else:
        raise SystemExit(extra)
assert not {names!r} & set(sys.modules)
"""


def test_nothing_of_it_is_needed(tmp_path: Path) -> None:
    """Without pyarrow, pandas, numpy, polars, DuckDB and tqdm everything but frames works, and the error names the extra."""
    names = {"pyarrow", "pandas", "numpy", "polars", "duckdb", "tqdm", "altair", "great_tables", "itables", "IPython"}
    program = BLOCKED.format(names=names) + WITHOUT.format(path=os.fspath(EXAMPLE), culture=CULTURE, names=names)
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
