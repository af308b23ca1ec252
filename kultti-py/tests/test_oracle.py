"""Kultti's figures against a second computation from the same tables.

``oracle.py`` recomputes values with pandas and ranks and group values with DuckDB, from the files under
``datasets/`` and nothing of Kultti. Five hundred drawn (indicator, area, period) triples must be equal under the
borders of today, of the period and of 1 January 2021. Sums, overlaps and subtotals are checked in the tables and
through the library.
"""

from __future__ import annotations

import math
import random
from functools import cache
from typing import Any, NamedTuple

import pandas as pd
import pytest
from oracle import COUNTRY, INCLUDED, NOT_KNOWN, OUT_OF_SCOPE, Oracle

SEED = 20_190_272
SAMPLES = 500
TERRITORIES = ("now", "then", "2021-01-01")
PEERS = ("region", "urban_rural", "language", "size", "country")
RELATIVE = 1e-12

ORACLE = Oracle()
TOTALS = [i for i in ORACLE.available if ORACLE.formula(i).denominator is None and i.endswith("cost")]
FIRST = str(ORACLE.territory["first"])

SUBTOTAL = "education_and_culture"
CULTURE = ("library", "museum", "theatre_dance_circus", "music", "other_culture", "basic_arts_education")
FUNCTIONS = (*CULTURE, "sport", "youth", "adult_education_centre")

# Income above cost, as published: function to year and area. The functions' sum may pass the subtotal only here.
NEGATIVE = {
    "adult_education_centre": "2016-291",
    "museum": "2015-689 2015-751 2016-213 2016-483 2016-751 2016-771 2017-213 2017-483 2017-751 2017-834 "
    "2018-751 2019-503 2019-751",
    "music": "2015-403 2015-422 2018-403 2018-759 2019-422",
    "other_culture": "2016-214 2017-071 2017-564",
    "sport": "2015-759 2016-759",
    "theatre_dance_circus": "2015-111 2015-422 2016-111 2016-422 2016-445 2017-422 2018-111 2018-422 2018-762 "
    "2019-047 2019-111 2019-422 2019-445",
    "youth": "2015-216 2015-480 2016-216",
}


class Sample(NamedTuple):
    """One question that is put to the library and to the oracle."""

    indicator: str
    period: str
    area: str
    territory: str
    grouping: str


def _has_borders(period: str, territory: str) -> bool:
    """Whether the release knows all borders of that date: the register begins in 2013."""
    return ORACLE.date(territory, period) >= FIRST


def _draw() -> list[Sample]:
    """Distinct samples, a third on each set of borders, a third of the areas merged or joint ones."""
    draw = random.Random(SEED)
    special = {*ORACLE.changes["source"], *ORACLE.changes["target"]}
    special |= {*ORACLE.joint_units["host"], *ORACLE.joint_units["member"]}
    drawn: dict[tuple[str, ...], Sample] = {}
    while len(drawn) < SAMPLES:
        territory = TERRITORIES[len(drawn) % len(TERRITORIES)]
        indicator = draw.choice(sorted(ORACLE.available))
        period = draw.choice(ORACLE.available[indicator])
        if not _has_borders(period, territory):
            continue
        areas = ORACLE.areas_on(ORACLE.date(territory, period))
        area = draw.choice([a for a in areas if a in special] if draw.random() < 1 / 3 else areas)
        grouping = draw.choice([*ORACLE.groupings_in(period), "size", "country"])
        sample = Sample(indicator, period, area, territory, grouping)
        drawn.setdefault(sample[:4], sample)
    return list(drawn.values())


@pytest.fixture(scope="module")
def release() -> Any:
    """The example release, which is built from the very tables that the oracle reads."""
    import kultti

    return kultti.example()


@pytest.fixture(scope="module")
def rank(release: Any) -> Any:
    """``release.rank`` as rows by area code, with n; each question is asked once."""

    @cache
    def ask(indicator: str, period: str, territory: str) -> tuple[dict[str, Any], int]:
        result = release.rank(indicator, period=int(period), order="desc", territory=territory)
        return {row.code: row for row in result}, result.n

    return ask


@pytest.fixture(scope="module")
def groups(release: Any) -> Any:
    """``release.groups`` by group code; each question is asked once."""

    @cache
    def ask(indicator: str, by: str, period: str, territory: str) -> dict[str, Any]:
        rows = release.groups(indicator, by=by, period=int(period), territory=territory)
        return {row.group: row for row in rows}

    return ask


def _known(value: Any) -> bool:
    return value is not None and not pd.isna(value)


