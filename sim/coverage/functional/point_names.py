# SPDX-License-Identifier: Apache-2.0
"""The cover points, by name, as the test plan has them."""

from enum import StrEnum


class PointName(StrEnum):
    """Those of layers have the number of the layer behind it."""

    ACCESSES = "accesses"
    QUEUE = "queue"
    JOBS = "jobs"
    INTERRUPTS = "interrupts"
    HANDSHAKES = "handshakes"
    CHANGED_INPUTS = "changed_inputs"
    CODES = "codes_of_layer"
    ROUNDING = "rounding_of_layer"
    SUMS = "sums_of_the_last_layer"

    def of(self, layer: int) -> str:
        """Name of that layer's, from 1."""
        return f"{self}_{layer}"
