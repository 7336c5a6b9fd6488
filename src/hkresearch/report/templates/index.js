"use strict";
// The words of every report are in this page already, so that the search works from the file system.
const input = document.getElementById("search"), found = document.getElementById("found");
const cards = [...document.querySelectorAll(".card")].map((card) => [card, (card.textContent + " " + card.dataset.words).toLocaleLowerCase()]);
document.querySelector(".search").hidden = false;
input.addEventListener("input", () => {
  const words = input.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const [card, text] of cards) {
    card.hidden = !words.every((word) => text.includes(word));
    shown += !card.hidden;
  }
  found.textContent = words.length ? `${shown} of ${cards.length} reports` : "";
});
