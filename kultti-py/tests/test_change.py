"""Change and trend against SciPy, NumPy and the source tables; a permutation is counted out where there are ties."""

from __future__ import annotations

import csv
import itertools
import math
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import kultti
import pytest

np = pytest.importorskip("numpy")
stats = pytest.importorskip("scipy.stats")

LIBRARY = "library.net_operating_cost_per_inhabitant"
CULTURE = "culture.net_operating_cost_per_inhabitant"
LOANS = "library.loans_per_inhabitant"
THEATRE = "theatre_dance_circus.net_operating_cost_per_inhabitant"
FINLAND = Path(__file__).parents[2] / "datasets" / "finland"


@pytest.fixture(scope="module")
def release() -> kultti.Release:
    return kultti.example(language="en")


def _areas(release: kultti.Release) -> Iterator[str]:
    """Every tenth area of today."""
    return itertools.islice((area.code for area in release.areas if area.valid_to is None), 0, None, 10)


def _series(trend: kultti.Trend) -> dict[str, list[tuple[int, float]]]:
    series: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for point in trend:
        if point.value is not None:
            series[point.code].append((int(point.period), point.value))
    return series


@pytest.mark.parametrize("indicator", [LIBRARY, CULTURE, LOANS, THEATRE])
def test_slopes_are_those_of_scipy(release: kultti.Release, indicator: str) -> None:
    trend = release.trend(indicator, list(_areas(release)))
    series = _series(trend)
    first = min(int(point.period) for point in trend)
    fitted = 0
    for fit in trend.fits:
        points = series[fit.code]
        assert fit.n == len(points)
        if len(points) < 5:
            assert fit.missing is not None and fit.missing.code == "too-few-points"
            continue
        times, values = zip(*points)
        expected = stats.theilslopes(values, np.array(times) - first, alpha=0.95)
        found = (fit.slope, fit.intercept, fit.slope_lower, fit.slope_upper)
        assert found == pytest.approx(tuple(expected), rel=1e-12, abs=1e-12)
        fitted += 1
    assert fitted >= 20


def _enumerated(values: list[float]) -> float:
    """The share of all orders of the values whose |S| is at least as large."""

    def score(order: tuple[float, ...]) -> int:
        return abs(sum(int(np.sign(b - a)) for a, b in itertools.combinations(order, 2)))

    own = score(tuple(values))
    scores = [score(order) for order in itertools.permutations(values)]
    return sum(one >= own for one in scores) / len(scores)


@pytest.mark.parametrize("indicator", [LIBRARY, CULTURE, THEATRE])
def test_short_series_are_tested_exactly(release: kultti.Release, indicator: str) -> None:
    trend = release.trend(indicator, list(_areas(release)))
    series = _series(trend)
    tied = 0
    for fit in trend.fits:
        values = [value for _, value in series[fit.code]]
        if len(values) < 5:
            continue
        assert fit.method == "exact"
        assert fit.p == pytest.approx(_enumerated(values), rel=1e-12)
        if len(set(values)) == len(values):
            test = stats.kendalltau(range(len(values)), values, method="exact")
            assert (fit.tau, fit.p) == pytest.approx((test.statistic, test.pvalue), rel=1e-12)
        else:
            tied += 1
    assert tied > 0 or indicator != THEATRE


def test_long_series_use_the_normal_distribution(release: kultti.Release) -> None:
    """Eleven years of loans: z = (S - sign S)/sigma with the variance corrected for ties."""
    trend = release.trend(LOANS, list(_areas(release)))
    series = _series(trend)
    tested = 0
    for fit in trend.fits:
        values = np.array([value for _, value in series[fit.code]])
        n = len(values)
        if n <= 10:
            continue
        s = sum(np.sign(b - a) for a, b in itertools.combinations(values, 2))
        ties = np.unique(values, return_counts=True)[1]
        variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)) / 18
        z = (s - np.sign(s)) / math.sqrt(variance)
        assert (fit.s, fit.method) == (s, "normal")
        assert fit.p == pytest.approx(2 * stats.norm.sf(abs(z)), rel=1e-9)
        assert fit.tau == pytest.approx(stats.kendalltau(range(n), values).statistic, rel=1e-12)
        tested += 1
    assert tested >= 15


