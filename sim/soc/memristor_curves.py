# SPDX-License-Identifier: Apache-2.0
"""Simulated memristive devices from measured pulse curves, as a memory image for the test bench.

The measurements name no devices: a curve is one train of one kind of pulse. A simulated device is
therefore put together from one measured curve for each of its candidate pulses;
docs/demonstrator.md says what that means for the results.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.isotonic import isotonic
from pulsewright.hls_model.reference.fixed_point import IntegerArray

FloatArray = npt.NDArray[np.float64]

IDENTITY = 0x4D454D52  # "MEMR"
PARAMETERS = 5
HEADER_WORDS = 8
# Of each candidate of each device: the reads from word 0, the parameters from 120, the states
# from 128.
BLOCK_WORDS = 256
PARAMETER_WORD = 120
STATE_WORD = 128
MOST_PULSES = PARAMETER_WORD
MOST_CANDIDATES = 32
MOST_DEVICES = 4096
# Words are 32-bit signed, and one is 2**frac.
MOST_FRAC = 28


@dataclass(frozen=True)
class Memristors:
    """Simulated devices; currents are scaled read currents in units of 2**-frac.

    parameters: (devices, candidates, 5) V_set and V_anti in mV, t_set, t_off and t_read in us.
    reads: (devices, candidates, pulses) what is read at each position of the candidate's curve.
    states: as reads, never falling along a curve; compares positions on different curves.
    curves: (devices, candidates) the measured curve that was taken.
    """

    frac: int
    parameters: IntegerArray
    reads: IntegerArray
    states: IntegerArray
    curves: IntegerArray

    @property
    def devices(self) -> int:
        """Number of devices."""
        return int(self.reads.shape[0])

    @property
    def candidates(self) -> int:
        """Candidate pulses of each device."""
        return int(self.reads.shape[1])

    @property
    def pulses(self) -> int:
        """Positions of each curve, 100 in the measurements."""
        return int(self.reads.shape[2])

    @property
    def words(self) -> int:
        """Length of the image, the parameter WORDS of `memristor.sv`."""
        return HEADER_WORDS + self.devices * self.candidates * BLOCK_WORDS

    def image(self) -> IntegerArray:
        """The image, (words,), each word 0..2**32-1."""
        header = [IDENTITY, self.devices, self.candidates, self.pulses, self.frac, 0, 0, 0]
        blocks = np.zeros((self.devices, self.candidates, BLOCK_WORDS), dtype=np.int64)
        blocks[:, :, : self.pulses] = self.reads
        blocks[:, :, PARAMETER_WORD : PARAMETER_WORD + PARAMETERS] = self.parameters
        blocks[:, :, STATE_WORD : STATE_WORD + self.pulses] = self.states
        return np.concatenate([header, blocks.reshape(-1)]) & 0xFFFF_FFFF

    def save(self, path: Path) -> None:
        """Write the image as text for $readmemh, whole or not at all.

        Raises:
            PulsewrightError: the folder cannot be written.
        """
        write_text(path, "".join(f"{word:08x}\n" for word in self.image().tolist()))


def draw_memristors(
    physical: IntegerArray,
    currents: FloatArray,
    usable: IntegerArray,
    frac: int,
    devices: int = 128,
    candidates: int = 4,
    seed: int = 0,
) -> Memristors:
    """Put devices together from curves, without looking at any model.

    physical: (curves, 5) pulse parameters in mV and us. currents: (curves, pulses) in A; each
    curve is stretched to 0..1 as the network's targets are. usable: numbers of the curves that
    may be taken, those that the model was not trained on. frac: fractional bits of the scaled
    current, the model's `output_format.frac`.

    Candidate 0 is a pulse of the parameter set with the most usable curves, the others are of
    other sets, all different. The curves of candidate 0, and those of all other sets, are each
    dealt like a deck of cards that is shuffled again when it is used up, so that they are used
    about equally often.

    Raises:
        PulsewrightError: arrays that do not belong together, too few parameter sets, or a number
            out of range.
    """
    _check_arrays(physical, currents, usable)
    for name, value, most in (
        ("devices", devices, MOST_DEVICES),
        ("candidates", candidates, MOST_CANDIDATES),
    ):
        if not 1 <= value <= most:
            raise PulsewrightError(f"{value} {name}; choose 1 to {most}")
    if not 0 <= frac <= MOST_FRAC:
        raise PulsewrightError(
            f"a scaled current with {frac} fractional bits; choose 0 to {MOST_FRAC}"
        )
    if seed < 0:
        raise PulsewrightError(f"seed is {seed}; choose 0 or more")
    curves = _deal(physical, usable, devices, candidates, np.random.default_rng(seed))
    low, high = currents.min(axis=1, keepdims=True), currents.max(axis=1, keepdims=True)
    scaled = (currents - low) / (high - low) * 2.0**frac
    rising = np.array([isotonic(curve) for curve in scaled])
    return Memristors(
        frac=frac,
        parameters=physical[curves],
        reads=np.rint(scaled).astype(np.int64)[curves],
        states=np.rint(rising).astype(np.int64)[curves],
        curves=curves,
    )


def _deal(
    physical: IntegerArray,
    usable: IntegerArray,
    devices: int,
    candidates: int,
    generator: np.random.Generator,
) -> IntegerArray:
    """Numbers of curves, (devices, candidates)."""
    _, sets = np.unique(physical[usable], axis=0, return_inverse=True)
    sets = sets.reshape(-1)
    found = int(sets.max()) + 1
    if found < candidates:
        raise PulsewrightError(
            f"{len(usable)} usable curves are of {found} parameter sets, {candidates} candidates "
            "want as many sets; ask for fewer candidates or hold back more curves"
        )
    standard = int(np.bincount(sets).argmax())
    decks = (np.flatnonzero(sets == standard), np.flatnonzero(sets != standard))
    hands: tuple[list[int], list[int]] = ([], [])
    dealt = []
    for _ in range(devices):
        device: list[int] = []
        for candidate in range(candidates):
            deck, hand = decks[candidate > 0], hands[candidate > 0]
            taken = {int(sets[card]) for card in device}
            if all(int(sets[card]) in taken for card in hand):
                hand.extend(generator.permutation(deck).tolist())
            card = next(card for card in hand if int(sets[card]) not in taken)
            hand.remove(card)
            device.append(card)
        dealt.append(device)
    return usable[np.array(dealt, dtype=np.int64)]


def _check_arrays(physical: IntegerArray, currents: FloatArray, usable: IntegerArray) -> None:
    if physical.ndim != 2 or physical.shape[1] != PARAMETERS:
        raise PulsewrightError(
            f"pulse parameters must be (curves, {PARAMETERS}), got {physical.shape}"
        )
    if currents.ndim != 2 or len(currents) != len(physical):
        raise PulsewrightError(
            f"currents must be ({len(physical)}, pulses), got {currents.shape}; "
            "give one curve for each row of parameters"
        )
    if not 2 <= currents.shape[1] <= MOST_PULSES:
        raise PulsewrightError(
            f"curves of {currents.shape[1]} pulses; a simulated device takes 2 to {MOST_PULSES}"
        )
    if not np.isfinite(currents).all() or (np.ptp(currents, axis=1) <= 0).any():
        raise PulsewrightError(
            "a curve holds a current that is not finite, or the same one at every pulse; "
            "remove that curve"
        )
    if usable.size == 0 or usable.min() < 0 or usable.max() >= len(physical):
        raise PulsewrightError(
            f"usable curves {usable.tolist()[:5]}; name at least one of 0 to {len(physical) - 1}"
        )
