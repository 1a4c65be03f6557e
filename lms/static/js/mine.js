// «Mi avance» of a server: what only this browser has, and what it keeps that is in nobody's name there.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const mine = (lms.mine = { told: null, again: 0 });

  lms.on("ready", () => lms.receipts.check(true));
  lms.on("sync", show);
  lms.on("receipts", (told) => {
    mine.told = told;
    mine.again += told.again;
    show();
  });

  // This person's records that are not known to be on the server.
  mine.left = () => lms.outbox.pending().filter(({ profile }) => mine.is(profile));

  mine.is = (profile) => profile === lms.journal.profile() || Boolean(mine.told) && mine.told.whose[profile] === "yours";

  // Profiles to ask about: nobody's there, of somebody called as who is here, who may have signed up again, all of it
  // sent, and not said to be another's. Others' names are nobody's business.
  mine.asked = ({ kept, whose }) => kept.filter(({ id, name, refused }) => whose[id] === "free" && name === lms.session.person.name &&
    !(refused || []).includes(lms.journal.profile()) && !lms.outbox.pending().some(({ profile }) => profile === id));

  const count = (number) => number + (number === 1 ? " registro" : " registros");

  // What the page says of them: nothing, if all is where it was.
  mine.words = (left, again) => {
    if (left) {
      return "Hay " + count(left) + " de tu avance que solo " + (left === 1 ? "está" : "están") + " en este equipo. " +
        (again ? "En el servidor falta algo que ya se envió: se está enviando otra vez." : "Se envía sin que hagas nada, cuando haya conexión.");
    }
    // It may have lost them, or hold them for somebody's answer: who reads this cannot tell, nor can this page.
    if (again === 1) return "En el servidor faltaba 1 registro de tu avance. Seguía en este equipo, y ya se envió.";
    return again ? "En el servidor faltaban " + count(again) + " de tu avance. Seguían en este equipo, y ya se enviaron." : "";
  };

  function show() {
    const [place] = lms.hooks("again");
    if (!place || !mine.told) return;
    const left = mine.left().length;
    const words = mine.words(left, mine.again);
    const asked = lms.session.person ? mine.asked(mine.told) : [];
    lms.hooks("arrived").forEach((list) => { list.hidden = left > 0; });
    const now = [words].concat(asked.map(({ id }) => id)).join();
    if (place.dataset.now === now) return; // what is read aloud is read once
    place.dataset.now = now;
    lms.fill(place, words && lms.el("div", { class: "notice info" }, lms.el("p", {}, words,
      left ? "" : " ", left ? "" : lms.el("a", { href: "/mi-avance" }, "Ver mi avance"))), ...asked.map(question));
  }

  mine.refuse = async (one) => {
    one.refused = (one.refused || []).concat(lms.journal.profile());
    const known = (await lms.store.profiles()).find(({ id }) => id === one.id);
    if (known) await lms.store.saveProfile(Object.assign({}, known, { refused: one.refused })); // else erased in another tab
    show();
    const title = root.document.querySelector("h1"); // the button that had the focus is gone
    title.tabIndex = -1;
    title.focus();
  };

  const hidden = (name, value) => lms.el("input", { type: "hidden", name, value });

  function question(one) {
    return lms.el("section", { class: "course", "aria-label": "Avance de " + one.name },
      lms.el("h2", {}, "Este equipo guarda avance de " + one.name + ". ¿Es tuyo?"),
      lms.el("p", {}, "En este servidor no está a nombre de nadie: " + count(one.records.length) + "."),
      lms.el("form", { class: "actions", method: "post", action: "/mi-avance/archivo/de-quien" },
        hidden("perfil", one.id), hidden("de", "equipo"), hidden("persona", lms.hooks("again")[0].dataset.person),
        lms.el("button", { name: "respuesta", value: "si" }, "Es mío"),
        lms.el("button", { type: "button", class: "second", click: () => mine.refuse(one) }, "No es mío")));
  }
})(typeof window === "undefined" ? global : window);
