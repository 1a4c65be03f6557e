// How far this person's progress has come, in words: what servers acknowledged in receipts. Nothing is deleted by it.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const received = (lms.received = {});
  const MOST_CODES = 12;
  const PERU = 5 * 60 * 60 * 1000; // behind UTC, in every season
  const FIRST_DAY = "2024-01-01"; // as a clock says that nobody set
  const SURE = "2026-11-01"; // no receipt is older: a clock that says so is behind
  const ELSEWHERE = "Este recibo es de un avance que no está en este equipo. Llévalo al equipo donde se estudió. " +
    "Si lo estudiaste aquí, entrega otra vez tu archivo y pide otro recibo.";

  const OTHERS = "Allí hay registros con el nombre de este equipo que no son de este equipo: dilo a tu acompañante.";

  // A code may leave by this message or picture, and its receipt come back: which code it was, only this device knows.
  received.remember = (token) => {
    const now = lms.people.now;
    const others = (now.codes || []).filter((one) => one !== token);
    now.codes = others.concat(token).slice(-MOST_CODES);
    lms.store.saveProfile(now).catch(() => {}); // then its receipt says nothing here, and the code is good all the same
  };

  // Takes in a receipt and tells what became of it.
  received.bring = (text) => received.take(text).then((said) => lms.tell("Tomamos nota del recibo", ...said),
    (error) => lms.tell("El recibo no se tomó en cuenta", error.message));

  // Takes in a receipt for everybody of this device whom it is of; a promise of what to say.
  received.take = async (text) => {
    const one = received.dated(await lms.receipt.read(text), inPeru());
    const servers = (await lms.store.get("servers")) || {};
    check(one, servers[one.name]);
    const [said, own] = [[], await lms.store.get("device")];
    let strange = false;
    for (const profile of await lms.store.profiles()) {
      const events = (await lms.store.records(profile.id)).map((record) => JSON.parse(record.line));
      const upto = lms.receipt.covers(one, profile.id, events);
      const others = lms.receipt.others(one, profile.id, events, own);
      const code = codeIn(one, profile);
      strange = strange || others;
      if (Object.keys(upto).length || code) {
        const known = profile.id === lms.journal.profile() ? lms.people.now : profile;
        known.received = received.joined(known.received || [], Object.assign({ others }, one), upto, code);
        await lms.store.saveProfile(known);
        said.push(received.words(events, known.received.find(({ key }) => key === one.key)));
      }
    }
    show();
    if (!said.length) throw new Error(strange ? OTHERS : ELSEWHERE);
    // Only now: whoever knows no profile of this device has no say in whose a name is.
    if (one.checked) await lms.store.set("servers", Object.assign(servers, { [one.name]: one.key }));
    return said;
  };

  const inPeru = () => new Date(Date.now() - PERU).toISOString().slice(0, 10);
  const canBe = (day, today) => day > FIRST_DAY && day <= today;

  // A receipt as it is brought on a day. Its own day, `signed`, orders nothing if it cannot be, as then a clock is wrong;
  // perhaps this device's, so it is kept all the same.
  received.dated = (one, today) => Object.assign({}, one, { today, signed: one.day, day: canBe(one.day, today) ? one.day : "" });

  // The day of the code shown last of a profile, of those that a receipt is for; "" for none.
  function codeIn(one, { id, codes }) {
    const mine = (codes || []).map((text) => ({ text, token: lms.token.decode(text) }))
      .filter(({ token }) => token.course === lms.token.courseKey(lms.outline().course));
    const there = mine.filter(({ text, token }) => [id, standIn(token.profile)].some((profile) => {
      const event = JSON.parse(lms.report.record(lms.outline(), text, profile).line);
      return Object.keys(lms.receipt.covers(one, profile, [event])).length;
    }));
    return there.length ? there.pop().token.day : "";
  }

  // As a server calls a profile of which it has met nothing but a code.
  const standIn = (prefix) => prefix.slice(0, 8) + "-" + prefix.slice(8) + "-4000-8000-000000000000";

  // Another key under a name that this device knows is somebody else's.
  function check({ key, name }, known) {
    if (lms.receiver !== key && known && known !== key) {
      throw new Error("Este recibo dice ser de «" + name + "», pero no tiene la llave que este equipo conoce de ese servidor. No se tomó en cuenta.");
    }
  }

  // The receipts of a profile with one more: of each device the last day counts, as a server can lose what it had. A day that
  // cannot be stands in nobody's way: then what was brought last counts.
  received.joined = (before, { key, name, day, signed, checked, today, nobodys, others }, upto, code) => {
    const dated = (what) => (day || !signed ? [what, day] : [what, day, signed]);
    const old = before.find((one) => one.key === key) || { devices: {} };
    const devices = Object.assign({}, old.devices);
    const stays = (device) => old.devices[device] && day && old.devices[device][1] > day && old.devices[device][1] <= today;
    const older = Object.keys(old.devices).some(stays);
    const [free, strange] = older ? [old.nobodys, old.others] : [nobodys, others];
    Object.keys(upto).filter((device) => !stays(device)).forEach((device) => { devices[device] = dated(upto[device]); });
    const newer = code && !(old.code && old.code[0] > code && old.code[0] <= today) ? dated(code) : old.code;
    return before.filter((one) => one.key !== key)
      .concat(Object.assign({ key, name, checked, devices }, newer ? { code: newer } : {}, free ? { nobodys: free } : {}, strange ? { others: strange } : {}));
  };

  // What is in nobody's name counts for nobody.
  const YOURS = "no cuenta hasta que lo traigas otra vez a ese servidor con tu cuenta, o le digas tu documento a tu acompañante.";
  const FREE = { all: " Cuando llegó, todavía no estaba a nombre de nadie: " + YOURS,
    part: " Cuando llegó, una parte de lo entregado todavía no estaba a nombre de nadie. Si es la tuya, " + YOURS };

  received.words = (events, { key, name, checked, devices, code, nobodys, others }, today = inPeru()) => {
    const there = events.filter(({ device, seq }) => devices[device] && seq <= devices[device][0]).length;
    const said = Object.keys(devices).map((device) => devices[device]);
    const records = there === events.length ? "todo" : there + " de " + events.length + " registros";
    const what = (said.length ? [records] : []).concat(code ? "tu código" + received.made(code[0]) : []);
    const how = checked ? (key === lms.receiver ? "" : " Este curso no conocía a ese servidor: se cree su primer recibo.")
      : " Este navegador no puede comprobar la firma del recibo.";
    const days = said.concat(code ? [code] : []).map(([, day, signed]) => day || signed || "").sort();
    const day = days.filter((one) => canBe(one, today)).pop() || days.pop();
    return "Recibido por «" + name + "» (" + when(day, today) + "): " + what.join(" y ") + "." + (FREE[nobodys] || "") + (others ? " " + OTHERS : "") + how;
  };

  // Which clock was wrong: a receipt that packs of before took in says nothing of it.
  function when(day, today) {
    if (!day) return "sin fecha segura: el reloj de ese servidor, o el de este equipo, estaba mal";
    if (day <= FIRST_DAY) return "sin fecha: el reloj de ese servidor no estaba en hora";
    if (day <= today) return dayIn(day);
    return dayIn(day) + (today < SURE ? "; la fecha de este equipo está atrasada: ponla en hora"
      : "; en este equipo todavía no es ese día: revisa su fecha. Si está bien, está mal la de ese servidor");
  }

  // When a code was made, after its name; a clock that nobody set makes it the first day that it can say.
  received.made = (day) => (day > FIRST_DAY ? " del " + dayIn(day) : "");

  const dayIn = (day) => lms.carrier.day(new Date(day + "T12:00:00"));

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
