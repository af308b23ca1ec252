"""Methods beyond position and groups, computed a second time from the tables with pandas and DuckDB.

The tables are those of ``datasets/finland``, and for uses and expenditure the ones made up in ``conftest.py``.
"""

from __future__ import annotations

from itertools import permutations
from math import log
from pathlib import Path
from typing import Any

import duckdb
import kultti
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from conftest import CULTURE, LIBRARY, ROOT

EXPENDITURE = "library.expenditure_per_inhabitant"
OBSERVATIONS = ROOT / "datasets" / "finland" / "observations"
REGION = "region:16"
# The municipalities of Central Ostrobothnia; their borders have been the same since 2013.
MEMBERS = "074 217 236 272 421 584 849 924".split()


def _table(path: Path, measure: str, period: int) -> pd.Series:
    """Values by area; of two tables the one on the later borders."""
    table = pd.read_csv(path, dtype={"measure": str, "period": str, "area": str})
    table = table[(table["measure"] == measure) & (table["period"] == str(period))].sort_values("territory")
    return table.groupby("area")["value"].last()


# Cost per use


@pytest.fixture(scope="module")
def uses(counted_folder: Path) -> pd.DataFrame:
    """Expenditure, visits and the population of the year before, of the areas that have all three."""
    made_up = counted_folder / "observations" / "made_up.csv"
    columns = {
        "cost": _table(made_up, "library.expenditure", 2019),
        "uses": _table(made_up, "library.visits", 2019),
        "persons": _table(OBSERVATIONS / "population.csv", "population.year_end", 2018),
    }
    return pd.DataFrame(columns).dropna()


def test_cost_per_use_is_that_of_pandas(counted: kultti.Release, uses: pd.DataFrame) -> None:
    found = counted.cost_per_use(EXPENDITURE, "Kokkola", peers=[REGION])
    [pair] = found.pairs
    assert (pair.pair, pair.cost_per_use) == ("library.visits", "library.expenditure_per_visit")
    own = uses.loc["272"]
    assert pair.figures.cost_per_inhabitant == pytest.approx(own["cost"] / own["persons"], rel=1e-14)
    assert pair.figures.cost_per_use == pytest.approx(own["cost"] / own["uses"], rel=1e-14)
    assert pair.figures.uses_per_inhabitant == pytest.approx(own["uses"] / own["persons"], rel=1e-14)
    [group] = pair.peers
    sums = uses.loc[MEMBERS].sum()
    assert (group.n, group.members, group.includes_area) == (8, 8, True)
    assert group.figures.cost_per_inhabitant == pytest.approx(sums["cost"] / sums["persons"], rel=1e-14)
    assert group.figures.cost_per_use == pytest.approx(sums["cost"] / sums["uses"], rel=1e-14)
    assert group.figures.uses_per_inhabitant == pytest.approx(sums["uses"] / sums["persons"], rel=1e-14)


def test_differences_in_cost_per_use_and_in_uses_add_up(counted: kultti.Release, uses: pd.DataFrame) -> None:
    """The logarithmic mean of both costs times the logarithm of each factor's ratio; both terms are the whole difference."""
    x, p, u = uses["cost"] / uses["persons"], uses["cost"] / uses["uses"], uses["uses"] / uses["persons"]
    sums = uses.loc[MEMBERS].sum()
    group_x = sums["cost"] / sums["persons"]
    for code in MEMBERS:
        [pair] = counted.cost_per_use(EXPENDITURE, code, peers=[REGION]).pairs
        apart = pair.peers[0].difference
        if uses.loc[code, "uses"] == 0:
            assert apart is None
            assert pair.figures.missing is not None
            continue
        assert apart is not None
        mean = (x[code] - group_x) / log(x[code] / group_x)
        prices, volumes = log(p[code] / (sums["cost"] / sums["uses"])), log(u[code] / (sums["uses"] / sums["persons"]))
        assert (apart.log_cost_per_use, apart.log_uses) == pytest.approx((prices, volumes), rel=1e-10)
        assert apart.total == pytest.approx(x[code] - group_x, rel=1e-10)
        assert apart.by_cost_per_use == pytest.approx(mean * prices, rel=1e-9)
        assert apart.by_uses == pytest.approx(mean * volumes, rel=1e-9)
        assert apart.by_cost_per_use + apart.by_uses == pytest.approx(apart.total, rel=1e-10)


