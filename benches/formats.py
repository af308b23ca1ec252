"""Reads and writes tables of statistical offices with Kultti and with other libraries, and prints what each of them cost.

    python benches/formats.py --binaries FOLDER --python PATH [--data FOLDER] [--large MEGABYTES]

Each figure is from a process of its own. Throughput counts the bytes of the file that is read or written and the seconds of
reading or writing alone; processor seconds and peak memory are those of the whole process, a write's reading included. Where
a library reads a file of Kultti, count and sum of the numbers must be Kultti's; the run ends with 1 where they are not.
"""

import argparse
import json
import platform
import sys
from pathlib import Path

from run import HERE, Failed, measured

# What is read and written in each format, and by whom beside Kultti. pyaxis would take some twelve gigabytes for the large
# file, by what the wide one takes; a sheet has at most 1,048,576 rows.
FORMATS = [
    ("px", "small", "px", ["pyaxis"], []),
    ("px", "middle", "px", ["pyaxis"], []),
    ("px", "wide", "px", ["pyaxis"], []),
    ("px", "large", "px", [], []),
    ("jsonstat", "middle", "json", ["pyjstat"], ["pyjstat"]),
    ("csv", "middle", "csv", ["pandas"], ["pandas"]),
    ("sdmx-csv", "middle", "sdmx.csv", ["pandas"], ["pandas"]),
    ("xlsx", "small", "xlsx", ["pandas"], ["pandas"]),
    ("parquet", "middle", "parquet", ["pyarrow"], ["pyarrow"]),
]
REPEATS = {"small": 5, "middle": 3, "wide": 1, "large": 3}
TOLERANCE = 1e-9


def best(command, repeats):
    """What a command answers, with the least seconds of its runs; the processor seconds and memory of the least run."""
    answers = []
    for _ in range(repeats):
        output, cost = measured(command)
        answers.append(json.loads(output) | {"cpu": cost["cpu_min"], "memory": cost["memory_min"]})
    return min(answers, key=lambda answer: answer["seconds"])


def agree(kultti, library, found):
    """A library that reads the same file finds the same numbers. A zero that stands as `-` is none to some of them."""
    if found["cells"] != kultti["cells"] or abs(found["sum"] - kultti["sum"]) > TOLERANCE * abs(kultti["sum"]):
        raise Failed(f"{library} found {found}, Kultti {kultti}")


class Bench:
    """One run over all formats."""

    def __init__(self, options):
        self.options, self.rows = options, []
        self.formats = options.binaries / "formats"
        self.folder = options.data / "formats"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.sizes = {"small": 1, "middle": 10, "wide": 100, "large": options.large}

    def source(self, size):
        """The PX file of a size; made where it is not there."""
        file = self.folder / f"{self.sizes[size]}.px"
        if not file.exists():
            measured([self.formats, "make", self.sizes[size], file])
        return file

    def add(self, what, engine, size, answer):
        row = {"what": what, "engine": engine, "size": size} | answer
        self.rows.append(row)
        speed = row["bytes"] / row["seconds"] / 1e6
        print(f"{what:<18} {engine:<8} {row['bytes'] / 1e6:7.1f} MB  {row['seconds']:8.3f} s {speed:8.1f} MB/s  "
              f"CPU {row['cpu']:8.3f} s  {row['memory'] / 2**20:8.0f} MiB", flush=True)

    def run(self, name, size, ending, readers, writers):
        """Writes the table of a size in a format and reads it back, with Kultti and then with the others."""
        source, repeats = self.source(size), REPEATS[size]
        file = self.folder / f"out-{size}.{ending}"
        self.add(f"write {name}", "kultti", size, best([self.formats, "write", source, file], repeats))
        if name == "px":
            file = source
        kultti = best([self.formats, "read", file], repeats)
        self.add(f"read {name}", "kultti", size, kultti)
        script = [self.options.python, HERE / "peers" / "formats.py"]
        for library in readers:
            found = best([*script, library, "read", file], repeats)
            agree(kultti, library, found)
            self.add(f"read {name}", library, size, found)
        for library in writers:
            out = self.folder / f"out-{library}.{ending}"
            self.add(f"write {name}", library, size, best([*script, library, "write", file, out], repeats))


def table(rows):
    """The measurements as Markdown, with ratios to Kultti on the same table."""
    lines = ["| | table | engine | file MB | seconds | MB/s | CPU s of the process | peak MiB | seconds × Kultti |",
             "|---|---|---|---:|---:|---:|---:|---:|---:|"]
    base = {(row["what"], row["size"]): row["seconds"] for row in rows if row["engine"] == "kultti"}
    order = list(dict.fromkeys((row["what"], row["size"]) for row in rows))
    for row in sorted(rows, key=lambda row: order.index((row["what"], row["size"]))):
        lines.append(f"| {row['what']} | {row['cells']:,} cells | {row['engine']} | {row['bytes'] / 1e6:,.1f} "
                     f"| {row['seconds']:.3f} | {row['bytes'] / row['seconds'] / 1e6:,.0f} | {row['cpu']:.2f} "
                     f"| {row['memory'] / 2**20:,.0f} | {row['seconds'] / base[row['what'], row['size']]:.1f} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path.home() / ".cache" / "kultti" / "bench-data")
    parser.add_argument("--binaries", type=Path, required=True, help="the folder of the program `formats`")
    parser.add_argument("--python", type=Path, required=True, help="an interpreter with the other libraries")
    parser.add_argument("--large", type=int, default=300, help="megabytes of the large PX file")
    options = parser.parse_args()
    bench = Bench(options)
    try:
        for one in FORMATS:
            bench.run(*one)
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    text = table(bench.rows)
    (bench.folder / "results.md").write_text(f"{platform.platform()}\n\n{text}\n")
    print(f"\n{text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
