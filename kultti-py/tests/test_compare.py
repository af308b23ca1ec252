"""The five questions, against figures worked out by hand or from the tables in ``datasets/finland``."""

from __future__ import annotations

import datetime
from typing import Any

import kultti
import pytest

from conftest import CULTURE, LIBRARY, Tables

# Central Ostrobothnia (region 16) in 2019, from territory/memberships.csv.
CENTRAL_OSTROBOTHNIA = ("074", "217", "236", "272", "421", "584", "849", "924")
FUNCTIONS = ("library", "museum", "theatre_dance_circus", "music", "other_culture", "basic_arts_education")


def culture(tables: Tables, areas: tuple[str, ...], period: str = "2019") -> float:
    return sum(tables[f"{function}.net_operating_cost", period, area] for function in FUNCTIONS for area in areas)


def people(tables: Tables, areas: tuple[str, ...], period: str = "2019") -> float:
    return sum(tables["population.year_end", period, area] for area in areas)


def test_the_call_of_the_readme(release: kultti.Release) -> None:
    """Kokkola in 2019: 2,861 + 1,181 + 1,110 + 1,001 + 573 + 645 = 7,371 thousand euros, 47,681 inhabitants."""
    c = release.compare(CULTURE, area="Kokkola", period=2019, peers=["region", "urban_rural"])
    assert c.value == 7_371_000 / 47_681
    assert (c.numerator, c.denominator) == (7_371_000, 47_681)
    assert (c.indicator, c.definition, c.unit) == (CULTURE, f"{CULTURE}@1", "EUR/inhabitant")
    assert (c.period, c.status, c.missing) == ("2019", "A", None)
    assert c.release == release.id
    assert (c.area.code, c.area.name) == ("272", "Kokkola")
    assert [peer.grouping for peer in c.peers] == ["region", "urban_rural"]


def test_position_is_whole_and_a_fraction(release: kultti.Release) -> None:
    """46th largest of 308; 262 areas are smaller, of 307 others."""
    position = release.compare(CULTURE, "Kokkola", period=2019).position
    assert (position.rank, position.n, position.order) == (46, 308, "descending")
    assert isinstance(position.rank, int)
    assert isinstance(position.n, int)
    assert position.percent_rank == 262 / 307


def test_a_group_is_a_ratio_of_sums(release: kultti.Release, tables: Tables) -> None:
    """Central Ostrobothnia: the sums of eight municipalities, Kokkola among them."""
    [region] = release.compare(CULTURE, "Kokkola", period=2019, peers=["region"]).peers
    expected = culture(tables, CENTRAL_OSTROBOTHNIA) / people(tables, CENTRAL_OSTROBOTHNIA)
    assert region.value == pytest.approx(expected, rel=1e-12)
    assert (region.group, region.aggregator, region.includes_area) == ("16", "ratio-of-sums", True)
    assert (region.n, region.members, region.coverage_areas, region.coverage_denominator) == (8, 8, 1, 1)
    own = 7_371_000 / 47_681
    assert region.difference == pytest.approx(own - expected, rel=1e-12)
    assert region.difference_relative == pytest.approx((own - expected) / expected, rel=1e-12)


def test_another_aggregate(release: kultti.Release, tables: Tables) -> None:
    """The plain mean of the eight ratios."""
    [region] = release.compare(CULTURE, "Kokkola", period=2019, peers="region", aggregate="mean").peers
    ratios = [culture(tables, (area,)) / people(tables, (area,)) for area in CENTRAL_OSTROBOTHNIA]
    assert region.aggregator == "mean"
    assert region.value == pytest.approx(sum(ratios) / 8, rel=1e-12)


@pytest.mark.parametrize("area", ["Kokkola", "Karleby", "272", "kokkola"])
def test_an_area_has_many_names(area: str, release: kultti.Release) -> None:
    assert release.compare(CULTURE, area, period=2019).area.code == "272"


