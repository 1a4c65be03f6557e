// The list of courses kept in this browser: where each begins, its size, taking it off.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const { kept } = lms;
  if (!root.document) return;

  root.document.addEventListener("DOMContentLoaded", () => lms.hooks("kept").forEach(show));

  async function show(place) {
    const lists = root.caches ? await kept.lists() : [];
    if (!lists.length) return lms.fill(place, lms.el("li", {}, "Todavía no hay ninguno. Abre un curso y pulsa «Guardar para usar sin internet»."));
    return lms.fill(place, ...lists.map((list) => row(list, place)));
  }

  function row(list, place) {
    const remove = async () => {
      await kept.remove(list.course);
      await kept.retire();
      await show(place);
    };
    return lms.el("li", {}, lms.el("a", { href: "/cursos/" + list.course }, list.title),
      lms.el("span", { class: "small soft" }, "Versión " + list.version + ", " + kept.size(list.size)),
      lms.el("button", { type: "button", class: "plain", "aria-label": "Quitar «" + list.title + "» de este equipo", click: remove }, "Quitar de este equipo"));
  }
})(typeof self === "undefined" ? global : self);
