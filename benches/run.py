"""Runs Kultti and its peers over the same files, checks that they agree, and prints what each of them cost.

    python benches/run.py --binaries FOLDER --python PATH [--sizes S M L] [--engines NAME ...]

Every run is a process of its own: wall time, processor seconds (user and system) and peak memory are those of the process
from its start to its end, interpreter and imports included. Kultti is skipped, and said to be, while it has no command
`compare-all` or no Python package. Checksums, answers or cells that do not agree end the run with 1, and so does a process
that fails.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PEERS = ["polars", "duckdb", "pandas", "datafusion"]
ASKED = ["rank", "percent_rank", "quartile", "z", "difference:region:median", "change_relative"]
NAMES = {"difference:region:median": "difference"}
REPEATS = {"S": 5, "M": 5, "L": 2}
COLD_REPEATS = {"S": 11, "M": 11, "L": 7}
# Of the sum of absolute values: the engines add in different orders.
SUM_TOLERANCE = 1e-9
ANSWER_TOLERANCE = 1e-12
WARM_QUESTIONS = {"kultti": 2_000, "polars": 50, "duckdb": 50, "pandas": 20, "datafusion": 20}

WARM_KULTTI = """
import json, statistics, sys, time
import kultti
release, question, repeat = kultti.open(sys.argv[1]), json.loads(sys.argv[2]), int(sys.argv[3])
ask = lambda: release.compare(question["indicator"], area=question["area"], period=question["period"],
                              territory="then", peers=["region", *question["peers"]])
times = []
for _ in range(repeat + 1):
    start = time.perf_counter()
    ask()
    times.append(time.perf_counter() - start)
json.dump({"warm_seconds": statistics.median(times[1:])}, sys.stdout)
"""


class Failed(Exception):
    """A process that failed or an engine that does not agree; ends the run."""


class Absent(Exception):
    """A command or package that Kultti does not have; it is skipped."""


def measured(command, repeats=1):
    """Runs a command and answers its output and the median and least cost of its runs."""
    runs, output = [], ""
    for _ in range(repeats):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
            start = time.perf_counter()
            process = subprocess.Popen([str(part) for part in command], stdout=out, stderr=errors, env=environment())
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            errors.seek(0)
            output, complaint = out.read().decode(), errors.read().decode().strip()
        if process.returncode != 0:
            raise Failed(f"{' '.join(map(str, command))}\nended with {process.returncode}: {complaint[-2000:]}")
        # Linux counts kibibytes, macOS bytes.
        memory = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        runs.append({"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "memory": memory})
    cost = {f"{name}_{kind}": choose(run[name] for run in runs)
            for name in ("wall", "cpu", "memory") for kind, choose in (("median", statistics.median), ("min", min))}
    return output, cost | {"runs": len(runs)}


def environment():
    return os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}


class Bench:
    """One size of the data and the programs that run over it."""

    def __init__(self, options, size):
        self.options, self.size = options, size
        self.data = options.data / size
        self.release = options.data / f"{size}.parquet"
        # What the decode floor reads: the release, as soon as there is one.
        self.file = self.data / "observations.parquet"
        self.question = json.loads((self.data / "question.json").read_text())

    def build(self):
        """The command that makes Kultti's release of the data."""
        asked = subprocess.run([self.options.kultti, "compare-all", "--help"], capture_output=True, check=False)
        if asked.returncode != 0:
            raise Absent("it has no command compare-all")
        return [self.options.kultti, "release", "build", self.data, "--output", self.release]

    def compare_all(self, engine, threads, cells=None):
        """The command of the workload over every slice."""
        if engine != "kultti":
            command = self.peer(engine, "compare-all", "--threads", threads)
            return command + (["--cells", cells] if cells else [])
        command = self.kultti("compare-all", "--columns", ",".join(ASKED), "--order", "desc", "--territory", "then",
                              "--threads", threads)
        return command + (["-o", cells] if cells else ["--summary", "--format", "json"])

    def compare(self, engine, threads):
        """The command of one question, cold."""
        if engine != "kultti":
            return self.peer(engine, "compare", "--threads", threads)
        question = self.question
        peers = ",".join(["region", *question["peers"]])
        return self.kultti("compare", question["indicator"], "--area", question["area"], "--period",
                           question["period"], "--territory", "then", "--peers", peers, "--format", "json")

    def compare_warm(self, engine, threads):
        """The command of many questions in one session."""
        repeat = WARM_QUESTIONS[engine]
        if engine != "kultti":
            return [*self.peer(engine, "compare", "--threads", threads), "--repeat", repeat]
        python = self.options.python
        if subprocess.run([python, "-c", "import kultti"], capture_output=True, check=False).returncode != 0:
            raise Absent(f"{python} cannot import it")
        return [python, "-c", WARM_KULTTI, self.release, json.dumps(self.question), repeat]

    def floor(self, threads, *more):
        """The command that only decodes."""
        return [self.options.binaries / "decode-floor", self.file, threads, *more]

    def peer(self, engine, workload, *more):
        return [self.options.python, HERE / "peers" / f"with_{engine}.py", workload, self.data, *more]

    def kultti(self, *arguments):
        return [self.options.kultti, "--release", self.release, *arguments]


