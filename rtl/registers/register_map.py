# SPDX-License-Identifier: Apache-2.0
"""The register map of one coprocessor, compiled from its SystemRDL source."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from systemrdl.node import AddrmapNode

from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.reloadable import bias_format, reloadable_formats
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from pulsewright.hls_model.schedule.weight_window import WINDOW_BASE, WeightWindow, weight_window
from pulsewright.hls_model.words import WORD_BYTES
from pulsewright.rtl.registers.data_windows import DataWindows, data_windows
from pulsewright.rtl.registers.register import Register
from pulsewright.rtl.registers.register_source import elaborated_source, registers_of
from pulsewright.rtl.registers.room import (
    check_fifo_depth,
    check_infer_only,
    check_maps_inputs,
    check_reloadable,
    check_result,
    check_sizes,
    input_words,
    lane_bits,
)

# Registers take 4 KiB of address space. Windows are above them, and as many bits more.
ADDRESS_BITS = 12
RESULT_FIFO_DEPTH = 8
# What the source is compiled with to have a weight window, and windows of inputs and results.
RELOADABLE = "RELOADABLE"
WINDOWS = "WINDOWS"
# To have inferences alone, and the same with constant weights.
INFER_ONLY = "INFER_ONLY"
INFER_CONSTANT_WEIGHTS = "INFER_CONSTANT_WEIGHTS"
# To have inputs as physical integers.
INPUT_MAP = "INPUT_MAP"


@dataclass(frozen=True)
class RegisterMap:
    """All registers of one coprocessor and the RDL node that they come from.

    address_bits: of a byte address within the coprocessor. window: of its reloadable weights.
    data_windows: of inputs and results, if they do not fit among the registers. bounded_wait:
    accesses that wait too long are refused. infer_only: the last input word starts an inference,
    and there are no jobs. maps_inputs: inputs may be written as physical integers.
    """

    node: AddrmapNode
    registers: tuple[Register, ...]
    input_lane_bits: int
    address_bits: int
    window: WeightWindow | None
    bounded_wait: bool
    data_windows: DataWindows | None = None
    infer_only: bool = False
    maps_inputs: bool = False

    def __getitem__(self, name: str) -> Register:
        for register in self.registers:
            if register.name == name:
                return register
        raise KeyError(name)

    def array(self, name: str) -> list[Register]:
        """The registers of an array, in order."""
        return [r for r in self.registers if r.name.startswith(f"{name}[")]

    @property
    def input_addresses(self) -> list[int]:
        """Byte addresses of the input words, in order."""
        if self.data_windows is None:
            return [register.address for register in self.array("INPUT")]
        return _words(self.data_windows.input_base, self.data_windows.input_words)

    @property
    def result_addresses(self) -> list[int]:
        """Byte addresses of the results, in order."""
        if self.data_windows is None:
            return [register.address for register in self.array("RESULT")]
        return _words(self.data_windows.result_base, self.data_windows.result_words)

    @property
    def fifo_depth(self) -> int:
        """Vectors that the result FIFO or the result window holds; 0 if there is neither."""
        return self["LAYER_CAPABILITY"].reset >> 24

    @property
    def configuration(self) -> frozenset[str]:
        """The names that the source is compiled with."""
        return _configuration(
            self.window, self.data_windows, self.infer_only, maps_inputs=self.maps_inputs
        )


def compile_register_map(
    model: IntegerMlp,
    folded: FoldedEngine | None = None,
    autotrigger_reset: bool = False,
    bounded_wait: bool = False,
    infer_only: bool = False,
    fifo_depth: int | None = None,
    maps_inputs: bool = False,
) -> RegisterMap:
    """Compile the map of the coprocessor that computes `model`.

    folded: how its engine is built; without it, one that is neither incremental nor reloadable.
    autotrigger_reset: what AUTOTRIGGER is after reset. bounded_wait: accesses that wait too long
    are refused. infer_only: there are no jobs, and the last input word starts an inference.
    fifo_depth: vectors that the result FIFO holds; RESULT_FIFO_DEPTH if None. maps_inputs: inputs
    may be written as physical integers.

    Raises:
        PulsewrightError: the network has more inputs, neurons or layers than the map can tell, or
            its inputs do not fit a 16-bit lane, its results a 32-bit word, or its reloadable
            weights a byte; or it needs windows, and its first layer is incremental, or infer_only,
            fifo_depth or maps_inputs is asked for; or infer_only with an engine that makes curves.
    """
    reloadable = folded is not None and folded.reloadable
    check_sizes(model.sizes, model.input_format.width)
    if reloadable:
        check_reloadable(model)
    built = reloadable_formats(model) if reloadable else model
    result = built.output_format
    check_result(result, reloadable)
    window = weight_window(folded) if folded is not None and reloadable else None
    window_end = window.end if window else WINDOW_BASE
    windows = data_windows(built, window_end, folded)
    if windows is not None:
        check_fifo_depth(fifo_depth)
    if maps_inputs:
        check_maps_inputs(model, has_windows=windows is not None)
    if infer_only:
        check_infer_only(
            model.sizes[0],
            model.outputs,
            has_windows=windows is not None,
            makes_curves=folded is not None and folded.piecewise_linear is not None,
        )
    end = windows.end if windows else window_end
    address_bits = max(ADDRESS_BITS, (end - 1).bit_length())
    parameters = {
        **_network_parameters(model, result),
        **_job_parameters(model, windows, 0 if infer_only else fifo_depth or RESULT_FIFO_DEPTH),
        "AUTOTRIGGER_RESET": int(autotrigger_reset),
        "INCREMENTAL_INFERENCE": folded is not None and folded.incremental,
        "RELOADABLE_WEIGHTS": reloadable,
        "ADDRESS_SPACE_LOG2": address_bits - ADDRESS_BITS,
        "BOUNDED_WAITS": bounded_wait,
        "WINDOW_WORDS": max((window_end - WINDOW_BASE) // WORD_BYTES, 1),
    }
    configuration = _configuration(window, windows, infer_only, maps_inputs)
    node = elaborated_source(configuration, parameters)
    return RegisterMap(
        node=node,
        registers=_with_constants(registers_of(node), _layer_words(model, folded, window)),
        input_lane_bits=windows.lane_bits if windows else lane_bits(model.input_format.width),
        address_bits=address_bits,
        window=window,
        bounded_wait=bounded_wait,
        data_windows=windows,
        infer_only=infer_only,
        maps_inputs=maps_inputs,
    )


def _network_parameters(model: IntegerMlp, result: FixedPoint) -> dict[str, int | bool]:
    """Of the network itself. result: format of a result, before it gets a sign."""
    return {
        "RESULT_WORDS": model.outputs,
        "INPUTS": model.sizes[0],
        "INPUT_WIDTH": model.input_format.width,
        "SIGNED_INPUT_CODES": model.input_format.signed,
        # With a sign, as software reads them.
        "RESULT_WIDTH": result.width + (not result.signed),
        "RESULT_FRAC": result.frac & 0xFF,
        "LAYERS": len(model.layers),
        "MODEL_DIGEST_VALUE": int(model.digest[:8], 16),
    }


def _job_parameters(
    model: IntegerMlp, windows: DataWindows | None, fifo_depth: int
) -> dict[str, int | bool]:
    """Where inputs and results are, and the jobs that there are; windows have inferences alone.

    fifo_depth: of the registers' result FIFO; 0 if they have inferences alone too.
    """
    if windows is not None:
        return {
            "INPUT_WORDS": windows.input_words,
            "INPUT_LANE_BITS": windows.lane_bits,
            "INPUT_BASE": windows.input_base,
            "RESULT_BASE": windows.result_base,
            "RESULT_FIFO_DEPTH": windows.result_vectors,
        }
    width = model.input_format.width
    sweep = pulse_sweep(model) if fifo_depth else None
    return {
        "INPUT_WORDS": input_words(model.sizes[0], width),
        "INPUT_LANE_BITS": lane_bits(width),
        "PULSE_SWEEP": sweep is not None,
        "SWEEP_INPUT_INDEX": sweep.input_index if sweep else 0,
        "SWEEP_MINIMUM": sweep.minimum if sweep else 0,
        "SWEEP_MAXIMUM": sweep.maximum if sweep else 0,
        "RESULT_FIFO_DEPTH": fifo_depth,
    }


def _configuration(
    window: WeightWindow | None,
    data_windows: DataWindows | None,
    infer_only: bool,
    maps_inputs: bool,
) -> frozenset[str]:
    found = {
        RELOADABLE: window is not None,
        WINDOWS: data_windows is not None,
        INFER_ONLY: infer_only,
        INFER_CONSTANT_WEIGHTS: infer_only and window is None,
        INPUT_MAP: maps_inputs,
    }
    return frozenset(name for name, is_there in found.items() if is_there)


def _words(base: int, count: int) -> list[int]:
    return [base + WORD_BYTES * i for i in range(count)]


def _with_constants(
    registers: Iterable[Register], constants: Mapping[str, int]
) -> tuple[Register, ...]:
    """The registers, of which some hold constants instead of what the hardware drives."""
    return tuple(
        replace(register, reset=constants[register.name], from_hardware=0)
        if register.name in constants
        else register
        for register in registers
    )


def _layer_words(
    model: IntegerMlp, folded: FoldedEngine | None, window: WeightWindow | None
) -> dict[str, int]:
    """What the words of LAYER[] hold: constants that SystemRDL cannot give to parts of an array."""
    words: dict[str, int] = {}
    formats = reloadable_formats(model).layers if window else ()
    for i, layer in enumerate(model.layers):
        pe, simd = (folded.layers[i].pe, folded.layers[i].simd) if folded else (1, 1)
        words[f"LAYER[{i}].SHAPE"] = layer.inputs | layer.neurons << 16
        words[f"LAYER[{i}].FOLDING"] = pe | simd << 16
        words[f"LAYER[{i}].FORMAT"] = words[f"LAYER[{i}].WINDOW"] = 0
        if window:
            place = window.layers[i]
            words[f"LAYER[{i}].FORMAT"] = (
                layer.weight_format.width
                | bias_format(formats[i]).width << 8
                | place.row_words << 16
            )
            words[f"LAYER[{i}].WINDOW"] = (
                place.weights_base // WORD_BYTES | place.bias_base // WORD_BYTES << 16
            )
    return words
