"""Every cell of a comparison of everything against a second computation with pandas from the same tables.

``oracle.py`` gives the values of every indicator, period and area and the values of groups; ranks, scores, changes and
indices are worked out here by their definitions in ``Release.compare_all``. All slices are compared, under the borders
of today and of each period.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from oracle import OUT_OF_SCOPE, Oracle

import kultti

ORACLE = Oracle()
FIRST = str(ORACLE.territory["first"])
BASE = "2015"
COLUMNS = [
    "rank",
    "percent_rank",
    "quartile",
    "z",
    "robust_z",
    "difference:region",
    "difference_relative:region",
    "difference:region:median",
    "change",
    "change_relative",
    f"index:{BASE}",
    "numerator",
    "denominator",
]


def _periods(indicator: str, territory: str) -> list[str]:
    """The periods whose borders are known."""
    return [p for p in ORACLE.available[indicator] if territory == "now" or f"{p}-12-31" >= FIRST]


@cache
def _values(indicator: str, period: str, territory: str) -> pd.Series:
    return ORACLE.panel(indicator, period, territory).table["value"]


def _earlier(indicator: str, period: str, territory: str, areas: pd.Index) -> pd.Series:
    """The values of another period of the same areas; nothing where the indicator has none."""
    if period not in _periods(indicator, territory):
        return pd.Series(np.nan, index=areas)
    return _values(indicator, period, territory).reindex(areas)


def _group_values(indicator: str, period: str, territory: str, aggregator: str | None, areas: pd.Index) -> pd.Series:
    """The value of each area's region. A sum over unlike areas is compared with a mean."""
    if "region" not in ORACLE.groupings_in(period):
        return pd.Series(np.nan, index=areas)
    formula = ORACLE.formula(indicator)
    own = "mean" if formula.denominator is None and formula.aggregator == "total" else formula.aggregator
    groups = ORACLE.groups(indicator, "region", period, territory, aggregator or own)["value"]
    member = ORACLE.membership("region", period, ORACLE.date(territory, period))
    return member.map(groups).reindex(areas)


def _relative(difference: pd.Series, base: pd.Series) -> pd.Series:
    return (difference / base).where(base > 0)


def expected(indicator: str, period: str, territory: str) -> pd.DataFrame:
    """The columns of one slice, by their definitions."""
    table = ORACLE.panel(indicator, period, territory).table
    x, areas = table["value"], table.index
    n, lower_is_better = x.count(), ORACLE.formula(indicator).direction == "lower"
    rank = x.rank(method="min", ascending=False)
    worse = x.rank(method="min", ascending=not lower_is_better) - 1
    away = (x - x.median()).abs()
    # Where more than half of the values are equal, the mean deviation takes the place of the median one.
    scale = 1.4826 * away.median() if away.median() > 0 else 1.2533 * away.mean()
    region = _group_values(indicator, period, territory, None, areas)
    before = _earlier(indicator, str(int(period) - 1), territory, areas)
    base = _earlier(indicator, BASE, territory, areas)
    return table.assign(
        **{
            "rank": rank,
            "percent_rank": worse / (n - 1),
            "quartile": 1 + np.floor(4 * (rank - 1) / n),
            "z": (x - x.mean()) / x.std(ddof=1),
            "robust_z": (x - x.median()) / scale,
            "difference:region": x - region,
            "difference_relative:region": _relative(x - region, region),
            "difference:region:median": x - _group_values(indicator, period, territory, "median", areas),
            "change": x - before,
            "change_relative": _relative(x - before, before),
            f"index:{BASE}": (100 * x / base).where(base > 0),
        }
    )


def _slices(territory: str) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """The library's answer, slice by slice, by area."""
    release = kultti.example()
    everything = release.compare_all(COLUMNS, order="desc", territory=territory, threads=3)
    frame = pd.DataFrame.from_arrow(everything)
    for name in ("indicator", "period", "area", "status", "missing"):
        frame[name] = frame[name].astype("str").where(frame[name].notna(), None)
    for (indicator, period), rows in frame.groupby(["indicator", "period"]):
        yield str(indicator), str(period), rows.set_index("area")


def _compare_slice(found: pd.DataFrame, wanted: pd.DataFrame, at: tuple[Any, ...]) -> None:
    known = wanted["value"].notna()
    assert (found.loc[known, "status"] == wanted.loc[known, "status"]).all(), at
    assert (found.loc[~known, "missing"] == wanted.loc[~known, "missing"]).all(), at
    assert found.loc[known, "missing"].isna().all(), at
    scale = wanted["value"].abs().max()
    for column in ["value", *COLUMNS]:
        left = found[column].astype("float64").to_numpy()
        right = wanted[column].astype("float64").to_numpy()
        # A difference of two figures is as exact as the figures are.
        close = np.isclose(left, right, rtol=1e-9, atol=1e-12 * scale, equal_nan=True)
        assert close.all(), (*at, column, found.index[~close][0], left[~close][0], right[~close][0])


@pytest.mark.parametrize("territory", ["now", "then"])
def test_every_cell_equals_the_oracle(territory: str) -> None:
    """Every indicator, period, area and column; nothing more and nothing less. Sources: as in ``oracle.py``."""
    seen = set()
    for indicator, period, found in _slices(territory):
        wanted = expected(indicator, period, territory)
        outside = wanted["missing"] == OUT_OF_SCOPE
        # Areas outside a statistic may be left out of it; all others are there.
        assert set(wanted.index[~outside]) <= set(found.index) <= set(wanted.index)
        _compare_slice(found, wanted.loc[found.index], (indicator, period))
        seen.add((indicator, period))
    assert seen == {(i, p) for i in ORACLE.available for p in _periods(i, territory)}
