"use strict";
// The words of every report are in this page already, so that the search works from the file system.
// Chinese is kept there as pairs of characters.
const splitHan = (word) => {
  const han = [...word].every((letter) => letter >= "\u2e80");
  return han && [...word].length > 2 ? [...word].slice(1).map((letter, n) => [...word][n] + letter) : [word];
};
const input = document.getElementById("search"), found = document.getElementById("found");
const cards = [...document.querySelectorAll(".card")].map((card) => [card, (card.textContent + " " + card.dataset.words).toLocaleLowerCase()]);
document.querySelector(".search").hidden = false;
input.addEventListener("input", () => {
  const words = input.value.toLocaleLowerCase().split(/\s+/).filter(Boolean).flatMap(splitHan);
  let shown = 0;
  for (const [card, text] of cards) {
    card.hidden = !words.every((word) => text.includes(word));
    shown += !card.hidden;
  }
  found.textContent = words.length ? `${shown} of ${cards.length} reports` : "";
});
