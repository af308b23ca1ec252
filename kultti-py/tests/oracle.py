"""A second computation of Kultti's figures, from the tables under ``datasets/`` alone.

Nothing of Kultti is imported. Values are computed with pandas, ranks and group values with SQL in DuckDB, so
that neither rests on Kultti's own engine. The rules are those that Kultti documents:

- borders: ``now`` is the date that ``territory.toml`` names, ``then`` the 31 December of the period, anything
  else an ISO date. A figure stays with an area that had no boundary change, is summed forward through mergers,
  and is never guessed backward through one.
- joint units: the host has the joint value, the others have none. A joint value is divided by the joint
  denominator.
- groups: both sums hold the same areas, a joint unit enters whole or not at all, and the coverage is counted.

Sources: ``finland/observations``, ``finland/territory``, ``finland/joint_units.csv`` and the formulas of
``catalogue/culture.toml``.
"""

from __future__ import annotations

import ast
import operator
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

DATASETS = Path(__file__).parents[2] / "datasets"
COUNTRY = "SSS"
MINIMUM_COVERAGE = 0.6

INCLUDED = "included"
NOT_ADDITIVE = "not-additive"
NOT_KNOWN = "not-known-on-borders"
OUT_OF_SCOPE = "out-of-scope"
ABSENT = "absent"  # No row at all where there could be one: the example release has no such area.

_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}

_RANKS = """
    SELECT area,
           value,
           missing,
           status,
           CASE WHEN value IS NOT NULL
                THEN rank() OVER (PARTITION BY value IS NULL ORDER BY value {order}) END AS rank,
           CASE WHEN value IS NOT NULL AND count(value) OVER () > 1
                THEN (rank() OVER (PARTITION BY value IS NULL ORDER BY value ASC) - 1)
                     / (count(value) OVER () - 1)::DOUBLE END AS percent_rank,
           count(value) OVER () AS n
    FROM panel
"""

_GROUPS = """
    WITH unit_size AS (SELECT host, count(*) AS size FROM units GROUP BY host),
    unit_inside AS (
        SELECT u.host, m.grp, count(*) AS inside
        FROM units u JOIN members m ON u.area = m.area GROUP BY u.host, m.grp),
    whole AS (
        SELECT i.host, i.grp FROM unit_inside i JOIN unit_size s USING (host) WHERE i.inside = s.size),
    marked AS (
        SELECT m.grp, p.*,
               p.value IS NOT NULL
                   AND (NOT EXISTS (FROM unit_size s WHERE s.host = p.area)
                        OR EXISTS (FROM whole w WHERE w.host = p.area AND w.grp = m.grp)) AS entered,
               EXISTS (FROM units u JOIN whole w USING (host) JOIN panel h ON h.area = u.host
                       WHERE u.area = p.area AND u.area <> u.host AND w.grp = m.grp
                         AND h.value IS NOT NULL) AS inside
        FROM members m JOIN panel p USING (area)),
    summed AS (
        SELECT grp,
               count(*) AS members,
               count(*) FILTER (entered) AS n,
               count(*) FILTER (entered OR inside) AS covered,
               sum(numerator) FILTER (entered) AS numerator,
               sum(denominator) FILTER (entered) AS denominator,
               sum(own_denominator) FILTER (NOT entered AND NOT inside) AS denominator_left,
               count(*) FILTER (NOT entered AND NOT inside AND own_denominator IS NULL) AS unknown,
               median(value) FILTER (entered) AS median,
               avg(value) FILTER (entered) AS mean
        FROM marked GROUP BY grp),
    covers AS (
        SELECT *,
               n / members::DOUBLE AS coverage_areas,
               CASE WHEN unknown = 0
                    THEN denominator / (denominator + coalesce(denominator_left, 0)) END AS coverage_denominator
        FROM summed)
    SELECT grp AS "group", n, members, coverage_areas, coverage_denominator,
           CASE WHEN $aggregator = 'total'
                THEN CASE WHEN covered = members THEN numerator END
                WHEN coverage_areas >= $minimum AND coalesce(coverage_denominator, 1) >= $minimum
                THEN CASE $aggregator WHEN 'ratio-of-sums' THEN $multiplier * numerator / denominator
                                      WHEN 'median' THEN median
                                      WHEN 'mean' THEN mean END
           END AS value
    FROM covers ORDER BY grp
"""


