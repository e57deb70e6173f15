# SPDX-License-Identifier: Apache-2.0
"""The bounds that values are clipped to, and what follows of them when the values change."""

from collections.abc import Sequence
from dataclasses import dataclass

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.surd import Surd


@dataclass(frozen=True)
class Clipping:
    """Values are at least `low` and at most `high`; None is no bound."""

    low: Surd | None = None
    high: Surd | None = None

    @property
    def is_none(self) -> bool:
        """True if nothing is clipped."""
        return self.low is None and self.high is None

    def then(self, low: Surd | None, high: Surd | None) -> "Clipping":
        """This clipping followed by one to low..high."""

        def inside(value: Surd) -> Surd:
            if low is not None and value < low:
                return low
            return high if high is not None and high < value else value

        return Clipping(
            low if self.low is None else inside(self.low),
            high if self.high is None else inside(self.high),
        )

    def plus(self, where: str, summands: Sequence[Surd]) -> "Clipping":
        """The bounds after one summand is added, or one a channel.

        Raises:
            PulsewrightError: something is clipped, and there is a summand for each channel.
        """
        if self.is_none:
            return self
        if len(summands) > 1:
            raise _differs_by_channel(where)
        return Clipping(
            None if self.low is None else self.low + summands[0],
            None if self.high is None else self.high + summands[0],
        )

    def times(self, where: str, factors: Sequence[Surd]) -> "Clipping":
        """The bounds after a multiplication by one factor, or by one a channel.

        Raises:
            PulsewrightError: something is clipped, and a factor is not positive, or there is one
                for each channel and the bounds are not 0 and above.
        """
        if self.is_none:
            return self
        if any(factor.sign() <= 0 for factor in factors):
            raise PulsewrightError(
                f"{where} multiplies by a factor that is not positive after a clipping; "
                "put the factor into the weights"
            )
        if len(factors) > 1:
            if self.high is not None or self.low is None or self.low.sign():
                raise _differs_by_channel(where)
            return self
        return Clipping(
            None if self.low is None else self.low * factors[0],
            None if self.high is None else self.high * factors[0],
        )


def _differs_by_channel(where: str) -> PulsewrightError:
    return PulsewrightError(
        f"{where} differs by channel and follows a clipping; put it before, or give one value"
    )
