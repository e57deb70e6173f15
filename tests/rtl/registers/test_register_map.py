# SPDX-License-Identifier: Apache-2.0
from typing import Any

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.reloadable import bias_format, reloadable_formats
from pulsewright.hls_model.schedule.weight_window import weight_window
from pulsewright.rtl.registers.register import Register
from pulsewright.rtl.registers.register_map import compile_register_map
from pulsewright.rtl.registers.room import MAX_LAYERS
from tests.models import changed, fold_model, random_model

A1 = (6, 64, 1)
LAYER_WORDS = ("SHAPE", "FOLDING", "FORMAT", "WINDOW")

# DESIGN section 7 and the text of pulsewright.rdl: name, address, software's readable and
# writable bits.
FIXED_REGISTERS = [
    ("COMMIT_TRIGGER", 0x00, 0, 3),
    ("ACQUIRE", 0x04, 0xFFFF_FFFF, 0),
    ("AUTOTRIGGER", 0x08, 1, 1),
    ("STATUS", 0x0C, 0xFF0F, 0),
    ("RUNNING_JOB", 0x10, 0xFF, 0),
    ("SOFT_CLEAR", 0x14, 0, 3),
    ("COMPLETED_JOBS", 0x18, 0xFFFF_FFFF, 0),
    ("REFUSED_ACCESSES", 0x1C, 0xFFFF_FFFF, 0),
    ("IDENTITY", 0x20, 0xFFFF_FFFF, 0),
    ("VERSION", 0x24, 0xFFFF_FFFF, 0),
    ("INPUT_CAPABILITY", 0x28, 0xFFFF_FFFF, 0),
    ("RESULT_CAPABILITY", 0x2C, 0xFFFF_FFFF, 0),
    ("LAYER_CAPABILITY", 0x30, 0xFFFF_FFFF, 0),
    ("MODEL_DIGEST", 0x34, 0xFFFF_FFFF, 0),
    ("EVENT_ENABLE", 0x38, 1, 1),
    ("CYCLES", 0x3C, 0xFFFF_FFFF, 0),
    ("JOB", 0x40, 0x303, 0x303),
    ("N0", 0x44, 0xFFFF, 0xFFFF),
    ("N1", 0x48, 0xFFFF, 0xFFFF),
    ("TARGET", 0x4C, 0xFFFF_FFFF, 0xFFFF_FFFF),
    ("REACHED_N", 0x50, 0xFFFF_FFFF, 0),
    ("RESULT_FIFO", 0x54, 0xFFFF_FFFF, 0),
    ("SWEEP_RANGE", 0x58, 0xFFFF_FFFF, 0),
    ("INTERRUPT_PENDING", 0x60, 0b111, 0b101),
    ("INTERRUPT_ENABLE", 0x64, 0b111, 0b111),
]


def test_registers_of_every_coprocessor_are_where_the_design_puts_them() -> None:
    registers = compile_register_map(random_model(A1)).registers
    fixed = [r for r in registers if "[" not in r.name]
    assert [(r.name, r.address, r.readable, r.writable) for r in fixed] == FIXED_REGISTERS


def test_input_and_result_words_of_a1() -> None:
    register_map = compile_register_map(random_model(A1))
    assert [(r.name, r.address) for r in register_map.array("INPUT")] == [
        ("INPUT[0]", 0x80),
        ("INPUT[1]", 0x84),
    ]
    assert [(r.name, r.address) for r in register_map.array("RESULT")] == [("RESULT[0]", 0x100)]
    assert register_map.input_lane_bits == 8


@pytest.mark.parametrize(
    ("sizes", "input_width"),
    [(A1, 8), (A1, 16), ((1, 1), 2), ((128, 2, 64), 8), ((64, 2, 64), 9), ((7, 3, 5), 5)],
)
def test_addresses_are_unique_words_below_4_kib(sizes: tuple[int, ...], input_width: int) -> None:
    registers = compile_register_map(random_model(sizes, input_width=input_width)).registers
    addresses = [register.address for register in registers]
    assert len(set(addresses)) == len(addresses)
    assert all(address % 4 == 0 for address in addresses)
    assert max(addresses) < 0x1000, "0x1000 and above are for weights"
    assert len({register.name for register in registers}) == len(registers)


