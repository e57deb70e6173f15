# SPDX-License-Identifier: Apache-2.0
"""What an import found: scales, multipliers, thresholds, folded nodes, what outputs stand for."""

from pydantic import BaseModel, ConfigDict

from pulsewright.hls_model.reference.network_output import OutputKind


def quantiser_remark(where: str, output: OutputKind) -> str:
    """Says that the quantiser of the output was left out."""
    return (
        f"{where} quantises the output and was left out: the result is the {output.value} before "
        'it; output = "code" keeps it'
    )


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class InputReport(_Part):
    """Codes of the input: what the quantiser in the file makes of gain * value + shift.

    gain, shift: exact where they are rational, one or one a feature.
    quantiser: the node; None if the format was given beside the file. step: of a code.
    """

    features: int
    code_format: str
    smallest_code: int
    largest_code: int
    quantiser: str | None
    gain: tuple[str, ...]
    shift: tuple[str, ...]
    step: str
    value_of_smallest_code: str


class RequantiserReport(_Part):
    """code = clip((multiplier * accumulator + offset) >> shift, 0, codes - 1), rounded.

    multiplier_bits, offset_bits: of the largest. shared: one multiplier and offset for all neurons.
    thresholds: all of them were checked. thresholds_outside: of these, beyond what the accumulator
    of their neuron reaches. constant_neurons: those that have no others; dead_neurons: of these,
    those that always give code 0.
    code_step, value_of_code_0: what codes stand for in the file.
    """

    quantiser: str
    codes: int
    multiplier_bits: int
    offset_bits: int
    shift: int
    rounding: str
    shared: bool
    thresholds: int
    thresholds_outside: int
    constant_neurons: int
    dead_neurons: int
    code_step: str
    value_of_code_0: str


class LayerReport(_Part):
    """weight_scales: how many different ones, smallest_scale and largest_scale among them.

    folded: nodes that the layer's integers hold. negated_rows: neurons whose weights changed sign.
    requantiser: None where accumulators are handed on.
    """

    layer: str
    inputs: int
    neurons: int
    weight_bits: int
    weight_scales: int
    smallest_scale: float
    largest_scale: float
    accumulator_bits: int
    negated_rows: int
    folded: tuple[str, ...]
    requantiser: RequantiserReport | None


class OutputReport(_Part):
    """value = scale * integer + offset, each one or one an output; of an argmax what is compared.

    code_offset: of a code, what to add to have the file's own integer. irrational: scale or offset
    are rationals within 2**-64 of the exact numbers.
    """

    output: OutputKind
    scale: tuple[str, ...]
    offset: tuple[str, ...]
    code_offset: int | None
    irrational: bool


class ImportReport(_Part):
    """remarks: sentences on what was left out or decided.

    source: kind of the file. output_quantiser: the node that was left out after the accumulators
    that are handed on; None if there is none.
    """

    source: str
    output_quantiser: str | None = None
    input: InputReport
    layers: tuple[LayerReport, ...]
    output: OutputReport
    remarks: tuple[str, ...]

    def to_json(self) -> str:
        """The report as JSON text."""
        return self.model_dump_json(indent=1) + "\n"
