# SPDX-License-Identifier: Apache-2.0
"""C header with the weights of a coprocessor whose weights are reloadable."""

from collections.abc import Sequence

from pulsewright.hls_model.escape.identifiers import checked_identifier
from pulsewright.rtl.package.templates import render


def weight_header(name: str, image: Sequence[tuple[int, int]]) -> str:
    """C99 with the image that `pulsewright_load_weights` of the driver takes.

    image: (byte offset, word), as `WeightWindow.image` gives it.

    Raises:
        PulsewrightError: `name` is no identifier.
    """
    return render("weights.h.j2", name=checked_identifier(name), words=[word for _, word in image])
