// What a page owes everybody, looked at in the page itself: a list of sentences, empty when all is well.
() => {
  const found = [];
  const tag = (one) => one.tagName.toLowerCase() + (one.getAttribute("class") ? "." + one.getAttribute("class").trim().replace(/\s+/g, ".") : "");
  const says = (one) => tag(one) + " «" + (one.textContent || one.value || "").trim().slice(0, 30) + "»";
  const all = (selector) => Array.from(document.querySelectorAll(selector)).filter(shown);

  function shown(one) {
    const box = one.getBoundingClientRect();
    const hidden = one.closest("[hidden], [inert], .skip, .sr") || getComputedStyle(one).visibility === "hidden";
    return box.width > 0 && box.height > 0 && !hidden;
  }

  function colour(text) {
    const parts = text.match(/[\d.]+/g).map(Number);
    return parts.length > 3 ? parts : parts.concat(1);
  }

  const mix = (front, back) => [0, 1, 2].map((i) => front[i] * front[3] + back[i] * (1 - front[3])).concat(1);

  function behind(one) {
    const layers = [];
    for (let node = one; node; node = node.parentElement) {
      const layer = colour(getComputedStyle(node).backgroundColor);
      if (layer[3]) layers.unshift(layer);
      if (layer[3] === 1) break;
    }
    return layers.reduce((back, layer) => mix(layer, back), [255, 255, 255, 1]);
  }

  function light(rgb) {
    const [r, g, b] = rgb.slice(0, 3).map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : Math.pow((v / 255 + 0.055) / 1.055, 2.4)));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  function contrast(one, two) {
    const [less, more] = [light(one), light(two)].sort((a, b) => a - b);
    return (more + 0.05) / (less + 0.05);
  }

  function overflow() {
    if (document.documentElement.scrollWidth <= innerWidth) return;
    const wide = all("body *").filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest("table"));
    found.push("wider than the screen: " + wide.map(says).join(", "));
  }

  function texts() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const holders = new Set();
    while (walker.nextNode()) if (walker.currentNode.textContent.trim()) holders.add(walker.currentNode.parentElement);
    holders.forEach((one) => {
      if (one.closest("script, style, noscript, option") || !shown(one)) return;
      const style = getComputedStyle(one);
      const back = behind(one);
      const large = parseFloat(style.fontSize) >= (Number(style.fontWeight) >= 700 ? 18.66 : 24);
      const ratio = contrast(mix(colour(style.color), back), back);
      if (ratio < (large ? 3 : 4.5)) found.push("contrast " + ratio.toFixed(2) + ": " + says(one));
      if (style.overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1 && !one.closest("table")) found.push("cut: " + says(one));
    });
  }

  // A field's edge, and a placeholder that fits its field.
  function fields() {
    all("input:not([type=radio]):not([type=checkbox]), select, textarea").forEach((one) => {
      const style = getComputedStyle(one);
      const ratio = contrast(colour(style.borderTopColor), behind(one.parentElement));
      if (ratio < 3) found.push("edge " + ratio.toFixed(2) + ": " + says(one));
      if (!one.placeholder) return;
      const pen = document.createElement("canvas").getContext("2d");
      pen.font = getComputedStyle(one, "::placeholder").font;
      const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      if (pen.measureText(one.placeholder).width > room) found.push("cut placeholder: " + one.placeholder);
    });
  }

  // Links within a sentence or a list are read, not aimed at; those of a card and of a result cover all of it.
  function targets() {
    all("a[href], button, input, select, textarea, summary").forEach((one) => {
      if (getComputedStyle(one).display === "inline" || one.matches(".card h2 a, .results .where")) return;
      const box = (one.matches("[type=radio], [type=checkbox]") ? one.closest("label") : one).getBoundingClientRect();
      if (box.width < 44 || box.height < 44) found.push("target " + Math.round(box.width) + " × " + Math.round(box.height) + ": " + says(one));
    });
  }

  function headings() {
    const levels = all("h1, h2, h3, h4").map((one) => Number(one.tagName[1]));
    if (levels[0] !== 1 || levels.filter((level) => level === 1).length !== 1) found.push("headings: " + levels.join(" "));
    levels.forEach((level, i) => { if (i && level > levels[i - 1] + 1) found.push("heading skipped: " + levels.join(" ")); });
  }

  function ids() {
    const known = new Set();
    document.querySelectorAll("[id]").forEach((one) => (known.has(one.id) ? found.push("id twice: " + one.id) : known.add(one.id)));
  }

  [overflow, texts, fields, targets, headings, ids].forEach((look) => look());
  return Array.from(new Set(found));
}
