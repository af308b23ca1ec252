"""Finding an indicator and knowing what it is: search in three languages, cards, the language of the session."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import kultti
import pytest
from IPython.terminal.interactiveshell import TerminalInteractiveShell

from conftest import CULTURE

LOANS = "library.loans_per_inhabitant"


@pytest.fixture
def session() -> Iterator[None]:
    """A session whose language may be set."""
    yield
    kultti.set_language(None)


def test_a_card_says_what_the_catalogue_says(release: kultti.Release) -> None:
    """The words of datasets/catalogue/culture.toml and datasets/finland/breaks.csv."""
    card = repr(release.indicators["culture_excluding_library." + CULTURE.split(".")[1]])
    for part in (
        "Net operating cost of cultural activities per inhabitant, excluding libraries",
        "culture_excluding_library.net_operating_cost / population.year_end",
        "€ / inhabitant",
        "none declared",
        "ratio of sums",
        "Museums and exhibitions, Theatre, dance and circus, Music",
        "2015–2019",
        "Statistics Finland, Finances and activities of municipalities",
        "2021: costs are reported by the service classification",
        "Some municipalities produce services themselves",
        "release.compare(",
    ):
        assert part in " ".join(card.split()), part
    assert "excludes Libraries" in " ".join(card.split())
    assert max(map(len, card.splitlines())) <= 88


def test_a_card_is_data_too(release: kultti.Release) -> None:
    loans = release.indicators[LOANS]
    card = loans.to_dict()
    for name in ("indicator", "label", "definition", "theme", "formula", "unit", "unit_symbol", "decimals", "direction", "aggregate"):
        assert getattr(loans, name) == card[name], name
    assert list(loans.periods) == card["periods"] and list(loans.caveats) == card["caveats"]
    assert [source.license for source in loans.sources] == ["CC BY 4.0"]
    assert [measure.areas for measure in loans.measures] == [card["measures"][0]["areas"]] != [None]
    costs = release.indicators[CULTURE]
    assert costs.covers is not None and "Libraries" in costs.covers.includes and costs.covers.excludes == ()
    assert [one.period for one in costs.breaks] == ["2021"]
    assert costs == release.indicators[CULTURE] != loans
    assert hash(costs) == hash(release.indicators[CULTURE])


def test_every_indicator_has_a_card_in_every_language() -> None:
    for language in ("fi", "sv", "en"):
        for row in kultti.example(language=language).indicators:  # type: ignore[arg-type]
            assert row.label in row._repr_html_().replace("&amp;", "&")
            assert len(row._repr_html_()) < 50_000


# What a researcher types, and an indicator that must be among the first five.
TYPED = [
    ("kirjasto", "library."),
    ("kirjasot", "library."),
    ("kirjastot", "library."),
    ("kirjastojen", "library."),
    ("bibliotek", "library."),
    ("biblotek", "library."),
    ("library", "library."),
    ("libary", "library."),
    ("libraries per capita", "library."),
    ("lainat", LOANS),
    ("lainoja asukasta kohden", LOANS),
    ("utlåning", LOANS),
    ("loans", LOANS),
    ("theater", "theatre_dance_circus."),
    ("theatre", "theatre_dance_circus."),
    ("teatteri", "theatre_dance_circus."),
    ("teater", "theatre_dance_circus."),
    ("museo", "museum."),
    ("museot asukasta kohti", "museum."),
    ("museums per capita", "museum."),
    ("museer per invånare", "museum."),
    ("musiikki", "music."),
    ("taiteen perusopetus", "basic_arts_education."),
    ("väkiluku", "population."),
    ("folkmängd", "population."),
    ("culture net cost", "culture."),
]


@pytest.mark.parametrize(("typed", "wanted"), TYPED, ids=[typed for typed, _ in TYPED])
def test_what_a_researcher_types_is_found(typed: str, wanted: str, release: kultti.Release) -> None:
    found = [row.indicator for row in release.indicators(typed)][:5]
    assert [one for one in found if one.startswith(wanted)], found


def test_nothing_is_found_for_what_is_not_there(release: kultti.Release) -> None:
    for typed in ("xyzzy", "ydinvoima", "kärnkraft"):
        assert [row.indicator for row in release.indicators(typed)] == []


def test_a_wrong_id_names_near_ones(release: kultti.Release) -> None:
    with pytest.raises(kultti.NotFoundError, match="library.loans_per_inhabitant"):
        release.indicators["library.loans_per_inhabitants"]
    with pytest.raises(kultti.NotFoundError, match="Kokkola"):
        release.areas["Kokola"]


def test_the_tab_key_completes_indicators_and_areas(release: kultti.Release) -> None:
    """As IPython and JupyterLab ask for it."""
    shell = TerminalInteractiveShell.instance()
    shell.user_ns["rel"] = release
    shell.Completer.use_jedi = False
    _, found = shell.complete("", 'rel.indicators["library.l', len('rel.indicators["library.l'))
    assert LOANS in " ".join(found)
    _, found = shell.complete("", 'rel.areas["Kokk', len('rel.areas["Kokk'))
    assert "Kokkola" in " ".join(found)


LANGUAGES = """
import kultti, sys
print(kultti.language(), kultti.example().language)
kultti.set_language("sv")
print(kultti.language(), kultti.example().language, kultti.example(language="en").language)
try:
    kultti.open("nothing-here")
