"""Every result leads back to the files: each observation named is looked up in the tables that the release was built from."""

from __future__ import annotations

import ast
from collections.abc import Callable
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

QUESTIONS: dict[str, Callable[[kultti.Release], Any]] = {
    "compare": lambda release: release.compare(CULTURE, "Nurmes", period=2019, peers=["region", "similar:5"]),
    "compare, three years": lambda release: release.compare(LIBRARY, "Kannus", peers=["region"], three_year=True),
    "rank": lambda release: release.rank(LIBRARY, period=2018, order="desc"),
    "rank, three years": lambda release: release.rank(CULTURE, within="region:16", order="desc", three_year=True),
    "groups": lambda release: release.groups(CULTURE, by="urban_rural", period=2017),
    "trend": lambda release: release.trend(LIBRARY, ["Kokkola", "Kankaanpää"], real="cpi@2018"),
    "trend, chained": lambda release: release.trend(LIBRARY, ["Kannus"], group="region:16", chain=1.05),
    "explain": lambda release: release.explain(CULTURE, "Mäntyharju", period=2019),
    "peers": lambda release: release.peers(CULTURE, "Kokkola", k=4, period=2019, model="general", candidates="region:17"),
    "inequality": lambda release: release.inequality(CULTURE, period=2019, by="region"),
    "expected": lambda release: release.expected(LIBRARY, "Kokkola", period=2019, method="quasi-poisson"),
    "composition": lambda release: release.composition(CULTURE, "Nurmes", period=2019, peers=["region", "similar:5"]),
    "change": lambda release: release.change(LIBRARY, by="region", start=2015, end=2019),
    "intervals": lambda release: release.intervals("population.share_0_17", within="region:17", funnel="auto", test="Oulu,Ii"),
    # Of the release with uses and expenditure made up.
    "intervals of counts": lambda release: release.intervals("library.visits_per_inhabitant", by="region", level=99.8),
    "cost_per_use": lambda release: release.cost_per_use(
        "library.expenditure_per_inhabitant", "Kokkola", peers=["region", "country"]
    ),
}
COUNTED = ("intervals of counts", "cost_per_use")

Why = Callable[..., kultti.ResultExplanation]


@pytest.fixture(scope="module")
def why(counted_path: Path) -> Why:
    """Asks and explains, each question once in a language."""

    @cache
    def opened(counted: bool, language: Any) -> kultti.Release:
        return kultti.open(counted_path, language=language) if counted else kultti.example(language=language)

    @cache
    def explained(verb: str, language: Any = "en") -> kultti.ResultExplanation:
        return QUESTIONS[verb](opened(verb in COUNTED, language)).explain()  # type: ignore[no-any-return]

    return explained


@cache
def _table(folder: Path, origin: str) -> pd.DataFrame:
    """A table of the sources, by measure, period, area and borders."""
    table = pd.read_csv(folder / origin, dtype={"measure": str, "period": str, "area": str, "territory": str})
    return table.set_index(["measure", "period", "area", "territory"]).sort_index()


def _observations(why: Any) -> pd.DataFrame:
    return pa.table(why).to_pandas()


@pytest.mark.parametrize("verb", QUESTIONS)
def test_observations_stand_in_the_files(why: Why, counted_folder: Path, verb: str) -> None:
    """Value and status of every observation, in the table, on the borders and in the period that are named."""
    found = _observations(why(verb))
    assert not found.empty
    for origin, rows in found.groupby("origin"):
        table = _table(counted_folder if verb in COUNTED else TABLES, str(origin))
        keys = zip(rows["measure"].map(_derived_from), rows["observed_period"], rows["area"], rows["borders"], strict=True)
        published = table.loc[list(keys)]
        assert list(published["status"]) == list(rows["status"])
        assert published["value"].to_numpy() == pytest.approx(rows["value"].to_numpy(float), rel=0, abs=0, nan_ok=True)


def _derived_from(measure: str) -> str:
    """The measure that is in the files: a lagged one is made of it."""
    return "population.year_end" if measure.startswith("population.year_end") else measure


@pytest.mark.parametrize("verb", QUESTIONS)
def test_formulas_with_numbers_come_to_the_figures(why: Why, verb: str) -> None:
    """Python's own arithmetic on what is written: the formula with numbers in it, times the index numbers, is the figure."""
    figures = [(read, figure) for read in why(verb).inputs for figure in read.figures]
    assert figures
    for read, figure in figures:
        try:
            value = eval(compile(ast.parse(figure.formula_with_numbers, mode="eval"), "formula", "eval"))  # noqa: S307
        except ZeroDivisionError:
            assert figure.missing is not None
            assert figure.missing.code == "denominator-zero"
            continue
        if read.deflator is not None:
            value *= read.deflator.base / read.deflator.index
        assert figure.value == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize("verb", [verb for verb in QUESTIONS if verb != "explain"])
def test_there_are_steps_in_three_languages(why: Why, verb: str) -> None:
    texts = []
    for language in ("fi", "sv", "en"):
        steps = why(verb, language).steps
        assert steps
        assert all(step.formula and step.text and "{" not in step.text for step in steps)
        texts.append(steps[0].text)
    assert len(set(texts)) == 3, texts


def test_a_figure_put_together_names_its_parts(release: kultti.Release) -> None:
    """Mäntyharju took over Pertunmaa on 1 January 2025: on those borders the costs of 2019 are those of both."""
    why = release.explain(CULTURE, "Mäntyharju", period=2019).explain()
    parts = _observations(why)
    assert set(parts.loc[parts["measure"] == "library.net_operating_cost", "area"]) == {"507", "588"}
