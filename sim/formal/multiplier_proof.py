# SPDX-License-Identifier: Apache-2.0
"""Requantisers with multipliers against their definition, with the model's own constants.

From the product of an accumulator to its code, clip(round_shift(product + B)), for any product
within the exact range of the neuron whose turn it is, which a shadow of the groups tells; and what
stands beside the accumulator as its factor is M of that neuron. The product itself is Verilog's.
"""

import re
from collections.abc import Iterable, Iterator

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import Rounding
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.hls_model.schedule.neuron_order import with_ordered_neurons
from pulsewright.sim.formal.module_text import modules_of
from pulsewright.sim.formal.part_proof import ROUNDINGS, PartProof
from pulsewright.sim.formal.symbiyosys import Mode

INDUCTION_DEPTH = 2
_SCALED = re.compile(r"^  reg \[(\d+):0\] scaled_(\d+);$", re.MULTILINE)


def multiplier_proofs(verilog: str, model: IntegerMlp, folded: FoldedEngine) -> Iterator[PartProof]:
    """Of the layers whose codes come from multipliers of their own, and whose sums are kept."""
    if folded.reloadable:
        return
    modules = modules_of(verilog)
    ordered = with_ordered_neurons(model, folded)
    for number, (layer, shape) in enumerate(
        zip(ordered.layers, folded.layers, strict=True), start=1
    ):
        name = next((one for one in modules if one.endswith(f"_engine_layer{number}")), None)
        if name is None or layer.requantiser is None or layer.output_format is None:
            continue
        lanes = {int(lane): int(top) + 1 for top, lane in _SCALED.findall(modules[name])}
        for lane, width in lanes.items():
            if f" accumulator_{lane};" in modules[name]:
                statements = "\n".join(_statements(modules[name], layer, shape, lane, width))
                yield PartProof(
                    name,
                    "multiplier",
                    Mode.PROVE,
                    INDUCTION_DEPTH,
                    {"LANE": lane},
                    {},
                    "t:$mul",
                    inside=True,
                    statements=statements,
                )


def _statements(
    module: str, layer: DenseLayer, shape: FoldedLayer, lane: int, width: int
) -> Iterator[str]:
    """What is added to the module of the layer. width: of the product."""
    law, codes = layer.requantiser, layer.output_format
    assert law is not None
    assert codes is not None
    neurons = range(lane, layer.neurons, shape.pe)

    def table(group: str, values: Iterable[int]) -> str:
        return _table(group, list(values), width + 3)

    products = [law.multiplier.astype(object) * end for end in layer.neuron_ranges]
    least, most = (table("group_of_scaled", (int(end[one]) for one in neurons)) for end in products)
    group, scaled_group = (
        one if f" {one};" in module else "32'd0" for one in ("group", "scaled_group")
    )
    code = f"activation_{lane}" if f" activation_{lane};" in module else "results__payload"
    yield _TEXT.format(
        lane=lane,
        neurons=len(neurons),
        groups=-(-layer.neurons // shape.pe),
        group=group,
        scaled_group=scaled_group,
        top_bit=width + 2,
        multipliers=table("group_of_sum", (int(law.multiplier[one]) for one in neurons)),
        offsets=table("group_of_scaled", (int(law.offset[one]) for one in neurons)),
        least=least,
        most=most,
        shift=law.shift,
        step=f"$signed({width + 3}'d{1 << law.shift})",
        rounding=ROUNDINGS[layer.rounding],
        low=codes.minimum,
        top=law.largest_code(codes),
        code=f"$signed({code})" if codes.signed else f"$signed({{1'b0, {code}}})",
    )
    # Where it is rounded to the nearest, half a step is added with the offset.
    half = 0 if layer.rounding is Rounding.FLOOR else (1 << law.shift) >> 1
    if bits := _bits(module, "multipliers"):
        factor = f"$signed({{1'b0, {_part('multipliers', bits // shape.pe, lane)}}})"
        beside = "accumulate_valid && there_of_sum"
        yield f"always @* if ({beside}) assert ({factor} == multiplier);"
    if bits := _bits(module, "addends"):
        addend = f"$signed({_part('addends', bits // shape.pe, lane)})"
        yield f"always @* if (scale_valid && there) assert ({addend} == offset + {half});"


# Groups whose lane has no neuron, as the last ones may, have no definition.
_TEXT = """\
reg [31:0] group_of_sum, group_of_scaled;
always @(posedge clk) begin
    if (accumulate_load) group_of_sum <= {group};
    if (scale_load) group_of_scaled <= group_of_sum;
end
always @* if (!rst) begin
    if (accumulate_valid) assert (group_of_sum == {scaled_group});
    assert ({group} == (!accumulate_valid ? {scaled_group}
        : {scaled_group} == {groups} - 1 ? 32'd0 : {scaled_group} + 32'd1));
    assert ({scaled_group} < {groups});
    if (scale_valid) assert (group_of_scaled < {groups});
end
wire there_of_sum = group_of_sum < {neurons};
wire there = group_of_scaled < {neurons};
wire signed [{top_bit}:0] multiplier = {multipliers};
wire signed [{top_bit}:0] offset = {offsets};
wire signed [{top_bit}:0] least = {least};
wire signed [{top_bit}:0] most = {most};
wire signed [{top_bit}:0] product = $signed(scaled_{lane});
always @* if (scale_valid && there) assume (product >= least && product <= most);
wire signed [{top_bit}:0] value = product + offset;
wire signed [{top_bit}:0] down = value >>> {shift};
wire signed [{top_bit}:0] twice = (value - (down <<< {shift})) <<< 1;
wire goes_up = {rounding} == 2 ? 1'b0
    : twice > {step} || (twice == {step} && ({rounding} == 1 || down[0]));
wire signed [{top_bit}:0] nearest = goes_up ? down + 1 : down;
reg signed [{top_bit}:0] expected;
reg computed = 1'b0;
always @(posedge clk)
    if (activate_load) begin
        computed <= there;
        expected <= nearest < {low} ? {low} : nearest > {top} ? {top} : nearest;
    end
always @* if (computed) assert ({code} == expected);
"""


def _part(register: str, bits: int, lane: int) -> str:
    """A lane's bits of a register; of one bit for all no range is written."""
    return f"{register}[{bits * (lane + 1) - 1}:{bits * lane}]"


def _bits(module: str, register: str) -> int:
    """Width of a register; 0 if there is none."""
    found = re.search(rf"^  reg (?:\[(\d+):0\] )?{register};$", module, re.MULTILINE)
    return int(found[1] or 0) + 1 if found else 0


def _table(index: str, values: list[int], width: int) -> str:
    """A constant for each group."""
    text = "0"
    for group, value in reversed(list(enumerate(values))):
        constant = f"$signed({width}'h{value & ((1 << width) - 1):x})"
        text = constant if text == "0" else f"{index} == {group} ? {constant} : {text}"
    return text
