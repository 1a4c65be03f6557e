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
    const { heads } = await answer.json();
    // What it holds back for somebody's answer is no part of a head: given once more in vain, it is not given again.
    const before = (await lms.store.get("given again")) || [];
    const lost = receipts.lost(mine, heads, before);
    await lms.store.set("given again", receipts.short(mine, heads));
    lost.forEach((record) => { record.state = "new"; });
    if (!lost.length) return;
    await lms.journal.mark(lost);
    await lms.outbox.flush();
  };

  // Of what was sent, the records that a server with these heads may lack: [profile, device, upto, last, events, digest].
  // `before` are digests of heads that did not change although everything after them was given again.
  receipts.lost = (records, heads, before) => places(records, heads).filter(({ head }) => !(before || []).includes(mark(head)))
    .reduce((all, { head, steps }) => all.concat(steps.filter(([seq]) => seq > head[2]).map((step) => step[1])), []);

  // The heads that hold less than was sent, to know them again.
  receipts.short = (records, heads) => places(records, heads).map(({ head }) => mark(head));

  const mark = (head) => head[1] + head[5];

  function places(records, heads) {
    const devices = new Map();
    records.forEach((record) => {
      const { device, seq } = JSON.parse(record.line);
      devices.set(device, (devices.get(device) || []).concat([[seq, record]]));
    });
    return Array.from(devices)
      .map(([device, steps]) => ({ steps, head: heads.find((one) => one[1] === device) || [0, device, 0, 0, 0, ""] }))
      .filter(({ head, steps }) => head[4] < steps.length);
  }

  if (lms.on) lms.on("ready", () => receipts.check().catch(() => {})); // it is asked again with the next page
})(typeof window === "undefined" ? global : window);
