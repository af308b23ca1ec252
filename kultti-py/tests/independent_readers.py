"""Readers that are not Kultti's, in a Python of their own: ``KULTTI_ORACLES`` names it.

A test that needs one says loudly that it proves nothing where there is none.
"""

from __future__ import annotations

import json
import os
import subprocess
import warnings
from pathlib import Path
from typing import Any

import pytest

SCRIPTS = Path(__file__).parent / "independent"


def ask(script: str, *arguments: str | Path) -> Any:
    """What an independent reader says of a file, as JSON; skips the test where there is no such reader."""
    python = os.environ.get("KULTTI_ORACLES")
    if not python:
        said = f"NOT TESTED: KULTTI_ORACLES names no Python with the readers that {script} asks"
        warnings.warn(said, stacklevel=2)
        pytest.skip(said)
    command = [python, str(SCRIPTS / script), *map(str, arguments)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def interop(kind: str) -> list[Path]:
    """The real files of a kind; none where ``KULTTI_INTEROP`` does not name their folder."""
    folder = os.environ.get("KULTTI_INTEROP")
    return sorted((Path(folder) / kind).iterdir()) if folder else []
