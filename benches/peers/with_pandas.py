"""The workloads in pandas: categories, sorted once, grouped by integer keys."""

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from workload import Peer, main


class Pandas(Peer):
    """pandas over the Parquet file, whose dictionaries become categories."""

    def read(self, filters=None):
        columns = ["measure", "period", "area", "value"]
        table = pq.read_table(
            self.data / "observations.parquet", columns=columns, filters=filters, use_threads=self.threads > 1
        )
        return table.to_pandas(self_destruct=True, split_blocks=True)

    def open(self):
        read = lambda name: pd.read_csv(self.data / name, dtype="str")
        self.indicators = read("indicators.csv")
        areas, memberships = read("territory/areas.csv"), read("territory/memberships.csv")
        members = self.read([("measure", "=", "population.year_end")]).rename(columns={"value": "population"})
        members = members.astype({"period": "str", "area": "str"}).merge(areas, on="area")
        members = members.merge(memberships[memberships["grouping"] == "region"], on="area")
        year_end = members["period"] + "-12-31"
        between = lambda value, first, last: (
            (members[first].isna() | (members[first] <= value)) & (members[last].isna() | (members[last] >= value))
        )
        there = between(year_end, "valid_from", "valid_to") & between(members["period"], "first_year", "last_year")
        members = members[there].rename(columns={"group": "region"})
        self.members = members[["period", "area", "region", "population"]].reset_index(drop=True)

    def per_capita(self):
        """The values present, with small integers for everything that is grouped by."""
        rows = self.read()
        rows = rows[rows["value"].notna()]
        positions = self.indicators.set_index("measure").index.get_indexer(rows["measure"].cat.categories)
        indicator = positions[rows["measure"].cat.codes]
        rows, indicator = rows[indicator >= 0], indicator[indicator >= 0]
        self.periods, self.areas = rows["period"].cat.categories, rows["area"].cat.categories
        area = rows["area"].cat.codes.to_numpy(dtype=np.int64)
        period = rows["period"].cat.codes.to_numpy(dtype=np.int64)
        shape = (len(self.periods), len(self.areas))
        members = self.members
        place = (self.periods.get_indexer(members["period"]), self.areas.get_indexer(members["area"]))
        population, region = np.full(shape, np.nan), np.full(shape, -1)
        population[place] = members["population"]
        region[place] = pd.factorize(members["region"], sort=True)[0]
        return pd.DataFrame({
            "indicator": indicator.astype(np.int64),
            "year": self.periods.astype(int).to_numpy()[period],
            "period": period,
            "area": area,
            "region": region[period, area],
            "population": population[period, area],
            "value": rows["value"].to_numpy() / population[period, area],
        })

    def result(self):
        data = self.per_capita()
        value = data["value"]
        slices = data["indicator"] * len(self.periods) + data["period"]
        grouped = value.groupby(slices, sort=False)
        n = grouped.transform("size")
        rank = grouped.rank(method="min", ascending=False).astype(np.int64)
        as_large = grouped.rank(method="max", ascending=False).astype(np.int64)
        lower = (self.indicators["direction"] == "lower").to_numpy()[data["indicator"]]
        worse = (n - as_large).mask(lower, rank - 1)
        result = data[["indicator", "period", "area", "value"]].copy()
        result["rank"] = rank
        result["percent_rank"] = (worse / (n - 1)).where(n > 1)
        result["quartile"] = (1 + 4 * (rank - 1) // n).astype(float).where(n >= 4)
        del rank, as_large, worse
        spread = grouped.transform("min") < grouped.transform("max")
        z = (value - grouped.transform("mean")) / grouped.transform("std")
        result["z"] = z.where(spread)
        del z, spread, n
        result["difference"] = value - self.medians(data, slices)
        result["change_relative"] = self.change(data)
        return result

    def medians(self, data, slices):
        """The median of each row's region, where enough of the region is covered."""
        regions = int(data["region"].max()) + 1
        grouped = data.groupby(slices * regions + data["region"], sort=False)
        sizes = self.members.groupby(["period", "region"])["population"].agg(["size", "sum"])
        period = self.periods.get_indexer(sizes.index.get_level_values("period"))
        region = pd.factorize(sizes.index.get_level_values("region"), sort=True)[0]
        whole = np.full((2, len(self.periods), regions), np.nan)
        whole[:, period, region] = sizes.to_numpy().T
        members, inhabitants = whole[:, data["period"], data["region"]]
        published = (grouped["value"].transform("size") / members >= 0.6) & (
            grouped["population"].transform("sum") / inhabitants >= 0.6
        )
        return grouped["value"].transform("median").where(published)

    @staticmethod
    def change(data):
        """The change since the year before, where that was positive."""
        ordered = data.sort_values(["indicator", "area", "year"])
        grouped = ordered.groupby(["indicator", "area"], sort=False)
        before = grouped["value"].shift().where(grouped["year"].shift() == ordered["year"] - 1)
        change = (ordered["value"] - before) / before
        return change.where(before > 0).sort_index()

    def compare_all(self, columns):
        result = self.result()
        if self.cells:
            names = self.indicators["indicator"].to_numpy()
            named = result.assign(
                indicator=names[result["indicator"]],
                period=self.periods.to_numpy()[result["period"]],
                area=self.areas.to_numpy()[result["area"]],
            )
            named.to_parquet(self.cells, index=False)
        statistics = []
        for name in columns:
            column = result[name].astype(float)
            statistics.append((column.count(), column.sum(), column.min(), column.max(), column.abs().sum()))
        return statistics

    def compare(self, question):
        filters = [("measure", "=", question["measure"]), ("period", "=", question["period"])]
        amounts = self.read(filters)[["area", "value"]].rename(columns={"value": "amount"}).astype({"area": "str"})
        here = self.members[self.members["period"] == question["period"]].merge(amounts, on="area", how="left")
        here["value"] = here["amount"] / here["population"]
        asked = here[here["area"] == question["area"]].iloc[0]
        larger, smaller = int((here["value"] > asked["value"]).sum()), int((here["value"] < asked["value"]).sum())
        n = int(here["value"].count())
        named = self.indicators["indicator"] == question["indicator"]
        worse = larger if self.indicators.loc[named, "direction"].iloc[0] == "lower" else smaller
        position = (float(asked["value"]), larger + 1, worse / (n - 1) if n > 1 else None, n)
        groups = {
            "region": here[here["region"] == asked["region"]],
            "areas": here[here["area"].isin(question["peers"])],
        }
        return position, {name: self.summary(group) for name, group in groups.items()}

    @staticmethod
    def summary(group):
        there = group[group["amount"].notna()]
        covered = float(there["population"].sum() / group["population"].sum())
        published = len(there) / len(group) >= 0.6 and covered >= 0.6
        ratio = float(there["amount"].sum() / there["population"].sum()) if published else None
        return ratio, len(there), len(group), covered


main(Pandas)
