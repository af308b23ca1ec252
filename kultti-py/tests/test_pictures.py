"""Charts as PNG: read back by Pillow, which did not write them, and compared with the places that the SVG names."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

import kultti
import pytest
from conftest import CULTURE, LIBRARY
from PIL import Image, ImageColor

SVG = "{http://www.w3.org/2000/svg}"
# Two pixels for one of the page.
SCALE = 2
Language = Literal["fi", "sv", "en"]


def _charts(language: Language) -> list[kultti.Chart]:
    release = kultti.example(language=language)
    return [
        release.compare(CULTURE, "Kokkola", period=2019, list=True).plot(),
        release.rank(CULTURE, order="desc", within="region:16", period=2019).plot(mark="272"),
        release.trend(LIBRARY, ["Kokkola", "Vaasa"], group="country").plot(),
        release.change(CULTURE, by="region", start=2015, end=2019).plot(),
    ]


def _drawn(chart: kultti.Chart, folder: Path) -> Image.Image:
    path = folder / "chart.png"
    chart.save(path)
    with Image.open(path) as picture:
        assert picture.format == "PNG"
        return picture.convert("RGBA")


def _pixel(picture: Image.Image, x: int, y: int) -> tuple[int, ...]:
    return tuple(picture.crop((x, y, x + 1, y + 1)).tobytes())


def _ink(picture: Image.Image, box: tuple[float, float, float, float]) -> float:
    """The share of a region, in CSS pixels, that is not white."""
    left, top, right, bottom = (max(round(edge * SCALE), 0) for edge in box)
    grey = picture.crop((left, top, min(right, picture.width), min(bottom, picture.height))).convert("L").tobytes()
    return sum(value != 255 for value in grey) / len(grey)


def test_the_picture_shows_what_the_svg_says(tmp_path: Path) -> None:
    languages: list[Language] = ["fi", "sv", "en", "fi"]
    charts = [_charts(language)[at] for at, language in enumerate(languages)]
    for chart in charts:
        svg = ElementTree.fromstring(chart.to_svg())
        picture = _drawn(chart, tmp_path)
        width, height = (float(svg.get(side, "")) for side in ("width", "height"))
        assert abs(picture.width - width * SCALE) <= 0.5 and abs(picture.height - height * SCALE) <= 0.5
        right, bottom = picture.width - 1, picture.height - 1
        for corner in ((0, 0), (right, 0), (0, bottom), (right, bottom)):
            assert _pixel(picture, *corner) == (255, 255, 255, 255)
        texts = list(svg.iter(f"{SVG}text"))
        assert texts
        for text in texts:
            letters = "".join(text.itertext())
            x, y, size = (float(text.get(name, "")) for name in ("x", "y", "font-size"))
            # A quarter of the size a letter is less than any font takes, so the region lies inside the word.
            wide = size * 0.25 * len(letters)
            left = {"middle": x - wide / 2, "end": x - wide}.get(text.get("text-anchor", ""), x)
            share = _ink(picture, (left, y - size * 0.7, left + wide, y))
            assert 0.05 < share < 0.95, f"{letters}: {share}"
        # The mark that is drawn last lies above all others.
        *_, mark = (mark for mark in svg.iter() if mark.get("class") == "mark")
        if mark.tag == f"{SVG}circle":
            x, y = (math.floor(float(mark.get(name, "")) * SCALE) for name in ("cx", "cy"))
            assert _pixel(picture, x, y)[:3] == ImageColor.getrgb(mark.get("fill", ""))


def test_no_ink_stands_where_the_svg_has_none(tmp_path: Path) -> None:
    # The measure of ink is one that can fail: between the margin and the first word there is none.
    chart = _charts("en")[0]
    assert _ink(_drawn(chart, tmp_path), (0, 0, 720, 8)) == 0.0


def test_the_same_chart_gives_the_same_picture(tmp_path: Path) -> None:
    chart = _charts("fi")[2]
    assert _drawn(chart, tmp_path).tobytes() == _drawn(chart, tmp_path).tobytes()


@pytest.mark.skipif(sys.platform != "linux", reason="NOT TESTED: only Linux says in a file where its fonts are")
def test_letters_that_no_font_has_are_an_error_and_no_picture(tmp_path: Path) -> None:
    config = tmp_path / "fonts.conf"
    config.write_text(f'<?xml version="1.0"?><fontconfig><dir>{tmp_path / "nowhere"}</dir></fontconfig>', encoding="utf-8")
    target = tmp_path / "chart.png"
    script = f"""
import kultti
chart = kultti.example(language="sv").trend({LIBRARY!r}, "Kokkola").plot()
try:
    chart.save({str(target)!r})
except kultti.NotFoundError as error:
    print(error.code, error.message)
"""
    environment = {**os.environ, "FONTCONFIG_FILE": str(config)}
    told = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.startswith("K0941 ") and "inget teckensnitt" in told.stdout
    assert not target.exists()
