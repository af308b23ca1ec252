"""SQL over a release: the same answers as DuckDB and polars give over its file, and the data of one's own beside it."""

from __future__ import annotations

import gc
import multiprocessing
import signal
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import kultti
import pytest

from conftest import CULTURE, EXAMPLE

duckdb = pytest.importorskip("duckdb")
polars = pytest.importorskip("polars")
pyarrow = pytest.importorskip("pyarrow")
pandas = pytest.importorskip("pandas")
parquet = pytest.importorskip("pyarrow.parquet")


@pytest.fixture
def own() -> kultti.Release:
    """A release that no other test has given anything."""
    return kultti.open(EXAMPLE, language="en")


QUERIES = [
    "SELECT count(*) AS n, count(value) AS valued, sum(value) AS total FROM observations",
    "SELECT measure, period, count(*) AS n, max(value) AS most FROM observations GROUP BY measure, period ORDER BY measure, period",
    "SELECT * FROM observations WHERE measure = 'population.year_end' AND period BETWEEN '2015' AND '2016' ORDER BY period, area, territory",
    "SELECT area, period, value - lag(value) OVER (PARTITION BY area ORDER BY period) AS change FROM observations"
    " WHERE measure = 'library.loans_per_inhabitant' ORDER BY area, period",
    "SELECT missing, status, count(*) AS n FROM observations GROUP BY missing, status ORDER BY missing NULLS FIRST, status",
    "SELECT a.area, a.value / b.value AS ratio FROM observations a JOIN observations b ON a.area = b.area AND a.period = b.period"
    " WHERE a.measure = 'library.net_operating_cost' AND b.measure = 'population.year_end' AND a.period = '2019' ORDER BY a.area",
    "SELECT area FROM observations WHERE value IS NULL AND measure LIKE 'lib%' ORDER BY area LIMIT 7",
    "WITH latest AS (SELECT area, max(period) AS period FROM observations GROUP BY area) SELECT period, count(*) AS n FROM latest GROUP BY period ORDER BY period",
]


@pytest.mark.parametrize("query", QUERIES)
def test_duckdb_gives_the_same_answer_over_the_file(query: str, release: kultti.Release) -> None:
    expected = duckdb.sql(query.replace("FROM observations", f"FROM '{EXAMPLE}'").replace("JOIN observations", f"JOIN '{EXAMPLE}'")).fetchall()
    found = release.sql(query).to_polars().rows()
    assert len(expected) > 0
    assert len(found) == len(expected)
    for ours, theirs in zip(found, expected, strict=True):
        assert [one if not isinstance(one, float) else pytest.approx(one, rel=1e-12) for one in theirs] == list(ours)


def test_the_observations_are_the_rows_of_the_file(release: kultti.Release) -> None:
    """All columns and rows, in the order of the file, without asking for one."""
    expected = polars.read_parquet(EXAMPLE)
    found = release.sql("SELECT * FROM observations ORDER BY measure, period, area, territory").to_polars()
    assert found.columns == expected.columns
    texts = polars.selectors.exclude(polars.selectors.numeric())
    assert found.with_columns(texts.cast(polars.String)).equals(expected.with_columns(texts.cast(polars.String)))


def test_compare_in_sql_is_compare(release: kultti.Release) -> None:
    ranking = {row.code: row for row in release.rank(CULTURE, period=2019, order="desc")}
    rows = release.sql(f"SELECT area, value, rank FROM compare('{CULTURE}', '2019', 'descending')").to_polars().rows()
    assert len(rows) == len(ranking) > 300
    for area, value, rank in rows:
        assert (value, rank) == (ranking[area].value, ranking[area].rank)


def frames() -> dict[str, Any]:
    columns = {"area": ["091", "272", "???"], "visits": [20, None, 5]}
    table = pyarrow.table(columns)
    return {
        "polars": polars.DataFrame(columns),
        "pandas": pandas.DataFrame({"area": columns["area"], "visits": pandas.array(columns["visits"], dtype="Int64")}),
        "pyarrow": table,
        "a batch": table.to_batches()[0],
        "a reader": pyarrow.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=1)),
        "duckdb": duckdb.from_arrow(table),
        "an answer": kultti.example().sql("SELECT * FROM (VALUES ('091', 20), ('272', NULL), ('???', 5)) AS t (area, visits)"),
    }