@pytest.mark.parametrize("period", [2019, "2019", None])
def test_a_period_is_a_number_or_a_text(period: Any, release: kultti.Release) -> None:
    """2019 is the last year of the table of costs."""
    assert release.compare(CULTURE, "Kokkola", period=period).period == "2019"


def test_numpy_numbers_are_numbers(release: kultti.Release) -> None:
    numpy = pytest.importorskip("numpy")
    assert release.compare(CULTURE, "Kokkola", period=numpy.int64(2018)).period == "2018"


@pytest.mark.parametrize(
    "peers", [["region", "country"], ("region", "country"), "region,country", "region, country", iter(["region", "country"])]
)
def test_peers_are_a_list_or_a_text_with_commas(peers: Any, release: kultti.Release) -> None:
    c = release.compare(CULTURE, "Kokkola", period=2019, peers=peers)
    assert [peer.grouping for peer in c.peers] == ["region", "country"]


@pytest.mark.parametrize("territory", ["2021-01-01", datetime.date(2021, 1, 1)])
def test_borders_are_a_text_or_a_date(territory: Any, release: kultti.Release) -> None:
    assert release.compare(CULTURE, "Kokkola", period=2019, territory=territory).territory == "2021-01-01"


def test_an_area_without_a_value_says_why(release: kultti.Release) -> None:
    """Valtimo's costs of 2019 stand in those of Nurmes (joint_units.csv)."""
    c = release.compare(CULTURE, "Valtimo", period=2019, territory="then")
    assert (c.value, c.status, c.position.rank, c.position.percent_rank) == (None, "K", None, None)
    assert c.missing is not None
    assert c.missing.code == "included"
    assert c.missing.text
    assert [area.code for area in c.position.unranked] == ["099", "214", "911"]
    assert all(peer.difference is None for peer in c.peers)


def test_rank(release: kultti.Release, tables: Tables) -> None:
    """Kokkola's region in order, from the tables."""
    ranking = release.rank(CULTURE, period=2019, within="region:16", order="desc")
    ratios = {area: culture(tables, (area,)) / people(tables, (area,)) for area in CENTRAL_OSTROBOTHNIA}
    assert {row.code: row.value for row in ranking} == ratios
    assert [row.code for row in ranking] == sorted(ratios, key=lambda area: -ratios[area])
    assert [row.rank for row in ranking] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [row.percent_rank for row in ranking] == [k / 7 for k in range(7, -1, -1)]
    assert (ranking.n, ranking.order, ranking.period) == (8, "descending", "2019")


@pytest.mark.parametrize(("short", "long"), [("asc", "ascending"), ("desc", "descending")])
def test_orders_have_two_spellings(short: Any, long: Any, release: kultti.Release) -> None:
    rankings = [release.rank(CULTURE, period=2019, order=order) for order in (short, long)]
    assert [ranking.order for ranking in rankings] == [long, long]
    assert rankings[0].to_json() == rankings[1].to_json()


def test_groups(release: kultti.Release, tables: Tables) -> None:
    """All nineteen regions; one of them as above."""
    groups = release.groups(CULTURE, by="region", period=2019)
    assert (len(groups), groups.grouping, groups.period) == (19, "region", "2019")
    [region] = [row for row in groups if row.group == "16"]
    expected = culture(tables, CENTRAL_OSTROBOTHNIA) / people(tables, CENTRAL_OSTROBOTHNIA)
    assert region.value == pytest.approx(expected, rel=1e-12)
    assert (region.name, region.n, region.members) == ("Central Ostrobothnia", 8, 8)


