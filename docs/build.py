"""Builds the documentation site: `python docs/build.py FOLDER`.

The pages are copied into FOLDER/source, the pages that are made of the package are written beside them (the catalogues, the
command line, the tables of SQL, the reference), and Sphinx makes FOLDER/html. A warning ends the build with an error.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from sphinx.cmd.build import main as sphinx

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "_extensions"))

import catalogue_pages  # noqa: E402
import command_pages  # noqa: E402
import page_checks  # noqa: E402
import pictures  # noqa: E402
import reference_pages  # noqa: E402
import sql_pages  # noqa: E402


def put(path: Path, text: str) -> None:
    """Writes a page, unless it is there already: Sphinx reads what is newer than its memory of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def main(folder: Path) -> int:
    source = folder / "source"
    pages: dict[str, str] = {}
    for made in (reference_pages.pages, command_pages.pages, sql_pages.pages, catalogue_pages.pages, pictures.pages):
        pages.update(made())
    kept = {path.relative_to(HERE) for path in HERE.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    for path in [path for path in source.rglob("*") if path.is_file()]:
        name = path.relative_to(source)
        if name not in kept and name.as_posix() not in pages:
            path.unlink()
    for name in kept:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(HERE / name, source / name)
    schema = HERE.parent / "datasets" / "catalogue" / "catalogue.schema.json"
    shutil.copy2(schema, source / "_static" / schema.name)
    for name, text in pages.items():
        put(source / name, text)
    options = ["-b", "html", "-W", "--keep-going", "-q", "-d", str(folder / "doctrees")]
    return sphinx([*options, str(source), str(folder / "html")]) or min(page_checks.check(folder / "html"), 1)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
