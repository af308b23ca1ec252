"""Rules that every class and every file of the package keeps."""

from __future__ import annotations

import inspect
import re
import tomllib
from pathlib import Path

import kultti
import pytest
from kultti import _kultti

CRATE = Path(__file__).parents[1]
SOURCE = {path.name: path.read_text(encoding="utf-8") for path in sorted((CRATE / "src").glob("*.rs"))}
CLASSES = [item for item in vars(_kultti).values() if inspect.isclass(item)]


def test_every_pyclass_is_frozen_and_belongs_to_the_package() -> None:
    declared = [text for source in SOURCE.values() for text in re.findall(r"#\[pyclass(?:\((.*?)\))?\]", source, re.S)]
    assert len(declared) >= 12
    for text in declared:
        assert "frozen" in text.split(", ")[0]
        assert 'module = "kultti"' in text
    methods = re.findall(r"#\[pymethods\]\nimpl .*?\n}\n", "".join(SOURCE.values()), re.S)
    assert len(methods) >= 12
    assert "&mut self" not in "".join(methods)


@pytest.mark.parametrize("item", CLASSES, ids=lambda item: item.__name__)
def test_every_class_shows_itself(item: type) -> None:
    assert type.__getattribute__(item, "__repr__") is not object.__repr__
    assert item.__module__ == "kultti"
    assert getattr(kultti, item.__name__) is item


@pytest.mark.parametrize("item", CLASSES, ids=lambda item: item.__name__)
def test_results_are_only_made_by_questions(item: type) -> None:
    with pytest.raises(TypeError, match="cannot create|No constructor"):
        item()


def test_questions_do_not_hold_the_interpreter() -> None:
    """Whatever asks the core does so inside ``detach``: by ``ask``, by ``ask_long``, or when a release is opened."""
    code = re.sub(r"^ *//.*$", "", SOURCE["release.rs"], flags=re.M)
    asked = re.findall(r"self\.ask(?:_long)?\(py, (?:move )?\|release\| \{[^}]*\};\s*release\.(\w+)\(&?indicator, options\)", code)
    assert asked == [
        "compare",
        "rank",
        "groups",
        "inequality",
        "intervals",
        "composition",
        "cost_per_use",
        "expected",
        "change",
        "trend",
        "explain",
    ]
    assert re.findall(r"release\.(\w+)\(&?indicator", code) == asked


def test_licences_travel_with_the_package() -> None:
    for licence in ("LICENSE-APACHE", "LICENSE-MIT"):
        assert (CRATE / licence).read_bytes() == (CRATE.parent / licence).read_bytes()


def test_the_package_needs_no_other() -> None:
    project = tomllib.loads((CRATE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "dependencies" not in project
