// How far this person's progress has come, in words: what servers acknowledged in receipts. Nothing is deleted by it.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const received = (lms.received = {});

  // Takes in a receipt for everybody of this device whom it is of; a promise of what to say.
  received.take = async (text) => {
    const one = await lms.receipt.read(text);
    await trust(one);
    const said = [];
    for (const profile of await lms.store.profiles()) {
      const events = (await lms.store.records(profile.id)).map((record) => JSON.parse(record.line));
      const upto = lms.receipt.covers(one, profile.id, events);
      if (Object.keys(upto).length) {
        const known = profile.id === lms.journal.profile() ? lms.people.now : profile;
        known.received = received.joined(known.received || [], one, upto);
        await lms.store.saveProfile(known);
        said.push(received.words(events, known.received.find(({ key }) => key === one.key)));
      }
    }
    show();
    if (!said.length) throw new Error("Este recibo no es de un avance de este equipo, o es de otro equipo que compartió su número.");
    return said;
  };

  // Another key under a name that this device knows is somebody else's.
  async function trust({ key, name, checked }) {
    const names = (await lms.store.get("servers")) || {};
    if (lms.receiver !== key && names[name] && names[name] !== key) {
      throw new Error("Este recibo dice ser de «" + name + "», pero no tiene la llave que este equipo conoce de ese servidor. No se tomó en cuenta.");
    }
    if (checked) await lms.store.set("servers", Object.assign(names, { [name]: key }));
  }

  // The receipts of a profile with one more: of each device the last day counts, as a server can lose what it had.
  received.joined = (before, { key, name, day, checked }, upto) => {
    const old = before.find((one) => one.key === key) || { devices: {} };
    const devices = Object.assign({}, old.devices);
    Object.keys(upto).forEach((device) => {
      if (!devices[device] || devices[device][1] <= day) devices[device] = [upto[device], day];
    });
    return before.filter((one) => one.key !== key).concat({ key, name, checked, devices });
  };

  received.words = (events, { key, name, checked, devices }) => {
    const there = events.filter(({ device, seq }) => devices[device] && seq <= devices[device][0]).length;
    const day = Object.keys(devices).map((device) => devices[device][1]).sort().pop();
    const how = checked ? (key === lms.receiver ? "" : " Este curso no conocía a ese servidor: se cree su primer recibo.")
      : " Este navegador no puede comprobar la firma del recibo.";
    const when = "«" + name + "» (" + lms.carrier.day(new Date(day + "T12:00:00")) + ")";
    return (there === events.length ? "Recibido por " + when + ": todo." : "Recibido por " + when + ": " + there + " de " + events.length + " registros.") + how;
  };

  ["person", "change"].forEach((name) => lms.on(name, show));

  function show() {
    const all = lms.people.now.received || [];
    const events = lms.journal.events();
    lms.hooks("received").forEach((list) => {
      list.hidden = !all.length;
      lms.fill(list, lms.el("li", {}, "Guardado aquí: " + events.length + (events.length === 1 ? " registro." : " registros.")),
        ...all.map((one) => lms.el("li", {}, received.words(events, one))));
    });
  }
})(typeof window === "undefined" ? global : window);