@dataclass(frozen=True)
class Formula:
    """An indicator of the catalogue, with other indicators in it written out."""

    id: str
    numerator: ast.expr
    denominator: ast.expr | None
    multiplier: float
    direction: str
    aggregator: str
    measures: tuple[str, ...]
    mainland: bool


@dataclass(frozen=True)
class Panel:
    """One indicator, period and set of borders.

    ``table`` has a row per area: value, status, missing, numerator, denominator (of the whole joint unit for a
    host) and own_denominator (of the area alone). ``units`` lists the areas of each joint unit, host included.
    """

    formula: Formula
    period: str
    date: str
    table: pd.DataFrame
    units: pd.DataFrame


def _read(name: str) -> pd.DataFrame:
    return pd.read_csv(DATASETS / "finland" / name, dtype=str, keep_default_na=False)


def _names(expression: ast.expr) -> list[str]:
    """The measure ids in a formula, each a chain of attributes to Python's parser."""
    if isinstance(expression, ast.BinOp):
        return _names(expression.left) + _names(expression.right)
    return [] if isinstance(expression, ast.Constant) else [ast.unparse(expression)]


def _evaluate(expression: ast.expr, values: dict[str, pd.Series]) -> Any:
    """The value of a formula for every area at once: a missing input makes the result missing."""
    if isinstance(expression, ast.BinOp):
        left, right = _evaluate(expression.left, values), _evaluate(expression.right, values)
        return _OPERATORS[type(expression.op)](left, right)
    if isinstance(expression, ast.Constant):
        return expression.value
    return values[ast.unparse(expression)]


