"""A collection by Python alone: from the recipe to two releases, by many hands at once, and against mistakes."""

from __future__ import annotations

import datetime
import json
import math
import multiprocessing
import pickle
import subprocess
import sys
import time
import warnings
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import kultti
import pytest

from collected import COST, EVENTS, RECIPE, filled

UTC = datetime.timezone.utc
INDICATOR = "library.net_operating_cost_per_inhabitant"
# Of population.csv: inhabitants of Kokkola at the end of 2020.
INHABITANTS = 47_772


@pytest.fixture
def round(tmp_path: Path) -> kultti.Round:
    (tmp_path / "round.toml").write_text(RECIPE, encoding="utf-8")
    return kultti.Round.define(tmp_path / "round.toml", language="en")


@pytest.fixture
def ledger(tmp_path: Path) -> kultti.Ledger:
    return kultti.Ledger.create(tmp_path / "ledger", language="en")


@pytest.fixture
def kokkola(round: kultti.Round, tmp_path: Path) -> Path:
    return filled(round, "Kokkola", tmp_path / "kokkola.json", {COST: 2_900_000, EVENTS: 41}, consent=True)


def at(day: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(f"{day}T12:00:00+00:00")


def test_a_round_says_what_it_asks_of_whom(round: kultti.Round, tmp_path: Path) -> None:
    assert (round.id, round.period, round.previous_period, round.scenario) == ("libraries-2020", "2020", "2019", "actual")
    assert (round.opens, round.due, round.closes) == (datetime.date(2021, 3, 1), datetime.date(2021, 4, 30), None)
    assert round.territory == datetime.date(2020, 1, 1)
    assert [(asked.measure, asked.unit, asked.required) for asked in round.measures] == [(COST, "EUR", True), (EVENTS, "event", False)]
    # The recipe gives no grouping of languages, so that every form is in Finnish.
    assert [(one.area, one.name, one.language) for one in round.reporters] == [("272", "Kokkola", "fi"), ("598", "Pietarsaari", "fi")]
    # Every municipality of the borders of 2020 is known from before: 310 (Statistics Finland, municipalities 2020).
    path = tmp_path / "libraries-2020.round.json"
    round.write(path)
    assert len(json.loads(path.read_text(encoding="utf-8"))["before"]) == 310
    again = kultti.Round.open(path, language="sv")
    assert (again.sha256, again.label, again.ledger) == (round.sha256, "Biblioteken 2020", str(tmp_path / "ledger"))
    assert "Libraries 2020" in repr(round)
    assert again.to_dict()["due"] == "2021-04-30"


def test_forms_are_written_and_read_in_every_format(round: kultti.Round, tmp_path: Path) -> None:
    for ending in ("xlsx", "csv", "json"):
        path = tmp_path / f"jakobstad.{ending}"
        round.write_form("Jakobstad", path, language="sv")
        check = round.check(path)
        # Nothing was answered: of the two figures asked the one that is required is an error, and a draft's warning.
        assert (check.ok, check.errors, check.warnings, len(check)) == (False, 1, 0, 1)
        assert (check.findings[0].measures, check.findings[0].values) == ((COST,), (None,))
        assert (check.forms[0].area, check.forms[0].answered, check.forms[0].asked) == ("598", 0, 2)
        draft = round.check(path, stage="draft")
        assert (draft.ok, draft.errors, draft.warnings) == (True, 0, 1)
    with zipfile.ZipFile(tmp_path / "jakobstad.xlsx") as book:
        assert any(name.startswith("xl/worksheets/") for name in book.namelist())


def test_forms_are_checked_together(round: kultti.Round, kokkola: Path, tmp_path: Path) -> None:
    empty = filled(round, "598", tmp_path / "jakobstad.json", {})
    for whole_round in (False, True):
        check = round.check([kokkola, empty], whole_round=whole_round)
        assert [(form.area, form.answered) for form in check.forms] == [("272", 2), ("598", 0)]
        assert [found.document for found in check.findings] == ["jakobstad.json"]
        # One rule, "form.required", tested on the one required figure of each form: one passes, one fails.
        assert [(rule.rule, rule.passed, rule.failed, rule.missing) for rule in check.rules] == [("form.required", 1, 1, 0)]
    assert round.check(tmp_path.glob("*a.json")).forms[0].document == "kokkola.json"
    with pytest.raises(kultti.InvalidArgumentError, match="one form|one at least"):
        round.check([])
    with pytest.raises(kultti.InvalidArgumentError):
        check.write_annotated(tmp_path / "copy.json")
    with pytest.raises(TypeError, match="path"):
        round.check(7)  # type: ignore[arg-type]


def test_what_was_found_can_be_taken_along(round: kultti.Round, tmp_path: Path) -> None:
    form = filled(round, "Kokkola", tmp_path / "kokkola.json", {COST: "about three million", EVENTS: 41})
    check = round.check(form)
    (found,) = check.findings
    assert (found.severity, found.rule, found.cells[0].cell != "") == ("error", "type", True)
    assert [row["finding"] for row in check.to_dict()["findings"]] == [found.finding]
    assert check.to_pandas()["severity"].to_list() == ["error"]
    assert check.to_polars()["finding"].to_list() == [found.finding]
    assert found.message != check.in_language("sv").findings[0].message
    assert "<li>" in check._repr_html_()

    check.write(tmp_path / "findings.sarif")
    sarif = json.loads((tmp_path / "findings.sarif").read_text(encoding="utf-8"))
    assert sarif == check.to_sarif()
    (result,) = sarif["runs"][0]["results"]
    assert (result["level"], result["message"]["text"]) == ("error", found.message)
    check.write(tmp_path / "findings.csv")
    assert (tmp_path / "findings.csv").read_text(encoding="utf-8").splitlines()[1].startswith(found.finding)

    check.write_annotated(tmp_path / "checked.json")
    rows = json.loads((tmp_path / "checked.json").read_text(encoding="utf-8"))["answers"]
    # The copy is in the language of the form.
    assert rows[0]["remarks"] == [check.in_language("fi").findings[0].message]
    before = form.read_bytes()
    with pytest.raises(kultti.InvalidArgumentError):
        check.write_annotated(form)
    assert form.read_bytes() == before


def test_a_whole_round(round: kultti.Round, ledger: kultti.Ledger, kokkola: Path, tmp_path: Path) -> None:
    """Two municipalities: one answers in time; the other late, without its cost, which a coordinator waives. One figure is
    corrected after publication."""
    # Both figures of Kokkola are new. The very same file again is recognised.
    done = ledger.submit(round, kokkola, author="Aino Ahonen", now=at("2021-04-15"))
    assert (done.area, done.stage, done.written, done.unchanged, done.late, done.version) == ("272", "submitted", 2, 0, False, 1)
    again = ledger.submit(round, kokkola, author="Aino Ahonen", now=at("2021-04-16"))
    assert (again.already, again.written, again.version) == (at("2021-04-15"), 0, 1)

    jakobstad = filled(round, "598", tmp_path / "jakobstad.json", {EVENTS: 0}, consent=False)
    late = ledger.submit(round, jakobstad, author="Sven Strand", now=at("2021-05-02"))
    # A true zero is an answer; an empty cell is none.
    assert (late.written, late.late) == (1, True)

    status = ledger.status(round)
    assert (status.expected, status.answered, status.late, status.response_rate) == (2, 2, 1, 1.0)
    assert (status.errors, status.ledger_version) == (1, 2)
    assert [(one.stage, one.figures, one.asked, one.errors, one.consent) for one in status.reporters] == [
        ("submitted", 2, 2, 0, True),
        ("submitted", 1, 2, 1, False),
    ]
    assert status.reporters[1].answered == at("2021-05-02")
    assert ledger.status(round, as_of="2021-04-30").answered == 1
    assert ledger.status(round, as_of=datetime.date(2021, 4, 14)).response_rate == 0.0

    # What has an open error is held back, until it is waived.
    (open_finding,) = ledger.findings(round).findings
    assert (open_finding.area, open_finding.measures) == ("598", (COST,))
    first = ledger.approve(round, author="Bo Berg", now=at("2021-05-10"))
    assert first.areas == (("272", 2),)
    assert [(held.area, held.findings) for held in first.held_back] == [("598", (open_finding.finding,))]
    with pytest.raises(kultti.KulttiError, match=open_finding.finding):
        ledger.approve(round, "Jakobstad", author="Bo Berg", now=at("2021-05-10"))
    waived = ledger.waive(
        round, open_finding, reason="accounts are late", until=datetime.date(2021, 12, 31), author="Bo Berg", now=at("2021-05-11")
    )
    assert (waived.finding, waived.area, waived.until) == (open_finding.finding, "598", datetime.date(2021, 12, 31))
    second = ledger.approve(round, ["598"], author="Bo Berg", now=at("2021-05-12"))
    assert (second.areas, second.held_back) == ((("598", 1),), ())
    assert [one.waived for one in ledger.status(round, as_of="2021-12-31").reporters] == [0, 1]
    assert [one.waived for one in ledger.status(round, as_of="2022-01-01").reporters] == [0, 0]

    release = ledger.publish(round).in_language("en")
    c = release.compare(INDICATOR, "Kokkola", period=2020)
    assert c.value is not None and math.isclose(c.value, 2_900_000 / INHABITANTS, rel_tol=1e-12)
    hidden = release.compare(INDICATOR, "Jakobstad", period=2020)
    # It has not allowed publication: what it gave is suppressed.
    assert hidden.value is None and hidden.missing is not None

    # The correction has a reason, which the difference of the two releases tells.
    corrected = ledger.correct(
        round, "Kokkola", COST, 2_950_000, reason="a rent was left out", author="Bo Berg", now=at("2021-06-20")
    )
    assert (corrected.before.value, corrected.after.value, corrected.after.missing) == (2_900_000, 2_950_000, None)
    later = ledger.publish([round], title="Libraries 2020, second").in_language("en")
    value = later.compare(INDICATOR, "Kokkola", period=2020).value
    assert value is not None and math.isclose(value, 2_950_000 / INHABITANTS, rel_tol=1e-12)
    assert "a rent was left out" in release.diff(later).cells.to_json()
    # What was published can be published again, byte by byte.
    release.write(tmp_path / "first.parquet")
    ledger.publish([round], as_of=at("2021-06-19")).write(tmp_path / "again.parquet")
    assert (tmp_path / "first.parquet").read_bytes() == (tmp_path / "again.parquet").read_bytes()

    log = ledger.log(round, "Kokkola", COST)
    lines = [(row["stage"], row["value_before"], row["value"], row["author"], row["reason"]) for row in log.to_dict()]
    assert lines == [
        ("submitted", None, 2_900_000, "Aino Ahonen", None),
        ("approved", 2_900_000, 2_900_000, "Bo Berg", None),
        ("corrected", 2_900_000, 2_950_000, "Bo Berg", "a rent was left out"),
    ]
    # create, two submissions, two approvals, a waiver and a correction.
    commits = ledger.log(round)
    assert (len(commits), commits.in_lines) == (7, False)
    assert [row["operation"] for row in commits.to_dict()][1:] == ["submit", "submit", "approve", "waive", "approve", "correct"]
    assert ledger.version == 6


def test_many_forms_are_taken_together(round: kultti.Round, ledger: kultti.Ledger, kokkola: Path, tmp_path: Path) -> None:
    jakobstad = filled(round, "598", tmp_path / "jakobstad.json", {COST: 1_300_000, EVENTS: 12})
    broken = filled(round, "598", tmp_path / "broken.json", {COST: "about three million"})
    again = filled(round, "598", tmp_path / "again.json", {COST: 1_300_000, EVENTS: 13})
    forms = [kokkola, broken, jakobstad, tmp_path / "nowhere.json", again]
    first, unreadable, second, missing, third = ledger.submit_all(round, forms, author="Aino Ahonen", now=at("2021-04-15"))
    assert isinstance(unreadable, kultti.InvalidDataError) and "broken.json" in str(unreadable)
    assert isinstance(missing, kultti.FileError) and isinstance(missing, OSError)
    assert isinstance(first, kultti.Submitted) and isinstance(second, kultti.Submitted) and isinstance(third, kultti.Submitted)
    assert [(one.area, one.version, one.written) for one in (first, second, third)] == [("272", 1, 2), ("598", 1, 2), ("598", 2, 1)]
    assert ledger.version == 2
    assert ledger.submit_all(round, [], author="Aino Ahonen") == []
    with pytest.raises(TypeError):
        ledger.submit_all(round, "kokkola.json", author="Aino Ahonen")  # type: ignore[arg-type,unused-ignore]


def test_the_record_can_be_read_without_kultti(round: kultti.Round, ledger: kultti.Ledger, kokkola: Path, tmp_path: Path) -> None:
    """The Python packages of Delta Lake and polars see the rows that Kultti sees."""
    try:
        import deltalake
    except ImportError:
        said = "NOT TESTED: the package deltalake is not installed, which reads the ledger without Kultti"
        warnings.warn(said, stacklevel=1)
        pytest.skip(said)
    import polars as pl

    ledger.submit(round, kokkola, author="Aino Ahonen", now=at("2021-04-15"))
    ledger.submit(round, filled(round, "598", tmp_path / "a.json", {COST: 1_000, EVENTS: "."}), author="Sven", now=at("2021-04-16"))
    ledger.submit(round, filled(round, "598", tmp_path / "b.json", {COST: 1_300_000}), author="Sven", now=at("2021-04-17"))
    ledger.approve(round, author="Bo Berg", now=at("2021-05-10"))
    ledger.correct(round, "Kokkola", EVENTS, missing="missing", reason="lost", author="Bo Berg", now=at("2021-06-20"))
    ledger.submit(round, filled(round, "272", tmp_path / "c.json", {COST: 5, EVENTS: 6}), author="A", reason="x", now=at("2021-07-01"))

    table = deltalake.DeltaTable(str(tmp_path / "ledger"))
    assert table.version() == ledger.version == 6
    rows = pl.read_delta(str(tmp_path / "ledger")) if hasattr(pl, "read_delta") else pl.from_arrow(table.to_pyarrow_table())
    assert isinstance(rows, pl.DataFrame)
    key = ["measure", "period", "area", "territory"]
    for minimum, stages in (
        ("submitted", ["submitted", "approved", "final", "corrected"]),
        ("approved", ["approved", "final", "corrected"]),
    ):
        for moment in (at("2021-04-16"), at("2021-05-10"), at("2021-06-30"), None):
            known = rows.filter(pl.col("kind") == "fact", pl.col("stage").is_in(stages))
            if moment is not None:
                known = known.filter(pl.col("recorded") <= moment)
            last = known.sort("recorded", "sequence", "line").group_by(key).last().sort(key)
            facts = ledger.facts(minimum=minimum, as_of=moment).to_polars()  # type: ignore[arg-type]
            assert facts.rows() == last.select(facts.columns).rows(), (minimum, moment)
    # By hand: the last form of Jakobstad counts, and the correction of Kokkola; its later form is not approved.
    found = ledger.facts().to_polars().select("measure", "area", "value", "missing", "stage").rows()
    assert found == [
        (EVENTS, "272", None, "missing", "corrected"),
        (EVENTS, "598", None, "missing", "approved"),
        (COST, "272", 2_900_000.0, None, "approved"),
        (COST, "598", 1_300_000.0, None, "approved"),
    ]


def test_facts_are_a_stream_for_anything_that_reads_arrow(
    round: kultti.Round, ledger: kultti.Ledger, kokkola: Path
) -> None:
    import duckdb
    import pyarrow as pa

    ledger.submit(round, kokkola, author="Aino Ahonen", now=at("2021-04-15"))
    facts = ledger.facts(minimum="submitted", rounds="libraries-2020")
    assert pa.table(facts).equals(pa.table(facts.to_arrow()))
    assert pa.RecordBatchReader.from_stream(facts).schema == pa.schema(facts)
    summed = duckdb.sql("select sum(value) from facts")
    assert summed is not None and summed.fetchall() == [(2_900_041.0,)]
    recorded = facts.to_arrow().column("recorded")[0].as_py()
    assert recorded == at("2021-04-15")
    # A reader sees the version that was asked about, whoever writes meanwhile.
    ledger.approve(round, author="Bo Berg", now=at("2021-05-10"))
    assert facts.version == 1 and set(facts.to_polars()["stage"]) == {"submitted"}
    assert ledger.facts(rounds=["another"]).to_polars().height == 0
    assert ledger.facts(scenario="budget", minimum="draft").to_pandas().shape == (0, 19)


def test_a_ledger_at_a_version_is_for_reading(round: kultti.Round, ledger: kultti.Ledger, kokkola: Path, tmp_path: Path) -> None:
    ledger.submit(round, kokkola, author="Aino Ahonen")
    empty = kultti.Ledger.open(tmp_path / "ledger", version=0, language="en")
    assert (empty.status(round).answered, empty.version) == (0, 0)
    with pytest.raises(kultti.InvalidArgumentError, match="version"):
        empty.approve(round, author="Bo Berg")
    # Another object sees what was written by this one.
    other = kultti.Ledger.open(tmp_path / "ledger")
    ledger.approve(round, author="Bo Berg")
    assert (other.version, other.status(round).reporters[0].stage, other.version) == (1, "approved", 2)


def test_a_draft_is_no_answer(round: kultti.Round, ledger: kultti.Ledger, kokkola: Path) -> None:
    draft = ledger.submit(round, kokkola, author="Aino Ahonen", draft=True)
    assert (draft.stage, draft.written) == ("draft", 2)
    status = ledger.status(round)
    assert (status.answered, status.reporters[0].stage) == (0, "draft")
    assert ledger.facts(minimum="submitted").to_polars().height == 0


def test_whoever_acts_is_named(
    round: kultti.Round, ledger: kultti.Ledger, kokkola: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("KULTTI_AUTHOR", "USER", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(kultti.InvalidArgumentError) as raised:
        ledger.submit(round, kokkola)
    assert "author=" in str(raised.value) and "--" not in str(raised.value)
    with pytest.raises(kultti.InvalidArgumentError):
        ledger.submit(round, kokkola, author="  ")
    monkeypatch.setenv("USER", "aahonen")
    monkeypatch.setenv("KULTTI_AUTHOR", "Aino Ahonen")
    ledger.submit(round, kokkola)
    assert ledger.log(round, "Kokkola").to_dict()[0]["author"] == "Aino Ahonen"


NAIVE = datetime.datetime(2021, 4, 15, 12)
HELSINKI = datetime.timezone(datetime.timedelta(hours=3))


def test_a_moment_has_a_time_zone(round: kultti.Round, ledger: kultti.Ledger, kokkola: Path) -> None:
    for naive in (NAIVE, "2021-04-15T12:00:00", "yesterday", ""):
        with pytest.raises(kultti.InvalidArgumentError, match="now.*timezone.utc"):
            ledger.submit(round, kokkola, author="A", now=naive)
        with pytest.raises(kultti.InvalidArgumentError, match="as_of"):
            ledger.status(round, as_of=naive)
    with pytest.raises(TypeError, match="datetime"):
        ledger.submit(round, kokkola, author="A", now=2021)  # type: ignore[arg-type]
    assert ledger.version == 0
    ledger.submit(round, kokkola, author="A", now=NAIVE.replace(tzinfo=HELSINKI))
    # Noon in a zone three hours ahead is nine in UTC.
    assert ledger.status(round).reporters[0].answered == datetime.datetime(2021, 4, 15, 9, tzinfo=UTC)


HOSTILE: dict[str, tuple[Callable[[kultti.Round, kultti.Ledger], Any], type[Exception]]] = {
    "area": (lambda r, l: l.approve(r, "Atlantis", author="A"), kultti.NotFoundError),
    "no areas": (lambda r, l: l.approve(r, [], author="A"), kultti.InvalidArgumentError),
    "no areas to consent": (lambda r, l: l.consent(r, [], author="A"), kultti.InvalidArgumentError),
    "area of another type": (lambda r, l: l.approve(r, 272, author="A"), TypeError),  # type: ignore[arg-type]
    "measure": (lambda r, l: l.log(r, measure="library.event"), kultti.NotFoundError),
    "measure to correct": (lambda r, l: l.correct(r, "272", "library.event", 1, reason="x", author="A"), kultti.NotFoundError),
    "neither": (lambda r, l: l.correct(r, "272", EVENTS, reason="x", author="A"), kultti.InvalidArgumentError),
    "both": (lambda r, l: l.correct(r, "272", EVENTS, 1, missing="missing", reason="x", author="A"), kultti.InvalidArgumentError),
    "nan": (lambda r, l: l.correct(r, "272", EVENTS, math.nan, reason="x", author="A"), kultti.InvalidArgumentError),
    "infinite": (lambda r, l: l.correct(r, "272", EVENTS, math.inf, reason="x", author="A"), kultti.InvalidArgumentError),
    "a text": (lambda r, l: l.correct(r, "272", EVENTS, "12", reason="x", author="A"), TypeError),  # type: ignore[arg-type]
    "reason": (lambda r, l: l.correct(r, "272", EVENTS, 1, reason=" ", author="A"), kultti.InvalidArgumentError),
    "why": (lambda r, l: l.correct(r, "272", EVENTS, missing="lost", reason="x", author="A"), kultti.InvalidArgumentError),
    "nothing approved": (lambda r, l: l.correct(r, "272", EVENTS, 1, reason="x", author="A"), kultti.KulttiError),
    "finding": (lambda r, l: l.waive(r, "0123456789ab", reason="x", author="A"), kultti.NotFoundError),
    "day": (lambda r, l: l.waive(r, "0123456789ab", reason="x", until="soon", author="A"), kultti.InvalidArgumentError),
    "stage": (lambda r, l: l.facts(minimum="Approved"), kultti.InvalidArgumentError),  # type: ignore[arg-type]
    "scenario": (lambda r, l: l.facts(scenario="plan"), kultti.InvalidArgumentError),  # type: ignore[arg-type]
    "rounds": (lambda r, l: l.publish(["libraries-2020"]), TypeError),  # type: ignore[list-item]
    "no round": (lambda r, l: l.status(None), TypeError),  # type: ignore[arg-type]
    "before it opens": (lambda r, l: l.submit(r, "kokkola.json", author="A", now="2021-02-28"), kultti.InvalidArgumentError),
    "no form": (lambda r, l: l.submit(r, "missing.json", author="A"), FileNotFoundError),
    "not a form": (lambda r, l: l.submit(r, "round.toml", author="A"), kultti.InvalidDataError),
    "unreadable": (lambda r, l: l.submit(r, "unreadable.json", author="A"), kultti.InvalidDataError),
    "form of a folder": (lambda r, l: l.submit(r, ".", author="A"), OSError),
    "check a folder": (lambda r, l: r.check("."), OSError),
    "format": (lambda r, l: r.write_form("272", "form.pdf"), kultti.InvalidArgumentError),
    "language": (lambda r, l: r.write_form("272", "form.csv", language="de"), kultti.InvalidArgumentError),  # type: ignore[arg-type]
    "findings have no form": (lambda r, l: l.findings(r).write_annotated("copy.xlsx"), kultti.InvalidArgumentError),
    "recipe": (lambda r, l: kultti.Round.define("kokkola.json"), kultti.InvalidDataError),
    "no recipe": (lambda r, l: kultti.Round.define("missing.toml"), FileNotFoundError),
    "no such round": (lambda r, l: kultti.Round.open("missing.round.json"), FileNotFoundError),
    "round": (lambda r, l: kultti.Round.open("kokkola.json"), kultti.InvalidDataError),
    "no ledger": (lambda r, l: kultti.Ledger.open("missing"), kultti.NotFoundError),
    "a second ledger": (lambda r, l: kultti.Ledger.create("ledger"), kultti.InvalidArgumentError),
    "version": (lambda r, l: kultti.Ledger.open("ledger", version=99), kultti.NotFoundError),
    "negative version": (lambda r, l: kultti.Ledger.open("ledger", version=-1), kultti.NotFoundError),
    "store": (lambda r, l: kultti.Ledger.open("gopher://ledger"), kultti.InvalidArgumentError),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_mistakes_are_told_and_write_nothing(
    case: str, round: kultti.Round, ledger: kultti.Ledger, kokkola: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    filled(round, "272", tmp_path / "unreadable.json", {COST: "=1+1"})
    asked, raised = HOSTILE[case]
    with pytest.raises(raised) as error:
        asked(round, ledger)
    if isinstance(error.value, kultti.KulttiError):
        # A sentence that speaks of keywords, not of options.
        assert error.value.code.startswith("K") and "--" not in str(error.value) and len(str(error.value)) > 20
    assert kultti.Ledger.open("ledger").version == 0


def test_messages_name_what_python_has(round: kultti.Round, ledger: kultti.Ledger, tmp_path: Path) -> None:
    for language, word in (("fi", "pääkirja"), ("sv", "huvudbok"), ("en", "ledger")):
        with pytest.raises(kultti.NotFoundError, match=word) as missing:
            kultti.Ledger.open(tmp_path / "none", language=language)  # type: ignore[arg-type]
        assert str(missing.value).endswith(f'kultti.Ledger.create("{tmp_path / "none"}")')
    ledger.submit(round, filled(round, "272", tmp_path / "a.json", {COST: 1, EVENTS: 1}), author="A")
    (tmp_path / "other.toml").write_text(RECIPE.replace("libraries-2020", "museums-2020"), encoding="utf-8")
    with pytest.raises(kultti.NotFoundError, match="libraries-2020.*rounds="):
        ledger.publish(kultti.Round.define(tmp_path / "other.toml"))
    ledger.approve(round, author="B")
    with pytest.raises(kultti.InvalidArgumentError, match='reason="'):
        ledger.correct(round, "272", COST, 2, reason="", author="B")
    with pytest.raises(kultti.InvalidArgumentError, match='reason="'):
        ledger.submit(round, filled(round, "272", tmp_path / "b.json", {COST: 2, EVENTS: 1}), author="A")


def test_a_form_of_another_round_is_refused(round: kultti.Round, ledger: kultti.Ledger, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text(RECIPE.replace("libraries-2020", "museums-2020"), encoding="utf-8")
    other = kultti.Round.define(tmp_path / "other.toml")
    form = filled(other, "272", tmp_path / "form.json", {COST: 1, EVENTS: 1})
    with pytest.raises(kultti.KulttiError, match="museums-2020"):
        ledger.submit(round, form, author="A")
    assert ledger.version == 0


def test_two_threads_submit_at_once(round: kultti.Round, ledger: kultti.Ledger, tmp_path: Path) -> None:
    """Whoever comes second decides again: all lines of both are there once."""
    forms = [
        filled(round, area, tmp_path / f"{area}-{turn}.json", {COST: turn + 1, EVENTS: turn + 100})
        for turn in range(4)
        for area in ("272", "598")
    ]
    other = kultti.Ledger.open(tmp_path / "ledger")
    with ThreadPoolExecutor(2) as pool:
        work = [pool.submit((ledger, other)[turn % 2].submit, round, form, author="A") for turn, form in enumerate(forms)]
        done = [one.result(timeout=120) for one in work]
    assert sorted(one.version for one in done) == list(range(1, 9))
    assert all(one.written == 2 for one in done)
    rows = ledger.log(round, measure=COST).to_dict()
    assert sorted((row["area"], row["value"]) for row in rows) == [(area, turn) for area in ("272", "598") for turn in (1, 2, 3, 4)]


def test_a_conflict_is_told_and_a_later_try_lands(round: kultti.Round, ledger: kultti.Ledger, kokkola: Path, tmp_path: Path) -> None:
    """The place of the next version is taken at every try, as if somebody else were first each time."""
    taken = tmp_path / "ledger" / "_delta_log" / f"{1:020}.json"
    taken.mkdir()
    with pytest.raises(kultti.ConflictError) as conflict:
        ledger.submit(round, kokkola, author="A")
    again = pickle.loads(pickle.dumps(conflict.value))
    assert (type(again), again.code, str(again)) == (kultti.ConflictError, conflict.value.code, str(conflict.value))
    assert ledger.version == 0
    taken.rmdir()
    assert (ledger.submit(round, kokkola, author="A").written, ledger.version) == (2, 1)


def test_another_thread_goes_on_meanwhile(round: kultti.Round, ledger: kultti.Ledger, kokkola: Path) -> None:
    ledger.submit(round, kokkola, author="A")
    interval = sys.getswitchinterval()
    # A thread that keeps the interpreter would be asked to give it up only after this long.
    sys.setswitchinterval(60)
    try:
        with ThreadPoolExecutor(1) as pool:
            work = pool.submit(lambda: [ledger.status(round) for _ in range(3)])
            ticks = 0
            while not work.done():
                time.sleep(0.0005)
                ticks += 1
    finally:
        sys.setswitchinterval(interval)
    assert ticks > 3


def _in_child(queue: multiprocessing.Queue[str], ledger: kultti.Ledger, folder: Path) -> None:
    for ask in (lambda: ledger.facts().to_arrow(), lambda: kultti.Ledger.open(folder), lambda: kultti.example().id):
        try:
            ask()
            queue.put("answered")
        except RuntimeError as error:
            queue.put(str(error))


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_a_forked_process_is_told(ledger: kultti.Ledger, tmp_path: Path) -> None:
    """The threads of a ledger stay in the parent; the child is told at once instead of waiting for them. Releases go on."""
    facts = ledger.facts()
    assert facts.to_arrow().num_rows == 0
    context = multiprocessing.get_context("fork")
    queue: multiprocessing.Queue[str] = context.Queue()
    child = context.Process(target=_in_child, args=(queue, ledger, tmp_path / "ledger"))
    child.start()
    said = [queue.get(timeout=60) for _ in range(3)]
    child.join(timeout=60)
    assert child.exitcode == 0
    assert all("spawn" in text and "forkserver" in text for text in said[:2])
    assert said[2] == "answered"


PROGRAM = """
import signal, sys, kultti

round = kultti.Round.open(sys.argv[1])
ledger = kultti.Ledger.open(sys.argv[2])
questions = {
    "status": lambda: ledger.status(round),
    "publish": lambda: ledger.publish([round]),
    "facts": lambda: ledger.facts(minimum="draft").to_arrow(),
    "submit": lambda: [ledger.submit(round, form, author="A", reason="again") for form in sys.argv[4:]],
}
ask = questions[sys.argv[3]]
# As the terminal and the kernel of a notebook send it, once for every question, until it is heard.
signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGINT))
try:
    while True:
        signal.setitimer(signal.ITIMER_REAL, 0.02)
        ask()
except KeyboardInterrupt:
    print(kultti.Ledger.open(sys.argv[2]).status(round).answered)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGALRM")
@pytest.mark.parametrize("question", ["status", "publish", "facts", "submit"])
def test_ctrl_c_is_heard(question: str, round: kultti.Round, ledger: kultti.Ledger, kokkola: Path, tmp_path: Path) -> None:
    round.write(tmp_path / "libraries-2020.round.json")
    ledger.submit(round, kokkola, author="A")
    forms = [filled(round, "272", tmp_path / f"{value}.json", {COST: value}) for value in (1, 2)]
    command = [sys.executable, "-c", PROGRAM, "libraries-2020.round.json", "ledger", question, *map(str, forms)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.split() == ["1"], done.stderr
    # Whole submissions only: each has its line and at least one figure in the commit that made its version.
    rows = ledger.log(round, "Kokkola").to_dict()
    of_commit: dict[str, list[str]] = {}
    for row in rows:
        of_commit.setdefault(row["sequence"], []).append(row["kind"])
    assert all(kinds[0] == "submission" and "fact" in kinds for kinds in of_commit.values())


def test_the_command_line_and_python_share_a_ledger(
    round: kultti.Round, ledger: kultti.Ledger, kokkola: Path, tmp_path: Path
) -> None:
    """The same verbs: what one writes the other reads, and both say the same."""
    path = tmp_path / "libraries-2020.round.json"
    round.write(path)
    command = [sys.executable, "-m", "kultti", "--lang", "en", "--format", "json"]

    def run(*arguments: str) -> Any:
        done = subprocess.run([*command, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    run("submit", str(kokkola), "--author", "Aino Ahonen", "--now", "2021-04-15T12:00:00Z")
    assert ledger.submit(round, kokkola, author="Aino Ahonen").already == at("2021-04-15")
    assert run("status", str(path)) == ledger.status(round).to_dict()
    assert run("log", str(path), "Kokkola") == ledger.log(round, "Kokkola").to_dict()
