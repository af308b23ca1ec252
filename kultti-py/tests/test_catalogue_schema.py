"""The JSON Schema of the catalogue, for editors, says what the loader says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from conftest import ROOT

CATALOGUES = ROOT / "datasets" / "catalogue"
SCHEMA: dict[str, Any] = json.loads((CATALOGUES / "catalogue.schema.json").read_text(encoding="utf-8"))

# A catalogue with one of everything: libraries that cost money and are visited.
SMALL = """
schema = 1
id = "small"
version = "1"
label = { fi = "Pieni", sv = "Liten", en = "Small" }
description = { fi = "Yksi kutakin", sv = "En av varje", en = "One of each" }

[[theme]]
id = "economy"
label = { fi = "Talous", sv = "Ekonomi", en = "Economy" }

[[source]]
id = "office"
label = { fi = "Virasto", sv = "Byrå", en = "Office" }
publisher = { fi = "Virasto", sv = "Byrå", en = "Office" }
license = "CC BY 4.0"
citation = { fi = "Virasto", sv = "Byrå", en = "Office" }
url = "https://example.org"

[[unit]]
id = "EUR"
kind = "money"
label = { fi = "euro", sv = "euro", en = "euro" }
symbol = { fi = "€", sv = "€", en = "€" }

[[unit]]
id = "person"
kind = "persons"
label = { fi = "henkilö", sv = "person", en = "person" }
symbol = { fi = "henkilöä", sv = "personer", en = "persons" }
per = { fi = "henkilö", sv = "person", en = "person" }

[[unit]]
id = "visit"
label = { fi = "käynti", sv = "besök", en = "visit" }
symbol = { fi = "käyntiä", sv = "besök", en = "visits" }

[[function]]
id = "library"
label = { fi = "Kirjasto", sv = "Bibliotek", en = "Library" }

[[scope]]
id = "library"
label = { fi = "Kirjasto", sv = "Bibliotek", en = "Library" }
functions = ["library"]
sentence = { fi = "Vain kirjasto", sv = "Endast bibliotek", en = "Libraries only" }

[[expectation]]
id = "structure"
version = 1
label = { fi = "Rakenne", sv = "Struktur", en = "Structure" }
indicators = ["library.cost_per_*"]
variables = [
  { indicator = "population.total", log = true, period = "2019", reason = { fi = "Koko", sv = "Storlek", en = "Size" } },
]
capacity = { indicator = "population.total", reason = { fi = "Koko", sv = "Storlek", en = "Size" } }

[[pair]]
id = "library"
label = { fi = "Kirjasto", sv = "Bibliotek", en = "Library" }
cost_per_inhabitant = "library.cost_per_inhabitant"
cost_per_use = "library.cost_per_visit"
uses_per_inhabitant = "library.visits_per_inhabitant"

[[measure]]
id = "library.cost"
label = { fi = "Kustannus", sv = "Kostnad", en = "Cost" }
definition = { fi = "Kustannus", sv = "Kostnad", en = "Cost" }
synonyms = { fi = ["menot"], sv = ["utgifter"], en = ["spending"] }
theme = "economy"
unit = "EUR"
decimals = 0
kind = "flow"
additivity = { areas = "sum", time = "sum" }
direction = "none"
source = "office"
counted_at = "payer"
valid = { from = "2015", to = "2020-Q4" }
successor = "library.visits"
function = "library"
area_scope = "country"
zero_may_mean_joint = true

[[measure]]
id = "library.visits"
label = { fi = "Käynnit", sv = "Besök", en = "Visits" }
definition = { fi = "Käynnit", sv = "Besök", en = "Visits" }
unit = "visit"
decimals = 0
kind = "flow"
additivity = { areas = "sum", time = "sum" }
source = "office"
counted_at = "location"

[[measure]]
id = "population.year_end"
label = { fi = "Väkiluku", sv = "Folkmängd", en = "Population" }
definition = { fi = "Väkiluku", sv = "Folkmängd", en = "Population" }
unit = "person"
decimals = 0
kind = "stock"
additivity = { areas = "sum", time = "none" }
source = "office"
counted_at = "residence"

