# SPDX-License-Identifier: Apache-2.0
import pytest

from hls_model.errors import PulsewrightError
from hls_model.fixed_point import FixedPoint
from hls_model.integer_mlp import IntegerMlp
from rtl.register_map import Register, compile_register_map
from tests.models import changed, random_model

A1 = (6, 64, 1)

# DESIGN section 7 and the text of pulsewright.rdl: name, address, software's readable and
# writable bits.
FIXED_REGISTERS = [
    ("COMMIT_TRIGGER", 0x00, 0, 0xFFFF_FFFF),
    ("ACQUIRE", 0x04, 0xFFFF_FFFF, 0),
    ("AUTOTRIGGER", 0x08, 1, 1),
    ("STATUS", 0x0C, 1, 0),
    ("RUNNING_JOB", 0x10, 0xFF, 0),
    ("SOFT_CLEAR", 0x14, 0, 0xFFFF_FFFF),
    ("IDENTITY", 0x20, 0xFFFF_FFFF, 0),
    ("VERSION", 0x24, 0xFFFF_FFFF, 0),
    ("INPUT_CAPABILITY", 0x28, 0xFFFF_FFFF, 0),
    ("RESULT_CAPABILITY", 0x2C, 0xFFFF_FFFF, 0),
    ("LAYER_CAPABILITY", 0x30, 0xFF, 0),
    ("MODEL_DIGEST", 0x34, 0xFFFF_FFFF, 0),
    ("EVENT_ENABLE", 0x38, 1, 1),
    ("CYCLES", 0x3C, 0xFFFF_FFFF, 0),
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
def test_addresses_are_unique_words_below_8_kib(sizes: tuple[int, ...], input_width: int) -> None:
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
    assert register_map["VERSION"].reset == 0x0000_0001
    assert register_map["INPUT_CAPABILITY"].reset == 6 | 12 << 16 | 16 << 24
    assert register_map["RESULT_CAPABILITY"].reset == 3 | result.width << 16 | result.frac << 24
    assert register_map["LAYER_CAPABILITY"].reset == 3
    assert register_map["MODEL_DIGEST"].reset == int(model.digest[:8], 16)


def test_negative_fractions_are_two_s_complement() -> None:
    model = random_model((2, 1))
    layer = model.layers[0]
    coarse = changed(layer, weight_format=FixedPoint(width=8, frac=-20, signed=True))
    model = IntegerMlp(name="coarse", input_map=model.input_map, layers=(coarse,))
    assert model.output_format.frac == 7 - 20
    frac = compile_register_map(model)["RESULT_CAPABILITY"].reset >> 24
    assert frac == (7 - 20) % 256


def test_all_but_identity_and_capabilities_reset_to_zero() -> None:
    constant = {name for name, *_ in FIXED_REGISTERS if "CAPABILITY" in name}
    constant |= {"IDENTITY", "VERSION", "MODEL_DIGEST"}
    for register in compile_register_map(random_model(A1)).registers:
        assert (register.reset == 0) == (register.name not in constant), register.name


def properties(name: str) -> Register:
    return compile_register_map(random_model(A1))[name]


def test_only_what_disturbs_or_misses_a_job_waits_for_its_end() -> None:
    registers = compile_register_map(random_model(A1)).registers
    waiting = {register.name for register in registers if register.waits_for_idle}
    assert waiting == {"COMMIT_TRIGGER", "INPUT[0]", "INPUT[1]", "RESULT[0]"}


def test_only_writes_that_act_are_announced() -> None:
    registers = compile_register_map(random_model(A1)).registers
    strobes = {register.name for register in registers if register.strobes}
    assert strobes == {"COMMIT_TRIGGER", "SOFT_CLEAR", "INPUT[0]", "INPUT[1]"}


def test_what_software_writes_and_reads_is_stored() -> None:
    registers = compile_register_map(random_model(A1)).registers
    stored = {register.name: register.storage for register in registers if register.storage}
    assert stored == {
        "AUTOTRIGGER": 1,
        "EVENT_ENABLE": 1,
        "INPUT[0]": 0xFFFF_FFFF,
        "INPUT[1]": 0xFFFF_FFFF,
    }


def test_an_unknown_name_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="NONE"):
        properties("NONE")


@pytest.mark.parametrize(
    ("inputs", "input_width", "message"),
    [
        (
            129,
            8,
            "129 inputs of 8 bits need 33 input words, the register map has 32; "
            "use at most 128 inputs",
        ),
        (
            65,
            16,
            "65 inputs of 16 bits need 33 input words, the register map has 32; "
            "use at most 64 inputs",
        ),
    ],
)
def test_too_many_inputs_are_refused(inputs: int, input_width: int, message: str) -> None:
    with pytest.raises(PulsewrightError) as raised:
        compile_register_map(random_model((inputs, 1), input_width=input_width))
    assert str(raised.value) == message


def test_too_many_outputs_are_refused() -> None:
    with pytest.raises(PulsewrightError) as raised:
        compile_register_map(random_model((3, 65)))
    assert str(raised.value) == "65 outputs exceed the 64 result words of the register map"


def test_a_result_wider_than_a_word_is_refused() -> None:
    model = random_model((6, 64, 64, 1), requantised=False)
    width = model.output_format.width
    assert width > 32
    with pytest.raises(PulsewrightError) as raised:
        compile_register_map(model)
    assert str(raised.value) == (
        f"results of {width} bits do not fit the 32-bit result word; "
        "use fewer weight or activation bits"
    )


def test_inputs_wider_than_a_lane_are_refused() -> None:
    """DESIGN section 3: inputs of up to 16 bits; a wider one would lose its upper bits."""
    with pytest.raises((PulsewrightError, ValueError), match="20"):
        compile_register_map(random_model((2, 1), input_width=20))
