// A server may lose what it had received: it is asked now and then, and gets again what it lacks.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const OFTEN = 6 * 3600 * 1000; // ms
  const receipts = (lms.receipts = {});

  receipts.check = async () => {
    const mine = lms.journal.records().filter((record) => record.state === "sent");
    const asked = Number(await lms.store.get("asked")) || 0;
    const since = Date.now() - asked;
    // A clock that went back asks too.
    if (!mine.length || (since >= 0 && since < OFTEN)) return;
    const answer = await root.fetch("/recibos", { method: "POST", body: lms.journal.profile(), credentials: "same-origin" });
    if (!answer.ok) return;
    await lms.store.set("asked", Date.now());
    const lost = receipts.lost(mine, (await answer.json()).heads);
    lost.forEach((record) => { record.state = "new"; });
    if (!lost.length) return;
    await lms.journal.mark(lost);
    await lms.outbox.flush();
  };

  // Of what was sent, the records that a server with these heads may lack: [profile, device, upto, last, events, digest].
  receipts.lost = (records, heads) => {
    const devices = new Map();
    records.forEach((record) => {
      const place = JSON.parse(record.line);
      devices.set(place.device, (devices.get(place.device) || []).concat([[place.seq, record]]));
    });
    return Array.from(devices).reduce((all, [device, steps]) => {
      const head = heads.find((one) => one[1] === device) || [0, device, 0, 0, 0];
      return head[4] >= steps.length ? all : all.concat(steps.filter(([seq]) => seq > head[2]).map((step) => step[1]));
    }, []);
  };

  if (lms.on) lms.on("ready", () => receipts.check().catch(() => {})); // it is asked again with the next page
})(typeof window === "undefined" ? global : window);
