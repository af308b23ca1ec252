"""Tables as pandas writes them, in the dialects that people use, and as JSON the rows of each.

Run as ``python write_tables.py FOLDER``. A row is its codes in one text, and its number or null; the number
is spelt as Python spells it, so that no reader of JSON rounds it.
"""

import json
import sys
from pathlib import Path

import pandas as pd

folder = Path(sys.argv[1])
# Sixteen digits are all that openpyxl writes of a number.
table = pd.DataFrame({
    "Kunta": ["005", "005", "091", "091"],
    "Vuosi": [2018, 2019, 2018, 2019],
    "Kulut": [98765.4321, -12345678.25, 5e-324, None],
})


def rows(frame: pd.DataFrame, time: list[str]) -> list[list[object]]:
    return [
        [f"{area} {period}", None if pd.isna(value) else repr(float(value))]
        for area, period, value in zip(frame["Kunta"], time, frame["Kulut"], strict=True)
    ]


years = [str(year) for year in table["Vuosi"]]
written = {}
for name, options in {
    "plain.csv": {},
    "finnish.csv": {"sep": ";", "decimal": ",", "encoding": "cp1252"},
    "marked.csv": {"sep": ";", "decimal": ",", "encoding": "utf-8-sig"},
    "wide-letters.csv": {"sep": "\t", "decimal": ",", "encoding": "utf-16"},
    "tabs.tsv": {"sep": "\t"},
    "symbols.csv": {"na_rep": ".."},
}.items():
    table.to_csv(folder / name, index=False, **options)
    written[name] = rows(table, years)
table.to_excel(folder / "rows.xlsx", index=False)
written["rows.xlsx"] = rows(table, years)
dated = table.assign(Vuosi=[pd.Timestamp(year=year, month=12, day=31) for year in table["Vuosi"]])
dated.to_excel(folder / "days.xlsx", index=False)
written["days.xlsx"] = rows(table, [f"{year}-12-31" for year in years])
json.dump(written, sys.stdout)
