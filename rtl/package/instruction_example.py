# SPDX-License-Identifier: Apache-2.0
"""An example in C: physical integers in, a result out, by one instruction."""

from pulsewright.hls_model.escape.identifiers import identifier_parts
from pulsewright.hls_model.words import WORD_BITS
from pulsewright.rtl.package.design import PackagedDesign
from pulsewright.rtl.package.templates import render


def instruction_example(design: PackagedDesign) -> str:
    """C99 for freestanding use on a RISC-V core whose port has the coprocessor.

    `design.instructions` is what it executes.
    """
    assert design.instructions is not None
    features = design.model.input_map.features
    lane = design.instructions.pulse_lane
    part = None if lane is None else identifier_parts(f.name for f in features)[lane]
    return render(
        "instruction_example.c.j2",
        name=design.name,
        lane_bits=design.instructions.lane_bits,
        lanes=WORD_BITS // design.instructions.lane_bits,
        inputs=len(features),
        results=design.model.outputs,
        pulse_feature=part,
        result=design.register_map["RESULT[0]"].address,
    )