JOIN = "SELECT mine.area, name_fi, visits FROM mine LEFT JOIN areas USING (area) ORDER BY mine.area"


@pytest.mark.parametrize("kind", frames())
def test_frames_are_joined(kind: str, own: kultti.Release) -> None:
    own.register("mine", frames()[kind])
    assert own.sql(JOIN).to_polars().rows() == [("091", "Helsinki", 20), ("272", "Kokkola", None), ("???", None, 5)]


@pytest.mark.parametrize("ending", ["csv", "parquet", "arrow"])
def test_files_are_joined(ending: str, own: kultti.Release, tmp_path: Path) -> None:
    path = tmp_path / f"mine.{ending}"
    frame = polars.DataFrame({"area": ["091", "272"], "visits": [20, 7]})
    {"csv": frame.write_csv, "parquet": frame.write_parquet, "arrow": frame.write_ipc}[ending](path)
    for given in (path, str(path)):
        own.register("mine", given)
        assert own.sql(JOIN).to_polars().rows() == [("091", "Helsinki", 20), ("272", "Kokkola", 7)]
    with pytest.raises(kultti.FileError):
        own.register("mine", tmp_path / f"nowhere.{ending}")
    with pytest.raises(kultti.InvalidDataError):
        own.register("mine", tmp_path / "mine.docx")


def test_a_frame_is_taken_as_it_is_now(own: kultti.Release) -> None:
    frame = pandas.DataFrame({"n": [1, 2, 3]})
    own.register("mine", frame)
    before = own.sql("SELECT sum(n) AS n FROM mine")
    frame.loc[0, "n"] = 100
    del frame
    gc.collect()
    assert own.sql("SELECT sum(n) AS n FROM mine").to_polars()["n"].to_list() == [6]
    own.register("mine", polars.DataFrame({"m": [7]}))
    assert own.sql("SELECT m FROM mine").to_polars()["m"].to_list() == [7]
    # What was asked before keeps what it was asked of, at the second reading too.
    assert [before.to_polars()["n"].to_list() for _ in range(2)] == [[6], [6]]
    assert own.in_language("sv").sql("SELECT m FROM mine").to_polars()["m"].to_list() == [7]
    with pytest.raises(kultti.NotFoundError):
        kultti.open(EXAMPLE).sql("SELECT m FROM mine")


def test_a_frame_without_rows_has_its_columns(own: kultti.Release) -> None:
    own.register("none", polars.DataFrame(schema={"area": polars.String, "n": polars.Int64}))
    answer = own.sql("SELECT area, n, n + 1 AS more FROM none")
    assert answer.to_polars().shape == (0, 3)
    assert answer.to_arrow().schema.field("more").type == pyarrow.int64()
    assert len(answer.to_pandas()) == 0
    assert own.sql("SELECT count(*) AS n FROM none").to_polars()["n"].to_list() == [0]
    assert "area" in repr(answer)


def test_columns_of_any_name_and_type(own: kultti.Release) -> None:
    columns = {
        "Käyntiä": [1, 2],
        "select": ["a", None],
        'with "quotes"': [0.5, float("nan")],
        "": [True, False],
        "day": pandas.to_datetime(["2019-01-01", "2020-02-29"]),
    }
    own.register("odd", polars.DataFrame({name: list(values) for name, values in columns.items()}))
    answer = own.sql('SELECT "Käyntiä", "select", "with ""quotes""", "", day FROM odd ORDER BY 1').to_polars()
    assert answer.columns == list(columns)
    assert answer["select"].to_list() == ["a", None]
    assert [str(day)[:10] for day in answer["day"]] == ["2019-01-01", "2020-02-29"]


@pytest.mark.parametrize("name", ["observations", "areas", "compare", "compare_all", "theme_economy"])
def test_names_of_the_release_stay_its_own(name: str, own: kultti.Release) -> None:
    with pytest.raises(kultti.InvalidArgumentError) as raised:
        own.register(name, polars.DataFrame({"n": [1]}))
    assert raised.value.code == "K1091"
    assert own.sql("SELECT count(*) AS n FROM observations").to_polars()["n"].to_list() == [polars.read_parquet(EXAMPLE).height]


