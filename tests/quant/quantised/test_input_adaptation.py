# SPDX-License-Identifier: Apache-2.0
import pytest
import torch

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.quant.curve_sources import FLOAT_CODE_FORMAT, fit_input_map
from pulsewright.quant.float_network.network import FloatMlp
from pulsewright.quant.quantised.input_adaptation import adapt_inputs


def code_format(width: int) -> FixedPoint:
    return FixedPoint(width=width, frac=width - 1, signed=True)


def network() -> FloatMlp:
    drawn = FloatMlp((6, 8, 1))
    drawn.initialise(torch.Generator().manual_seed(0))
    return drawn.double()


@pytest.mark.parametrize("width", [2, 3, 4, 6, 12, 16])
def test_affine_maps_of_any_width_give_the_same_outputs(small, width: int) -> None:
    old = fit_input_map(small, FLOAT_CODE_FORMAT)
    new = fit_input_map(small, code_format(width))
    adapted = network()
    adapt_inputs(adapted, old, new, small.inputs)
    with torch.no_grad():
        before = network()(torch.from_numpy(old.normalised(small.inputs)))
        after = adapted(torch.from_numpy(new.normalised(small.inputs)))
    assert (before - after).abs().max() < 1e-5
    assert not torch.equal(adapted.dense[0].weight, network().dense[0].weight)


def test_tables_agree_up_to_their_rounding(small) -> None:
    old = fit_input_map(small, FLOAT_CODE_FORMAT, "log")
    new = fit_input_map(small, code_format(12), "log")
    adapted = network()
    adapt_inputs(adapted, old, new, small.inputs)
    with torch.no_grad():
        before = network()(torch.from_numpy(old.normalised(small.inputs)))
        after = adapted(torch.from_numpy(new.normalised(small.inputs)))
    assert (before - after).abs().max() < 0.02


def test_the_same_map_changes_nothing(small) -> None:
    one = fit_input_map(small, FLOAT_CODE_FORMAT)
    adapted = network()
    adapt_inputs(adapted, one, one, small.inputs)
    assert torch.equal(adapted.dense[0].weight, network().dense[0].weight)


def test_another_kind_of_map(small) -> None:
    old, new = (fit_input_map(small, FLOAT_CODE_FORMAT, kind) for kind in ("affine", "log"))
    with pytest.raises(PulsewrightError, match="train it again with the same kind of map"):
        adapt_inputs(network(), old, new, small.inputs)
