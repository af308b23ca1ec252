"""What changed from one release to another, against DuckDB on the two files and on the answers about each of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import kultti
import pandas as pd
import pyarrow as pa
import pytest
from kultti._kultti import cli_main

from conftest import EXAMPLE, LIBRARY, ROOT

LOANS = "library.loans_per_inhabitant"
INDICATORS = f"{LIBRARY},{LOANS}"


@pytest.fixture(scope="module")
def later_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example release with other costs and loans in some municipalities of 2019, and one row less in 2018."""
    folder = tmp_path_factory.mktemp("later")
    shutil.copytree(ROOT / "datasets" / "finland", folder / "finland")
    shutil.copytree(ROOT / "datasets" / "catalogue", folder / "catalogue")
    observations = folder / "finland" / "observations"
    loans = observations / "library_loans.csv"
    costs = observations / "net_operating_costs.csv"
    lines = []
    for line in loans.read_text(encoding="utf-8").splitlines():
        fields = line.split(",")
        if fields[1:3] == ["2019", "272"]:
            fields[4] = "25.0"
        elif fields[1:3] == ["2019", "091"] and fields[4]:
            fields[5] = "P"
        elif fields[1:3] == ["2018", "049"]:
            continue
        lines.append(",".join(fields))
    loans.write_text("\n".join(lines) + "\n", encoding="utf-8")
    lines = []
    for line in costs.read_text(encoding="utf-8").splitlines():
        fields = line.split(",")
        if fields[0] == "library.net_operating_cost" and fields[1] == "2019" and fields[2] in ("005", "564", "837"):
            fields[4] = str(int(fields[4]) * 3)
        lines.append(",".join(fields))
    costs.write_text("\n".join(lines) + "\n", encoding="utf-8")
    file = folder / "later.parquet"
    assert cli_main(["kultti", "release", "build", str(folder / "finland"), "-o", str(file)]) == 0
    return file


@pytest.fixture(scope="module")
def later(later_file: Path) -> kultti.Release:
    return kultti.open(later_file, language="en")


def frame(table: kultti.Table) -> pd.DataFrame:
    return pa.table(table).to_pandas()


def test_the_cells_are_those_that_a_join_of_the_files_finds(
    release: kultti.Release, later: kultti.Release, later_file: Path
) -> None:
    joined = duckdb.sql(
        f"""
        SELECT coalesce(a.measure, b.measure) AS measure, coalesce(a.period, b.period) AS period,
               coalesce(a.area, b.area) AS code, a.value AS value_before, b.value AS value_after,
               a.status AS status_before, b.status AS status_after
        FROM '{EXAMPLE}' a FULL JOIN '{later_file}' b USING (measure, period, area, territory)
        WHERE (a.value, a.status, a.missing, a.origin, a.note) IS DISTINCT FROM
              (b.value, b.status, b.missing, b.origin, b.note)
        ORDER BY 1, 2, 3
        """
    ).df()
    cells = frame(release.diff(later, parts=["cells"]))
    assert len(cells) == len(joined) > 4
    columns = list(joined.columns)
    pd.testing.assert_frame_equal(
        cells[columns].reset_index(drop=True), joined, check_dtype=False, check_index_type=False
    )


@pytest.mark.parametrize("indicator", [LIBRARY, LOANS])
def test_the_ranks_are_those_that_differ_between_two_rankings(
    release: kultti.Release, later: kultti.Release, indicator: str
) -> None:
    expected = []
    for period in range(2015, 2020):
        sides = [
            frame(side.rank(indicator, order="desc", period=period))[["code", "value", "rank", "status"]]
            for side in (release, later)
        ]
        both = sides[0].merge(sides[1], on="code", how="outer", suffixes=("_before", "_after"))
        moved = both["rank_before"].fillna(-1) != both["rank_after"].fillna(-1)
        expected.append(both[moved].assign(period=str(period)))
    wanted = pd.concat(expected).sort_values(["period", "code"]).reset_index(drop=True)
    ranks = frame(release.diff(later, indicator, start=2015, end=2019, parts=["ranks"]))
    assert len(wanted) > 100
    for column in ("code", "period"):
        assert list(ranks[column]) == list(wanted[column])
    for column in ("rank_before", "rank_after", "value_before", "value_after"):
        pd.testing.assert_series_equal(ranks[column], wanted[column], check_dtype=False)
    own = (wanted["value_before"].fillna(-1) != wanted["value_after"].fillna(-1)) | (
        wanted["status_before"] != wanted["status_after"]
    )
    assert list(ranks["reason"]) == ["own" if one else "others" for one in own]


