"""How releases and answers are cited: in the form of the offices, in BibTeX and in CSL-JSON, read by other programs."""

from __future__ import annotations

import datetime
import json
import re
import warnings
from typing import Any

import citeproc
import kultti
import pytest
from citeproc.source.json import CiteProcJSON
from kultti._kultti import cli_main
from pybtex.database import parse_string

from conftest import CULTURE, LIBRARY

# What Statistics Finland asks for: register [medium]. Place: publisher [viitattu: d.m.yyyy]. Saantitapa: ...
FORMS = {
    "fi": r"^.+\[verkkojulkaisu\]\. Helsinki: Tilastokeskus \[viitattu: 21\.11\.2026\]\.",
    "sv": r"^.+\[e-publikation\]\. Helsingfors: Statistikcentralen \[hänvisat: 21\.11\.2026\]\.",
    "en": r"^.+\[e-publication\]\. Helsinki: Statistics Finland \[referenced: 21\.11\.2026\]\.",
}
ACCESS = {"fi": "Saantitapa: THL", "sv": "Åtkomstsätt: THL", "en": "Access method: THL"}


@pytest.fixture(scope="module")
def answer(release: kultti.Release) -> kultti.Comparison:
    return release.compare(CULTURE, "Kokkola", period=2019, peers=["region", "similar:8"], as_of_year=2018, list=True)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_text_has_the_form_of_statistics_finland(language: Any, answer: kultti.Comparison) -> None:
    costs, persons, release, question = answer.cite(language).splitlines()
    assert re.match(FORMS[language], costs)
    assert re.match(FORMS[language], persons)
    assert persons.count(ACCESS[language]) == 1
    assert "CC BY 4.0" in costs
    assert answer.release in release
    assert kultti.__version__ in question


def _asked_again(release: kultti.Release, cited: str) -> Any:
    """Runs the call at the end of a citation."""
    call = cited.splitlines()[-1]
    return eval(call[call.index("release.") :], {"release": release})


def _questions(release: kultti.Release) -> dict[str, Any]:
    return {
        "compare": release.compare(CULTURE, "Kokkola", peers=["region", "similar:8"], as_of_year=2018, list=True),
        "compare, three years": release.compare(LIBRARY, "Kokkola", three_year=True, territory=datetime.date(2020, 1, 1)),
        "rank": release.rank(LIBRARY, within="region:16", order="desc", territory="then"),
        "groups": release.groups(CULTURE, by="region", aggregate="median"),
        "change": release.change(LIBRARY, "region:16", start=2016, list=True, real="cpi@2018"),
        "trend": release.trend(LIBRARY, ["Kokkola", "Vaasa"], real="cpi@2018", group="region:16", index=2016),
        "inequality": release.inequality(LIBRARY, by="region"),
        "peers": release.peers(LIBRARY, "Kokkola", variables=["population.total:2"], log=["population.total"], k=4),
        "expected": release.expected(LIBRARY, "Kokkola", method="quasi-poisson", level=90.0),
        "explain": release.explain(LIBRARY, "Karleby", real="cpi@2015"),
    }


def test_the_question_can_be_put_again(release: kultti.Release) -> None:
    """The call that is cited gives the same answer, and cites itself the same."""
    for name, asked in _questions(release).items():
        again = _asked_again(release, asked.cite())
        assert type(again) is type(asked), name
        assert again.to_json() == asked.to_json(), name
        assert again.cite() == asked.cite(), name


def test_counted_questions_can_be_put_again(counted: kultti.Release) -> None:
    visits = "library.visits_per_inhabitant"
    asked = counted.intervals(visits, within="region:01", level=99.8, funnel="auto", period=2019)
    assert _asked_again(counted, asked.cite()).to_json() == asked.to_json()
    used = counted.cost_per_use("library.expenditure_per_inhabitant", "Kokkola", peers=["region"])
    assert _asked_again(counted, used.cite()).to_json() == used.to_json()


def test_what_was_left_open_is_written_out(answer: kultti.Comparison) -> None:
    call = answer.cite().splitlines()[-1]
    for part in ('area="272"', "period=2019", f'territory="{answer.territory}"', 'peers="region,similar:8"', "list=True"):
        assert part in call


