"""SDMX-CSV and its data structure definition in Python, held to each other by pysdmx."""

from __future__ import annotations

import json
import os
import subprocess
import warnings
from pathlib import Path

import kultti
import pytest

PX = """CHARSET="ANSI";
AXIS-VERSION="2013";
CODEPAGE="utf-8";
LANGUAGE="fi";
LANGUAGES="fi","sv","en";
MATRIX="t1";
SUBJECT-CODE="K";
SUBJECT-AREA="Kulttuuri";
TITLE="Kirjastot";
TITLE[sv]="Bibliotek";
TITLE[en]="Libraries";
CONTENTS="Kirjastot";
UNITS="kpl";
DECIMALS=0;
STUB="Kunta";
STUB[sv]="Kommun";
STUB[en]="Municipality";
HEADING="Ikä";
HEADING[sv]="Ålder";
HEADING[en]="Age";
VALUES("Kunta")="Kokkola","Vaasa";
VALUES[sv]("Kommun")="Karleby","Vasa";
VALUES[en]("Municipality")="Kokkola","Vaasa";
CODES("Kunta")="272","905";
CODES[sv]("Kommun")="272","905";
CODES[en]("Municipality")="272","905";
VALUES("Ikä")="0-64","65+";
VALUES[sv]("Ålder")="0-64","65+";
VALUES[en]("Age")="0-64","65+";
DATA=
1 2
3 ".." ;
"""


def _written(cube: kultti.Cube, folder: Path) -> tuple[Path, Path]:
    message, structure = folder / "table.sdmx.csv", folder / "structure.json"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", kultti.TableWarning)
        cube.write(message, structure=structure)
    return message, structure


def _shape(cube: kultti.Cube) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    return [
        (one.code, one.label, one.role, [(category.code, category.label) for category in one.categories])
        for one in cube.dimensions
    ]


def test_a_structure_keeps_names_in_every_language_and_codes(tmp_path: Path) -> None:
    message, structure = _written(kultti.read(PX.encode(), format="px"), tmp_path)
    for language in ("fi", "sv", "en"):
        before = kultti.read(PX.encode(), format="px", language=language)
        after = kultti.read(message, structure=structure, language=language)
        assert _shape(after) == _shape(before)
        assert after.languages == ("fi", "sv", "en")
    assert not [text for text in after.warnings if "structure=" in text]


def test_without_the_structure_the_reader_says_what_it_guesses(tmp_path: Path) -> None:
    message, _ = _written(kultti.read(PX.encode(), format="px"), tmp_path)
    with pytest.warns(kultti.TableWarning, match=r"structure=…"):
        cube = kultti.read(message, language="en")
    assert [category.code for category in cube.dimensions[1].categories] == ["0-64", "65_PLUS"]


def test_a_structure_belongs_to_sdmx_csv_and_must_be_one(tmp_path: Path) -> None:
    cube = kultti.read(PX.encode(), format="px")
    with pytest.raises(ValueError, match="sdmx-csv"):
        cube.write(tmp_path / "table.json", structure=tmp_path / "structure.json")
    assert not list(tmp_path.iterdir())
    (tmp_path / "no.json").write_text("{}", encoding="utf-8")
    message, _ = _written(cube, tmp_path)
    with pytest.raises(kultti.InvalidDataError, match=r"no\.json"):
        kultti.read(message, structure=tmp_path / "no.json")


def test_pysdmx_holds_a_table_of_three_languages_to_its_structure(tmp_path: Path) -> None:
    oracle, interop = os.environ.get("KULTTI_ORACLES"), os.environ.get("KULTTI_INTEROP")
    if not oracle:
        pytest.skip("KULTTI_ORACLES does not name a Python with pysdmx")
    tables: list[Path | bytes] = [PX.encode()]
    if interop:
        tables.append(Path(interop) / "px" / "statfin_ras_pxt_13m4.px")
    for number, table in enumerate(tables):
        folder = tmp_path / str(number)
        folder.mkdir()
        cube = kultti.read(table, format="px")
        message, structure = _written(cube, folder)
        script = Path(__file__).parent / "independent" / "read_sdmx.py"
        ran = subprocess.run([oracle, script, message, structure], capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
        (answer,) = json.loads(ran.stdout)
        assert len(answer["rows"]) == len(cube)
        roles = list(answer["components"].values())
        assert roles.count("DIMENSION") == len(cube.dimensions)
        listed = [len(codes) for codes in answer["codes"].values()]
        assert all(len(one.categories) in listed for one in cube.dimensions if one.role != "time")