[[measure]]
id = "population.mean"
label = { fi = "Keskiväkiluku", sv = "Medelfolkmängd", en = "Mean population" }
definition = { fi = "Keskiväkiluku", sv = "Medelfolkmängd", en = "Mean population" }
unit = "person"
decimals = 1
kind = "stock"
additivity = { areas = "sum", time = "none" }
source = "office"
counted_at = "residence"
derived = { measure = "population.year_end", lags = [0, 1] }

[[measure]]
id = "library.satisfaction"
label = { fi = "Tyytyväisyys", sv = "Nöjdhet", en = "Satisfaction" }
definition = { fi = "Tyytyväisyys", sv = "Nöjdhet", en = "Satisfaction" }
unit = "1"
decimals = 1
kind = "share"
additivity = { areas = "weighted mean", time = "none" }
weight = "population.year_end"
source = "office"
counted_at = "residence"

[[measure]]
id = "cpi"
label = { fi = "Indeksi", sv = "Index", en = "Index" }
definition = { fi = "Indeksi", sv = "Index", en = "Index" }
unit = "1"
decimals = 1
kind = "index"
additivity = { areas = "none", time = "none" }
source = "office"
counted_at = "residence"
price_index = { name = "cpi", base = 2010 }

[[indicator]]
id = "population.total"
label = { fi = "Väkiluku", sv = "Folkmängd", en = "Population" }
definition = { fi = "Väkiluku", sv = "Folkmängd", en = "Population" }
formula = "population.year_end"
unit = "person"
decimals = 0
version = 1

[[indicator]]
id = "library.cost_per_inhabitant"
label = { fi = "Kustannus", sv = "Kostnad", en = "Cost" }
definition = { fi = "Kustannus", sv = "Kostnad", en = "Cost" }
synonyms = { fi = ["menot"], sv = ["utgifter"], en = ["spending"] }
theme = "economy"
formula = "library.cost / population.year_end"
multiplier = 1
unit = "EUR/person"
decimals = 2
direction = "none"
version = 1
scope = "library"
aggregate = "ratio-of-sums"
minimum_denominator = 100
interval = "none"
caveats = [{ fi = "Varo", sv = "Akta", en = "Mind" }]
valid = { from = "2015", to = "2020" }

[[indicator]]
id = "library.cost_per_visit"
label = { fi = "Kustannus", sv = "Kostnad", en = "Cost" }
definition = { fi = "Kustannus", sv = "Kostnad", en = "Cost" }
formula = "library.cost / library.visits"
unit = "EUR/visit"
decimals = 2
version = 1
scope = "library"

[[indicator]]
id = "library.visits_per_inhabitant"
label = { fi = "Käynnit", sv = "Besök", en = "Visits" }
definition = { fi = "Käynnit", sv = "Besök", en = "Visits" }
formula = "library.visits / population.year_end"
unit = "visit/person"
decimals = 2
direction = "higher"
version = 1

[[indicator]]
id = "library.share_of_cost"
label = { fi = "Osuus", sv = "Andel", en = "Share" }
definition = { fi = "Osuus", sv = "Andel", en = "Share" }
formula = "library.cost / library.cost"
multiplier = 100
unit = "%"
decimals = 1
version = 1
scope = "library"
denominator_scope = "library"

[[peer_model]]
id = "general"
version = 1
label = { fi = "Yleinen", sv = "Allmän", en = "General" }
description = { fi = "Koko", sv = "Storlek", en = "Size" }
k = 8
min_weight_share = 0.6
scopes = ["library"]

