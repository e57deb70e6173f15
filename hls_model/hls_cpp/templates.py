# SPDX-License-Identifier: Apache-2.0
"""The Jinja2 templates of the generated C++ and what goes with it."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from pulsewright.hls_model.hls_cpp.layer_widths import Width


def _integer(width: Width) -> str:
    return f"pulsewright::Integer<{width.bits}, {'true' if width.signed else 'false'}>"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pulsewright.hls_model.hls_cpp", "templates"),
        # A misspelt name ends with an error instead of an empty place in the source.
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # C++, not HTML.
        autoescape=False,
    )
    environment.filters["integer"] = _integer
    environment.filters["boolean"] = lambda value: "true" if value else "false"
    return environment


def render(template: str, **names: object) -> str:
    """The text of `template` (a file of the folder templates) with these names filled in.

    Raises:
        jinja2.UndefinedError: the template uses a name that is not given.
    """
    return _environment().get_template(template).render(**names)
