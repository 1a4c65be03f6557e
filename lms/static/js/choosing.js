// Several people on one device: the list of them, and the questions that a new one is asked.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const { people } = lms;
  const SHARED = "Quien use este equipo puede ver este nombre y este avance.";

  people.choose = async () => {
    lms.hooks("people").forEach((button) => button.addEventListener("click", () => pick(true)));
    const all = await lms.store.profiles();
    const current = await lms.store.get("current");
    const mine = all.find((one) => one.id === current);
    if (mine && (all.length === 1 || people.remembered() === current)) return people.be(mine);
    return pick(false);
  };

  async function pick(open) {
    const all = await lms.store.profiles();
    const nameless = people.now && people.now.guest && !people.now.name;
    if (!open && !all.length) return introduce(null, "¿Quién eres?");
    const choice = await lms.ask({
      title: "¿Quién eres?",
      dismiss: open ? "" : "look",
      body: (close) => [lms.el("ul", { class: "picker" },
        ...all.map((one) => option(one.name || "Sin nombre", () => close(one.id))),
        nameless ? option("Poner mi nombre a este avance", () => close("name")) : null,
        option("Soy otra persona", () => close("new"), "new"),
        option("Solo mirar", () => close("look"), "new"))],
    });
    if (choice === "name") return introduce(people.now, "¿Cómo te llamas?");
    if (choice === "new") return introduce(null, "¿Cómo te llamas?");
    if (choice === "look") return look();
    return choice ? people.be(all.find((one) => one.id === choice)) : undefined;
  }

  // Whoever only looks goes on as the nameless one that is here already, or each look would add another.
  async function look() {
    const nameless = (await lms.store.profiles()).find((one) => one.guest && !one.name);
    return people.be(nameless || { id: lms.uuid4(), name: "", guest: true });
  }

  function option(label, click, kind) {
    return lms.el("li", {}, lms.el("button", { type: "button", class: kind || null, click },
      kind ? null : lms.el("span", { class: "initial", "aria-hidden": "true" }, label[0]), label));
  }

  // Asks the name; a guest keeps the same profile, so nothing done before is lost.
  async function introduce(profile, title) {
    const name = field("Tu nombre", { name: "name", maxlength: 80, autocomplete: "off", required: true });
    const type = lms.el("select", { name: "type" }, ...[["dni", "DNI"], ["ce", "Carné de extranjería"]].map(
      ([value, label]) => lms.el("option", { value }, label)));
    const number = field("Número", { name: "document", maxlength: 12, inputmode: "numeric", autocomplete: "off" });
    const read = () => ({ name: value(name).replace(/\s+/g, " "), document: value(number).replace(/[\s.-]/g, ""), document_type: type.value });
    const answer = await lms.ask({
      title,
      body: [name, lms.el("details", {}, lms.el("summary", {}, "Añadir mi documento, si quieres"),
        lms.el("p", {}, "Sirve para unir este avance con tu cuenta."),
        lms.el("div", { class: "row" }, lms.el("label", {}, "Documento", type)), number), lms.el("p", { class: "small" }, SHARED)],
      actions: profile ? [["save", "Guardar"], ["", "Ahora no"]] : [["save", "Empezar"], ["look", "Solo mirar"]],
      check: (choice) => choice === "save" && problem(read(), name, number),
      dismiss: people.now ? "" : "look",
    });
    if (answer === "save") {
      const namesake = profile ? null : await known(read().name);
      return namesake ? greet(namesake) : identify(profile, read());
    }
    if (answer === "look") return look();
    return undefined;
  }

  // Two of one name in the list look the same, and whoever takes the empty one thinks their progress lost.
  async function known(name) {
    const bare = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
    return (await lms.store.profiles()).find((one) => bare(one.name || "") === bare(name));
  }

  async function greet(namesake) {
    const answer = await lms.ask({
      title: "Ya hay una persona con ese nombre en este equipo: ¿eres tú?",
      body: [lms.el("p", {}, "Si no eres " + namesake.name + ", escribe tu nombre con tu apellido.")],
      actions: [["me", "Sí, continuar como " + namesake.name], ["other", "No, escribir otro nombre"]],
    });
    if (answer === "me") return people.be(namesake);
    return answer ? introduce(null, "¿Cómo te llamas?") : undefined;
  }

  async function identify(profile, said) {
    if (!said.document) said.document_type = "";
    await people.be({ id: profile ? profile.id : lms.uuid4(), name: said.name, guest: false });
    await lms.journal.append("profile.identified", {}, { name: said.name, document_type: said.document_type, document: said.document });
  }

  function problem(said, name, number) {
    if (!said.name) return [name, "Escribe tu nombre para reconocer tu avance."];
    if (!said.document) return null;
    if (said.document_type === "dni" && !/^\d{8}$/.test(said.document)) {
      return [number, "El DNI tiene 8 números. Revisa si falta el cero del inicio."];
    }
    return /^[0-9A-Za-z]{6,12}$/.test(said.document) ? null : [number, "Revisa el número de tu documento."];
  }

  const value = (row) => row.querySelector("input").value.trim();

  function field(label, attributes) {
    return lms.el("div", { class: "row" }, lms.el("label", {}, label, lms.el("input", attributes)));
  }
})(typeof window === "undefined" ? global : window);
