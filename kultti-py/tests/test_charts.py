"""Charts: a picture is read back as a person reads it, by its axis, and has to say what the result says."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import altair
import jsonschema
import kultti
import pytest
import vl_convert
from conftest import CULTURE, LIBRARY, built

SVG = "{http://www.w3.org/2000/svg}"
COST = "cost_a.per_inhabitant"
LOANS = "library.loans_per_inhabitant"
HOSTILE = "<script>alert(1)</script> \"q\" 'a' & ]]> {{x}} datum.value"


def _number(text: str) -> float | None:
    """A number as it is written in Finnish, Swedish or English, below a thousand."""
    try:
        return float(text.replace("\u2212", "-").replace(",", "."))
    except ValueError:
        return None


class Picture:
    """An SVG as it is seen: marks with their places and titles, texts, and the numbers of the axis."""

    def __init__(self, svg: str) -> None:
        self.root = ElementTree.fromstring(svg)
        self.texts = [
            ("".join(text.itertext()), float(text.get("x", "")), float(text.get("y", ""))) for text in self.root.iter(f"{SVG}text")
        ]
        self.marks = [
            (*self._place(item), item.findtext(f"{SVG}title") or "", item) for item in self.root.iter() if item.get("class") == "mark"
        ]

    @staticmethod
    def _place(item: ElementTree.Element) -> tuple[float, float]:
        if item.tag == f"{SVG}circle":
            return float(item.get("cx", "")), float(item.get("cy", ""))
        if item.tag == f"{SVG}rect":
            return float(item.get("x", "")), float(item.get("y", ""))
        x, y = item.get("transform", "").removeprefix("translate(").removesuffix(")").split(" ")
        return float(x), float(y)

    def axis(self, along: int) -> tuple[float, float]:
        """Origin and length of one unit on the axis of x (0) or y (1), read from the numbers beside it."""
        lines: dict[float, list[tuple[float, float]]] = {}
        for text, x, y in self.texts:
            value = _number(text)
            if value is not None:
                # The number beside a line stands four pixels lower than the line, so that its middle is there.
                at, across = ((x, y), (y - 4, x))[along]
                lines.setdefault(across, []).append((value, at))
        ticks = max(lines.values(), key=len)
        assert len(ticks) >= 3
        (low, first), (high, last) = min(ticks), max(ticks)
        unit = (last - first) / (high - low)
        for value, at in ticks:
            assert at == pytest.approx(first + unit * (value - low), abs=0.02)
        return first - unit * low, unit

    def text(self) -> str:
        return "\n".join(text for text, _, _ in self.texts)


@pytest.fixture(scope="session")
def hostile(northland_folder: Path) -> kultti.Release:
    """The same country with an area whose name is a script."""
    folder = northland_folder.parent / "hostile"
    shutil.copytree(northland_folder, folder)
    areas = folder / "territory" / "areas.csv"
    name = '"' + HOSTILE.replace('"', '""') + '"'
    areas.write_text(areas.read_text(encoding="utf-8").replace("04,Teeta,", f"04,{name},"), encoding="utf-8")
    return built(folder)


def _charts(release: kultti.Release) -> dict[str, kultti.Chart]:
    compared = release.compare(CULTURE, "Kokkola", period=2019, list=True)
    return {
        "distribution": compared.plot(),
        "peers": compared.plot("peers"),
        "rank": release.rank(CULTURE, order="desc", period=2019).plot(mark=["Kokkola", "Vaasa"]),
        "short rank": release.rank(CULTURE, order="asc", within="region:16", period=2019).plot(mark="272"),
        "trend": release.trend(LIBRARY, "Kokkola").plot(),
        "trends": release.trend(LIBRARY, ["Kokkola", "Vaasa", "Mikkeli"], group="country").plot(),
        "groups": release.groups(CULTURE, by="region", period=2019).plot(),
        "change": release.change(CULTURE, by="region", start=2015, end=2019).plot(),
        "similar": release.peers(CULTURE, area="Kokkola").plot(),
        "distances": release.peers(area="Kokkola").plot(),
        "composition": release.composition(CULTURE, "Kokkola", period=2019, peers="urban_rural").plot(),
        "slope": release.trend(LIBRARY, ["Kokkola", "Vaasa", "Mikkeli"], group="country").plot("slope"),
        "slopes": release.change(CULTURE, by="region", start=2015, end=2019).plot("slope", mark="16"),
        "multiples": release.trend(LIBRARY, ["Kokkola", "Vaasa", "Mikkeli", "Nurmes"], group="country").plot("multiples"),
        "bands": release.compare(LOANS, "Kokkola", peers="country", bands="relative").plot(),
        "thresholds": release.compare(LOANS, "Kannus", peers="region", bands="absolute:10,20", bands_source="a law").plot(),
        "interval": release.compare("population.share_0_17", "Kokkola", peers=["region", "country"], intervals=95).plot(),
    }


KINDS = ["distribution", "peers", "rank", "short rank", "trend", "trends", "groups", "change", "similar", "distances"]
# Kinds with more than one axis of values, or none, which test_chart_kinds.py reads.
OTHERS = ["composition", "slope", "slopes", "multiples", "bands", "thresholds", "interval"]


@pytest.fixture(scope="session")
def charts() -> dict[str, dict[str, kultti.Chart]]:
    return {language: _charts(kultti.example(language=language)) for language in ("fi", "sv", "en")}


@pytest.mark.parametrize("width", [360, 720])
@pytest.mark.parametrize("kind", KINDS)
def test_every_value_stands_where_the_axis_says(kind: str, width: int, charts: dict[str, dict[str, kultti.Chart]]) -> None:
    chart = charts["sv"][kind]
    picture = Picture(chart.to_svg(width))
    along = 1 if kind in ("trend", "trends") else 0
    origin, unit = picture.axis(along)
    expected = sorted(origin + unit * row["value"] for row in chart.data.to_dict() if row["value"] is not None)
    drawn = sorted(mark[along] for mark in picture.marks if "M-3.8" not in (mark[3].get("d") or ""))
    # Places are written with two decimals, and so are the ticks that the axis was read from.
    assert drawn == pytest.approx(expected, abs=0.05)
    assert all(0 <= x <= width for x, _, _, _ in picture.marks)


def test_the_distribution_is_the_ranking(charts: dict[str, dict[str, kultti.Chart]]) -> None:
    ranking = kultti.example(language="en").rank(CULTURE, order="desc", period=2019)
    chart = charts["en"]["distribution"]
    values = {row["code"]: row["value"] for row in chart.data.to_dict() if row["role"] != "group"}
    assert values == {row.code: row.value for row in ranking}
    picture = Picture(chart.to_svg())
    origin, unit = picture.axis(0)
    title = {mark[2].replace("\u00a0", " "): mark[0] for mark in picture.marks}
    for row in ranking:
        if row.value is not None:
            assert title[f"{row.name} {row.value:,.2f}"] == pytest.approx(origin + unit * row.value, abs=0.05)


def test_no_dot_of_a_distribution_covers_another(charts: dict[str, dict[str, kultti.Chart]]) -> None:
    picture = Picture(charts["en"]["distribution"].to_svg())
    dots = [(x, y, float(item.get("r", ""))) for x, y, _, item in picture.marks if item.tag == f"{SVG}circle"]
    own = max(dots, key=lambda dot: dot[2])
    dots.remove(own)
    assert len(dots) == 307
    for at, (x, y, r) in enumerate(dots):
        for other_x, other_y, _ in dots[:at]:
            assert ((x - other_x) ** 2 + (y - other_y) ** 2) ** 0.5 > 2 * r - 0.03


def test_words_of_the_peers_are_the_figures_of_the_comparison(charts: dict[str, dict[str, kultti.Chart]]) -> None:
    compared = kultti.example(language="en").compare(CULTURE, "Kokkola", period=2019, list=True)
    words = Picture(charts["en"]["peers"].to_svg()).text()
    for group in compared.peers:
        assert f"{group.value:,.2f}" in words
    members = [row for row in charts["en"]["peers"].data.to_dict() if row["role"] == "peer"]
    assert len(members) == len([row for row in compared.list if not row.own])


def test_numbers_and_words_are_in_the_readers_language(charts: dict[str, dict[str, kultti.Chart]]) -> None:
    for language, name, number in [("fi", "Kokkola", "154,59"), ("sv", "Karleby", "154,59"), ("en", "Kokkola", "154.59")]:
        chart = charts[language]["distribution"]
        root = Picture(chart.to_svg()).root
        assert root.get("lang") == language
        assert f"{name}\u00a0{number}" in Picture(chart.to_svg()).text()
        assert name in chart.title
        assert number in chart.description


def test_a_picture_is_an_image_with_title_and_description(charts: dict[str, dict[str, kultti.Chart]]) -> None:
    ids = set()
    for kind in KINDS + OTHERS:
        chart = charts["fi"][kind]
        root = Picture(chart.to_svg()).root
        assert root.get("role") == "img"
        labels = (root.get("aria-labelledby") or "").split()
        named = {item.get("id"): item.text for item in root if item.get("id")}
        assert [named[label] for label in labels] == [chart.title, chart.description]
        assert not list(root.iter(f"{SVG}script"))
        ids.update(labels)
        assert chart.to_svg() == chart.to_svg()
    assert len(ids) == 2 * len(KINDS + OTHERS), "two charts on a page have the same ids"


@pytest.mark.parametrize("width", [320, 360, 720])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_words_stay_on_the_paper(language: str, width: int, charts: dict[str, dict[str, kultti.Chart]]) -> None:
    for kind in KINDS + OTHERS:
        root = Picture(charts[language][kind].to_svg(width)).root
        height = float(root.get("height", ""))
        for text in root.iter(f"{SVG}text"):
            # Half an em for each symbol is what common fonts need.
            length = 0.5 * float(text.get("font-size", "")) * len("".join(text.itertext()))
            x, y = float(text.get("x", "")), float(text.get("y", ""))
            left = x - {"middle": length / 2, "end": length}.get(text.get("text-anchor", ""), 0)
            assert left > -4, (kind, width, text.text)
            assert left + length < width + 4, (kind, width, text.text)
            assert 0 < y < height, (kind, width, text.text)


def test_a_line_stops_where_a_figure_is_missing_or_the_series_breaks(northland: kultti.Release) -> None:
    trend = northland.trend(COST, ["04", "06", "01"])
    chart = trend.plot()
    picture = Picture(chart.to_svg())
    origin, unit = picture.axis(1)
    lines = [line.get("points", "").split(" ") for line in picture.root.iter(f"{SVG}polyline")]
    # Teeta breaks before 2021: 2019-2020 and 2021-2022. Isle has no figure in 2019: 2020-2022. Alpha is whole.
    assert [len(points) for points in lines] == [2, 2, 3, 4]
    heights = [float(point.split(",")[1]) for points in lines for point in points]
    values = [point.value for code in ("04", "06", "01") for point in trend if point.code == code and point.value is not None]
    assert heights == pytest.approx([origin + unit * value for value in values], abs=0.05)


def test_what_is_missing_is_a_sign_and_a_sentence(northland: kultti.Release) -> None:
    chart = northland.trend(COST, ["04", "06"]).plot()
    picture = Picture(chart.to_svg())
    [cross] = [mark for mark in picture.marks if mark[2].startswith("2019") and "missing" in mark[2]]
    others = [mark for mark in picture.marks if mark[2].startswith("2019") and mark is not cross]
    assert cross[0] == pytest.approx(others[0][0])
    assert "Isle 2019" in picture.text()
    assert "missing" in picture.text()
    assert len(picture.marks) == len(chart.data.to_dict()) == 8


def test_breaks_and_mergers_are_marked_between_the_periods(northland: kultti.Release) -> None:
    picture = Picture(northland.trend(COST, ["04", "01"]).plot().to_svg())
    places = {text: x for text, x, _ in picture.texts if text in ("2020", "2021")}
    between = (places["2020"] + places["2021"]) / 2
    dashed = [line for line in picture.root.iter(f"{SVG}line") if line.get("x1") == line.get("x2") and line.get("stroke-dasharray")]
    assert [float(line.get("x1", "")) for line in dashed] == pytest.approx([between, between], abs=0.02)
    assert "break 2021: Teeta" in picture.text()
    assert "merger 2021: Alpha" in picture.text()


def test_a_provisional_figure_is_hollow_and_said_so(northland: kultti.Release) -> None:
    picture = Picture(northland.trend(COST, "01").plot().to_svg())
    hollow = [title for _, _, title, item in picture.marks if item.get("fill") == "#ffffff"]
    assert len(hollow) == 1
    assert hollow[0].startswith("2022")
    assert "Hollow mark: provisional" in picture.text()
    ranked = Picture(northland.rank(COST, order="desc", period=2022).plot().to_svg())
    assert "Alpha" in [item for _, _, title, item in ranked.marks if item.get("fill") == "#ffffff" for item in title.split("\u00a0")]


def test_areas_without_a_value_are_named_with_the_reason(northland: kultti.Release) -> None:
    for chart in (northland.compare(COST, "04", period=2019).plot(), northland.rank(COST, order="desc", period=2019).plot()):
        picture = Picture(chart.to_svg())
        missing = [row for row in chart.data.to_dict() if row["value"] is None]
        assert missing
        for row in missing:
            assert row["name"] in picture.text()
            assert row["missing"]["text"] in picture.text()
        assert len({mark[2] for mark in picture.marks}) == len([row for row in chart.data.to_dict() if row["value"] is not None])


def test_hostile_names_come_out_as_text(hostile: kultti.Release) -> None:
    name = HOSTILE
    for chart in (
        hostile.compare(COST, "04", period=2020).plot(),
        hostile.compare(COST, "04", period=2020, list=True).plot("peers"),
        hostile.rank(COST, order="desc", period=2020).plot(mark="04"),
        hostile.trend(COST, ["04", "01"]).plot(),
        hostile.trend(COST, ["04", "01"]).plot("slope"),
        hostile.trend(COST, ["04", "01"]).plot("multiples"),
        hostile.composition("cost.per_inhabitant", "04", period=2019, peers="country").plot(),
    ):
        picture = Picture(chart.to_svg())
        assert not list(picture.root.iter(f"{SVG}script"))
        assert name in (picture.root.findtext(f"{SVG}title") or "") + "".join(mark[2] for mark in picture.marks)
        drawn = vl_convert.vegalite_to_svg(chart.to_vega_lite(), vl_version="5.20")
        assert "<script" not in drawn
        assert any("alert(1)" in "".join(text.itertext()) for text in ElementTree.fromstring(drawn).iter(f"{SVG}text"))


# Vega-Lite.


def _schema() -> dict[str, Any]:
    path = Path(altair.__file__).parent / "vegalite" / "v6" / "schema" / "vega-lite-schema.json"
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def test_specifications_follow_the_schema(charts: dict[str, dict[str, kultti.Chart]]) -> None:
    validator = jsonschema.Draft7Validator(_schema())
    for kind in KINDS + OTHERS:
        errors = [error.message for error in validator.iter_errors(charts["fi"][kind].to_vega_lite())]
        assert not errors, (kind, errors[:2])


def _items(node: Any, kind: str) -> list[dict[str, Any]]:
    """The items of the marks of a type in a scenegraph."""
    found: list[dict[str, Any]] = []
    if isinstance(node, dict):
        if node.get("marktype") == kind and node.get("role") == "mark":
            found.extend(item for item in node["items"] if "marktype" not in item)
        for value in node.values():
            found.extend(_items(value, kind))
    elif isinstance(node, list):
        for value in node:
            found.extend(_items(value, kind))
    return found


@pytest.mark.parametrize("version", ["5.8", "5.20", "6.4"])
@pytest.mark.parametrize("kind", KINDS)
def test_vega_draws_every_value_where_it_belongs(kind: str, version: str, charts: dict[str, dict[str, kultti.Chart]]) -> None:
    chart = charts["fi"][kind]
    specification = chart.to_vega_lite()
    scene = vl_convert.vegalite_to_scenegraph(specification, vl_version=version)
    low, high, length, along = _domain(specification, kind)
    drawn = [item[along] for mark in ("symbol", "rect") for item in _items(scene, mark)]
    figures = [row["value"] for row in chart.data.to_dict() if row["value"] is not None]
    if kind == "peers":
        # Ticks of members are narrow rectangles around their place.
        drawn = [item["x"] for item in _items(scene, "symbol")]
        drawn += [item["x"] + item.get("width", 0) / 2 for item in _items(scene, "rect")]
    expected = [length * (value - low) / (high - low) for value in figures]
    if along == "y":
        expected = [length - at for at in expected]
    assert sorted(drawn) == pytest.approx(sorted(expected), abs=0.01)


def _domain(specification: dict[str, Any], kind: str) -> tuple[float, float, float, str]:
    along = "y" if kind in ("trend", "trends") else "x"
    for layer in specification["layer"]:
        channel = layer.get("encoding", {}).get(along, {})
        if channel.get("field") == "value":
            low, high = channel["scale"]["domain"]
            return low, high, specification["height" if along == "y" else "width"], along
    raise AssertionError("no axis of values")


def _spoken(item: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """What a screen reader comes to: nothing below what is hidden from it."""
    if item.get("aria-hidden") != "true":
        yield item
        for child in item:
            yield from _spoken(child)


def test_vega_says_nothing_in_english_of_its_own(charts: dict[str, dict[str, kultti.Chart]]) -> None:
    for kind in KINDS + OTHERS:
        drawn = vl_convert.vegalite_to_svg(charts["fi"][kind].to_vega_lite(), vl_version="5.20")
        labels = [item.get("aria-label") for item in _spoken(ElementTree.fromstring(drawn))]
        assert not [label for label in labels if label], kind


def test_vega_writes_numbers_as_the_reader_does(charts: dict[str, dict[str, kultti.Chart]]) -> None:
    specification = charts["fi"]["trend"].to_vega_lite()
    drawn = ElementTree.fromstring(vl_convert.vegalite_to_svg(specification, vl_version="5.20"))
    words = ["".join(text.itertext()) for text in drawn.iter(f"{SVG}text")]
    for point in kultti.example().trend(LIBRARY, "Kokkola"):
        assert f"{point.value:.2f}".replace(".", ",") in words


def test_vega_shows_what_is_missing_and_what_is_provisional(northland: kultti.Release) -> None:
    specification = northland.trend(COST, ["06", "01"]).plot().to_vega_lite()
    drawn = ElementTree.fromstring(vl_convert.vegalite_to_svg(specification, vl_version="5.20"))
    words = ["".join(text.itertext()) for text in drawn.iter(f"{SVG}text")]
    assert "×" in words
    assert any("Isle 2019" in text and "missing" in text for text in words)
    assert any("provisional" in text for text in words)
    scene = vl_convert.vegalite_to_scenegraph(specification, vl_version="5.20")
    fills = [item.get("fill") for item in _items(scene, "symbol")]
    assert fills.count("#ffffff") == 1


def test_altair_takes_the_chart(charts: dict[str, dict[str, kultti.Chart]]) -> None:
    for kind in KINDS + OTHERS:
        chart = charts["en"][kind].to_altair()
        assert isinstance(chart, altair.VConcatChart if kind == "multiples" else altair.LayerChart)
        chart.properties(title="mine").to_dict()


# Files and notebooks.


def test_a_notebook_has_vega_svg_and_words(charts: dict[str, dict[str, kultti.Chart]]) -> None:
    chart = charts["sv"]["rank"]
    bundle = chart._repr_mimebundle_()
    assert bundle["text/plain"] == repr(chart) == f"{chart.title}\n{chart.description}"
    assert bundle["image/svg+xml"] == chart.to_svg()
    assert bundle["application/vnd.vegalite.v5+json"] == chart.to_vega_lite()
    assert "http" not in json.dumps(bundle["application/vnd.vegalite.v5+json"]["data"])
    assert list(chart._repr_mimebundle_(include=["text/plain"])) == ["text/plain"]
    assert "image/svg+xml" not in chart._repr_mimebundle_(exclude={"image/svg+xml"})


def test_a_chart_is_saved_as_its_ending_says(tmp_path: Path, charts: dict[str, dict[str, kultti.Chart]]) -> None:
    chart = charts["en"]["trend"]
    begins = {"svg": b"<svg ", "json": b"{", "png": b"\x89PNG", "pdf": b"%PDF", "html": b"<!DOCTYPE html>"}
    for ending, first in begins.items():
        path = tmp_path / f"chart.{ending}"
        chart.save(path)
        assert path.read_bytes().lstrip().startswith(first)
    assert json.loads((tmp_path / "chart.json").read_text(encoding="utf-8")) == chart.to_vega_lite()
    page = (tmp_path / "chart.html").read_text(encoding="utf-8")
    assert 'src="http' not in page, "the page fetches something"
    with pytest.raises(kultti.InvalidArgumentError, match=r"\.gif.*\.svg, \.png, \.json, \.pdf, \.html"):
        chart.save(tmp_path / "chart.gif")
    with pytest.raises(kultti.MissingFileError):
        chart.save(tmp_path / "nowhere" / "chart.svg")


def test_a_missing_package_is_named_with_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, charts: dict[str, dict[str, kultti.Chart]]
) -> None:
    chart = charts["en"]["trend"]
    monkeypatch.setitem(sys.modules, "altair", None)
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(ImportError, match=r"altair.*pip install 'kultti\[plot\]'") as raised:
        chart.to_altair()
    assert isinstance(raised.value, kultti.KulttiError)
    with pytest.raises(kultti.MissingPackageError, match=r"vl_convert.*kultti\[plot\]"):
        chart.save(tmp_path / "chart.pdf")
    chart.save(tmp_path / "chart.png")
    chart.save(tmp_path / "chart.svg")


def test_a_result_is_written_as_its_chart(tmp_path: Path, release: kultti.Release) -> None:
    ranking = release.rank(CULTURE, order="desc", period=2019)
    ranking.write(tmp_path / "ranks.svg")
    assert (tmp_path / "ranks.svg").read_text(encoding="utf-8") == ranking.plot().to_svg()
    ranking.write(tmp_path / "ranks.vl.json")
    assert json.loads((tmp_path / "ranks.vl.json").read_text(encoding="utf-8")) == ranking.plot().to_vega_lite()
    with pytest.raises(kultti.InvalidArgumentError, match=r"no chart.*compare, rank, trend"):
        release.inequality(CULTURE).write(tmp_path / "inequality.svg")
    assert not (tmp_path / "inequality.svg").exists()
    assert not hasattr(release.inequality(CULTURE), "plot")


def test_what_cannot_be_drawn_is_said(release: kultti.Release) -> None:
    compared = release.compare(CULTURE, "Kokkola", period=2019)
    with pytest.raises(kultti.InvalidArgumentError, match="distribution, peers"):
        compared.plot("trend")  # type: ignore[arg-type]
    with pytest.raises(kultti.InvalidArgumentError, match="kind"):
        compared.plot("pie")  # type: ignore[arg-type]
    with pytest.raises(kultti.NotFoundError, match=r"Kokkola \(272\)"):
        release.rank(CULTURE, order="desc", period=2019).plot(mark="Kokola")
