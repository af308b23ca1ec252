"""A JSON-stat file as pyjstat reads it, as JSON: for each data set its columns and rows, dimensions by code.

Run as ``python read_jsonstat.py FILE``. Where pyjstat fails the answer is ``{"error": ...}``: it does for a document
without figures (IndexError) and for a collection. A dimension of one category may leave out ``category.index``; pyjstat then
fails with ``KeyError: 0``, so the index that the format implies is put in before pyjstat sees the document.
"""

import json
import sys
import warnings

warnings.simplefilter("ignore")

from pyjstat import pyjstat  # noqa: E402


def with_index(dataset: dict) -> dict:
    for name, dimension in dataset["dimension"].items():
        if name not in ("id", "size", "role") and "index" not in dimension["category"]:
            (code,) = dimension["category"]["label"]
            dimension["category"]["index"] = {code: 0}
    return dataset


def tables(document: dict) -> list:
    if "class" in document:
        return [pyjstat.Dataset(with_index(document)).write("dataframe", naming="id")]
    # A bundle of JSON-stat 1.x.
    return pyjstat.from_json_stat({name: with_index(one) for name, one in document.items()}, naming="id")


def plain(table) -> dict:
    rows = [
        [None if value != value else value for value in row]
        for row in table.astype(object).itertuples(index=False)
    ]
    return {"columns": [str(name) for name in table.columns], "rows": rows}


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8-sig") as file:
        document = json.load(file)
    try:
        answer = [plain(table) for table in tables(document)]
    except Exception as error:  # noqa: BLE001
        answer = {"error": f"{type(error).__name__}: {error}"}
    json.dump(answer, sys.stdout, default=str)
