# SPDX-License-Identifier: Apache-2.0
"""How vectors pass the ports of an engine."""

from enum import StrEnum


class VectorTransfer(StrEnum):
    """What a beat is of the stream of vectors into an engine, and of that of results out of it.

    WHOLE: all inputs of a vector; all outputs.
    BEATS: `simd` inputs of the first layer, ceil(K/simd) beats a vector; `pe` outputs of the last
        one, ceil(M/pe) beats a result. The engine stores what the first layer needs again.
    STEPS: as BEATS, but the producer stores the vector and delivers it once for each group of `pe`
        neurons of the first layer.

    Lanes past the last input do not matter, those past the last output are undefined. An index of
    the largest output is one beat in all of them.
    """

    WHOLE = "whole"
    BEATS = "beats"
    STEPS = "steps"
