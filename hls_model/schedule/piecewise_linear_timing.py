# SPDX-License-Identifier: Apache-2.0
"""Clock cycles of an engine for piecewise-linear curves: inferences, curves and reaches."""

from math import ceil

from pydantic import BaseModel, ConfigDict

from pulsewright.hls_model.schedule.folded_layer import ADDER_LEVELS_PER_STAGE

# Of the quotient that says when a neuron switches.
QUOTIENT_BITS_PER_STAGE = 2
# From a stop to its output, and from there back to the stop before.
STOP_STAGES, STEP_BACK = 3, 4


def quotient_bits(pulses: int) -> int:
    """Bits of the pulses before a switch that is one of `pulses` pulses behind the first."""
    return max((pulses - 2).bit_length(), 1)


class PiecewiseLinearTiming(BaseModel):
    """inputs K, neurons M of the hidden layer, quotient: bits of the pulses before a switch.

    quotient: `quotient_bits`; 0 as long as the pulses are not known (see `with_requantisers`).

    One neuron is loaded a cycle. Cycle 0 is that of the vector's first valid cycle in an idle
    engine; results are taken as they come.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    inputs: int
    neurons: int
    quotient: int

    @property
    def tree_stages(self) -> int:
        """Register stages of the sum of K products and the bias, ceil(ceil(log2(K + 1)) / 3)."""
        return ceil(self.inputs.bit_length() / ADDER_LEVELS_PER_STAGE)

    @property
    def accumulator_stage(self) -> int:
        """Cycles from a neuron's index to its accumulator, 2 + tree_stages: word, products, sum."""
        return 2 + self.tree_stages

    @property
    def divider_stages(self) -> int:
        """Register stages of the division that finds a switch, ceil(quotient / 2)."""
        return ceil(self.quotient / QUOTIENT_BITS_PER_STAGE)

    @property
    def latency(self) -> int:
        """Cycle of the output of the first pulse, M + accumulator_stage + 1."""
        return self.neurons + self.accumulator_stage + 1

    @property
    def initiation_interval(self) -> int:
        """Cycles from one inference to the next, latency + 1: one is in the engine at a time."""
        return self.latency + 1

    @property
    def first_stop(self) -> int:
        """Cycle in which the first stop behind the first pulse is looked for.

        M + accumulator_stage + divider_stages + 2, when all switches are stored.
        """
        return self.neurons + self.accumulator_stage + self.divider_stages + 2

    def curve(self, pulses: int) -> int:
        """Cycle of the last output of a curve: the latency, or first_stop + 1 + pulses."""
        if pulses == 1:
            return self.latency
        return self.first_stop + STOP_STAGES + pulses - 2

    def longest_reach(self, pulses: int) -> int:
        """Bound on the cycle of the result of a reach over so many pulses.

        A curve, and STEP_BACK cycles for every second pulse: stops that are stepped back from are
        two pulses or more apart.
        """
        return self.curve(pulses) + STEP_BACK * (pulses // 2)
