"""Compares the cells of engines with those of the first: the same areas have a value, and every figure is the same.

    cells.py FIRST.parquet OTHER.parquet ...

Figures may differ by 1e-12: relatively, absolutely below 1.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

KEY = ["indicator", "period", "area"]
COLUMNS = ["value", "rank", "percent_rank", "quartile", "z", "difference", "change_relative"]
TOLERANCE = 1e-12


def read(path):
    cells = pd.read_parquet(path).rename(columns={"difference:region:median": "difference"})
    # Kultti also has rows for areas without a value.
    cells = cells[cells["value"].notna()]
    cells = cells.astype({name: "str" for name in KEY} | {name: float for name in COLUMNS})
    return cells.sort_values(KEY, ignore_index=True)[KEY + COLUMNS]


def compare(first, other, names):
    """Ends with an error that names the first cell that differs."""
    if not first[KEY].equals(other[KEY]):
        both = first[KEY].merge(other[KEY], how="outer", indicator=True)
        lone = both[both["_merge"] != "both"]
        sys.exit(f"{names}: other areas have a value, {len(lone)} in all, first {lone.head(3).to_dict('records')}")
    value = first["value"].abs().to_numpy()
    for name in COLUMNS:
        left, right = first[name].to_numpy(), other[name].to_numpy()
        # A difference is as exact as the value and the median that it is made of.
        scale = np.maximum(np.abs(left) + (value if name == "difference" else 0), 1.0)
        wrong = (np.isnan(left) != np.isnan(right)) | (np.abs(left - right) > TOLERANCE * scale)
        if wrong.any():
            place = int(np.flatnonzero(wrong)[0])
            where = ", ".join(first.loc[place, KEY])
            sys.exit(f"{names}: {wrong.sum()} cells of {name} differ, first {where}: {right[place]!r}, not {left[place]!r}")


def main():
    paths = [Path(name) for name in sys.argv[1:]]
    first = read(paths[0])
    for path in paths[1:]:
        compare(first, read(path), f"{path.stem} against {paths[0].stem}")
        print(f"cells of {path.stem} agree with those of {paths[0].stem}: {len(first)}")


main()