def columns_of(output):
    """The checksums of an engine by column, under the names of the peers."""
    return {NAMES.get(column["column"], column["column"]): column for column in json.loads(output)["columns"]}


def disagreements(reference, other):
    """What two engines do not agree on, in words."""
    found = []
    for name, expected in reference.items():
        actual = other.get(name)
        if actual is None:
            found.append(f"{name}: not there")
            continue
        if actual["n"] != expected["n"]:
            found.append(f"{name}: n {actual['n']} instead of {expected['n']}")
        largest = max(abs(expected["min"] or 0), abs(expected["max"] or 0))
        for kind, scale in (("sum", expected["absolute"] or 0), ("min", largest), ("max", largest)):
            values = (actual[kind] or 0, expected[kind] or 0)
            if not abs(values[0] - values[1]) <= SUM_TOLERANCE * scale:
                found.append(f"{name}: {kind} {values[0]!r} instead of {values[1]!r}")
    return found


def answers_differ(reference, other, path=""):
    """What an answer says otherwise than the reference, which has the fewer fields."""
    if isinstance(reference, dict):
        return [line for key, value in reference.items() if key != "warm_seconds"
                for line in answers_differ(value, other.get(key), f"{path}.{key}".strip("."))]
    if isinstance(reference, list):
        pairs = zip(reference, other or [None] * len(reference), strict=True)
        return [line for place, pair in enumerate(pairs) for line in answers_differ(*pair, f"{path}[{place}]")]
    same = reference == other
    if isinstance(reference, float) and isinstance(other, (int, float)):
        same = abs(reference - other) <= ANSWER_TOLERANCE * max(1.0, abs(reference))
    return [] if same else [f"{path}: {other!r} instead of {reference!r}"]


def agree(engine, against, lines, what):
    if lines:
        raise Failed(f"{what}: {engine} does not agree with {against}:\n  " + "\n  ".join(lines))


def run_size(bench, engines):
    """Every workload of one size; answers the rows of the tables and the engines that ran."""
    run = Run(bench)
    engines = [engine for engine in engines if engine != "kultti" or run.build()]
    for threads in bench.options.threads:
        repeats = max(3, REPEATS[bench.size])
        run.cost("compare-all", "decode floor", threads, bench.floor(threads), repeats)
        run.cost("compare-all", "decode floor, 7 columns", threads, bench.floor(threads, "all"), repeats)
    for engine in engines:
        run.engine(engine)
    return run.rows, engines


class Run:
    """What was measured on one size, and what the first engine answered."""

    def __init__(self, bench):
        self.bench, self.size, self.rows = bench, bench.size, []
        self.columns = self.answer = None

    def cost(self, workload, engine, threads, command, repeats):
        """Runs a command, notes what it cost, and answers its output."""
        output, figures = measured(command, repeats)
        self.rows.append({"size": self.size, "workload": workload, "engine": engine, "threads": threads} | figures)
        print(f"{self.size} {workload:<13} {engine:<24} {threads} threads  wall {figures['wall_median']:9.3f} s  "
              f"CPU {figures['cpu_median']:9.3f} s  {figures['memory_median'] / 2**20:8.0f} MiB", flush=True)
        return output

    def build(self):
        """Makes Kultti's release; whether it could."""
        try:
            self.cost("release build", "kultti", 1, self.bench.build(), 1)
        except Absent as reason:
            print(f"{self.size} kultti is skipped: {reason}", flush=True)
            return False
        self.bench.file = self.bench.release
        return True

    def engine(self, engine):
        """All workloads of an engine. The first one is a peer, or Kultti alone, and the others are checked against it."""
        bench, first = self.bench, None
        for threads in bench.options.threads:
            command = bench.compare_all(engine, threads)
            found = columns_of(self.cost("compare-all", engine, threads, command, REPEATS[self.size]))
            self.columns = self.columns or (engine, found)
            agree(engine, self.columns[0], disagreements(self.columns[1], found), f"compare-all on {self.size}")
            # Kultti's result does not depend on the number of threads, to the last bit.
            exact = {name: column.get("checksum") for name, column in found.items()}
            first = first or exact
            agree(engine, "itself on fewer threads", answers_differ(first, exact), f"compare-all on {self.size}")
        command = bench.compare(engine, threads)
        found = json.loads(self.cost("compare", engine, threads, command, COLD_REPEATS[self.size]))
        self.answer = self.answer or (engine, found)
        agree(engine, self.answer[0], answers_differ(self.answer[1], found), f"compare on {self.size}")
        try:
            output, _ = measured(bench.compare_warm(engine, threads))
        except Absent as reason:
            print(f"{self.size} compare warm: {engine} is skipped: {reason}", flush=True)
            return
        warm = json.loads(output)["warm_seconds"]
        self.rows.append({"size": self.size, "workload": "compare warm", "engine": engine, "threads": threads,
                          "wall_median": warm})
        print(f"{self.size} compare warm  {engine:<24} {threads} threads  wall {warm * 1e6:9.0f} µs", flush=True)


