// SPDX-License-Identifier: Apache-2.0
// Given curves beside predicted ones, and the network itself under sliders.
"use strict";

const Curves = (() => {
  const NEAREST = 3;

  function range(count) {
    return [...Array(count).keys()];
  }

  // Predictions are scaled by the range of the curve that they are compared with.
  function scaled(currents) {
    const [low, high] = [Math.min(...currents), Math.max(...currents)];
    return currents.map((one) => (one - low) / (high - low));
  }

  function inAmpere(predicted, currents) {
    const [low, high] = [Math.min(...currents), Math.max(...currents)];
    return predicted.map((one) => low + one * (high - low));
  }

  function describe(curves, index) {
    const values = curves.names.map(
      (name, one) => `${name} ${curves.parameters[index][one]} ${curves.units[one]}`,
    );
    return values.join(", ");
  }

  function startChoice(curves) {
    const choice = document.getElementById("curve");
    const ampere = document.getElementById("ampere");
    const text = document.getElementById("curve-text");
    const show = () => {
      const index = curves.order[Number(choice.value)];
      const [given, predicted] = [curves.currents[index], curves.predicted[index]];
      const x = range(curves.pulses);
      const [first, second] = ampere.checked
        ? [given, inAmpere(predicted, given)]
        : [scaled(given), predicted];
      const percentile = Math.round((100 * Number(choice.value)) / Math.max(curves.order.length - 1, 1));
      text.value = `curve ${index}, ${percentile}th percentile of the error, MSE ${curves.errors[index]}: ${describe(curves, index)}`;
      Plots.draw(
        "plot-curve",
        [
          { x, y: first, name: "given", mode: "markers", marker: { size: 5 } },
          { x, y: second, name: "integer network", mode: "lines" },
        ],
        {
          xaxis: { title: { text: "pulse number N" } },
          yaxis: { title: { text: ampere.checked ? "read current (A)" : "scaled read current" } },
          margin: { l: 70, r: 20, t: 20, b: 50 },
        },
      );
    };
    choice.addEventListener("input", show);
    ampere.addEventListener("change", show);
    show();
  }

  // Curves by their distance to the sliders, each parameter in parts of its range.
  function nearest(curves, features, physical) {
    const distance = (index) =>
      features.reduce((sum, feature, one) => {
        const span = feature.maximum - feature.minimum;
        return one === 0 ? sum : sum + ((curves.physical[index][one] - physical[one]) / span) ** 2;
      }, 0);
    const ranked = range(curves.physical.length).map((index) => [distance(index), index]);
    ranked.sort((one, other) => one[0] - other[0]);
    return ranked.slice(0, NEAREST).map((one) => one[1]);
  }

  function startSliders(curves, network) {
    const prepared = Network.prepare(network);
    const sliders = [...document.querySelectorAll("input.parameter")];
    const x = range(curves.pulses);
    const show = () => {
      const physical = [0, ...sliders.map((one) => Number(one.value))];
      sliders.forEach((one) => {
        document.getElementById(`${one.id}-text`).value = `${one.value} ${one.dataset.unit}`;
      });
      const predicted = x.map((number) => {
        const codes = Network.codesOf(prepared, [number, ...physical.slice(1)]);
        return Network.meaning(prepared, Network.infer(prepared, codes)[0], 0);
      });
      const given = nearest(curves, network.features, physical).map((index) => ({
        x,
        y: scaled(curves.currents[index]),
        name: `curve ${index}`,
        mode: "markers",
        marker: { size: 4 },
      }));
      Plots.draw("plot-explorer", [{ x, y: predicted, name: "integer network", mode: "lines" }, ...given], {
        xaxis: { title: { text: "pulse number N" } },
        yaxis: { title: { text: "scaled read current" } },
        margin: { l: 60, r: 20, t: 20, b: 50 },
      });
    };
    sliders.forEach((one) => one.addEventListener("input", show));
    show();
  }

  return { startChoice, startSliders };
})();
