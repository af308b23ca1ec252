"""Inequality against NumPy: double sums over all pairs of areas, a trapezoid under the Lorenz curve, groups in pandas."""

from __future__ import annotations

import kultti
import numpy as np
import pandas as pd
import pytest

from conftest import CULTURE, LIBRARY

INDICATORS = [CULTURE, LIBRARY, "basic_arts_education.net_operating_cost_per_inhabitant"]
NEGATIVE = "museum.net_operating_cost_per_inhabitant"


def table(release: kultti.Release, indicator: str, period: int) -> pd.DataFrame:
    """Numerators, denominators and regions of all areas, read through another verb."""
    columns = ["numerator", "denominator"]
    everything = release.compare_all(columns, indicators=indicator, start=period, end=period)
    frame = pd.concat([pd.DataFrame.from_arrow(batch) for batch in everything])
    return frame.dropna(subset="value").astype({"area": str})


@pytest.mark.parametrize("indicator", INDICATORS)
@pytest.mark.parametrize("period", [2015, 2019])
def test_gini_and_theil_are_the_double_sums(indicator: str, period: int, release: kultti.Release) -> None:
    frame = table(release, indicator, period)
    found = release.inequality(indicator, period=period)
    if (frame["numerator"] < 0).any():
        assert found.gini is None
        assert found.missing is not None
        assert found.missing.code == "negative-value"
        return
    n, d = frame["numerator"].to_numpy(), frame["denominator"].to_numpy()
    x, p = n / d, d / d.sum()
    mean = n.sum() / d.sum()
    gini = (np.outer(p, p) * np.abs(np.subtract.outer(x, x))).sum() / (2 * mean)
    assert found.gini == pytest.approx(gini, rel=1e-12)
    ratio = x[x > 0] / mean
    assert found.theil is not None
    assert found.theil.total == pytest.approx((p[x > 0] * ratio * np.log(ratio)).sum(), rel=1e-11)
    assert found.mean == pytest.approx(mean, rel=1e-15)
    assert (found.n, len(found.lorenz)) == (len(frame), len(frame) + 1)
    # The curve in the order of the values, equal ones by denominator, and the area under it.
    order = np.lexsort((d, x))
    curve = np.cumsum(n[order]) / n.sum()
    assert [point.numerator for point in found.lorenz[1:]] == pytest.approx(list(curve), rel=1e-12)
    under = np.trapezoid([q.numerator for q in found.lorenz], [q.denominator for q in found.lorenz])
    assert found.gini == pytest.approx(1 - 2 * under, rel=1e-12)
    ends = np.interp([0.2, 0.4, 0.6, 0.8], [q.denominator for q in found.lorenz], [q.numerator for q in found.lorenz])
    assert [point.numerator for point in found.fifths] == pytest.approx(list(ends), rel=1e-12)


@pytest.mark.parametrize("by", ["region", "urban_rural", "language", "size"])
def test_the_split_is_that_of_pandas(by: str, release: kultti.Release) -> None:
    frame = table(release, CULTURE, 2019).set_index("area")
    found = release.inequality(CULTURE, by=by, period=2019)
    assert found.theil is not None
    assert found.theil.within is not None
    assert found.theil.between is not None
    assert found.theil.within + found.theil.between == pytest.approx(found.theil.total, abs=1e-12)
    member = {
        row.code: group.group
        for group in found.groups
        for row in release.rank(CULTURE, period=2019, within=f"{by}:{group.group}", order="asc")
    }
    frame["group"] = frame.index.map(member)
    sums = frame.groupby("group")[["numerator", "denominator"]].sum()
    share = sums["numerator"] / sums["numerator"].sum()
    weight = sums["denominator"] / sums["denominator"].sum()
    assert found.theil.between == pytest.approx((share * np.log(share / weight)).sum(), rel=1e-10)
    for group in found.groups:
        rows = frame[frame["group"] == group.group]
        s, p = rows["numerator"] / rows["numerator"].sum(), rows["denominator"] / rows["denominator"].sum()
        inside = (s[s > 0] * np.log(s[s > 0] / p[s > 0])).sum()
        assert group.theil == pytest.approx(inside, rel=1e-9, abs=1e-15)
        assert group.share_numerator == pytest.approx(share[group.group], rel=1e-12)
        assert group.share_denominator == pytest.approx(weight[group.group], rel=1e-12)
        assert group.n == len(rows)


def test_negative_values_are_named(release: kultti.Release) -> None:
    found = release.inequality(NEGATIVE, by="region", period=2019)
    assert (found.gini, found.theil, found.lorenz, found.status) == (None, None, (), "O")
    [named] = [note for note in found.notes if note.code == "negative-values"]
    frame = table(release, NEGATIVE, 2019)
    for code in frame.loc[frame["numerator"] < 0, "area"]:
        assert release.areas[code].name in named.text


def test_attributes_have_the_names_of_the_json_form(release: kultti.Release) -> None:
    found = release.inequality(LIBRARY, by="region", period=2019, real="cpi@2015")
    record = found.to_dict()
    assert record["price_basis"] == found.price_basis == "cpi@2015"
    for name in ("gini", "mean", "n", "members", "status", "zeros", "grouping", "schema"):
        assert getattr(found, name) == record[name]
    assert record["theil"] == {"total": found.theil.total, "within": found.theil.within, "between": found.theil.between}
    for group, row in zip(found.groups, record["groups"], strict=True):
        assert {name: getattr(group, name) for name in type(group).__match_args__} == row
    frame = pd.DataFrame.from_arrow(found)
    assert list(frame["group"])[1:] == [group.group for group in found.groups]
    assert frame.loc[0, "gini"] == found.gini


def test_what_has_no_parts_is_refused(release: kultti.Release) -> None:
    for indicator in ("library.loans_per_inhabitant", "culture.net_operating_cost"):
        with pytest.raises(kultti.InvalidArgumentError) as caught:
            release.inequality(indicator)
        assert caught.value.code == "K0508"
    with pytest.raises(kultti.NotFoundError):
        release.inequality(CULTURE, by="regoin")
