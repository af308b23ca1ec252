"""What the documentation shows is what happens: every Python and shell example of its pages is run, in order.

In a page, Python examples (```` ```python ````) share their variables and commands (```` ```console ````) their folder. The
output below a prompt is compared; a line with only ``…`` stands for any lines, and a command without output below it must
succeed. ```` ```sh ```` is for what changes a machine, and is not run.
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import kultti
import pytest

from conftest import ROOT

PAGES = sorted(path for path in (ROOT / "docs").rglob("*.md") if re.search(r"^```(?:python|console)$", path.read_text(encoding="utf-8"), re.M))
WIDTH = "88"


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S)


def name(page: Path) -> str:
    return page.relative_to(ROOT / "docs").as_posix()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with the sources of the example release, in an environment that decides nothing but the width."""
    for variable in [variable for variable in os.environ if variable.startswith(("KULTTI_", "LC_", "LANG"))]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("COLUMNS", WIDTH)
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "datasets").symlink_to(ROOT / "datasets")
    return tmp_path


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=name)
def test_python_examples(page: Path, folder: Path) -> None:
    variables: dict[str, object] = {"__name__": "__main__"}
    report: list[str] = []
    for number, block in enumerate(blocks(page, "python")):
        if ">>>" not in block:
            exec(compile(block, f"{page.name}[{number}]", "exec"), variables)
            continue
        # In doctest three full stops stand for anything.
        text = re.sub(r"^…$", "...", block, flags=re.M)
        test = doctest.DocTestParser().get_doctest(text, variables, f"{page.name}[{number}]", str(page), 0)
        runner = doctest.DocTestRunner(Checker(), optionflags=doctest.ELLIPSIS)
        runner.run(test, out=report.append, clear_globs=False)
        variables = test.globs
    assert not report, "".join(report)


class Checker(doctest.OutputChecker):
    """A page has plain spaces where the output has such as do not break."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        return super().check_output(plain(want), plain(got), optionflags)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def matches(expected: str, found: str) -> bool:
    expected, found = plain(expected), plain(found)
    pattern = "".join(r"(?:.*\n)*?" if line == "…\n" else re.escape(line) for line in expected.splitlines(keepends=True))
    return re.fullmatch(pattern, found) is not None


def run(command: str, folder: Path, exported: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Runs a command as it is typed: on a terminal the answer is a table, in a pipe it is not."""
    environment = {**os.environ, **exported, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    if not re.search(r"[|>]|-o ", command.replace("2>&1", "")):
        environment["KULTTI_FORMAT"] = "table"
    return subprocess.run(["bash", "-c", command], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, encoding="utf-8")


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "console")], ids=name)
def test_shell_examples(page: Path, folder: Path) -> None:
    program = folder / "bin" / "kultti"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kultti "$@"\n')
    program.chmod(0o755)
    exported: dict[str, str] = {}
    wrong: list[str] = []
    for block in blocks(page, "console"):
        for example in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, expected = example.split("\n", 1)
            while command.endswith("\\"):
                more, expected = expected.split("\n", 1)
                command = f"{command[:-1]} {more.strip()}"
            if command.startswith("export "):
                variable, value = command.removeprefix("export ").split("=", 1)
                exported[variable] = value
                continue
            done = run(command, folder, exported)
            found = done.stdout
            if done.returncode != 0 or (expected.strip() and not matches(expected.strip("\n") + "\n", found.strip("\n") + "\n")):
                wrong.append(f"$ {command}\nexpected:\n{expected}\nfound ({done.returncode}):\n{found}\n")
    assert not wrong, "\n".join(wrong)


def test_examples_are_there() -> None:
    assert {"tutorial.md", "how-to/notebook.md", "how-to/shell.md"} <= {name(page) for page in PAGES}
