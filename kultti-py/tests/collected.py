"""A small round of two municipalities, and forms of it filled in as a program would."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import kultti

COST = "library.net_operating_cost"
EVENTS = "library.events"

# Costs have to be given, events need not. Kokkola is 272, Pietarsaari (Jakobstad) 598.
RECIPE = f"""
schema = 1
id = "libraries-2020"
label = {{ fi = "Kirjastot 2020", sv = "Biblioteken 2020", en = "Libraries 2020" }}
instructions = {{ fi = "Tilinpäätöksestä.", sv = "Ur bokslutet.", en = "Of the accounts." }}
contact = "collection@example.org"
period = "2020"
opens = "2021-03-01"
due = "2021-04-30"
areas = ["Kokkola", "Pietarsaari"]
ledger = "ledger"
source = "municipal_finance"

[[measure]]
id = "{COST}"

[[measure]]
id = "{EVENTS}"
required = false
"""


def filled(round: kultti.Round, area: str, path: Path, answers: Mapping[str, Any], **more: Any) -> Path:
    """Writes the JSON form of an area with answers: a number, a mark, or a dict with ``value``, ``status`` and ``note``."""
    round.write_form(area, path)
    form = json.loads(path.read_text(encoding="utf-8"))
    form.update(more)
    for row in form["answers"]:
        answer = answers.get(row["measure"])
        row.update(answer if isinstance(answer, dict) else {"value": answer})
    path.write_text(json.dumps(form, ensure_ascii=False), encoding="utf-8")
    return path
