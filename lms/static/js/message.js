// Progress by chat, SMS or QR code, and back: the buttons of «Mi avance» in exports.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
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
    const row = lms.el("div", { class: "row" }, lms.el("label", {}, "Código o mensaje", lms.el("input", { name: "code", autocomplete: "off" })));
    const input = row.querySelector("input");
    const photo = lms.el("input", { type: "file", accept: "image/*" });
    const said = lms.el("p", { class: "help", role: "status" });
    if (await lms.photo(photo, input, said)) row.append(lms.el("label", {}, "O elige una foto de su QR", photo), said);
    const choice = await lms.ask({
      title: "Traer mi avance con un código",
      body: [lms.el("p", {}, "Copia el mensaje que enviaste desde otro equipo, o el recibo que te dieron, y pégalo aquí."), row],
      actions: [["take", "Traer"], ["", "Cancelar"]],
      check: (value) => value === "take" && !lms.receipt.isIn(input.value) && problem(input.value, row),
    });
    if (choice !== "take") return undefined;
    const { receipts, codes } = lms.receipt.apart(input.value);
    if (!receipts.length) return take(tokenIn(input.value));
    if (codes.length) await takeBeside(codes.join("|"));
    for (const one of receipts) await lms.received.bring(one);
    return undefined;
  }

  function takeBeside(text) {
    const wrong = problem(text);
    return wrong ? lms.tell("No se pudo traer el código", wrong[1]) : take(tokenIn(text));
  }

  // The last one, as a chat goes on below.
  const tokenIn = (text) => lms.token.foundIn(text).pop();

  function problem(text, row) {
    if (!tokenIn(text)) return [row, NONE];
    try {
      const right = lms.token.decode(tokenIn(text)).course === lms.token.courseKey(lms.outline().course);
      return right ? null : [row, "El código es de otro curso. Ábrelo en ese curso."];
    } catch (error) {
      return [row, error.message];
    }
  }

  async function take(text) {
    const prefix = lms.token.decode(text).profile;
    const known = (await lms.store.profiles()).find((one) => one.id.replace(/-/g, "").indexOf(prefix) === 0);
    const mine = known || (await lms.ask({
      title: "Este avance viene de otro equipo",
      body: [lms.el("p", {}, "¿Es tuyo? Se unirá con lo que ya tienes aquí. Tus notas nunca bajan.")],
      actions: [[true, "Sí, es mío"], [false, "No, volver"]],
    }));
    if (!mine) return undefined;
    const profile = known ? known.id : lms.journal.profile();
    await lms.store.merge([lms.report.record(lms.outline(), text, profile)]);
    await lms.journal.reload();
    lms.emit("change");
    return lms.tell("Trajimos tu avance", known && known.id !== lms.journal.profile()
      ? "Está en «" + (known.name || "Sin nombre") + "». Elígelo en «Cambiar de persona»." : "Se unió con lo que ya tenías.");
  }
})(typeof window === "undefined" ? global : window);
