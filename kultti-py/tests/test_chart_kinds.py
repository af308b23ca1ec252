"""Slopes, small multiples, bars of parts and bands: each picture is read back by its own axes."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import kultti
import pytest
import vl_convert
from conftest import CULTURE, LIBRARY
from test_charts import COST, LOANS, SVG, Picture, _items

AREAS = ["Kokkola", "Vaasa", "Mikkeli"]


def _lines(picture: Picture) -> list[list[tuple[float, float]]]:
    """The points of every line."""
    points = [line.get("points", "").split(" ") for line in picture.root.iter(f"{SVG}polyline")]
    return [[(float(x), float(y)) for x, y in (point.split(",") for point in line)] for line in points]


def _straight(pairs: list[tuple[float, float]]) -> None:
    """That a place is the same linear function of each value."""
    (low, first), (high, last) = min(pairs), max(pairs)
    unit = (last - first) / (high - low)
    for value, place in pairs:
        assert place == pytest.approx(first + unit * (value - low), abs=0.03)


@pytest.mark.parametrize("width", [320, 720])
def test_a_slope_stands_where_its_values_do(release: kultti.Release, width: int) -> None:
    trend = release.trend(LIBRARY, AREAS, group="country")
    chart = trend.plot("slope")
    rows = chart.data.to_dict()
    assert {row["period"] for row in rows} == {"2015", "2019"}
    picture = Picture(chart.to_svg(width))
    title = {mark[2].replace("\u00a0", " "): mark for mark in picture.marks}
    places = [(row["value"], title[f"{row['period']} – {row['name']} {row['value']:,.2f}"]) for row in rows]
    _straight([(value, mark[1]) for value, mark in places])
    assert len({round(mark[0], 2) for _, mark in places}) == 2
    assert sorted(y for line in _lines(picture) for _, y in line) == pytest.approx(sorted(mark[1] for _, mark in places), abs=0.02)
    for row in rows:
        assert f"{row['value']:,.2f}" in picture.text()
    # Lines have words at their ends: none stands over another.
    words = [(y, x) for _, x, y in picture.texts if x > max(mark[0] for _, mark in places)]
    heights = sorted(y for y, _ in words)
    assert all(below - above >= 14 for above, below in zip(heights, heights[1:], strict=False))


def test_no_slope_leads_across_a_break(northland: kultti.Release) -> None:
    # Teeta breaks before 2021, Isle has no figure in 2019, Alpha is whole.
    chart = northland.trend(COST, ["04", "06", "01"]).plot("slope")
    picture = Picture(chart.to_svg())
    assert len(_lines(picture)) == 1
    assert len(picture.marks) == 5
    text = picture.text()
    assert "break 2021: Teeta" in text
    assert "Isle 2019" in text
    assert "merger 2021: Alpha" in text
    specification = chart.to_vega_lite()
    words = [word for text in _texts(specification) for word in text.split("\n")]
    assert any("break 2021: Teeta" in word for word in words)


def _texts(specification: dict[str, Any]) -> list[str]:
    drawn = ElementTree.fromstring(vl_convert.vegalite_to_svg(specification, vl_version="5.20"))
    return ["".join(text.itertext()) for text in drawn.iter(f"{SVG}text")]


def test_slopes_of_groups_mark_one_and_say_who_has_no_line(northland: kultti.Release, release: kultti.Release) -> None:
    change = release.change(CULTURE, by="region", start=2015, end=2019)
    rows = change.plot("slope", mark="Central Ostrobothnia").data.to_dict()
    assert {row["code"] for row in rows if row["role"] == "area"} == {"16"}
    assert {row["role"] for row in rows} == {"area", "other"}
    with pytest.raises(kultti.NotFoundError):
        change.plot("slope", mark="Central Ostrobotnia")
    broken = northland.change(COST, by="country", start=2019, end=2022, panel="all").plot("slope")
    picture = Picture(broken.to_svg())
    assert "no line" in picture.text() or _lines(picture)


def test_small_multiples_share_one_scale(release: kultti.Release) -> None:
    trend = release.trend(LIBRARY, AREAS, group="country")
    chart = trend.plot("multiples")
    picture = Picture(chart.to_svg())
    columns: dict[str, list[tuple[float, float]]] = {}
    for point in trend:
        if point.name not in AREAS:
            continue
        [mark] = [m for m in picture.marks if m[2].startswith(f"{point.period} – {point.name}\u00a0")]
        columns.setdefault(point.name, []).append((point.value, mark[1]))
    # One row of three: the same value stands at the same height in each.
    _straight([pair for column in columns.values() for pair in column])
    lines = _lines(picture)
    assert [len(line) for line in lines] == [5] * 6
    dashed = [line for line in picture.root.iter(f"{SVG}polyline") if line.get("stroke-dasharray")]
    assert len({line.get("points", "").split(" ")[0].split(",")[1] for line in dashed}) == 1
    # The country stands behind each, and is told once.
    rows = chart.data.to_dict()
    assert len(rows) == 5 * 6
    for name in AREAS:
        assert name in picture.text()


def test_small_multiples_show_breaks_and_what_is_missing(northland: kultti.Release) -> None:
    chart = northland.trend(COST, ["04", "06", "01"]).plot("multiples")
    picture = Picture(chart.to_svg(320))
    assert [len(line) for line in _lines(picture)] == [2, 2, 3, 4]
    [cross] = [mark for mark in picture.marks if "missing" in mark[2]]
    assert cross[2].startswith("2019 – Isle")
    dashed = [line for line in picture.root.iter(f"{SVG}line") if line.get("stroke-dasharray") == "5 3"]
    assert len(dashed) == 2, "one between the periods, one in the key"
    assert "break 2021: Teeta" in picture.text()
    hollow = [title for _, _, title, item in picture.marks if item.get("fill") == "#ffffff"]
    assert [title.split(" – ")[0] for title in hollow] == ["2022"]


def test_vega_draws_small_multiples_and_slopes(release: kultti.Release) -> None:
    trend = release.trend(LIBRARY, AREAS, group="country")
    for version in ("5.8", "5.20", "6.4"):
        scene = vl_convert.vegalite_to_scenegraph(trend.plot("multiples").to_vega_lite(), vl_version=version)
        assert len(_items(scene, "symbol")) == 5 * 3
        scene = vl_convert.vegalite_to_scenegraph(trend.plot("slope").to_vega_lite(), vl_version=version)
        symbols = _items(scene, "symbol")
        assert len(symbols) == 2 * 4
        values = sorted(row["value"] for row in trend.plot("slope").data.to_dict())
        _straight(list(zip(values, sorted((item["y"] for item in symbols), reverse=True), strict=True)))


def test_vega_draws_bars_from_zero(release: kultti.Release) -> None:
    found = release.composition(CULTURE, "Lieksa", period=2019, peers="country")
    specification = found.plot().to_vega_lite()
    for version in ("5.8", "5.20", "6.4"):
        scene = vl_convert.vegalite_to_scenegraph(specification, vl_version=version)
        widths = sorted(item["width"] for item in _items(scene, "rect"))
        values = sorted(abs(part.figure.value or 0.0) for part in found.parts)
        _straight([(0.0, 0.0), *zip(values, widths, strict=True)])
        assert len(_items(scene, "symbol")) == 6


@pytest.mark.parametrize("width", [320, 720])
def test_cuts_of_bands_stand_where_the_axis_says(release: kultti.Release, width: int) -> None:
    compared = release.compare(LOANS, "Kokkola", peers=["region", "country"], bands="relative")
    picture = Picture(compared.plot().to_svg(width))
    origin, unit = picture.axis(0)
    [bands] = [peer.bands for peer in compared.peers if peer.grouping == "country"]
    assert bands is not None
    cuts = {float(line.get("x1", "")) for line in picture.root.iter(f"{SVG}line") if line.get("stroke-dasharray") == "3 3"}
    expected = [origin + unit * cut for cut in (bands.lower_cut, bands.upper_cut)]
    assert sorted(cuts) == pytest.approx(expected, abs=0.05)
    words = picture.text().replace("\n", " ")
    assert "quartiles of Mainland Finland" in words
    for count in (bands.best, bands.middle, bands.worst):
        assert f"(areas: {count})" in words
    # The areas below, between and above, counted anew.
    values = [row.value for row in release.rank(LOANS) if row.value is not None]
    assert bands.best == sum(value > bands.upper_cut for value in values)
    assert bands.worst == sum(value < bands.lower_cut for value in values)
    assert "– Kokkola" in words


def test_thresholds_and_intervals_have_legends_of_their_own(release: kultti.Release) -> None:
    compared = release.compare(LOANS, "Kannus", peers="region", bands="absolute:10,20", bands_source="a law")
    words = Picture(compared.plot().to_svg()).text()
    assert "given thresholds, source a law; Central Ostrobothnia" in words
    assert "≤\u00a010.00" in words
    assert "≥\u00a020.00" in words
    tested = release.compare("population.share_0_17", "Kokkola", peers=["region", "country"], intervals=95)
    picture = Picture(tested.plot().to_svg())
    assert tested.interval is not None
    origin, unit = picture.axis(0)
    cuts = {float(line.get("x1", "")) for line in picture.root.iter(f"{SVG}line") if line.get("stroke-dasharray") == "3 3"}
    lower, upper = tested.interval.lower, tested.interval.upper
    assert sorted(cuts) == pytest.approx([origin + unit * lower, origin + unit * upper], abs=0.05)
    assert "Kokkola compared with Whole country: higher" in picture.text()
    assert "bands" not in tested.plot("peers").to_svg()


def test_pictures_are_small(release: kultti.Release) -> None:
    compared = release.compare(LOANS, "Kokkola", peers="country", bands="relative")
    sizes = {
        "bands": (compared.plot(), 40_000),
        "composition": (release.composition(CULTURE, "Lieksa", peers="similar:8").plot(), 10_000),
        "slopes": (release.change(CULTURE, by="region", start=2015, end=2019).plot("slope"), 25_000),
        "multiples": (release.trend(LIBRARY, [*AREAS, "Nurmes", "Kannus", "Oulu"], group="country").plot("multiples"), 20_000),
    }
    for kind, (chart, most) in sizes.items():
        for width in (320, 720):
            assert len(chart.to_svg(width).encode()) < most, kind
