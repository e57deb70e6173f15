// SPDX-License-Identifier: Apache-2.0
// A network without curves: codes in, integers out.
"use strict";

const Inputs = (() => {
  function codesIn(text, network) {
    const words = text.split(/[\s,;]+/).filter((one) => one !== "");
    const count = network.layers[0].weights[0].length;
    if (words.length !== count) throw new Error(`${words.length} codes are given, the network takes ${count}`);
    return words.map((word) => {
      if (!/^-?\d+$/.test(word)) throw new Error(`${word} is no integer`);
      const code = BigInt(word);
      if (code < network.codes.low || code > network.codes.high) {
        throw new Error(`${word} is outside ${network.codes.low} to ${network.codes.high}`);
      }
      return code;
    });
  }

  function start(document_) {
    const network = Network.prepare(document_);
    const text = document.getElementById("codes");
    const results = document.getElementById("results");
    const error = document.getElementById("codes-error");
    const show = () => {
      error.textContent = "";
      results.replaceChildren();
      try {
        Network.infer(network, codesIn(text.value, network)).forEach((integer, index) => {
          const row = results.insertRow();
          [index, integer, Network.meaning(network, integer, index)].forEach((value) => {
            const cell = row.insertCell();
            cell.className = "number";
            cell.textContent = String(value);
          });
        });
      } catch (problem) {
        error.textContent = problem.message;
      }
    };
    text.addEventListener("input", show);
    show();
  }

  return { start };
})();
