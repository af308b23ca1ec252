"""Releases and ledgers on S3 from Python, beside a server that is not Kultti's."""

from __future__ import annotations

import datetime
import json
import os
import socket
import subprocess
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import kultti
import pytest

import independent_readers
from collected import COST, EVENTS, RECIPE, filled
from conftest import EXAMPLE, LIBRARY

ADDRESS = "s3://kultti/example.parquet"
AT = datetime.datetime(2021, 4, 1, 12, tzinfo=datetime.timezone.utc)


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, Any]]:
    """What an S3 server says of itself; skips, said loudly, where there is none."""
    python = os.environ.get("KULTTI_ORACLES")
    if not python:
        said = "NOT TESTED: KULTTI_ORACLES names no Python with an S3 server"
        warnings.warn(said, stacklevel=2)
        pytest.skip(said)
    command = [python, str(independent_readers.SCRIPTS / "serve_s3.py"), str(EXAMPLE)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdin is not None
        yield json.loads(process.stdout.readline())
        # The server ends with its input.
        process.stdin.close()


def become(server: dict[str, Any], who: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ENDPOINT_URL", server["endpoint"])
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_REGION", "eu-north-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", server[who][0])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", server[who][1])
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def owner(server: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    become(server, "owner", monkeypatch)


@pytest.mark.usefixtures("owner")
def test_a_release_on_s3_answers_as_its_file_does() -> None:
    there, here = kultti.open(ADDRESS, verify=True, language="en"), kultti.open(EXAMPLE, language="en")
    assert (there.id, there.name) == (here.id, ADDRESS)
    answers = [release.rank(LIBRARY, period=2019, order="desc").to_pandas() for release in (there, here)]
    assert answers[0].equals(answers[1])
    there.write("s3://kultti/copies/of it.parquet")
    assert kultti.open("s3://kultti/copies/of it.parquet").id == here.id


@pytest.mark.usefixtures("owner")
def test_many_threads_open_at_once() -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda _: kultti.open(ADDRESS).id, range(16)))
    assert ids == {kultti.open(EXAMPLE).id}


@pytest.mark.usefixtures("owner")
def test_a_collection_on_s3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "round.toml").write_text(RECIPE, encoding="utf-8")
    round = kultti.Round.define(tmp_path / "round.toml", language="en")
    forms = [
        filled(round, area, tmp_path / f"{area}.json", {COST: cost, EVENTS: 41}, consent=True)
        for area, cost in [("Kokkola", 2_900_000), ("Pietarsaari", 1_300_000)]
    ]
    ledger = kultti.Ledger.create("s3://kultti/libraries/ledger", language="en")
    with ThreadPoolExecutor(2) as pool:
        written = list(pool.map(lambda form: ledger.submit(round, form, author="a", now=AT).written, forms))
    assert written == [2, 2]
    assert ledger.submit(round, forms[0], author="a", now=AT).written == 0
    ledger.approve(round, author="b", now=AT)
    ledger.publish([round]).write("s3://kultti/libraries/2020.parquet")
    release = kultti.open("s3://kultti/libraries/2020.parquet", language="en")
    # 2,900,000 euros over 47,772 inhabitants at the end of 2020.
    assert release.compare(LIBRARY, "Kokkola", period=2020).value == pytest.approx(2_900_000 / 47_772)
    lines = independent_readers.ask("read_ledger.py", "s3://kultti/libraries/ledger", ledger.version)
    assert lines["deltalake"] == lines["polars"]
    facts = [row for row in lines["polars"] if "fact" in row and COST in row]
    assert sorted({row[5] for row in facts}) == ["272", "598"]


def test_mistakes_are_exceptions_of_their_kind(server: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    become(server, "owner", monkeypatch)
    for address, kind, code, words in [
        ("s3://kultti/exampel.parquet", kultti.NotFoundError, "K1113", "example.parquet"),
        ("s3://kulti/example.parquet", kultti.NotFoundError, "K1114", "kulti"),
        ("s4://kultti/example.parquet", kultti.InvalidArgumentError, "K1047", "s3://"),
        ("s3://kultti/cut-example.parquet", kultti.InvalidDataError, "K0103", "cut off"),
    ]:
        with pytest.raises(kind, match=words) as raised:
            kultti.open(address, language="en")
        assert raised.value.code == code
    for who, code in [("stranger", "K1117"), ("unknown", "K1116")]:
        become(server, who, monkeypatch)
        for ask in (kultti.open, kultti.Ledger.open):
            with pytest.raises(kultti.FileError) as raised:
                ask(ADDRESS, language="en")
            assert raised.value.code == code
            assert server[who][1] not in str(raised.value)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        # Bound, and nobody listens.
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(OSError, match="does not answer") as raised:
            kultti.open(ADDRESS, language="en")
    assert isinstance(raised.value, kultti.FileError) and raised.value.code == "K1118"
