# SPDX-License-Identifier: Apache-2.0
"""Text in a plot of matplotlib."""

from pulsewright.hls_model.escape.terminal import visible


def plot_text(text: str) -> str:
    """`text` for a title, a label or a legend, where dollar signs begin no formula."""
    return visible(text).replace("$", r"\$")
