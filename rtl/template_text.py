# SPDX-License-Identifier: Apache-2.0
"""Texts from Jinja2 templates, one folder of them in each package that writes texts."""

import json
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from pulsewright.hls_model.escape.comments import comment_text
from pulsewright.hls_model.escape.markdown import markdown_text


@cache
def _environment(package: str) -> Environment:
    environment = Environment(
        loader=PackageLoader(package, "templates"),
        # A misspelt name ends with an error instead of an empty place in a hand-over.
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # Verilog, C and YAML, not HTML.
        autoescape=False,
    )
    environment.filters["comment"] = comment_text
    environment.filters["markdown"] = markdown_text
    # Every JSON string is one of YAML, and no YAML word such as `on`.
    environment.filters["yaml"] = json.dumps
    environment.filters["hex32"] = lambda value: f"32'h{value & 0xFFFF_FFFF:08X}"
    environment.filters["hex"] = lambda value: f"0x{value:02X}"
    return environment


def rendered(package: str, template: str, **names: object) -> str:
    """The text of `template`, a file of the package's folder templates, with these names filled in.

    Raises:
        jinja2.UndefinedError: the template uses a name that is not given.
    """
    return _environment(package).get_template(template).render(**names)
