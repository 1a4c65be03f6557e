// The buttons that carry progress: save it in a file, send it, and erase it from this device.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const carrier = lms.carrier;
  const CLOSED = "Va cerrado y firmado por este equipo: solo tu servidor puede abrirlo.";
  const OPEN = "Este archivo va abierto: quien lo lleve puede leerlo. Entrégalo solo a alguien de confianza.";

  carrier.start = () => {
    const on = (name, work) => lms.hooks(name).forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", work);
    });
    on("save", carrier.save);
    on("bring", carrier.bring);
    on("erase", (event) => {
      event.preventDefault();
      carrier.erase(event.currentTarget);
    });
    if (canShare()) on("share", share);
  };

  carrier.save = async () => {
    const file = await chosen("Guardar mi avance en un archivo");
    return file ? carrier.hand(file) : undefined;
  };

  carrier.hand = (file) => {
    const url = root.URL.createObjectURL(new root.Blob([file.text], { type: "text/plain;charset=utf-8" }));
    const link = lms.el("a", { href: url, download: file.name, hidden: true });
    root.document.body.append(link);
    link.click();
    link.remove();
    keepInMind(file);
    root.setTimeout(() => root.URL.revokeObjectURL(url), 60000);
    return lms.tell("Guardamos «" + file.name + "»", "Búscalo en Descargas.",
      "Llévalo por chat, cable, Bluetooth o memoria USB. Súbelo en «Mi avance», o entrégalo a tu acompañante.", file.closed ? CLOSED : OPEN);
  };

  // A live page's button names the profiles meant; they may be those of an account that is gone, and no longer open here.
  carrier.erase = async (button) => {
    await lms.people.known;
    const ids = button.dataset.profiles ? button.dataset.profiles.split(" ") : [lms.journal.profile()];
    const open = ids.includes(lms.journal.profile());
    const named = (await lms.store.profiles()).find((one) => ids.includes(one.id) && one.name);
    const choice = await lms.ask({
      title: "Borrar mis datos de este equipo",
      body: [lms.el("p", {}, "Se borra lo que está guardado aquí. Lo que ya enviaste o guardaste en un archivo no se borra."),
        open && onlyHere() ? lms.el("p", {}, "Tienes avance que solo está en este equipo. Guárdalo antes en un archivo.") : null].filter(Boolean),
      actions: [open ? ["save", "Guardar primero"] : null, ["one", "Borrar lo de " + (named ? named.name : "esta persona")],
        lms.session.home ? null : ["all", "Borrar lo de todas las personas"], ["", "Cancelar"]].filter(Boolean),
    });
    if (choice === "save") return carrier.save().then(() => carrier.erase(button));
    if (choice !== "one" && !(choice === "all" && (await sure()))) return undefined;
    for (const id of choice === "one" ? ids : [null]) await lms.store.erase(id);
    await Promise.all(["current", "guest"].map(lms.store.forget));
    if (choice === "all") lms.device.forget();
    return leave(button);
  };

  // A pack sends nothing: there it is what no file holds and no receipt is of.
  const onlyHere = () => (lms.saved ? lms.saved.onlyHere(lms.journal.events(), lms.people.now) : lms.outbox.pending().length);

  // The server, too, forgets who used this device, if the button stands in the form that tells it so.
  function leave(button) {
    if (button.form) return button.form.submit();
    if (lms.session.home) return root.location.assign(lms.session.home);
    root.location.hash = "";
    return root.location.reload();
  }

  // Others on this device may not have saved theirs.
  function sure() {
    return lms.ask({
      title: "¿Borrar el avance de todas las personas?",
      body: [lms.el("p", {}, "También se borra lo de quienes no lo guardaron en un archivo.")],
      actions: [[false, "No, volver"], [true, "Sí, borrar todo"]],
    });
  }

  // On a live page the way back to the course says it: among its keys, a change of it would change them all.
  const titleOf = ({ title, course }) => title || (root.document.querySelector('.crumbs a[href="/cursos/' + course + '"]') || {}).textContent || "";

  // Everything this person has on this device: who receives it drops what it knows.
  function whole() {
    const lines = lms.journal.records().sort((a, b) => (a.id < b.id ? -1 : 1)).map((record) => record.line);
    const name = lms.people.now.name || "";
    const date = new Date();
    const course = titleOf(lms.outline() || {});
    return { name: carrier.fileName(name, date), events: lms.journal.events(), text: carrier.build(lines, { name: name || carrier.NAMELESS, course, date }) };
  }

  // The file, closed to a server if this browser can and its person wants it; null if they want none.
  async function chosen(title) {
    await lms.people.known; // a quick finger may be here before the store is open
    const server = await lms.closing.server();
    const device = server && (await lms.device.key());
    if (!device) return whole();
    const how = await lms.ask({
      title,
      body: [lms.el("p", {}, "¿Para quién es? Cerrado, solo lo puede abrir tu servidor: quien lo lleve no puede leerlo ni cambiarlo.")],
      actions: [["closed", "Para mi servidor, cerrado"], ["open", "Para otro equipo mío, abierto", "second"], ["", "Cancelar"]],
    });
    if (!how) return null;
    const file = whole();
    if (how === "open") return file;
    const text = await lms.closing.close(file.text, device, server).catch(() => null);
    if (text) return Object.assign(file, { text, closed: true });
    return (await openAllTheSame()) ? file : null;
  }

  // Who asked for a closed file never hands on an open one without knowing.
  const openAllTheSame = () => lms.ask({
    title: "No se pudo cerrar el archivo",
    body: [lms.el("p", {}, "Tu avance sigue en este equipo. Puedes usar un archivo abierto, pero quien lo lleve podrá leerlo y cambiarlo.")],
    actions: [["open", "Usar el archivo abierto", "second"], ["", "Cancelar"]],
  });

  function canShare() {
    try {
      const file = new root.File(["x"], "x.txt", { type: "text/plain" });
      return Boolean(root.navigator.share && root.navigator.canShare({ files: [file] }));
    } catch (error) {
      return false;
    }
  }

  async function share() {
    const made = await chosen("Enviar mi avance");
    if (!made) return;
    const file = new root.File([made.text], made.name, { type: "text/plain" });
    root.navigator.share({ files: [file], title: "Mi avance" }).then(() => keepInMind(made), (error) => {
      if (error.name !== "AbortError") carrier.hand(made);
    });
  }

  // Where the page says what no file holds yet.
  function keepInMind({ events }) {
    if (lms.saved) lms.saved.note(events);
  }
})(typeof window === "undefined" ? global : window);
