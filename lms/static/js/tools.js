// What is at hand on a page: a word's meaning, letters and colours, paper. Its code comes to a live page when somebody first asks for it.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const TOOLS = { meaning: ".lesson [aria-expanded]", look: "[data-lms=look]", print: "[data-lms=print]" };
  let coming = null;

  lms.tools = {
    start: () => {
      const page = root.document;
      page.querySelectorAll('.lesson a[href*="#glosario--"]').forEach((link) => link.setAttribute("aria-expanded", "false"));
      lms.hooks("print").concat(lms.hooks("look")).forEach((button) => {
        button.hidden = button.dataset.print && !(button.closest(".view") || page).querySelector(".printable");
      });
      page.addEventListener("click", use, true);
    },
  };

  function use(event) {
    const find = (name) => event.target.closest(TOOLS[name]);
    const name = !event.ctrlKey && Object.keys(TOOLS).find(find);
    if (!name) return;
    const asked = find(name);
    event.preventDefault();
    event.stopPropagation(); // it is no way to another view
    here(name).then(() => lms[name](asked)).catch(() => (asked.href ? root.location.assign(asked.href) : name === "print" && root.print()));
  }

  const here = (name) => (lms[name] ? Promise.resolve() : (coming = coming || fetched()));

  function fetched() {
    const come = (tag, attributes) => new Promise((load, error) =>
      root.document.head.append(lms.el(tag, Object.assign({ load, error }, attributes))));
    return Promise.all([come("link", { rel: "stylesheet", href: lms.parts.style }), come("script", { src: lms.parts.tools })]);
  }
})(typeof window === "undefined" ? global : window);