@pytest.mark.parametrize("name", ["", "Mine", "my table", "1st", "a;b", 'a"b', "a.b", "information_schema.x"])
def test_a_name_is_a_plain_word(name: str, own: kultti.Release) -> None:
    with pytest.raises(kultti.InvalidArgumentError) as raised:
        own.register(name, polars.DataFrame({"n": [1]}))
    assert raised.value.code == "K1092"


def test_what_is_no_table_is_refused(own: kultti.Release) -> None:
    with pytest.raises(TypeError, match="Arrow PyCapsule"):
        own.register("mine", 7)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="collect"):
        own.register("mine", polars.LazyFrame({"n": [1]}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "error", "part"),
    [
        ("SELEC 1", kultti.InvalidArgumentError, "SELEC"),
        ("SELECT 1; SELECT 2", kultti.InvalidArgumentError, "2"),
        ("", kultti.InvalidArgumentError, "0"),
        ("CREATE TABLE mine AS SELECT 1", kultti.InvalidArgumentError, "CREATE TABLE"),
        ("SELECT * FROM observation", kultti.NotFoundError, "observations"),
        ("SELECT valeu FROM observations", kultti.NotFoundError, "value"),
        ("SELECT mediann(value) FROM observations", kultti.NotFoundError, "median"),
        ("SELECT * FROM compare(area) CROSS JOIN areas", kultti.InvalidArgumentError, "compare(indicator"),
        (f"SELECT * FROM '{EXAMPLE}'", kultti.NotFoundError, "example"),
    ],
)
def test_mistakes_are_raised_at_once(query: str, error: type[Exception], part: str, release: kultti.Release) -> None:
    with pytest.raises(error) as raised:
        release.sql(query)
    assert part in str(raised.value)


@pytest.mark.parametrize(
    ("query", "part"),
    [
        (f"SELECT * FROM compare('{CULTURE[:-1]}')", CULTURE),
        (f"SELECT * FROM compare('{CULTURE}', '1900')", "1900"),
        ("SELECT * FROM groups('library.loans_per_inhabitant', 'regoin')", "regoin"),
    ],
)
def test_what_a_function_does_not_know_is_raised_when_it_is_read(query: str, part: str, release: kultti.Release) -> None:
    answer = release.sql(query)
    for ask in (answer.to_polars, lambda: repr(answer)):
        with pytest.raises(kultti.NotFoundError) as raised:
            ask()
        assert part in str(raised.value)
    with pytest.raises(pyarrow.ArrowInvalid, match=part):
        pyarrow.RecordBatchReader.from_stream(answer).read_all()


def test_options_are_read(release: kultti.Release) -> None:
    assert release.sql("SELECT 1 AS n", memory="64MB", threads=1).to_polars()["n"].to_list() == [1]
    assert release.sql("SELECT 1 AS n", memory=64 << 20).to_polars()["n"].to_list() == [1]
    for wrong in ("much", 0, "1 PB"):
        with pytest.raises(kultti.InvalidArgumentError, match="1GB"):
            release.sql("SELECT 1", memory=wrong)
    with pytest.raises(ValueError, match="zero"):
        release.sql("SELECT 1", threads=0)


def test_a_query_with_too_little_memory_says_so(release: kultti.Release) -> None:
    """A list of 1.2 billion numbers must be in memory."""
    query = "SELECT array_agg(a.value) AS n FROM observations a CROSS JOIN observations b"
    with pytest.raises(kultti.KulttiError) as raised:
        release.sql(query, memory="2MB").to_polars()
    assert raised.value.code == "K1088"


def test_every_reader_begins_anew(release: kultti.Release) -> None:
    answer = release.sql("SELECT area, period, value FROM observations ORDER BY area, period, measure, territory")
    first, second = polars.DataFrame(answer), answer.to_polars()
    assert first.equals(second)
    reader = pyarrow.RecordBatchReader.from_stream(answer)
    assert reader.schema == pyarrow.schema(answer)
    assert sum(batch.num_rows for batch in reader) == first.height
    assert pandas.DataFrame.from_arrow(answer).shape == first.shape
    assert duckdb.sql("SELECT count(*) FROM answer").fetchall() == [(first.height,)]
    assert answer.columns == ("area", "period", "value")
    assert answer.query.startswith("SELECT area")


