"""What a cluster costs beside one machine: wall seconds, and processor seconds and peak memory of every process.

    python benches/cluster.py --binaries FOLDER --data FOLDER [--size S|M|L] [--rounds N] [--questions NAME ...]

Every slice of a release (`compare-all`), as a summary for which all rows come to the client and as a file, and an aggregate of
them in SQL: here on one thread and on two, and on clusters of one, two and three executors of one thread each, on loopback. All of
them in turns, round after round, each cluster started anew and asked something small before anything is timed. Then the least work
there is, one indicator and one period, which is what a job costs by itself; the first such job of an executor, which opens the
release; and how much lies in the work folders of the executors when a job is done.

A cluster that answers otherwise than this machine ends the run with 1: summaries by their checksums, files by their bytes, SQL by
its rows. Reads /proc, so it runs on Linux only.
"""

import argparse
import contextlib
import hashlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from run import Bench, Failed, agree, answers_differ, environment, measured

HERE = {"here, 1 thread": 1, "here, 2 threads": 2}
CLUSTERS = {"cluster, 1 executor": 1, "cluster, 2 executors": 2, "cluster, 3 executors": 3}
TITLES = {
    "summary": "every slice, summed by the client: all rows come to it",
    "file": "every slice, written to a Parquet file by the client",
    "sql": "SQL: an aggregate of every slice by indicator",
}
# Of z-scores the plain sum is nothing but rounding.
SQL = """SELECT indicator, count(z) AS n, min(z) AS least, max(z) AS most, sum(abs(z)) AS extent
FROM compare_all('z', 'descending', 'then') GROUP BY indicator ORDER BY indicator"""
# Executors that are started to be asked for the first time, and the jobs of each: in every round.
FRESH, JOBS = 5, 4
JOINED = "executor joined"
PATIENCE = 60
TICKS = os.sysconf("SC_CLK_TCK")
MIB = 2**20


class Process:
    """A scheduler or an executor, ready for work."""

    def __init__(self, kultti, log, *words):
        self.log = log
        with log.open("wb") as errors:
            self.process = subprocess.Popen([kultti, "cluster", *words, "--lang", "en"], stdout=subprocess.PIPE, stderr=errors,
                                            text=True, env=environment())
        _, found, address = self.process.stdout.readline().partition("ready: ")
        self.address = address.strip()
        if not found:
            self.end()
            raise Failed(f"{' '.join(words)} did not start: {log.read_text()}")

    def proc(self, name):
        return Path(f"/proc/{self.process.pid}/{name}").read_text()

    def cpu(self):
        """Processor seconds so far, user and system."""
        user, system = self.proc("stat").rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / TICKS

    def peak(self):
        """The most memory that it has had resident, in bytes."""
        return next(int(line.split()[1]) * 1024 for line in self.proc("status").splitlines() if line.startswith("VmHWM:"))

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


class Cluster:
    """A scheduler and its executors on loopback, until the end of a `with`."""

    def __init__(self, kultti, executors, folder):
        self.kultti, self.count, self.folder = kultti, executors, folder
        self.ends = contextlib.ExitStack()

    def __enter__(self):
        with contextlib.ExitStack() as ends:
            self.folders = [self.folder / f"executor-{number}" for number in range(self.count)]
            self.scheduler = self.started(ends, "scheduler", "--port", "0")
            self.executors = [self.started(ends, folder.name, "--scheduler", self.scheduler.address, "--port", neighbours(),
                                           "--threads", "1", "--work-dir", folder) for folder in self.folders]
            begun = time.monotonic()
            while self.scheduler.log.read_text().count(JOINED) < self.count:
                if time.monotonic() - begun > PATIENCE:
                    raise Failed(f"not all executors joined: {self.scheduler.log.read_text()}")
                time.sleep(0.01)
            self.ends = ends.pop_all()
        return self

    def __exit__(self, *error):
        self.ends.close()

    def started(self, ends, name, *words):
        process = Process(self.kultti, self.folder / f"{name}.log", name.partition("-")[0], *map(str, words))
        ends.callback(process.end)
        return process

    def words(self):
        return ["--cluster", self.scheduler.address]

    def cost(self, command):
        """Runs a client; what it said, and what it and everybody who worked for it took."""
        everybody = [self.scheduler, *self.executors]
        before = [process.cpu() for process in everybody]
        output, client = measured(command)
        scheduler, *executors = [process.cpu() - first for process, first in zip(everybody, before, strict=True)]
        return output, figures(client, scheduler, executors)

    def results(self, command):
        """The most bytes of results that waited in the folders of the executors during a job, which is not timed."""
        most, done = [0], threading.Event()

        def look():
            while not done.wait(0.01):
                most.append(sum(held(folder) for folder in self.folders))

        looking = threading.Thread(target=look)
        looking.start()
        try:
            measured(command)
        finally:
            done.set()
            looking.join()
        return max(most)


