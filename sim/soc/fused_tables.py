# SPDX-License-Identifier: Apache-2.0
"""Tables of network.h for one hidden layer; `firmware/baseline/mlp.h` describes them."""

from collections.abc import Iterator, Sequence

from pulsewright.sim.soc.c_text import braces, c_integer, c_word, for_each
from pulsewright.sim.soc.fused_network import FusedNetwork, FusedNeuron
from pulsewright.sim.soc.swar_pairs import swar_pairs

LANE_BITS = 8
LANES = 4
# In two spare lanes of the packed inputs stand these constants, and their weights make up the bias.
COARSE, FINE = 127, 1
LARGEST_LANE_BIAS = COARSE * 127


def record_table(network: FusedNetwork) -> Iterator[str]:
    """One record a neuron, in the order in which one pointer walks."""
    first = network.neurons[0]
    yield ""
    yield f"#define NETWORK_FUSED {len(network.neurons)}"
    yield for_each("NETWORK_FOR_EACH_FUSED", len(network.neurons))
    yield "struct network_fused {"
    yield "    int32_t bias;"
    yield f"    network_weight weights[{len(first.weights)}];"
    yield f"    network_weight outputs[{len(first.outputs)}];"
    yield "    int8_t shift;"
    yield "    uint8_t saturates;"
    yield "};"
    yield from _records("network_fused", network.neurons)


def pair_table(network: FusedNetwork) -> Iterator[str]:
    """Two neurons a multiplication, and those that do not pair."""
    first = network.neurons[0]
    pairs, singles = swar_pairs([(neuron.low, neuron.high) for neuron in network.neurons])
    splits = {pair.low_bits for pair in pairs}
    yield ""
    yield f"#define NETWORK_PAIRS {len(pairs)}"
    yield f"#define NETWORK_SINGLES {len(singles)}"
    yield f"#define NETWORK_PAIR_LOW_BITS {splits.pop() if len(splits) == 1 else 0}"
    yield for_each("NETWORK_FOR_EACH_PAIR", len(pairs))
    yield for_each("NETWORK_FOR_EACH_SINGLE", len(singles))
    if pairs:
        yield "struct network_pair {"
        yield "    uint32_t bias;"
        yield f"    uint32_t weights[{len(first.weights)}];"
        yield f"    network_weight outputs[2][{len(first.outputs)}];"
        yield "    int8_t shifts[2];"
        yield "    uint8_t saturates[2];"
        yield "    uint8_t low_bits;"
        yield "};"
        yield f"static const struct network_pair network_pairs[{len(pairs)}] = {{"
        for pair in pairs:
            low, high = network.neurons[pair.low], network.neurons[pair.high]
            terms = zip([low.bias, *low.weights], [high.bias, *high.weights], strict=True)
            words = [c_word(a + (b << pair.low_bits)) for a, b in terms]
            outputs = braces([braces(low.outputs), braces(high.outputs)])
            shifts = braces([low.shift, high.shift])
            saturate = braces([int(low.saturates), int(high.saturates)])
            fields = [words[0], braces(words[1:]), outputs, shifts, saturate, pair.low_bits]
            yield f"    {braces(fields)},"
        yield "};"
    if singles:
        yield from _records("network_singles", [network.neurons[index] for index in singles])


def dot4_table(network: FusedNetwork) -> Iterator[str]:
    """Weights four to a word, with the bias in two spare lanes if there are and it fits."""
    first = network.neurons[0]
    words = -(-len(first.weights) // LANES)
    spare = words * LANES - len(first.weights)
    in_lanes = spare >= 2 and all(abs(n.bias) <= LARGEST_LANE_BIAS for n in network.neurons)
    ones = pack([*[0] * (len(first.weights) % LANES), COARSE, FINE]) if in_lanes else 0
    yield ""
    yield f"#define NETWORK_DOT4_WORDS {words}"
    yield f"#define NETWORK_DOT4_BIAS_IN_LANES {int(in_lanes)}"
    yield f"#define NETWORK_DOT4_ONES {c_word(ones)}"
    yield for_each("NETWORK_FOR_EACH_DOT4", len(network.neurons))
    yield "struct network_dot4 {"
    yield f"    uint32_t words[{words}];"
    yield "    int32_t bias;"
    yield f"    network_weight outputs[{len(first.outputs)}];"
    yield "    int8_t shift;"
    yield "};"
    yield f"static const struct network_dot4 network_dot4[{len(network.neurons)}] = {{"
    for neuron in network.neurons:
        lanes = list(neuron.weights)
        if in_lanes:
            coarse = round(neuron.bias / COARSE)
            lanes += [coarse, neuron.bias - COARSE * coarse]
        bias = 0 if in_lanes else neuron.bias
        packed = braces([c_word(pack(lanes[i : i + LANES])) for i in range(0, len(lanes), LANES)])
        yield f"    {braces([packed, c_integer(bias), braces(neuron.outputs), neuron.shift])},"
    yield "};"


def pack(lanes: Sequence[int]) -> int:
    """Up to four integers of 8 bits as a word, the first in the lowest lane."""
    mask = (1 << LANE_BITS) - 1
    return sum((lane & mask) << (LANE_BITS * i) for i, lane in enumerate(lanes))


def _records(name: str, neurons: Sequence[FusedNeuron]) -> Iterator[str]:
    yield f"static const struct network_fused {name}[{len(neurons)}] = {{"
    for neuron in neurons:
        weights, outputs = braces(neuron.weights), braces(neuron.outputs)
        fields = [c_integer(neuron.bias), weights, outputs, neuron.shift, int(neuron.saturates)]
        yield f"    {braces(fields)},"
    yield "};"
