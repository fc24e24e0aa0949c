// What a test asks about a feedback page. A box holds what a student wrote; all else is the page's own.
{
  OURS: ".ours, .whose",

  // The page without what is in the boxes.
  skeleton() {
    const body = document.body.cloneNode(true);
    body.querySelectorAll(".box").forEach((box) => box.replaceChildren());
    return body.outerHTML;
  },

  words() {
    return [...document.querySelectorAll(this.OURS)].map((part) => part.innerText);
  },

  // The release's formulas, as drawn.
  formulas() {
    return [...document.querySelectorAll("math")].filter((made) => !made.closest(".box")).map((made) => made.outerHTML);
  },

  // Boxes that nothing above them calls the student's.
  unlabelled() {
    return [...document.querySelectorAll(".box")]
      .filter((box) => !box.previousElementSibling?.matches(".whose, .panel-heading"))
      .map((box) => box.outerHTML.slice(0, 80));
  },

  // Put each of our parts at a whole pixel, so that letters are drawn alike wherever they stand.
  align() {
    for (const part of document.querySelectorAll(".ours")) {
      const space = document.createElement("div");
      part.before(space);
      space.style.height = "1px"; // margins meet no more
      space.style.height = `${2 - ((part.getBoundingClientRect().top + scrollY) % 1)}px`;
    }
  },

  // Points of what is ours, or just outside a box, at which something of a box is on top.
  covered() {
    const found = [];
    const look = (x, y, says, fine) => {
      if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) return;
      const top = document.elementFromPoint(x, y);
      if (!fine(top)) found.push(`${says} at ${Math.round(x)}, ${Math.round(y)}: ${top?.outerHTML.slice(0, 120)}`);
    };
    for (const part of document.querySelectorAll(this.OURS)) {
      part.scrollIntoView({ block: "center", behavior: "instant" });
      const at = part.getBoundingClientRect();
      for (let x = at.left + 1; x < at.right; x += 15)
        for (let y = at.top + 1; y < at.bottom; y += 7) look(x, y, part.className, (top) => part.contains(top) || top.contains(part)); // it has round corners
    }
    for (const box of document.querySelectorAll(".box")) {
      for (const block of ["start", "end"]) {
        box.scrollIntoView({ block, behavior: "instant" });
        const at = box.getBoundingClientRect();
        for (const out of [3, 30]) {
          for (let x = at.left - out; x <= at.right + out; x += 25)
            for (const y of [at.top - out, at.bottom + out]) look(x, y, "around", (top) => !box.contains(top));
          for (let y = Math.max(at.top, 0); y < Math.min(at.bottom, innerHeight); y += 40)
            for (const x of [at.left - out, at.right + out]) look(x, y, "beside", (top) => !box.contains(top));
        }
      }
    }
    return found.slice(0, 10);
  },
}