def held(folder):
    """The bytes of all files below a folder, but for what is being deleted."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                total += os.path.getsize(os.path.join(place, name))
    return total


def neighbours():
    """A port that is free with the one after it."""
    while True:
        with socket.socket() as first, socket.socket() as second, contextlib.suppress(OSError, OverflowError):
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            second.bind(("127.0.0.1", port + 1))
            return port


def figures(client, scheduler=0.0, executors=()):
    return {"wall": client["wall_median"], "client": client["cpu_median"], "scheduler": scheduler, "executors": list(executors),
            "cpu": client["cpu_median"] + scheduler + sum(executors), "memory": client["memory_median"]}


class Measuring:
    """What was measured so far, and what this machine answers."""

    def __init__(self, bench, questions, folder):
        self.bench, self.questions, self.folder = bench, questions, folder
        self.file = folder / "all.parquet"
        self.costs, self.expected = {}, {}
        self.peaks, self.bytes = {}, None
        self.least_here, self.first, self.second, self.later = [], [], [], []

    def command(self, question, threads=None, cluster=()):
        """The command of a question, here or on a cluster."""
        if question == "sql":
            here = ["--threads", threads] if threads else []
            return self.bench.kultti("query", SQL, "--format", "json", *here, *cluster)
        cells = self.file if question == "file" else None
        return [*self.bench.compare_all("kultti", threads or 1, cells), *cluster]

    def small(self, indicators, *more):
        """The question of one period: of one indicator it is the least work there is."""
        return self.bench.kultti("compare-all", "--indicators", indicators, "--period", self.bench.question["period"],
                                 "--columns", "rank", "--order", "desc", "--summary", "--format", "json", *more)

    def least(self, *more):
        return self.small(self.bench.question["indicator"], *more)

    def check(self, question, where, output):
        """Compares an answer with the first one, which is that of one thread here."""
        if question == "file":
            with self.file.open("rb") as file:
                found = {"sha256": hashlib.file_digest(file, "sha256").hexdigest()}
            self.file.unlink()
        else:
            found = json.loads(output)
        expected = self.expected.setdefault(question, found)
        # The checksums of a summary are texts, in which every bit counts; sums in SQL may be added in another order.
        agree(where, "one thread here", answers_differ(expected, found), TITLES[question])

    def note(self, question, where, cost):
        self.costs.setdefault((question, where), []).append(cost)
        print(f"{question:<8} {where:<21} wall {cost['wall']:8.3f} s  CPU {cost['cpu']:8.3f} s", flush=True)

    def here(self):
        """Everything on this machine, by itself."""
        for where, threads in HERE.items():
            for question in self.questions:
                output, cost = measured(self.command(question, threads))
                self.note(question, where, figures(cost))
                self.check(question, where, output)

    @contextlib.contextmanager
    def started(self, executors):
        with tempfile.TemporaryDirectory(dir=self.folder) as folder, Cluster(self.bench.options.kultti, executors, Path(folder)) as cluster:
            yield cluster

    def cluster(self, where, executors):
        """Everything on a cluster that has done nothing yet."""
        with self.started(executors) as cluster:
            words = cluster.words()
            # Many parts: every executor has its share, and has opened the release.
            cluster.cost(self.small("*", *words))
            for question in self.questions:
                output, cost = cluster.cost(self.command(question, cluster=words))
                self.note(question, where, cost)
                self.check(question, where, output)
            everybody = {"scheduler": [cluster.scheduler], "executor": cluster.executors}
            for name, processes in everybody.items():
                self.peaks.setdefault((where, name), []).extend(process.peak() for process in processes)
            if executors == 1 and self.bytes is None and "summary" in self.questions:
                self.bytes = cluster.results(self.command("summary", cluster=words))

    def jobs(self):
        """What a job takes that has nothing to do, here and on a cluster, and the first job of an executor."""
        output, cost = measured(self.least("--threads", "1"), FRESH * JOBS)
        self.least_here.append(figures(cost))
        for _ in range(FRESH):
            with self.started(1) as cluster:
                costs = []
                for _ in range(JOBS):
                    found, cost = cluster.cost(self.least("--parts", "1", *cluster.words()))
                    agree("a cluster", "this machine", answers_differ(json.loads(output), json.loads(found)), "one indicator and period")
                    costs.append(cost)
            self.first.append(costs[0])
            self.second.append(costs[1])
            self.later += costs[1:]


def median(costs, name):
    return statistics.median(cost[name] for cost in costs)


def table(measuring, question):
    """One question, here and on every cluster."""
    base = measuring.costs[question, next(iter(HERE))]
    lines = [f"### {TITLES[question]}", "",
             "| | wall s, least | wall s, median | CPU s together | of the client | of the scheduler | of each executor | client's peak MiB "
             "| wall × 1 thread here | CPU × 1 thread here |", "|---|" + "---:|" * 9]
    for where in [*HERE, *CLUSTERS]:
        costs = measuring.costs[question, where]
        each = [executor for cost in costs for executor in cost["executors"]]
        share = f"{min(each):.2f}–{max(each):.2f}" if each else ""
        scheduler = f"{median(costs, 'scheduler'):.2f}" if each else ""
        lines.append(f"| {where} | {min(cost['wall'] for cost in costs):.2f} | {median(costs, 'wall'):.2f} | {median(costs, 'cpu'):.2f} "
                     f"| {median(costs, 'client'):.2f} | {scheduler} | {share} | {max(cost['memory'] for cost in costs) / MIB:,.0f} "
                     f"| {median(costs, 'wall') / median(base, 'wall'):.2f} | {median(costs, 'cpu') / median(base, 'cpu'):.2f} |")
    return [*lines, ""]


def jobs(measuring):
    """What a job costs by itself, and how long an executor takes to open the release."""
    lines = ["### a job by itself: one indicator, one period, one part", "", "| | wall ms | CPU ms |", "|---|---:|---:|"]
    rows = {"here, whole process": measuring.least_here, "first job of an executor, everybody": measuring.first,
            "its second job": measuring.second, "all its later jobs": measuring.later}
    lines += [f"| {name} | {1000 * median(costs, 'wall'):.0f} | {1000 * median(costs, 'cpu'):.0f} |" for name, costs in rows.items()]
    pairs = list(zip(measuring.first, measuring.second, strict=True))
    opening = [f"{1000 * statistics.median(first[name] - second[name] for first, second in pairs):.0f}" for name in ("wall", "cpu")]
    return [*lines, f"| opening the release and planning: first less second, pair by pair | {' | '.join(opening)} |", ""]


def peaks(measuring):
    """The memory of those who stay."""
    lines = ["### peak memory at the end, MiB: the greatest of all rounds", "", "| | scheduler | an executor |", "|---|---:|---:|"]
    for where in CLUSTERS:
        scheduler, executor = (max(measuring.peaks[where, name]) / MIB for name in ("scheduler", "executor"))
        lines.append(f"| {where} | {scheduler:,.0f} | {executor:,.0f} |")
    return [*lines, ""]


def way(measuring):
    """What rows cost between an executor and the client, beyond the computing and the job itself."""
    rows = measuring.expected["summary"]["rows"]
    here, there = (measuring.costs["summary", next(iter(where))] for where in (HERE, CLUSTERS))
    lines = ["### rows on their way from one executor to the client, of the summary", "", "| | |", "|---|---:|",
             f"| rows | {rows:,} |",
             f"| results in the executor's work folder, MB | {measuring.bytes / 1e6:,.1f} |",
             f"| bytes a row | {measuring.bytes / rows:.1f} |"]
    for name, text in (("cpu", "CPU s"), ("wall", "wall s")):
        job = median(measuring.later, name) - median(measuring.least_here, name)
        more = median(there, name) - median(here, name) - job
        lines.append(f"| a million rows, {text}: one executor less one thread here less a job by itself | {more / rows * 1e6:.3f} |")
    return [*lines, ""]


def report(measuring, options):
    processors = os.cpu_count()
    lines = [f"## {options.size}, rounds in turns: {options.rounds}, processors: {processors}", "",
             f"Client, scheduler and executors share {processors} processors: wall times cannot show what more executors gain where there are "
             "more of them than processors. CPU seconds show what is paid for it.", ""]
    for question in measuring.questions:
        lines += table(measuring, question)
    lines += jobs(measuring) + peaks(measuring)
    return "\n".join(lines + (way(measuring) if "summary" in measuring.questions else []))


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--binaries", type=Path, required=True, help="where the program in release profile stands")
    arguments.add_argument("--data", type=Path, required=True, help="where the data of `generate` stand and the release is written")
    arguments.add_argument("--size", default="L", choices=["S", "M", "L"])
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--questions", nargs="+", default=list(TITLES), choices=list(TITLES))
    options = arguments.parse_args()
    options.data = options.data.absolute()
    options.kultti = options.binaries.absolute() / "kultti"
    try:
        bench = Bench(options, options.size)
        measured(bench.build())
        with tempfile.TemporaryDirectory(dir=options.data) as folder:
            measuring = Measuring(bench, options.questions, Path(folder))
            for _ in range(options.rounds):
                measuring.here()
                measuring.jobs()
                for where, executors in CLUSTERS.items():
                    measuring.cluster(where, executors)
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    print(f"\n{report(measuring, options)}\nThe cluster answered as this machine did.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
