// A server may lose what it had received, as when an older backup takes its place: it is asked, and gets again what it lacks.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const OFTEN = 6 * 3600 * 1000; // ms
  const AT_ONCE = 20; // profiles, as many as the server tells of
  const LONGEST = 3600; // s
  // A page that is open when the server says so gets this file once more.
  const receipts = (lms.receipts = lms.receipts || { times: 0, busy: Promise.resolve() });

  // One after another; with `now` also if it was asked a while ago. What was found is told to the page.
  receipts.check = (now) => {
    const { times } = receipts;
    receipts.busy = receipts.busy.then(() => (receipts.times > times ? undefined : check(now))).catch(() => {});
    return receipts.busy; // it is asked again with the next page
  };

  async function check(now) {
    const kept = await here();
    if (!(await due(now, kept))) return;
    const { heads, whose, era } = await ask(kept.map(({ id }) => id));
    // What it holds back for somebody's answer is no part of a head: given once more in vain, it is not given again.
    const given = (await lms.store.get("given again")) || {};
    const short = {};
    let again = 0;
    for (const one of kept) {
      const devices = receipts.lacking(one.records, heads.filter(([profile]) => profile === one.id));
      const before = (given.era === era && given.of[one.id]) || [];
      const fresh = devices.filter(({ name }) => !before.includes(name));
      short[one.id] = devices.map(({ name }) => name);
      await mark(one, [].concat(...fresh.map(({ lost }) => lost)), whose[one.id]);
      if (one.current || whose[one.id] === "yours") again += fresh.reduce((sum, { sure }) => sum + sure, 0);
    }
    await lms.store.set("given again", { era, of: short });
    // Who leaves the page here asks once more.
    if (root.document) root.document.cookie = "chaski_era=" + era + "; path=/; max-age=34560000; samesite=lax";
    await lms.store.set("asked", Date.now());
    receipts.times += 1;
    await lms.outbox.again();
    lms.emit("receipts", { again, kept, whose });
  }

  // All whose lines this browser keeps: {id, name, guest, records, current}.
  async function here() {
    const current = lms.journal.profile();
    const others = (await lms.store.profiles()).filter(({ id }) => id !== current);
    const lists = await Promise.all(others.map(({ id }) => lms.store.records(id)));
    return [{ id: current, current: true, records: lms.journal.records() }]
      .concat(others.map((one, i) => Object.assign({}, one, { records: lists[i] })))
      .filter(({ records }) => records.length);
  }

  async function due(now, kept) {
    const calm = (await lms.store.get("calm")) - Date.now();
    if (calm > 0 && calm < LONGEST * 1500) return false;
    const since = Date.now() - (Number(await lms.store.get("asked")) || 0);
    const some = lms.session.person || kept.some(({ records }) => records.some(({ state }) => state === "sent"));
    // A clock that went back asks too.
    return now || (some && !(since >= 0 && since < OFTEN));
  }

  async function ask(ids) {
    const all = { heads: [], whose: {}, era: "" };
    for (let first = 0; first === 0 || first < ids.length; first += AT_ONCE) {
      const body = ids.slice(first, first + AT_ONCE).join("\n");
      const answer = await root.fetch("/recibos", { method: "POST", body, credentials: "same-origin" });
      if (!answer.ok) await rest(answer);
      const { heads, whose, era } = await answer.json();
      all.heads = all.heads.concat(heads);
      Object.assign(all.whose, whose);
      all.era = era;
    }
    return all;
  }

  // As long as it was told, on every page, and a little longer: others were told the same.
  async function rest(answer) {
    const seconds = Math.min(LONGEST, Number(answer.headers.get("Retry-After")) || 0);
    const left = seconds * 1000 * (1 + Math.random() / 2);
    if (seconds) {
      await lms.store.set("calm", Date.now() + left);
      root.setTimeout(() => receipts.check(true), left + 100);
    }
    throw new Error("not told");
  }

  // What is nobody's any more goes as what guests left does, whoever is here; what is somebody else's waits for them.
  async function mark(one, lost, whose) {
    lost.forEach((record) => { record.state = "new"; });
    if (lost.length) await (one.current ? lms.journal.mark(lost) : lms.store.save(lost));
    const guest = Boolean(whose) || (one.guest && !one.name);
    if (one.current || one.guest === guest) return;
    const profile = Object.assign({}, one, { guest });
    delete profile.records;
    await lms.store.saveProfile(profile);
  }

  // Each device of which a server with these heads, [profile, device, upto, last, events, digest], may lack something
  // that was sent: {name, lost, sure}, `lost` the records to give again, `sure` how many of them it certainly lacks.
  // The `name` stays the same while the server has nothing more of it, although all of that was given again.
  receipts.lacking = (records, heads) => {
    const devices = new Map();
    records.filter(({ state }) => state !== "refused").forEach((record) => {
      const { device, seq } = JSON.parse(record.line);
      if (!devices.has(device)) devices.set(device, []);
      devices.get(device).push({ seq, record });
    });
    return Array.from(devices)
      .map(([device, steps]) => compared(steps, heads.find((one) => one[1] === device) || [0, device, 0, 0, 0, ""]))
      .filter(({ lost }) => lost.length);
  };

  // A server has the beginning of what is here. If it has not, others' events are among them, however many: then who
  // knows which are lacking? All are given again, once in an era, as such a head goes on changing.
  function compared(steps, [, device, , , events, digest]) {
    const ordered = steps.sort((a, b) => a.seq - b.seq || (a.record.id < b.record.id ? -1 : 1)).map(({ record }) => record);
    const sent = (some) => some.filter(({ state }) => state === "sent");
    const first = ordered.slice(0, events);
    if (first.length === events && lms.chained(first.map(({ id }) => id)).pop() === digest) {
      const lost = sent(ordered.slice(events));
      return { name: device + digest, lost, sure: lost.length };
    }
    const lost = sent(ordered);
    return { name: device + " others", lost, sure: Math.max(0, lost.length - events) };
  }

  if (lms.on) lms.on("ready", () => receipts.check());
})(typeof window === "undefined" ? global : window);