def test_cost_per_use_is_a_table(counted: kultti.Release) -> None:
    found = counted.cost_per_use(EXPENDITURE, "Kokkola", peers=["region", "country"])
    frame = pa.table(found).to_pandas()
    assert len(frame) == sum(len(pair.peers) for pair in found.pairs) == 2
    assert "Kokkola" in repr(found)
    assert found.to_dict()["area"]["code"] == "272"


def test_a_cost_without_a_use_and_a_typo(counted: kultti.Release) -> None:
    with pytest.raises(kultti.NotFoundError) as caught:
        counted.cost_per_use(CULTURE, "Kokkola")
    assert CULTURE in caught.value.message
    assert EXPENDITURE in caught.value.message
    with pytest.raises(kultti.NotFoundError, match="Kokkola"):
        counted.cost_per_use(EXPENDITURE, "Kokola")


# Comparability


def test_a_comparison_across_differing_flags_carries_d(counted: kultti.Release) -> None:
    """The flags in ``conftest.py``: 272 and 217 leave internal rents out, 074 and 236 have them in from 2018 on."""
    rents = {"272": "excluded", "217": "excluded", "074": "included", "236": "included"}
    for one, other in permutations(rents, 2):
        c = counted.compare(LIBRARY, one, period=2019, peers=[other])
        notes = [note.text for note in c.notes if note.code == "comparability"]
        if rents[one] == rents[other]:
            assert (c.peers[0].status, notes) == ("A", [])
        else:
            assert c.peers[0].status == "D"
            [text] = notes
            assert all(name in text for name in (c.area.name, "included", "excluded")), text
    # Several areas in one list are one group.
    c = counted.compare(LIBRARY, "272", period=2019, peers=["217", "074"])
    assert [(peer.n, peer.status) for peer in c.peers] == [(2, "D")]
    # Before 2018 nothing is known of the others, which is not the same as being alike: no D, but said.
    c = counted.compare(LIBRARY, "272", period=2017, peers=["074"])
    assert c.peers[0].status == "A"
    assert "comparability-unknown" in [note.code for note in c.notes]
    # The group holds both kinds; an indicator of other measures has no flags.
    assert [group.status for group in counted.groups(LIBRARY, "region", period=2019) if group.group == "16"] == ["D"]
    # 272 and 217 leave them out throughout, the others took them in between: the group is of both kinds at the end.
    change = counted.change(LIBRARY, "region", start=2017, end=2019)
    assert [row.status for row in change if row.group == "16"] == ["D"]
    museums = counted.compare("museum.net_operating_cost_per_inhabitant", "272", period=2019, peers=["074"])
    assert [peer.status for peer in museums.peers] == ["A"]


# Three years as one


def _cpi() -> pd.Series:
    table = pd.read_csv(OBSERVATIONS / "price_indices.csv", dtype={"period": str})
    table = table[table["measure"] == "price_index.cpi_2010"]
    return table.set_index(table["period"].astype(int))["value"]


def _today(values: pd.Series) -> pd.Series:
    """Sums by the area that a municipality belongs to now: every change since 2013 is a merger of whole municipalities."""
    changes = pd.read_csv(OBSERVATIONS.parent / "territory" / "changes.csv", dtype={"source": str, "target": str})
    assert (changes[["population", "euros", "area"]] == 1).all().all()
    target = dict(zip(changes["source"], changes["target"], strict=True))

    def final(code: str) -> str:
        return final(target[code]) if code in target else code

    return values.dropna().groupby(final).sum()


