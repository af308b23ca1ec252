"""Where an area stands within its groups, against pandas, NumPy and SciPy on the members' values."""

from __future__ import annotations

import kultti
import numpy as np
import pandas as pd
import pytest
from conftest import CULTURE, LIBRARY

pytest.importorskip("scipy")
from scipy.stats import median_abs_deviation

LOANS = "library.loans_per_inhabitant"
GROUPS = ["region:16", "region:01", "urban_rural", "size", "country", "similar:12"]
AREAS = ["272", "091", "214", "005", "301"]


def _members(c: kultti.Comparison, group: kultti.PeerGroup) -> pd.Series:
    """The members' values; the area's own row counts only where it is a member."""
    rows = [row for row in c.list if (row.grouping, row.group) == (group.grouping, group.group)]
    rows = [row for row in rows if not row.own or group.includes_area]
    return pd.Series({row.code: row.value for row in rows}, dtype=float).dropna()


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("indicator", [CULTURE, LIBRARY])
def test_scores_are_those_of_pandas_and_scipy(release: kultti.Release, indicator: str, area: str) -> None:
    c = release.compare(indicator, area, period=2018, peers=GROUPS, list=True)
    for group in c.peers:
        values = _members(c, group)
        assert len(values) == group.n
        assert group.z == pytest.approx((c.value - values.mean()) / values.std(ddof=1))
        deviation = median_abs_deviation(values)
        assert group.robust_z == pytest.approx((c.value - values.median()) / (1.4826 * deviation))
        assert group.robust_scale == "median-absolute-deviation"
        assert group.difference_budget == pytest.approx((c.value - group.value) * c.denominator)


@pytest.mark.parametrize("area", ["272", "005", "091"])
def test_bands_and_ranks_are_those_of_numpy_and_pandas(release: kultti.Release, area: str) -> None:
    # No joint library reaches beyond the country, so that every value is in its spread.
    c = release.compare(LOANS, area, period=2019, peers=["country"], bands="relative", list=True)
    group = c.peers[0]
    values = _members(c, group)
    lower, upper = np.quantile(values, [0.25, 0.75])
    assert group.bands is not None
    assert (group.bands.lower_cut, group.bands.upper_cut) == pytest.approx((lower, upper))
    expected = np.select([values > upper, values < lower], ["best", "worst"], "middle")
    assert {row.code: row.band for row in c.list if row.value is not None} == dict(zip(values.index, expected, strict=True))
    counts = pd.Series(expected).value_counts()
    assert (group.bands.best, group.bands.middle, group.bands.worst) == tuple(counts[["best", "middle", "worst"]])
    ranks = values.rank(method="min", ascending=False)
    assert {row.code: row.rank for row in c.list if row.rank is not None} == ranks.to_dict()
    differences = {row.code: row.difference for row in c.list if row.difference is not None}
    assert differences == pytest.approx((c.value - values).drop(area).to_dict())
    assert [row.code for row in c.list if row.own] == [area]


def test_thresholds_have_a_source(release: kultti.Release) -> None:
    c = release.compare(LOANS, "Kokkola", period=2019, peers=["country"], bands="absolute:8,12", bands_source="a plan", list=True)
    bands = c.peers[0].bands
    assert bands is not None
    values = _members(c, c.peers[0])
    assert (bands.best, bands.worst) == (int((values >= 12).sum()), int((values <= 8).sum()))
    assert (bands.method, bands.source) == ("absolute", "a plan")
    assert any(note.code == "bands-absolute" and "a plan" in note.text for note in c.notes)


def test_nothing_is_listed_unless_asked(release: kultti.Release) -> None:
    c = release.compare(LOANS, "Kokkola", period=2019, peers=["region"])
    assert c.list == ()
    assert c.peers[0].bands is None
    assert "list" not in c.to_dict()["peers"][0]


@pytest.mark.parametrize(("indicator", "bands", "code"), [(CULTURE, "relative", "K0508"), (LOANS, "quartiles", "K0501"), (LOANS, "absolute:5,4", "K0501")])
def test_bands_that_make_no_sense_are_refused(release: kultti.Release, indicator: str, bands: str, code: str) -> None:
    with pytest.raises(kultti.InvalidArgumentError) as refused:
        release.compare(indicator, "Kokkola", bands=bands)
    assert refused.value.code == code
