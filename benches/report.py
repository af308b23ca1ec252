"""What a report and the whole site take: wall and processor seconds and peak memory of whole processes.

    python benches/report.py --binaries FOLDER --data FOLDER [--release FILE] [--repeat N]

A report is asked for in every format. Cold is the first run of all, with the release and the program dropped from the page
cache where the system lets us; warm is the median of the runs after it. The site is written into an empty folder, and then
again over itself, when only what has changed is written: nothing. A PDF needs a browser: its peak is that of the largest of all processes.
"""

import argparse
import os
import shutil
import sys
from pathlib import Path

from run import Failed, measured

AREA = "Kokkola"
FORMATS = ["html", "md", "xlsx", "json", "pdf"]


def dropped(path):
    """Asks the system to forget a file, so that the next reader waits for the disk."""
    if hasattr(os, "posix_fadvise"):
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def row(name, cost, size):
    return (f"| {name} | {1000 * cost['wall_median']:.0f} | {1000 * cost['cpu_median']:.0f} | {cost['memory_median'] / 2**20:.0f} "
            f"| {size / 1000:.0f} |")


def reports(asked, words, folder):
    """A line for every format, cold and warm."""
    for format_ in FORMATS:
        path = folder / f"report.{format_}"
        command = [asked.kultti, "report", "--area", AREA, "--lang", "sv", *words, "-o", path]
        for file in [asked.kultti, *([asked.release] if asked.release else [])]:
            dropped(file)
        try:
            _, cold = measured(command)
        except Failed as failed:
            print(f"{format_} was not measured: {failed}", file=sys.stderr)
            continue
        _, warm = measured(command, asked.repeat)
        size = path.stat().st_size
        yield row(f"report, {format_}, cold", cold, size)
        yield row(f"report, {format_}, warm", warm, size)


def sites(asked, words, folder):
    """The whole site into an empty folder, and over itself."""
    site = folder / "site"
    shutil.rmtree(site, ignore_errors=True)
    command = [asked.kultti, "site", *words, "-o", site]
    for name in ("site, new", "site, nothing changed"):
        _, cost = measured(command)
        files = [path for path in site.rglob("*") if path.is_file()]
        yield row(f"{name}, {len(files)} files", cost, sum(path.stat().st_size for path in files))


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--binaries", type=Path, required=True, help="where the program in release profile stands")
    arguments.add_argument("--data", type=Path, required=True, help="where reports and site are written")
    arguments.add_argument("--release", type=Path, help="a release [default: the example in the program]")
    arguments.add_argument("--repeat", type=int, default=7)
    asked = arguments.parse_args()
    asked.kultti = asked.binaries / "kultti"
    folder = asked.data / "report"
    folder.mkdir(parents=True, exist_ok=True)
    words = ["--release", asked.release] if asked.release else []
    print("| | wall, ms | CPU, ms | peak MiB | kB written |")
    print("|---|---:|---:|---:|---:|")
    for measure in (reports, sites):
        for line in measure(asked, words, folder):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
