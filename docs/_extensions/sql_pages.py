"""The page of the tables and functions of SQL, asked of the package."""

from __future__ import annotations

import kultti
from catalogue_pages import escaped

KINDS = {
    "table": ("Tables", "What the release holds and declares."),
    "view": ("Wide views", "One for each theme of the catalogue: a row for each area and period, a column for each indicator of the theme, on the borders of the release. Those of the example release:"),
    "function": ("Functions", "They stand where a table stands: `SELECT … FROM compare('library.loans_per_inhabitant', '2019')`. In brackets is what may be left out."),
}


def section(item: dict[str, object]) -> list[str]:
    columns = item["columns"]
    assert isinstance(columns, list)
    lines = [f"### `{item['signature']}`", "", f"{escaped(str(item['description']))}.", "", "| column | type |", "|---|---|"]
    return [*lines, *(f"| `{column['name']}` | {column['type']} |" for column in columns), ""]


def pages() -> dict[str, str]:
    objects = kultti.example(language="en").tables().to_dict()
    parts = ["# Tables and functions of SQL", "", "What `kultti query`, `kultti sql` and `Release.sql` know; [how to ask](../how-to/sql.md).", ""]
    for kind, (title, said) in KINDS.items():
        parts += [f"## {title}", "", said, ""]
        for item in objects:
            if item["kind"] == kind:
                parts += section(item)
    return {"reference/sql.md": "\n".join(parts)}
