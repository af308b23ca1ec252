"""What goes wrong, and as which exception."""

from __future__ import annotations

import errno
import pickle
from pathlib import Path
from typing import Any

import kultti
import pytest

from conftest import CULTURE, EXAMPLE, LIBRARY

# The call, the class, the code, and what the sentence must name.
CASES: list[tuple[str, Any, type[Exception], str, list[str]]] = [
    ("area", lambda r: r.compare(CULTURE, "Kokola"), KeyError, "K0401", ["Kokola", "Kokkola (272)"]),
    ("indicator", lambda r: r.compare("library.loans", "Kokkola"), KeyError, "K0404", ["library.loans_per_inhabitant"]),
    ("grouping", lambda r: r.groups(CULTURE, by="regoin"), KeyError, "K0405", ["regoin", "region"]),
    ("group", lambda r: r.rank(CULTURE, within="region:99", order="asc"), KeyError, "K0406", ["99"]),
    ("index", lambda r: r.trend(CULTURE, "Kokkola", real="x@2019"), KeyError, "K0407", ["cpi"]),
    ("no data", lambda r: r.compare("library.visits_per_inhabitant", "Kokkola"), KeyError, "K0408", []),
    ("period", lambda r: r.compare(CULTURE, "Kokkola", period=1999), KeyError, "K0409", ["1999", "2015–2019"]),
    ("range", lambda r: r.trend(CULTURE, "Kokkola", end=1999), KeyError, "K0409", ["2015–2019"]),
    ("listed id", lambda r: r.indicators["library.loans"], KeyError, "K0404", ["library.loans"]),
    ("filtered id", lambda r: r.indicators("museum")["library.loans_per_inhabitant"], KeyError, "K0404", []),
    ("listed area", lambda r: r.areas["Kokola"], KeyError, "K0401", ["Kokkola (272)"]),
    ("filtered area", lambda r: r.areas("Vaasa")["Kokkola"], KeyError, "K0401", ["Kokkola"]),
    ("bad period", lambda r: r.compare(CULTURE, "Kokkola", period="19"), ValueError, "K0501", ["period", "19"]),
    ("bad year", lambda r: r.rank(CULTURE, period=19), ValueError, "K0501", ["period", "19"]),
    ("bad start", lambda r: r.trend(CULTURE, "Kokkola", start="x"), ValueError, "K0501", ["period", "x"]),
    ("bad order", lambda r: r.rank(CULTURE, order="up"), ValueError, "K0501", ["order", "up", "asc"]),
    ("bad territory", lambda r: r.rank(CULTURE, territory="later"), ValueError, "K0501", ["later"]),
    ("bad aggregate", lambda r: r.groups(CULTURE, "region", aggregate="sum"), ValueError, "K0501", ["sum", "median"]),
    ("bad prices", lambda r: r.explain(CULTURE, "Kokkola", real="2018"), ValueError, "K0501", ["2018", "cpi@2018"]),
    ("no area", lambda r: r.trend(CULTURE, []), ValueError, "K0519", ["no area", 'area="Kokkola"', 'group="country"']),
    ("peers of nothing", lambda r: r.peers("Kokkola"), ValueError, "K0519", ["no area", 'area="Kokkola"']),
    ("peers of an empty name", lambda r: r.peers(LIBRARY, ""), ValueError, "K0519", ["no area"]),
    ("no order", lambda r: r.rank(CULTURE), ValueError, "K0502", [CULTURE]),
    ("refused", lambda r: r.groups(CULTURE, "region", aggregate="total"), ValueError, "K0503", ["total"]),
    ("not money", lambda r: r.trend("library.loans_per_inhabitant", "Kokkola", real="cpi@2018"), ValueError, "K0504", []),
    ("index year", lambda r: r.trend(CULTURE, "Kokkola", real="cpi@1950"), ValueError, "K0505", ["1950"]),
]