def test_the_release_and_the_query_travel_with_the_rows(release: kultti.Release, tmp_path: Path) -> None:
    query = "SELECT area, value FROM observations WHERE period = '2019'"
    answer = release.sql(query)
    assert answer.release == release.id
    expected = {b"kultti.release": release.id.encode(), b"kultti.query": query.encode()}
    found = answer.to_arrow().schema.metadata
    assert {key: found[key] for key in expected} == expected
    rows = answer.write(tmp_path / "answer.parquet")
    table = parquet.read_table(tmp_path / "answer.parquet")
    assert table.num_rows == rows == answer.to_polars().height
    found = parquet.read_metadata(tmp_path / "answer.parquet").metadata
    assert {key: found[key] for key in expected} == expected
    answer.write(tmp_path / "answer.arrow")
    with pyarrow.ipc.open_stream(tmp_path / "answer.arrow") as stream:
        assert {key: stream.schema.metadata[key] for key in expected} == expected


def sheet(path: Path) -> list[list[str | float | None]]:
    """The rows of the first sheet of a workbook, read as the zip of XML that it is."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(path) as book:
        known = ElementTree.fromstring(book.read("xl/sharedStrings.xml")).findall(f"{space}si") if "xl/sharedStrings.xml" in book.namelist() else []
        shared = ["".join(text.itertext()) for text in known]
        rows = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml")).iter(f"{space}row")

    def value(cell: ElementTree.Element) -> str | float | None:
        text = "".join(cell.itertext())
        return {"s": lambda: shared[int(text)], "inlineStr": lambda: text}.get(cell.get("t", ""), lambda: float(text) if text else None)()

    # A cell without a value is not there, or has none; those of the test stand last.
    found = [[value(cell) for cell in row] for row in rows]
    return [row + [None] * (len(found[0]) - len(row)) for row in found]


@pytest.mark.parametrize("ending", ["csv", "tsv", "parquet", "arrow", "json", "jsonl", "xlsx"])
def test_files_hold_the_rows(ending: str, release: kultti.Release, tmp_path: Path) -> None:
    answer = release.sql("SELECT measure, period, area, value FROM observations WHERE period = '2019' ORDER BY measure, area LIMIT 400")
    path = tmp_path / f"answer.{ending}"
    assert answer.write(path) == 400
    read = {
        "csv": lambda: polars.read_csv(path, schema_overrides={"area": polars.String, "period": polars.String}),
        "tsv": lambda: polars.read_csv(path, separator="\t", schema_overrides={"area": polars.String, "period": polars.String}),
        "parquet": lambda: polars.read_parquet(path),
        "arrow": lambda: polars.read_ipc_stream(path),
        "json": lambda: polars.read_json(path),
        "jsonl": lambda: polars.read_ndjson(path),
        "xlsx": lambda: polars.DataFrame(sheet(path)[1:], schema=sheet(path)[0], orient="row"),
    }[ending]()
    texts = polars.selectors.exclude(polars.selectors.numeric())
    expected = answer.to_polars().with_columns(texts.cast(polars.String))
    assert read.with_columns(texts.cast(polars.String), polars.col("value").cast(polars.Float64)).equals(expected)


def test_two_columns_of_one_name_are_no_frame(release: kultti.Release) -> None:
    answer = release.sql("SELECT a.area, b.area FROM areas a JOIN areas b ON a.area = b.area")
    for ask in (answer.to_polars, answer.to_pandas, answer.to_arrow, answer.__arrow_c_stream__):
        with pytest.raises(kultti.InvalidArgumentError) as raised:
            ask()
        assert raised.value.code == "K1101"
    # Shown it may be: people find columns by their place.
    assert repr(answer).split()[:2] == ["area", "area"]


def test_the_first_rows_are_shown(release: kultti.Release) -> None:
    long = repr(release.sql("SELECT area, period FROM observations ORDER BY measure, period, area, territory"))
    # The header, ten rows, and that there are more.
    assert [line.strip() for line in long.splitlines() if line.strip()][-1] == "… and more rows"
    assert 11 <= len(long.splitlines()) <= 14
    short = repr(release.sql("SELECT area FROM areas ORDER BY area LIMIT 25"))
    assert len([line for line in short.splitlines() if line.strip()]) == 26
    html = release.sql("SELECT 1.5 AS half, 'a<b' AS text")._repr_html_()
    assert "a&lt;b" in html and "1.5" in html


def test_tables_list_what_there_is(own: kultti.Release) -> None:
    before = {row["name"]: row for row in own.tables().to_dict()}
    assert {"observations", "indicators", "areas", "groupings", "notes", "compare", "compare_all"} <= set(before)
    columns = [column["name"] for column in before["observations"]["columns"]]
    assert columns == list(polars.read_parquet_schema(EXAMPLE))
    own.register("mine", polars.DataFrame({"n": [1]}))
    (mine,) = [row for row in own.tables().to_dict() if row["name"] not in before]
    assert (mine["name"], mine["kind"], [column["name"] for column in mine["columns"]]) == ("mine", "own", ["n"])
    # Every table can be asked for every column that is said of it.
    for row in before.values():
        if row["kind"] in ("table", "view"):
            assert list(own.sql(f"SELECT * FROM {row['name']} LIMIT 1").columns) == [column["name"] for column in row["columns"]]
    frame = polars.DataFrame(own.tables())
    assert frame.columns == ["name", "kind", "signature", "description", "columns"]


def test_eight_threads_get_the_same_answers(own: kultti.Release) -> None:
    own.register("mine", polars.DataFrame({"area": ["272", "091"], "n": [1, 2]}))
    query = f"SELECT area, n, value, rank FROM compare('{CULTURE}', '2019') JOIN mine USING (area) ORDER BY area"
    expected = own.sql(query).to_polars()
    assert expected.height == 2
    shared = own.sql(query)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(lambda: own.sql(query).to_polars()) for _ in range(8)]
        asked += [pool.submit(lambda: polars.DataFrame(shared)) for _ in range(8)]
        assert all(one.result().equals(expected) for one in asked)


def _in_child(queue: multiprocessing.Queue[str], release: kultti.Release) -> None:
    try:
        queue.put(str(release.sql("SELECT 1 AS n").to_polars()["n"].to_list()))
    except RuntimeError as error:
        queue.put(str(error))


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_a_forked_process_is_told(release: kultti.Release) -> None:
    release.sql("SELECT 1")
    context = multiprocessing.get_context("fork")
    queue: multiprocessing.Queue[str] = context.Queue()
    child = context.Process(target=_in_child, args=(queue, release))
    child.start()
    assert "forked" in queue.get(timeout=60)
    child.join(timeout=60)
    assert child.exitcode == 0


PROGRAM = """
import signal, sys, kultti

