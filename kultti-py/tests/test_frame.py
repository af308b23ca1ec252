"""A release from a frame: the same rules as for a file, the same release whoever holds the figures."""

import datetime
import hashlib
import json
import random
import re
from pathlib import Path

import duckdb
import kultti
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

EXAMPLE = kultti.example(language="en")
VISITS = {
    "unit": {"id": "point"},
    "measure": [
        {"id": "survey.visits", "label": "Visits", "unit": "visit"},
        {"id": "survey.score", "label": "Score", "unit": "point", "kind": "share", "decimals": 1},
    ],
    "indicator": {"id": "survey.visits_per_inhabitant", "formula": "survey.visits / population.year_end"},
}


def columns() -> dict[str, list]:
    """Figures of three areas in two years, with everything that a row may say."""
    return {
        "measure": ["survey.visits"] * 4 + ["survey.score"] * 2,
        "period": ["2018", "2019", "2019", "2019", "2019", "2019"],
        "area": ["272", "272", "091", "005", "272", "091"],
        "territory": ["2018-12-31"] + ["2019-12-31"] * 5,
        "value": [90000.0, 95362.0, 2000000.0, None, 4.1, 3.9],
        "status": ["A", "A", "E", "Q", "P", "A"],
        "missing": [None, None, None, "suppressed", None, None],
        "note": [None, None, "estimated by the city", None, None, None],
    }


def frames(table: dict[str, list]) -> dict[str, object]:
    """The same figures in every library, and in every way that each of them has of holding texts and gaps."""
    arrow = pa.table(table)
    missing_as_nan = pd.DataFrame(table).astype({"value": "float64"})
    texts = [name for name in table if name != "value"]
    dictionary = pa.table(
        [arrow[name].combine_chunks().dictionary_encode() if name in texts else arrow[name] for name in table],
        names=list(table),
    )
    connection = duckdb.connect()
    connection.register("arrow", arrow)
    chunked = pa.Table.from_batches(arrow.to_batches(max_chunksize=2))
    views = arrow.cast(
        pa.schema([(name, pa.string_view() if name in texts else pa.float64()) for name in table])
    )
    return {
        "pyarrow table": arrow,
        "pyarrow batch": arrow.to_batches()[0],
        "pyarrow chunks": chunked,
        "pyarrow reader": arrow.to_reader(),
        "pyarrow dictionary": dictionary,
        "pyarrow views": views,
        "pandas str": missing_as_nan,
        "pandas object": missing_as_nan.astype({name: object for name in texts}),
        "pandas categorical": missing_as_nan.astype({name: "category" for name in texts}),
        "pandas arrow": arrow.to_pandas(types_mapper=pd.ArrowDtype),
        "pandas nullable": missing_as_nan.astype({"value": "Float64"}),
        "pandas index": missing_as_nan.set_index("area"),
        "polars": pl.DataFrame(table),
        "polars nan": pl.DataFrame(table).with_columns(pl.col("value").fill_null(float("nan"))),
        "polars categorical": pl.DataFrame(table).with_columns(pl.col(texts).cast(pl.Categorical)),
        "duckdb": connection.sql("from arrow"),
        "duckdb decimal": connection.sql("select * replace (value::decimal(18, 2) as value) from arrow"),
        "duckdb date": connection.sql("select * replace (territory::date as territory) from arrow"),
        "duckdb year": connection.sql("select * replace (period::integer as period) from arrow"),
    }


def survey(frame: object) -> kultti.Release:
    return kultti.Release.from_frame(frame, catalogue=[EXAMPLE, VISITS], territory=EXAMPLE, language="en")


@pytest.fixture(scope="module")
def expected() -> kultti.Release:
    return survey(pa.table(columns()))


@pytest.mark.parametrize("holder", list(frames(columns())))
def test_the_same_figures_are_the_same_release(holder: str, expected: kultti.Release) -> None:
    found = survey(frames(columns())[holder])
    assert found.id == expected.id
    assert found.compare("survey.score", "Kokkola").value == 4.1


def test_the_order_of_rows_and_columns_does_not_matter(expected: kultti.Release) -> None:
    rows = pl.DataFrame(columns()).rows(named=True)
    for seed in range(5):
        shuffled = random.Random(seed).sample(rows, len(rows))
        names = random.Random(seed).sample(list(columns()), len(columns()))
        assert survey(pl.DataFrame(shuffled).select(names)).id == expected.id


def test_another_figure_is_another_release(expected: kultti.Release) -> None:
    table = columns()
    table["value"][0] += 1
    assert survey(pl.DataFrame(table)).id != expected.id


