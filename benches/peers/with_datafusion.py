"""The workloads in DataFusion: SQL with windows, one sort per slice for everything that depends on the order.

The year before comes by a join: `lag` over a second window costs a second sort. Periods and areas leave their dictionaries,
since sorting by them is cheaper so.
"""

import pyarrow as pa
from datafusion import SessionConfig, SessionContext
from workload import Peer, main

TABLES = """
create table population as
    select arrow_cast(period, 'Utf8') as period, arrow_cast(area, 'Utf8') as area, value as population
    from observation where measure = 'population.year_end';
create table member as
    select p.period, p.area, p.population, m."group" as region
    from population p join area a on a.area = p.area join membership m on m.area = p.area
    where m.grouping = 'region'
        and (a.valid_from is null or a.valid_from <= p.period || '-12-31')
        and (a.valid_to is null or a.valid_to >= p.period || '-12-31')
        and (m.first_year is null or m.first_year <= p.period)
        and (m.last_year is null or m.last_year >= p.period);
"""

RESULT = """
with per_capita as (
    select i.indicator, i.direction, arrow_cast(o.period, 'Utf8') as period, cast(o.period as int) as year,
        arrow_cast(o.area, 'Utf8') as area, m.region, m.population, o.value / m.population as value
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
        slice as (partition by indicator, period),
        largest_first as (partition by indicator, period order by value desc)
), region_size as (
    select period, region, count(*) as members, sum(population) as inhabitants from member group by period, region
), region_median as (
    select v.indicator, v.period, v.region, v.median
    from (
        select indicator, period, region, median(value) as median, count(*) as n, sum(population) as covered
        from per_capita group by indicator, period, region
    ) v join region_size s on s.period = v.period and s.region = v.region
    where cast(v.n as double) / s.members >= 0.6 and v.covered / s.inhabitants >= 0.6
)
select p.indicator, p.period, p.area, p.value, cast(p.rank as bigint) as rank,
    case when n > 1 then
        cast(case when p.direction = 'lower' then cast(p.rank as bigint) - 1 else n - as_large end as double) / (n - 1)
    end as percent_rank,
    case when n >= 4 then 1 + 4 * (cast(p.rank as bigint) - 1) / n end as quartile,
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
    left join (select area, value from observation where measure = '{measure}' and period = '{period}') o
        on o.area = m.area
    where m.period = '{period}'
), asked as (
    select value, region from slice where area = '{area}'
), place as (
    select count(*) filter (where s.value > a.value) as larger, count(*) filter (where s.value < a.value) as smaller,
        count(s.value) as n
    from slice s cross join asked a
), groups as (
    select 'region' as name, s.* from slice s join asked a on a.region = s.region
    union all
    select 'areas' as name, s.* from slice s where area in ({peers})
), summary as (
    select name,
        sum(amount) / sum(population) filter (where amount is not null) as ratio,
        count(amount) as n, count(*) as members,
        sum(population) filter (where amount is not null) / sum(population) as covered
    from groups group by name
)
select a.value, 1 + p.larger,
    case when p.n > 1 then cast(case when '{direction}' = 'lower' then p.larger else p.smaller end as double) / (p.n - 1)
    end,
    p.n, s.name, case when cast(s.n as double) / s.members >= 0.6 and s.covered >= 0.6 then s.ratio end,
    s.n, s.members, s.covered
from asked a cross join place p cross join summary s
"""


class DataFusion(Peer):
    """DataFusion over the Parquet file."""

    def open(self):
        config = SessionConfig().with_target_partitions(self.threads)
        self.context = SessionContext(config)
        self.context.register_parquet("observation", str(self.data / "observations.parquet"))
        tables = {
            "indicator": ("indicators.csv", "indicator,measure,direction"),
            "area": ("territory/areas.csv", "area,name_fi,name_sv,name_en,valid_from,valid_to"),
            "membership": ("territory/memberships.csv", "grouping,area,group,first_year,last_year"),
        }
        for name, (file, columns) in tables.items():
            schema = pa.schema([(column, pa.string()) for column in columns.split(",")])
            self.context.register_csv(name, str(self.data / file), schema=schema)
        for statement in TABLES.strip().split(";\n"):
            self.context.sql(statement.rstrip(";")).collect()

    def compare_all(self, columns):
        result = f"({RESULT})"
        if self.cells:
            self.context.sql(f"create table result as {RESULT}").collect()
            self.context.table("result").write_parquet(str(self.cells))
            result = "result"
        parts = []
        for name in columns:
            value = f"cast({name} as double)"
            parts += [f"count({name})", f"sum({value})", f"min({value})", f"max({value})", f"sum(abs({value}))"]
        parts = [f"{part} as part_{place}" for place, part in enumerate(parts)]
        batch = self.context.sql(f"select {', '.join(parts)} from {result}").to_arrow_table()
        row = [column[0].as_py() for column in batch.columns]
        return [row[5 * place : 5 * place + 5] for place in range(len(columns))]

    def compare(self, question):
        rows = self.context.sql(f"select direction from indicator where indicator = '{question['indicator']}'")
        direction = rows.to_arrow_table().column(0)[0].as_py()
        peers = ", ".join(f"'{code}'" for code in question["peers"])
        sql = QUESTION.format(**(question | {"peers": peers}), direction=direction)
        columns = self.context.sql(sql).to_arrow_table().columns
        rows = list(zip(*(column.to_pylist() for column in columns), strict=True))
        return rows[0][:4], {row[4]: row[5:] for row in rows}


main(DataFusion)
