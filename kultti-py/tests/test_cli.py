"""The command line that comes with the package."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import kultti
import pytest

from conftest import CULTURE

KULTTI = [sys.executable, "-m", "kultti"]


def run(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*KULTTI, *args], capture_output=True, text=True, check=False, encoding="utf-8")


def test_a_comparison(release: kultti.Release) -> None:
    """The command gives the JSON that the package gives."""
    asked = ("compare", CULTURE, "--area", "Kokkola", "--period", "2019", "--peers", "region", "--lang", "en")
    done = run(*asked, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    c = release.compare(CULTURE, "Kokkola", period=2019, peers=["region"])
    assert json.loads(done.stdout) == c.to_dict()


def test_exit_codes_are_kept() -> None:
    """4 for what does not exist, 2 for an argument that cannot be read."""
    unknown = run("compare", CULTURE, "--area", "Kokola", "--lang", "en")
    assert unknown.returncode == 4
    assert "K0401" in unknown.stderr
    assert run("compare").returncode == 2
    assert run("--version").stdout.split()[-1] == kultti.__version__


def test_help_calls_the_program_by_its_name() -> None:
    assert "Usage: kultti" in run("--help").stdout


def test_the_script_is_installed() -> None:
    script = shutil.which("kultti", path=str(Path(sys.executable).parent))
    assert script is not None
    done = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert kultti.__version__ in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGPIPE")
def test_a_reader_may_leave_early() -> None:
    """``kultti rank … | head -1``: one line, and not a word about it."""
    ranking = [*KULTTI, "rank", CULTURE, "--order", "desc", "--format", "jsonl"]
    with subprocess.Popen(ranking, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        assert json.loads(program.stdout.readline())["rank"] == 1
        program.stdout.close()
        assert program.stderr.read() == b""
        assert program.wait(timeout=60) in (0, -signal.SIGPIPE)
