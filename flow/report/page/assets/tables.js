// SPDX-License-Identifier: Apache-2.0
// Tables sort by their headings and download as CSV.
"use strict";

const Tables = (() => {
  function valueOf(cell) {
    return cell.dataset.value ?? cell.textContent.trim();
  }

  function compare(one, other, isNumber) {
    const [a, b] = [valueOf(one), valueOf(other)];
    // What is not known stands last.
    if (a === "" || b === "") return (a === "") - (b === "");
    return isNumber ? Number(a) - Number(b) : a.localeCompare(b);
  }

  function sort(table, column) {
    const headings = [...table.tHead.rows[0].cells];
    const heading = headings[column];
    const descending = heading.getAttribute("aria-sort") === "ascending";
    headings.forEach((one) => one.removeAttribute("aria-sort"));
    heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
    const isNumber = heading.classList.contains("number");
    const rows = [...table.tBodies[0].rows];
    rows.sort((one, other) => {
      const order = compare(one.cells[column], other.cells[column], isNumber);
      return descending ? -order : order;
    });
    table.tBodies[0].append(...rows);
  }

  function csvOf(table) {
    const quoted = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const head = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
    const body = [...table.tBodies[0].rows].map((row) => [...row.cells].map(valueOf));
    return [head, ...body].map((row) => row.map(quoted).join(",")).join("\n") + "\n";
  }

  function download(name, text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  function start() {
    document.querySelectorAll("table[data-name]").forEach((table) => {
      table.querySelectorAll("thead button").forEach((button, column) => {
        button.addEventListener("click", () => sort(table, column));
      });
    });
    document.querySelectorAll("button.csv").forEach((button) => {
      const table = document.getElementById(button.dataset.table);
      button.addEventListener("click", () => download(`${table.dataset.name}.csv`, csvOf(table)));
    });
  }

  return { start, csvOf };
})();