def _persons(year: int) -> pd.Series:
    table = pd.read_csv(OBSERVATIONS / "population.csv", dtype={"period": str, "area": str})
    table = table[(table["measure"] == "population.year_end") & (table["territory"] == "2021-01-01")]
    return table[table["period"] == str(year)].set_index("area")["value"]


def _three_years(last: int) -> pd.Series:
    """Σ of three years' costs in the money of the last one, over Σ of the persons."""
    cpi = _cpi()
    cost: Any = 0.0
    persons: Any = 0.0
    for year in range(last - 2, last + 1):
        costs = _table(OBSERVATIONS / "net_operating_costs.csv", "library.net_operating_cost", year)
        cost = cost + _today(costs) * cpi[last] / cpi[year]
        persons = persons + _today(_persons(year))
    return (cost / persons).dropna()  # type: ignore[no-any-return]


@pytest.mark.parametrize("last", [2017, 2018, 2019])
def test_three_years_are_sums_in_the_money_of_the_last(release: kultti.Release, last: int) -> None:
    expected = _three_years(last)
    ranking = release.rank(LIBRARY, period=last, order="desc", three_year=True)
    assert ranking.three_year
    found = {row.code: row.value for row in ranking}
    assert len(found) == 308
    assert found == pytest.approx(expected.to_dict(), rel=1e-12)
    c = release.compare(LIBRARY, "Kannus", period=last, three_year=True, peers=[REGION])
    assert c.value == pytest.approx(expected["217"], rel=1e-12)
    points = release.trend(LIBRARY, "Kannus", three_year=True, end=last, real=f"cpi@{last}")
    assert points[-1].value == pytest.approx(expected["217"], rel=1e-12)
    assert points[0].period == "2017"


# Ranks


@pytest.mark.parametrize("indicator", [CULTURE, LIBRARY, "theatre_dance_circus.net_operating_cost_per_inhabitant"])
def test_percent_rank_is_made_of_ranks(release: kultti.Release, indicator: str) -> None:
    """Areas strictly below, of n − 1: from ranks alone, and from SciPy's of the values; ties and the many zeros included."""
    stats = pytest.importorskip("scipy.stats")
    rising = release.rank(indicator, period=2019, order="asc")
    falling = release.rank(indicator, period=2019, order="desc")
    n = rising.n
    below = {row.code: row.rank - 1 for row in rising if row.rank is not None}
    assert n == len(below) == falling.n
    tied = pd.Series([row.value for row in rising if row.rank is not None]).value_counts()
    for row in falling:
        if row.rank is None:
            assert row.percent_rank is None
            continue
        assert row.percent_rank == below[row.code] / (n - 1)
        assert row.rank + below[row.code] + tied[row.value] - 1 == n
    values = [row.value for row in rising if row.rank is not None]
    ranks = stats.rankdata(values, method="min")
    assert [row.percent_rank for row in rising if row.rank is not None] == list((ranks - 1) / (n - 1))


# Change, taken apart


WITHIN_AND_BETWEEN = """
    WITH members AS (SELECT unnest($members) AS area),
    parts AS (
        SELECT area, c0.value AS n0, c1.value AS n1, d0.value AS d0, d1.value AS d1
        FROM members
        JOIN costs c0 USING (area) JOIN costs c1 USING (area) JOIN persons d0 USING (area) JOIN persons d1 USING (area)
        WHERE c0.measure = 'library.net_operating_cost' AND c1.measure = c0.measure
          AND d0.measure = 'population.year_end' AND d1.measure = d0.measure
          AND c0.period = '2015' AND d0.period = '2015' AND c1.period = '2019' AND d1.period = '2019'),
    whole AS (SELECT sum(n0) / sum(d0) AS x0, sum(n1) / sum(d1) AS x1, sum(d0) AS d0, sum(d1) AS d1, count(*) AS n FROM parts)
    SELECT any_value(w.n), any_value(w.x0), any_value(w.x1),
           sum((p.d0 / w.d0 + p.d1 / w.d1) / 2 * (p.n1 / p.d1 - p.n0 / p.d0)),
           sum((p.d1 / w.d1 - p.d0 / w.d0) * ((p.n0 / p.d0 + p.n1 / p.d1) / 2 - (w.x0 + w.x1) / 2))
    FROM parts p, whole w
"""


