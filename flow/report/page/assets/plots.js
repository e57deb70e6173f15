// SPDX-License-Identifier: Apache-2.0
// Plots in the colours of the page, which change with its theme.
"use strict";

const Plots = (() => {
  const COLOURS = ["#2f7ed8", "#e07b39", "#3d9a5f", "#9b6bc7", "#c9a227", "#7f8b98", "#c2528b", "#2aa5a0", "#8a6d3b", "#6b8e23"];
  const drawn = new Map();

  function themed(layout) {
    const style = getComputedStyle(document.documentElement);
    const [ink, line] = ["--ink", "--line"].map((name) => style.getPropertyValue(name).trim());
    const axis = { gridcolor: line, zerolinecolor: line, linecolor: line };
    return {
      ...layout,
      colorway: COLOURS,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { color: ink, family: "system-ui, sans-serif" },
      legend: { orientation: "h", y: 1.02, yanchor: "bottom", x: 0 },
      xaxis: { ...axis, ...layout.xaxis },
      yaxis: { ...axis, ...layout.yaxis },
    };
  }

  function draw(id, data, layout) {
    drawn.set(id, { data, layout });
    const options = { responsive: true, displaylogo: false };
    return Plotly.react(document.getElementById(id), data, themed(layout), options);
  }

  function repaint() {
    for (const [id, one] of drawn) draw(id, one.data, one.layout);
  }

  function setTheme(theme) {
    document.documentElement.dataset.theme = theme;
    document.getElementById("theme").setAttribute("aria-pressed", String(theme === "dark"));
    repaint();
  }

  function start(figures) {
    const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
    const button = document.getElementById("theme");
    button.addEventListener("click", () => {
      setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
    });
    setTheme(dark ? "dark" : "light");
    for (const one of figures) draw(`plot-${one.name}`, one.figure.data, one.figure.layout);
    // Paper is white.
    let before = null;
    window.addEventListener("beforeprint", () => {
      before = document.documentElement.dataset.theme;
      setTheme("light");
    });
    window.addEventListener("afterprint", () => setTheme(before));
  }

  return { start, draw };
})();
