"""Every answer in every format, read back by libraries that are not Kultti's."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import kultti
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from conftest import CULTURE, LIBRARY

Question = Callable[[kultti.Release], kultti.Table]

CUBES: dict[str, Question] = {
    "compare": lambda release: release.compare(CULTURE, "Kokkola"),
    "compare-list": lambda release: release.compare(CULTURE, "Kokkola", peers=["region:16"], list=True),
    "rank": lambda release: release.rank(LIBRARY, order="desc"),
    "groups": lambda release: release.groups(LIBRARY, by="region"),
    "change": lambda release: release.change(LIBRARY, by="region", start=2015, end=2019),
    "trend": lambda release: release.trend(LIBRARY, ["Kokkola", "Nurmes"]),
    "inequality": lambda release: release.inequality(LIBRARY, by="region"),
    "peers": lambda release: release.peers(CULTURE, "Kokkola"),
    "expected": lambda release: release.expected(LIBRARY, "Kokkola"),
}
LISTS: dict[str, Question] = {
    "explain": lambda release: release.explain(CULTURE, "Kokkola"),
    "indicators": lambda release: release.indicators,
    "areas": lambda release: release.areas,
    "diff": lambda release: release.diff(release),
}
EVERY = CUBES | LISTS


ANSWERS: dict[str, kultti.Table] = {}


def ask(release: kultti.Release, verb: str) -> kultti.Table:
    """The answer of a verb, asked once: some of them take their time."""
    if verb not in ANSWERS:
        ANSWERS[verb] = EVERY[verb](release)
    return ANSWERS[verb]


def rows(answer: kultti.Table) -> list[dict[str, Any]]:
    return pa.table(answer).to_pylist()


def read_csv(path: Path, separator: str = ",") -> list[dict[str, Any]]:
    read = pd.read_csv(path, sep=separator, dtype=str, keep_default_na=False)
    return read.to_dict(orient="records")


def read_xlsx(path: Path) -> list[dict[str, Any]]:
    openpyxl = pytest.importorskip("openpyxl")
    sheet = openpyxl.load_workbook(path)["data"]
    header, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(header, line, strict=True)) for line in lines]


def same(found: Any, expected: Any) -> bool:
    """Whether a cell as text, or as a number, is the value; nothing is nothing however it is written."""
    if expected is None or expected == "":
        return found is None or found == ""
    if isinstance(expected, bool):
        return found is expected or found == str(expected).lower()
    if isinstance(expected, int | float):
        return float(found) == expected
    return str(found) == expected


@pytest.mark.parametrize("verb", EVERY)
@pytest.mark.parametrize("ending", ["csv", "tsv", "parquet", "arrow", "xlsx"])
def test_flat_formats_hold_the_same_table(
    release: kultti.Release, tmp_path: Path, verb: str, ending: str
) -> None:
    answer = ask(release, verb)
    path = tmp_path / f"answer.{ending}"
    answer.write(path)
    expected = rows(answer)
    if ending == "parquet":
        found = pl.read_parquet(path).to_dicts()
    elif ending == "arrow":
        found = pl.read_ipc(path.read_bytes()).to_dicts()
    elif ending == "xlsx":
        found = read_xlsx(path)
    else:
        found = read_csv(path, "," if ending == "csv" else "\t")
    assert len(found) == len(expected)
    for line, wanted in zip(found, expected, strict=True):
        assert list(line) == list(wanted)
        for name, value in wanted.items():
            assert same(line[name], value), (name, line[name], value)


@pytest.mark.parametrize("verb", EVERY)
def test_the_forms_for_reading(release: kultti.Release, tmp_path: Path, verb: str) -> None:
    answer = ask(release, verb)
    answer.write(tmp_path / "answer.json")
    written = json.loads((tmp_path / "answer.json").read_text(encoding="utf-8"))
    assert type(written) is type(answer.to_dict())
    answer.write(tmp_path / "answer.html")
    assert (tmp_path / "answer.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    answer.write(tmp_path / "answer", format="md")
    assert (tmp_path / "answer").stat().st_size > 0


@pytest.mark.parametrize("verb", CUBES)
def test_sdmx_csv_holds_every_figure(release: kultti.Release, tmp_path: Path, verb: str) -> None:
    answer = ask(release, verb)
    path = tmp_path / "answer.sdmx.csv"
    answer.write(path)
    read = pd.read_csv(path, dtype=str, keep_default_na=False)
    dimensions = [name for name in ("CODE", "GROUPING", "GROUP", "PERIOD", "TIME_PERIOD") if name in read]
    assert dimensions
    expected = rows(answer)
    numbers = [
        name
        for name, field in zip(pa.table(answer).schema.names, pa.table(answer).schema.types, strict=True)
        if field in (pa.float64(), pa.int64())
    ]
    values = sorted(float(row[name]) for row in expected for name in numbers if row[name] is not None)
    found = sorted(float(value) for value in read["OBS_VALUE"] if value not in ("", "NaN"))
    assert found == values
    # Why a figure is missing stands beside it.
    reasons = {row["missing"] for row in expected if row.get("missing")}
    assert reasons <= set(read.get("MISSING", []))


@pytest.mark.parametrize("verb", LISTS)
@pytest.mark.parametrize("ending", ["px", "jsonstat", "sdmx.csv"])
def test_a_list_is_no_cube(release: kultti.Release, tmp_path: Path, verb: str, ending: str) -> None:
    path = tmp_path / f"answer.{ending}"
    with pytest.raises(kultti.InvalidArgumentError, match="list"):
        ask(release, verb).write(path)
    assert not path.exists()


def test_what_cannot_be_written_leaves_the_file_as_it_was(release: kultti.Release, tmp_path: Path) -> None:
    path = tmp_path / "answer.px"
    path.write_text("before", encoding="utf-8")
    with pytest.raises(kultti.InvalidArgumentError):
        release.areas.write(path)
    assert path.read_text(encoding="utf-8") == "before"
    with pytest.raises(kultti.InvalidDataError):
        release.areas.write(tmp_path / "answer.zzz")
    with pytest.raises(kultti.InvalidArgumentError):
        release.areas.write(tmp_path / "answer", format="pdf")
    assert [file.name for file in tmp_path.iterdir()] == ["answer.px"]
