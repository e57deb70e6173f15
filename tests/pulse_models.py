# SPDX-License-Identifier: Apache-2.0
"""Random models with a pulse number among their inputs."""

from collections.abc import Sequence
from typing import Any

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from tests.models import random_model


def pulse_model(sizes: Sequence[int] = (6, 8, 1), lane: int = 0, **parts: Any) -> IntegerMlp:
    """`random_model` whose input `lane` counts pulses."""
    return random_model(sizes, pulses=100, pulse_input=lane, **parts)