ORDER = ["measure", "period", "area", "territory", "value", "status", "missing", "note"]
TYPES = dict.fromkeys(ORDER, pl.String) | {"value": pl.Float64}
DATASETS = Path(__file__).parents[2] / "datasets"


def spelt(cell: object) -> str:
    if cell is None:
        return ""
    return f"{cell:.10f}".rstrip("0").rstrip(".") if isinstance(cell, float) else str(cell)


def release_folder(tmp_path: Path, rows: list[tuple]) -> Path:
    """A folder for ``kultti release build`` with the rows as a CSV file."""
    lines = [",".join(ORDER), *(",".join(map(spelt, row)) for row in rows)]
    (tmp_path / "visits.csv").write_text("\n".join(lines) + "\n")
    (tmp_path / "release.toml").write_text(
        f"""
schema = 1
id = "own"
title = {{ fi = "a", sv = "b", en = "c" }}
publisher = {{ fi = "d", sv = "e", en = "f" }}
catalogues = ["{DATASETS}/catalogue/culture.toml"]
territory = "{DATASETS}/finland/territory"
joint_units = "{DATASETS}/finland/joint_units.csv"
breaks = "{DATASETS}/finland/breaks.csv"

[[table]]
file = "visits.csv"
source = "library_statistics"
retrieved = "2026-11-22"
description = {{ fi = "g", sv = "h", en = "i" }}
"""
    )
    return tmp_path


LOANS = [
    ("library.loans", "2018", "091", "2018-12-31", 8000000.0, "A", None, None),
    ("library.loans", "2019", "005", "2019-12-31", None, "Q", "suppressed", "kept secret"),
    ("library.loans", "2019", "272", "2019-12-31", 500000.0, "E", None, None),
    ("population.year_end", "2019", "272", "2019-12-31", 47681.0, "A", None, None),
]


def of_frame(rows: list[tuple]) -> kultti.Release:
    return kultti.Release.from_frame(
        pl.DataFrame(rows, schema=TYPES, orient="row"),
        catalogue="culture",
        territory=EXAMPLE,
        source="library_statistics",
        retrieved=datetime.date(2026, 11, 22),
        description={"fi": "g", "sv": "h", "en": "i"},
        title={"fi": "a", "sv": "b", "en": "c"},
        publisher={"fi": "d", "sv": "e", "en": "f"},
        name="visits.csv",
        language="en",
    )


def test_a_frame_and_an_equal_file_are_the_same_release(tmp_path: Path) -> None:
    folder = release_folder(tmp_path, LOANS)
    path = tmp_path / "built.parquet"
    assert kultti._kultti.cli_main(["kultti", "release", "build", str(folder), "-o", str(path)]) == 0
    built = kultti.open(path, language="en")
    found = of_frame(LOANS[::-1])
    assert found.id == built.id
    written = tmp_path / "written.parquet"
    found.write(written)
    assert written.read_bytes() == path.read_bytes()
    assert kultti.open(written, verify=True).id == built.id
    # What the release says of the frame is what another program says of the file.
    metadata = pq.ParquetFile(written).metadata.metadata
    digest = hashlib.sha256((folder / "visits.csv").read_bytes()).hexdigest()
    assert digest.encode() in metadata[b"kultti.provenance"]


def changed(row: int, **cells: object) -> list[tuple]:
    rows = [dict(zip(ORDER, cells, strict=True)) for cells in LOANS]
    rows[row] |= cells
    return [tuple(row.values()) for row in rows]


BREACHES = {
    "the same observation twice": [*LOANS, LOANS[2]],
    "a measure that does not exist": changed(0, measure="library.loan"),
    "a measure that is derived": changed(3, measure="population.year_end_previous"),
    "no measure": changed(1, measure=None),
    "a period that is none": changed(2, period="2019-13"),
    "no period": changed(2, period=None),
    "another frequency": changed(0, period="2018-Q1", territory="2018-03-31"),
    "a period before the definition": changed(0, period="1900"),
    "an area that does not exist": changed(1, area="999"),
    "a code that lost its zeros": changed(1, area="5"),
    "no area": changed(1, area=None),
    "an area that had ended": changed(2, area="911", territory="2020-12-31"),
    "borders that are no date": changed(2, territory="tomorrow"),
    "borders after the last known ones": changed(2, territory="2050-01-01"),
    "borders before the first known ones": changed(2, territory="1990-01-01"),
    "no borders": changed(2, territory=None),
    "a status that is none": changed(2, status="X"),
    "no status": changed(2, status=None),
    "a value where the status has none": changed(1, value=1.0),
    "no value where the status has one": changed(2, value=None),
    "a reason beside a value": changed(2, missing="suppressed"),
    "another reason than the status": changed(1, missing="not-collected"),
    "no reason": changed(1, missing=None),
    "a reason that is none": changed(1, missing="secret"),
    "persons below zero": changed(3, value=-1.0),
    "more decimals than the measure": changed(2, value=500000.5),
    "a status that the register of joint arrangements contradicts": [
        ("library.loans_per_inhabitant", "2018", "626", "2018-01-01", 10.0, "A", None, None),
    ],
}


