"""The stubs say what the extension module has, and a program that uses them is checked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("mypy")

PROGRAM = """
import kultti

c = kultti.example(language="en").compare("x", area="Kokkola", period=2019, peers=["region"])
reveal_type(c.value)
reveal_type(c.position.rank)
reveal_type(c.peers[0].label)
reveal_type(c.peers[:2])
reveal_type([row.missing for row in kultti.example().rank("x", order="desc")])
reveal_type(kultti.open("x").indicators["x"].first_period)
everything = kultti.open("x", cache_bytes=0).compare_all(["rank"], progress=lambda done, of: None)
reveal_type(everything.summary().columns[0].max)
reveal_type([len(batch) for batch in everything])
kultti.example().rank("x", order="up")
c.value = 1.0
"""

REVEALED = ["float | None", "int | None", "str", "tuple[kultti._kultti.PeerGroup, ...]", "list[kultti._kultti.Missing | None]", "str | None", "float | None", "list[int]"]


def _mypy(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "MYPY_CACHE_DIR": str(folder / "cache")}
    command = [sys.executable, "-m", *args]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_stubs_agree_with_the_module(tmp_path: Path) -> None:
    done = _mypy(tmp_path, "mypy.stubtest", "kultti")
    assert done.returncode == 0, done.stdout + done.stderr


def test_types_reach_the_user(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    lines = _mypy(tmp_path, "mypy", "--strict", "program.py").stdout.splitlines()
    revealed = [line.split('"')[1] for line in lines if "Revealed type" in line]
    assert [text.replace("builtins.", "") for text in revealed] == REVEALED
    errors = [line for line in lines if ": error:" in line]
    assert len(errors) == 2
    assert "order" in errors[0]
    assert "read-only" in errors[1]
