# SPDX-License-Identifier: Apache-2.0
"""Exact real numbers: rationals, and sums of them times square roots.

Batch normalisation divides by a square root. Roots of integers whose products are no squares are
linearly independent over the rationals, so a sum in which such roots are merged is 0 only if it has
no terms; every other sum shows its sign after finitely many digits.
"""

from collections.abc import Mapping
from fractions import Fraction
from math import gcd, isqrt

from pulsewright.hls_model.errors import PulsewrightError

FIRST_BITS = 64


class Surd:
    """The sum of coefficient * sqrt(radicand) over `terms`; the rational part has radicand 1.

    terms: no coefficient is 0, and no product of two radicands is a square.
    """

    __slots__ = ("terms",)

    def __init__(self, terms: Mapping[int, Fraction]) -> None:
        self.terms = dict(terms)

    @classmethod
    def of(cls, value: Fraction | int) -> "Surd":
        """A rational number."""
        return cls({1: Fraction(value)} if value else {})

    @classmethod
    def root(cls, square: Fraction) -> "Surd":
        """The square root of a rational number that is not negative."""
        if square == 0:
            return cls({})
        # sqrt(n / d) = sqrt(n * d) / d.
        return cls(
            _monomial(square.numerator * square.denominator, Fraction(1, square.denominator))
        )

    @property
    def is_rational(self) -> bool:
        """True for sums without roots."""
        return all(radicand == 1 for radicand in self.terms)

    @property
    def rational(self) -> Fraction:
        """The rational part."""
        return self.terms.get(1, Fraction(0))

    def __add__(self, other: "Surd") -> "Surd":
        terms = dict(self.terms)
        for radicand, coefficient in other.terms.items():
            _add_term(terms, radicand, coefficient)
        return Surd(terms)

    def __neg__(self) -> "Surd":
        return Surd({radicand: -coefficient for radicand, coefficient in self.terms.items()})

    def __sub__(self, other: "Surd") -> "Surd":
        return self + -other

    def __mul__(self, other: "Surd") -> "Surd":
        terms: dict[int, Fraction] = {}
        for one, first in self.terms.items():
            for two, second in other.terms.items():
                common = gcd(one, two)
                product = _monomial((one // common) * (two // common), first * second * common)
                for radicand, coefficient in product.items():
                    _add_term(terms, radicand, coefficient)
        return Surd(terms)

    def reciprocal(self) -> "Surd":
        """One divided by a number of one term, which is all that scales ever are.

        Raises:
            PulsewrightError: it is 0, or has several terms.
        """
        if len(self.terms) != 1:
            raise PulsewrightError(
                f"division by {self}; divide by a number other than 0 that is rational or one root"
            )
        ((radicand, coefficient),) = self.terms.items()
        return Surd({radicand: 1 / (coefficient * radicand)})

    def bounds(self, bits: int) -> tuple[int, int]:
        """Integers low <= value * 2**bits <= high, at most two apart a term."""
        low = high = 0
        for radicand, coefficient in self.terms.items():
            numerator, denominator = coefficient.numerator, coefficient.denominator
            # |coefficient| * sqrt(radicand) = sqrt(numerator**2 * radicand) / denominator.
            root = isqrt((numerator * numerator * radicand) << (2 * bits))
            floor = root // denominator
            exact = radicand == 1 and floor * denominator == root
            ends = (floor, floor + (not exact))
            low += ends[0] if numerator > 0 else -ends[1]
            high += ends[1] if numerator > 0 else -ends[0]
        return low, high

    def sign(self) -> int:
        """-1, 0 or 1."""
        if not self.terms:
            return 0
        signs = {1 if coefficient > 0 else -1 for coefficient in self.terms.values()}
        if len(signs) == 1:
            return signs.pop()
        bits = FIRST_BITS
        while True:
            low, high = self.bounds(bits)
            if low > 0 or high < 0:
                return 1 if low > 0 else -1
            bits *= 2

    def floor(self) -> int:
        """The largest integer that is not above it."""
        if self.is_rational:
            return self.rational.numerator // self.rational.denominator
        bits = FIRST_BITS
        while True:
            low, high = self.bounds(bits)
            if low >> bits == high >> bits:
                return low >> bits
            bits *= 2

    def nearest(self, significant_bits: int) -> Fraction:
        """Itself if it is rational; else a rational within 2**-significant_bits of it, relative."""
        if self.is_rational:
            return self.rational
        bits = FIRST_BITS
        while True:
            low, high = self.bounds(bits)
            if min(abs(low), abs(high)) >> significant_bits > high - low:
                return Fraction(low + high, 2 << bits)
            bits *= 2

    def __float__(self) -> float:
        return float(self.nearest(FIRST_BITS))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Surd) and (self - other).sign() == 0

    __hash__ = None  # type: ignore[assignment]

    def __lt__(self, other: "Surd") -> bool:
        return (self - other).sign() < 0

    def __repr__(self) -> str:
        parts = (
            f"{coefficient}" if radicand == 1 else f"{coefficient}*sqrt({radicand})"
            for radicand, coefficient in self.terms.items()
        )
        return " + ".join(parts) or "0"


def _square_root(number: int) -> int | None:
    root = isqrt(number)
    return root if root * root == number else None


def _monomial(radicand: int, coefficient: Fraction) -> dict[int, Fraction]:
    """One term, with the squares that are easily seen taken out of its root."""
    pairs = ((radicand & -radicand).bit_length() - 1) // 2
    radicand, coefficient = radicand >> (2 * pairs), coefficient * (1 << pairs)
    root = _square_root(radicand)
    return {1: coefficient * root} if root is not None else {radicand: coefficient}


def _add_term(terms: dict[int, Fraction], radicand: int, coefficient: Fraction) -> None:
    """Add one term, merged with the one whose root is a rational multiple of its own."""
    for present in terms:
        if present == radicand:
            break
        root = _square_root(present * radicand)
        if root is not None:
            # sqrt(radicand) = sqrt(present * radicand) / present * sqrt(present).
            radicand, coefficient = present, coefficient * Fraction(root, present)
            break
    total = terms.get(radicand, Fraction(0)) + coefficient
    if total:
        terms[radicand] = total
    else:
        terms.pop(radicand, None)
