"""Expected costs against statsmodels, SciPy and refits without each area."""

from __future__ import annotations

from typing import Any

import kultti
import numpy as np
import pytest
from conftest import LIBRARY, Tables

pytest.importorskip("statsmodels")
import statsmodels.api as sm
from scipy.stats import t as student

SPORT = "sport.net_operating_cost_per_inhabitant"


class Data:
    """What entered a model: n, d and the variables of its areas, the constant first."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.areas = [area for area in answer["areas"] if area["in_model"]]
        variables = answer["model"]["variables"]
        self.n = np.array([area["numerator"] for area in self.areas], dtype=float)
        self.d = np.array([area["denominator"] for area in self.areas], dtype=float)
        columns = [np.array([area["variables"][one["indicator"]] for area in self.areas]) for one in variables]
        columns = [np.log(x) if one["log"] else x for x, one in zip(columns, variables, strict=True)]
        self.x = np.column_stack([np.ones(len(self.areas)), *columns])

    def column(self, name: str) -> np.ndarray:
        return np.array([area[name] for area in self.areas], dtype=float)

    def huber(self, keep: np.ndarray | None = None) -> Any:
        """statsmodels' robust regression on rows multiplied by √w; its scale is the MAD about the median."""
        keep = np.ones(len(self.n), bool) if keep is None else keep
        root = self.d[keep] ** 0.25
        y = np.log(self.n[keep] / self.d[keep])

        def scale(_: object, residuals: np.ndarray) -> float:
            return float(1.4826 * np.median(np.abs(residuals - np.median(residuals))))

        model = sm.RLM(root * y, root[:, None] * self.x[keep], M=sm.robust.norms.HuberT(t=1.345))
        return model.fit(scale_est=scale, maxiter=5000, tol=1e-13, conv="coefs")

    def poisson(self, keep: np.ndarray | None = None) -> Any:
        keep = np.ones(len(self.n), bool) if keep is None else keep
        family = sm.families.Poisson()
        model = sm.GLM(self.n[keep], self.x[keep], family=family, offset=np.log(self.d[keep]))
        return model.fit(scale="X2", tol=1e-12, maxiter=500)


def _coefficients(answer: dict[str, Any], name: str) -> list[float]:
    model = answer["model"]
    return [model["constant"][name], *(one["coefficient"][name] for one in model["variables"])]


@pytest.fixture(scope="module")
def expected(release: kultti.Release) -> kultti.Expected:
    return release.expected(LIBRARY, period=2019)


def test_the_shipped_model_is_statsmodels_robust_regression(expected: kultti.Expected) -> None:
    answer = expected.to_dict()
    data = Data(answer)
    fit = data.huber()
    assert len(data.areas) == expected.model.n == 308
    np.testing.assert_allclose(_coefficients(answer, "estimate"), fit.params, rtol=1e-7)
    np.testing.assert_allclose(_coefficients(answer, "standard_error"), fit.bse, rtol=1e-7)
    np.testing.assert_allclose(expected.model.sigma, fit.scale, rtol=1e-8)
    np.testing.assert_allclose(data.column("weight"), fit.weights, rtol=1e-6)
    np.testing.assert_allclose(data.column("expected"), np.exp(data.x @ fit.params), rtol=1e-8)
    # Some areas are far from what is expected of them: otherwise the weights would not be tested.
    assert (data.column("weight") < 0.9).sum() > 10


def test_the_interval_is_students_t(expected: kultti.Expected) -> None:
    answer = expected.to_dict()
    data = Data(answer)
    fit = data.huber()
    weights = np.sqrt(data.d)
    inverse = np.linalg.inv(data.x.T @ (weights[:, None] * data.x))
    leverage = np.einsum("ij,jk,ik->i", data.x, inverse, data.x)
    half = student.ppf(0.975, len(data.n) - data.x.shape[1]) * fit.scale * np.sqrt(1 / weights + leverage)
    center = data.x @ fit.params
    np.testing.assert_allclose(data.column("lower"), np.exp(center - half), rtol=1e-7)
    np.testing.assert_allclose(data.column("upper"), np.exp(center + half), rtol=1e-7)


def test_r2_is_weighted_and_on_the_log_scale(expected: kultti.Expected) -> None:
    data = Data(expected.to_dict())
    y, weights = np.log(data.n / data.d), np.sqrt(data.d)
    residuals = y - np.log(data.column("expected"))
    around = y - np.average(y, weights=weights)
    assert expected.model.r2 == pytest.approx(1 - (weights @ residuals**2) / (weights @ around**2), rel=1e-9)


