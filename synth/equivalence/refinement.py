# SPDX-License-Identifier: Apache-2.0
"""Registers whose names a mapper lost, found by what they do.

All that have no pair yet are one class, and those with a reset another. Random states in which a
class has one value are put into both designs; what then takes different values, or changes
something else where it has the opposite one, is no pair, and its class is split, until nothing is
split any more. Registers that are pairs stay together, since in such states they do the same.
Source: van Eijk, Sequential equivalence checking based on structural similarities, IEEE TCAD 19(7),
2000, with random states in place of proofs.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import cycle

from pulsewright.synth.equivalence.bit_netlist import Bit, BitNetlist
from pulsewright.synth.equivalence.correspondence import Pair
from pulsewright.synth.equivalence.evaluation import Evaluator, Gates

# States at once.
STATES, SEED = 1 << 15, 1
# So many rounds that split nothing end it.
QUIET_ROUNDS, QUIET_INFLUENCES = 6, 3
_MASK = (1 << STATES) - 1
# Of so many random bits how many have to be 1, in equal parts of the states: in some of them all
# registers are nearly always 1, so that long carries happen, or nearly always 0.
_DRAWN, _NEEDED = 7, (1, 3, 4, 5, 7)
_PART = STATES // len(_NEEDED)


def pair_by_behaviour(
    specified: BitNetlist, mapped: BitNetlist, unpaired: Mapping[Bit, str], taken: Sequence[Pair]
) -> list[Pair]:
    """Pairs for registers of the Verilog that have none, and constants of either side.

    unpaired: their bits and names. taken: pairs that are known, whose flip-flops are in no other.

    Raises:
        PulsewrightError: a netlist has a loop of gates.
    """
    used = {pair.mapped for pair in taken}
    free = [bit for bit in mapped.flip_flops if bit not in used]
    drawn = random.Random(SEED)
    # One that only one side has would make all differ that depend on it. What hardly ever changes
    # is kept still on both sides until the others are known.
    still, other_still = (
        _still(_Side(netlist, bits), drawn)
        for netlist, bits in ((specified, unpaired), (mapped, free))
    )
    kept = [Pair(unpaired[bit], bit, value) for bit, value in still.items()]
    kept += [Pair("", value, bit) for bit, value in other_still.items()]
    wanted = {bit: name for bit, name in unpaired.items() if bit not in still}
    found = _refined(specified, mapped, wanted, [*taken, *kept], drawn)
    late = {bit: unpaired[bit] for bit in still}
    found += _refined(specified, mapped, late, [*taken, *found], drawn)
    met = {bit for pair in found for bit in (pair.specified, pair.mapped)}
    found += [Pair(late[bit], bit, value) for bit, value in still.items() if bit not in met]
    return found + [
        Pair(mapped.flip_flops[bit].cell, value, bit)
        for bit, value in other_still.items()
        if bit not in met and mapped.flip_flops[bit].begins_with(value)
    ]


def _refined(
    specified: BitNetlist,
    mapped: BitNetlist,
    unpaired: Mapping[Bit, str],
    taken: Sequence[Pair],
    drawn: random.Random,
) -> list[Pair]:
    used = {pair.mapped for pair in taken}
    free = [bit for bit in mapped.flip_flops if bit not in used]
    wanted, found = _Side(specified, unpaired), _Side(mapped, free)
    classes = _Classes(wanted, found, taken)
    quiet = 0
    while quiet < QUIET_INFLUENCES:
        rounds = 0
        while rounds < QUIET_ROUNDS:
            rounds = 0 if classes.split_by_next_state(drawn) else rounds + 1
        quiet = 0 if classes.split_by_influence(drawn) else quiet + 1
    return list(_pairs(wanted, found, unpaired))


class _Side:
    """A netlist.

    classes: the number of the class of each flip-flop that has no pair. outputs: bits of output
    ports by their place.
    """

    def __init__(self, netlist: BitNetlist, unpaired: Iterable[Bit]) -> None:
        self.netlist = netlist
        flip_flops = netlist.flip_flops
        self.classes = {bit: int(flip_flops[bit].reset is not None) for bit in unpaired}
        self.outputs: dict[Hashable, Bit] = {
            (name, at): bit
            for name, port in netlist.module["ports"].items()
            if port["direction"] == "output"
            for at, bit in enumerate(port["bits"])
        }
        self._data = {bit: one.data for bit, one in netlist.flip_flops.items()}
        self._wanted = list(dict.fromkeys((*self._data.values(), *self.outputs.values())))
        self._evaluator = Evaluator(Gates(netlist.module), self._wanted)

    def phase(self, bit: Bit) -> int:
        """The value behind a reset: a mapper may keep the opposite of what is reset to 1."""
        flip_flop = self.netlist.flip_flops[bit]
        return _MASK if flip_flop.reset is not None and flip_flop.reset_value == "1" else 0

    def values(self, state: Mapping[Bit, int], unknown: int = 0) -> Mapping[Bit, int]:
        """Of what flip-flops take and of outputs.

        state: of flip-flops and inputs. unknown: of constants that are x.
        """
        values = self._evaluator.evaluate(state, _MASK, unknown)
        return dict(zip(self._wanted, values, strict=True))

    def unknown(self, state: Mapping[Bit, int]) -> set[Bit]:
        """Bits that an x decides in one of the states, which a netlist may have as it likes."""
        ones = self.values(state, _MASK)
        return {bit for bit, value in self.values(state).items() if value != ones[bit]}

    def data(self, bit: Bit) -> Bit:
        """What a flip-flop takes."""
        return self._data[bit]


class _Classes:
    """Classes of both sides; one of a single flip-flop a side is as good as a pair."""

    def __init__(self, specified: _Side, mapped: _Side, taken: Sequence[Pair]) -> None:
        self._specified, self._mapped, self._taken = specified, mapped, taken
        self._sides = (specified, mapped)

    def split_by_next_state(self, drawn: random.Random) -> bool:
        """Whether what flip-flops take in some state splits a class."""
        states = self._states(drawn)
        unknown = self._specified.unknown(states[0])
        unsure = {
            number
            for bit, number in self._specified.classes.items()
            if self._specified.data(bit) in unknown
        }
        keys: list[dict[Bit, Hashable]] = []
        for side, state in zip(self._sides, states, strict=True):
            after = side.values(state)
            keys.append(
                {
                    bit: after[side.data(bit)] ^ side.phase(bit)
                    for bit, number in side.classes.items()
                    if number not in unsure
                }
            )
        return self._split(keys)

    def split_by_influence(self, drawn: random.Random) -> bool:
        """Whether a class is split by what changes where one of it has the opposite value."""
        single, states = self._single(), self._states(drawn)
        known = self._known(single)
        unknown = self._specified.unknown(states[0])
        unsure = {name for name, bit in known[0].items() if bit in unknown}
        keys: list[dict[Bit, Hashable]] = []
        for side, state, names in zip(self._sides, states, known, strict=True):
            before = side.values(state)
            found: dict[Bit, Hashable] = {}
            for bit, number in side.classes.items():
                if number not in single:
                    after = side.values({**state, bit: state[bit] ^ _MASK})
                    found[bit] = frozenset(
                        (name, after[seen] ^ before[seen])
                        for name, seen in names.items()
                        if after[seen] != before[seen] and name not in unsure
                    )
            keys.append(found)
        return self._split(keys)

    def _single(self) -> set[int]:
        counts = [Counter(side.classes.values()) for side in self._sides]
        return {number for number in counts[0] if all(one[number] == 1 for one in counts)}

    def _known(self, single: set[int]) -> tuple[dict[Hashable, Bit], dict[Hashable, Bit]]:
        """Bits that both sides have, by the same names: outputs, and what pairs take."""
        known = []
        for side in self._sides:
            numbers = {number: bit for bit, number in side.classes.items() if number in single}
            known.append(side.outputs | {one: side.data(bit) for one, bit in numbers.items()})
        for at, pair in enumerate(self._taken):
            if not pair.is_constant:
                known[0]["pair", at] = self._specified.data(pair.specified)
                known[1]["pair", at] = self._mapped.data(pair.mapped)
        return known[0], known[1]

    def _states(self, drawn: random.Random) -> tuple[dict[Bit, int], dict[Bit, int]]:
        """Random values of flip-flops and inputs, in which pairs and classes are equal."""
        values: dict[int, int] = defaultdict(lambda: _random_vectors(drawn))
        specified, mapped = (
            {bit: values[number] ^ side.phase(bit) for bit, number in side.classes.items()}
            for side in self._sides
        )
        mapped.update({"0": 0, "1": _MASK})
        for pair in self._taken:
            if isinstance(pair.specified, str):
                mapped[pair.mapped] = mapped[pair.specified]
                continue
            held = mapped.setdefault(pair.mapped, _random_vectors(drawn))
            specified[pair.specified] = held ^ (_MASK if pair.inverted else 0)
        ports = dict(self._mapped.netlist.inputs())
        for name, bits in self._specified.netlist.inputs():
            for bit, other in zip(bits, ports[name], strict=True):
                specified[bit] = mapped[other] = _random_vectors(drawn)
        return specified, mapped

    def _split(self, keys: Sequence[Mapping[Bit, Hashable]]) -> bool:
        """Give numbers anew, so that flip-flops of one class with different keys part."""
        before = len({number for side in self._sides for number in side.classes.values()})
        numbers: dict[Hashable, int] = {}
        for side, found in zip(self._sides, keys, strict=True):
            for bit, number in side.classes.items():
                side.classes[bit] = numbers.setdefault((number, found.get(bit)), len(numbers))
        return len(numbers) > before


def _still(side: _Side, drawn: random.Random) -> dict[Bit, str]:
    """Values of flip-flops that keep them in random states, that of a reset if there is one."""
    still = {}
    flip_flops = side.netlist.flip_flops
    inputs = [bit for _, bits in side.netlist.inputs() for bit in bits]
    state = {bit: _random_vectors(drawn) for bit in (*flip_flops, *inputs)}
    for bit in side.classes:
        flip_flop = flip_flops[bit]
        for value in "01" if flip_flop.reset is None else flip_flop.reset_value:
            held = _MASK * int(value)
            if side.values({**state, bit: held})[side.data(bit)] == held:
                still[bit] = value
                break
    return still


def _pairs(specified: _Side, mapped: _Side, names: Mapping[Bit, str]) -> Iterator[Pair]:
    """Of a class the Verilog's registers get the flip-flops in turn, again from the first one."""
    flip_flops: dict[int, list[Bit]] = defaultdict(list)
    for bit, number in mapped.classes.items():
        flip_flops[number].append(bit)
    turns = {number: cycle(bits) for number, bits in flip_flops.items()}
    for bit, number in specified.classes.items():
        if number in turns:
            other = next(turns[number])
            yield Pair(names[bit], bit, other, specified.phase(bit) != mapped.phase(other))


def _random_vectors(drawn: random.Random) -> int:
    vectors = 0
    for part, needed in enumerate(_NEEDED):
        bits = [drawn.getrandbits(_PART) for _ in range(_DRAWN)]
        vectors |= _at_least(needed, bits) << part * _PART
    return vectors


def _at_least(needed: int, bits: Sequence[int]) -> int:
    """1 where so many of the bits are 1."""
    sums = [(1 << _PART) - 1, *[0] * needed]
    for one in bits:
        for count in range(needed, 0, -1):
            sums[count] |= sums[count - 1] & one
    return sums[needed]
