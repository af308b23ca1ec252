"""The workloads in DuckDB: SQL with windows, one sort per slice for everything that depends on the order.

The year before comes by a join: `lag` over a second window costs a second sort, and a third more in all.
"""

import duckdb
from workload import Peer, main

TABLES = """
create temp view observation as select measure, period, area, value from read_parquet('{data}/observations.parquet');
create temp table population as
    select period, area, value as population from observation where measure = 'population.year_end';
create temp table indicator as
    select * from read_csv('{data}/indicators.csv', header = true, all_varchar = true);
create temp table member as
    select p.period, p.area, p.population, m."group" as region
    from population p
    join read_csv('{data}/territory/areas.csv', header = true, all_varchar = true) a on a.area = p.area
    join read_csv('{data}/territory/memberships.csv', header = true, all_varchar = true) m on m.area = p.area
    where m.grouping = 'region'
        and (a.valid_from is null or a.valid_from <= p.period || '-12-31')
        and (a.valid_to is null or a.valid_to >= p.period || '-12-31')
        and (m.first_year is null or m.first_year <= p.period)
        and (m.last_year is null or m.last_year >= p.period);
"""

RESULT = """
with per_capita as (
    select i.indicator, i.direction, o.period, cast(o.period as integer) as year, o.area,
        m.region, m.population, o.value / m.population as value
    from observation o
    join indicator i on i.measure = o.measure
    join member m on m.period = o.period and m.area = o.area
    where o.value is not null
), placed as (
    select *,
        rank() over largest_first as rank,
        count(*) over largest_first as as_large,
        count(*) over slice as n,
        avg(value) over slice as mean,
        stddev_samp(value) over slice as sd,
        min(value) over slice < max(value) over slice as spread
    from per_capita
    window
        slice as (partition by indicator, year),
        largest_first as (partition by indicator, year order by value desc)
), region_size as (
    select period, region, count(*) as members, sum(population) as inhabitants from member group by all
), region_median as (
    select v.indicator, v.period, v.region, quantile_cont(v.value, 0.5) as median
    from per_capita v join region_size s using (period, region)
    group by v.indicator, v.period, v.region, s.members, s.inhabitants
    having count(*) / s.members >= 0.6 and sum(v.population) / s.inhabitants >= 0.6
)
select p.indicator, p.period, p.area, p.value, p.rank,
    case when n > 1 then (case when p.direction = 'lower' then p.rank - 1 else n - as_large end) / (n - 1) end
        as percent_rank,
    case when n >= 4 then 1 + 4 * (p.rank - 1) // n end as quartile,
    case when n >= 2 and spread then (p.value - mean) / sd end as z,
    p.value - r.median as difference,
    case when b.value > 0 then (p.value - b.value) / b.value end as change_relative
from placed p
left join per_capita b on b.indicator = p.indicator and b.area = p.area and b.year = p.year - 1
left join region_median r on r.indicator = p.indicator and r.period = p.period and r.region = p.region
"""

QUESTION = """
with slice as (
    select m.area, m.region, m.population, o.value as amount, o.value / m.population as value
    from member m
    left join (select area, value from observation where measure = $measure and period = $period) o on o.area = m.area
    where m.period = $period
), asked as (
    select value, region from slice where area = $area
), place as (
    select count(*) filter (s.value > a.value) as larger, count(*) filter (s.value < a.value) as smaller,
        count(s.value) as n
    from slice s, asked a
), groups as (
    select 'region' as name, s.* from slice s where region = (select region from asked)
    union all
    select 'areas' as name, s.* from slice s where list_contains($peers, area)
), summary as (
    select name,
        sum(amount) filter (amount is not null) / sum(population) filter (amount is not null) as ratio,
        count(amount) as n, count(*) as members,
        sum(population) filter (amount is not null) / sum(population) as covered
    from groups group by name
)
select a.value, 1 + p.larger as rank,
    case when p.n > 1 then (case when $direction = 'lower' then p.larger else p.smaller end) / (p.n - 1) end,
    p.n, s.name, case when s.n / s.members >= 0.6 and s.covered >= 0.6 then s.ratio end, s.n, s.members, s.covered
from asked a, place p, summary s order by s.name desc
"""


class DuckDB(Peer):
    """DuckDB in memory, over the Parquet file."""

    def open(self):
        self.connection = duckdb.connect(config={"threads": self.threads})
        self.connection.execute(TABLES.format(data=self.data))

    def compare_all(self, columns):
        result = RESULT
        if self.cells:
            self.connection.execute(f"create temp table result as {RESULT}")
            self.connection.execute(f"copy result to '{self.cells}' (format parquet)")
            result = "select * from result"
        parts = [
            f"count({c}), sum({c})::double, min({c})::double, max({c})::double, sum(abs({c}))::double" for c in columns
        ]
        row = self.connection.execute(f"select {', '.join(parts)} from ({result})").fetchone()
        return [row[5 * place : 5 * place + 5] for place in range(len(columns))]

    def compare(self, question):
        direction = self.connection.execute(
            "select direction from indicator where indicator = ?", [question["indicator"]]
        ).fetchone()[0]
        names = ["measure", "period", "area", "peers"]
        parameters = {name: question[name] for name in names} | {"direction": direction}
        rows = self.connection.execute(QUESTION, parameters).fetchall()
        return rows[0][:4], {row[4]: row[5:] for row in rows}


main(DuckDB)
