"""Every example in the documentation of the package is run."""

from __future__ import annotations

import doctest
import inspect
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kultti
import pytest
from kultti import _errors, _kultti

from collected import RECIPE, filled

PUBLIC = [getattr(kultti, name) for name in kultti.__all__ if name != "__version__"]
ARROW = ("__arrow_c_stream__", "__arrow_c_schema__", "__arrow_c_array__")
CLASSES = [item for item in PUBLIC if inspect.isclass(item)]
FUNCTIONS = [item for item in PUBLIC if not inspect.isclass(item)]


def _members(owner: type) -> Iterator[tuple[str, Any]]:
    """The methods and attributes that a class defines itself."""
    for name, member in vars(owner).items():
        if not name.startswith("_") or name in ("_repr_html_", *ARROW):
            yield f"{owner.__name__}.{name}", getattr(owner, name) if isinstance(member, staticmethod) else member


METHODS = [(name, member) for owner in CLASSES for name, member in _members(owner)]


def _documented() -> Iterator[tuple[str, str]]:
    yield "kultti", kultti.__doc__ or ""
    yield "README.md", (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    for item in PUBLIC:
        yield item.__name__, item.__doc__ or ""
    for name, member in METHODS:
        yield name, getattr(member, "__doc__", None) or ""


@pytest.fixture(scope="session")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the examples of a collection find in their folder: a round, a filled form, and a ledger that it was submitted to."""
    folder = tmp_path_factory.mktemp("examples")
    (folder / "round.toml").write_text(RECIPE, encoding="utf-8")
    made = kultti.Round.define(folder / "round.toml")
    made.write(folder / "libraries-2020.round.json")
    filled(made, "Kokkola", folder / "kokkola.json", {"library.net_operating_cost": 2_900_000, "library.events": 41})
    ledger = kultti.Ledger.create(folder / "ledger")
    ledger.submit(made, folder / "kokkola.json", author="Aino Ahonen", now="2021-04-15T12:00:00Z")
    return folder


@pytest.fixture
def desk(collected: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that folder, in which an example runs."""
    folder = tmp_path / "desk"
    shutil.copytree(collected, folder)
    monkeypatch.chdir(folder)
    return folder


EXAMPLES = [(name, text) for name, text in _documented() if ">>>" in text]


@pytest.mark.parametrize(("name", "text"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
@pytest.mark.usefixtures("desk")
def test_examples_run(name: str, text: str) -> None:
    test = doctest.DocTestParser().get_doctest(inspect.cleandoc(text), {"kultti": kultti}, name, name, 0)
    report: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=report.append)
    assert not report, "".join(report)


def test_every_function_and_method_has_an_example() -> None:
    """Attributes are said in a line; whatever can be called is shown."""
    callables = [(item.__name__, item) for item in FUNCTIONS]
    callables += [(name, member) for name, member in METHODS if inspect.isroutine(member)]
    callables = [(name, item) for name, item in callables if not inspect.isdatadescriptor(item)]
    assert len(callables) > 10
    assert [name for name, item in callables if ">>>" not in (item.__doc__ or "")] == []


def test_everything_public_is_documented() -> None:
    assert [item.__name__ for item in PUBLIC if not item.__doc__] == []
    undocumented = [name for name, member in METHODS if not getattr(member, "__doc__", None)]
    assert undocumented == []
    assert [name for name in ("Args:", "Returns:", "Raises:") if name not in (kultti.Release.compare.__doc__ or "")] == []


def test_everything_is_exported() -> None:
    """What the extension module and the errors define is what the package has."""
    extension = {name for name in _kultti.__all__ if name != "cli_main"} | {"__version__"}
    errors = {name for name, item in vars(_errors).items() if inspect.isclass(item) and item.__module__ == "kultti"}
    assert set(kultti.__all__) == extension | errors
    assert kultti.__all__ == sorted(kultti.__all__)
