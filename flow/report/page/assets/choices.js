// SPDX-License-Identifier: Apache-2.0
// One of several texts: chosen from a list, or by a click on the point that it belongs to.
"use strict";

const Choices = (() => {
  function show(list, texts) {
    document.getElementById(`${list.id}-text`).textContent = texts[Number(list.value)];
  }

  function choose(name, index) {
    const list = document.getElementById(`choice-${name}`);
    list.value = String(index);
    list.dispatchEvent(new Event("change"));
  }

  function start(choices, figures) {
    document.querySelectorAll("select.choice").forEach((list) => {
      const texts = choices[list.dataset.name];
      list.addEventListener("change", () => show(list, texts));
      show(list, texts);
    });
    for (const one of figures.filter((figure) => figure.choice)) {
      document.getElementById(`plot-${one.name}`).on("plotly_click", (event) => {
        const index = event.points[0].customdata;
        if (Number.isInteger(index)) choose(one.choice, index);
      });
    }
  }

  return { start };
})();
