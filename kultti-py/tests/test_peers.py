"""Similar municipalities against scikit-learn: scaling, distances, neighbours, contributions and mutual peers.

The values of the variables are read from the tables by ``oracle.py``, which knows nothing of Kultti; scaling and neighbours
are those of ``StandardScaler`` and ``NearestNeighbors``, with the sample standard deviation.
"""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Any

import kultti
import numpy as np
import pytest
from conftest import CULTURE, ROOT

pytest.importorskip("sklearn")
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import StandardScaler

COST = "culture_cost"
RELATIVE = 1e-9


def _values(release: kultti.Release, indicator: str, period: str) -> dict[str, float | None]:
    """Every area's figure, from a verb that is checked against the tables elsewhere."""
    return {row.code: row.value for row in release.rank(indicator, period=period, order="desc")}


def _catalogue(model: str) -> dict[str, Any]:
    document = tomllib.loads((ROOT / "datasets" / "catalogue" / "culture.toml").read_text())
    return next(known for known in document["peer_model"] if known["id"] == model)


def _scores(release: kultti.Release, model: str, period: str) -> tuple[list[str], np.ndarray, list[str]]:
    """Codes, and standard scores times the root of the weights: plain Euclidean distances of these are Kultti's."""
    variables = _catalogue(model)["variable"]
    columns = [_values(release, used["indicator"], used.get("period", period)) for used in variables]
    codes = sorted(columns[0])
    table = np.array([[column[code] for column in columns] for code in codes], dtype=float)
    assert not np.isnan(table).any()
    logs = [used.get("log", False) for used in variables]
    table[:, logs] = np.log(table[:, logs])
    n = len(codes)
    # StandardScaler divides by the population's standard deviation; the sample's is √(n/(n − 1)) times as large.
    scores = StandardScaler().fit_transform(table) * math.sqrt((n - 1) / n)
    weights = np.array([used["weight"] for used in variables], dtype=float)
    return codes, scores * np.sqrt(weights / weights.sum()), [used["indicator"] for used in variables]


@pytest.mark.parametrize("model", ["general", COST])
@pytest.mark.parametrize("period", ["2015", "2019"])
def test_neighbours_are_those_of_scikit_learn(release: kultti.Release, model: str, period: str) -> None:
    codes, scores, ids = _scores(release, model, period)
    k = 8
    # One more, since everyone is nearest to oneself.
    distances, places = NearestNeighbors(n_neighbors=k + 1).fit(scores).kneighbors(scores)
    nearest = {code: [codes[p] for p in row if codes[p] != code][:k] for code, row in zip(codes, places, strict=True)}
    for code in ("272", "091", "214", "478", "435", "005"):
        peers = release.peers(area=code, model=model, period=period)
        own = codes.index(code)
        assert [peer.code for peer in peers] == nearest[code]
        assert [peer.distance for peer in peers] == pytest.approx(list(distances[own][1 : k + 1]), rel=RELATIVE)
        assert [peer.reciprocal for peer in peers] == [code in nearest[peer.code] for peer in peers]
        for peer in peers:
            squares = (scores[own] - scores[codes.index(peer.code)]) ** 2
            shares = dict(zip(ids, squares / squares.sum(), strict=True))
            assert peer.contributions == pytest.approx(shares, rel=1e-6, abs=1e-12)


def test_missing_values_are_left_out_pair_by_pair(release: kultti.Release) -> None:
    """A naive loop over pairs with NumPy, on variables that half of the Åland municipalities and joint libraries lack."""
    ids = ["population.total", "library.loans_per_inhabitant", "population.change_5_years"]
    weights = np.array([1.0, 1.5, 2.0])
    found = release.peers(
        area="Kokkola", period=2019, k=20, variables=[f"{i}:{w}" for i, w in zip(ids, weights, strict=True)], log=[ids[0]]
    )
    columns = [_values(release, indicator, "2019") for indicator in ids]
    codes = sorted(columns[0])
    table = np.array([[column.get(code) for column in columns] for code in codes], dtype=float)
    table[:, 0] = np.log(table[:, 0])
    scores = (table - np.nanmean(table, axis=0)) / np.nanstd(table, axis=0, ddof=1)
    squares = (scores - scores[codes.index("272")]) ** 2
    common = np.where(np.isnan(squares), 0.0, weights)
    share = common.sum(axis=1) / weights.sum()
    distance = np.sqrt(np.nansum(common * squares, axis=1) / common.sum(axis=1))
    order = sorted((d, c) for d, c, s in zip(distance, codes, share, strict=True) if s >= 0.6 and c != "272")
    assert [peer.code for peer in found] == [code for _, code in order[:20]]
    assert [peer.distance for peer in found] == pytest.approx([d for d, _ in order[:20]], rel=RELATIVE)
    # Without loans 3 of 4.5 remain, which is enough: nobody is left out, and those peers say so.
    assert found.left_out == ()
    partly = {code for code, s in zip(codes, share, strict=True) if s < 1}
    assert {peer.code for peer in found if peer.common_weight < 1} == partly & {peer.code for peer in found}
    used = found.variables[1]
    assert used.n == int((~np.isnan(table[:, 1])).sum())
    assert (used.mean, used.sd) == pytest.approx((np.nanmean(table[:, 1]), np.nanstd(table[:, 1], ddof=1)))


