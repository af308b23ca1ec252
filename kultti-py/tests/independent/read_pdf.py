"""Prints what pypdf finds in a PDF: whether it is tagged, its language, title, outline, tags and texts of figures; after the
file's name ``words`` its text too."""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Any

import pypdf
from pypdf.generic import ArrayObject, DictionaryObject

document = pypdf.PdfReader(sys.argv[1])
root = document.root_object
tags: Counter[str] = Counter()
figures: list[str] = []


def walk(node: Any) -> None:
    """Counts a structure element and those below it."""
    node = node.get_object()
    if isinstance(node, ArrayObject):
        for child in node:
            walk(child)
    elif isinstance(node, DictionaryObject):
        tag = str(node.get("/S", "")).removeprefix("/")
        tags[tag] += 1
        if tag == "Figure":
            figures.append(str(node.get("/Alt", "")))
        if "/K" in node:
            walk(node["/K"])


def outline(items: list[Any]) -> list[str]:
    return [title for item in items for title in (outline(item) if isinstance(item, list) else [str(item.title)])]


if "/StructTreeRoot" in root:
    walk(root["/StructTreeRoot"])
marked = root.get("/MarkInfo", DictionaryObject()).get_object()
found = {
    "pages": len(document.pages),
    "marked": bool(marked.get("/Marked", False)) and "/StructTreeRoot" in root,
    "language": str(root.get("/Lang", "")),
    "title": (document.metadata.title if document.metadata else None) or "",
    "outline": outline(document.outline),
    "tags": dict(tags),
    "figures": figures,
}
if sys.argv[2:] == ["words"]:
    found["text"] = "\n".join(page.extract_text() for page in document.pages)
print(json.dumps(found, ensure_ascii=True))