@pytest.mark.parametrize(
    ("inputs", "input_width", "lane_bits", "words"),
    [
        (6, 8, 8, 2),
        (8, 8, 8, 2),
        (9, 8, 8, 3),
        (6, 2, 8, 2),
        (6, 9, 16, 3),
        (6, 16, 16, 3),
        (1, 16, 16, 1),
        (128, 8, 8, 32),
        (64, 16, 16, 32),
    ],
)
def test_inputs_are_packed_in_bytes_or_half_words(
    inputs: int, input_width: int, lane_bits: int, words: int
) -> None:
    register_map = compile_register_map(random_model((inputs, 2, 1), input_width=input_width))
    assert register_map.input_lane_bits == lane_bits
    assert len(register_map.array("INPUT")) == words


@pytest.mark.parametrize("outputs", [1, 2, 64])
def test_every_output_has_a_result_word(outputs: int) -> None:
    register_map = compile_register_map(random_model((3, 2, outputs)))
    addresses = [register.address for register in register_map.array("RESULT")]
    assert addresses == [0x100 + 4 * i for i in range(outputs)]


def test_capability_words_describe_the_network() -> None:
    model = random_model((6, 5, 4, 3), input_width=12)
    register_map = compile_register_map(model)
    result = model.output_format
    assert register_map["IDENTITY"].reset == int.from_bytes(b"PULS", "big")
    assert register_map["VERSION"].reset == 0x0002_0000
    assert register_map["INPUT_CAPABILITY"].reset == 6 | 12 << 16 | 16 << 24
    assert register_map["RESULT_CAPABILITY"].reset == 3 | result.width << 16 | result.frac << 24
    assert register_map["LAYER_CAPABILITY"].reset == 3 | 1 << 11 | 8 << 24
    assert register_map["MODEL_DIGEST"].reset == int(model.digest[:8], 16)


def test_negative_fractions_are_two_s_complement() -> None:
    model = random_model((2, 1))
    layer = model.layers[0]
    coarse = changed(layer, weight_format=FixedPoint(width=8, frac=-20, signed=True))
    model = IntegerMlp(name="coarse", input_map=model.input_map, layers=(coarse,))
    assert model.output_format.frac == 7 - 20
    frac = compile_register_map(model)["RESULT_CAPABILITY"].reset >> 24
    assert frac == (7 - 20) % 256


def test_what_the_engine_can_do_is_in_the_capability_words() -> None:
    model = random_model(A1, pulses=100, pulse_input=3)
    folded = fold_model(model, [(8, 1), (1, 8)], incremental=True, reloadable=True)
    register_map = compile_register_map(model, folded)
    assert register_map["LAYER_CAPABILITY"].reset == 2 | 0b11111 << 8 | 3 << 16 | 8 << 24
    assert register_map["SWEEP_RANGE"].reset == 99 << 16
    formats = reloadable_formats(model)
    assert register_map["RESULT_CAPABILITY"].reset >> 16 & 0xFF == formats.output_format.width
    window = register_map.window
    assert window is not None
    assert window == weight_window(folded)
    for i, (layer, own) in enumerate(zip(window.layers, formats.layers, strict=True)):
        words = {word: register_map[f"LAYER[{i}].{word}"].reset for word in LAYER_WORDS}
        assert words["SHAPE"] == own.inputs | own.neurons << 16
        assert words["FOLDING"] == layer.folded_layer.pe | layer.folded_layer.simd << 16
        bias_bits = bias_format(own).width
        assert words["FORMAT"] == 8 | bias_bits << 8 | layer.row_words << 16
        assert words["WINDOW"] == layer.weights_base // 4 | layer.bias_base // 4 << 16