def imports(options):
    """What it costs to start Python, and to import each engine."""
    rows = []
    for engine, code in [("Python alone", "pass")] + [(name, f"import {name}") for name in options.engines]:
        try:
            _, figures = measured([options.python, "-c", code], COLD_REPEATS["S"])
        except Failed:
            if engine != "kultti":
                raise
            print(f"import: {options.python} has no kultti", flush=True)
            continue
        rows.append({"size": "-", "workload": "import", "engine": engine, "threads": 1} | figures)
        print(f"import {engine:<12} wall {figures['wall_median'] * 1e3:7.1f} ms", flush=True)
    return rows


def check_cells(bench, engines):
    """Every cell of every engine against the first one's."""
    options = bench.options
    with tempfile.TemporaryDirectory(dir=options.data) as folder:
        files = [Path(folder) / f"{engine}.parquet" for engine in engines]
        for engine, file in zip(engines, files, strict=True):
            measured(bench.compare_all(engine, options.threads[-1], cells=file))
        output, _ = measured([options.python, HERE / "peers" / "cells.py", *files])
        print(output, end="", flush=True)


def table(rows, size, workload):
    """One Markdown table, with ratios to Kultti and to the decode floor where they were measured."""
    chosen = [row for row in rows if row["size"] == size and row["workload"] == workload]
    if not chosen:
        return []
    base = {(row["engine"], row["threads"]): row for row in rows if row["size"] == size and row["workload"] == workload}

    def ratio(row, engine, field):
        other = base.get((engine, row["threads"]))
        return "" if other is None else f"{row[field] / other[field]:.2f}"

    if workload in ("import", "release build"):
        lines = ["| engine | wall s | CPU s | peak MiB |", "|---|---:|---:|---:|"]
        return lines + [f"| {row['engine']} | {row['wall_median']:.3f} | {row['cpu_median']:.3f} "
                        f"| {row['memory_median'] / 2**20:,.0f} |" for row in chosen]
    if workload == "compare warm":
        lines = ["| engine | threads | median | × Kultti |", "|---|---:|---:|---:|"]
        lines += [f"| {row['engine']} | {row['threads']} | {row['wall_median'] * 1e6:,.0f} µs "
                  f"| {ratio(row, 'kultti', 'wall_median')} |" for row in chosen]
        return lines
    lines = ["| engine | threads | wall s | CPU s | peak MiB | CPU × Kultti | CPU × decode floor | memory × Kultti |",
             "|---|---:|---:|---:|---:|---:|---:|---:|"]
    lines += [f"| {row['engine']} | {row['threads']} | {row['wall_median']:.3f} | {row['cpu_median']:.3f} "
              f"| {row['memory_median'] / 2**20:,.0f} | {ratio(row, 'kultti', 'cpu_median')} "
              f"| {ratio(row, 'decode floor', 'cpu_median')} | {ratio(row, 'kultti', 'memory_median')} |"
              for row in chosen]
    return lines


TITLES = {
    "import": "importing each engine into Python",
    "release build": "building the release from sorted Parquet",
    "compare-all": "every slice",
    "compare": "one question, from process start to printed answer",
    "compare warm": "the next question in an open session",
}


def report(rows, sizes):
    """All tables as Markdown."""
    lines = []
    for size in ["-", *sizes]:
        for workload, title in TITLES.items():
            found = table(rows, size, workload)
            if found:
                lines += [f"### {size}: {title}".replace("-: ", ""), "", *found, ""]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    home = Path.home() / ".cache" / "kultti"
    parser.add_argument("--data", type=Path, default=home / "bench-data")
    parser.add_argument("--binaries", type=Path, required=True, help="the folder of kultti and decode-floor")
    parser.add_argument("--python", type=Path, required=True, help="an interpreter with kultti and the peers")
    parser.add_argument("--sizes", nargs="+", default=["S", "M"], choices=["S", "M", "L"])
    parser.add_argument("--engines", nargs="+", default=[*PEERS, "kultti"], choices=[*PEERS, "kultti"])
    parser.add_argument("--threads", nargs="+", type=int, default=[1, os.cpu_count() or 1])
    options = parser.parse_args()
    options.threads = sorted(set(options.threads))
    options.kultti = options.binaries / "kultti"
    # A peer comes first, for Kultti is checked against it.
    options.engines.sort(key=lambda engine: engine == "kultti")
    rows = []
    try:
        rows += imports(options)
        for size in options.sizes:
            bench = Bench(options, size)
            found, engines = run_size(bench, options.engines)
            rows += found
            if size != "L":
                check_cells(bench, engines)
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    text = report(rows, options.sizes)
    machine = {"system": platform.platform(), "processors": os.cpu_count(), "python": platform.python_version()}
    results = {"machine": machine, "peers": (HERE / "peers" / "requirements.txt").read_text().split(), "rows": rows}
    (options.data / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    (options.data / "results.md").write_text(text)
    print(f"\n{text}\nAll checksums agree. Saved in {options.data}: results.json, results.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