def _groups(**columns: Any) -> Any:
    connection = duckdb.connect()
    for name, file in {"costs": "net_operating_costs", "persons": "population"}.items():
        path = OBSERVATIONS / f"{file}.csv"
        # Of two tables of a year the one on the later borders.
        connection.execute(
            f"CREATE VIEW {name} AS SELECT measure, period, area, max_by(value, territory) AS value "  # noqa: S608
            f"FROM read_csv('{path}', all_varchar = false, types = {{'period': 'VARCHAR', 'area': 'VARCHAR'}}) "
            "WHERE value IS NOT NULL GROUP BY ALL"
        )
    return connection.execute(WITHIN_AND_BETWEEN, columns).fetchone()


def test_within_and_between_are_those_of_duckdb(release: kultti.Release) -> None:
    [row] = release.change(LIBRARY, REGION, start=2015, end=2019)
    n, first, last, within, between = _groups(members=MEMBERS)
    assert (row.n, n) == (8, 8)
    assert (row.value_from, row.value_to) == pytest.approx((first, last), rel=1e-12)
    assert row.within == pytest.approx(within, rel=1e-9)
    assert row.between == pytest.approx(between, rel=1e-9)
    assert row.within + row.between == pytest.approx(row.absolute, rel=1e-9)


def test_prices_volume_and_population_are_the_mean_over_all_orders(release: kultti.Release) -> None:
    """Shapley's value by changing price, volume and population in each of the six orders."""
    [row] = release.change(LIBRARY, REGION, start=2015, end=2019, real="cpi@2019")
    cpi = _cpi()
    years = (2015, 2019)
    library = "library.net_operating_cost"
    costs = [_table(OBSERVATIONS / "net_operating_costs.csv", library, year)[MEMBERS].sum() for year in years]
    persons = [_persons(year)[MEMBERS].sum() for year in years]
    real = [cost * cpi[2019] / cpi[year] for cost, year in zip(costs, years, strict=True)]
    assert (row.value_from, row.value_to) == pytest.approx(np.divide(real, persons), rel=1e-12)
    # In real prices nothing is left to prices: volume and population alone, in both orders.
    shares = {"volume": 0.0, "population": 0.0}
    for order in permutations(shares):
        now = {"volume": real[0], "population": persons[0]}
        for factor in order:
            before = now["volume"] / now["population"]
            now[factor] = real[1] if factor == "volume" else persons[1]
            shares[factor] += (now["volume"] / now["population"] - before) / 2
    assert row.terms is not None
    assert row.terms.volume == pytest.approx(shares["volume"], rel=1e-9)
    assert row.terms.population == pytest.approx(shares["population"], rel=1e-9)
    assert not row.terms.price
    [nominal] = release.change(LIBRARY, REGION, start=2015, end=2019)
    factors = [
        {"price": cpi[year], "volume": cost / cpi[year], "population": inhabitants}
        for year, cost, inhabitants in zip(years, costs, persons, strict=True)
    ]
    shares = dict.fromkeys(factors[0], 0.0)
    for order in permutations(shares):
        now = dict(factors[0])
        for factor in order:
            before = now["price"] * now["volume"] / now["population"]
            now[factor] = factors[1][factor]
            shares[factor] += (now["price"] * now["volume"] / now["population"] - before) / 6
    assert nominal.terms is not None
    for factor, share in shares.items():
        assert getattr(nominal.terms, factor) == pytest.approx(share, rel=1e-8), factor
