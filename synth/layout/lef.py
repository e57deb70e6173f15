# SPDX-License-Identifier: Apache-2.0
"""Wires and cells of a technology, from its LEF (Library Exchange Format 5.4)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pulsewright.hls_model.errors import PulsewrightError

_LAYER = re.compile(r"^LAYER\s+(\S+)\s(.*?)^END\s+\1\s", re.MULTILINE | re.DOTALL)
_MACRO = re.compile(r"^MACRO\s+(\S+)\s(.*?)^END\s+\1\s", re.MULTILINE | re.DOTALL)
_NUMBER = r"\s+([-+.\deE]+)"


@dataclass(frozen=True)
class WireLayer:
    """A routing layer. width: of its wires, in µm. femtofarad: of a µm of wire."""

    width: float
    femtofarad: float


@dataclass(frozen=True)
class Lef:
    """layers: for wires. sizes: widths and heights of cells in µm."""

    layers: Mapping[str, WireLayer]
    sizes: Mapping[str, tuple[float, float]]


def read_lef(text: str) -> Lef:
    """Layers and cells of a LEF file.

    Capacitance of a wire is that of its area and of its two edges, as the format defines them.

    Raises:
        PulsewrightError: it has no routing layer with a capacitance.
    """
    layers = {}
    for name, body in _LAYER.findall(text):
        if not re.search(r"\bTYPE\s+ROUTING\b", body):
            continue
        width = _value(body, "WIDTH")
        area, edge = _value(body, "CAPACITANCE CPERSQDIST"), _value(body, "EDGECAPACITANCE")
        layers[name] = WireLayer(width, (area * width + 2 * edge) * 1000)
    if not any(layer.femtofarad for layer in layers.values()):
        raise PulsewrightError("the LEF file has no routing layer with a capacitance")
    sizes = {}
    for name, body in _MACRO.findall(text):
        size = re.search(rf"\bSIZE{_NUMBER}\s+BY{_NUMBER}", body)
        if size is not None:
            sizes[name] = (float(size[1]), float(size[2]))
    return Lef(layers, sizes)


def _value(body: str, words: str) -> float:
    found = re.search(r"\b" + words.replace(" ", r"\s+") + _NUMBER, body)
    return 0.0 if found is None else float(found[1])
