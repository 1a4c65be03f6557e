// What is at hand on a page: a word's meaning, letters and colours, paper, one's own bookmark and note. Its code comes to a
// live page when somebody first asks for it.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const page = root.document;
  let coming = null;

  lms.tools = {
    start: () => {
      page.querySelectorAll('.lesson a[href*="#glosario--"]').forEach((link) => {
        link.dataset.lms = "meaning";
        link.setAttribute("aria-expanded", "false");
      });
      lms.hooks("print").concat(lms.hooks("look")).forEach((button) => {
        button.hidden = button.dataset.print && !(button.closest(".view") || page).querySelector(".printable");
      });
      page.addEventListener("click", use, true);
    },
  };

  function use(event) {
    const asked = event.target.closest("[data-lms]");
    const name = asked && asked.dataset.lms;
    if (event.ctrlKey || !["meaning", "look", "print", "bookmark", "note"].includes(name)) return;
    event.preventDefault();
    event.stopPropagation(); // it is no way to another view
    here(name).then(() => lms[name](asked)).catch(() => {
      if (name === "print") return root.print();
      page.removeEventListener("click", use, true);
      return asked.click(); // as it goes without scripts
    });
  }

  const here = (name) => (lms[name] ? Promise.resolve() : (coming = coming || fetched()));

  function fetched() {
    const come = (tag, attributes) => new Promise((load, error) =>
      page.head.append(lms.el(tag, Object.assign({ load, error }, attributes))));
    return Promise.all([come("link", { rel: "stylesheet", href: lms.parts.style }), come("script", { src: lms.parts.tools })]);
  }
})(typeof window === "undefined" ? global : window);