[[peer_model.variable]]
indicator = "population.total"
weight = 1
log = true
period = "2019"
reason = { fi = "Koko", sv = "Storlek", en = "Size" }
"""

# What is changed in it, and what becomes of it: mistakes that the schema finds as the loader does.
FOUND = {
    "another version of the schema": ("schema = 1", "schema = 2"),
    "a name without Swedish": ('{ fi = "Pieni", sv = "Liten", en = "Small" }', '{ fi = "Pieni", en = "Small" }'),
    "a blank name": ('en = "Small"', 'en = " "'),
    "a caveat without English": ('{ fi = "Varo", sv = "Akta", en = "Mind" }', '{ fi = "Varo", sv = "Akta" }'),
    "a field that does not exist": ("k = 8", "k = 8\nneighbours = 8"),
    "a measure without a definition": ('definition = { fi = "Käynnit", sv = "Besök", en = "Visits" }\nunit = "visit"\n', 'unit = "visit"\n'),
    "a kind that does not exist": ('kind = "share"', 'kind = "ratio"'),
    "a weighted mean without a weight": ('weight = "population.year_end"\n', ""),
    "an additivity that does not exist": ('{ areas = "none", time = "none" }', '{ areas = "mean", time = "none" }'),
    "an id with capitals": ('id = "library.visits"', 'id = "Library.visits"'),
    "an id with an empty part": ('id = "library.visits"', 'id = "library..visits"'),
    "a month that does not exist": ('to = "2020-Q4"', 'to = "2020-13"'),
    "half a unit": ('unit = "EUR/person"', 'unit = "EUR/"'),
    "a multiplier of nothing": ("multiplier = 100", "multiplier = 0"),
    "decimals below zero": ("decimals = 2", "decimals = -2"),
    "decimals as text": ("decimals = 2", 'decimals = "2"'),
    "a derived measure of no year": ("lags = [0, 1]", "lags = []"),
    "a derived measure of the year 1900": ("lags = [0, 1]", "lags = [0, 119]"),
    "a cost that nothing explains": (SMALL[SMALL.index("variables = [") : SMALL.index("capacity")], "variables = []\n"),
    "no peers at all": ("k = 8", "k = 0"),
    "a variable without weight": ("weight = 1\n", "weight = 0\n"),
    "more weight in common than there is": ("min_weight_share = 0.6", "min_weight_share = 1.5"),
    "a peer model without a version": ('version = 1\nlabel = { fi = "Yleinen"', 'version = 0\nlabel = { fi = "Yleinen"'),
    "figures counted nowhere": ('counted_at = "payer"', 'counted_at = "somewhere"'),
    "a direction that does not exist": ('direction = "higher"', 'direction = "up"'),
    "an aggregate that does not exist": ('"ratio-of-sums"', '"average"'),
    "an interval that does not exist": ('interval = "none"', 'interval = "poisson"'),
    "a switch as text": ("zero_may_mean_joint = true", 'zero_may_mean_joint = "yes"'),
}
# Mistakes between items, which only the loader finds.
LOADER_ONLY = {
    "a theme that is not declared": ('theme = "economy"\nunit', 'theme = "economics"\nunit'),
    "a unit that is not declared": ('unit = "visit"\n', 'unit = "stay"\n'),
    "an id twice": ('id = "library.cost_per_visit"', 'id = "library.cost_per_inhabitant"'),
    "a formula that is none": ('"library.cost / library.visits"', '"library.cost / / library.visits"'),
    "a measure that does not exist": ('"library.cost / library.visits"', '"library.cost / library.vists"'),
    "a unit that does not follow from the formula": ('unit = "EUR/visit"', 'unit = "EUR/person"'),
    "a scope without its function": ('functions = ["library"]', "functions = []"),
    "an end before the beginning": ('valid = { from = "2015", to = "2020-Q4" }', 'valid = { from = "2015", to = "2014" }'),
    "a formula in a circle": ('"library.visits / population.year_end"', '"library.visits_per_inhabitant / population.year_end"'),
    "a proportion that counts no persons": ('interval = "none"', 'interval = "proportion"'),
    "a pair that does not multiply": ('uses_per_inhabitant = "library.visits_per_inhabitant"', 'uses_per_inhabitant = "population.total"'),
    "a pattern that fits nothing": ('"library.cost_per_*"', '"museum.cost_per_*"'),
}

# The tables of a catalogue in the small one, and where the schema describes them.
TABLES = {
    "schema = 1": SCHEMA["properties"],
    '[[theme]]\n': SCHEMA["$defs"]["entry"]["properties"],
    "[[source]]\n": SCHEMA["$defs"]["source"]["properties"],
    "[[unit]]\n": SCHEMA["$defs"]["base_unit"]["properties"],
    "[[function]]\n": SCHEMA["$defs"]["entry"]["properties"],
    "[[scope]]\n": SCHEMA["$defs"]["scope"]["properties"],
    "[[expectation]]\n": SCHEMA["$defs"]["expectation"]["properties"],
    "variables = [\n  { ": SCHEMA["$defs"]["structural_variable"]["properties"],
    "[[pair]]\n": SCHEMA["$defs"]["pair"]["properties"],
    "[[measure]]\n": SCHEMA["$defs"]["measure"]["properties"],
    "synonyms = { ": SCHEMA["$defs"]["synonyms"]["properties"],
    "additivity = { ": SCHEMA["$defs"]["measure"]["properties"]["additivity"]["properties"],
    "valid = { ": SCHEMA["$defs"]["validity"]["properties"],
    "derived = { ": SCHEMA["$defs"]["measure"]["properties"]["derived"]["properties"],
    "price_index = { ": SCHEMA["$defs"]["measure"]["properties"]["price_index"]["properties"],
    "[[indicator]]\n": SCHEMA["$defs"]["indicator"]["properties"],
    "label = { ": SCHEMA["$defs"]["text"]["properties"],
    "[[peer_model]]\n": SCHEMA["$defs"]["peer_model"]["properties"],
    "[[peer_model.variable]]\n": SCHEMA["$defs"]["peer_variable"]["properties"],
}


def changed(old: str, new: str) -> str:
    assert old in SMALL, old
    return SMALL.replace(old, new, 1)


def problems(text: str) -> list[str]:
    """What the schema finds wrong."""
    validator = jsonschema.Draft202012Validator(SCHEMA)
    return [error.json_path for error in validator.iter_errors(tomllib.loads(text))]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of no tables, with borders and a catalogue."""
    folder = tmp_path_factory.mktemp("catalogue")
    shutil.copytree(ROOT / "datasets" / "finland" / "territory", folder / "territory")
    (folder / "release.toml").write_text(
        'schema = 1\nid = "small"\ntitle = { fi = "P", sv = "L", en = "S" }\npublisher = { fi = "V", sv = "B", en = "O" }\n'
        'catalogues = ["catalogue.toml"]\nterritory = "territory"\n',
        encoding="utf-8",
    )
    return folder


