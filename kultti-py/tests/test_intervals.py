"""Intervals of chance against SciPy and statsmodels, on a release with visits and pupils made up for the test."""

from __future__ import annotations

import kultti
import numpy as np
import pandas as pd
import pytest

from conftest import CULTURE

VISITS = "library.visits_per_inhabitant"
PUPILS = "basic_arts_education.share_of_under_18"
SHARE = "population.share_0_17"
@pytest.mark.parametrize("level", ["95", "99.8"])
def test_counts_against_the_chi_squared_distribution(level: str, counted: kultti.Release) -> None:
    stats = pytest.importorskip("scipy.stats")
    alpha = 0.05 if level == "95" else 0.002
    exact = counted.intervals(VISITS, method="exact", level=level)
    byar = counted.intervals(VISITS, level=level)
    assert (exact.method, byar.method, byar.kind) == ("exact", "byar", "count")
    z = stats.norm.isf(alpha / 2)
    counts = 0
    for row, near in zip(exact, byar, strict=True):
        if row.value is None:
            assert row.lower is None
            continue
        assert row.numerator is not None
        assert row.denominator is not None
        x, d = row.numerator, row.denominator
        lower = stats.chi2.ppf(alpha / 2, 2 * x) / 2 if x else 0.0
        upper = stats.chi2.isf(alpha / 2, 2 * x + 2) / 2
        assert row.lower == pytest.approx(lower / d, rel=1e-9)
        assert row.upper == pytest.approx(upper / d, rel=1e-9)
        if x >= 10:
            lower = x * (1 - 1 / (9 * x) - z / (3 * x**0.5)) ** 3
            upper = (x + 1) * (1 - 1 / (9 * (x + 1)) + z / (3 * (x + 1) ** 0.5)) ** 3
            counts += 1
        assert near.lower == pytest.approx(lower / d, rel=1e-9)
        assert near.upper == pytest.approx(upper / d, rel=1e-9)
    assert counts > 200
    assert any(row.numerator == 0 for row in exact)


def test_proportions_against_statsmodels(counted: kultti.Release, release: kultti.Release) -> None:
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    for source, indicator in ((counted, PUPILS), (release, SHARE)):
        found = source.intervals(indicator)
        assert (found.method, found.kind) == ("wilson", "proportion")
        rows = [row for row in found if row.value is not None]
        assert len(rows) > 250
        x, n = (np.array([getattr(row, name) for row in rows]) for name in ("numerator", "denominator"))
        lower, upper = proportion.proportion_confint(x, n, method="wilson")
        assert [row.lower for row in rows] == pytest.approx(list(100 * lower), rel=1e-9)
        assert [row.upper for row in rows] == pytest.approx(list(100 * upper), rel=1e-9)


AREAS = ["005", "016", "018", "272", "049", "091", "074"]


def test_differences_of_counts_against_the_binomial_test(counted: kultti.Release) -> None:
    stats = pytest.importorskip("scipy.stats")
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    small = [row.code for row in counted.intervals(VISITS) if row.numerator is not None and row.numerator < 12]
    found = counted.intervals(VISITS, test=[*small[:8], *AREAS[1:3]])
    assert len(found.tests) == 45
    for test in found.tests:
        one, other = test.one, test.other
        n = int(one.numerator + other.numerator)
        expected = 1.0
        if n:
            share = one.denominator / (one.denominator + other.denominator)
            expected = stats.binomtest(int(one.numerator), n, share).pvalue
        assert test.p_value == pytest.approx(expected, rel=1e-7, abs=1e-300)
    adjusted = multitest.multipletests([test.p_value for test in found.tests], method="fdr_bh")[1]
    assert [test.p_adjusted for test in found.tests] == pytest.approx(list(adjusted), rel=1e-12)


def test_an_area_against_the_rest_of_its_region(counted: kultti.Release) -> None:
    stats = pytest.importorskip("scipy.stats")
    [test] = counted.intervals(VISITS, test="Kannus,region:16").tests
    members = counted.intervals(VISITS, within="region:16")
    others = [row for row in members if row.code != "217"]
    assert test.other.rest
    assert test.other.numerator == sum(row.numerator or 0 for row in others)
    assert test.other.denominator == sum(row.denominator or 0 for row in others)
    n = int(test.one.numerator + test.other.numerator)
    share = test.one.denominator / (test.one.denominator + test.other.denominator)
    assert test.p_value == pytest.approx(stats.binomtest(int(test.one.numerator), n, share).pvalue, rel=1e-6)


def test_differences_of_proportions_against_statsmodels(counted: kultti.Release) -> None:
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    for test in counted.intervals(PUPILS, test=AREAS).tests:
        sides = (test.one.numerator, test.one.denominator, test.other.numerator, test.other.denominator)
        lower, upper = proportion.confint_proportions_2indep(*sides, method="newcomb")
        assert test.lower == pytest.approx(100 * lower, rel=1e-8, abs=1e-10)
        assert test.upper == pytest.approx(100 * upper, rel=1e-8, abs=1e-10)
        # At a level of 1 − p the interval just reaches zero.
        assert test.p_value is not None
        ends = proportion.confint_proportions_2indep(*sides, method="newcomb", alpha=test.p_value)
        assert min(abs(end) for end in ends) < 1e-8


