"""The rows of a table as pandas reads them, as JSON: the codes in one text, and the number or null.

Run as ``python read_tables.py FILE``. A name that begins with ``excel`` is a table of Finnish Excel.
"""

import json
import sys
from pathlib import Path

import pandas as pd

path = Path(sys.argv[1])
codes = {"Kunta": str, "Vuosi": str}
numbers = {"na_values": [".."], "float_precision": "round_trip"}
if path.suffix == ".xlsx":
    table = pd.read_excel(path, dtype=codes, na_values=[".."])
elif path.name.startswith("excel"):
    table = pd.read_csv(path, sep=";", decimal=",", dtype=codes, encoding="utf-8-sig", **numbers)
else:
    separator = "\t" if path.suffix == ".tsv" else ","
    table = pd.read_csv(path, sep=separator, dtype=codes, **numbers)
rows = [
    [f"{row.Kunta} {row.Vuosi}", None if pd.isna(row.value) else float(row.value)]
    for row in table.itertuples(index=False)
]
json.dump(rows, sys.stdout)
