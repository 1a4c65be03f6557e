// Progress comes back: a file is chosen, read, and joined with what is here.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const carrier = lms.carrier;
  const NEITHER = "Este archivo no es de avance. Busca el que guardaste con «Guardar mi avance en un archivo». También buscamos códigos y recibos, " +
    "como los de un chat exportado, y no hay ninguno: si te enviaron un código, copia ese mensaje y pégalo en «Traer con un código».";

  carrier.bring = () => {
    const input = lms.el("input", { type: "file", accept: ".txt,text/plain", hidden: true });
    input.addEventListener("change", async () => {
      input.remove();
      if (input.files.length) await read(input.files[0]).then(take).catch((error) => lms.tell("No se pudo traer tu avance", error.message));
    });
    root.document.body.append(input);
    input.click();
  };

  function read(file) {
    return new Promise((resolve, reject) => {
      if (file.size > carrier.LIMIT) throw new Error(carrier.LARGE);
      const reader = new root.FileReader();
      reader.onload = () => resolve(reader.result);
      reader.onerror = () => reject(new Error("No se pudo leer el archivo. Cópialo a este equipo y vuelve a intentar."));
      reader.readAsText(file, "utf-8");
    });
  }

  // Whatever is not ours, whole or spoilt, may be a chat with codes.
  const isOurs = (text) => /^\s*CHASKI/.test(text) || /(^|\n)SHA256 \S*\s*$/.test(text);

  async function take(text) {
    if (text.trim() && !isOurs(text)) {
      if (!(await lms.chat(text))) throw new Error(NEITHER);
      return;
    }
    if (/^\s*CHASKI RECIBO/i.test(text)) {
      await lms.received.bring(text);
      return;
    }
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
    await welcome(ids[0], nameOf(ids[0]) || "esta persona", ids.filter((id) => !known.some((one) => one.id === id)));
  }

  // Who was not on this device before stays on it only with a word about it, and can be taken off again.
  async function welcome(id, name, added) {
    const said = "Trajimos el avance de " + name;
    const mine = id === lms.journal.profile();
    if (mine) await lms.tell(said, "Se unió con lo que ya tenías.");
    const go = mine ? "go" : await lms.ask({
      title: said,
      body: [lms.el("p", {}, "Quedó en este equipo, en «Cambiar de persona»" + (added.length ? ": quien lo use puede verlo." : "."))],
      actions: [["go", "Seguir como " + name], ["", "Ahora no"]].concat(added.length ? [["off", "Quitarlo de este equipo", "second"]] : []),
    });
    if (go === "go") await lms.people.be((await lms.store.profiles()).find((one) => one.id === id));
    if (go !== "off") return;
    for (const one of added) await lms.store.erase(one);
    await lms.tell("El avance de " + name + " ya no está en este equipo", "El archivo sigue donde estaba.");
  }
})(typeof window === "undefined" ? global : window);
