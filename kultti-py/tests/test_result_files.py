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
from independent_readers import ask as independent

Question = Callable[[kultti.Release], kultti.Table]

CUBES: dict[str, Question] = {
    "compare": lambda release: release.compare(CULTURE, "Kokkola"),
    "compare-list": lambda release: release.compare(CULTURE, "Kokkola", peers=["region:16"], list=True),
    "rank": lambda release: release.rank(LIBRARY, order="desc"),
    "groups": lambda release: release.groups(LIBRARY, by="region"),
    "change": lambda release: release.change(LIBRARY, by="region", start=2015, end=2019),
    "trend": lambda release: release.trend(LIBRARY, ["Kokkola", "Nurmes"]),
    "inequality": lambda release: release.inequality(LIBRARY, by="region"),
    "composition": lambda release: release.composition(CULTURE, "Kokkola", peers=["region", "country"]),
    "peers": lambda release: release.peers(CULTURE, "Kokkola"),
    "expected": lambda release: release.expected(LIBRARY, "Kokkola"),
}
# These need counts, which the example release has not.
COUNTED: dict[str, Question] = {
    "intervals": lambda counted: counted.intervals("library.visits_per_inhabitant", by="region"),
    "compare-intervals": lambda counted: counted.compare("library.visits_per_inhabitant", "Kokkola", intervals=95),
    "cost-per-use": lambda counted: counted.cost_per_use(
        "library.expenditure_per_inhabitant", "Kokkola", peers=["region", "country"]
    ),
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
    """The sheet of the data as openpyxl reads it."""
    [sheet] = [sheet for sheet in independent("read_workbook.py", path) if sheet["name"] == "data"]
    header, *lines = [[value for _, value, _ in row] for row in sheet["rows"]]
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


LANGUAGES = ("fi", "sv", "en")
# PX symbols of missing figures and the SDMX statuses that they stand for.
SYMBOLS = {"O": ".", "M": "..", "Q": "...", "L": "...."}
REASONS = {
    "missing": "O",
    "not-reported": "O",
    "not-applicable": "M",
    "suppressed": "Q",
    "not-collected": "L",
    "included": "K",
    "no-members": "O",
}


def question(release: kultti.Release, counted: kultti.Release, verb: str) -> kultti.Table:
    if verb in COUNTED and verb not in ANSWERS:
        ANSWERS[verb] = COUNTED[verb](counted)
    return ANSWERS[verb] if verb in COUNTED else ask(release, verb)


def key_of(row: dict[str, Any], metric: str, dimensions: list[str]) -> tuple[str, ...]:
    """The codes of a row, with those of groups as they are asked for; rows of no group belong to the whole."""
    key = []
    for dimension in dimensions:
        code = metric if dimension == "metric" else row[dimension]
        if dimension == "group" and row.get("grouping") is not None:
            code = f"{row['grouping']}:{code}"
        key.append(str(code) if code is not None else "_T")
    return tuple(key)


def wanted(answer: kultti.Table, metrics: list[str], dimensions: list[str]) -> dict[tuple[str, ...], float | None]:
    """Every number of the flat table by the codes of its row and the name of its column."""
    figures = {}
    for row in rows(answer):
        for metric in metrics:
            key = key_of(row, metric, dimensions)
            assert key not in figures
            figures[key] = row[metric]
    return figures


@pytest.mark.parametrize("verb", CUBES | COUNTED)
def test_px_and_json_stat_hold_every_figure(
    release: kultti.Release, counted: kultti.Release, tmp_path: Path, verb: str
) -> None:
    answer = question(release, counted, verb)
    path = tmp_path / "answer.jsonstat"
    answer.write(path)
    document = json.loads(path.read_text(encoding="utf-8"))
    [table] = independent("read_jsonstat.py", path)
    metrics = document["dimension"]["metric"]["category"]["index"]
    expected = wanted(answer, metrics, document["id"])
    found = {tuple(row[:-1]): row[-1] for row in table["rows"]}
    assert expected == {key: found[key] for key in expected}
    assert all(value is None for key, value in found.items() if key not in expected)
    # No number of the table was left out.
    schema = pa.table(answer).schema
    numbers = [field.name for field in schema if field.type in (pa.float64(), pa.int64())]
    assert sorted(numbers) == sorted(metrics)

    # PX has the same cells in the same order; a symbol stands for what is missing.
    answer.write(tmp_path / "answer.px")
    texts = [text.strip('";') for text in independent("read_px.py", tmp_path / "answer.px", "utf-8")]
    assert len(texts) == len(table["rows"])
    for text, row in zip(texts, table["rows"], strict=True):
        if row[-1] is None:
            assert set(text) == {"."}, row
        else:
            assert float(text) == row[-1], row


@pytest.mark.parametrize("verb", CUBES | COUNTED)
def test_a_missing_figure_has_its_reason(
    release: kultti.Release, counted: kultti.Release, tmp_path: Path, verb: str
) -> None:
    answer = question(release, counted, verb)
    answer.write(tmp_path / "answer.jsonstat")
    document = json.loads((tmp_path / "answer.jsonstat").read_text(encoding="utf-8"))
    [table] = independent("read_jsonstat.py", tmp_path / "answer.jsonstat")
    answer.write(tmp_path / "answer.px")
    texts = [text.strip('";') for text in independent("read_px.py", tmp_path / "answer.px", "utf-8")]
    keys = {tuple(row[:-1]): place for place, row in enumerate(table["rows"])}
    main = "area_value" if "area_value" in document["dimension"]["metric"]["category"]["index"] else "value"
    why = "area_missing" if main == "area_value" else "missing"
    missing = 0
    for row in rows(answer):
        if main not in row or why not in row or row[why] is None or row[main] is not None:
            continue
        key = key_of(row, main, document["id"])
        status = document["status"]
        if not isinstance(status, str):
            status = status[str(keys[key]) if isinstance(status, dict) else keys[key]]
        assert status == REASONS[row[why]], row
        assert texts[keys[key]] == SYMBOLS.get(status, "."), row
        missing += 1
    if verb == "rank":
        # Two municipalities of the example have no figure: the count of the answer itself.
        assert missing == sum(row["rank"] is None and row["value"] is None for row in rows(answer))


@pytest.mark.parametrize("verb", CUBES | COUNTED)
def test_a_statistician_understands_the_table(
    release: kultti.Release, counted: kultti.Release, tmp_path: Path, verb: str
) -> None:
    answer = question(release, counted, verb)
    answer.write(tmp_path / "answer.jsonstat")
    document = json.loads((tmp_path / "answer.jsonstat").read_text(encoding="utf-8"))
    others = document["extension"]["labels"]
    assert {*others, release.language} == set(LANGUAGES)
    for language in (None, *others):
        said = document if language is None else others[language]
        assert said["label"]
        metric = said["dimension"]["metric"]["category"]["label"]
        assert len(set(metric.values())) == len(document["dimension"]["metric"]["category"]["index"])
        # A name is more than the name of the column.
        assert not [code for code, label in metric.items() if "_" in label or label == code and len(code) > 1]
    units = document["dimension"]["metric"]["category"]["unit"]
    assert all(unit["label"] and unit["decimals"] is not None for unit in units.values())
    assert sorted(units) == sorted(document["dimension"]["metric"]["category"]["index"])
    assert document["updated"] and document["source"]
    for code in document["role"].get("geo", []):
        areas = document["dimension"][code]["category"]["index"]
        # The intervals of regions stand under the regions' own codes.
        assert all(len(area) == 3 or code == "group" or verb == "intervals" for area in areas)
    answer.write(tmp_path / "answer.px")
    header = (tmp_path / "answer.px").read_text(encoding="utf-8").partition("DATA=")[0]
    lines = {line.partition("=")[0]: line.partition("=")[2] for line in header.splitlines()}
    for keyword in ("TITLE", "CONTENTS", "STUB", "HEADING", "CONTVARIABLE", "SUBJECT-AREA", "SOURCE"):
        for tag in ("", *(f"[{language}]" for language in others)):
            assert len(lines[f"{keyword}{tag}"].strip('";')) > 1, keyword
    assert f'"{verb.split("-")[0]}' in lines["TABLEID"]
    assert "UNITS" in lines and any(line.startswith("LAST-UPDATED(") for line in lines)


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
