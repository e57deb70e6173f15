# SPDX-License-Identifier: Apache-2.0
"""Networks on which we and others are compared: published shapes, trained or drawn here.

No data or weights of the publications: sizes and widths are what area and cycles depend on.
"""

import itertools

import numpy as np

from pulsewright.hls_model.reference.code_map import code_map
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray, Rounding
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp

JET_TAGGER = (16, 64, 32, 32, 5)
JET_ROWS = 8000
INTRUSION_DETECTOR = (600, 64, 64, 64, 1)
# Of sums of ternary weights: to codes of 2 bits that are all in use.
INTRUSION_SHIFTS = (4, 3, 3)


def jet_tagger() -> tuple[IntegerMlp, float]:
    """6 bits of weights and activations, 8 of inputs, trained on clusters; and its accuracy."""
    import torch

    from pulsewright.quant.float_network.float_training import train_float_network
    from pulsewright.quant.minibatches import Samples
    from pulsewright.quant.quantised.export import export_integer_mlp
    from pulsewright.quant.quantised.quantised_training import train_quantised_network
    from pulsewright.quant.settings import BitWidths, FloatTraining, QuantisedTraining, Refinement

    widths = BitWidths(weights=6, activations=6, inputs=8)
    codes, labels = clusters(widths.code_format, JET_ROWS)
    values = torch.from_numpy(np.ldexp(codes, -widths.code_format.frac)).float()
    targets = torch.nn.functional.one_hot(torch.from_numpy(labels), JET_TAGGER[-1]).float()
    half, most = JET_ROWS // 2, JET_ROWS * 3 // 4
    train = Samples(values[:half], targets[:half])
    validation = Samples(values[half:most], targets[half:most])
    float_network, _ = train_float_network(
        JET_TAGGER, train, validation, FloatTraining(epochs=40, growth=1.0), seed=0
    )
    settings = QuantisedTraining(epochs=20, refinement=Refinement.NONE)
    network, _ = train_quantised_network(
        float_network, widths, widths.code_format, train, validation, settings, seed=0
    )
    inputs = code_map(widths.code_format, JET_TAGGER[0], widths.code_format.minimum)
    model = export_integer_mlp(network, inputs, "jet_tagger")
    found = model.infer(codes[most:]).argmax(axis=1)
    return model, float((found == labels[most:]).mean())


def clusters(code_format: FixedPoint, rows: int) -> tuple[IntegerArray, IntegerArray]:
    """Input codes (rows, 16) around two centres for each of five classes, and the classes."""
    random = np.random.default_rng(1)
    centres = random.normal(0, 0.35, (JET_TAGGER[-1], 2, JET_TAGGER[0]))
    labels = random.integers(0, JET_TAGGER[-1], rows)
    values = centres[labels, random.integers(0, 2, rows)]
    values = values + random.normal(0, 0.3, values.shape)
    codes = np.rint(np.ldexp(values, code_format.frac)).astype(np.int64)
    return np.clip(codes, code_format.minimum, code_format.maximum), labels


def intrusion_detector() -> IntegerMlp:
    """Drawn ternary weights, activations of 2 bits, inputs of -1 and 1."""
    random = np.random.default_rng(2)
    x_format = FixedPoint(width=2, frac=0, signed=True)
    input_map = code_map(x_format, INTRUSION_DETECTOR[0], -1, 1)
    layers: list[DenseLayer] = []
    for number, (inputs, neurons) in enumerate(itertools.pairwise(INTRUSION_DETECTOR)):
        hidden = number < len(INTRUSION_SHIFTS)
        frac = -sum(INTRUSION_SHIFTS[: number + 1])
        layers.append(
            DenseLayer(
                weights=random.integers(-1, 2, (neurons, inputs)),
                bias=random.integers(-8, 9, neurons),
                input_format=layers[-1].result_format if layers else x_format,
                weight_format=FixedPoint(width=2, frac=0, signed=True),
                relu=hidden,
                output_format=FixedPoint(width=2, frac=frac, signed=False) if hidden else None,
                rounding=Rounding.HALF_EVEN,
            )
        )
    return IntegerMlp(name="intrusion_detector", input_map=input_map, layers=tuple(layers))
