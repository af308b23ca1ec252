"""Types for autodoc: the extension module has docstrings, its stub file has the types.

Signatures of functions and methods and the types of attributes come from `kultti/_kultti.pyi`; what stands in the extension
and not in the stubs is said as a warning, and warnings end the build.
"""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from typing import Any

import kultti
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)
STUBS = Path(kultti.__file__).with_name("_kultti.pyi")


class Types:
    """The stub file as texts: signatures by qualified name, types of attributes by class and name."""

    def __init__(self) -> None:
        tree = ast.parse(STUBS.read_text(encoding="utf-8"))
        self.aliases: dict[str, str] = {}
        self.signatures: dict[str, tuple[str, str]] = {}
        self.attributes: dict[str, dict[str, str]] = {}
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                self.aliases[node.targets[0].id] = ast.unparse(node.value)
            elif isinstance(node, ast.FunctionDef):
                self.function(node.name, node)
            elif isinstance(node, ast.ClassDef):
                self.a_class(node)

    def a_class(self, node: ast.ClassDef) -> None:
        self.attributes[node.name] = {}
        for item in node.body:
            if isinstance(item, ast.FunctionDef):
                decorators = {ast.unparse(decorator) for decorator in item.decorator_list}
                if "property" in decorators:
                    self.attributes[node.name][item.name] = self.text(item.returns)
                else:
                    self.function(f"{node.name}.{item.name}", item)
            elif isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
                self.attributes[node.name][item.target.id] = self.text(item.annotation)

    def function(self, name: str, node: ast.FunctionDef) -> None:
        arguments = node.args
        for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
            if argument.annotation is not None:
                argument.annotation = ast.parse(self.text(argument.annotation), mode="eval").body
        own = {"self", "cls"}
        arguments.posonlyargs = [argument for argument in arguments.posonlyargs if argument.arg not in own]
        arguments.args = [argument for argument in arguments.args if argument.arg not in own]
        # Of several overloads the first is shown.
        self.signatures.setdefault(name, (f"({ast.unparse(arguments)})", self.text(node.returns)))

    def text(self, node: ast.expr | None) -> str:
        """An annotation with the private names of the stubs written out."""
        if node is None:
            return "None"

        class Written(ast.NodeTransformer):
            def visit_Name(inner, name: ast.Name) -> ast.AST:  # noqa: N805
                known = self.aliases.get(name.id)
                return ast.parse(known, mode="eval").body if known else name

        return ast.unparse(Written().visit(node))


TYPES = Types()


def signature(app: Any, what: str, name: str, obj: Any, options: Any, text: str | None, returns: str | None) -> tuple[str, str | None] | None:
    if what in ("class", "exception"):
        # Nobody makes a result; an answer does.
        return "", None
    if what not in ("function", "method"):
        return None
    found = TYPES.signatures.get(name.removeprefix("kultti."))
    if found is None:
        LOGGER.warning("%s has no signature in %s", name, STUBS.name)
    return found


def setup(app: Any) -> dict[str, Any]:
    for name, attributes in TYPES.attributes.items():
        owner = getattr(kultti, name, None)
        if inspect.isclass(owner):
            owner.__annotations__ = attributes
    app.connect("autodoc-process-signature", signature)
    return {"parallel_read_safe": True, "version": kultti.__version__}