def test_the_day_of_access_is_an_argument(answer: kultti.Comparison) -> None:
    """The core reads no clock: without a day it is the one on which the tables were taken over, 2026-11-21."""
    assert "[viitattu: 21.11.2026]" in answer.cite("fi")
    for day in (datetime.date(2027, 2, 3), "2027-02-03"):
        assert "[viitattu: 3.2.2027]" in answer.cite("fi", accessed=day)
    with pytest.raises(kultti.InvalidArgumentError):
        answer.cite(accessed="3.2.2027")
    with pytest.raises(kultti.InvalidArgumentError):
        answer.cite(style="apa")  # type: ignore[call-overload]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_bibtex_is_read_by_pybtex(language: Any, answer: kultti.Comparison, release: kultti.Release) -> None:
    for cited in (answer.cite(language, "bibtex"), release.cite(language, "bibtex")):
        entries = parse_string(cited, "bibtex").entries
        assert {entry.type for entry in entries.values()} == {"misc"}
        assert all(entry.persons["author"] and entry.fields["title"] for entry in entries.values())
        assert [entry.fields["version"] for entry in entries.values() if "version" in entry.fields] == [release.id]
        # No letter that LaTeX takes for a command stands bare.
        assert not [text for entry in entries.values() for text in [entry.fields.get("note", "")] if re.search(r"(?<!\\)[&%$#_]", text)]


def test_bibtex_keeps_capitals_and_days(answer: kultti.Comparison) -> None:
    entry = parse_string(answer.cite("en", "bibtex"), "bibtex").entries["finland_population"]
    assert entry.fields["title"] == "{Population structure}"
    assert str(entry.persons["author"][0]) == "{Statistics Finland}"
    assert entry.fields["urldate"] == "2026-11-21"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_csl_json_is_rendered_by_citeproc(language: Any, answer: kultti.Comparison) -> None:
    """Every item becomes a line of a bibliography in the style of the APA, with publisher and title."""
    items = answer.cite(language, "csl-json")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        source = CiteProcJSON(items)
        style = citeproc.CitationStylesStyle("apa", validate=False)
        bibliography = citeproc.CitationStylesBibliography(style, source, citeproc.formatter.plain)
        for item in items:
            bibliography.register(citeproc.Citation([citeproc.CitationItem(item["id"])]))
        lines = [str(line) for line in bibliography.bibliography()]
    assert len(lines) == len(items) == 4
    for item in items:
        assert [line for line in lines if item["title"].split(":")[0] in line], item["title"]
    publishers = {"fi": "Tilastokeskus", "sv": "Statistikcentralen", "en": "Statistics Finland"}
    assert sum(publishers[language] in line for line in lines) == 2


def test_csl_json_has_the_types_and_dates_of_csl(answer: kultti.Comparison) -> None:
    """Names and shapes of CSL-data 1.0.2: `id` and `type` are required, dates are lists of date-parts."""
    items = answer.cite(style="csl-json")
    assert len({item["id"] for item in items}) == len(items)
    assert {item["type"] for item in items} == {"dataset", "software"}
    assert {part for item in items for part in item} <= {
        "id", "type", "title", "author", "publisher", "language", "note", "URL", "accessed", "version",
    }  # fmt: skip
    assert items[0]["accessed"] == {"date-parts": [[2026, 11, 21]]}


def test_the_shell_cites_the_same(answer: kultti.Comparison, capfd: pytest.CaptureFixture[str]) -> None:
    question = ["compare", CULTURE, "--area", "Kokkola", "--period", "2019", "--peers", "region,similar:8"]
    words = ["kultti", "cite", "--style", "csl-json", *question, "--as-of-year", "2018", "--list", "--lang", "en"]
    assert cli_main(words) == 0
    shell, python = json.loads(capfd.readouterr().out), answer.cite(style="csl-json")
    assert shell[:-2] == python[:-2]
    command = shell[-2]["note"].split(": ", 1)[1]
    assert cli_main(["kultti", "cite", "--lang", "en", *command.split()[1:]]) == 0
    assert command in capfd.readouterr().out


def test_a_release_cites_all_its_registers(release: kultti.Release) -> None:
    lines = release.cite("sv").splitlines()
    assert len(lines) == 5 + 1
    assert lines[-1].endswith(f"{release.id}.")
