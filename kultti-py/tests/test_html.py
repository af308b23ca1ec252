"""What notebooks show: tables that a screen reader can tell apart and a keyboard can read, in a few kilobytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import kultti
import pytest

from conftest import CULTURE


@dataclass
class Grid:
    """A table as a reader of the page gets it."""

    caption: str = ""
    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


class Page(HTMLParser):
    """Gathers tables with captions and headed rows and columns; refuses whatever is no plain content."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[Grid] = []
        self.languages: list[str] = []
        self.text = ""
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        named = dict(attrs)
        assert tag not in {"script", "style", "link", "img", "iframe"}
        assert not [name for name in named if name.startswith("on") or name in {"src", "href", "id"}]
        self.languages += [named["lang"]] if "lang" in named else []
        if tag == "table":
            self.tables.append(Grid())
        elif tag == "tr":
            self.tables[-1].rows.append([])
        elif tag in {"th", "td", "caption"}:
            assert tag != "th" or named["scope"] in {"row", "col"}
            self._cell = []

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._cell is not None:
            self._cell.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"th", "td", "caption"} and self._cell is not None:
            text, grid = "".join(self._cell), self.tables[-1]
            self._cell = None
            if tag == "caption":
                grid.caption = text
            else:
                grid.rows[-1].append(text)
        elif tag == "thead":
            self.tables[-1].columns = self.tables[-1].rows.pop()


def page(html: str) -> Page:
    assert len(html.encode()) <= 50_000
    read = Page()
    read.feed(html)
    return read


def _shown(release: kultti.Release) -> dict[str, Any]:
    comparison = release.compare(CULTURE, "Kokkola", period=2019, peers=["region", "similar:4"], list=True)
    return {
        "comparison": comparison,
        "peers": release.peers(CULTURE, "Kokkola", k=3),
        "ranking": release.rank(CULTURE, period=2019, order="desc"),
        "groups": release.groups(CULTURE, by="region"),
        "change": release.change(CULTURE, "region", list=True),
        "trend": release.trend(CULTURE, ["Kokkola", "Vaasa"], real="cpi@2015"),
        "inequality": release.inequality(CULTURE, by="region"),
        "expected": release.expected(CULTURE, "Kokkola"),
        "explanation": release.explain(CULTURE, "Kokkola", period=2019),
        "why": comparison.explain(),
        "card": release.indicators[CULTURE],
        "indicators": release.indicators,
        "areas": release.areas,
        "release": release,
        "everything": release.compare_all(["rank"], order="desc"),
    }


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_table_has_a_name_and_every_column_a_heading(language: Any, release: kultti.Release) -> None:
    for kind, shown in _shown(release.in_language(language)).items():
        read = page(shown._repr_html_())
        assert read.languages == [language], kind
        for grid in read.tables:
            assert grid.caption.strip() or kind in {"indicators", "areas"}, kind
            assert [row for row in grid.rows if len(row) != len(grid.columns)] == [], kind


def test_a_comparison_says_what_and_of_what_and_from_where(release: kultti.Release) -> None:
    read = page(release.compare(CULTURE, "Kokkola", period=2019, peers=["region"])._repr_html_())
    [grid] = read.tables
    for part in ("€ / inhabitant", "2019", "Kokkola (Karleby) 272", "154.59", "46 of 308"):
        assert part in grid.caption
    assert grid.rows == [["Central Ostrobothnia", "138.66", "+15.93", "+11.5\u00a0%", "8 of 8", "100\u00a0%"]]
    assert "" not in grid.columns
    for part in (release.id[:12], "Statistics Finland", "CC BY 4.0", "borders of"):
        assert part in read.text


def test_a_missing_value_is_a_reason_in_words(release: kultti.Release) -> None:
    """Not a mark with a title that only a mouse can read."""
    read = page(release.rank(CULTURE, period=2019, order="desc", within="region:12", territory="2019-12-31")._repr_html_())
    [row] = [row for row in read.tables[0].rows if "Valtimo" in row[2]]
    assert any("Nurmes" in cell or len(cell.split()) > 1 for cell in row[3:]), row
