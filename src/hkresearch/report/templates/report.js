"use strict";
// Everything here is a convenience: the report is whole without it.
const readNumber = (text) => {
  const plain = text.replace(/,/g, "").replace(/%$/, "").trim();
  return plain !== "" && Number.isFinite(Number(plain)) ? Number(plain) : null;
};
const readCell = (row, column) => (row.cells[column].querySelector("span")?.textContent ?? "").trim();
const compareCells = (a, b) => {
  const x = readNumber(a), y = readNumber(b);
  if (x !== null && y !== null) return x - y;
  if (!a || !b) return a ? -1 : b ? 1 : 0;
  return a.localeCompare(b, "en");
};
for (const table of document.querySelectorAll(".exhibit table")) {
  const body = table.tBodies[0], heads = [...table.tHead.rows[0].cells], rows = [...body.rows];
  heads.forEach((head, column) => {
    if (head.classList.contains("passages") || rows.length < 2) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const sorted = rows.slice().sort((a, b) => compareCells(readCell(a, column), readCell(b, column)));
      body.append(...(down ? sorted.reverse() : sorted));
    });
  });
  if (!table.hasAttribute("data-filter")) continue;
  const line = document.createElement("p"), label = document.createElement("label");
  const input = document.createElement("input"), count = document.createElement("span");
  line.className = "filter";
  input.type = "search";
  label.append("Filter rows ", input);
  count.setAttribute("role", "status");
  line.append(label, count);
  table.closest(".scroll").before(line);
  input.addEventListener("input", () => {
    const words = input.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLocaleLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      shown += !row.hidden;
    }
    count.textContent = words.length ? `${shown} of ${rows.length} rows` : "";
  });
}
for (const mark of document.querySelectorAll(".drawing a")) {
  mark.addEventListener("click", (event) => {
    const note = document.getElementById(mark.getAttribute("href").slice(1));
    if (note?.showPopover) {
      event.preventDefault();
      note.showPopover();
    }
  });
}
