"""How long the first answer takes: Kultti, polars, DuckDB and pandas, each imported and asked in processes of its own.

    python benches/start.py --data FOLDER [--engines NAME ...] [--repeat N]

The question is small: what culture costs in Kokkola per inhabitant in 2019, its rank among all municipalities, and the ratio of
sums of its region. Kultti opens the example release and answers with all that belongs to it; the others read a Parquet table
with a row for each municipality (code, region, cost, population), which Kultti writes first, and compute the three figures.
Engines take turns, so that a busy moment of the machine meets all of them; figures are medians over the processes, ratios are
to Kultti in the same run. Answers that differ by more than 1e-12 end the run with 1.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

TOLERANCE = 1e-12
WARM = 200

PREPARE = """
import sys
import kultti, pyarrow, pyarrow.parquet
release = kultti.example(language="en")
values = lambda indicator, **options: {
    row.code: row.value for row in release.rank(indicator, period=2019, order="desc", **options)
}
cost, population = values("culture.net_operating_cost"), values("population.total")
regions = {}
for group in release.groups("population.total", by="region", period=2019):
    regions.update({code: group.group for code in values("population.total", within=f"region:{group.group}")})
codes = sorted(code for code in cost if cost[code] is not None and population.get(code))
pyarrow.parquet.write_table(pyarrow.table({
    "code": codes,
    "region": [regions[code] for code in codes],
    "cost": [cost[code] for code in codes],
    "population": [population[code] for code in codes],
}), sys.argv[1])
"""

KULTTI = """
import kultti
imported = time.perf_counter()
release = None
def ask():
    global release
    release = release or kultti.example(language="en")
    c = release.compare("culture.net_operating_cost_per_inhabitant", "272", period=2019, peers="region")
    return c.value, c.position.rank, c.peers[0].value
"""

POLARS = """
import polars as pl
imported = time.perf_counter()
table = None
def ask():
    global table
    table = pl.read_parquet(path) if table is None else table
    ranked = table.with_columns(value=pl.col("cost") / pl.col("population")).with_columns(
        rank=pl.col("value").rank("min", descending=True))
    area = ranked.filter(pl.col("code") == "272").row(0, named=True)
    group = ranked.filter(pl.col("region") == area["region"]).select(pl.col("cost").sum() / pl.col("population").sum()).item()
    return area["value"], area["rank"], group
"""

DUCKDB = """
import duckdb
imported = time.perf_counter()
connection = None
def ask():
    global connection
    if connection is None:
        connection = duckdb.connect()
        connection.execute("CREATE TABLE areas AS SELECT * FROM read_parquet(?)", [path])
    return connection.execute(\"\"\"
        WITH ranked AS (SELECT *, cost / population AS value, rank() OVER (ORDER BY cost / population DESC) AS rank,
                        sum(cost) OVER region / sum(population) OVER region AS peers
                        FROM areas WINDOW region AS (PARTITION BY region))
        SELECT value, rank, peers FROM ranked WHERE code = '272'\"\"\").fetchone()
"""

PANDAS = """
import pandas as pd
imported = time.perf_counter()
table = None
def ask():
    global table
    table = pd.read_parquet(path) if table is None else table
    value = table["cost"] / table["population"]
    place = table.index[table["code"] == "272"][0]
    sums = table.loc[table["region"] == table.at[place, "region"], ["cost", "population"]].sum()
    return value[place], value.rank(method="min", ascending=False)[place], sums["cost"] / sums["population"]
"""

ENGINES = {"kultti": KULTTI, "polars": POLARS, "duckdb": DUCKDB, "pandas": PANDAS}

MEASURED = """
import json, sys, time
path, warm = sys.argv[1], int(sys.argv[2])
began = time.perf_counter()
{engine}
answer = ask()
first = time.perf_counter()
times = []
for _ in range(warm):
    start = time.perf_counter()
    ask()
    times.append(time.perf_counter() - start)
times.sort()
json.dump({{"import": imported - began, "first": first - imported, "warm": times[len(times) // 2],
           "answer": [float(part) for part in answer]}}, sys.stdout)
"""


def measured(python, engine, table):
    """The parts of one process in seconds, and the whole of another that is asked once."""
    command = [python, "-c", MEASURED.format(engine=ENGINES[engine]), str(table)]
    done = subprocess.run([*command, str(WARM)], check=True, capture_output=True, text=True)
    start = time.perf_counter()
    subprocess.run([*command, "1"], check=True, capture_output=True)
    return {**json.loads(done.stdout), "process": time.perf_counter() - start}


def agree(answers):
    """Whether all engines say the same."""
    expected = answers["kultti"]
    return all(
        abs(found - right) <= TOLERANCE * abs(right)
        for answer in answers.values()
        for found, right in zip(answer, expected, strict=True)
    )


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True, help="where the table of the others is written")
    arguments.add_argument("--python", default=sys.executable, help="a Python with all engines")
    arguments.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    arguments.add_argument("--repeat", type=int, default=11)
    asked = arguments.parse_args()
    asked.data.mkdir(parents=True, exist_ok=True)
    table = asked.data / "areas_2019.parquet"
    subprocess.run([asked.python, "-c", PREPARE, str(table)], check=True)
    engines = ["kultti", *(engine for engine in asked.engines if engine != "kultti")]
    runs = {engine: [] for engine in engines}
    for _ in range(asked.repeat):
        for engine in engines:
            runs[engine].append(measured(asked.python, engine, table))
    medians = {
        engine: {part: statistics.median(run[part] for run in runs[engine]) for part in ("import", "first", "warm", "process")}
        for engine in engines
    }
    print("| engine | import, ms | first answer, ms | warm answer, ms | whole process, ms |")
    print("|---|---:|---:|---:|---:|")
    for engine in engines:
        cells = []
        for part in ("import", "first", "warm", "process"):
            seconds, of_kultti = medians[engine][part], medians["kultti"][part]
            cells.append(f"{1000 * seconds:.{3 if part == 'warm' else 1}f} ({seconds / of_kultti:.1f}×)")
        print(f"| {engine} | {' | '.join(cells)} |")
    answers = {engine: runs[engine][0]["answer"] for engine in engines}
    if not agree(answers):
        print(f"the answers differ: {answers}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
