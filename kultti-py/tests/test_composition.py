"""What a figure is made of, computed a second time from the tables with DuckDB, and its bars read back by their axis."""

from __future__ import annotations

from xml.etree import ElementTree

import duckdb
import kultti
import pyarrow as pa
import pytest
from conftest import CULTURE, LIBRARY, ROOT

OBSERVATIONS = ROOT / "datasets" / "finland" / "observations"
FUNCTIONS = ["library", "museum", "theatre_dance_circus", "music", "other_culture", "basic_arts_education"]
# The municipalities of Central Ostrobothnia; their borders have been the same since 2013.
MEMBERS = "074 217 236 272 421 584 849 924".split()
SVG = "{http://www.w3.org/2000/svg}"


def _sums(areas: list[str], period: int) -> dict[str, float]:
    """Σn/Σd of each function over some areas, as the source has them."""
    found = duckdb.sql(
        f"""
        WITH costs AS (FROM read_csv('{OBSERVATIONS}/net_operating_costs.csv', all_varchar=true)),
             persons AS (FROM read_csv('{OBSERVATIONS}/population.csv', all_varchar=true))
        SELECT split_part(measure, '.', 1), sum(value::DOUBLE) / (
                   SELECT sum(latest) FROM (
                       SELECT arg_max(value::DOUBLE, territory) AS latest FROM persons
                       WHERE measure = 'population.year_end' AND period = '{period}' AND area IN {tuple([*areas, ""])}
                       GROUP BY area))
        FROM costs
        WHERE measure LIKE '%.net_operating_cost' AND period = '{period}' AND area IN {tuple([*areas, ""])}
        GROUP BY measure
        """
    ).fetchall()
    return dict(found)


@pytest.mark.parametrize("period", [2015, 2019])
@pytest.mark.parametrize("area", MEMBERS)
def test_parts_of_an_area_and_its_region_are_those_of_the_source(release: kultti.Release, area: str, period: int) -> None:
    found = release.composition(CULTURE, area, period=period, peers="region")
    own, group = _sums([area], period), _sums(MEMBERS, period)
    assert [part.part for part in found.parts] == [f"{function}.net_operating_cost" for function in FUNCTIONS]
    for part, beside in zip(found.parts, found.peers[0].parts, strict=True):
        function = part.part.removesuffix(".net_operating_cost")
        assert part.figure.value == pytest.approx(own[function], rel=1e-12)
        assert beside.figure.value == pytest.approx(group[function], rel=1e-12)
        assert beside.difference == pytest.approx(own[function] - group[function], abs=1e-9)
        assert part.indicator == f"{function}.net_operating_cost_per_inhabitant"


def test_parts_add_up_for_every_area_and_to_what_compare_says(release: kultti.Release) -> None:
    for row in release.rank(CULTURE, order="desc", period=2019):
        found = release.composition(CULTURE, row.code, period=2019, peers=["country", "region"])
        values = [part.figure.value or 0.0 for part in found.parts]
        assert sum(values) == pytest.approx(row.value, abs=1e-9)
        assert sum(part.figure.share or 0.0 for part in found.parts) == pytest.approx(1.0, abs=1e-12)
        for group in found.peers:
            assert sum(part.figure.value or 0.0 for part in group.parts) == pytest.approx(group.whole.value, abs=1e-9)
            assert sum(part.difference or 0.0 for part in group.parts) == pytest.approx(group.difference, abs=1e-9)
    compared = release.compare(CULTURE, "Kokkola", period=2019, peers=["country", "region"])
    found = release.composition(CULTURE, "Kokkola", period=2019, peers=["country", "region"])
    assert [group.whole.value for group in found.peers] == [peer.value for peer in compared.peers]
    assert [group.difference for group in found.peers] == [peer.difference for peer in compared.peers]


def test_a_part_goes_on_as_an_indicator_of_its_own(release: kultti.Release) -> None:
    found = release.composition(CULTURE, "Kokkola", peers="country")
    for part in found.parts:
        assert part.indicator is not None
        alone = release.compare(part.indicator, "Kokkola", peers="country")
        assert (alone.value, alone.period) == (part.figure.value, found.period)


def test_it_is_a_table_with_the_whole_in_rows_without_a_part(release: kultti.Release) -> None:
    found = release.composition(CULTURE, "Lieksa", period=2019, peers=["region", "country"])
    table = pa.table(found).to_pandas()
    assert len(table) == 7 * 2
    whole = table[table["part"].isna()]
    assert set(whole["area_value"]) == {found.whole.value}
    parts = table[table["part"].notna()]
    sums = parts.groupby("group")[["area_value", "value", "difference"]].sum()
    for group in found.peers:
        assert sums.loc[group.group].tolist() == pytest.approx([found.whole.value, group.whole.value, group.difference])


def test_what_is_no_sum_says_what_it_is(release: kultti.Release) -> None:
    with pytest.raises(kultti.InvalidArgumentError, match=r"library\.net_operating_cost / population\.year_end") as caught:
        release.composition(LIBRARY, "Kokkola")
    assert caught.value.code == "K0923"
    assert CULTURE in str(caught.value)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("width", [320, 720])
@pytest.mark.parametrize("area", ["Kokkola", "Lieksa", "Brändö", "Kauniainen"])
def test_bars_are_as_long_as_their_figures(language: str, width: int, area: str) -> None:
    found = kultti.example(language=language).composition(CULTURE, area, period=2019, peers="country")  # type: ignore[arg-type]
    chart = found.plot()
    svg = chart.to_svg(width=width)
    assert len(svg.encode()) < 11_000
    root = ElementTree.fromstring(svg)
    bars = [item for item in root.iter(f"{SVG}rect") if item.get("class") == "mark"]
    by_value = sorted(found.parts, key=lambda part: -(part.figure.value or 0.0))
    assert len(bars) == 6
    longest = max(bars, key=lambda bar: float(bar.get("width", "")))
    unit = float(longest.get("width", "")) / max(abs(part.figure.value or 0.0) for part in found.parts)
    for bar, part in zip(bars, by_value, strict=True):
        value = part.figure.value or 0.0
        assert float(bar.get("width", "")) == pytest.approx(abs(value) * unit, abs=0.02)
        assert part.label in (bar.findtext(f"{SVG}title") or "")
    # A bar below zero ends where the others begin.
    left = {round(float(bar.get("x", "")), 1) for bar, part in zip(bars, by_value, strict=True) if (part.figure.value or 0) >= 0}
    right = {
        round(float(bar.get("x", "")) + float(bar.get("width", "")), 1)
        for bar, part in zip(bars, by_value, strict=True)
        if (part.figure.value or 0) < 0
    }
    assert len(left) == 1
    assert all(abs(edge - next(iter(left))) < 0.2 for edge in right)
    for text in root.iter(f"{SVG}text"):
        assert float(text.get("font-size", "")) >= 11
        assert 0 <= float(text.get("x", "")) <= width
