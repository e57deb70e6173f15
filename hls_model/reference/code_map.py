# SPDX-License-Identifier: Apache-2.0
"""The input map of a model that says nothing of physical values."""

from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.reference.input_map import AffineMap, InputMap


def code_map(
    code_format: FixedPoint, inputs: int, minimum: int, maximum: int | None = None
) -> InputMap:
    """The codes themselves, one feature x0, x1, .. each.

    minimum, maximum: the codes that the model's input quantiser makes; None: to the format's end.
    """
    features = tuple(
        AffineMap(
            name=f"x{number}",
            unit="code",
            per_si=1,
            minimum=minimum,
            maximum=code_format.maximum if maximum is None else maximum,
            multiplier=1,
            offset=0,
            shift=0,
        )
        for number in range(inputs)
    )
    return InputMap(features=features, code_format=code_format)
