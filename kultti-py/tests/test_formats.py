"""Real files of statistical offices through ``kultti.read``, cell by cell as pyaxis, pyjstat and pysdmx read them."""

from __future__ import annotations

import csv
import warnings
from pathlib import Path
from typing import Any

import kultti
import pyarrow as pa
import pytest

from independent_readers import ask, interop

PX = interop("px")
JSON_STAT = interop("jsonstat")
SDMX = interop("sdmx-csv")


def name(path: Path) -> str:
    return path.name


def read(path: Path | bytes, **options: Any) -> kultti.Cube:
    """The table; what its reader assumed is no matter here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", kultti.TableWarning)
        return kultti.read(path, language="en", **options)


def rows(cube: kultti.Cube) -> list[dict[str, Any]]:
    return pa.table(cube).to_pylist()


def test_the_real_files_are_there() -> None:
    if not (PX or JSON_STAT or SDMX):
        said = "NOT TESTED: KULTTI_INTEROP does not name the folder of real PX, JSON-stat and SDMX-CSV files"
        warnings.warn(said, stacklevel=2)
        pytest.skip(said)
    assert min(len(PX), len(JSON_STAT), len(SDMX)) >= 6


@pytest.mark.parametrize("path", PX, ids=name)
def test_px_as_pyaxis_reads_it(path: Path) -> None:
    if "error__fatal" in path.name:
        with pytest.raises(kultti.InvalidDataError, match=rf"{path.name}:\d+:"):
            kultti.read(path)
        return
    cube = read(path)
    if path.name.startswith("keys__"):
        # pyaxis knows no KEYS: it takes the keys of a row for figures. A row that is left out is zeros: all cells are there.
        sizes = 1
        for dimension in cube.dimensions:
            sizes *= len(dimension.categories)
        assert len(rows(cube)) == sizes
        return
    theirs = ask("read_px.py", path, cube.encoding or "utf-8")
    ours = rows(cube)
    assert len(ours) == len(theirs)
    for row, their in zip(ours, theirs, strict=True):
        text = their.strip('";')
        if row["symbol"] is None:
            assert row["value"] == float(text), row
        else:
            assert row["symbol"] == text, row


@pytest.mark.parametrize("path", [path for path in JSON_STAT if path.suffix == ".json"], ids=name)
def test_json_stat_as_pyjstat_reads_it(path: Path) -> None:
    tables = ask("read_jsonstat.py", path)
    if isinstance(tables, dict):
        # pyjstat takes neither a header alone nor a collection, which Kultti lists.
        assert path.name in ("TAB6471_metadata.json", "collection.json"), tables
        with pytest.warns(kultti.TableWarning):
            cube = kultti.read(path)
        assert len(cube) == (8 if path.name == "collection.json" else 0)
        return
    for number, table in enumerate(tables, start=1):
        cube = read(path, dataset=str(number)) if len(tables) > 1 else read(path)
        codes = [dimension.code for dimension in cube.dimensions]
        ours = [
            [*(row[code] for code in codes), row["value"] if row.get("text") is None else row["text"]]
            for row in rows(cube)
        ]
        theirs = table["rows"]
        if len(ours) < len(theirs):
            # Of a hierarchy Kultti has the cells that the file has; pyjstat fills up the others with nothing.
            ours, theirs = ([row for row in side if row[-1] is not None] for side in (ours, theirs))
        assert ours == theirs


@pytest.mark.parametrize("path", SDMX, ids=name)
def test_sdmx_csv_as_pysdmx_reads_it(path: Path) -> None:
    cube = read(path)
    codes = [dimension.code for dimension in cube.dimensions]
    measure = "MEAS_1" if "MEAS_1" in path.read_text(encoding="utf-8") else "OBS_VALUE"
    theirs = {}
    for data_set in ask("read_sdmx.py", path):
        for row in data_set["rows"] if data_set["action"] != "Delete" else []:
            key = tuple(row.get(code) for code in codes)
            if None not in key:
                theirs[key] = None if row.get(measure) is None else float(row[measure])
    ours = {tuple(row[code] for code in codes): row["value"] for row in rows(cube)}
    # Deletes and partial keys are no cells.
    assert ours == (theirs if ours else {})


@pytest.mark.parametrize("path", [path for path in JSON_STAT if path.suffix == ".csv"], ids=name)
def test_the_table_beside_a_file_has_its_figures(path: Path) -> None:
    with path.open(encoding="utf-8") as file:
        theirs = [float(row[-1]) if row[-1] else None for row in list(csv.reader(file))[1:]]
    cube = read(path.with_name(path.name.replace("-to_table.csv", ".json")), dataset="1")
    assert [row["value"] for row in rows(cube)] == theirs


@pytest.mark.parametrize("path", [path for path in PX if "error__continue" in path.name], ids=name)
def test_what_is_doubtful_is_read_with_a_warning(path: Path) -> None:
    with pytest.warns(kultti.TableWarning):
        cube = kultti.read(path)
    assert cube.warnings
    with warnings.catch_warnings():
        warnings.simplefilter("error", kultti.TableWarning)
        with pytest.raises(kultti.TableWarning):
            kultti.read(path)


def test_a_broken_table_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.csv"
    path.write_text("area,year,value\n005,2019,1\n091,2019\n", encoding="utf-8")
    with pytest.raises(kultti.InvalidDataError, match=r"broken\.csv:3"):
        kultti.read(path)


@pytest.mark.parametrize("ending", ["px", "jsonstat", "sdmx.csv", "csv", "tsv", "xlsx", "parquet", "arrow"])
def test_a_table_goes_through_every_format(tmp_path: Path, ending: str) -> None:
    source = b"area,year,value\n005,2018,1.5\n005,2019,2\n091,2018,\n091,2019,-4.25\n"
    cube = read(source, format="csv")
    path = tmp_path / f"table.{ending}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", kultti.TableWarning)
        cube.write(path)
        again = kultti.read(path)
    # SDMX has its own name for the dimension of time.
    time = {"TIME_PERIOD": "year"}
    found = set()
    for row in rows(again):
        codes = [(time.get(one.code, one.code), row[one.code]) for one in again.dimensions]
        found.add((*sorted(codes), row["value"]))
    figures = [("005", "2018", 1.5), ("005", "2019", 2.0), ("091", "2018", None), ("091", "2019", -4.25)]
    assert found == {(("area", area), ("year", year), value) for area, year, value in figures}
