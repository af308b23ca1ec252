"""What results are as objects: frozen, readable, sequences, with the names of the JSON form."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import kultti
import pytest

from conftest import CULTURE, LIBRARY

Results = dict[str, Any]


@pytest.fixture(scope="module")
def results(release: kultti.Release) -> Results:
    """One result of each kind."""
    comparison = release.compare(CULTURE, "Valtimo", period=2019, territory="then")
    return {
        "comparison": comparison,
        "peers": comparison.peers,
        "ranking": release.rank(CULTURE, period=2019, order="desc", territory="then"),
        "groups": release.groups(CULTURE, by="region", period=2019),
        "trend": release.trend(CULTURE, ["Kokkola", "Vaasa"], real="cpi@2015"),
        "explanation": release.explain(CULTURE, "Kokkola", period=2019, real="cpi@2015"),
        "indicators": release.indicators,
        "areas": release.areas,
    }


KINDS = ("comparison", "peers", "ranking", "groups", "trend", "explanation", "indicators", "areas")
# Columns that are there only where intervals are asked for; test_intervals.py does.
ASKED_FOR = {"lower", "upper", "interval_missing", "significance"}
SEQUENCES = ("peers", "ranking", "groups", "trend", "indicators", "areas")


def same(value: Any, json: Any) -> bool:
    """Whether an attribute holds what the JSON form holds, all the way down."""
    if isinstance(json, dict):
        return all(same(getattr(value, name), inner) for name, inner in json.items())
    if isinstance(json, list):
        return len(value) == len(json) and all(same(*pair) for pair in zip(value, json, strict=True))
    return bool(value == json)


@pytest.mark.parametrize("kind", ["comparison", "explanation"])
def test_attributes_have_the_names_of_the_json_form(kind: str, results: Results) -> None:
    assert same(results[kind], results[kind].to_dict())


@pytest.mark.parametrize("kind", SEQUENCES)
def test_rows_have_the_names_of_the_json_form(kind: str, results: Results) -> None:
    """A row has its own columns; those that are the same on every row are attributes of the result."""
    result = results[kind]
    for row, record in zip(result, result.to_dict(), strict=True):
        own = {name: value for name, value in record.items() if hasattr(row, name)}
        assert set(type(row).__match_args__) - {"periods"} - ASKED_FOR <= set(own)
        assert same(row, own)
        common = {name: value for name, value in record.items() if name not in own and name != "release"}
        assert same(result, common)


@pytest.mark.parametrize("kind", KINDS)
def test_results_are_frozen(kind: str, results: Results) -> None:
    for name in ("value", "indicator", "anything"):
        with pytest.raises(AttributeError):
            setattr(results[kind], name, 1)


def test_records_are_frozen_equal_and_hashable(results: Results) -> None:
    comparison = results["comparison"]
    with pytest.raises(AttributeError):
        comparison.area.code = "1"
    assert comparison.area == comparison.area
    assert comparison.area != comparison.notes[0]
    assert len({*comparison.notes, *comparison.notes}) == len(comparison.notes)
    assert hash(comparison.position) == hash(comparison.position)
    assert isinstance(comparison.notes, tuple)


def test_records_match_patterns(results: Results) -> None:
    match results["comparison"].area:
        case kultti.Area(code, name):
            assert (code, name) == ("911", "Valtimo")
        case _:
            pytest.fail("an area is an Area")


def test_records_show_themselves_on_one_line(results: Results) -> None:
    area = results["comparison"].area
    assert repr(area) == "Area(code='911', name='Valtimo')"
    note = results["comparison"].notes[0]
    assert repr(note) == f"Note(code={note.code!r}, severity={note.severity!r}, text={note.text!r})"


@pytest.mark.parametrize("kind", SEQUENCES)
def test_sequences(kind: str, results: Results) -> None:
    result = results[kind]
    rows = list(result)
    assert len(rows) == len(result) > 1
    assert result[0] == rows[0]
    assert result[-1] == rows[-1] == result[len(rows) - 1]
    assert result[:2] == tuple(rows[:2])
    assert result[::-1] == tuple(rows[::-1])
    assert rows[1] in result
    with pytest.raises(IndexError):
        result[len(rows)]
    with pytest.raises(IndexError):
        result[-len(rows) - 1]


def test_repr_is_what_a_terminal_shows(release: kultti.Release) -> None:
    shown = repr(release.compare(CULTURE, "Kokkola", period=2019, peers=["region"]))
    for part in ("Kokkola (Karleby) 272", "154.59", "rank 46 of 308", "Central Ostrobothnia", "Statistics Finland"):
        assert part in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize("kind", KINDS)
def test_reprs_are_short(kind: str, results: Results) -> None:
    lines = repr(results[kind]).splitlines()
    assert len(lines) <= 100
    assert max(map(len, lines)) <= 88


def test_a_long_table_shows_its_beginning_and_its_length(release: kultti.Release) -> None:
    """308 municipalities: ten of them, and 298 more."""
    ranking = release.rank(CULTURE, period=2019, order="desc")
    shown = repr(ranking)
    assert ranking[9].name in shown
    assert f" {ranking[10].code} " not in shown
    assert "more rows: 298" in shown
    assert "more rows: 298" in ranking._repr_html_()
    assert ranking._repr_html_().count("<tr>") == 1 + 10


@pytest.mark.parametrize("kind", KINDS)
def test_html_is_well_formed_and_plain(kind: str, results: Results) -> None:
    html = results[kind]._repr_html_()
    assert html.startswith('<div class="kultti" lang="en">')
    assert [word for word in ("<script", "<style", "onclick", "javascript:") if word in html] == []
    assert len(html) < 50_000

    opened: list[str] = []

    class Balance(HTMLParser):
        def handle_starttag(self, tag: str, attrs: Any) -> None:
            if tag != "br":
                opened.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert opened.pop() == tag

    Balance().feed(html)
    assert opened == []
    assert html.count("<th scope=") == html.count("<th ") + html.count("<th>")


def test_names_are_in_the_language_of_the_release() -> None:
    swedish = kultti.example(language="sv").compare(LIBRARY, "Kokkola", period=2019)
    assert swedish.area.name == "Karleby"
    assert "Karleby" in repr(swedish)
    assert 'lang="sv"' in swedish._repr_html_()


def test_a_release_shows_its_id(release: kultti.Release) -> None:
    assert repr(release) == f"Release(name='example', id='{release.id}', language='en')"
    assert release.id in release._repr_html_()
