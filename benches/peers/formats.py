"""Reads or writes a statistical table with one library and prints, as JSON, what that took and what it found.

    formats.py pyaxis|pyjstat|pandas|openpyxl|pyarrow read FILE
    formats.py pyjstat|pandas|openpyxl|pyarrow write FILE OUT

The seconds are those of the reading or writing alone, without the start of Python and the imports. `numbers` and `sum` are of
the cells that have a number.
"""

import contextlib
import json
import os
import sys
import time


def with_pyaxis(file):
    from pyaxis import pyaxis

    # It says on the standard output that a file has several languages.
    with contextlib.redirect_stdout(sys.stderr):
        start = time.perf_counter()
        data = pyaxis.parse(file, encoding="utf-8")["DATA"]["DATA"]
        seconds = time.perf_counter() - start
    return seconds, data.str.strip('"'), None


def with_pyjstat(file):
    from pyjstat import pyjstat

    start = time.perf_counter()
    with open(file, encoding="utf-8") as text:
        table = pyjstat.Dataset.read(text.read()).write("dataframe")
    return time.perf_counter() - start, table["value"], table


def with_pandas(file):
    import pandas

    readers = {"csv": pandas.read_csv, "xlsx": pandas.read_excel}
    start = time.perf_counter()
    table = readers[file.rpartition(".")[2]](file)
    return time.perf_counter() - start, values(table), table


def with_pyarrow(file):
    from pyarrow import parquet

    start = time.perf_counter()
    table = parquet.read_table(file)
    return time.perf_counter() - start, values(table.to_pandas()), table


def values(table):
    """The column of figures: the one named so, else the first that is a number in every row that has anything."""
    named = [name for name in table.columns if str(name).lower() in ("value", "obs_value", "arvo")]
    return table[named[0]] if named else table.select_dtypes("number").iloc[:, -1]


def write_with_pyjstat(table, out):
    from pyjstat import pyjstat

    with open(out, "w", encoding="utf-8") as text:
        text.write(pyjstat.Dataset.read(table).write())


def write_with_pandas(table, out):
    if out.endswith(".csv"):
        table.to_csv(out, index=False)
    else:
        table.to_excel(out, index=False)


def write_with_pyarrow(table, out):
    from pyarrow import parquet

    parquet.write_table(table, out, compression="zstd")


def main():
    library, action, file, *more = sys.argv[1:]
    seconds, figures, table = globals()[f"with_{library}"](file)
    import pandas

    figures = pandas.to_numeric(figures, errors="coerce")
    found = {"cells": len(figures), "numbers": int(figures.count()), "sum": float(figures.sum())}
    if action == "write":
        start = time.perf_counter()
        globals()[f"write_with_{library}"](table, more[0])
        seconds = time.perf_counter() - start
    json.dump(found | {"seconds": seconds, "bytes": os.path.getsize(more[0] if more else file)}, sys.stdout)


main()