def _sums(measure: str, year: int, areas: set[str]) -> float:
    """A measure of the areas of today, from the source tables; areas that ended are part of their successor."""
    successors = {}
    with (FINLAND / "territory" / "changes.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            successors[row["source"]] = row["target"]
    table = "population" if measure.startswith("population") else "net_operating_costs"
    total = 0.0
    with (FINLAND / "observations" / f"{table}.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if (row["measure"], row["period"]) != (measure, str(year)) or not row["value"]:
                continue
            area = row["area"]
            while area in successors and area not in areas:
                area = successors[area]
            if area in areas:
                total += float(row["value"])
    return total


def _shapley(before: list[float], after: list[float]) -> list[float]:
    """The mean over all orders, one by one."""
    terms = np.zeros(len(before))
    orders = list(itertools.permutations(range(len(before))))
    for order in orders:
        state = np.array(before)
        for factor in order:
            old = state.prod()
            state[factor] = after[factor]
            terms[factor] += state.prod() - old
    return list(terms / len(orders))


def test_terms_of_a_change_from_the_source_tables(release: kultti.Release) -> None:
    """Central Ostrobothnia 2015 to 2019: sums by csv, prices 108.8 and 112.3 of the register."""
    change = release.change(LIBRARY, "region:16", start=2015, end=2019, list=True)
    row = change[0]
    areas = {area.code for area in row.areas}
    n = [_sums("library.net_operating_cost", year, areas) for year in (2015, 2019)]
    d = [_sums("population.year_end", year, areas) for year in (2015, 2019)]
    assert (row.value_from, row.value_to) == pytest.approx((n[0] / d[0], n[1] / d[1]), rel=1e-12)
    growth = 112.3 / 108.8
    expected = _shapley([1, n[0], 1 / d[0]], [growth, n[1] / growth, 1 / d[1]])
    terms = row.terms
    assert terms is not None
    assert (terms.price, terms.volume, terms.population) == pytest.approx(tuple(expected), rel=1e-9)
    assert sum(expected) == pytest.approx(row.absolute, rel=1e-9)
    assert row.cagr == pytest.approx((row.value_to / row.value_from) ** 0.25 - 1, rel=1e-12)


@pytest.mark.parametrize("indicator", [LIBRARY, CULTURE, THEATRE, "culture.net_operating_cost", "population.total"])
@pytest.mark.parametrize("by", ["country", "region", "size", "language"])
def test_terms_add_up(release: kultti.Release, indicator: str, by: str) -> None:
    for row in release.change(indicator, by, start=2015, end=2019, list=True):
        if row.absolute is None:
            continue
        size = max(abs(row.value_from or 0), abs(row.value_to or 0))
        terms = row.terms
        assert terms is not None
        total = (terms.price or 0) + terms.volume + (terms.population or 0)
        assert abs(total - row.absolute) <= 1e-12 * size
        if row.within is not None and row.between is not None:
            assert abs(row.within + row.between - row.absolute) <= 1e-12 * size
            parts = math.fsum((area.within or 0) + (area.between or 0) for area in row.areas)
            assert abs(parts - row.absolute) <= 1e-12 * size


def test_lmdi_is_by_logarithms(release: kultti.Release) -> None:
    row = release.change(CULTURE, start=2015, end=2019, method="lmdi")[0]
    terms, mean = row.terms, (row.value_to - row.value_from) / math.log(row.value_to / row.value_from)
    assert terms is not None
    assert terms.price == pytest.approx(mean * math.log(112.3 / 108.8), rel=1e-9)
    assert (terms.price or 0) + terms.volume + (terms.population or 0) == pytest.approx(row.absolute, rel=1e-12)


def test_a_cost_that_vanishes(release: kultti.Release) -> None:
    change = release.change(THEATRE, "region:01", start=2016, end=2019, list=True)
    helsinki = next(area for area in change[0].areas if area.code == "091")
    assert (helsinki.value_to, helsinki.relative) == (0.0, -1.0)
    assert "vanished" in [note.code for note in change.notes]


def test_a_group_without_gaps_has_no_drift(release: kultti.Release) -> None:
    trend = release.trend(LIBRARY, group="region:16")
    assert [point.period for point in trend.group] == ["2015", "2016", "2017", "2018", "2019"]
    first = trend.group[0].value
    for point in trend.group:
        assert point.index_direct == pytest.approx(100 * point.value / first, rel=1e-12)
        assert point.index_chained == pytest.approx(point.index_direct, rel=1e-12)


def test_results_are_tables(release: kultti.Release) -> None:
    pa = pytest.importorskip("pyarrow")
    table = pa.table(release.change(LIBRARY, "region", start=2015, end=2019))
    assert table.num_rows == 19
    assert str(table.schema.field("price").type) == "double"
    assert table["price_index"].to_pylist() == ["cpi"] * 19
    listed = pa.table(release.change(LIBRARY, "region:16", start=2015, end=2019, list=True))
    assert listed.num_rows == 8
    trend = pa.table(release.trend(LIBRARY, "Kokkola", index=2016))
    assert trend["index"].to_pylist()[1] == 100.0
    assert len(set(trend["slope"].to_pylist())) == 1


def test_what_cannot_be_asked(release: kultti.Release) -> None:
    with pytest.raises(kultti.InvalidArgumentError, match="end"):
        release.change(LIBRARY, start=2019, end=2015)
    with pytest.raises(kultti.NotFoundError):
        release.change(LIBRARY, start=1999)
    with pytest.raises(kultti.InvalidArgumentError, match="shapley"):
        release.change(LIBRARY, method="x")  # type: ignore[arg-type]
    with pytest.raises(kultti.InvalidArgumentError, match="chain"):
        release.trend(LIBRARY, "Kokkola", chain=-1.0)
    with pytest.raises(kultti.InvalidArgumentError, match="borders"):
        release.change(LIBRARY, territory="then")
    with pytest.raises(TypeError):
        release.trend(LIBRARY, "Kokkola", chain="x")  # type: ignore[arg-type]
    assert "nothing-to-chain" in [note.code for note in release.trend(LIBRARY, "Kokkola", chain=True).notes]
    why = release.change(LIBRARY, "region:16", start=2015, end=2019).explain()
    assert [item.period for item in why.inputs] == ["2015", "2019"]
    assert len(why.inputs[0].figures) == 8