@pytest.mark.parametrize(("ask", "python", "code", "parts"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_wrong_question(ask: Any, python: type[Exception], code: str, parts: list[str], release: kultti.Release) -> None:
    with pytest.raises(kultti.KulttiError) as caught:
        ask(release)
    error = caught.value
    assert isinstance(error, python)
    assert isinstance(error, kultti.NotFoundError if python is KeyError else kultti.InvalidArgumentError)
    assert error.code == code
    assert str(error) == error.message
    for part in parts:
        assert part in error.message


@pytest.mark.parametrize(
    "ask",
    [
        lambda r: r.compare(CULTURE, 272),
        lambda r: r.compare(CULTURE, "Kokkola", period=2019.5),
        lambda r: r.compare(CULTURE, "Kokkola", peers=5),
        lambda r: r.compare(CULTURE, "Kokkola", peers=[16]),
        lambda r: r.compare(CULTURE, "Kokkola", territory=2021),
        lambda r: r.compare(CULTURE, "Kokkola", 2019),
        lambda r: r.compare(CULTURE),
    ],
)
def test_a_value_of_another_type(ask: Any, release: kultti.Release) -> None:
    """Codes are text: 5 is not "005"."""
    with pytest.raises(TypeError):
        ask(release)


def test_sentences_are_in_the_language_of_the_release() -> None:
    texts = set()
    for language, word in (("fi", "Tarkoititko"), ("sv", "Menade du"), ("en", "Did you mean")):
        with pytest.raises(kultti.NotFoundError, match=word) as caught:
            kultti.example(language=language).compare(LIBRARY, "Kokola")  # type: ignore[arg-type]
        texts.add(caught.value.message)
    assert len(texts) == 3


def test_a_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "none.parquet"
    with pytest.raises(FileNotFoundError) as caught:
        kultti.open(path)
    error = caught.value
    assert isinstance(error, kultti.MissingFileError)
    assert isinstance(error, kultti.FileError)
    assert (error.code, error.errno, error.filename) == ("K0101", errno.ENOENT, str(path))
    assert str(path) in str(error)
    assert "cannot read" in str(error)


def test_an_unreadable_file(tmp_path: Path) -> None:
    """A name too long for the file system: not missing, but an error of the system."""
    with pytest.raises(OSError, match="cannot read") as caught:
        kultti.open(tmp_path / ("x" * 300))
    assert type(caught.value) is kultti.FileError
    assert caught.value.errno == errno.ENAMETOOLONG


def test_files_that_are_no_release(tmp_path: Path) -> None:
    text = tmp_path / "text.parquet"
    text.write_text("code,value\n005,1\n")
    cut = tmp_path / "cut.parquet"
    cut.write_bytes(EXAMPLE.read_bytes()[:-100])
    for path, code in ((text, "K0102"), (tmp_path, "K0102"), (cut, "K0103")):
        with pytest.raises(kultti.InvalidDataError) as caught:
            kultti.open(path)
        assert caught.value.code == code
        assert not isinstance(caught.value, (OSError, ValueError, KeyError))


def test_an_altered_row_is_found_by_verifying(tmp_path: Path) -> None:
    """Bytes of the first page are changed; the footer, and with it the id, stay as they were."""
    content = bytearray(EXAMPLE.read_bytes())
    content[2_000:2_016] = bytes(16)
    path = tmp_path / "altered.parquet"
    path.write_bytes(content)
    assert kultti.open(path).id == kultti.example().id
    with pytest.raises(kultti.InvalidDataError) as caught:
        kultti.open(path, verify=True)
    assert caught.value.code == "K0103"


def test_another_language() -> None:
    with pytest.raises(kultti.InvalidArgumentError, match="fi, sv, en"):
        kultti.example(language="de")  # type: ignore[arg-type]


@pytest.mark.parametrize("ask", [lambda: kultti.open("none.parquet"), lambda: kultti.example(language="de")])  # type: ignore[arg-type]
def test_errors_travel_between_processes(ask: Any) -> None:
    with pytest.raises(kultti.KulttiError) as caught:
        ask()
    error = caught.value
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (again.code, str(again)) == (error.code, str(error))
    assert getattr(again, "filename", None) == getattr(error, "filename", None)


def test_the_package_is_what_people_see() -> None:
    for name in ("KulttiError", "NotFoundError", "InvalidArgumentError", "InvalidDataError", "FileError"):
        assert getattr(kultti, name).__module__ == "kultti"
