// Progress by chat, SMS or QR code, and back: the buttons of «Mi avance» in exports.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const [MOST_CODES, MOST_RECEIPTS] = [20, 5]; // at once, as on the site
  const MOST_TEXT = 256 * 1024; // letters, as on the site
  const LONG = "Este archivo no es de avance, y es demasiado largo para buscar códigos en él. Si es un chat, " +
    "copia solo el mensaje que trae el código y pégalo en «Traer con un código».";
  const NONE = "Aquí no hay ningún código de avance. Copia el mensaje completo y pégalo otra vez."; // as the site says

  lms.on("ready", () => [["message", send], ["qr", show], ["paste", bring]].forEach(([name, work]) => lms.hooks(name).forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", work);
  })));

  const made = (form) => {
    const token = lms.report.text(lms.outline(), lms.journal.events(), lms.journal.profile(), form);
    lms.received.remember(token);
    return token;
  };

  // The address of the site, in the capitals that a small code needs, if this pack knows one.
  function address(token) {
    const site = (lms.site || "").replace(/\/$/, "");
    if (!site) return token;
    return /^https?:\/\/[^/]+$/.test(site) ? (site + "/p/" + token).toUpperCase() : site + "/p/" + token;
  }

  function send() {
    const token = made();
    const text = "Mi avance en " + lms.outline().title + ": " + address(token);
    const field = lms.el("textarea", { rows: 6, readonly: true, "aria-label": "Tu mensaje" }, text);
    const copy = lms.el("button", { type: "button", class: "second", click: (event) => lms.copy(field, event.currentTarget) }, "Copiar");
    const link = (href, words) => lms.el("a", { class: "button second", href }, words);
    return lms.ask({
      title: "Enviar mi avance por mensaje",
      body: [lms.el("p", {}, "El código dice qué hiciste y tus notas. No lleva tu nombre ni tu documento. Envíalo a tu acompañante."),
        lms.el("p", { class: "small", hidden: !lms.report.leftOut(token) }, lms.report.leftOut(token)),
        lms.el("div", { class: "row" }, field),
        lms.el("p", { class: "actions" }, link("whatsapp://send?text=" + encodeURIComponent(text), "WhatsApp"),
          link("sms:?body=" + encodeURIComponent("AVANCE " + made(0)), "SMS"), copy)],
      actions: [[true, "Listo"]],
    });
  }

  function show() {
    // An address with a path has small letters, which would need a larger code: then the token goes alone.
    const text = [address(made()), address(made(0)), made()].find(lms.qr);
    const rows = text && lms.qr(text);
    if (!rows) return lms.tell("No se pudo dibujar el QR", "Usa «Enviar por mensaje» o guarda tu avance en un archivo.");
    const words = /^HTTPS?:/.test(text) ? "Que otra persona lo mire con la cámara de su celular con internet: así llega al sitio."
      : "Que otra persona lo lea con su celular y pegue el texto en el sitio, en «Traer mi avance con un código».";
    return lms.ask({ title: "Mi avance en un QR", body: [lms.el("p", {}, words), draw(rows)], actions: [[true, "Listo"]] });
  }

  // With the white margin that a camera needs.
  function draw(rows) {
    const size = rows.length + 8;
    const dots = rows.map((row, y) => row.map((on, x) => (on ? "M" + (x + 4) + " " + (y + 4) + "h1v1h-1z" : "")).join("")).join("");
    return lms.shape({ class: "qr", viewBox: "0 0 " + size + " " + size, role: "img", "aria-label": "Código QR de mi avance", "shape-rendering": "crispEdges" },
      "path", { d: dots });
  }

  async function bring() {
    // A field of one line would join what stands on several.
    const input = lms.el("textarea", { name: "code", rows: 3, autocomplete: "off", spellcheck: "false" });
    const row = lms.el("div", { class: "row" }, lms.el("label", {}, "Código o mensaje", input));
    const photo = lms.el("input", { type: "file", accept: "image/*" });
    const said = lms.el("p", { class: "help", role: "status" });
    if (await lms.photo(photo, input, said)) row.append(lms.el("label", {}, "O elige una foto de su QR", photo), said);
    const choice = await lms.ask({
      title: "Traer mi avance con un código",
      body: [lms.el("p", {}, "Copia el mensaje que enviaste desde otro equipo, o el recibo que te dieron, y pégalo aquí."), row],
      actions: [["take", "Traer"], ["", "Cancelar"]],
      check: (value) => value === "take" && problem(lms.receipt.apart(input.value), row),
    });
    if (choice !== "take") return undefined;
    return takeAll(input.value);
  }

  async function takeAll(text) {
    const { receipts, codes } = lms.receipt.apart(text);
    await take(codes.slice(0, MOST_CODES));
    for (const one of receipts.slice(0, MOST_RECEIPTS)) await lms.received.bring(one);
    const over = [[codes, MOST_CODES, "códigos"], [receipts, MOST_RECEIPTS, "recibos"]].filter(([all, most]) => all.length > most);
    return over.length ? lms.tell("No trajimos todo", ...over.map(([, most, what]) => "Hay más de " + most + " " + what + ": pega los demás aparte."))
      : undefined;
  }

  // A chat that was exported to a file; false where there is neither a code nor a receipt in it.
  lms.chat = (text) => {
    if (text.length > MOST_TEXT) throw new Error(LONG);
    const { receipts, codes } = lms.receipt.apart(text);
    return receipts.length + codes.length > 0 && takeAll(text).then(() => true);
  };

  function problem({ receipts, codes }, row) {
    if (receipts.length || codes.some((code) => !wrong(code))) return null;
    return [row, Array.from(new Set(codes.map(wrong))).join(" ") || NONE];
  }

  // Why a code cannot be taken here, "" if it can.
  function wrong(code) {
    try {
      const right = lms.token.decode(code).course === lms.token.courseKey(lms.outline().course);
      return right ? "" : "El código es de otro curso. Ábrelo en ese curso.";
    } catch (error) {
      return error.message;
    }
  }

  // Takes each code, whatever is wrong with another, and tells at once what became of them.
  async function take(codes) {
    const good = codes.filter((code) => !wrong(code));
    const bad = codes.filter(wrong).map((code) => (codes.length > 1 ? named(code) + ": " : "") + wrong(code));
    const owners = await ownersOf(good);
    const mine = good.filter((code) => owners.get(prefix(code)));
    if (!mine.length) return bad.length ? lms.tell("No se pudo traer el código", ...bad) : undefined;
    await lms.store.merge(mine.map((code) => lms.report.record(lms.outline(), code, owners.get(prefix(code)).id)));
    await lms.journal.reload();
    lms.emit("change");
    const where = new Set(mine.map((code) => owners.get(prefix(code))).map(({ id, name }) => (id === lms.journal.profile()
      ? "Se unió con lo que ya tenías." : "Está en «" + (name || "Sin nombre") + "». Elígelo en «Cambiar de persona».")));
    return lms.tell("Trajimos tu avance", ...where, ...bad);
  }

  const prefix = (code) => lms.token.decode(code).profile;

  // By how a profile begins: whose its codes are, null for nobody's. Of each that is not known here it is asked once.
  async function ownersOf(codes) {
    const known = await lms.store.profiles();
    const owners = new Map();
    for (const code of codes) {
      if (owners.has(prefix(code))) continue;
      const one = known.find(({ id }) => id.replace(/-/g, "").indexOf(prefix(code)) === 0);
      owners.set(prefix(code), one || ((await isMine(code)) ? { id: lms.journal.profile() } : null));
    }
    return owners;
  }

  const named = (code) => code.slice(0, 4) + "…" + code.slice(-4);

  const isMine = (code) => lms.ask({
    title: "Este avance viene de otro equipo",
    body: [lms.el("p", {}, "Es el código " + named(code) + lms.received.made(lms.token.decode(code).day) +
      ". Si viene de un chat, mira allí quién lo envió. ¿Es tuyo? Se unirá con lo que ya tienes aquí. Tus notas nunca bajan.")],
    actions: [[true, "Sí, es mío"], [false, "No, volver"]],
  });
})(typeof window === "undefined" ? global : window);
