"""What the tests share: the example release in English, and the tables that it was built from."""

from __future__ import annotations

import csv
from pathlib import Path

import kultti
import pytest

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
