"use strict";
// Marks the passage that the address names; without script its line is tinted.
const marks = [...document.querySelectorAll("mark")];
const show = () => {
  const [, start, end] = location.hash.match(/^#c(\d+)-(\d+)$/) ?? [];
  for (const mark of marks) mark.classList.toggle("now", Number(mark.dataset.at) >= start && Number(mark.dataset.at) < end);
};
window.addEventListener("hashchange", show);
show();
