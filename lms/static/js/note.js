// «Marcar» and «Mi nota» below a lesson. A server's page says what it knows of them; what was done here since is added to it.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const LONGEST = 2000; // twin of LONGEST_NOTE in lms/events/model.py, as MOST is of MOST_REPLACED
  const MOST = 50;
  const PRIVATE = "Solo tú la ves en Chaski; tu acompañante no. Va en el archivo de tu avance: quien abra ese archivo puede leerla.";
  const SHARED = "Tu acompañante no la ve en Chaski. Va en el archivo de tu avance, y quien use este equipo puede leerla.";
  const written = new Set(); // since this page is open

  lms.bookmark = async (button) => {
    const place = placeOf(button);
    const now = current(place);
    await write(place, "lesson.bookmarked", { marked: !now.marked, after: now.marks.slice(-MOST) });
    if (writing(place)) mark(place, current(place));
    else draw(place);
  };

  lms.note = (link) => {
    const place = placeOf(link);
    if (writing(place)) return draw(place);
    return edit(place);
  };

  ["person", "change", "elsewhere"].forEach((name) => lms.on(name, () => here(root.document.querySelector(".view.current"))));
  lms.on("route", ({ view }) => here(view));

  // In an export every view is drawn when it is shown, unless somebody is writing in it.
  function here(view) {
    const button = view && lms.hooks("bookmark", view)[0];
    if (button && lms.journal.profile() && !writing(placeOf(button))) draw(placeOf(button));
  }

  function placeOf(element) {
    const row = element.closest(".tools");
    const article = (row.closest(".view") || root.document).querySelector("article[data-lesson]");
    return { row, article, lesson: article.dataset.lesson };
  }

  function current({ row, article, lesson }) {
    const said = row.dataset.own ? lms.own.said(lesson, JSON.parse(row.dataset.own)) : [];
    // The page may be older than what was sent since: ids are UUIDv7, so the greater is the later.
    const later = (id) => said.every((one) => one.id < id);
    const kept = lms.journal.records().filter(({ id, state }) => !lms.session.send || lms.away || state !== "sent" || written.has(id) || later(id));
    const events = kept.map(({ event }) => event).filter((event) => event.course === article.dataset.course && event.item === lesson);
    return lms.own(said.concat(events))[lesson] || lms.own.none();
  }

  async function write({ article, lesson }, type, data) {
    const event = await lms.journal.append(type, lms.about(article, lesson), data);
    written.add(event.id);
  }

  function section({ row }, ...children) {
    const old = row.parentNode.querySelector(".note");
    if (old) old.remove();
    const made = lms.el("section", { class: "note", "aria-label": "Mi nota" }, lms.el("h2", {}, "Mi nota"), ...children);
    row.before(made);
    return made;
  }

  const writing = ({ row }) => row.parentNode.querySelector(".note form");

  function mark({ row }, { marked }) {
    lms.hooks("bookmark", row).forEach((button) => {
      button.textContent = marked ? "Quitar marca" : "Marcar";
    });
  }

  function draw(place, undo) {
    const now = current(place);
    mark(place, now);
    const made = section(place, several(now), ...now.texts.map((text) => lms.el("p", { class: "text" }, text)), undo || "");
    if (!now.texts.length && !undo) made.remove();
    return made;
  }

  const several = ({ texts }) => (texts.length > 1
    ? lms.el("p", { class: "small" }, "Hay " + texts.length + " versiones, escritas en equipos distintos. Cámbiala y guarda la que quieras.") : "");

  function edit(place) {
    const now = current(place);
    const area = lms.el("textarea", { rows: 5, "aria-describedby": "note-who", maxlength: now.texts.length < 2 && LONGEST });
    area.defaultValue = now.texts.join("\n\n");
    root.addEventListener("beforeunload", unsaved);
    const wrong = lms.el("p", { role: "alert" });
    const save = async (event) => {
      event.preventDefault();
      const text = area.value.trim();
      if (text.length > LONGEST) {
        wrong.textContent = "Tu nota tiene " + text.length + " letras y puede tener " + LONGEST + ". Acórtala y guarda.";
        return area.focus();
      }
      return keep(place, text, now);
    };
    const second = (words, click) => lms.el("button", { type: "button", class: "plain", click }, words);
    section(place, several(now), lms.el("form", { submit: save },
      lms.el("label", {}, "Escribe lo que quieras recordar de esta lección", area), wrong,
      lms.el("p", { class: "small", id: "note-who" }, lms.session.send ? PRIVATE : SHARED),
      lms.el("p", { class: "actions" }, lms.el("button", { type: "submit" }, "Guardar mi nota"),
        second("Cerrar", () => back(place, draw(place))), now.texts.length ? second("Borrar mi nota", () => keep(place, "", now)) : "")));
    area.focus();
  }

  // A tap on a link, or a reload, would lose what was written and not kept yet: the browser asks first.
  function unsaved(event) {
    const changed = ({ value, defaultValue }) => value !== defaultValue;
    if (!Array.from(root.document.querySelectorAll(".note textarea")).some(changed)) return;
    event.preventDefault();
    event.returnValue = "";
  }

  async function keep(place, text, now) {
    if (text || now.texts.length) await write(place, "note.written", { text, after: now.notes.slice(-MOST) });
    if (text || !now.texts.length) return back(place, draw(place));
    const again = lms.el("button", { type: "button", class: "second", click: () => keep(place, now.texts.join("\n\n").slice(0, LONGEST), current(place)) }, "Deshacer");
    draw(place, lms.el("p", { class: "actions" }, lms.el("span", { role: "status" }, "Borraste tu nota."), again));
    return again.focus();
  }

  const back = ({ row }) => lms.hooks("note", row)[0].focus();
})(typeof window === "undefined" ? global : window);
