# SPDX-License-Identifier: Apache-2.0
"""The engine of a folding: a chain of layers, or one that has a vector in it at a time."""

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.rtl.engine.engine import Engine
from pulsewright.rtl.piecewise_linear.engine import PiecewiseLinearEngine
from pulsewright.rtl.shared_multiplier.engine import SharedMultiplierEngine

AnyEngine = Engine | PiecewiseLinearEngine | SharedMultiplierEngine


def make_engine(model: IntegerMlp, folded: FoldedEngine) -> AnyEngine:
    """Make it, with a stream `vector` and a stream `result`.

    Raises:
        PulsewrightError: the network does not fit the engine.
    """
    if folded.piecewise_linear is not None:
        return PiecewiseLinearEngine(model)
    if folded.shared_multiplier is not None:
        return SharedMultiplierEngine(model)
    return Engine(model, folded)
