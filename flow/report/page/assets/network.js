// SPDX-License-Identifier: Apache-2.0
// The integer network, in integers without a bound: what hls_model/reference computes, to the bit.
"use strict";

const Network = (() => {
  function roundShift(value, shift, rounding) {
    if (shift <= 0n) return value << -shift;
    const floor = value >> shift;
    if (rounding === "floor") return floor;
    const remainder = value - (floor << shift);
    const half = 1n << (shift - 1n);
    const tieUp = rounding === "half_up" || (floor & 1n) === 1n;
    return remainder > half || (remainder === half && tieUp) ? floor + 1n : floor;
  }

  function clip(value, low, high) {
    return value < low ? low : value > high ? high : value;
  }

  function integer(one) {
    return one === undefined || one === null ? null : BigInt(one);
  }

  // Integers came as numbers, or as text where a number would not hold them.
  function integers(list) {
    return list.map((one) => BigInt(one));
  }

  function prepare(network) {
    return {
      ...network,
      codes: { low: BigInt(network.codes.low), high: BigInt(network.codes.high) },
      features: network.features.map((one) => ({
        ...one,
        minimum: BigInt(one.minimum),
        maximum: BigInt(one.maximum),
        table: one.table && integers(one.table),
        multiplier: integer(one.multiplier),
        offset: integer(one.offset),
        shift: integer(one.shift),
      })),
      layers: network.layers.map((layer) => ({
        ...layer,
        weights: layer.weights.map(integers),
        bias: integers(layer.bias),
        shift: BigInt(layer.shift),
        multiplier: layer.multiplier && integers(layer.multiplier),
        offset: layer.offset && integers(layer.offset),
        low: integer(layer.low),
        high: integer(layer.high),
      })),
    };
  }

  // Integers of the features' physical units to input codes.
  function codesOf(network, physical) {
    return network.features.map((feature, index) => {
      const inside = clip(BigInt(physical[index]), feature.minimum, feature.maximum);
      const code = feature.table
        ? feature.table[Number(inside - feature.minimum)]
        : roundShift(inside * feature.multiplier + feature.offset, feature.shift, "half_up");
      return clip(code, network.codes.low, network.codes.high);
    });
  }

  function layerOutputs(layer, inputs) {
    return layer.weights.map((row, neuron) => {
      let value = layer.bias[neuron];
      for (let index = 0; index < row.length; index++) value += row[index] * inputs[index];
      if (layer.multiplier) value = value * layer.multiplier[neuron] + layer.offset[neuron];
      else if (layer.relu && value < 0n) value = 0n;
      if (layer.low === null) return value;
      return clip(roundShift(value, layer.shift, layer.rounding), layer.low, layer.high);
    });
  }

  // Input codes to output integers.
  function infer(network, codes) {
    let values = codes.map((one) => BigInt(one));
    for (const layer of network.layers) values = layerOutputs(layer, values);
    if (network.output !== "argmax") return values;
    let largest = 0;
    values.forEach((value, index) => {
      if (value > values[largest]) largest = index;
    });
    return [BigInt(largest)];
  }

  // What an output integer stands for.
  function meaning(network, integer, index) {
    if (network.output === "argmax") return Number(integer);
    const scale = network.scales[network.scales.length > 1 ? index : 0];
    const offset = network.offsets[network.offsets.length > 1 ? index : 0];
    return Number(integer) * scale + offset;
  }

  return { prepare, codesOf, infer, meaning };
})();
