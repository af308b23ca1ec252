"""Every question and every answer: the names of the arguments, what Arrow readers, notebooks and prompts make of it."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from typing import Any

import duckdb
import kultti
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from conftest import CULTURE, LIBRARY

SHARE = "population.share_0_17"
VERBS = (
    "compare rank groups change trend inequality peers expected intervals composition cost_per_use explain compare_all".split()
)

ANSWERS: dict[str, Callable[[kultti.Release], Any]] = {
    "compare": lambda r: r.compare(CULTURE, "Nurmes", period=2019, peers=["region", "similar:4"], list=True),
    "compare, bands": lambda r: r.compare("library.loans_per_inhabitant", "Kokkola", bands="absolute:10,20", bands_source="x"),
    "compare, intervals": lambda r: r.compare(SHARE, "Kokkola", intervals=True),
    "compare, three years": lambda r: r.compare(LIBRARY, "Kannus", peers="region", three_year=True),
    "rank": lambda r: r.rank(LIBRARY, within="region:16", order="desc", three_year=True),
    "groups": lambda r: r.groups(SHARE, "region", intervals=99.8),
    "change": lambda r: r.change(LIBRARY, "region", start=2015, end=2019, real="cpi@2018", list=True),
    "trend": lambda r: r.trend(LIBRARY, ["Kokkola", "Kannus"], group="region:16", chain=True, real="cpi@2018"),
    "inequality": lambda r: r.inequality(LIBRARY, "region"),
    "peers": lambda r: r.peers(LIBRARY, "Kokkola", k=3),
    "peer_models": lambda r: r.peer_models,
    "expected": lambda r: r.expected(CULTURE, "Kokkola", method="quasi-poisson"),
    "expected of all": lambda r: r.expected(LIBRARY, method="quasi-poisson", variables="population.total:log"),
    "intervals": lambda r: r.intervals(SHARE, within="region:17", funnel="auto", test=["Oulu", "Kuusamo"]),
    "intervals of groups": lambda r: r.intervals(SHARE, by="region"),
    "composition": lambda r: r.composition(CULTURE, "Nurmes", period=2019, peers=["region", "similar:4"]),
    "explain": lambda r: r.explain(CULTURE, "Mäntyharju", period=2019, real="cpi@2018"),
}


@cache
def answer(kind: str, language: Any = "en") -> Any:
    return ANSWERS[kind](kultti.example(language=language))


# Questions


@pytest.mark.parametrize("verb", VERBS)
def test_keywords_are_the_options_of_the_command_line(verb: str) -> None:
    """``from`` is a word of Python's own, so a range is ``start`` and ``end``; what the result does itself needs no option."""
    command = [sys.executable, "-m", "kultti", verb.replace("_", "-"), "--help"]
    text = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    options = set(re.findall(r"^\s+(?:-\w, )?--([a-z-]+)", text, re.M)) | set(re.findall(r"^\s+-(k) ", text, re.M))
    options -= {"release", "format", "lang", "error-format", "help", "version", "explain", "output", "summary", "chart", "mark"}
    spelled = {{"from": "start", "to": "end"}.get(option, option.replace("-", "_")) for option in options}
    if verb == "compare_all":
        # A cluster is asked at a shell.
        spelled -= {"cluster", "parts"}
        spelled = spelled - {"period"} | {"start", "end", "progress"}
    parameters = inspect.signature(getattr(kultti.Release, verb)).parameters
    assert set(parameters) - {"self", "indicator"} == spelled
    positional = [name for name, one in parameters.items() if one.kind is one.POSITIONAL_OR_KEYWORD]
    assert positional in (["indicator"], ["indicator", "area"], ["indicator", "by"], ["columns"])


@pytest.mark.parametrize("verb", VERBS)
def test_help_tells_of_every_argument(verb: str) -> None:
    method = getattr(kultti.Release, verb)
    described = re.search(r"Args:\n(.*?)\n\n", method.__doc__, re.S)
    assert described is not None
    names = re.findall(r"^    (\w+): ", described[1], re.M)
    assert names == [name for name in inspect.signature(method).parameters if name != "self"]


def test_an_area_can_be_left_out_only_where_that_means_something(release: kultti.Release) -> None:
    by_place, by_name = release.peers(CULTURE, "Kokkola", k=2), release.peers(area="Kokkola", indicator=CULTURE, k=2)
    assert by_place.to_dict() == by_name.to_dict()
    assert release.peers(area="Kokkola", model="general").model == "general@1"
    for language, words in (("fi", "alue puuttuu"), ("sv", "område saknas"), ("en", "no area was given")):
        with pytest.raises(kultti.InvalidArgumentError, match=words) as caught:
            kultti.example(language=language).peers(CULTURE)  # type: ignore[arg-type]
        assert 'area="K' in caught.value.message


def test_levels_are_numbers_or_texts(release: kultti.Release) -> None:
    texts = [release.intervals(SHARE, level=level).to_json() for level in ("95", 95, 95.0, None)]
    assert len(set(texts)) == 1
    plain, asked = release.compare(SHARE, "Kokkola", intervals=False), release.compare(SHARE, "Kokkola", intervals=True)
    assert (plain.interval is None, asked.interval is None) == (True, False)
    with pytest.raises(kultti.InvalidArgumentError, match="99.8"):
        release.intervals(SHARE, level=90)
    with pytest.raises(TypeError, match="a number"):
        release.intervals(SHARE, level=["95"])  # type: ignore[arg-type]


