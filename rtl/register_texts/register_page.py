# SPDX-License-Identifier: Apache-2.0
"""The registers as one page for browsers."""

from systemrdl.node import AddrmapNode

from pulsewright.hls_model.escape.terminal import visible
from pulsewright.rtl.register_texts.register_view import map_view
from pulsewright.rtl.register_texts.templates import render


def register_page(node: AddrmapNode, title: str) -> str:
    """HTML text that stands alone: no scripts, no fonts, nothing that is fetched."""
    return render("registers.html.j2", map=map_view(node), title=visible(title))
