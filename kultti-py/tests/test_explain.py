"""Every result leads back to the files: each observation named is looked up in the tables that the release was built from."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Any

import kultti
import pandas as pd
import pyarrow as pa
import pytest

CULTURE = "culture.net_operating_cost_per_inhabitant"
LIBRARY = "library.net_operating_cost_per_inhabitant"
TABLES = Path(__file__).parents[2] / "datasets" / "finland"

QUESTIONS = {
    "compare": lambda release: release.compare(CULTURE, "Nurmes", period=2019, peers=["region", "similar:5"]),
    "rank": lambda release: release.rank(LIBRARY, period=2018, order="desc"),
    "groups": lambda release: release.groups(CULTURE, by="urban_rural", period=2017),
    "trend": lambda release: release.trend(LIBRARY, ["Kokkola", "Kankaanpää"], real="cpi@2018"),
    "explain": lambda release: release.explain(CULTURE, "Mäntyharju", period=2019),
    "peers": lambda release: release.peers(CULTURE, "Kokkola", k=4, period=2019),
    "inequality": lambda release: release.inequality(CULTURE, period=2019, by="region"),
    "expected": lambda release: release.expected(LIBRARY, period=2019, area="Kokkola"),
    "change": lambda release: release.change(LIBRARY, by="region", start=2015, end=2019),
}


@pytest.fixture(scope="module")
def release() -> kultti.Release:
    return kultti.example(language="en")


@cache
def _table(origin: str) -> pd.DataFrame:
    """A table of the sources, by measure, period, area and borders."""
    table = pd.read_csv(TABLES / origin, dtype={"measure": str, "period": str, "area": str, "territory": str})
    return table.set_index(["measure", "period", "area", "territory"]).sort_index()


def _observations(why: Any) -> pd.DataFrame:
    return pa.table(why).to_pandas()


@pytest.mark.parametrize("verb", QUESTIONS)
def test_observations_stand_in_the_files(release: kultti.Release, verb: str) -> None:
    """Value and status of every observation, in the table, on the borders and in the period that are named."""
    found = _observations(QUESTIONS[verb](release).explain())
    assert not found.empty
    for row in found.itertuples():
        observed = _derived_from(row.measure)
        published = _table(row.origin).loc[(observed, row.observed_period, row.area, row.borders)]
        assert published["status"] == row.status
        if pd.isna(published["value"]):
            assert pd.isna(row.value)
        else:
            assert row.value == published["value"]


def _derived_from(measure: str) -> str:
    """The measure that is in the files: a lagged one is made of it."""
    return "population.year_end" if measure.startswith("population.year_end") else measure


@pytest.mark.parametrize("verb", QUESTIONS)
def test_formulas_with_numbers_come_to_the_figures(release: kultti.Release, verb: str) -> None:
    """Python's own arithmetic on what is written: the formula with numbers in it, times the index numbers, is the figure."""
    why = QUESTIONS[verb](release).explain()
    figures = [(read, figure) for read in why.inputs for figure in read.figures]
    assert figures
    for read, figure in figures:
        value = eval(compile(ast.parse(figure.formula_with_numbers, mode="eval"), "formula", "eval"))  # noqa: S307
        if read.deflator is not None:
            value *= read.deflator.base / read.deflator.index
        assert figure.value == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize("verb", [verb for verb in QUESTIONS if verb != "explain"])
def test_there_are_steps_in_three_languages(verb: str) -> None:
    texts = []
    for language in ("fi", "sv", "en"):
        why = QUESTIONS[verb](kultti.example(language=language)).explain()
        assert why.steps
        assert all(step.formula and step.text and "{" not in step.text for step in why.steps)
        texts.append(why.steps[0].text)
    assert len(set(texts)) == 3, texts


def test_a_figure_put_together_names_its_parts(release: kultti.Release) -> None:
    """Mäntyharju took over Pertunmaa on 1 January 2025: on those borders the costs of 2019 are those of both."""
    why = release.explain(CULTURE, "Mäntyharju", period=2019).explain()
    parts = _observations(why)
    assert set(parts.loc[parts["measure"] == "library.net_operating_cost", "area"]) == {"507", "588"}
