"""Tables for publication. Nothing here computes: what is shown is what the result shows."""

from __future__ import annotations

from typing import Any

Grid = tuple[str, list[tuple[str, bool]], list[list[str]]]


def great_table(great_tables: Any, frame: Any, grid: Grid, title: tuple[str, str], source: list[str], language: str) -> Any:
    """A ``great_tables.GT`` of a grid of texts.

    Args:
        great_tables: The package.
        frame: What makes a frame of a dict of columns.
        grid: Caption, headers (each with whether its column is one of numbers), and rows.
        title: Title and what stands beside it.
        source: Lines of the small print.
        language: The language of the texts.

    Returns:
        The table.
    """
    caption, headers, rows = grid
    names = [str(place) for place in range(len(headers))]
    table = great_tables.GT(frame({name: [row[place] for row in rows] for place, name in enumerate(names)}), locale=language)
    table = table.tab_header(title=title[0], subtitle=caption or title[1] or None)
    table = table.cols_label(dict(zip(names, (text or "\u00a0" for text, _ in headers), strict=True)))
    for name, (_, numbers) in zip(names, headers, strict=True):
        table = table.cols_align("right" if numbers else "left", columns=name)
    for line in source:
        table = table.tab_source_note(line)
    return table