@pytest.mark.parametrize("breach", list(BREACHES))
def test_a_breach_in_a_frame_is_that_of_a_file(
    breach: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = release_folder(tmp_path, BREACHES[breach])
    command = ["kultti", "release", "build", str(folder), "-o", str(tmp_path / "x"), "--lang", "en"]
    assert kultti._kultti.cli_main([*command, "--error-format", "json"]) == 3
    said = json.loads(capfd.readouterr().err)
    with pytest.raises(kultti.InvalidDataError) as error:
        of_frame(BREACHES[breach])
    assert error.value.code == said["code"]
    # Lines of a file count the header; rows of a frame do not.
    path = re.escape(f"{folder}/visits.csv")
    in_frame = re.sub(path + r":(\d+)", lambda place: f"visits.csv:{int(place[1]) - 1}", said["text"])
    assert str(error.value) == in_frame
    assert re.search(r"visits\.csv:\d", in_frame)


def test_columns_that_lack_or_are_nearly_called_right() -> None:
    table = pl.DataFrame(LOANS[:3], schema=TYPES, orient="row")
    with pytest.raises(kultti.InvalidDataError, match='no column "area".*Columns: measure, period, Area') as error:
        survey(table.rename({"area": "Area"}))
    assert error.value.code == "K0901" and "Did you mean Area?" in str(error.value)
    with pytest.raises(kultti.InvalidDataError, match='"Status".*Did you mean status') as error:
        survey(table.rename({"status": "Status"}))
    assert error.value.code == "K0902"
    with pytest.warns(kultti.TableWarning, match="left out: name, remarks of the city"):
        found = survey(table.with_columns(name=pl.lit("Kokkola"), **{"remarks of the city": pl.lit("x")}))
    assert found.id == survey(table).id


def test_codes_that_became_numbers_are_refused_with_advice() -> None:
    table = pd.DataFrame({"area": [5, 272], "period": 2019, "measure": "library.loans", "value": 1.0})
    with pytest.raises(kultti.InvalidDataError, match='column area.*"005", not 5.*as text.*Int64') as error:
        survey(table)
    assert error.value.code == "K0210"
    with pytest.raises(kultti.InvalidDataError, match="A day is no period"):
        survey(table.assign(area="005", period=pd.Timestamp("2019-12-31")))


def test_a_column_without_a_type_is_named() -> None:
    # polars hands such a column over with a buffer that the interface does not have.
    table = pl.DataFrame(LOANS[:1], schema=TYPES | {"note": pl.Null}, orient="row")
    with pytest.raises(kultti.InvalidDataError, match="column note.*cast it to text.*Null") as error:
        survey(table)
    assert error.value.code == "K0210"
    assert survey(table.to_arrow()).id == survey(table.cast({"note": pl.String})).id


def test_unknown_areas_are_all_named() -> None:
    table = pl.DataFrame({"area": ["Kokola", "Helsinki", "Esbo", "Nowhere"], "value": 1})
    with pytest.raises(kultti.InvalidDataError, match=r"frame:1: .*Kokola, Nowhere.*Kokkola \(272\)"):
        kultti.Release.from_frame(
            table, catalogue="culture", period=2019, measure="library.loans", language="en"
        )


def test_names_and_codes_of_an_area_are_the_same_area() -> None:
    ids = set()
    for area in ["272", "Kokkola", "karleby", "KOKKOLA", "Kokkola (272)", "272 Karleby"]:
        table = pl.DataFrame({"kunta": [area], "vuosi": [2019], "lainat": [500000]})
        release = kultti.Release.from_frame(
            table, catalogue="culture", area="kunta", period="vuosi", measure={"lainat": "library.loans"}
        )
        ids.add(release.id)
    assert len(ids) == 1
    with pytest.raises(kultti.InvalidDataError, match=r"Kokkola \(091\)"):
        survey(pl.DataFrame({"area": ["Kokkola (091)"], "period": 2019, "measure": "library.loans", "value": 1}))


def test_several_columns_of_figures() -> None:
    wide = pl.DataFrame({"kunta": ["272", "091"], "k": [95362, 2000000], "s": [4.1, None]})
    keywords = {"catalogue": [EXAMPLE, VISITS], "area": "kunta", "period": 2019, "language": "en"}
    names = {"k": "survey.visits", "s": "survey.score"}
    found = kultti.Release.from_frame(wide, measure=names, **keywords)
    long = pl.DataFrame(
        {
            "kunta": ["272", "091"] * 2,
            "measure": ["survey.visits"] * 2 + ["survey.score"] * 2,
            "value": [95362, 2000000, 4.1, None],
        },
        strict=False,
    )
    assert kultti.Release.from_frame(long, **keywords).id == found.id
    helsinki = found.compare("survey.score", "Helsinki")
    assert (helsinki.value, helsinki.status, helsinki.missing.code) == (None, "O", "missing")
    with pytest.raises(kultti.InvalidDataError, match="status could belong to any.*k, s") as error:
        kultti.Release.from_frame(wide.with_columns(status=pl.lit("A")), measure=names, **keywords)
    assert error.value.code == "K0903"


def test_own_figures_beside_those_of_a_release() -> None:
    table = pl.DataFrame({"area": ["Kokkola", "Helsinki"], "visits": [95362, 2000000]})
    release = EXAMPLE.extend(table, catalogue=VISITS, period=2019, measure={"visits": "survey.visits"})
    own = release.compare("survey.visits_per_inhabitant", "Kokkola", peers=["similar:3@culture_cost"])
    assert own.value == 95362 / 47681
    indicator = "culture.net_operating_cost_per_inhabitant"
    assert release.compare(indicator, "Kokkola").value == EXAMPLE.compare(indicator, "Kokkola").value
    figures = release.explain("survey.visits_per_inhabitant", "Kokkola").to_dict()
    assert "frame" in json.dumps(figures)
    assert release.verify().rows == EXAMPLE.verify().rows + 2
    # The same key in the frame and in the release beside it.
    again = pl.DataFrame(
        {"area": ["272"], "value": [1], "territory": ["2021-01-01"]}
    )
    with pytest.raises(kultti.InvalidDataError, match="frame:1: .*twice.*first at example:") as error:
        EXAMPLE.extend(again, period=2019, measure="population.year_end")
    assert error.value.code == "K0204"


def test_what_is_no_table_and_what_has_no_rows_yet() -> None:
    with pytest.raises(TypeError, match="PyCapsule"):
        survey({"area": ["272"]})
    with pytest.raises(TypeError, match="collect"):
        survey(pl.DataFrame(columns()).lazy())


def test_catalogues_that_are_wrong_say_so() -> None:
    table = pl.DataFrame(columns())
    for catalogue, words in [
        ("cultur", "culture"),
        ({"measure": {"id": "a.b", "unit": "visits"}}, "Did you mean visit"),
        ({"measure": {"id": "a.b", "units": "visit"}}, "units"),
        ({"indicator": {"id": "a.b", "formula": "library.loans /"}}, "formula|expected"),
        ({"indicator": {"id": "a.b", "formula": "library.loan * 2"}}, "Did you mean library.loans"),
        ("measure = [{ id = 'library.loans', unit = 'visit' }]", "library.loans"),
    ]:
        with pytest.raises(kultti.KulttiError, match=words):
            EXAMPLE.extend(table, catalogue=catalogue)


LIBRARY = "library.net_operating_cost_per_inhabitant"


def test_a_survey_is_joined_by_whatever_names_its_municipalities() -> None:
    """Every row stays where it is; what is not a municipality is named and has no figures."""
    texts = ["Kokkola", "karleby", "Kokkola (272)", "272", "Valtimo", "Kokola", None, "Kokkola (091)", "5"]
    survey = pl.DataFrame({"id": range(9), "kunta": texts, "code": ["x"] * 9})
    with pytest.warns(kultti.TableWarning, match='6 "Kokola", 7 "", 8 "Kokkola \\(091\\)", 9 "5"'):
        joined = EXAMPLE.join(survey, "kunta", indicators=[LIBRARY], period=2019)
    found = pl.DataFrame(joined)
    assert found.columns == [
        "id", "kunta", "code", "code_", "name", "match", LIBRARY, f"{LIBRARY}.status", f"{LIBRARY}.missing"
    ]
    assert found.select("id", "kunta", "code").equals(survey)
    assert found["code_"].to_list() == ["272"] * 4 + ["541"] + [None] * 4
    assert found["match"].to_list() == ["matched"] * 4 + [
        "merged", "unmatched", "empty", "ambiguous", "unmatched"
    ]
    # Kokkola: 2,861,000 euros by 47,681 inhabitants, as the tables of the example have it.
    assert found[LIBRARY].to_list()[:4] == [2861000 / 47681] * 4
    assert found[LIBRARY].to_list()[5:] == [None] * 4
    assert len(joined) == 9 and joined.matched == 5
    lost = pl.DataFrame(joined.unmatched)
    assert lost["row"].to_list() == [6, 7, 8, 9]
    assert "Kokkola (272)" in lost["near"][0]
    assert "(005)" in lost["near"][3]
    assert {note.code for note in joined.notes} == {"join-merged", "join-several-rows"}
    assert repr(joined).lstrip().startswith("Rows 9, matched 5, not matched 4: 6: Kokola")
    assert "Rows 9, matched 5" in joined._repr_html_()


def test_a_figure_that_is_missing_has_its_reason_beside_it() -> None:
    ranking = pl.DataFrame(EXAMPLE.rank("library.loans_per_inhabitant", order="desc", period=2018))
    asked = {"indicators": "library.loans_per_inhabitant", "period": 2018}
    found = pl.DataFrame(EXAMPLE.join(ranking.select(pl.col("code").alias("area")), "area", **asked))
    assert ranking["missing"].null_count() < ranking.height
    columns = {"value": "", "status": ".status", "missing": ".missing"}
    for column, ending in columns.items():
        assert found[f"library.loans_per_inhabitant{ending}"].to_list() == ranking[column].to_list()


def test_codes_that_became_numbers_find_their_zeros_again() -> None:
    for column in [pd.Series([5, 272]), pd.Series([5.0, 272.0]), pd.Series([5, 272], dtype="Int64")]:
        joined = EXAMPLE.join(pd.DataFrame({"code": column}), "code")
        assert pl.DataFrame(joined)["code_"].to_list() == ["005", "272"]


@pytest.mark.parametrize("borders, code", [("now", "541"), ("2019-12-31", "911"), ("then", "911")])
def test_borders_decide_which_municipality_it_is(borders: str, code: str) -> None:
    frame = pa.table({"kunta": ["Valtimo"]})
    joined = EXAMPLE.join(frame, "kunta", indicators=LIBRARY, period=2019, territory=borders)
    assert pa.table(joined)["code"].to_pylist() == [code]


def test_every_municipality_is_found_by_its_names_and_code() -> None:
    areas = pl.DataFrame(EXAMPLE.areas)
    living = areas.filter(pl.col("valid_to").is_null())
    for column in ["code", "name_fi", "name_sv"]:
        part = living.filter(pl.col(column).is_not_null()).select(pl.col("code").alias("expected"), pl.col(column).alias("text"))
        found = pl.DataFrame(EXAMPLE.join(part, "text"))
        assert found["code"].to_list() == part["expected"].to_list()
    with pytest.raises(kultti.InvalidDataError, match="no column \"kunnta\".*Did you mean kunta"):
        EXAMPLE.join(pa.table({"kunta": ["Valtimo"]}), "kunnta")


def test_unmatched_rows_stand_alone() -> None:
    answers = pl.DataFrame({"kunta": ["Karleby", "Kokola"], "festivals": [4, 1]})
    with pytest.warns(kultti.TableWarning, match="Kokola"):
        joined = kultti.example(language="en").join(answers, on="kunta")
    text = str(joined.unmatched)
    assert "Kokola" in text and "Kokkola (272)" in text
    assert "Karleby" not in text and "Karleby" in str(joined)
    assert [row["row"] for row in joined.unmatched.to_dict()] == [2]


def test_of_many_areas_without_a_value_the_first_are_named() -> None:
    """A figure of one municipality leaves 307 of 308 without; ten of them are named, and the ranking has each of them."""
    mine = kultti.example(language="en").extend(
        pl.DataFrame({"kunta": ["Kokkola"], "visits": [5]}),
        catalogue={"measure": {"id": "survey.visits", "unit": "visit"}},
        area="kunta",
        period=2019,
        borders="2026-01-01",
        measure={"visits": "survey.visits"},
    )
    ranking = mine.rank("survey.visits", period=2019, order="desc")
    assert sum(row.value is None for row in ranking) == 307
    [text] = [note.text for note in ranking.notes if "without-value" in note.code]
    assert ": 307, " in text and text.count(",") == 10