def test_correlations_are_those_of_numpy(release: kultti.Release) -> None:
    ids = ["population.share_0_17", "population.share_65_over", "population.change_5_years"]
    found = release.peers(area="Kokkola", period=2018, variables=ids)
    columns = [_values(release, indicator, "2018") for indicator in ids]
    table = np.array([[column[code] for column in columns] for code in sorted(columns[0])], dtype=float)
    r = np.corrcoef(table, rowvar=False)
    strong = {(ids[i], ids[j]): r[i, j] for i in range(3) for j in range(i + 1, 3) if abs(r[i, j]) > 0.8}
    assert strong
    assert {(pair.left, pair.right): pair.r for pair in found.correlated} == pytest.approx(strong)


def test_only_the_group_asked_for_is_looked_at(release: kultti.Release) -> None:
    region = {row.code for row in release.rank("population.total", within="region:16", period=2019, order="desc")}
    found = release.peers(area="Kokkola", model="general", candidates="region", period=2019, k=7)
    assert {peer.code for peer in found} == region - {"272"}
    assert found.comparable == 7
    assert found.to_dict()["candidates"]["group"] == "16"


def test_records_read_well(release: kultti.Release) -> None:
    found = release.peers(CULTURE, "Kokkola", period=2019, k=3)
    peer = found[0]
    assert (found.model, found.indicator, found.k, len(found)) == ("culture_cost@1", CULTURE, 3, 3)
    assert peer in found[:1] and hash(peer) == hash(found[0])
    assert repr(peer).startswith("Peer(code='")
    assert list(peer.contributions) == [used.indicator for used in found.variables]
    as_json = found.to_dict()
    assert as_json["schema"] == 1
    assert as_json["peers"][0]["contributions"] == peer.contributions
    assert as_json["area"]["value"] == found.value
    value = release.compare(CULTURE, peer.code, period=2019).value
    assert peer.value == value
    assert found.variables[0].reason
    why = found.explain()
    assert len(why.inputs) == 4
    assert {figure.code for figure in why.inputs[3].figures} == {"272", *(other.code for other in found)}


def test_compare_takes_the_same_peers(release: kultti.Release) -> None:
    peers = release.peers(CULTURE, "Kokkola", period=2019)
    c = release.compare(CULTURE, "Kokkola", period=2019, peers=["similar:8", "similar@general", "region"])
    similar = c.peers[0]
    assert (similar.grouping, similar.group, similar.n, similar.includes_area) == ("similar", "culture_cost@1", 8, False)
    named = release.compare(CULTURE, "Kokkola", period=2019, peers=[peer.code for peer in peers])
    assert similar.value == named.peers[0].value
    assert similar.difference == named.peers[0].difference
    assert c.peers[1].group == "general@1"
    assert c.peers[2].includes_area


def test_a_model_of_ones_own_from_a_file(release: kultti.Release, tmp_path: Path) -> None:
    text = '{ fi = "a", sv = "b", en = "c" }'
    own = tmp_path / "own.toml"
    own.write_text(
        f'schema = 1\n[[peer_model]]\nid = "mine"\nversion = 2\nlabel = {text}\ndescription = {text}\nk = 4\n'
        f'[[peer_model.variable]]\nindicator = "population.total"\nlog = true\nweight = 1\nreason = {text}\n'
    )
    found = release.peers(area="Kokkola", model=own)
    assert (found.model, len(found)) == ("mine@2", 4)
    asked = release.peers(area="Kokkola", variables="population.total", log="population.total", k=4)
    assert [peer.distance for peer in found] == [peer.distance for peer in asked]
    c = release.compare(CULTURE, "Kokkola", peers=[f"similar@{own}"])
    assert c.peers[0].group == "mine@2"
    own.write_text(own.read_text().replace("population.total", "population.totl"))
    with pytest.raises(kultti.InvalidDataError, match="own.toml:9:13") as refused:
        release.peers(area="Kokkola", model=own)
    assert refused.value.code == "K0304"


def test_models_are_listed_with_their_reasons(release: kultti.Release) -> None:
    models = release.peer_models
    assert [model.id for model in models] == ["general", COST]
    declared = _catalogue(COST)
    assert [used.weight for used in models[1].variables] == [used["weight"] for used in declared["variable"]]
    assert all(used.reason and used.label for model in models for used in model.variables)
    assert set(models[1].scopes) == set(declared["scopes"])


@pytest.mark.parametrize(
    ("arguments", "code", "kind"),
    [
        ({"model": "generl"}, "K0721", kultti.NotFoundError),
        ({"variables": "population.totl"}, "K0404", kultti.NotFoundError),
        ({"variables": "population.total:-1"}, "K0501", kultti.InvalidArgumentError),
        ({"variables": "population.change_5_years", "log": "population.change_5_years"}, "K0723", kultti.InvalidArgumentError),
        ({"candidates": "region:16", "k": 8}, "K0724", kultti.InvalidArgumentError),
        ({"k": 0}, "K0501", kultti.InvalidArgumentError),
        ({"max_distance": -1.0}, "K0501", kultti.InvalidArgumentError),
    ],
)
def test_what_is_refused(release: kultti.Release, arguments: dict[str, Any], code: str, kind: type[Exception]) -> None:
    with pytest.raises(kind) as refused:
        release.peers(area="Kokkola", **arguments)
    assert getattr(refused.value, "code") == code
