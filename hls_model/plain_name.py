# SPDX-License-Identifier: Apache-2.0
"""Names of models, from names of files."""

import re

LONGEST_NAME = 80


def plain_name(name: str) -> str:
    """At most 80 characters of `name` without control characters; "imported" if none are left."""
    return re.sub(r"[\x00-\x1f\x7f]", " ", name)[:LONGEST_NAME] or "imported"
