# SPDX-License-Identifier: Apache-2.0
"""Bounds what a graph of many small nodes makes of few bytes."""

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.qonnx.dialect import MOST_VALUES_IN_ALL


class ValueBudget:
    """Counts the values of all constants, and of what every node makes of them."""

    def __init__(self) -> None:
        self._left = MOST_VALUES_IN_ALL

    def spend(self, values: int, where: str) -> None:
        """Count `values` more; `where` they come from is for the sentence.

        Raises:
            PulsewrightError: these are more than a file may ask for.
        """
        self._left -= values
        if self._left < 0:
            raise PulsewrightError(
                f"with the {values} values of {where} the graph computes more than "
                f"{MOST_VALUES_IN_ALL}; export dense layers alone, or a smaller network"
            )
