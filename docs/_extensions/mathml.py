"""Formulas as MathML, which browsers set and screen readers read, without a script from elsewhere."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.errors import SphinxError


def written(node: nodes.Element, display: bool) -> str:
    try:
        return tex2mathml(node.astext(), as_block=display)
    except Exception as cause:
        raise SphinxError(f"the formula {node.astext()!r} cannot be read: {cause}") from cause


def inline(writer: Any, node: nodes.Element) -> None:
    writer.body.append(written(node, display=False))
    raise nodes.SkipNode


def block(writer: Any, node: nodes.Element) -> None:
    writer.body.append(f'<div class="math">{written(node, display=True)}</div>')
    raise nodes.SkipNode


def setup(app: Any) -> dict[str, Any]:
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    return {"parallel_read_safe": True}
