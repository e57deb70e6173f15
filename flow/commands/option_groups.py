# SPDX-License-Identifier: Apache-2.0
"""Options that belong together, as one parameter of a command."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import wraps
from inspect import Parameter
from typing import Any


def with_option_groups(command: Callable[..., None]) -> Callable[..., None]:
    """Let Typer see the fields of each dataclass among the parameters, in that parameter's place.

    A field's annotation and default are those that a parameter of the command would have.
    """
    signature = inspect.signature(command)
    groups: dict[str, Any] = {
        name: parameter.annotation
        for name, parameter in signature.parameters.items()
        if is_dataclass(parameter.annotation)
    }

    @wraps(command)
    def wrapped(**given: Any) -> None:
        for name, group in groups.items():
            given[name] = group(**{field.name: given.pop(field.name) for field in fields(group)})
        command(**given)

    shown = list(_shown(signature))
    wrapped.__dict__["__signature__"] = signature.replace(parameters=shown)
    wrapped.__annotations__ = {one.name: one.annotation for one in shown}
    return wrapped


def _shown(signature: inspect.Signature) -> Iterator[Parameter]:
    for parameter in signature.parameters.values():
        if is_dataclass(parameter.annotation):
            yield from map(_of_field, fields(parameter.annotation))
        else:
            # Groups have no default, and may stand behind a parameter that has one.
            yield parameter.replace(kind=Parameter.KEYWORD_ONLY)


def _of_field(field: Field[Any]) -> Parameter:
    default = Parameter.empty if field.default is MISSING else field.default
    return Parameter(field.name, Parameter.KEYWORD_ONLY, default=default, annotation=field.type)