@pytest.mark.parametrize("method", ["log", "quasi-poisson"])
def test_leaving_one_out_is_a_refit(release: kultti.Release, method: Any) -> None:
    variables = "population.total:log,population.change_5_years"
    data = Data(release.expected(LIBRARY, period=2019, variables=variables, method=method).to_dict())
    value = data.column("value")
    for place in range(0, len(data.n), 13):
        keep = np.arange(len(data.n)) != place
        fit = data.huber(keep) if method == "log" else data.poisson(keep)
        without = np.exp(data.x[place] @ fit.params)
        assert data.column("leave_one_out")[place] == pytest.approx(value[place] / without - 1, rel=1e-6, abs=1e-8)


def test_quasi_poisson_is_statsmodels_glm(release: kultti.Release) -> None:
    # Museums: many municipalities spend nothing, which a logarithm refuses and names.
    museum = "museum.net_operating_cost_per_inhabitant"
    with pytest.raises(kultti.InvalidArgumentError) as refused:
        release.expected(museum, period=2019)
    assert refused.value.code == "K0741"
    result = release.expected(museum, period=2019, method="quasi-poisson")
    answer = result.to_dict()
    data = Data(answer)
    fit = data.poisson()
    assert (data.n == 0).sum() > 50
    np.testing.assert_allclose(_coefficients(answer, "estimate"), fit.params, rtol=1e-7)
    np.testing.assert_allclose(_coefficients(answer, "standard_error"), fit.bse, rtol=1e-7)
    np.testing.assert_allclose(result.model.sigma, np.sqrt(fit.scale), rtol=1e-8)
    np.testing.assert_allclose(data.column("expected") * data.d, fit.mu, rtol=1e-8)
    np.testing.assert_allclose(result.model.r2, 1 - fit.deviance / fit.null_deviance, rtol=1e-8)
    # The mean in euros: what is expected adds up to what was reported.
    assert float(data.column("expected") @ data.d) == pytest.approx(data.n.sum(), rel=1e-9)


def test_differences_in_the_budget(expected: kultti.Expected) -> None:
    for row in expected:
        if row.value is None or row.expected is None:
            continue
        assert row.difference == pytest.approx(row.value - row.expected)
        assert row.residual == pytest.approx(row.value / row.expected - 1)
        assert row.residual_log == pytest.approx(np.log(row.value / row.expected))
    for area in expected.to_dict()["areas"]:
        budget = area["numerator"] - area["expected"] * area["denominator"]
        assert area["budget_difference"] == pytest.approx(budget, abs=1e-6)


def test_variables_come_from_the_tables(expected: kultti.Expected, tables: Tables) -> None:
    kokkola = next(area for area in expected.to_dict()["areas"] if area["code"] == "272")
    population = [tables["population.year_end", year, "272"] for year in ("2014", "2019")]
    assert kokkola["variables"]["population.total"] == population[1]
    change = 100 * (population[1] - population[0]) / population[0]
    assert kokkola["variables"]["population.change_5_years"] == pytest.approx(change)


def test_one_area_is_the_same_as_among_all(release: kultti.Release, expected: kultti.Expected) -> None:
    one = release.expected(LIBRARY, "Kokkola", period=2019)
    assert one.area is not None and one.area.code == "272" and len(one) == 1
    assert one[0] == next(row for row in expected if row.code == "272")
    factors = np.prod([one.factor for one in one.contributions])
    assert one[0].expected == pytest.approx(one.model.at_means * factors)
    assert one.explain().steps[-1].step == "budget-difference"


def test_a_cost_is_not_explained_by_itself(release: kultti.Release) -> None:
    culture = "culture.net_operating_cost_per_inhabitant"
    with pytest.raises(kultti.InvalidArgumentError, match=r"explained by itself.*library\.net_operating_cost"):
        release.expected(LIBRARY, variables=culture)
    assert release.expected(LIBRARY, variables=[SPORT], period=2019).model.definition is None
    with pytest.raises(kultti.NotFoundError, match="population.total"):
        release.expected(LIBRARY, variables="population.totl:log")


def test_the_arrow_table_holds_every_figure(expected: kultti.Expected) -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(expected)
    for name in ("value", "expected", "lower", "residual", "residual_log", "leave_one_out", "budget_difference", "weight"):
        assert frame[name].to_list() == [getattr(row, name) for row in expected], name
    assert frame["in_model"].to_list() == [row.in_model for row in expected]
    assert set(frame["r2"].to_list()) == {expected.model.r2}