except FileNotFoundError as error:
    print("filen" in str(error))
kultti.set_language(None)
print(kultti.language())
"""


@pytest.mark.parametrize(("environment", "usual"), [({"KULTTI_LANG": "en"}, "en"), ({"LANG": "sv_FI.UTF-8"}, "sv"), ({}, "fi")])
def test_argument_before_setting_before_environment(environment: dict[str, str], usual: str) -> None:
    names = ("KULTTI_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    clean = {name: value for name, value in os.environ.items() if name not in names}
    done = subprocess.run([sys.executable, "-c", LANGUAGES], env={**clean, **environment}, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [usual, usual, "sv", "sv", "en", "True", usual]


@pytest.mark.usefixtures("session")
def test_a_wrong_language_is_refused_in_the_language_that_was_set() -> None:
    kultti.set_language("fi")
    with pytest.raises(kultti.InvalidArgumentError, match="odotettiin"):
        kultti.set_language("de")  # type: ignore[arg-type]
    assert kultti.language() == "fi"


@pytest.mark.usefixtures("session")
def test_every_thread_sees_the_language() -> None:
    seen: list[str] = []
    kultti.set_language("sv")
    thread = threading.Thread(target=lambda: seen.append(kultti.language()))
    thread.start()
    thread.join()
    assert seen == ["sv"]


def _results(release: kultti.Release) -> list[Any]:
    return [
        release.compare(CULTURE, "Kokkola", period=2019),
        release.rank(CULTURE, order="desc"),
        release.groups(CULTURE, by="region"),
        release.trend(CULTURE, "Kokkola"),
        release.change(CULTURE, "region"),
        release.inequality(CULTURE),
        release.expected(CULTURE, "Kokkola"),
        release.explain(CULTURE, "Kokkola"),
        release.peers(CULTURE, "Kokkola", k=3),
    ]


def test_an_answer_in_another_language_is_what_that_language_answers(release: kultti.Release) -> None:
    """A Swedish report from the same notebook."""
    swedish = kultti.example(language="sv")
    for english, own in zip(_results(release), _results(swedish), strict=True):
        other = english.in_language("sv")
        assert type(other) is type(english)
        assert other.to_json() == own.to_json() != english.to_json()
        assert repr(other) == repr(own) and other._repr_html_() == own._repr_html_()
        assert other.in_language("en").to_json() == english.to_json()
    assert release.in_language("sv").compare(CULTURE, "Kokkola").area.name == "Karleby"
    assert release.language == "en"
