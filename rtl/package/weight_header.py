# SPDX-License-Identifier: Apache-2.0
"""C header with the weights of a coprocessor whose weights are reloadable."""

from rtl.package.design import PackagedDesign
from rtl.package.templates import render


def weight_header(design: PackagedDesign) -> str:
    """C99 with the image that `pulsewright_load_weights` of the driver takes."""
    return render("weights.h.j2", name=design.name, words=[word for _, word in design.weight_image])
