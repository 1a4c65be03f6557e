// An export's search box: #b/<query>.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const PAUSE = 150; // ms without a key before looking
  const address = (query) => lms.results.at + encodeURIComponent(query.trim());
  const { soon } = lms.vocabulary;
  let [places, forms] = [[], []];
  const fill = (...children) => places.forEach((place) => lms.fill(place, ...children));
  let asked = null;

  function show(query, later) {
    asked = query;
    const coming = lms.bringTexts && lms.bringTexts();
    if (!coming) return fill(...lms.results(query, later));
    fill(lms.el("p", {}, "Un momento: estamos preparando la búsqueda…"));
    return coming.then(() => {
      if (asked === query) show(query, later);
      if (!later) lms.router.recall();
    }, (error) => fill(lms.el("p", { class: "notice bad" }, error.message)));
  }

  // Who enters the box will ask: what that needs is made between their keys.
  const entered = () => lms.vocabulary.begin(ahead());

  function* ahead() {
    if (lms.readAhead) yield* lms.readAhead();
    yield* lms.vocabulary.ahead(lms.texts(), lms.results);
  }

  function wire(form) {
    const field = form.elements.namedItem("q");
    let waiting = 0;
    const typed = () => {
      if (!root.document.querySelector('.view.current[data-route="buscar"]')) return;
      root.history.replaceState(null, "", address(field.value)); // for who comes back
      show(field.value.trim(), soon);
    };
    form.hidden = false;
    field.addEventListener("focus", () => root.setTimeout(() => {
      if (lms.bringTexts) Promise.resolve(lms.bringTexts()).then(entered, () => {}); // who asks is told
      else entered();
    }, 0));
    field.addEventListener("input", () => {
      root.clearTimeout(waiting);
      waiting = root.setTimeout(typed, PAUSE);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      root.clearTimeout(waiting);
      if (root.location.hash === address(field.value)) show(field.value.trim(), soon);
      else lms.router.to(address(field.value), soon);
    });
  }

  if (!root.document) return;
  root.document.addEventListener("DOMContentLoaded", () => {
    [places, forms] = [lms.hooks("results"), lms.hooks("search")];
    forms.forEach(wire);
  });
  lms.on("route", (route) => {
    if (route.name !== "buscar" || !places.length) return;
    forms.forEach((form) => (form.elements.namedItem("q").value = route.rest));
    if (route.rest !== asked) show(route.rest, route.moved ? soon : undefined); // who comes back finds all in its place
  });
})(typeof window === "undefined" ? global : window);
