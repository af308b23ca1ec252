"""One set of features in every build: else the wheel would compile DataFusion and Delta Lake a second time."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from conftest import ROOT

# What a difference would rebuild, with what lies below it.
HEAVY = re.compile(r"^(?:arrow|parquet|datafusion|deltalake|object_store|buoyant_kernel|serde|serde_json|regex|ahash|tokio|chrono)[a-z_-]* v")


def features(*arguments: str) -> dict[str, set[str]]:
    """The features of every heavy package, as cargo resolves them for a build."""
    command = ["cargo", "tree", "--locked", "--offline", "--prefix", "none", "--format", "{p} {f}", *arguments]
    lines = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    found: dict[str, set[str]] = {}
    for line in lines:
        line = line.removesuffix(" (*)")
        if HEAVY.match(line) and ' feature "' not in line:
            name, version, *rest = line.split(" ")
            found.setdefault(f"{name} {version}", set()).add(" ".join(rest))
    return found


@pytest.mark.skipif(shutil.which("cargo") is None, reason="cargo resolves the features")
def test_the_wheel_and_the_tests_of_the_workspace_are_built_of_the_same() -> None:
    wheel = features("--package", "kultti-py", "--edges", "no-dev,features")
    tests = features("--workspace", "--edges", "features")
    assert {"datafusion", "deltalake", "serde_json"} <= {name.split(" ")[0] for name in wheel}
    assert {name: tests[name] for name in wheel} == wheel
