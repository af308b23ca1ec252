"""What a collection takes: wall and processor seconds and peak memory of whole processes.

    python benches/collection.py --binaries FOLDER --data FOLDER [--repeat N]

First the culture form of the whole country: making the forms, checking one, submitting one and all of them, and what a
coordinator asks then. The answers are made up (examples/pilot_round/fill_in.py). Then twenty rounds of 400 measures each, all
answered: adding them, asking what was known on a day, and publishing all 2.5 million figures. Last the ledger by itself: 1, 309
and 2,000 commits of 60 figures.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from run import measured

ROOT = Path(__file__).resolve().parent.parent
YEARS = range(2013, 2033)
MEASURES = 400
# The program ends with 1 where a check finds errors, and a form with an unreadable cell is not taken: neither is timed.
FAULTY = {"599"}


def row(name, cost):
    print(f"| {name} | {1000 * cost['wall_median']:.0f} | {1000 * cost['cpu_median']:.0f} | {cost['memory_median'] / 2**20:.0f} |",
          flush=True)


def texts(words):
    return "{ " + ", ".join(f'{language} = "{words}"' for language in ("fi", "sv", "en")) + " }"


def catalogue():
    """A catalogue of so many measures of money."""
    lines = ["schema = 1", 'id = "bench"', 'version = "1"', f"label = {texts('Bench')}", f"description = {texts('Bench')}",
             "[[theme]]", 'id = "bench"', f"label = {texts('Bench')}",
             "[[source]]", 'id = "bench"', f"label = {texts('Bench')}", f"publisher = {texts('Nobody')}", 'license = "CC0-1.0"',
             f"citation = {texts('Made up')}",
             "[[unit]]", 'id = "EUR"', 'kind = "money"', f"label = {texts('euro')}", f"symbol = {texts('€')}"]
    for number in range(MEASURES):
        lines += ["[[measure]]", f'id = "bench.measure_{number:03}"', f"label = {texts(f'Measure {number}')}",
                  f"definition = {texts(f'Made-up measure {number}')}", 'theme = "bench"', 'unit = "EUR"', "decimals = 0", 'kind = "flow"',
                  'additivity = { areas = "sum", time = "sum" }', 'direction = "none"', 'source = "bench"', 'counted_at = "payer"',
                  'area_scope = "country"']
    return "\n".join(lines) + "\n"


def recipe(year):
    """A round of all those measures in all municipalities."""
    lines = ["schema = 1", f'id = "bench-{year}"', f"label = {texts(f'Bench {year}')}", f"instructions = {texts('None')}",
             'contact = "bench@example.org"', f'period = "{year}"', f'opens = "{year + 1}-03-01"', f'due = "{year + 1}-04-30"',
             'source = "bench"', 'areas = ["country"]', 'catalogues = ["bench.toml"]', "[languages]", 'default = "fi"']
    for number in range(MEASURES):
        lines += ["[[measure]]", f'id = "bench.measure_{number:03}"']
    return "\n".join(lines) + "\n"


def forms(kultti, folder, repeat):
    """The culture form, from the recipe to the release."""
    file, ledger = folder / "culture-2020.round.json", folder / "ledger"
    row("make a round", measured([kultti, "round", "new", ROOT / "datasets/collection/culture_round.toml", "-o", file])[1])
    for kind in ("xlsx", "csv"):
        _, cost = measured([kultti, "form", file, "--all", "--format", kind, "-o", folder / kind])
        row(f"make {len(list((folder / kind).iterdir()))} forms, {kind}", cost)
    row("make one form, xlsx", measured([kultti, "form", file, "--area", "Kokkola", "-o", folder / "one.xlsx"], repeat)[1])
    row("check one empty form, xlsx", measured([kultti, "check", folder / "one.xlsx", "--stage", "draft"], repeat)[1])
    subprocess.run([sys.executable, ROOT / "examples/pilot_round/fill_in.py", folder / "csv", folder / "filled"], check=True,
                   stdout=subprocess.DEVNULL)
    filled = [path for path in sorted((folder / "filled").iterdir()) if path.name.split("-")[2] not in FAULTY]
    one = next(path for path in filled if "kokkola" in path.name)
    row("check one filled form, csv", measured([kultti, "check", one], repeat)[1])
    words = ["--author", "bench", "--format", "csv"]
    for _ in range(repeat):
        shutil.rmtree(ledger, ignore_errors=True)
        _, cost = measured([kultti, "submit", one, *words, "--now", "2021-04-20T12:00:00Z"])
    row("submit one form to a new ledger", cost)
    rest = [path for path in filled if path != one]
    _, cost = measured([kultti, "submit", *rest, *words, "--now", "2021-04-20T13:00:00Z"])
    row(f"submit {len(rest)} forms at once", cost)
    row("status", measured([kultti, "status", file, "--format", "csv"], repeat)[1])
    row("status as of an earlier moment", measured([kultti, "status", file, "--as-of", "2021-04-20T12:30:00Z", "--format", "csv"], repeat)[1])
    row("publish what was submitted", measured([kultti, "publish", ledger, "--minimum", "submitted", "-o", folder / "culture.parquet"], repeat)[1])


def years(kultti, binary, folder):
    """Twenty rounds of 400 measures."""
    (folder / "bench.toml").write_text(catalogue(), encoding="utf-8")
    files = []
    for year in YEARS:
        (folder / f"{year}.toml").write_text(recipe(year), encoding="utf-8")
        files.append(folder / f"bench-{year}.round.json")
        _, cost = measured([kultti, "round", "new", folder / f"{year}.toml", "-o", files[-1]])
    row("make a round of 400 measures", cost)
    ledger = folder / "ledger"
    output, cost = measured([binary, "rounds", ledger, *files])
    row("add all that 20 rounds ask", cost)
    print(output)
    print(measured([binary, "read", ledger])[0])
    day = ["--as-of", "2021-03-01T09:00:10Z", "--format", "csv"]
    row("status of a round", measured([kultti, "status", files[5], "--format", "csv"])[1])
    row("status of a round as of a moment", measured([kultti, "status", files[5], *day])[1])
    row("log of an area as of a moment", measured([kultti, "log", files[5], "Kokkola", *day])[1])
    release = folder / "bench.parquet"
    row("publish everything", measured([kultti, "publish", ledger, "-o", release, "--id", "bench"])[1])
    print(f"release of {release.stat().st_size / 1e6:.0f} MB, ledger of {sum(path.stat().st_size for path in ledger.rglob('*') if path.is_file()) / 1e6:.0f} MB")
    row("publish as of a moment", measured([kultti, "publish", ledger, "-o", release, "--id", "bench", "--as-of", "2021-03-01T09:00:10Z"])[1])


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--binaries", type=Path, required=True, help="where the programs in release profile stand")
    arguments.add_argument("--data", type=Path, required=True, help="where rounds, forms and ledgers are written")
    arguments.add_argument("--repeat", type=int, default=7)
    asked = arguments.parse_args()
    folder = asked.data.absolute() / "collection"
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("forms", "years"):
        (folder / part).mkdir(parents=True)
    print("| | wall, ms | CPU, ms | peak MiB |")
    print("|---|---:|---:|---:|")
    forms(asked.binaries / "kultti", folder / "forms", asked.repeat)
    years(asked.binaries / "kultti", asked.binaries / "ledger", folder / "years")
    for count in (1, 309, 2000):
        ledger = folder / f"forms-{count}"
        print(measured([asked.binaries / "ledger", "forms", ledger, count])[0])
        print(measured([asked.binaries / "ledger", "read", ledger])[0])
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
