"""A comparison of everything as its users have it: streams, batches, files, summaries, progress and Ctrl-C."""

from __future__ import annotations

import errno
import multiprocessing
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import kultti
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from conftest import CULTURE, EXAMPLE

FIXED = ("indicator", "period", "area", "value", "status", "missing")
COLUMNS = ["rank", "percent_rank", "z", "difference:region", "index:2015"]


@pytest.fixture(scope="module")
def everything() -> kultti.CompareAll:
    return kultti.example(language="en").compare_all(COLUMNS, start=2015, end=2019, order="desc")


def plain(table: pa.Table) -> list[dict[str, object]]:
    return table.to_pylist()


def test_every_reader_gets_the_same_rows(everything: kultti.CompareAll) -> None:
    table = pa.table(everything)
    assert everything.columns == (*FIXED, *COLUMNS) == tuple(table.column_names)
    rows = plain(table)
    assert len(rows) > 10_000
    assert pl.DataFrame(everything).to_dicts() == rows
    assert pa.table(pl.DataFrame(everything)).num_rows == len(rows)
    names = ", ".join(f'"{name}"' for name in everything.columns)
    assert duckdb.sql(f"SELECT {names} FROM everything").fetchall() == [tuple(row.values()) for row in rows]
    frame = pd.DataFrame.from_arrow(everything)
    assert frame["value"].sum() == pytest.approx(pa.compute.sum(table["value"]).as_py())
    reader = pa.RecordBatchReader.from_stream(everything)
    assert reader.schema == pa.schema(everything)
    assert [row for batch in reader for row in batch.to_pylist()] == rows
    assert [row for batch in everything for row in pa.record_batch(batch).to_pylist()] == rows
    assert sum(len(batch) for batch in everything) == len(rows)


def test_the_metadata_say_what_was_asked(everything: kultti.CompareAll, tmp_path: Path) -> None:
    metadata = pa.schema(everything).metadata
    assert metadata[b"kultti.release"].decode() == everything.release == kultti.example().id
    assert metadata[b"kultti.territory"].decode() == everything.territory
    assert metadata[b"kultti.order"] == b"descending"
    without = metadata[b"kultti.indicators_without_data"].decode().split(",")
    assert without == list(everything.indicators_without_data)
    everything.write(tmp_path / "all.parquet")
    assert {key: value for key, value in pq.read_metadata(tmp_path / "all.parquet").metadata.items() if key in metadata} == metadata


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_files_hold_the_rows_whatever_the_threads(ending: str, tmp_path: Path) -> None:
    release = kultti.example()
    files = []
    for threads in (1, 2, 7):
        everything = release.compare_all(COLUMNS, start=2015, order="desc", threads=threads)
        path = tmp_path / f"{threads}.{ending}"
        assert everything.write(path) == everything.summary().rows
        files.append(path.read_bytes())
    assert files[0] == files[1] == files[2]
    rows = pa.table(everything)
    if ending == "parquet":
        assert pq.read_table(path).to_pylist() == rows.to_pylist()
        assert pl.read_parquet(path).to_dicts() == rows.to_pylist()
        assert duckdb.read_parquet(str(path)).fetchall() == [tuple(row.values()) for row in rows.to_pylist()]
    else:
        texts = {"period": str, "area": str, "missing": str}
        read = pd.read_csv(path, dtype=texts)
        found = [tuple(None if pd.isna(cell) else cell for cell in row) for row in read.itertuples(index=False)]
        assert found == [tuple(row.values()) for row in rows.to_pylist()]


def test_the_summary_is_a_frozen_result(everything: kultti.CompareAll) -> None:
    summary = everything.summary()
    table = pa.table(everything)
    assert (summary.schema, summary.release, summary.territory) == (1, everything.release, "2026-01-01")
    assert (summary.indicators, summary.rows) == (everything.indicators, table.num_rows)
    assert summary.slices == len(set(zip(table["indicator"].to_pylist(), table["period"].to_pylist(), strict=True)))
    assert [column.column for column in summary.columns] == ["value", *COLUMNS]
    for column in summary.columns:
        values = table[column.column].drop_null().to_pylist()
        assert (column.n, column.missing) == (len(values), table.num_rows - len(values))
        assert (column.min, column.max) == (min(values), max(values))
    assert summary.status == pd.Series(table["status"].to_pylist()).value_counts().to_dict()
    assert summary.missing == pd.Series(table["missing"].to_pylist()).value_counts().to_dict()
    assert summary.to_dict()["columns"][0]["checksum"] == summary.columns[0].checksum
    assert pa.table(summary)["n"].to_pylist() == [column.n for column in summary.columns]
    assert summary.columns[0].checksum in repr(summary)
    with pytest.raises(AttributeError):
        summary.rows = 0  # type: ignore[misc]
    single = kultti.example().compare_all(COLUMNS, start=2015, end=2019, order="desc", threads=1)
    assert single.summary().columns == summary.columns


def test_it_shows_itself_without_computing(everything: kultti.CompareAll) -> None:
    assert "rank,percent_rank" in repr(everything)
    assert "\n" not in repr(everything)
    assert everything.release[:12] in everything._repr_html_()


