"""What numpy and DuckDB make of figures that rules of a collection are tested on.

The question is a JSON file with a `panel` of municipalities, or with `rows` of figures and `rules` in SQL.
"""

import json
import re
import sys

import duckdb
import numpy as np


def unlike(panel, u=0.4, a=0.05, c=4.0):
    """Hidiroglou and Berthelot (1986) over the pairs above zero."""
    pairs = [row for row in panel if (row["value"] or 0) > 0 and (row["previous"] or 0) > 0]
    if len(pairs) < 10:
        return []
    now = np.array([row["value"] for row in pairs])
    before = np.array([row["previous"] for row in pairs])
    ratio = now / before
    middle = np.median(ratio)
    score = np.where(ratio >= middle, ratio / middle - 1, 1 - middle / ratio)
    size = np.maximum(now, before) ** u
    effect = score * size
    first, half, third = np.quantile(effect, [0.25, 0.5, 0.75])
    floor = a * max(abs(half), np.median(size))
    low = half - c * max(half - first, floor)
    high = half + c * max(third - half, floor)
    found = (effect < low) | (effect > high)
    return [row["area"] for row, bad in zip(pairs, found) if bad]


def turned(panel):
    """Changes that are no change by so many per cent; an empty cell has ended."""
    areas = []
    for row in panel:
        now, before = row["value"], row["previous"]
        if before is None:
            continue
        if now is None:
            if before != 0:
                areas.append(row["area"])
        elif now <= 0 or before <= 0:
            if not (now == 0 and before == 0):
                areas.append(row["area"])
    return areas


def peer_figures(panel, own):
    ratios = [
        (row["previous"] / row["inhabitants"], row["group"])
        for row in panel
        if row["area"] != own["area"] and (row["previous"] or 0) > 0
    ]
    group = [ratio for ratio, of in ratios if of == own["group"]]
    chosen = group if len(group) >= 10 else [ratio for ratio, _ in ratios]
    return np.array(chosen) if len(chosen) >= 10 else None


def peers(panel, threshold=3.5):
    areas = []
    for row in panel:
        values = peer_figures(panel, row)
        if (row["value"] or 0) <= 0 or values is None:
            continue
        deviations = np.abs(values - np.median(values))
        spread = 1.4826 * np.median(deviations) or 1.2533 * deviations.mean()
        if spread and abs(row["value"] / row["inhabitants"] - np.median(values)) / spread > threshold:
            areas.append(row["area"])
    return areas


def units(panel):
    repairs = {}
    for row in panel:
        value, reference = row["value"], row["previous"]
        if not reference:
            values = peer_figures(panel, row)
            if values is None:
                continue
            reference = np.median(values) * row["inhabitants"]
        if not value or (value > 0) != (reference > 0):
            continue
        g = np.log10(value / reference)
        k = round(g)
        if (abs(k) in (3, 6) and abs(g - k) <= 0.5) or (abs(k) == 2 and abs(g - k) <= 0.25):
            repairs[row["area"]] = float(value / 10.0**k)
    return repairs


def in_duckdb(expression):
    """The same expression with columns without dots."""
    expression = re.sub(r"previous\(library\.visits\)", "before", expression)
    for measure, column in [("library.visits", "visits"), ("library.loans", "loans"), ("museum.visits", "museum")]:
        expression = expression.replace(measure, column)
    return expression


def outcomes(connection, rule):
    when, assertion = in_duckdb(rule["when"] or "true"), in_duckdb(rule["assert"])
    if rule["tolerance"]:
        tolerance = in_duckdb(rule["tolerance"])
        left, sign, right = re.split(r" (<=|>=|=) ", assertion)
        assertion = {
            "=": f"abs(({left}) - ({right})) <= greatest({tolerance}, 0) and ({tolerance}) is not null",
            "<=": f"({left}) <= ({right}) + greatest({tolerance}, 0)",
            ">=": f"({left}) >= ({right}) - greatest({tolerance}, 0)",
        }[sign]
        assertion = f"case when ({tolerance}) is null then null else {assertion} end"
    rows = connection.sql(f"select area, ({when}) as applies, ({assertion}) as holds from figures").fetchall()
    names = {True: "pass", False: "fail", None: "missing"}
    return {area: names[holds if applies else None] for area, applies, holds in rows if applies is not False}


def main(path):
    with open(path, encoding="utf-8") as file:
        question = json.load(file)
    if "panel" in question:
        panel = question["panel"]
        return {"unlike": unlike(panel), "turned": turned(panel), "peers": peers(panel), "units": units(panel)}
    connection = duckdb.connect()
    # Division by zero is missing.
    connection.execute("set ieee_floating_point_ops = false")
    connection.execute("set error_on_division_by_zero = false")
    connection.execute(
        "create table figures (area text, visits double, loans double, museum double, before double)"
    )
    connection.executemany(
        "insert into figures values (?, ?, ?, ?, ?)",
        [[row[name] for name in ("area", "visits", "loans", "museum", "before")] for row in question["rows"]],
    )
    return {"rules": [outcomes(connection, rule) for rule in question["rules"]]}


if __name__ == "__main__":
    json.dump(main(sys.argv[1]), sys.stdout)