def _same(found: Any, expected: Any) -> bool:
    """Both missing, or equal to 1e-12 of the expected."""
    if not _known(expected) or not _known(found):
        return _known(expected) == _known(found)
    return math.isclose(found, expected, rel_tol=RELATIVE, abs_tol=0.0)


def _assert_group(found: Any, expected: pd.Series, aggregator: str, published: float | None) -> None:
    """Value, aggregator, counts and both coverages of one group."""
    assert found.aggregator == (aggregator if published is None else "published")
    assert _same(found.value, expected["value"] if published is None else published)
    assert (found.n, found.members) == (expected["n"], expected["members"])
    assert _same(found.coverage_areas, expected["coverage_areas"])
    assert _same(found.coverage_denominator, expected["coverage_denominator"])


# The oracle by itself ------------------------------------------------------------------------------------------


def test_oracle_reproduces_figures_worked_out_by_hand() -> None:
    """Kokkola (272) in 2019: 7,371,000 EUR over 47,681 inhabitants, 46th largest of 308 on the borders of today.

    Sources: the six culture functions of net_operating_costs.csv and the population of 31 December 2019.
    """
    kokkola = ORACLE.ranks("culture.net_operating_cost_per_inhabitant", "2019", "now").loc["272"]
    assert kokkola["value"] == pytest.approx(7_371_000 / 47_681, rel=RELATIVE)
    assert (kokkola["rank"], kokkola["n"]) == (46, 308)


def test_oracle_keeps_joint_and_merged_figures_apart() -> None:
    """Nurmes holds Valtimo's costs before their merger; Kankaanpää's population of 2019 is known only merged.

    Sources: joint_units.csv, changes.csv and the notes on borders in ORIGIN.md.
    """
    then = ORACLE.ranks("culture.net_operating_cost_per_inhabitant", "2019", "then")
    now = ORACLE.ranks("culture.net_operating_cost_per_inhabitant", "2019", "now")
    assert then["value"]["541"] == now["value"]["541"]
    assert (then["status"]["541"], now["status"]["541"]) == ("W", "A")
    assert then["missing"]["911"] == INCLUDED
    assert then["missing"][["099", "214"]].tolist() == [NOT_KNOWN, NOT_KNOWN]
    earlier = ORACLE.measure("population.year_end", "2018", "2018-12-31")["value"]
    assert earlier[["099", "214"]].tolist() == [1_666, 11_471]


# Five hundred samples ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sample", _draw(), ids="-".join)
def test_library_equals_oracle(sample: Sample, rank: Any, groups: Any) -> None:
    """Value, status, reason, rank, percent rank and n of the area, and the figures of a group that it is in.

    Sources: observations, territory and joint_units.csv, with the formula of culture.toml.
    """
    indicator, period, area, territory, grouping = sample
    expected = ORACLE.ranks(indicator, period, territory).loc[area]
    rows, n = rank(indicator, period, territory)
    assert n == expected["n"]
    if expected["missing"] == OUT_OF_SCOPE:
        assert area not in rows or rows[area].missing.code == OUT_OF_SCOPE
        return
    found = rows[area]
    assert _same(found.value, expected["value"])
    assert _same(found.percent_rank, expected["percent_rank"])
    assert found.rank == (expected["rank"] if _known(expected["rank"]) else None)
    if _known(expected["value"]):
        assert (found.status, found.missing) == (expected["status"], None)
    else:
        assert found.missing.code == expected["missing"]

    group = ORACLE.membership(grouping, period, ORACLE.date(territory, period)).get(area)
    if period >= FIRST[:4] and group is not None:
        values = ORACLE.groups(indicator, grouping, period, territory).loc[group]
        row = groups(indicator, grouping, period, territory)[group]
        _assert_group(row, values, ORACLE.formula(indicator).aggregator, _published(sample, grouping))


@pytest.mark.parametrize("sample", [s for s in _draw() if s.period >= FIRST[:4]][::5], ids="-".join)
def test_compare_equals_oracle(sample: Sample, release: Any) -> None:
    """Every fifth sample as a comparison: position among the country's areas, and value and coverage of each peer.

    Sources: as above; the whole country's loans per inhabitant are the register's own row.
    """
    indicator, period, area, territory, _ = sample
    expected = ORACLE.ranks(indicator, period, territory).loc[area]
    found = release.compare(indicator, area=area, period=int(period), peers=list(PEERS), territory=territory)
    assert _same(found.value, expected["value"])
    assert _same(found.position.rank, expected["rank"])
    assert _same(found.position.percent_rank, expected["percent_rank"])
    assert found.position.n == expected["n"]
    if not _known(expected["value"]):
        assert found.missing.code == expected["missing"]
        return
    assert found.status == expected["status"]
    seen = {peer.grouping: peer for peer in found.peers}
    for grouping in PEERS:
        group = ORACLE.membership(grouping, period, ORACLE.date(territory, period)).get(area)
        if group is not None:
            _assert_peer(seen[grouping], found.value, sample, grouping, group)


