"""What every peer is asked, and how it answers: one JSON object on the standard output.

    with_X.py compare-all DATA [--threads N] [--cells FILE]
    with_X.py compare DATA [--threads N] [--repeat N]

`DATA` is a folder of `generate`. With `--repeat` the second and later questions are timed within the open session.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

COLUMNS = ["value", "rank", "percent_rank", "quartile", "z", "difference", "change_relative"]


class Peer:
    """An engine. Values are missing where `methods.md` says so, and missing values are not counted."""

    def __init__(self, data, threads, cells):
        self.data, self.threads, self.cells = data, threads, cells

    def open(self):
        """Makes the tables known."""

    def compare_all(self, columns):
        """Every slice: for each column n, sum, min, max and the sum of absolute values; all cells into `self.cells`."""
        raise NotImplementedError

    def compare(self, question):
        """One answer: (value, rank, percent rank, n), and by group (ratio of sums, n, members, covered denominator)."""
        raise NotImplementedError


def answer(question, position, groups):
    """The answer with the names that `kultti compare` gives it."""
    value, rank, percent_rank, n = position
    peers = []
    for grouping in ("region", "areas"):
        ratio, with_value, members, covered = groups[grouping]
        peers.append({
            "grouping": grouping,
            "value": ratio,
            "n": with_value,
            "members": members,
            "coverage_areas": with_value / members,
            "coverage_denominator": covered,
            "difference": None if ratio is None else value - ratio,
        })
    return {
        "indicator": question["indicator"],
        "period": question["period"],
        "area": {"code": question["area"]},
        "value": value,
        "position": {"rank": rank, "n": n, "percent_rank": percent_rank},
        "peers": peers,
    }


def main(engine):
    """Reads the command line and runs an engine."""
    parser = argparse.ArgumentParser()
    parser.add_argument("workload", choices=["compare-all", "compare"])
    parser.add_argument("data", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--cells", type=Path)
    parser.add_argument("--repeat", type=int, default=0)
    options = parser.parse_args()
    peer = engine(options.data, options.threads, options.cells)
    peer.open()
    if options.workload == "compare-all":
        columns = [
            {"column": name, "n": int(n), "sum": total, "min": low, "max": high, "absolute": absolute}
            for name, (n, total, low, high, absolute) in zip(COLUMNS, peer.compare_all(COLUMNS), strict=True)
        ]
        json.dump({"columns": columns}, sys.stdout)
        return
    question = json.loads((options.data / "question.json").read_text())
    result = answer(question, *peer.compare(question))
    if options.repeat:
        times = []
        for _ in range(options.repeat):
            start = time.perf_counter()
            peer.compare(question)
            times.append(time.perf_counter() - start)
        result["warm_seconds"] = statistics.median(times)
    json.dump(result, sys.stdout)
