# SPDX-License-Identifier: Apache-2.0
import pytest
from pydantic import ValidationError

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.settings import ActivationScales, WeightScales
from pulsewright.quant.studies.grid import Grid


def test_every_combination_of_every_axis_and_seed() -> None:
    grid = Grid(
        name="g",
        network=("A1", (12,), (16, 8)),
        pulse_number=("affine", "log"),
        weights=(8, 4),
        weight_scales=("per_tensor", "per_channel", "per_tensor_float", "per_channel_float"),
        activation_scales=("power_of_two", "float"),
        epochs=(0, 30),
    )
    configurations = grid.configurations((3, 7))
    assert len(configurations) == 3 * 2 * 2 * 4 * 2 * 2 * 2
    assert len({one.key for one in configurations}) == len(configurations)
    assert {one.start.seed for one in configurations} == {3, 7}
    assert {one.network for one in configurations} == {"A1", "12", "16-8"}
    assert {one.method for one in configurations} == {"ptq", "qat"}
    assert {one.start.sizes for one in configurations} == {(6, 64, 1), (6, 12, 1), (6, 16, 8, 1)}
    assert {one.bits.weight_scales for one in configurations} == set(WeightScales)
    assert {one.bits.activation_scales for one in configurations} == set(ActivationScales)
    assert {one.columns()["activation_scales"] for one in configurations} == {
        "power_of_two",
        "float",
    }


def test_widths_by_layer() -> None:
    (one,) = Grid(name="g", weights=((2, 8),), activations=((4,),)).configurations((0,))
    assert (one.bits.weights, one.bits.activations) == ((2, 8), (4,))
    assert one.columns()["weight_bits"] == "2-8"


@pytest.mark.parametrize(
    ("axes", "sentence"),
    [
        ({"network": ("A9",)}, "unknown network preset 'A9'"),
        (
            {"weights": ((2, 8, 8),)},
            r"3 weight widths \[2, 8, 8\] for 2 layers; give one width, or",
        ),
        ({"activations": ((4, 4),)}, r"2 activation widths \[4, 4\] for 1 hidden layers"),
    ],
)
def test_contradictions(axes, sentence: str) -> None:
    with pytest.raises((PulsewrightError, ValidationError), match=sentence):
        Grid(name="g", **axes).configurations((0,))


def test_too_many() -> None:
    widths = tuple(range(2, 9))
    grid = Grid(
        name="huge", weights=widths, activations=widths, inputs=widths, epochs=tuple(range(1000))
    )
    with pytest.raises(PulsewrightError, match="'huge' has 343000 configurations, at most 100000"):
        grid.configurations((0,))


@pytest.mark.parametrize(
    "axes",
    [
        {"weights": ()},
        {"weights": (9,)},
        {"inputs": (1,)},
        {"network": ((0,),)},
        {"pulse_number": ("cubic",)},
        {"weight": (8,)},
        {"name": ""},
    ],
)
def test_values_out_of_range(axes) -> None:
    with pytest.raises(ValidationError, match=next(iter(axes))):
        Grid(**({"name": "g"} | axes))
