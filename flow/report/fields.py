# SPDX-License-Identifier: Apache-2.0
"""What the fields of `report.json` mean.

Parts of a name are joined by points. `<word>` stands for any key, `[]` for the objects of a list.
"""

from collections.abc import Iterator

_TOP = {
    "report_version": "1; another number if a field changes its meaning or goes.",
    "recipe": "The recipe with all its defaults; its keys are those of the file.",
    "command": "The command that made the report, as it was typed.",
    "versions": "Versions of Python, of packages and of tools, by name.",
}
_MODEL = {
    "model": "The integer model.",
    "model.sizes": "Inputs, then the neurons of every layer.",
    "model.parameters": "Weights and biases.",
    "model.digest": "SHA-256 of model.json; its first 32 bits are the register MODEL_DIGEST.",
    "model.input_format": "Format of the input codes.",
    "model.output_format": "Format of the results.",
}
_ACCURACY = {
    "accuracy": "Mean squared errors on the test rows by split; empty for a finished model.",
    "accuracy.<split>.float": "Of the network in floating point.",
    "accuracy.<split>.qat": "Of the network after quantisation-aware training, in Brevitas.",
    "accuracy.<split>.integer": "Of the integer model.",
    "accuracy.<split>.integer_median_curve": "Of the integer model, on the median curve.",
    "quantiles": 'What task = "pulses_to_target" measured; empty for the other task.',
    "quantiles.float_error": "Pinball loss in octaves, in floating point, on the validation.",
    "quantiles.quantised_error": "The same after quantisation-aware training.",
    "quantiles.coverage": "By quantile, the share of the test whose correction is below it.",
    "quantiles.coverage_by_session": "The same by session.",
    "quantiles.brevitas_rows": "Tuples on which the integer model was compared with Brevitas.",
    "quantiles.brevitas_mismatches": "How many of them differ.",
}
_MISMATCHES = {
    "mismatches": "Comparisons with the integer model: brevitas, icarus, verilator, hls_cpp, "
    "hls_bench, qonnx, firmware, as far as they ran.",
    "mismatches.<comparison>.rows": "Input vectors that were compared.",
    "mismatches.<comparison>.mismatches": "Vectors with another result; 0 is a pass.",
    "float32_undecided": "By split, rows that Brevitas' float32 has on the other side of a step.",
    "float32_undecided.<split>[].row": "Which row, from 0.",
    "float32_undecided.<split>[].layer": "The first layer that differs, from 1.",
    "float32_undecided.<split>[].neuron": "The first neuron of it that differs, from 0.",
    "float32_undecided.<split>[].exact_code": "Its code in exact arithmetic.",
    "float32_undecided.<split>[].float32_code": "Its code in float32.",
    "float32_undecided.<split>[].distance": "Of the exact value from the step between the codes, "
    "in steps.",
}
_CYCLES = {
    "cycles": "Clock cycles, measured in simulation and by formula.",
    "cycles.ii": "Measured initiation interval of the engine; null if nothing was simulated.",
    "cycles.latency": "Measured latency of the engine; null if nothing was simulated.",
    "cycles.ii_formula": "Initiation interval by formula.",
    "cycles.latency_formula": "Latency by formula.",
    "cycles.multipliers": "Multipliers of weights and activations.",
    "cycles.requantiser_multipliers": "Multipliers of requantisers.",
    "cycles.multiplier_utilisation": "Share of the multipliers' cycles that do work, 0 to 1.",
    "cycles.curve_formula": "A curve job over all pulse numbers, by formula; null without one.",
    "cycles.curve": "The same, measured, by simulator.",
    "cycles.bus_cycles_per_inference": "One inference through the bus, measured, by simulator.",
    "cycles.stream_ii": "Initiation interval through the AXI4-Streams, measured, by simulator; "
    "empty if there are none.",
    "cycles.stream_latency": "Latency through the AXI4-Streams, measured, by simulator; empty if "
    "there are none.",
}
_ENERGY = {
    "energy": "Energy figures. Those of different nodes are never to be added.",
    "energy[].tier": "1: 2 FLOP a product, as in the paper. 2: operations and memory accesses of "
    "the folded hardware. 3: switching of the gates of the netlist.",
    "energy[].node": "Technology that the figure is for.",
    "energy[].what": "What it is the energy of.",
    "energy[].picojoule": "The energy in pJ.",
    "energy[].table": "Energy table of tier 2; empty for the others.",
}
_SYNTHESIS = {
    "synthesis": "What `pulsewright synth` measured of the Verilog that is there now, by target "
    "and design; nothing is synthesised for a report.",
    "synthesis[].target": "FPGA family, or technology of the cells.",
    "synthesis[].design": "engine, or the bus of the coprocessor.",
    "synthesis[].device": "Of an FPGA, which one.",
    "synthesis[].cell_library": "Of standard cells, the library.",
    "synthesis[].libraries": "Of standard cells, SHA-256 of the Liberty files by corner.",
    "synthesis[].period_nanosecond": "Of standard cells, the clock period they were sized for.",
    "synthesis[].with_clock_gates": "Of standard cells, whether clocks of registers are gated.",
    "synthesis[].resources": "Of an FPGA luts, carries, luts_with_carries, flip_flops, dsps, "
    "block_rams; of cells area_square_micrometre, gate_equivalents, cells, flip_flops, "
    "clock_gates.",
    "synthesis[].megahertz": "Of an FPGA median, least and most of the placements; of cells by "
    "corner. Empty if it was not placed or timed.",
    "synthesis[].megahertz_by_seed": "Of an FPGA, each placement.",
    "synthesis[].leakage_nanowatt": "Of cells.",
    "synthesis[].energy": "Of cells, by what ran, of an inference or a curve: rows, mismatches, "
    "cycles, picojoule, picojoule_by_part, glitches_picojoule, with_wires_picojoule, "
    "idle_picojoule_a_cycle. Empty without --energy.",
    "synthesis[].remark": "Why it could not be placed.",
    "synthesis[].versions": "Versions of the tools, by name.",
}
FIELDS: dict[str, str] = {
    **_TOP,
    **_MODEL,
    **_ACCURACY,
    **_MISMATCHES,
    **_CYCLES,
    **_ENERGY,
    **_SYNTHESIS,
}


def described(name: str) -> Iterator[str]:
    """The names in `FIELDS` that `name` is, with or without `[]`, and any key for a `<word>`."""
    parts = name.replace("[]", "").split(".")
    for field in FIELDS:
        pattern = field.replace("[]", "").split(".")
        if len(pattern) == len(parts) and all(
            one.startswith("<") or one == part for one, part in zip(pattern, parts, strict=True)
        ):
            yield field
