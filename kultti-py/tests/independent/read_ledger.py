"""The lines of a ledger at a version as deltalake and polars read them, as JSON, and what polars finds to be known.

Run as ``python read_ledger.py FOLDER_OR_ADDRESS VERSION``. Rows are in the order in which they were added; times are microseconds since
1970. ``known`` has the sequence of the last approved, final or corrected line of every actual figure, in key order.
"""

import json
import os
import sys
from datetime import UTC, date, datetime, timedelta

import polars as pl
from deltalake import DeltaTable

folder, version = sys.argv[1], int(sys.argv[2])


def plain(value: object) -> object:
    """A value as JSON has it."""
    if isinstance(value, datetime):
        return (value - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    return value.isoformat() if isinstance(value, date) else value


def rows(records: list[dict[str, object]]) -> list[list[object]]:
    """Records in the order in which they were added."""
    ordered = sorted(records, key=lambda record: (record["sequence"], record["line"]))
    return [[plain(value) for value in record.values()] for record in ordered]


# On an object store, both are told where it is by the environment.
stored = {"storage_options": {name: value for name, value in os.environ.items() if name.startswith("AWS_")}}
options = stored if "://" in folder else {}
table = DeltaTable(folder, version=version, **options)
frame = pl.read_delta(folder, version=version, **options)
facts = frame.filter(
    (pl.col("kind") == "fact")
    & (pl.col("scenario") == "actual")
    & pl.col("stage").is_in(["approved", "final", "corrected"])
)
key = ["measure", "period", "area", "territory"]
last = facts.sort("recorded", "sequence", "line").group_by(key, maintain_order=True).last().sort(key)
authors = [entry["userName"] for entry in DeltaTable(folder, **options).history() if "userName" in entry]
json.dump(
    {
        "version": table.version(),
        "deltalake": rows(table.to_pyarrow_table().to_pylist()),
        "polars": rows(frame.to_dicts()),
        "known": last["sequence"].to_list(),
        "appendOnly": table.metadata().configuration["delta.appendOnly"],
        "authors": authors,
    },
    sys.stdout,
)
# A thread of pyarrow that asks for the interpreter while it goes down ends the process with "terminate called without an active
# exception" (apache/arrow#34314), after the answer: so the interpreter does not go down.
sys.stdout.flush()
os._exit(0)
