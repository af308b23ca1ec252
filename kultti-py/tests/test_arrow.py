"""Anything that reads Arrow reads a result; Kultti knows none of it."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import kultti
import pytest

from conftest import CULTURE

KINDS = ("comparison", "peers", "ranking", "groups", "trend", "explanation", "indicators", "areas")
READERS = ("pyarrow", "polars", "pandas", "duckdb")


@pytest.fixture(scope="module")
def results(release: kultti.Release) -> dict[str, Any]:
    """One result of each kind; on the borders of 2019 some areas lack a value."""
    comparison = release.compare(CULTURE, "Valtimo", period=2019, territory="then")
    return {
        "comparison": comparison,
        "peers": comparison.peers,
        "ranking": release.rank(CULTURE, period=2019, order="desc", territory="then"),
        "groups": release.groups(CULTURE, by="region", period=2019),
        "trend": release.trend(CULTURE, ["Kokkola", "Vaasa"]),
        "explanation": release.explain(CULTURE, "Valtimo", period=2019, territory="then"),
        "indicators": release.indicators,
        "areas": release.areas,
    }


def read(reader: str, result: Any) -> list[dict[str, Any]]:
    """The rows as that library reads them."""
    module = pytest.importorskip(reader)
    if reader == "pyarrow":
        rows: list[dict[str, Any]] = module.table(result).to_pylist()
    elif reader == "polars":
        rows = module.DataFrame(result).to_dicts()
    elif reader == "pandas":
        frame = module.DataFrame.from_arrow(result).astype(object)
        rows = frame.where(frame.notna(), None).to_dict("records")
    else:
        relation = module.sql("SELECT * FROM result")
        rows = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
    return rows


def flat(value: Any) -> Any:
    """A cell of the JSON form as it stands in a table: reasons and notes are their codes."""
    if isinstance(value, dict):
        return value["code"]
    if isinstance(value, list):
        return ";".join(dict.fromkeys(note["code"] for note in value))
    return value


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_reader_reads_every_kind(reader: str, kind: str, results: dict[str, Any]) -> None:
    """The rows are those of the JSON form; of a comparison and an explanation, as many as it has inside."""
    result = results[kind]
    rows = read(reader, result)
    expected = result.to_dict()
    if kind in ("comparison", "peers"):
        assert [row["group"] for row in rows] == [peer.group for peer in results["comparison"].peers]
    elif kind == "explanation":
        assert len(rows) == sum(max(1, len(used.observations)) for used in result.measures)
    else:
        assert rows == [{name: flat(value) for name, value in record.items()} for record in expected]


def test_a_missing_value_is_null_and_never_nan(results: dict[str, Any]) -> None:
    """Valtimo, Honkajoki and Kankaanpää have no value in 2019."""
    pyarrow = pytest.importorskip("pyarrow")
    table = pyarrow.table(results["ranking"])
    for column in ("value", "rank", "percent_rank"):
        assert table[column].null_count == 3
        assert pyarrow.compute.sum(pyarrow.compute.is_nan(table[column])).as_py() == 0
    assert table["missing"].null_count == len(table) - 3


def test_codes_are_text_with_their_zeros(results: dict[str, Any]) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    table = pyarrow.table(results["ranking"])
    assert table.schema.field("code").type == pyarrow.string()
    assert table.schema.field("period").type == pyarrow.string()
    assert table.schema.field("value").type == pyarrow.float64()
    assert table.schema.field("n").type == pyarrow.int64()
    assert "005" in table["code"].to_pylist()


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_is_that_of_the_stream(kind: str, results: dict[str, Any]) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    assert pyarrow.schema(results[kind]) == pyarrow.table(results[kind]).schema


def test_a_requested_schema_is_met(results: dict[str, Any]) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    schema = pyarrow.schema(results["groups"])
    wide = schema.set(schema.get_field_index("group"), pyarrow.field("group", pyarrow.large_string()))
    assert pyarrow.table(results["groups"], schema=wide).schema == wide


def test_an_empty_list_keeps_its_schema(release: kultti.Release) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    empty = release.indicators("zzzzzzzz")
    assert len(empty) == 0
    assert pyarrow.table(empty).schema == pyarrow.schema(release.indicators)


def test_a_result_can_be_read_twice(results: dict[str, Any]) -> None:
    polars = pytest.importorskip("polars")
    assert polars.DataFrame(results["peers"]).equals(polars.DataFrame(results["peers"]))


def test_importing_kultti_imports_nobody_else() -> None:
    """A whole question, and none of the libraries that could read its answer."""
    program = (
        "import sys, kultti\n"
        f"repr(kultti.example().compare({CULTURE!r}, 'Kokkola'))\n"
        f"print(*sorted({{*{READERS!r}, 'numpy', 'arro3'}} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