def _published(sample: Sample, grouping: str) -> float | None:
    """The register's figure for the whole country, which goes before any that is computed."""
    return ORACLE.published(sample.indicator, sample.period) if grouping == "country" else None


def _assert_peer(peer: Any, own: float, sample: Sample, grouping: str, group: str) -> None:
    """One peer of a comparison; the difference is to the peer's own value.

    A sum over unlike areas is compared with a mean, a ratio with the indicator's own way.
    """
    formula = ORACLE.formula(sample.indicator)
    aggregator = "mean" if formula.denominator is None and formula.aggregator == "total" else formula.aggregator
    expected = ORACLE.groups(sample.indicator, grouping, sample.period, sample.territory, aggregator).loc[group]
    _assert_group(peer, expected, aggregator, _published(sample, grouping))
    assert peer.group == group
    date = ORACLE.date(sample.territory, sample.period)
    unit = ORACLE.units(formula.measures, sample.period, date).get(sample.area, frozenset())
    # A host whose unit reaches beyond the group is left out of the group's value.
    members = ORACLE.membership(grouping, sample.period, date)
    assert peer.includes_area == all(members.get(area) == group for area in unit)
    if peer.value is not None:
        assert _same(peer.difference, own - peer.value)
        assert _same(peer.difference_relative, (own - peer.value) / peer.value if peer.value > 0 else None)


@pytest.mark.parametrize("indicator", [i for i in ORACLE.available if "net_operating" in i or "culture.share" in i])
def test_joint_unit_is_divided_by_its_joint_denominator(indicator: str, rank: Any) -> None:
    """Nurmes with Valtimo, 2015-2019: the same value before their merger (W) as after it (A), Valtimo inside (K).

    Sources: joint_units.csv; both registers have the two as one, on the borders of the year and on those of 2021.
    """
    for period in ORACLE.available[indicator]:
        (then, _), (now, _) = rank(indicator, period, "then"), rank(indicator, period, "now")
        assert then["541"].value == pytest.approx(now["541"].value, rel=RELATIVE)
        assert (then["541"].status, now["541"].status, then["911"].status) == ("W", "A", "K")
        assert then["911"].missing.code == INCLUDED
        assert "911" not in now


def test_arrow_stream_holds_the_rows(release: Any) -> None:
    """The Arrow stream of a ranking and its rows are the same figures (Kultti against itself, through PyArrow)."""
    pyarrow = pytest.importorskip("pyarrow")
    result = release.rank("culture.net_operating_cost_per_inhabitant", period=2019, order="desc", territory="then")
    table = pyarrow.table(result).select(["code", "name", "value", "rank", "percent_rank", "status", "missing"])
    rows = [(r.code, r.name, r.value, r.rank, r.percent_rank, r.status, r.missing and r.missing.code) for r in result]
    assert [tuple(row.values()) for row in table.to_pylist()] == rows


# Sums, overlaps and subtotals ----------------------------------------------------------------------------------


def _cost_measures() -> list[str]:
    measures = ORACLE.observations["measure"].unique()
    return sorted(m for m in measures if m.endswith(".net_operating_cost"))


@pytest.mark.parametrize("territory", TERRITORIES)
@pytest.mark.parametrize("measure", _cost_measures())
def test_table_sums_do_not_depend_on_borders(measure: str, territory: str) -> None:
    """Each cost of 2015-2019 sums to the table's own total on every set of borders, to the euro.

    Source: net_operating_costs.csv moved through changes.csv.
    """
    costs = ORACLE.observations[ORACLE.observations["measure"] == measure]
    assert set(costs["period"]) == {"2015", "2016", "2017", "2018", "2019"}
    for period, table in costs.groupby("period"):
        moved = ORACLE.measure(measure, period, ORACLE.date(territory, period))
        assert moved["value"].sum() == table["value"].sum()
        assert set(moved.loc[moved["value"].isna(), "missing"]) <= {INCLUDED}


