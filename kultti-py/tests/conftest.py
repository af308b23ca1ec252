"""What the tests share: the example release in English, the tables that it was built from, and a release with counts."""

from __future__ import annotations

import csv
import random
import shutil
from pathlib import Path

import kultti
import pytest
from kultti._kultti import cli_main

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "datasets" / "example.parquet"
CULTURE = "culture.net_operating_cost_per_inhabitant"
LIBRARY = "library.net_operating_cost_per_inhabitant"

Tables = dict[tuple[str, str, str], float]


@pytest.fixture(scope="session")
def release() -> kultti.Release:
    """The example release, in English whatever the machine speaks."""
    return kultti.example(language="en")


@pytest.fixture(scope="session")
def tables() -> Tables:
    """Values by measure, period and area; of two tables of a population the later borders."""
    folder = ROOT / "datasets" / "finland" / "observations"
    values = {}
    for name in ("net_operating_costs", "population"):
        with (folder / f"{name}.csv").open(encoding="utf-8") as file:
            for row in sorted(csv.DictReader(file), key=lambda row: row["territory"]):
                if row["value"]:
                    values[row["measure"], row["period"], row["area"]] = float(row["value"])
    return values


NORTHLAND = ROOT / "kultti-core" / "tests" / "it" / "northland"


@pytest.fixture(scope="session")
def northland_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up country: a merger in 2021, a missing figure in 2019, a provisional one in 2022, and a break in 2020."""
    folder = tmp_path_factory.mktemp("charts") / "northland"
    shutil.copytree(NORTHLAND, folder)
    document = folder / "release.toml"
    text = document.read_text(encoding="utf-8")
    joint = 'joint_units = "joint_units.csv"'
    document.write_text(text.replace(joint, joint + '\nbreaks = "breaks.csv"'), encoding="utf-8")
    rows = "measure,area,period,cause_fi,cause_sv,cause_en,factor,source\ncost.a,04,2021,Syy,Orsak,Cause,,made up\n"
    (folder / "breaks.csv").write_text(rows, encoding="utf-8")
    return folder


def built(folder: Path) -> kultti.Release:
    """The release of a folder of tables, in English."""
    path = folder.parent / f"{folder.name}.parquet"
    assert cli_main(["kultti", "release", "build", str(folder), "--output", str(path)]) == 0
    return kultti.open(path, language="en")


@pytest.fixture(scope="session")
def northland(northland_folder: Path) -> kultti.Release:
    return built(northland_folder)


ALAND = "035 043 060 062 065 076 170 295 318 417 438 478 736 766 771 941".split()
MADE_UP = """
[[table]]
file = "observations/made_up.csv"
source = "library_statistics"
retrieved = "2026-01-01"
description = { fi = "Keksitty", sv = "Påhittad", en = "Made up" }
"""
# Kokkola and Kannus book no internal rents in the cost of libraries; the rest of the region does, from 2018.
FLAGS = """area,measure,from,to,flag,value,source
272,library.*,,,internal_rent,excluded,made up
217,library.*,,,internal_rent,excluded,made up
074,library.*,2018,,internal_rent,included,made up
236,library.*,2018,,internal_rent,included,made up
"""


@pytest.fixture(scope="session")
def counted_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of the example release, with uses and expenditure of 2019 from none to millions and pupils made up."""
    folder = tmp_path_factory.mktemp("counted")
    shutil.copytree(ROOT / "datasets" / "finland", folder / "finland")
    shutil.copytree(ROOT / "datasets" / "catalogue", folder / "catalogue")
    with (folder / "finland" / "observations" / "population.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["period"] == "2018" and row["value"]]
    persons = {row["area"]: float(row["value"]) for row in rows if row["measure"] == "population.year_end"}
    draw = random.Random(2019)
    made: list[tuple[str, str, int]] = []
    for place, (area, inhabitants) in enumerate(sorted(persons.items())):
        if not area.isdigit() or len(area) != 3 or area in ALAND:
            continue
        # Every tenth municipality has a handful of visits, so that exact intervals are among them.
        visits = place // 10 % 12 if place % 10 == 0 else int(inhabitants * draw.lognormvariate(2.2, 0.3))
        young = int(inhabitants * 0.2) + 1
        pupils = sum(draw.random() < 0.12 for _ in range(min(young, 3000)))
        made.append(("library.visits", area, visits))
        made.append(("library.expenditure", area, int(inhabitants * draw.uniform(40, 90))))
        made.append(("basic_arts_education.pupils_under_18", area, pupils))
        made.append(("population.age_0_17", area, min(young, 3000)))
    made.sort()
    with (folder / "finland" / "observations" / "made_up.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow("measure,period,area,territory,value,status,missing,note".split(","))
        writer.writerows((measure, "2019", area, "2019-01-01", value, "A", "", "") for measure, area, value in made)
    (folder / "finland" / "comparability.csv").write_text(FLAGS, encoding="utf-8")
    document = folder / "finland" / "release.toml"
    text = document.read_text(encoding="utf-8")
    text = text.replace('breaks = "breaks.csv"', 'breaks = "breaks.csv"\ncomparability = "comparability.csv"')
    document.write_text(text + MADE_UP, encoding="utf-8")
    return folder / "finland"


@pytest.fixture(scope="session")
def counted_path(counted_folder: Path) -> Path:
    """A release of those tables."""
    path = counted_folder.parent / "counted.parquet"
    assert cli_main(["kultti", "release", "build", str(counted_folder), "--output", str(path)]) == 0
    return path


@pytest.fixture(scope="session")
def counted(counted_path: Path) -> kultti.Release:
    """That release in English."""
    return kultti.open(counted_path, language="en")
