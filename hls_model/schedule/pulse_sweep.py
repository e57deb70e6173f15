# SPDX-License-Identifier: Apache-2.0
"""The pulse number as one input of the network, which a curve or reach job counts through."""

from typing import NamedTuple

import numpy as np

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp

# The codes of a sweep are a table in logic unless they are equally far apart.
MAX_TABLE_ENTRIES = 4096
MAX_PULSE_NUMBER = (1 << 16) - 1


class PulseSweep(NamedTuple):
    """input_index: of the input that is the pulse number. minimum: of the pulse number.

    codes: (maximum - minimum + 1,) input codes of minimum, minimum + 1, ...
    """

    input_index: int
    minimum: int
    codes: IntegerArray

    @property
    def maximum(self) -> int:
        """Largest pulse number."""
        return self.minimum + len(self.codes) - 1


def pulse_sweep(model: IntegerMlp) -> PulseSweep | None:
    """The sweep of the first input whose unit is "pulse".

    None if there is none, if its range leaves 0..65535, or if it has more than 4096 pulse numbers
    whose codes are not a constant step apart.
    """
    index = next((i for i, f in enumerate(model.input_map.features) if f.unit == "pulse"), None)
    if index is None:
        return None
    feature = model.input_map.features[index]
    if feature.minimum < 0 or feature.maximum > MAX_PULSE_NUMBER:
        return None
    numbers = np.arange(feature.minimum, feature.maximum + 1, dtype=np.int64)
    code_format = model.input_format
    codes = np.clip(feature.codes(numbers), code_format.minimum, code_format.maximum)
    sweep = PulseSweep(index, feature.minimum, codes)
    if len(codes) > MAX_TABLE_ENTRIES and constant_step(sweep) is None:
        return None
    return sweep


def constant_step(sweep: PulseSweep) -> int | None:
    """The difference of any two neighbouring codes; None if it is not the same everywhere."""
    steps = np.unique(np.diff(sweep.codes))
    return int(steps[0]) if len(steps) == 1 else None