@pytest.mark.parametrize("territory", TERRITORIES)
@pytest.mark.parametrize("indicator", TOTALS)
def test_library_sums_do_not_depend_on_borders(indicator: str, territory: str, rank: Any, groups: Any) -> None:
    """A total's areas, its regions and the country are the table's own total on every set of borders, to the euro.

    A joint unit inside a group leaves no sum incomplete: the members' costs are in the host's.
    Source: the functions of net_operating_costs.csv that the formula of culture.toml names.
    """
    o = ORACLE.observations
    for period in ORACLE.available[indicator]:
        inputs = o["measure"].isin(ORACLE.formula(indicator).measures) & (o["period"] == period)
        total = o.loc[inputs & (o["area"] != COUNTRY), "value"].sum()
        rows, _ = rank(indicator, period, territory)
        assert sum(row.value for row in rows.values() if row.value is not None) == total
        regions = groups(indicator, "region", period, territory)
        assert {code: row.missing for code, row in regions.items() if row.value is None} == {}
        assert sum(row.value for row in regions.values()) == total
        assert groups(indicator, "country", period, territory)[COUNTRY].value == total


@pytest.mark.parametrize("period", [str(year) for year in range(2000, 2013)])
def test_population_tables_agree_where_they_overlap(period: str) -> None:
    """The population on the borders of 2013, merged forward, is the published one on those of 2021, area by area.

    Source: the two tables in population.csv for 2000-2012, and the mergers of 2015-2021 in changes.csv.
    """
    o = ORACLE.observations
    people = o[(o["measure"] == "population.year_end") & (o["period"] == period)]
    tables = {date: t.set_index("area")["value"] for date, t in people.groupby("territory")}
    held = ORACLE.successors("2013-01-01", "2021-01-01")
    merged = tables["2013-01-01"].groupby(held).sum()
    assert len(held) == len(tables["2013-01-01"]) == 320
    assert merged.to_dict() == tables["2021-01-01"].to_dict()


def _functions() -> pd.DataFrame:
    """Costs by year and area, a column for each function, joint members left out."""
    o = ORACLE.observations[ORACLE.observations["measure"].isin(_cost_measures())]
    o = o.assign(function=o["measure"].str.removesuffix(".net_operating_cost"))
    return o.pivot(index=["period", "area"], columns="function", values="value").dropna()


def test_negative_costs_are_the_listed_ones() -> None:
    """Forty functions have more income than cost, and no others. Source: net_operating_costs.csv."""
    table = _functions()
    found = {
        function: " ".join("-".join(key) for key in table.index[table[function] < 0])
        for function in table.columns
        if (table[function] < 0).any()
    }
    assert found == NEGATIVE
    assert sum(len(listed.split()) for listed in NEGATIVE.values()) == 40


def test_functions_are_within_their_subtotal() -> None:
    """No function, nor culture, nor all nine together, is above education and culture, nor that above the economy.

    Excepted are the listed areas: where one part is negative, the others together may pass the whole.
    Source: net_operating_costs.csv, every year and area.
    """
    table = _functions()
    negative = {tuple(key.split("-")) for listed in NEGATIVE.values() for key in listed.split()}
    parts = {function: table[function] for function in FUNCTIONS}
    parts |= {"culture": table[list(CULTURE)].sum(axis=1), "all": table[list(FUNCTIONS)].sum(axis=1)}
    for part in parts.values():
        assert set(part.index[part > table[SUBTOTAL]]) <= negative
    assert (table[SUBTOTAL] <= table["operating_economy"]).all()


@pytest.mark.parametrize("territory", TERRITORIES)
@pytest.mark.parametrize("period", ["2015", "2016", "2017", "2018", "2019"])
def test_library_functions_are_within_their_subtotal(period: str, territory: str, rank: Any) -> None:
    """The same per inhabitant, through the library: each function and culture against education and culture.

    Source: net_operating_costs.csv and population.csv. Areas with a listed negative part, and those that hold them on
    the borders asked, are excepted.
    """
    suffix = ".net_operating_cost_per_inhabitant"
    held = ORACLE.successors(f"{period}-01-01", ORACLE.date(territory, period))
    listed = [key.split("-") for areas in NEGATIVE.values() for key in areas.split()]
    negative = {held[area] for year, area in listed if year == period}
    subtotal, _ = rank(SUBTOTAL + suffix, period, territory)
    for function in (*FUNCTIONS, "culture"):
        part, _ = rank(function + suffix, period, territory)
        assert part.keys() == subtotal.keys()
        known = {a for a, row in part.items() if row.value is not None}
        assert known == {a for a, row in subtotal.items() if row.value is not None}
        assert {a for a in known if part[a].value > subtotal[a].value} <= negative