@pytest.mark.parametrize("indicator", [VISITS, PUPILS, SHARE])
@pytest.mark.parametrize("form", ["auto", "none", "multiplicative", "additive"])
def test_funnels_against_numpy(indicator: str, form: str, counted: kultti.Release) -> None:
    stats = pytest.importorskip("scipy.stats")
    found = counted.intervals(indicator, funnel=form)
    rows = [row for row in found if row.funnel is not None]
    n, d = (np.array([getattr(row, name) for row in rows]) for name in ("numerator", "denominator"))
    m = 1.0 if indicator == VISITS else 100.0
    target = n.sum() / d.sum()
    variance = (target if indicator == VISITS else target * (1 - target)) / d
    z = (n / d - target) / np.sqrt(variance)
    winsorised = np.clip(z, *np.quantile(z, [0.1, 0.9]))
    phi = (winsorised**2).mean()
    w = 1 / variance
    tau = max(0.0, ((winsorised**2).sum() - (len(z) - 1)) / (w.sum() - (w**2).sum() / w.sum()))
    assert found.funnel is not None
    assert found.funnel.n == len(rows)
    assert found.funnel.target == pytest.approx(m * target, rel=1e-12)
    assert found.funnel.phi == pytest.approx(phi, rel=1e-9)
    assert found.funnel.tau_squared == pytest.approx(m * m * tau, rel=1e-9, abs=1e-12)
    fitting = "none" if phi <= 1 else "multiplicative" if phi <= 4 else "additive"
    expected = fitting if form == "auto" or phi <= 1 else form
    assert found.funnel.dispersion == expected
    s = np.sqrt({"none": variance, "multiplicative": phi * variance, "additive": variance + tau}[expected])
    top = np.inf if indicator == VISITS else 1.0
    for alpha, name in ((0.05, "95"), (0.002, "998")):
        quantile = stats.norm.isf(alpha / 2)
        lower, upper = np.clip(target - quantile * s, 0, top), np.clip(target + quantile * s, 0, top)
        assert [getattr(row.funnel, f"lower_{name}") for row in rows] == pytest.approx(list(m * lower), rel=1e-9)
        assert [getattr(row.funnel, f"upper_{name}") for row in rows] == pytest.approx(list(m * upper), rel=1e-9)
    assert [row.funnel.score for row in rows if row.funnel] == pytest.approx(list((n / d - target) / s), rel=1e-9, abs=1e-9)


def test_groups_and_comparisons_carry_intervals(counted: kultti.Release) -> None:
    rows = {row.code: row for row in counted.intervals(VISITS, by="region")}
    for group in counted.groups(VISITS, by="region", intervals="95"):
        row = rows[group.group]
        assert (group.value, group.lower, group.upper) == (row.value, row.lower, row.upper)
    comparison = counted.compare(VISITS, "Kokkola", intervals="95")
    own = next(row for row in counted.intervals(VISITS) if row.code == "272")
    assert comparison.interval is not None
    assert (comparison.interval.lower, comparison.interval.upper) == (own.lower, own.upper)
    for peer in comparison.peers:
        assert own.lower is not None
        assert own.upper is not None
        if peer.value is None:
            assert peer.significance is None
        else:
            outside = {"better": own.lower > peer.value, "worse": own.upper < peer.value}
            assert peer.significance == next((name for name, is_so in outside.items() if is_so), "similar")
    assert comparison.to_dict()["interval"]["method"] == "byar"
    plain = counted.compare(VISITS, "Kokkola")
    assert plain.interval is None
    assert plain.peers[0].lower is None
    assert "interval" not in plain.to_dict()


def test_attributes_have_the_names_of_the_json_form(release: kultti.Release) -> None:
    found = release.intervals(SHARE, within="region:16", test="Kokkola,Kannus,country")
    record = found.to_dict()
    for name in ("level", "method", "kind", "grouping", "within", "schema", "period"):
        assert getattr(found, name) == record[name]
    for row, expected in zip(found, record["rows"], strict=True):
        assert {name: getattr(row, name) for name in type(row).__match_args__} == expected
    for test, expected in zip(found.tests, record["tests"], strict=True):
        assert {name: getattr(test, name) for name in ("p_value", "p_adjusted", "difference", "lower")} == {
            name: expected[name] for name in ("p_value", "p_adjusted", "difference", "lower")
        }
        assert test.other.name == expected["other"]["name"]
    frame = pd.DataFrame.from_arrow(release.intervals(SHARE, funnel="auto"))
    assert list(frame.columns[:5]) == ["code", "name", "value", "lower", "upper"]
    for name in ("value", "lower", "upper", "numerator", "denominator", "score", "lower_95", "upper_998", "level"):
        assert frame[name].dtype == "float64", name


def test_euros_and_finished_ratios_are_refused(release: kultti.Release) -> None:
    for indicator in (CULTURE, "library.loans_per_inhabitant", "population.total"):
        with pytest.raises(kultti.InvalidArgumentError) as caught:
            release.intervals(indicator)
        assert caught.value.code == "K0508"
    with pytest.raises(kultti.InvalidArgumentError):
        release.groups(CULTURE, by="region", intervals="95")
    with pytest.raises(kultti.InvalidArgumentError):
        release.compare(CULTURE, "Kokkola", intervals="95")
    with pytest.raises(kultti.InvalidArgumentError):
        release.intervals(SHARE, level="90")  # type: ignore[arg-type]