def load(folder: Path, text: str) -> tuple[int, str]:
    """The exit code and the words of the loader."""
    (folder / "catalogue.toml").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "kultti", "release", "build", str(folder), "-o", str(folder / "small.parquet"), "--lang", "en"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    return done.returncode, done.stderr


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("name", ["culture.toml", "youth_work.toml"])
def test_the_catalogues_are_valid_and_name_the_schema(name: str) -> None:
    text = (CATALOGUES / name).read_text(encoding="utf-8")
    assert text.startswith("#:schema catalogue.schema.json\n")
    assert problems(text) == []


def test_the_small_catalogue_is_right_for_both(folder: Path) -> None:
    assert problems(SMALL) == []
    assert load(folder, SMALL) == (0, "")


@pytest.mark.parametrize("case", FOUND)
def test_what_the_schema_refuses_the_loader_refuses_too(case: str, folder: Path) -> None:
    text = changed(*FOUND[case])
    assert problems(text) != []
    code, said = load(folder, text)
    assert code == 3, said
    assert "catalogue.toml" in said


@pytest.mark.parametrize("case", LOADER_ONLY)
def test_what_lies_between_items_only_the_loader_refuses(case: str, folder: Path) -> None:
    text = changed(*LOADER_ONLY[case])
    assert problems(text) == []
    code, said = load(folder, text)
    assert code == 3, said
    assert "catalogue.toml" in said


@pytest.mark.parametrize("table", TABLES)
def test_fields_are_those_of_the_loader(table: str, folder: Path) -> None:
    """The loader lists the fields that a table may have when it meets another one."""
    inline = table.endswith("{ ")
    text = changed(table, f"{table}no_such_field = 1, " if inline else f"{table}\nno_such_field = 1\n")
    code, said = load(folder, text)
    assert code == 3
    assert "unknown field `no_such_field`" in said
    listed = set(re.findall(r"`(\w+)`", said.split("expected", 1)[1]))
    assert listed == set(TABLES[table])
