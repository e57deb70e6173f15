# SPDX-License-Identifier: Apache-2.0
"""C header of the registers, made by PeakRDL from the same SystemRDL source as the decoder."""

import tempfile
from pathlib import Path

from peakrdl_cheader.c_standards import CStandard
from peakrdl_cheader.exporter import CHeaderExporter

from hls_model.integer_mlp import IntegerMlp
from rtl.register_map import compile_register_map


def register_header(model: IntegerMlp, name: str) -> str:
    """C99 text for freestanding use: offsets, masks, and a struct of the registers.

    name: prefix of the include guard's file name.

    Raises:
        PulsewrightError: the network does not fit the register map.
    """
    node = compile_register_map(model).node
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}_registers.h"
        CHeaderExporter().export(node, path=str(path), std=CStandard.gnu99, reuse_typedefs=False)
        text = path.read_text(encoding="utf-8")
    # A packed struct without an alignment is read byte by byte on cores that trap on misaligned
    # words, and the registers refuse narrow writes.
    text = text.replace("__packed__", "__packed__, __aligned__(4)")
    return f"// SPDX-License-Identifier: Apache-2.0\n{text}"
