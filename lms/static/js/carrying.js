// The buttons that carry progress: save it in a file, send it, bring it, and erase it from this device.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const carrier = lms.carrier;

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
    await lms.people.known; // a quick finger may be here before the store is open
    const file = current();
    const url = root.URL.createObjectURL(new root.Blob([file.text], { type: "text/plain;charset=utf-8" }));
    const link = lms.el("a", { href: url, download: file.name, hidden: true });
    root.document.body.append(link);
    link.click();
    link.remove();
    keepInMind(file);
    root.setTimeout(() => root.URL.revokeObjectURL(url), 60000);
    return lms.tell("Guardamos «" + file.name + "»", "Búscalo en Descargas.",
      "Llévalo por chat, cable, Bluetooth o memoria USB. Súbelo en «Mi avance», o entrégalo a tu acompañante.");
  };

  carrier.bring = () => {
    const input = lms.el("input", { type: "file", accept: ".txt,text/plain", hidden: true });
    input.addEventListener("change", async () => {
      input.remove();
      if (input.files.length) await read(input.files[0]).then(take).catch((error) => lms.tell("No se pudo traer tu avance", error.message));
    });
    root.document.body.append(input);
    input.click();
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
        open && lms.outbox.pending().length ? lms.el("p", {}, "Tienes avance que solo está en este equipo. Guárdalo antes en un archivo.") : null].filter(Boolean),
      actions: [open ? ["save", "Guardar primero"] : null, ["one", "Borrar lo de " + (named ? named.name : "esta persona")],
        lms.session.home ? null : ["all", "Borrar lo de todas las personas"], ["", "Cancelar"]].filter(Boolean),
    });
    if (choice === "save") return carrier.save().then(() => carrier.erase(button));
    if (choice !== "one" && !(choice === "all" && (await sure()))) return undefined;
    for (const id of choice === "one" ? ids : [null]) await lms.store.erase(id);
    await Promise.all(["current", "guest"].map(lms.store.forget));
    return leave(button);
  };

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
  function current() {
    const lines = lms.journal.records().sort((a, b) => (a.id < b.id ? -1 : 1)).map((record) => record.line);
    const name = lms.people.now.name || "";
    const date = new Date();
    const course = titleOf(lms.outline() || {});
    return { name: carrier.fileName(name, date), events: lms.journal.events(), text: carrier.build(lines, { name: name || carrier.NAMELESS, course, date }) };
  }

  function canShare() {
    try {
      const file = new root.File(["x"], "x.txt", { type: "text/plain" });
      return Boolean(root.navigator.share && root.navigator.canShare({ files: [file] }));
    } catch (error) {
      return false;
    }
  }

  function share() {
    const made = current();
    const file = new root.File([made.text], made.name, { type: "text/plain" });
    root.navigator.share({ files: [file], title: "Mi avance" }).then(() => keepInMind(made), (error) => {
      if (error.name !== "AbortError") carrier.save();
    });
  }

  // Where the page says what no file holds yet.
  function keepInMind({ events }) {
    if (lms.saved) lms.saved.note(events);
  }

  function read(file) {
    return new Promise((resolve, reject) => {
      const reader = new root.FileReader();
      reader.onload = () => resolve(reader.result);
      reader.onerror = () => reject(new Error("No se pudo leer el archivo. Cópialo a este equipo y vuelve a intentar."));
      reader.readAsText(file, "utf-8");
    });
  }

  async function take(text) {
    const records = carrier.records(carrier.parse(text));
    if (!records.length) throw new Error("El archivo no trae ningún registro.");
    const known = await lms.store.profiles();
    const ids = records.map((record) => record.profile).filter((id, i, all) => all.indexOf(id) === i);
    const nameOf = (id) => carrier.nameOf(records, id) || carrier.heading(text);
    await lms.store.merge(records);
    for (const id of ids) {
      const old = known.find((one) => one.id === id) || { id, name: "", guest: true };
      const name = old.name || nameOf(id);
      const events = records.filter((record) => record.profile === id).map((record) => JSON.parse(record.line));
      const saved = lms.saved && lms.saved.upTo(events, old.saved);
      await lms.store.saveProfile(Object.assign({}, old, { name, guest: old.guest && !name, saved }));
    }
    await welcome(ids[0], nameOf(ids[0]) || "esta persona");
  }

  async function welcome(id, name) {
    const said = "Trajimos el avance de " + name;
    const mine = id === lms.journal.profile();
    if (mine) await lms.tell(said, "Se unió con lo que ya tenías.");
    const go = mine || (await lms.ask({ title: said, actions: [[true, "Seguir como " + name], [false, "Ahora no"]] }));
    if (go) await lms.people.enter(id);
  }
})(typeof window === "undefined" ? global : window);
