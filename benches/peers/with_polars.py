"""The workloads in Polars: lazy frames, streamed."""

import os
import sys

# Read when Polars is loaded.
if "--threads" in sys.argv:
    os.environ["POLARS_MAX_THREADS"] = sys.argv[sys.argv.index("--threads") + 1]

import polars as pl
from polars import col
from workload import Peer, main


class Polars(Peer):
    """Polars' streaming engine over the Parquet file."""

    def open(self):
        self.observations = pl.scan_parquet(self.data / "observations.parquet").select(
            "measure", "period", "area", "value"
        )
        table = lambda name: pl.read_csv(self.data / name, infer_schema=False)
        self.indicators = table("indicators.csv")
        areas, memberships = table("territory/areas.csv"), table("territory/memberships.csv")
        year_end = col("period").cast(pl.String) + "-12-31"
        between = lambda value, first, last: (col(first).is_null() | (col(first) <= value)) & (
            col(last).is_null() | (col(last) >= value)
        )
        self.members = (
            self.observations.filter(col("measure") == "population.year_end")
            .select("period", "area", population="value")
            .join(areas.lazy().with_columns(col("area").cast(pl.Categorical)), on="area")
            .join(memberships.lazy().filter(col("grouping") == "region").with_columns(col("area").cast(pl.Categorical)), on="area")
            .filter(between(year_end, "valid_from", "valid_to") & between(col("period").cast(pl.String), "first_year", "last_year"))
            .select("period", "area", "population", region="group")
            .with_columns(col("region").cast(pl.Categorical))
            .collect(engine="streaming")
        )

    def result(self):
        slice_ = ["indicator", "period"]
        per_capita = (
            self.observations.filter(col("value").is_not_null())
            .join(self.indicators.lazy().with_columns(pl.all().cast(pl.Categorical)), on="measure")
            .join(self.members.lazy(), on=["period", "area"])
            .with_columns(value=col("value") / col("population"), year=col("period").cast(pl.String).cast(pl.Int32))
            .select("indicator", "direction", "period", "year", "area", "region", "population", "value")
        )
        slices = per_capita.group_by(slice_).agg(
            n=pl.len(), mean=col("value").mean(), sd=col("value").std(), spread=col("value").min() < col("value").max()
        )
        sizes = self.members.lazy().group_by("period", "region").agg(
            members=pl.len(), inhabitants=col("population").sum()
        )
        medians = (
            per_capita.group_by(*slice_, "region")
            .agg(median=col("value").median(), covered=pl.len(), covered_inhabitants=col("population").sum())
            .join(sizes, on=["period", "region"])
            .filter(
                (col("covered") / col("members") >= 0.6)
                & (col("covered_inhabitants") / col("inhabitants") >= 0.6)
            )
            .select(*slice_, "region", "median")
        )
        before = per_capita.select("indicator", "area", col("year") + 1, before="value")
        rank = col("value").rank("min", descending=True).over(slice_)
        as_large = col("value").rank("max", descending=True).over(slice_)
        worse = pl.when(col("direction") == "lower").then(col("rank") - 1).otherwise(col("n") - col("as_large"))
        return (
            per_capita.with_columns(rank=rank.cast(pl.Int64), as_large=as_large.cast(pl.Int64))
            .join(slices.with_columns(col("n").cast(pl.Int64)), on=slice_)
            .join(medians, on=[*slice_, "region"], how="left")
            .join(before, on=["indicator", "area", "year"], how="left")
            .select(
                "indicator",
                "period",
                "area",
                "value",
                "rank",
                percent_rank=pl.when(col("n") > 1).then(worse / (col("n") - 1)),
                quartile=pl.when(col("n") >= 4).then(1 + 4 * (col("rank") - 1) // col("n")),
                z=pl.when(col("spread")).then((col("value") - col("mean")) / col("sd")),
                difference=col("value") - col("median"),
                change_relative=pl.when(col("before") > 0).then((col("value") - col("before")) / col("before")),
            )
        )

    def compare_all(self, columns):
        result = self.result()
        if self.cells:
            result = result.collect(engine="streaming")
            result.write_parquet(self.cells)
            result = result.lazy()
        parts = []
        for name in columns:
            value = col(name).cast(pl.Float64)
            statistics = [col(name).count(), value.sum(), value.min(), value.max(), value.abs().sum()]
            parts += [part.alias(f"{name}{place}") for place, part in enumerate(statistics)]
        row = result.select(parts).collect(engine="streaming").row(0)
        return [row[5 * place : 5 * place + 5] for place in range(len(columns))]

    def compare(self, question):
        slice_ = self.observations.filter(
            (col("measure") == question["measure"]) & (col("period") == question["period"])
        ).select("area", amount="value")
        here = (
            self.members.lazy()
            .filter(col("period") == question["period"])
            .join(slice_, on="area", how="left")
            .with_columns(value=col("amount") / col("population"))
            .collect(engine="streaming")
        )
        direction = self.indicators.row(by_predicate=col("indicator") == question["indicator"], named=True)["direction"]
        asked = here.row(by_predicate=col("area") == question["area"], named=True)
        value = asked["value"]
        larger, smaller, n = here.select(
            (col("value") > value).sum().alias("larger"), (col("value") < value).sum().alias("smaller"),
            col("value").count().alias("n"),
        ).row(0)
        worse = larger if direction == "lower" else smaller
        position = (value, larger + 1, worse / (n - 1) if n > 1 else None, n)
        groups = {
            "region": here.filter(col("region") == asked["region"]),
            "areas": here.filter(col("area").is_in(question["peers"])),
        }
        return position, {name: self.summary(group) for name, group in groups.items()}

    @staticmethod
    def summary(group):
        there = group.filter(col("amount").is_not_null())
        covered = there["population"].sum() / group["population"].sum()
        published = len(there) / len(group) >= 0.6 and covered >= 0.6
        ratio = there["amount"].sum() / there["population"].sum() if published else None
        return ratio, len(there), len(group), covered


main(Polars)
