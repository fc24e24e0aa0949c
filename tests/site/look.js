// Evaluated in a page: opens everything that folds, then returns what a test wants to know about the page.
() => {
  for (const details of document.querySelectorAll("details")) details.open = true;
  for (const hidden of document.querySelectorAll(".toggle-hidden")) hidden.classList.remove("toggle-hidden");

  const article = document.querySelector("article") || document.body;
  const name = (element) =>
    element.tagName.toLowerCase() + " «" + (element.textContent || "").trim().slice(0, 40) + "»";
  const shown = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility === "visible";

  // --- contrast, by the WCAG's definition
  const rgba = (text) => {
    const parts = text.match(/[\d.]+/g).map(Number);
    return parts.length === 3 ? [...parts, 1] : parts;
  };
  const over = (top, below) => {
    const a = top[3] + below[3] * (1 - top[3]);
    return [0, 1, 2].map((i) => (top[i] * top[3] + below[i] * below[3] * (1 - top[3])) / (a || 1)).concat(a);
  };
  const ground = (element) => {
    let colour = [0, 0, 0, 0];
    for (let e = element; e && colour[3] < 1; e = e.parentElement)
      colour = over(colour, rgba(getComputedStyle(e).backgroundColor));
    return over(colour, [255, 255, 255, 1]);
  };
  const luminance = (colour) => {
    const linear = colour.slice(0, 3).map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const contrast = (element) => {
    const below = ground(element);
    const [low, high] = [luminance(over(rgba(getComputedStyle(element).color), below)), luminance(below)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const faint = [];
  for (const element of article.querySelectorAll("*")) {
    const ownText = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    const isMath = element.tagName === "MJX-C";
    if (!(ownText || isMath) || !shown(element) || element.closest("button, .headerlink, mjx-assistive-mml")) continue;
    const ratio = contrast(element);
    const large = parseFloat(getComputedStyle(element).fontSize) >= 24;
    if (ratio < (large ? 3 : 4.5)) faint.push(name(element) + " " + ratio.toFixed(2));
  }

  // --- what sticks out of the viewport though nothing around it scrolls
  const scrolls = (element) => {
    for (let e = element; e && e !== document.body; e = e.parentElement)
      if (["auto", "scroll"].includes(getComputedStyle(e).overflowX)) return true;
    return false;
  };
  const cut = [...article.querySelectorAll("*")]
    .filter((e) => shown(e) && !e.closest("mjx-assistive-mml, .visually-hidden, .sr-only"))
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !scrolls(e))
    .map(name);

  return {
    theme: document.documentElement.dataset.theme,
    heading: article.querySelector("h1")?.textContent?.trim() || "",
    width: innerWidth,
    scrollWidth: Math.max(document.documentElement.scrollWidth, document.body.scrollWidth),
    cut,
    faint,
    math: document.querySelectorAll(".math").length,
    typeset: document.querySelectorAll("mjx-container").length,
    // A macro that MathJax does not know is no error to it: it prints the name in red.
    mathErrors: [...document.querySelectorAll("mjx-merror, mjx-mtext[style*='color: red']")].map(
      (e) => e.getAttribute("data-mjx-error") || e.outerHTML.slice(0, 200),
    ),
    rawMath: (article.innerText.match(/\\[([]|\\begin\{|\$\$/g) || []).length -
      [...article.querySelectorAll("pre, code")].map((e) => e.matches("pre code") ? 0 : (e.innerText.match(/\\[([]|\\begin\{|\$\$/g) || []).length).reduce((a, b) => a + b, 0),
    mathFonts: [...document.fonts].filter((f) => f.family.startsWith("MJX") && f.status === "loaded").length,
    images: [...document.images].filter(shown).map((e) => ({ source: e.getAttribute("src"), alt: e.alt, width: e.naturalWidth })),
  };
}
