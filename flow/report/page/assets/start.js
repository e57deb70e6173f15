// SPDX-License-Identifier: Apache-2.0
"use strict";

const DATA = JSON.parse(document.getElementById("data").textContent);
Tables.start();
Plots.start(DATA.figures);
Choices.start(DATA.choices, DATA.figures);
if (DATA.curves) {
  Curves.startChoice(DATA.curves);
  Curves.startSliders(DATA.curves, DATA.network);
} else if (DATA.network) {
  Inputs.start(DATA.network);
}
