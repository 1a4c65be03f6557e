// What a word of the glossary means, opened below the paragraph that has it. The word's link still leads to the glossary.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  let open = null; // {link, box}

  lms.meaning = (link) => {
    const again = open && open.link === link;
    close();
    if (again) return;
    const term = termOf(link);
    if (!term) throw new Error("not in this page"); // whoever called follows the link
    const box = boxOf(term, link);
    open = { link, box };
    link.setAttribute("aria-expanded", "true");
    place(link, box);
    box.focus();
  };

  // From the document's own glossary, or from the few terms that a page by itself carries.
  function termOf(link) {
    const id = link.hash.slice(1);
    const name = root.document.getElementById(id) || root.document.querySelector('[data-term="' + id + '"]');
    return name && { name: name.textContent, meaning: name.nextElementSibling.textContent };
  }

  function boxOf({ name, meaning }, link) {
    return lms.el("div", { class: "meaning", role: "dialog", "aria-labelledby": "meaning-name", "aria-describedby": "meaning-text", tabindex: "-1" },
      lms.el("p", {}, lms.el("strong", { id: "meaning-name" }, name), " ", lms.el("span", { id: "meaning-text" }, meaning)),
      lms.el("p", { class: "actions" }, lms.el("a", { href: link.href }, "Ver en el glosario"),
        lms.el("button", { type: "button", class: "plain", click: () => close(true) }, "Cerrar")));
  }

  // Never inside a table, where it would be narrow, nor between the words of a paragraph.
  function place(link, box) {
    const block = link.closest("table, dl") || link.closest("p, h2, h3, h4, figure, li");
    if (block && block.tagName !== "LI") block.after(box);
    else (block || link.parentNode).append(box);
  }

  function close(back) {
    if (!open) return;
    const { link, box } = open;
    const inside = back || box.contains(root.document.activeElement);
    open = null;
    box.remove();
    link.setAttribute("aria-expanded", "false");
    if (inside) link.focus();
  }

  lms.on("route", () => close());
  root.document && root.document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
})(typeof window === "undefined" ? global : window);