def test_arguments_are_like_those_of_other_questions() -> None:
    release = kultti.example(language="en")
    one = release.compare_all("z,change", indicators=[CULTURE], start="2019", end=2019)
    assert (one.indicators, one.columns[-2:]) == (1, ("z", "change"))
    assert release.compare_all(indicators=f"{CULTURE},library.loans*", order="asc").indicators == 2
    for wrong, error, part in [
        ({"columns": ["ranks"]}, kultti.InvalidArgumentError, "rank"),
        ({"columns": ["z", "z"]}, kultti.InvalidArgumentError, "z twice"),
        ({"columns": ["rank"]}, kultti.InvalidArgumentError, "Give an order"),
        ({"columns": ["difference:nope"]}, kultti.NotFoundError, "region"),
        ({"columns": ["z"], "indicators": "libary*"}, kultti.NotFoundError, "libary"),
        ({"columns": ["z"], "start": 2019, "end": 2015}, kultti.InvalidArgumentError, "2019"),
        ({"columns": ["z"], "threads": 0}, kultti.InvalidArgumentError, "threads"),
        ({"columns": ["z"], "progress": 3}, TypeError, "callable"),
    ]:
        with pytest.raises(error, match=part):
            release.compare_all(**wrong)  # type: ignore[arg-type]


def test_a_file_that_cannot_be_written_says_why(everything: kultti.CompareAll, tmp_path: Path) -> None:
    with pytest.raises(kultti.MissingFileError) as missing:
        everything.write(tmp_path / "no" / "all.csv")
    assert (missing.value.errno, missing.value.filename) == (errno.ENOENT, str(tmp_path / "no" / "all.csv"))
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(kultti.FileError):
        everything.write(tmp_path / "folder.csv")
    with pytest.raises(kultti.InvalidArgumentError, match="parquet"):
        everything.write(tmp_path / "all.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["folder.csv"]


# Progress ------------------------------------------------------------------------------------------------------


def test_a_callable_hears_how_far_it_is(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    everything = kultti.example().compare_all(["z"], progress=lambda done, of: heard.append((done, of)))
    runs = [everything.summary, lambda: everything.write(tmp_path / "all.csv"), lambda: list(everything), lambda: pa.table(everything)]
    for run in runs:
        heard.clear()
        run()
        assert heard == sorted(heard)
        assert heard[-1] == (everything.indicators, everything.indicators)


def test_what_a_callable_raises_ends_the_work(tmp_path: Path) -> None:
    def refuse(done: int, of: int) -> None:
        raise LookupError("enough")

    everything = kultti.example().compare_all(["z"], progress=refuse)
    for run in (everything.summary, lambda: everything.write(tmp_path / "all.csv"), lambda: list(everything)):
        with pytest.raises(LookupError, match="enough"):
            run()
    with pytest.raises(pa.ArrowInvalid, match="LookupError: enough"):
        pa.table(everything)
    assert list(tmp_path.iterdir()) == []


def test_a_bar_of_tqdm(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    kultti.example().compare_all(["z"], progress=True).summary()
    assert "23/23" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with pytest.raises(ModuleNotFoundError, match="pip install tqdm"):
        kultti.example().compare_all(["z"], progress=True)


# Ctrl-C, threads and forks -------------------------------------------------------------------------------------

FOREVER = """
import sys, kultti, pyarrow, polars
everything = kultti.example().compare_all(["z", "difference:region"])
runs = {
    "summary": everything.summary,
    "write": lambda: everything.write(sys.argv[2]),
    "batches": lambda: [None for _ in everything],
    "pyarrow": lambda: pyarrow.table(everything),
    "polars": lambda: polars.DataFrame(everything),
}
# Once before, for what is imported by then: a Ctrl-C within an import (pyarrow's first table brings pandas) may end Python
# as if nobody had caught it.
run = runs[sys.argv[1]]
run()
try:
    print("begun", flush=True)
    while True:
        try:
            run()
        except (pyarrow.ArrowInvalid, polars.exceptions.ComputeError) as error:
            assert "KeyboardInterrupt" in str(error)
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are others there")
@pytest.mark.parametrize("run", ["summary", "write", "batches", "pyarrow", "polars"])
def test_ctrl_c_is_a_keyboard_interrupt(run: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", FOREVER, run, str(tmp_path / "all.csv")]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "begun\n"
    # Sent in the middle of some run.
    with pytest.raises(subprocess.TimeoutExpired):
        child.wait(timeout=0.3)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out) == (0, "interrupted\n"), err
    assert {path.name for path in tmp_path.iterdir()} <= {"all.csv"}


def test_two_runs_at_once_and_one_that_is_left(everything: kultti.CompareAll) -> None:
    left, right = iter(everything), iter(everything)
    first = pa.record_batch(next(left))
    assert first == pa.record_batch(next(right))
    del left
    assert sum(len(batch) for batch in right) + first.num_rows == everything.summary().rows


def _rows(queue: multiprocessing.Queue[int], everything: kultti.CompareAll) -> None:
    queue.put(everything.summary().rows)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_a_process_forked_between_two_runs_has_threads_of_its_own(everything: kultti.CompareAll) -> None:
    rows = everything.summary().rows
    context = multiprocessing.get_context("fork")
    queue: multiprocessing.Queue[int] = context.Queue()
    child = context.Process(target=_rows, args=(queue, everything))
    child.start()
    assert queue.get(timeout=60) == rows
    child.join(timeout=60)
    assert child.exitcode == 0


def test_the_cache_may_be_small_or_none() -> None:
    answers = {
        kultti.open(EXAMPLE, language="en", cache_bytes=size).compare(CULTURE, "Kokkola").to_json()
        for size in (None, 0, 1_000_000)
    }
    assert len(answers) == 1
