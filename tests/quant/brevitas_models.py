# SPDX-License-Identifier: Apache-2.0
"""Networks that are defined and quantised by Torch and Brevitas alone."""

from itertools import pairwise

import pytest
import torch
from torch import nn


def post_training_quantised(sizes: tuple[int, ...], granularity: str, seed: int = 0) -> nn.Module:
    """A plain Torch MLP after Brevitas' own post-training flow, 6 bits, power-of-two scales."""
    common = pytest.importorskip("brevitas_examples.imagenet_classification.ptq.ptq_common")
    from brevitas.graph.calibrate import calibration_mode
    from brevitas.graph.quantize import preprocess_for_quantize

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        modules = [module for pair in pairwise(sizes) for module in (nn.Linear(*pair), nn.ReLU())][
            :-1
        ]
        network = preprocess_for_quantize(nn.Sequential(*modules).eval())
        network = common.quantize_model(
            network, "fx", 6, 6, 32, granularity, 99.9, "sym", "po2_scale", "int"
        )
        x = torch.randn(256, sizes[0])
    with torch.no_grad():
        with calibration_mode(network):
            network(x)
        network.eval()(x)
    return network
