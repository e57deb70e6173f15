# SPDX-License-Identifier: Apache-2.0
"""Clock cycles of an engine whose one multiplier both layers share."""

from pydantic import BaseModel, ConfigDict

# From the cycle that reads a step's row to that of its sum: row, operands, product, sum.
SUM_STAGES = 4
# Steps of a neuron's inputs, at least: behind them stands the code of the neuron before.
FEWEST_INPUT_STEPS = 2


class SharedMultiplierTiming(BaseModel):
    """inputs K, neurons M of the hidden layer, outputs N.

    A vector takes M + 1 passes, one multiplication a cycle: a pass multiplies the inputs with the
    weights of one hidden neuron, then the code of the neuron before with its N output weights.
    Cycle 0 is that of the vector's first valid cycle in an idle engine.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    inputs: int
    neurons: int
    outputs: int

    @property
    def input_steps(self) -> int:
        """Steps of a pass that multiply inputs, max(K, 2)."""
        return max(self.inputs, FEWEST_INPUT_STEPS)

    @property
    def pass_steps(self) -> int:
        """Steps of a pass, max(K, 2) + N."""
        return self.input_steps + self.outputs

    @property
    def steps(self) -> int:
        """Steps of a vector, (M + 1) * (max(K, 2) + N)."""
        return (self.neurons + 1) * self.pass_steps

    @property
    def layer_steps(self) -> tuple[int, int]:
        """Of them those that multiply inputs, and those that multiply codes of hidden neurons."""
        passes = self.neurons + 1
        return passes * self.input_steps, passes * self.outputs

    @property
    def latency(self) -> int:
        """Cycle of the result, steps + 3."""
        return self.steps + SUM_STAGES - 1

    @property
    def initiation_interval(self) -> int:
        """Cycles from one vector to the next, latency + 1: one is in the engine at a time."""
        return self.latency + 1
