"""The wheel and the sdist: what is in them, and that they work where nothing else is installed.

``make wheel`` builds them; ``KULTTI_DIST`` names their folder.
"""

from __future__ import annotations

import email
import json
import os
import re
import subprocess
import tarfile
import tomllib
import venv
import warnings
import zipfile
from pathlib import Path

import pytest

from conftest import ROOT

SHARE = {
    "bash-completion/completions/kultti",
    "fish/vendor_completions.d/kultti.fish",
    "zsh/site-functions/_kultti",
}
# Everything that a person who has just installed the package would try, without another package.
NEWCOMER = """
import sys
import kultti

assert "pyarrow" not in sys.modules and "pandas" not in sys.modules
release = kultti.example(language="en")
c = release.compare("culture.net_operating_cost_per_inhabitant", area="Kokkola", period=2019)
# 7,371,000 euros and 47,681 inhabitants.
assert abs(c.value - 7_371_000 / 47_681) < 1e-9, c.value
assert "<table" in c._repr_html_()
assert "Kokkola" in repr(c)
assert c.plot().to_svg().startswith("<svg ")
assert "a211ded131bc" in c.cite("sv")
assert release.indicators("kirjasto")[0].indicator.startswith("library.")
release.rank("library.net_operating_cost_per_inhabitant", order="desc").write(sys.argv[1])
print(kultti.__version__)
"""


@pytest.fixture(scope="module")
def dist() -> Path:
    """The folder of the wheel and the sdist."""
    folder = os.environ.get("KULTTI_DIST")
    if not folder:
        said = "NOT TESTED: KULTTI_DIST does not name a folder with a wheel and an sdist (make wheel)"
        warnings.warn(said, stacklevel=1)
        pytest.skip(said)
    return Path(folder)


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    (found,) = dist.glob("kultti-*.whl")
    return found


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    """The files of the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        assert archive.testzip() is None
        return {name for name in archive.namelist() if not name.endswith("/")}


@pytest.fixture(scope="module")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel and pip, and nothing else."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, with_pip=True, symlinks=os.name != "nt")
    pip = [python(folder), "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", "--no-index", str(wheel)], check=True)
    listed = json.loads(subprocess.run([*pip, "list", "--format=json"], check=True, capture_output=True).stdout)
    assert {package["name"] for package in listed} <= {"kultti", "pip", "setuptools"}
    return folder


def programs(folder: Path) -> Path:
    return folder / ("Scripts" if os.name == "nt" else "bin")


def python(folder: Path) -> str:
    return str(programs(folder) / "python")


def run(folder: Path, *command: str) -> str:
    """Standard output of a program that must succeed, in an environment that decides nothing."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("KULTTI", "PYTHON"))}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_the_package_and_no_stray_file(names: set[str]) -> None:
    sources = ROOT / "kultti-py" / "python"
    tracked = subprocess.run(["git", "ls-files", "."], cwd=sources, capture_output=True, text=True, check=True).stdout.split()
    assert {"kultti/py.typed", "kultti/_kultti.pyi", "kultti/__main__.py"} <= set(tracked)
    package = {name for name in names if name.startswith("kultti/")}
    (extension,) = package - set(tracked)
    assert re.fullmatch(r"kultti/_kultti(\.abi3\.so|\.pyd)", extension)
    assert set(tracked) <= package


def test_the_wheel_holds_licences_a_bill_of_materials_and_the_entry_point(wheel: Path, names: set[str]) -> None:
    (info,) = {name.split("/")[0] for name in names if ".dist-info/" in name}
    inside = {name.removeprefix(f"{info}/") for name in names if name.startswith(info)}
    licences = {"LICENSE", "LICENSE-APACHE", "LICENSE-MIT"}
    assert inside == {
        "METADATA",
        "WHEEL",
        "RECORD",
        "entry_points.txt",
        "sboms/kultti-py.cyclonedx.json",
        *(f"licenses/{name}" for name in licences),
    }
    with zipfile.ZipFile(wheel) as archive:
        for name in licences:
            assert archive.read(f"{info}/licenses/{name}") == (ROOT / name).read_bytes()
        bill = json.loads(archive.read(f"{info}/sboms/kultti-py.cyclonedx.json"))
        metadata = email.message_from_bytes(archive.read(f"{info}/METADATA"))
        tags = archive.read(f"{info}/WHEEL").decode()
    assert bill["bomFormat"] == "CycloneDX"
    assert {"arrow-array", "pyo3", "kultti-core"} <= {part["name"] for part in bill["components"]}
    assert metadata["License-Expression"] == "MIT OR Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.11"
    needed = metadata.get_all("Requires-Dist") or []
    assert needed and all("extra ==" in line for line in needed)
    assert {"plot", "tables", "jupyter"} <= set(metadata.get_all("Provides-Extra") or [])
    assert metadata["Description-Content-Type"].startswith("text/markdown")
    assert "cp311-abi3" in tags