release = kultti.open(sys.argv[1], language="en")
endless = "SELECT sum(a.value * b.value * c.value) AS n FROM observations a CROSS JOIN observations b CROSS JOIN observations c"
rows = "SELECT a.area, b.area AS other FROM observations a CROSS JOIN observations b CROSS JOIN observations c"
def stream():
    import pyarrow
    try:
        pyarrow.RecordBatchReader.from_stream(release.sql(endless)).read_all()
    except pyarrow.ArrowInvalid as error:
        # The reader has an error of its own; the interruption comes right after it.
        assert "KeyboardInterrupt" in str(error)
        for _ in range(1_000_000):
            pass
ask = {
    "frame": lambda: release.sql(endless).to_arrow(),
    "shown": lambda: repr(release.sql(endless)),
    "written": lambda: release.sql(rows).write("rows.parquet"),
    "stream": stream,
}[sys.argv[2]]
# As the terminal and the kernel of a notebook send it, again and again until it is heard.
signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGINT))
signal.setitimer(signal.ITIMER_REAL, 0.3, 0.3)
try:
    ask()
except KeyboardInterrupt:
    signal.setitimer(signal.ITIMER_REAL, 0)
    print(release.sql("SELECT count(*) AS n FROM areas WHERE area = '272'").to_arrow()["n"][0])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGALRM")
@pytest.mark.parametrize("asked", ["frame", "shown", "written", "stream"])
def test_ctrl_c_ends_a_query(asked: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(EXAMPLE), asked]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert done.stdout.split() == ["1"], done.stderr
    assert list(tmp_path.iterdir()) == [], "nothing is left of a file"


def test_the_signal_of_a_session_is_the_usual_one(release: kultti.Release) -> None:
    release.sql("SELECT 1").to_polars()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
