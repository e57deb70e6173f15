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

  // A row for each input, which calls `changed` when its code is.
  function fieldsIn(table, network, changed) {
    return network.layers[0].weights[0].map((_, index) => {
      const row = table.insertRow();
      const field = document.createElement("input");
      Object.assign(field, { type: "number", min: network.codes.low, max: network.codes.high, step: 1 });
      field.setAttribute("aria-label", `code of input ${index}`);
      field.addEventListener("input", changed);
      for (const content of [String(index), field]) {
        const cell = row.insertCell();
        cell.className = "number";
        cell.append(content);
      }
      return field;
    });
  }

  function start(document_) {
    const network = Network.prepare(document_);
    const text = document.getElementById("codes");
    const results = document.getElementById("results");
    const error = document.getElementById("codes-error");
    const fields = fieldsIn(document.getElementById("inputs"), network, () => {
      text.value = fields.map((field) => field.value || "nothing").join(" ");
      show();
    });
    const show = () => {
      error.textContent = "";
      results.replaceChildren();
      try {
        const codes = codesIn(text.value, network);
        fields.forEach((field, index) => {
          if (field !== document.activeElement) field.value = String(codes[index]);
        });
        Network.infer(network, codes).forEach((integer, index) => {
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
