"""Writes ``questions.jsonl``: 500 questions to the example release, drawn with a fixed seed.

Each line is a question as the command line has it: the verb, its indicator or words, and its options by their long names. A
third of the questions has something wrong with it: an indicator, area, group, period, year or option that does not exist or does
not suit the indicator. The Rust test ``same_answers`` asks the library and the command line, ``test_same_answers.py`` the
Python package and the command line; all must give the same record or the same error.

Run it from this folder with ``python make.py``; it needs nothing but Python.
"""

import json
import random
from pathlib import Path

SEED = 20261122
COSTS = [
    "culture.net_operating_cost_per_inhabitant",
    "culture_excluding_library.net_operating_cost_per_inhabitant",
    "library.net_operating_cost_per_inhabitant",
    "museum.net_operating_cost_per_inhabitant",
    "music.net_operating_cost_per_inhabitant",
    "sport.net_operating_cost_per_inhabitant",
]
OTHERS = ["library.loans_per_inhabitant", "population.total", "population.share_0_17", "population.share_65_over"]
AREAS = "Kokkola Karleby 272 Helsinki 091 Nurmes Kokkola Valtimo Kannus Salla Pietarsaari Turku Åbo Utsjoki 005 Maarianhamina".split()
WRONG_AREAS = ["Kokola", "5", "999", "Nowhere"]
GROUPINGS = ["region", "sub_region", "urban_rural", "language", "size", "country"]
GROUPS = ["region:16", "region:01", "urban_rural:1", "size:3", "language:1", "region:99", "nothing:1"]
BORDERS = ["now", "then", "2019-12-31", "2021-01-01", "1990-01-01", "yesterday"]
YEARS = [2015, 2016, 2017, 2018, 2019]
PEERS = ["region", "urban_rural", "country", "region:16", "similar:3", "similar:5@general", "Kannus", "091"]


def options(draw: random.Random, offered: dict[str, list], likely: float = 0.3) -> dict[str, object]:
    return {name: draw.choice(values) for name, values in offered.items() if draw.random() < likely}


def indicator(draw: random.Random) -> str:
    if draw.random() < 0.04:
        return draw.choice(["culture.net_operating_costs", "library", "cinema.visits"])
    return draw.choice(COSTS * 2 + OTHERS)


def area(draw: random.Random) -> str:
    return draw.choice(WRONG_AREAS if draw.random() < 0.08 else AREAS)


def common(draw: random.Random) -> dict[str, object]:
    periods = [*map(str, YEARS), "2012", "2030", "2019-13"]
    return options(draw, {"period": periods[:5] * 8 + periods, "territory": BORDERS[:4] * 8 + BORDERS}, 0.4)


def prices(draw: random.Random) -> dict[str, object]:
    return options(draw, {"real": ["cpi@2018", "cpi@2015"] * 6 + ["cpi@1900", "gold@2018", "2018"]}, 0.15)


def year(draw: random.Random) -> dict[str, object]:
    return options(draw, {"as-of-year": [2016, 2019, 2021] * 4 + [0]}, 0.15)


def ends(draw: random.Random) -> dict[str, object]:
    return options(draw, {"from": ["2015", "2016", "2018"], "to": [*["2017", "2019"] * 6, "2030"]}, 0.4)


def compare(draw: random.Random) -> dict[str, object]:
    found = {"indicator": indicator(draw), "area": area(draw)} | common(draw) | prices(draw) | year(draw)
    if draw.random() < 0.6:
        found["peers"] = draw.sample(PEERS, draw.randint(1, 3))
    aggregates = ["ratio-of-sums", "mean", "median", "weighted-mean"] * 4 + ["total"]
    found |= options(draw, {"aggregate": aggregates}, 0.2)
    # Few indicators say which end is the good one, or count something.
    if draw.random() < 0.15:
        bands = ["relative", "absolute:10,15", "absolute:15,10"]
        found |= {"indicator": "library.loans_per_inhabitant", "bands": draw.choice(bands)}
        found.pop("aggregate", None)
    elif draw.random() < 0.1:
        found |= {"indicator": "population.share_0_17", "intervals": draw.choice(["95", "99.8", "90"]), "period": "2018"}
    return found | options(draw, {"list": [True], "three-year": [True]}, 0.2)


def rank(draw: random.Random) -> dict[str, object]:
    found = {"indicator": indicator(draw)} | common(draw) | year(draw)
    found |= options(draw, {"order": ["asc", "desc"]}, 0.85) | options(draw, {"within": GROUPS}, 0.4)
    return found | options(draw, {"three-year": [True]}, 0.2)


def groups(draw: random.Random) -> dict[str, object]:
    found = {"indicator": indicator(draw), "by": draw.choice([*GROUPINGS * 4, "regions"])} | common(draw) | year(draw)
    offered = {"aggregate": [*["mean", "median", "ratio-of-sums"] * 4, "total"]}
    found |= options(draw, offered, 0.25)
    return found | options(draw, {"intervals": ["95", "99.8"]}, 0.05)