def test_a_large_window_takes_more_address_bits() -> None:
    """A3 with 8 x 8 multipliers a layer: 64 rows of 16 words, 4 KiB at 0x2000 and at 0x4000."""
    model = random_model((6, 64, 64, 64, 1))
    folded = fold_model(model, [(8, 6), (8, 8), (8, 8), (1, 8)], reloadable=True)
    register_map = compile_register_map(model, folded)
    assert register_map.address_bits == 15
    assert register_map["LAYER_CAPABILITY"].reset >> 12 & 0xF == 15 - 12


def test_constant_weights_take_4_kib_and_have_no_window() -> None:
    """Whatever the network: the words of as many layers as the map has room for end below."""
    register_map = compile_register_map(random_model((128, 3, 64)))
    assert register_map.address_bits == 12
    assert register_map["LAYER_CAPABILITY"].reset >> 12 & 0xF == 0
    assert register_map.node.size <= 0x1000
    assert "WEIGHTS" not in {child.inst_name for child in register_map.node.children()}
    first = register_map["LAYER[0].SHAPE"].address
    assert first + 4 * len(LAYER_WORDS) * MAX_LAYERS <= 0x1000


def test_layers_of_constant_weights_have_no_place_in_the_window() -> None:
    model = random_model((5, 7, 3))
    register_map = compile_register_map(model, fold_model(model, [(3, 2), (2, 4)]))
    assert register_map["LAYER[1].SHAPE"].reset == 7 | 3 << 16
    assert register_map["LAYER[1].FOLDING"].reset == 2 | 4 << 16
    assert register_map["LAYER[1].FORMAT"].reset == register_map["LAYER[1].WINDOW"].reset == 0


def test_all_but_identity_and_capabilities_reset_to_zero() -> None:
    constant = {name for name, *_ in FIXED_REGISTERS if "CAPABILITY" in name}
    constant |= {"IDENTITY", "VERSION", "MODEL_DIGEST", "REACHED_N"}
    constant |= {f"LAYER[{i}].{word}" for i in range(2) for word in ("SHAPE", "FOLDING")}
    for register in compile_register_map(random_model(A1)).registers:
        assert (register.reset == 0) == (register.name not in constant), register.name


def properties(name: str) -> Register:
    return compile_register_map(random_model(A1))[name]


def test_only_what_disturbs_or_misses_a_job_depends_on_jobs() -> None:
    registers = compile_register_map(random_model(A1)).registers
    depending = {register.name for register in registers if register.depends_on_jobs}
    job = {"JOB", "N0", "N1", "TARGET", "INPUT[0]", "INPUT[1]"}
    assert depending == job | {"COMMIT_TRIGGER", "RESULT[0]", "RESULT_FIFO"}


def test_only_accesses_that_act_are_announced() -> None:
    registers = compile_register_map(random_model(A1)).registers
    written = {register.name for register in registers if register.write_strobe}
    acts = {"COMMIT_TRIGGER", "SOFT_CLEAR", "INTERRUPT_PENDING"}
    assert written == acts | {"INPUT[0]", "INPUT[1]"}
    read = {register.name for register in registers if register.read_strobe}
    assert read == {"ACQUIRE", "RESULT_FIFO"}


def test_what_software_writes_and_reads_is_stored() -> None:
    registers = compile_register_map(random_model(A1)).registers
    stored = {register.name: register.storage for register in registers if register.storage}
    assert stored == {
        name: readable
        for name, _, readable, writable in FIXED_REGISTERS
        if readable & writable and name != "INTERRUPT_PENDING"
    } | {"INPUT[0]": 0xFFFF_FFFF, "INPUT[1]": 0xFFFF_FFFF}


def test_an_unknown_name_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="NONE"):
        properties("NONE")