def test_trend(release: kultti.Release, tables: Tables) -> None:
    """Kokkola 2017–2019: values, changes and an index from the tables."""
    trend = release.trend(CULTURE, "Kokkola", start=2017, end="2019")
    values = [culture(tables, ("272",), year) / people(tables, ("272",), year) for year in ("2017", "2018", "2019")]
    assert [point.period for point in trend] == ["2017", "2018", "2019"]
    assert [point.value for point in trend] == values
    assert trend[0].change is None
    assert trend[2].change == pytest.approx(values[2] - values[1], rel=1e-12)
    assert trend[2].change_relative == pytest.approx((values[2] - values[1]) / values[1], rel=1e-12)
    assert trend[2].index == pytest.approx(100 * values[2] / values[0], rel=1e-12)


def test_trend_of_several_areas_in_real_prices(release: kultti.Release) -> None:
    """2015 in the money of 2019: times 112.3 / 108.8 (price_indices.csv)."""
    trend = release.trend(CULTURE, ["Kokkola", "Vaasa"], real="cpi@2019")
    assert [point.code for point in trend] == ["272"] * 5 + ["905"] * 5
    assert trend.price_basis == "cpi@2019"
    first = trend[0]
    assert first.value is not None
    assert first.value_nominal is not None
    assert first.value == pytest.approx(first.value_nominal * 112.3 / 108.8, rel=1e-12)


def test_explain(release: kultti.Release) -> None:
    """The library's 2,861,000 euros over 47,681 inhabitants, in the money of 2015: times 108.8 / 112.3."""
    why = release.explain(LIBRARY, "Kokkola", period=2019, real="cpi@2015")
    assert why.formula == "library.net_operating_cost / population.year_end"
    assert why.deflator is not None
    assert (why.deflator.index, why.deflator.base, why.deflator.power) == (112.3, 108.8, 1)
    assert why.value == pytest.approx(2_861_000 / 47_681 * 108.8 / 112.3, rel=1e-12)
    cost, persons = why.measures
    assert (cost.measure, cost.side, cost.value) == ("library.net_operating_cost", "numerator", 2_861_000)
    assert (persons.measure, persons.side, persons.value) == ("population.year_end", "denominator", 47_681)
    [observation] = cost.observations
    assert (observation.area, observation.period, observation.value) == ("272", "2019", 2_861_000)
    assert observation.origin == "observations/net_operating_costs.csv"


def test_indicators_are_found_in_three_languages(release: kultti.Release) -> None:
    for words in ("kirjastolainat", "library loans", "bibliotekslån"):
        found = [row.indicator for row in release.indicators.search(words)]
        assert "library.loans_per_inhabitant" in found, words
        assert [row.indicator for row in release.indicators(words)] == found


def test_an_indicator_is_asked_for_by_id(release: kultti.Release) -> None:
    """Loans are published for 2012–2022."""
    row = release.indicators["library.loans_per_inhabitant"]
    assert (row.first_period, row.last_period, len(row.periods)) == ("2012", "2022", 11)
    assert row.indicator in release.indicators._ipython_key_completions_()


def test_an_area_is_asked_for_by_name(release: kultti.Release) -> None:
    """Pertunmaa became part of Mäntyharju (507) on 1 January 2025 (changes.csv)."""
    row = release.areas["Pertunmaa"]
    assert (row.code, row.valid_to, row.successor) == ("588", "2024-12-31", "507")
    assert release.areas["588"] == row
    assert release.areas("Karleby")[0].code == "272"
    assert "Pertunmaa" in release.areas._ipython_key_completions_()


def test_a_release_from_a_file_is_the_same(release: kultti.Release) -> None:
    from conftest import EXAMPLE

    opened = kultti.open(EXAMPLE, verify=True, language="sv")
    assert (opened.id, opened.name, opened.language) == (release.id, str(EXAMPLE), "sv")
    assert opened.verify().id == release.id
    assert opened.compare(CULTURE, "272", period=2019).area.name == "Karleby"


@pytest.mark.parametrize(("variable", "language"), [("sv", "sv"), ("en_GB.UTF-8", "en"), ("C", "fi")])
def test_the_environment_chooses_the_language(
    variable: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KULTTI_LANG", variable)
    assert kultti.example().language == language