class Oracle:
    """The example release, read from its tables and computed a second time."""

    def __init__(self) -> None:
        self.areas = _read("territory/areas.csv")
        self.changes = _read("territory/changes.csv").sort_values("date")
        self.groupings = _read("territory/groupings.csv")
        self.memberships = _read("territory/memberships.csv")
        self.joint_units = _read("joint_units.csv")
        self.territory = tomllib.loads((DATASETS / "finland/territory/territory.toml").read_text("utf-8"))
        self.catalogue = tomllib.loads((DATASETS / "catalogue/culture.toml").read_text("utf-8"))
        tables = sorted((DATASETS / "finland/observations").glob("*.csv"))
        self.observations = pd.concat([_read(f"observations/{t.name}") for t in tables], ignore_index=True)
        self.observations["value"] = pd.to_numeric(self.observations["value"])
        self.measures = {m["id"]: m for m in self.catalogue["measure"]}

    # Borders ---------------------------------------------------------------------------------------------------

    def date(self, territory: str, period: str) -> str:
        """The date of the borders asked for."""
        return {"now": str(self.territory["now"]), "then": f"{period}-12-31"}.get(territory, territory)

    @cache
    def areas_on(self, date: str) -> tuple[str, ...]:
        """The areas in force on a date, by the first and last day of each."""
        a = self.areas
        began = (a["valid_from"] == "") | (a["valid_from"] <= date)
        lasts = (a["valid_to"] == "") | (a["valid_to"] >= date)
        return tuple(sorted(a.loc[began & lasts, "area"]))

    @cached_property
    def outside_mainland(self) -> frozenset[str]:
        """The areas of the groups that ``territory.toml`` excludes from the mainland: Åland."""
        scope = next(s for s in self.territory["scope"] if s["id"] == "mainland")
        m = self.memberships
        excluded = (m["grouping"] == scope["grouping"]) & m["group"].isin(scope["exclude"])
        return frozenset(m.loc[excluded, "area"])

    @cache
    def successors(self, earlier: str, later: str) -> pd.Series:
        """For each area on the earlier date, the area of the later date that holds it."""
        own = self.areas_on(earlier)
        held = pd.Series(own, index=pd.Index(own, name="area"), name="target")
        between = self.changes[(self.changes["date"] > earlier) & (self.changes["date"] <= later)]
        for change in between.itertuples():
            held = held.replace({change.source: change.target})
        return held

    # Measures --------------------------------------------------------------------------------------------------

    @cache
    def hosts(self, measure: str, period: str) -> dict[str, str]:
        """Member to host, from the register of joint units."""
        j = self.joint_units
        rows = j[(j["measure"] == measure) & (j["first_period"] <= period) & (j["last_period"] >= period)]
        return dict(zip(rows["member"], rows["host"], strict=True))

    @cached_property
    def _slices(self) -> dict[tuple[str, str], pd.DataFrame]:
        o = self.observations
        return {(str(key[0]), str(key[1])): rows for key, rows in o[o["area"] != COUNTRY].groupby(["measure", "period"])}

    def _rows(self, measure: str, period: str) -> pd.DataFrame:
        return self._slices.get((measure, period), self.observations.iloc[:0])

    def _forward(self, measure: str, period: str, table: pd.DataFrame, held: pd.Series) -> pd.DataFrame:
        """Figures of one table on later borders: kept, or the sum of all the parts that merged."""
        hosts = self.hosts(measure, period)
        parts = held.rename("target").reset_index().merge(table, on="area", how="left")
        parts["inside"] = (parts["status"] == "K") & (parts["area"].map(hosts).map(held) == parts["target"])
        known = parts["status"].notna().groupby(parts["target"]).transform("all")
        own = parts[known & ~parts["inside"]].groupby("target")
        complete = own["value"].count() == own.size()
        result = pd.DataFrame(
            {
                "value": own["value"].sum().where(complete),
                "missing": own["missing"].max(),
                "status": own["status"].first().where(own.size() == 1, "A"),
            }
        )
        # A host whose members have all merged into it is an area like any other.
        absorbed = result.index.isin(parts.loc[parts["inside"], "target"])
        result.loc[absorbed & (result["status"] == "W"), "status"] = "A"
        if self.measures[measure]["additivity"]["areas"] != "sum":
            result.loc[own.size() > 1, ["value", "missing"]] = [float("nan"), NOT_ADDITIVE]
        changed = held.groupby(held).size().reindex(result.index) > 1
        return result.assign(preference=changed.map({False: 0, True: 1}))

    def _backward(self, table: pd.DataFrame, held: pd.Series) -> pd.DataFrame:
        """Figures of one table on earlier borders: kept where nothing merged, else not known."""
        rows = (
            held.rename("target")
            .reset_index()
            .merge(table.rename(columns={"area": "target"}), on="target", how="inner")
        )
        merged = rows.groupby("target")["area"].transform("size") > 1
        rows.loc[merged, ["value", "missing", "status"]] = [float("nan"), NOT_KNOWN, ""]
        rows["preference"] = merged.map({False: 0, True: 2})
        return rows.set_index("area")

    @cache
    def measure(self, measure: str, period: str, date: str) -> pd.DataFrame:
        """value, status and missing of every area on a date: kept figures before sums, the latest table first."""
        derived = self.measures[measure].get("derived")
        if derived:
            lagged = [self.measure(derived["measure"], str(int(period) - lag), date) for lag in derived["lags"]]
            mean = sum(table["value"] for table in lagged) / len(lagged)
            return lagged[0].assign(value=mean)
        columns = ["area", "value", "status", "missing"]
        found = []
        for stands_on, table in self._rows(measure, period).groupby("territory"):
            if stands_on <= date:
                part = self._forward(measure, period, table[columns], self.successors(stands_on, date))
            else:
                part = self._backward(table[columns], self.successors(date, stands_on))
            found.append(part.rename_axis("area").reset_index().assign(stands_on=stands_on))
        index = pd.Index(self.areas_on(date), name="area")
        if not found:
            return pd.DataFrame({"value": float("nan"), "status": "", "missing": ABSENT}, index=index)
        every = pd.concat(found).sort_values(["preference", "stands_on"], ascending=[True, False])
        best = every.drop_duplicates("area").set_index("area")[["value", "status", "missing"]].reindex(index)
        return best.fillna({"status": "", "missing": ABSENT})

    def units(self, measures: tuple[str, ...], period: str, date: str) -> dict[str, frozenset[str]]:
        """The joint units of some measures on a date: host to all its areas, itself included.

        A unit whose areas have become one area by that date is no unit any more.
        """
        units: dict[str, set[str]] = {}
        for measure in measures:
            for member, host in self.hosts(measure, period).items():
                member, host = self._on(member, date), self._on(host, date)
                if member != host:
                    units.setdefault(host, {host}).add(member)
        return {host: frozenset(areas) for host, areas in units.items()}

    @cache
    def _on(self, area: str, date: str) -> str:
        """The area that holds an area on a date."""
        for change in self.changes[self.changes["date"] <= date].itertuples():
            area = change.target if area == change.source else area
        return area

    def joint(self, measure: str, period: str, date: str, unit: frozenset[str]) -> float:
        """The figure of a joint unit as a whole.

        It is the host's where the measure is joint in the same way, the sum where each area has its own, and else
        that of the area into which exactly these areas merged later.
        """
        own = self.measure(measure, period, date)
        for host, areas in self.units((measure,), period, date).items():
            if areas == unit:
                return float(own["value"][host])
        total = own["value"].reindex(sorted(unit)).sum(skipna=False)
        if pd.notna(total):
            return float(total)
        for stands_on, table in sorted(self._rows(measure, period).groupby("territory"), reverse=True):
            if stands_on > date:
                held = self.successors(date, stands_on)
                whole = held[sorted(unit)].unique()
                if len(whole) == 1 and frozenset(held.index[held == whole[0]]) == unit:
                    return float(table.set_index("area")["value"].get(whole[0], float("nan")))
        return float("nan")

    # Indicators ------------------------------------------------------------------------------------------------

    @cached_property
    def _indicators(self) -> dict[str, dict[str, Any]]:
        return {i["id"]: i for i in self.catalogue["indicator"]}

    def _written_out(self, text: str) -> str:
        for name in _names(ast.parse(text, mode="eval").body):
            if name not in self.measures:
                text = text.replace(name, f"({self._written_out(self._indicators[name]['formula'])})")
        return text

    @cache
    def formula(self, indicator: str) -> Formula:
        """The indicator as numerator and denominator: the last division of its formula."""
        entry = self._indicators[indicator]
        body = ast.parse(self._written_out(entry["formula"]), mode="eval").body
        ratio = body if isinstance(body, ast.BinOp) and isinstance(body.op, ast.Div) else None
        measures = tuple(dict.fromkeys(_names(body)))
        return Formula(
            id=indicator,
            numerator=ratio.left if ratio else body,
            denominator=ratio.right if ratio else None,
            multiplier=entry.get("multiplier", 1),
            direction=entry["direction"],
            aggregator=entry.get("aggregate", "ratio-of-sums" if ratio else "total"),
            measures=measures,
            mainland=any(self.measures[m]["area_scope"] == "mainland" for m in measures),
        )

    @cached_property
    def available(self) -> dict[str, list[str]]:
        """Each indicator that the tables have every input of, with its periods."""
        rows = {m: set(p) for m, p in self.observations.groupby("measure")["period"]}
        for measure, declared in self.measures.items():
            if "derived" in declared:
                base, lags = rows[declared["derived"]["measure"]], declared["derived"]["lags"]
                years = {str(int(year) + lag) for year in base for lag in lags}
                rows[measure] = {y for y in years if all(str(int(y) - lag) in base for lag in lags)}
        inputs = {i: [rows.get(m, set()) for m in self.formula(i).measures] for i in self._indicators}
        periods = {i: sorted(set.intersection(*sets)) for i, sets in inputs.items()}
        return {i: p for i, p in periods.items() if p}

    @cache
    def panel(self, indicator: str, period: str, territory: str) -> Panel:
        """Every area's value: (multiplier x numerator) / denominator, one division."""
        formula, date = self.formula(indicator), self.date(territory, period)
        inputs = {m: self.measure(m, period, date) for m in formula.measures}
        units = self.units(formula.measures, period, date)
        table = pd.DataFrame(index=pd.Index(self.areas_on(date), name="area"))
        table["numerator"] = _evaluate(formula.numerator, {m: t["value"] for m, t in inputs.items()})
        table["denominator"] = table["own_denominator"] = float("nan")
        if formula.denominator is None:
            table["value"] = table["numerator"]
        else:
            own, whole = {}, {}
            for m in dict.fromkeys(_names(formula.denominator)):
                own[m] = inputs[m]["value"].mask(inputs[m]["status"] == "W")
                whole[m] = inputs[m]["value"].copy()
                for host, areas in units.items():
                    whole[m][host] = self.joint(m, period, date, areas)
            table["own_denominator"] = _evaluate(formula.denominator, own)
            table["denominator"] = _evaluate(formula.denominator, whole)
            positive = table["denominator"].where(table["denominator"] > 0)
            table["value"] = formula.multiplier * table["numerator"] / positive
        table["status"] = ["W" if area in units else "A" for area in table.index]
        reasons = pd.DataFrame({m: t["missing"] for m, t in inputs.items()})
        first = [next((r for r in (INCLUDED, *row) if r and r in row), "") for row in reasons.to_numpy().tolist()]
        table["missing"] = pd.Series(first, index=table.index).mask(table["value"].notna(), "")
        if formula.mainland:
            table.loc[table.index.isin(self.outside_mainland), "missing"] = OUT_OF_SCOPE
        table["status"] = table["status"].mask(table["value"].isna(), "")
        listed = [(host, area) for host, areas in units.items() for area in sorted(areas)]
        return Panel(formula, period, date, table, pd.DataFrame(listed, columns=["host", "area"], dtype=str))

    # Ranks and groups, in SQL ----------------------------------------------------------------------------------

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(config={"threads": 1})

    def _sql(self, query: str, tables: dict[str, pd.DataFrame], **parameters: Any) -> pd.DataFrame:
        for name, table in tables.items():
            self._connection.register(name, table)
        return self._connection.execute(query, parameters or None).df()

    @cache
    def ranks(self, indicator: str, period: str, territory: str, order: str = "desc") -> pd.DataFrame:
        """Rank (ties take the lowest), share of the areas with a strictly lower value, and n, by area."""
        panel = self.panel(indicator, period, territory).table.reset_index()
        query = _RANKS.format(order={"desc": "DESC", "asc": "ASC"}[order])
        return self._sql(query, {"panel": panel}).set_index("area")

    @cache
    def membership(self, grouping: str, period: str, date: str) -> pd.Series:
        """The group of every area on a date in the reference year; an area without one is left out."""
        areas = self.areas_on(date)
        if grouping == "country":
            return pd.Series(COUNTRY, index=list(areas))
        if grouping == "size":
            people = self.measure("population.year_end", period, date)["value"].dropna()
            bounds = [-1, *self.territory["size"]["bounds"], float("inf")]
            return (pd.cut(people, bounds, labels=False) + 1).astype(str)
        m = self.memberships[self.memberships["grouping"] == grouping]
        lasting = (m["last_year"] == "") | (m["last_year"] >= period)
        m = m[(m["first_year"] <= period) & lasting]
        return m.set_index("area")["group"].reindex(list(areas)).dropna()

    def groupings_in(self, period: str) -> list[str]:
        """The groupings that are valid in a year."""
        g = self.groupings
        lasting = (g["last_year"] == "") | (g["last_year"] >= period)
        return sorted(g.loc[(g["first_year"] <= period) & lasting, "grouping"])

    @cache
    def groups(
        self, indicator: str, by: str, period: str, territory: str, aggregator: str | None = None
    ) -> pd.DataFrame:
        """value, n, members and both coverages of every group of a grouping."""
        panel = self.panel(indicator, period, territory)
        members = self.membership(by, period, panel.date)
        members = members[(panel.table["missing"] != OUT_OF_SCOPE).reindex(members.index)]
        tables = {
            "panel": panel.table.reset_index(),
            "units": panel.units,
            "members": members.rename_axis("area").rename("grp").reset_index(),
        }
        result = self._sql(
            _GROUPS,
            tables,
            aggregator=aggregator or panel.formula.aggregator,
            multiplier=panel.formula.multiplier,
            minimum=MINIMUM_COVERAGE,
        )
        return result.set_index("group")

    def published(self, indicator: str, period: str) -> float | None:
        """The register's own figure for the whole country, if the indicator is one measure that has it."""
        measures = self.formula(indicator).measures
        o = self.observations
        rows = o[(o["measure"] == measures[0]) & (o["period"] == period) & (o["area"] == COUNTRY)]
        known = rows["value"].dropna()
        return float(known.iloc[0]) if len(measures) == 1 and len(known) else None
