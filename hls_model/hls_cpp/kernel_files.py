# SPDX-License-Identifier: Apache-2.0
"""The folder of C++ that an HLS tool takes: kernel, parameters, test bench and vectors."""

from importlib.resources import files
from typing import Any

import numpy as np

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.escape.identifiers import checked_coprocessor_name
from pulsewright.hls_model.hls_cpp.layer_source import initialiser, layer_sources
from pulsewright.hls_model.hls_cpp.layer_widths import Width
from pulsewright.hls_model.hls_cpp.templates import render
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine

KERNEL_HEADERS = (
    "pulsewright_pragmas.h",
    "pulsewright_integer.h",
    "pulsewright_requantise.h",
    "pulsewright_dense.h",
)
GENERATED = {
    "README.md": "README.md.j2",
    "Makefile": "Makefile.j2",
    "vitis.tcl": "vitis.tcl.j2",
    "{name}.h": "kernel.h.j2",
    "{name}.cpp": "kernel.cpp.j2",
    "{name}_layers.h": "layers.h.j2",
    "{name}_parameters.h": "parameters.h.j2",
    "{name}_scales.h": "scales.h.j2",
    "{name}_tb.cpp": "bench.cpp.j2",
    "{name}_batch.cpp": "batch.cpp.j2",
}
INCREMENTAL_HEADER, ARGMAX_HEADER = "pulsewright_incremental.h", "pulsewright_argmax.h"


def kernel_files(
    name: str, model: IntegerMlp, engine: FoldedEngine, codes: IntegerArray
) -> dict[str, bytes]:
    """Files by their names.

    name: a lower-case C identifier; functions and files begin with it. codes: (rows, inputs), the
    vectors of the test bench; in an incremental kernel one sequence.

    Raises:
        PulsewrightError: the engine is not of the model's sizes, a format is too wide, a code
            leaves the input format, or the name is one that a language or Pulsewright uses itself.
    """
    names = _template_names(checked_coprocessor_name(name), model, engine)
    contents = {
        path.format(name=name): render(template, **names) for path, template in GENERATED.items()
    }
    headers = list(KERNEL_HEADERS)
    headers += [INCREMENTAL_HEADER] if names["incremental"] else []
    headers += [ARGMAX_HEADER] if names["argmax"] else []
    kernel = files("pulsewright.hls_model.hls_cpp") / "kernel"
    contents |= {header: (kernel / header).read_text(encoding="utf-8") for header in headers}
    contents["vectors.txt"] = vectors_text(model, codes)
    return {path: text.encode() for path, text in contents.items()}


def _template_names(name: str, model: IntegerMlp, engine: FoldedEngine) -> dict[str, Any]:
    """What the templates speak of."""
    shapes = [(folded.neurons, folded.inputs) for folded in engine.layers]
    if shapes != [layer.weights.shape for layer in model.layers]:
        raise PulsewrightError(
            f"a network of sizes {model.sizes} does not fit a folding of layers {shapes}; "
            "fold the network's own sizes"
        )
    layers = layer_sources(model, engine)
    argmax = model.output is OutputKind.ARGMAX
    output_format = model.output_format if argmax else layers[-1].shaped.result_format
    return {
        "name": name,
        "guard": name.upper(),
        "digest": model.digest,
        "sizes": model.sizes,
        "layers": layers,
        "incremental": engine.incremental,
        "reloadable": engine.reloadable,
        "input_format": str(model.input_format),
        "output_format": str(output_format),
        "output_meaning": model.output_meaning,
        "output_width": Width.of(output_format),
        "outputs": model.outputs,
        "argmax": argmax,
        "initialiser": initialiser,
    }


def vectors_text(model: IntegerMlp, codes: IntegerArray) -> str:
    """The test bench's vectors: a line with rows, inputs and outputs, then codes and results.

    Raises:
        PulsewrightError: the shape is wrong or a code leaves the input format.
    """
    results = model.infer(codes)
    lines = [f"{len(codes)} {model.sizes[0]} {model.outputs}"]
    lines += [
        " ".join(str(number) for number in row) for row in np.hstack([codes, results]).tolist()
    ]
    return "\n".join(lines) + "\n"
