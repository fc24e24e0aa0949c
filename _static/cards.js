// The cards of chapter 11 are <details>, so they turn over without this file. It adds one button that turns all of them.

function addTurnAll(grid) {
  const cards = [...grid.querySelectorAll("details.nugget")];
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-outline-primary btn-sm turn-all";
  const allOpen = () => cards.every((card) => card.open);
  const label = () => (button.textContent = allOpen() ? "Turn all back" : "Turn all over");
  button.addEventListener("click", () => {
    const open = !allOpen();
    cards.forEach((card) => (card.open = open));
  });
  cards.forEach((card) => card.addEventListener("toggle", label));
  label();
  grid.before(button);
}

document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".nuggets").forEach(addTurnAll));