def change(draw: random.Random) -> dict[str, object]:
    found = {"indicator": indicator(draw)} | ends(draw) | prices(draw) | year(draw)
    offered = {"by": [*GROUPINGS, "region:16"], "method": ["lmdi"], "panel": ["all"], "territory": ["now", "2021-01-01"] * 3 + BORDERS}
    return found | options(draw, offered, 0.25) | options(draw, {"list": [True]}, 0.2)


def trend(draw: random.Random) -> dict[str, object]:
    areas = [area(draw) for _ in range(draw.randint(1, 3))]
    found = {"indicator": indicator(draw), "area": areas} | ends(draw) | prices(draw)
    offered = {"territory": BORDERS[:4] * 4 + BORDERS, "index": ["2018", "2019", "first", "2030"], "chain": ["stated", "1.1"], "group": GROUPS}
    return found | options(draw, offered, 0.25) | options(draw, {"three-year": [True]}, 0.15)


def inequality(draw: random.Random) -> dict[str, object]:
    found = {"indicator": indicator(draw)} | common(draw) | prices(draw) | year(draw)
    return found | options(draw, {"by": GROUPINGS}, 0.5)


def peers(draw: random.Random) -> dict[str, object]:
    found = {"indicator": indicator(draw), "area": area(draw)} | common(draw) | year(draw)
    if draw.random() < 0.5:
        found["model"] = draw.choice([*["general", "culture_cost"] * 4, "generall"])
    elif draw.random() < 0.5:
        found["variables"] = draw.sample(["population.total:2", "population.share_65_over", COSTS[2]], 2)
    offered = {"candidates": ["region", "region:16", "region:99"], "k": [3, 5, 8, 400], "max-distance": [0.5, 1.5]}
    return found | options(draw, offered, 0.3)


def expected(draw: random.Random) -> dict[str, object]:
    found = {"indicator": indicator(draw)} | common(draw)
    offered = {"area": AREAS, "method": ["quasi-poisson"], "level": [90.0, 99.0, 120.0]}
    found |= options(draw, offered, 0.3)
    if draw.random() < 0.4:
        found["variables"] = draw.sample(["population.total:log", "population.share_65_over", "population.nobody"], 1)
    return found


def intervals(draw: random.Random) -> dict[str, object]:
    found = {"indicator": draw.choice([*OTHERS[2:] * 4, *OTHERS, COSTS[0]]), "period": "2018"} | year(draw)
    offered = {"level": ["95", "99.8"], "method": ["byar", "wilson", "wilson", "wilson"], "territory": BORDERS, "funnel": ["none", "auto"]}
    return found | options(draw, offered | {"by": GROUPINGS, "within": GROUPS}, 0.25)


def cost_per_use(draw: random.Random) -> dict[str, object]:
    found = {"indicator": draw.choice([COSTS[2], COSTS[0], "library.expenditure_per_inhabitant"]), "area": area(draw)} | common(draw)
    return found | options(draw, {"peers": [["region"], ["country", "Kannus"]]}, 0.5)


def composition(draw: random.Random) -> dict[str, object]:
    sums = ["culture.net_operating_cost", "culture_excluding_library.net_operating_cost_per_inhabitant", "culture.share_of_operating_economy"]
    found = {"indicator": draw.choice([*sums, COSTS[0], COSTS[0], COSTS[1]]), "area": area(draw)} | common(draw)
    return found | options(draw, {"peers": [["region"], ["country", "Kannus"], ["similar:5"]], "as-of-year": [2017]}, 0.5)


def explain(draw: random.Random) -> dict[str, object]:
    return {"indicator": indicator(draw), "area": area(draw)} | common(draw) | prices(draw)


WORDS = ["kirjasto", "bibliotek", "library", "biblotek", "culture cost", "musiikki", "xyzzy", "väestö", "museum"]


def indicators(draw: random.Random) -> dict[str, object]:
    return {"search": draw.choice(WORDS)}


def areas(draw: random.Random) -> dict[str, object]:
    return {"search": draw.choice([*AREAS, "kok", "hel", "åbo", "qqqq", "nokia"])}


VERBS = {
    "compare": (compare, 98),
    "rank": (rank, 67),
    "groups": (groups, 60),
    "change": (change, 50),
    "trend": (trend, 60),
    "inequality": (inequality, 30),
    "peers": (peers, 30),
    "expected": (expected, 15),
    "intervals": (intervals, 25),
    "composition": (composition, 12),
    "cost-per-use": (cost_per_use, 8),
    "explain": (explain, 30),
    "indicators": (indicators, 7),
    "areas": (areas, 8),
}


def main() -> None:
    draw = random.Random(SEED)
    lines: list[str] = []
    for verb, (make, count) in VERBS.items():
        asked: set[str] = set()
        while len(asked) < count:
            line = json.dumps({"verb": verb} | make(draw), ensure_ascii=False)
            if line not in asked:
                asked.add(line)
                lines.append(line)
    draw.shuffle(lines)
    Path(__file__).with_name("questions.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