@pytest.mark.parametrize(
    ("sizes", "parts", "lane_bits", "words"),
    [
        ((129, 2, 1), {}, 8, 33),
        ((784, 2, 10), {"input_width": 2}, 2, 49),
        ((65, 2, 1), {"input_width": 9}, 16, 33),
        ((4096, 1), {"input_width": 1, "signed_inputs": False}, 1, 128),
        ((3, 65), {}, 8, 1),
        ((3, 1024), {"input_width": 3}, 4, 1),
    ],
)
def test_what_does_not_fit_among_the_registers_has_windows(
    sizes: tuple[int, ...], parts: dict[str, Any], lane_bits: int, words: int
) -> None:
    register_map = compile_register_map(random_model(sizes, **parts))
    windows = register_map.data_windows
    assert windows is not None
    assert (windows.lane_bits, windows.input_words) == (lane_bits, words)
    assert windows.result_words == sizes[-1]
    assert register_map["VERSION"].reset == 0x0003_0000
    assert register_map["INPUT_CAPABILITY"].reset & 0xFF00_FFFF == sizes[0] | lane_bits << 24
    assert register_map["RESULT_CAPABILITY"].reset & 0xFFFF == sizes[-1]
    assert register_map["INPUT_WINDOW"].reset == windows.input_base == 0x1000
    assert register_map["RESULT_WINDOW"].reset == windows.result_base
    capability = register_map["LAYER_CAPABILITY"].reset
    assert 0x1000 << (capability >> 12 & 7) == 1 << register_map.address_bits >= windows.end
    assert capability >> 24 == 2, "result vectors that wait for software"
    assert register_map.input_addresses[:1] == [windows.input_base]
    assert len(register_map.input_addresses) == words
    assert register_map.result_addresses[-1] == windows.result_base + 4 * sizes[-1] - 4
    # Words of the other profile of the map, and of jobs that this one does not have.
    names = {register.name for register in register_map.registers}
    assert not {"N0", "N1", "TARGET", "REACHED_N", "RESULT_FIFO", "SWEEP_RANGE"} & names
    assert not [name for name in names if name.startswith(("INPUT[", "RESULT["))]
    # All else is where it is in it.
    small = {one.name: one.address for one in compile_register_map(random_model(A1)).registers}
    for register in register_map.registers:
        if register.name in small:
            assert register.address == small[register.name]


def test_the_index_of_many_outputs_is_one_word_and_needs_no_window() -> None:
    register_map = compile_register_map(random_model((3, 1000), output="argmax"))
    assert register_map.data_windows is None
    assert register_map.result_addresses == [0x100]


def test_a_pulse_number_of_a_network_with_windows_is_an_input_like_others() -> None:
    model = random_model((129, 2, 1), pulses=100)
    assert compile_register_map(model)["LAYER_CAPABILITY"].reset >> 10 & 1 == 0


def test_a_result_wider_than_a_word_is_refused() -> None:
    model = random_model((6, 64, 64, 1), requantised=False)
    width = model.output_format.width
    assert width > 32
    with pytest.raises(PulsewrightError) as raised:
        compile_register_map(model)
    assert str(raised.value) == (
        f"results of {width} bits do not fit the 32-bit result word; "
        "train or export the model with fewer bits of weights or activations"
    )


def test_too_many_layers_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pulsewright.rtl.registers.room.MAX_LAYERS", 3)
    with pytest.raises(PulsewrightError, match="4 layers exceed the 3 of the register map"):
        compile_register_map(random_model((1, 1, 1, 1, 1)))


def test_inputs_wider_than_a_lane_are_refused() -> None:
    """DESIGN section 3: inputs of up to 16 bits; a wider one would lose its upper bits."""
    with pytest.raises((PulsewrightError, ValueError), match="20"):
        compile_register_map(random_model((2, 1), input_width=20))


def test_autotrigger_alone_may_be_set_by_the_reset() -> None:
    plain = compile_register_map(random_model(A1)).registers
    automatic = compile_register_map(random_model(A1), autotrigger_reset=True).registers
    for before, after in zip(plain, automatic, strict=True):
        if before.name == "AUTOTRIGGER":
            assert (before.reset, after.reset) == (0, 1)
        else:
            assert before == after
