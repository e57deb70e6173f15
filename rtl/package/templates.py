# SPDX-License-Identifier: Apache-2.0
"""The templates of the package."""

from pulsewright.rtl.template_text import rendered


def render(template: str, **names: object) -> str:
    """See `rendered`."""
    return rendered("pulsewright.rtl.package", template, **names)