def test_a_source_of_thresholds_needs_thresholds(release: kultti.Release) -> None:
    with pytest.raises(kultti.InvalidArgumentError, match="bands_source"):
        release.compare(LIBRARY, "Kokkola", bands_source="somebody")


WRONG: dict[str, Callable[[kultti.Release], Any]] = {
    "no order": lambda r: r.rank(CULTURE),
    "no model": lambda r: r.peers(area="Kokkola", model="generl"),
    "too few": lambda r: r.peers(area="Kokkola", candidates="region", k=30),
    "no such year": lambda r: r.rank(CULTURE, order="desc", within="avi:1", as_of_year=2026),
    "ended": lambda r: r.compare(CULTURE, "Valtimo", period=2019),
    "no indicator": lambda r: r.change("library.net_operating_cost_per_inhabitnt"),
    "range": lambda r: r.change(LIBRARY, start=2019, end=2015),
    "zeros": lambda r: r.expected("theatre_dance_circus.net_operating_cost_per_inhabitant"),
}


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("wrong", WRONG)
def test_errors_speak_of_keywords(wrong: str, language: Any) -> None:
    """What to do is said in Python, not in options of a shell."""
    with pytest.raises(kultti.KulttiError) as caught:
        WRONG[wrong](kultti.example(language=language))
    message = caught.value.message
    assert "--" not in message
    assert " -k" not in message
    assert "kultti indicators" not in message
    assert "{" not in message
    # 247 municipalities have no theatre; a sentence that names them all is read by nobody.
    assert len(message) < 600


def test_what_to_do_is_a_keyword_with_its_value(release: kultti.Release) -> None:
    said = {
        "no order": 'order="desc"',
        "no model": "release.peer_models",
        "too few": "k=…",
        "ended": 'territory="then"',
        "zeros": 'method="quasi-poisson"',
        "no indicator": LIBRARY,
        "range": "end: expected",
    }
    for wrong, words in said.items():
        with pytest.raises(kultti.KulttiError) as caught:
            WRONG[wrong](release)
        assert words in caught.value.message


# Answers


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_reader_gets_the_same_table(kind: str) -> None:
    found = answer(kind)
    table = pa.table(found)
    assert table.num_rows > 0
    assert pl.DataFrame(found).to_arrow().num_rows == table.num_rows
    assert list(pl.DataFrame(found).columns) == table.column_names
    assert pd.DataFrame.from_arrow(found).shape == (table.num_rows, table.num_columns)
    assert duckdb.sql("SELECT * FROM found").columns == table.column_names
    # A column without any value has a type all the same.
    assert [field.name for field in table.schema if pa.types.is_null(field.type)] == []


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("kind", ANSWERS)
def test_answers_and_explanations_read_well(kind: str, language: Any) -> None:
    found = answer(kind, language)
    shown = [found] if kind == "peer_models" else [found, found.explain()]
    for one in shown:
        text, html = repr(one), one._repr_html_()
        for word in ("{}", "--", "NaN", "None", "Some("):
            assert word not in text, word
        assert max(map(len, text.splitlines())) <= 100
        assert f'lang="{language}"' in html
        rows = Rows()
        rows.feed(html)
        assert rows.uneven == []
        # Neither prompt nor notebook is flooded.
        assert len(html) < 150_000


class Rows(HTMLParser):
    """Finds rows of a table that have not as many cells as its head."""

    def __init__(self) -> None:
        super().__init__()
        self.cells = self.head = 0
        self.uneven: list[tuple[int, int]] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "table":
            self.head = 0
        elif tag == "tr":
            self.cells = 0
        elif tag in ("td", "th"):
            self.cells += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "tr":
            self.head = self.head or self.cells
            if self.cells != self.head:
                self.uneven.append((self.head, self.cells))


PARTS = {
    "compare": ["peers", "notes"],
    "inequality": ["groups", "lorenz", "fifths"],
    "intervals": ["rows", "tests"],
    "peers": ["peers", "variables"],
    "expected": ["areas", "contributions"],
    "explain": ["measures"],
    "change": ["rows"],
}


@pytest.mark.parametrize(("kind", "part"), [(kind, part) for kind, parts in PARTS.items() for part in parts])
def test_parts_are_tables_by_way_of_their_dicts(kind: str, part: str) -> None:
    found = answer(kind)
    records = found.to_dict()[part]
    rows = getattr(found, part, None)
    if rows is None:
        rows = found
    assert len(records) == len(rows)
    frame = pl.DataFrame(records, infer_schema_length=None)
    assert frame.height == len(rows) == len(pd.DataFrame(records))


@pytest.mark.parametrize("kind", ["inequality", "intervals", "expected", "compare", "compare, three years", "explain", "cost"])
def test_attributes_have_the_names_of_the_json_form(kind: str, counted: kultti.Release) -> None:
    if kind == "cost":
        found: Any = counted.cost_per_use("library.expenditure_per_inhabitant", "Kokkola")
    else:
        found = answer(kind)
    assert [name for name in found.to_dict() if not hasattr(found, name) and name not in ("rows", "areas")] == []


def test_a_comparison_lists_its_members_in_the_dict_too() -> None:
    c = answer("compare")
    members = [row["code"] for peer in c.to_dict()["peers"] for row in peer["list"]]
    assert members == [row.code for row in c.list]
