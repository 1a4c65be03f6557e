// What a page kept in this browser says while its server is away: so, whose progress this is, and what was done.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const { kept } = lms;
  const page = root.document;
  if (!page) return;
  const { pathname, search } = root.location;

  lms.away = true; // what is here is all there is: no server says anything of it

  lms.people.known.then(async () => {
    const lists = await kept.lists();
    page.getElementById("main").prepend(lms.el("p", { class: "notice info" },
      "Sin conexión con el servidor: usas lo guardado en este equipo. Tu avance se enviará después."));
    await who();
    page.querySelectorAll('a[href="#descargar"]').forEach((link) => link.remove());
    const [view] = lms.hooks("kept-view");
    if (view) return instead(view, lists);
    const here = lists.find(({ course }) => pathname.split("/")[2] === course);
    if (here) await own(here);
    return here && marked(here);
  });

  // The kept page is anybody's; on a shared device whoever holds it must see whose progress it writes.
  async function who() {
    const { person } = lms.session;
    const enter = page.querySelector(".top .enter");
    if (!enter) return;
    if (!person) return enter.remove();
    const other = async () => {
      Object.assign(lms.session, { person: null, profile: null });
      await lms.people.start(); // a guest from here on
      root.location.reload();
    };
    dress((await kept.lists())[0], "menu");
    enter.replaceWith(lms.el("details", { class: "menu" }, lms.el("summary", {}, lms.el("span", { class: "name" }, person.name)),
      lms.el("ul", {}, lms.el("li", {}, lms.el("button", { type: "button", click: other }, "No soy " + person.name)))));
  }

  function dress(list, name) {
    const [href] = list.files.find(([address]) => address.startsWith("/static/css/" + name + ".css"));
    page.head.append(lms.el("link", { rel: "stylesheet", href }));
  }

  // One's own bookmark and note, which no kept page holds.
  async function own(list) {
    if (!lms.hooks("note").length || !lms.journal.events().some(({ type }) => type === "note.written" || type === "lesson.bookmarked")) return;
    dress(list, "tools");
    if (!lms.note) await load(kept.script(list, "tools"));
    lms.emit("route", { view: page.body });
  }

  async function outlineOf(list) {
    return (await kept.read(list, kept.find(list, "/cursos/" + list.course + "/indice.json", ""))).json();
  }

  // Fills the states that a server would have filled, in a course's page and beside a lesson.
  async function marked(list) {
    const outline = await outlineOf(list);
    page.querySelectorAll(".lessons a, .toc a").forEach((link) => {
      const state = link.querySelector(".state");
      if (state) state.dataset.stateOf = link.pathname.split("/").pop();
      if (state && state.querySelector(".sr")) state.dataset.short = "";
    });
    const begin = page.querySelector(".hero .actions .button");
    if (begin && lms.journal.events().some((event) => event.course === list.course)) {
      begin.dataset.lms = "resume";
      begin.lastChild.textContent = "Seguir donde me quedé";
    }
    lms.outline(outline);
    draw();
  }

  function draw() {
    lms.progressView.start();
    lms.emit("change");
  }

  // One page stands for all that only a server has.
  function instead(view, lists) {
    const query = new root.URLSearchParams(search);
    if (pathname === "/buscar") return searched(view, lists, query);
    if (pathname === "/mi-avance") return progress(view, lists);
    if (pathname !== "/" && pathname !== "/sin-internet") {
      name("Esta página necesita conexión");
      view.append(lms.el("p", {}, "Vuelve a abrirla cuando haya señal."));
    }
    return undefined;
  }

  function name(title) {
    page.querySelector("h1").textContent = title;
    page.title = title;
  }

  async function searched(view, lists, query) {
    name("Buscar en mis cursos guardados");
    page.querySelector(".find input").value = query.get("q") || "";
    await load(kept.script(lists[0], "search"));
    await lms.searchKept(lists.filter(({ course }) => !query.get("curso") || course === query.get("curso")), query.get("q") || "", view, outlineOf);
  }

  async function progress(view, lists) {
    name("Mi avance");
    const save = lms.el("button", { type: "button", "data-lms": "save", hidden: true }, "Guardar mi avance en un archivo");
    view.append(lms.el("p", {}, "Esto es lo que hay en este equipo."), lms.el("p", { class: "actions" }, save));
    for (const list of lists) {
      view.append(lms.el("section", { "aria-label": list.title }, lms.el("h2", {}, list.title), ...lms.progressView.of(await outlineOf(list))));
    }
    await load(kept.script(lists[0], "carrying"));
    lms.carrier.start();
  }

  function load(src) {
    return new Promise((resolve, reject) => page.head.append(lms.el("script", { src, load: resolve, error: reject })));
  }
})(typeof self === "undefined" ? global : self);