def test_the_wheel_holds_completions_and_manual_pages(names: set[str]) -> None:
    shared = {name.split(".data/data/share/", 1)[1] for name in names if ".data/" in name}
    pages = {name for name in shared if name.startswith("man/man1/")}
    assert shared == SHARE | pages
    assert {"man/man1/kultti.1", "man/man1/kultti-compare.1", "man/man1/kultti-release-diff.1"} <= pages
    package = {name for name in names if name.startswith("kultti/")}
    assert len(names) == len(shared) + len(package) + len([name for name in names if ".dist-info/" in name])


def test_a_newcomer_can_import_open_compare_and_write(bare: Path) -> None:
    printed = run(bare, python(bare), "-I", "-c", NEWCOMER, str(bare / "ranks.csv"))
    (bare / "ranks.csv").unlink()
    version = run(bare, str(programs(bare) / "kultti"), "--version")
    assert version == f"kultti {printed}"


def test_the_command_line_is_installed_with_the_package(bare: Path) -> None:
    kultti = str(programs(bare) / "kultti")
    asked = ["compare", "culture.net_operating_cost_per_inhabitant", "--area", "Kokkola", "--period", "2019", "--lang", "en"]
    text = run(bare, kultti, *asked, "--format", "table")
    assert "154.59" in text
    answer = json.loads(run(bare, python(bare), "-m", "kultti", *asked, "--format", "json"))
    assert answer["position"]["rank"] == 46


def test_completions_and_manual_pages_are_installed_and_those_of_this_version(bare: Path) -> None:
    kultti = str(programs(bare) / "kultti")
    share = bare / "share"
    for shell, path in {"bash": "bash-completion/completions/kultti", "zsh": "zsh/site-functions/_kultti", "fish": "fish/vendor_completions.d/kultti.fish"}.items():
        assert (share / path).read_text(encoding="utf-8") == run(bare, kultti, "completions", shell)
    assert (share / "man" / "man1" / "kultti-rank.1").read_text(encoding="utf-8") == run(bare, kultti, "man", "rank")


@pytest.fixture(scope="module")
def unpacked(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist, outside the checkout."""
    (archive,) = dist.glob("kultti-*.tar.gz")
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    (inside,) = folder.iterdir()
    return inside


def test_the_sdist_holds_everything_that_the_build_needs(unpacked: Path) -> None:
    """Every source of the crates, every file that they include, the lock file, licences, completions and pages."""
    for name in ("Cargo.toml", "Cargo.lock", "PKG-INFO", "pyproject.toml"):
        assert (unpacked / name).is_file(), name
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    crates = ("kultti-core/src/", "kultti-cli/src/", "kultti-py/src/", "kultti-py/python/", "datasets/src/", "datasets/catalogue/")
    needed = [name for name in tracked if name.startswith(crates)] + ["datasets/example.parquet"]
    at = {name: unpacked / name for name in needed}
    # The package's own folder may stand at the root of the archive.
    lacking = [name for name, path in at.items() if not path.is_file() and not (unpacked / name.removeprefix("kultti-py/")).is_file()]
    assert lacking == []
    for source in unpacked.rglob("*.rs"):
        for included in re.findall(r'include_(?:str|bytes)!\("([^"]+)"\)', source.read_text(encoding="utf-8")):
            assert (source.parent / included).is_file(), f"{source}: {included}"
    assert list(unpacked.rglob("LICENSE-MIT")) != []
    assert list(unpacked.rglob("LICENSE-APACHE")) != []
    assert list(unpacked.rglob("kultti-compare.1")) != []
    strays = [path for path in unpacked.rglob("*") if path.suffix in {".so", ".pyc", ".whl", ".pyd"}]
    assert strays == []


def test_the_sdist_resolves_to_the_locked_dependencies(unpacked: Path) -> None:
    """Cargo leaves what only the benchmarks need out of the lock file of the archive, and changes no version."""
    command = ["cargo", "metadata", "--offline", "--format-version", "1", "--manifest-path", str(unpacked / "Cargo.toml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    members = {re.split(r"[#@]", member)[-2].rsplit("/", 1)[-1] for member in json.loads(done.stdout)["workspace_members"]}
    assert members == {"kultti-core", "kultti-cli", "kultti-py", "kultti-datasets"}

    def locked(folder: Path) -> set[tuple[str, str, str | None]]:
        packages = tomllib.loads((folder / "Cargo.lock").read_text(encoding="utf-8"))["package"]
        return {(package["name"], package["version"], package.get("checksum")) for package in packages}

    assert locked(unpacked) <= locked(ROOT)