@pytest.mark.parametrize("indicator", [LIBRARY, LOANS])
@pytest.mark.parametrize("grouping", ["region", "urban_rural", "language", "size", "country"])
def test_the_groups_are_those_that_differ_between_two_answers(
    release: kultti.Release, later: kultti.Release, indicator: str, grouping: str
) -> None:
    figures = ["value", "status", "missing", "n", "members", "coverage_denominator"]
    expected = []
    for period in (2018, 2019):
        if indicator == LIBRARY and period == 2018:
            continue
        sides = [
            frame(side.groups(indicator, by=grouping, period=period))[["group", *figures]]
            for side in (release, later)
        ]
        both = sides[0].merge(sides[1], on="group", how="outer", suffixes=("_before", "_after"))
        same = pd.Series(True, index=both.index)
        for name in figures:
            left, right = both[f"{name}_before"], both[f"{name}_after"]
            same &= (left == right) | (left.isna() & right.isna())
        expected.append(both[~same].assign(period=str(period)))
    wanted = pd.concat(expected).sort_values(["period", "group"]).reset_index(drop=True)
    groups = frame(release.diff(later, indicator, parts=["groups"]))
    groups = groups[groups["grouping"] == grouping].sort_values(["period", "code"]).reset_index(drop=True)
    assert list(groups["code"]) == list(wanted["group"])
    assert list(groups["period"]) == list(wanted["period"])
    for column in ("value_before", "value_after"):
        pd.testing.assert_series_equal(groups[column], wanted[column], check_dtype=False)


def test_both_ways_and_the_parts(release: kultti.Release, later: kultti.Release) -> None:
    diff = release.diff(later, INDICATORS)
    back = later.diff(release, INDICATORS)
    assert diff and not diff.same and (diff.before, diff.after) == (release.id, later.id)
    assert len(frame(diff.ranks)) == len(frame(back.ranks)) > 0
    parts = pa.table(diff)["part"].to_pylist()
    for name in ("definitions", "cells", "groups", "ranks"):
        assert parts.count(name) == pa.table(getattr(diff, name)).num_rows
    # The tables that were rewritten are named.
    assert {"observations/library_loans.csv", "observations/net_operating_costs.csv"} <= set(
        frame(diff.definitions)["id"]
    )
    assert release.diff(later, "culture.*", start=2015, end=2016, parts=["ranks"]).same
    with pytest.raises(kultti.NotFoundError):
        release.diff(later, "cinema.*")
    with pytest.raises(kultti.InvalidArgumentError):
        release.diff(later, parts=["rows"])


def test_the_shell_says_what_differs(
    later_file: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    ask = ["kultti", "release", "diff", str(EXAMPLE)]
    assert cli_main([*ask, str(later_file), "--part", "ranks", "-o", str(tmp_path / "moved.csv")]) == 0
    assert pd.read_csv(tmp_path / "moved.csv", dtype={"code": str})["reason"].isin(["own", "others"]).all()
    capfd.readouterr()
    assert cli_main([*ask, str(later_file), "--exit-code", "--format", "table", "--lang", "fi"]) == 1
    assert "Kokkola" in capfd.readouterr().out
    assert cli_main([*ask, str(EXAMPLE), "--exit-code"]) == 0
