# SPDX-License-Identifier: Apache-2.0
"""The text that stands below an attribute in its class.

Pydantic's `use_attribute_docstrings` reads the same, when classes are made: that would add half of
their imports' time to every command, where one command needs the texts.
"""

import ast
import importlib.util
import inspect
import itertools
from functools import cache
from pathlib import Path

from pydantic import BaseModel


def attribute_docstrings(model: type[BaseModel]) -> dict[str, str]:
    """Texts by the names of the fields of `model`, those of what it is derived from as well."""
    texts: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, BaseModel) and base is not BaseModel:
            texts |= _classes(base.__module__).get(base.__qualname__, {})
    return texts


@cache
def _classes(module: str) -> dict[str, dict[str, str]]:
    """Of the top-level classes of a module that has a source, their texts."""
    spec = None if module == "__main__" else importlib.util.find_spec(module)
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return {}
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    return {one.name: _texts(one) for one in tree.body if isinstance(one, ast.ClassDef)}


def _texts(node: ast.ClassDef) -> dict[str, str]:
    return {
        attribute.target.id: inspect.cleandoc(below.value.value)
        for attribute, below in itertools.pairwise(node.body)
        if isinstance(attribute, ast.AnnAssign)
        and isinstance(attribute.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    }
