// Sends what the journal keeps to lms.session.send, when there is such a place, until each line has its receipt.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const BATCH = 100; // lines
  const WEIGHT = 4e5; // characters: a body stays under 1 MiB even if each takes two bytes
  const LONGEST_WAIT = 3e5;
  const outbox = (lms.outbox = { state: "none", waiting: 0, problem: "", soonest: 2000 }); // ms before a second try
  const tried = new Set();
  let strays = []; // lines of guests on this browser, not yet sent
  let busy = null;
  let size = BATCH;
  let wait = 0;
  let timer = 0;

  outbox.start = async () => {
    lms.on("change", outbox.flush);
    lms.on("person", outbox.flush);
    lms.on("elsewhere", report);
    root.addEventListener("online", soon);
    root.document.addEventListener("visibilitychange", soon);
    return outbox.again();
  };

  // With what guests left behind, as the store has it by now.
  outbox.again = async () => {
    const guests = (await lms.store.profiles()).filter((one) => one.guest && one.id !== lms.journal.profile());
    const lists = await Promise.all(guests.map((one) => lms.store.records(one.id)));
    strays = [].concat(...lists);
    return outbox.flush();
  };

  // One flight at a time; resolves when nothing more can be done now.
  outbox.flush = () => {
    if (!busy) busy = fly().catch(failed).then(() => { busy = null; });
    return busy;
  };

  // Whose page this is comes first: what others left behind must not keep it waiting.
  outbox.pending = () => lms.journal.records().concat(strays).filter(sendable);

  async function fly() {
    root.clearTimeout(timer);
    // Until then the receiver asked to be left alone, on whatever page: an hour and a half at most, unless a clock jumped.
    const left = (await lms.store.get("calm").catch(() => 0)) - Date.now();
    let batch = report();
    if (left > 0 && left < 54e5) timer = root.setTimeout(outbox.flush, left);
    else while (lms.session.send && batch.length) {
      const erased = await lms.store.erased(batch); // in another tab
      erased.forEach((record) => { record.state = ""; });
      const receipts = erased.length ? null : await deliver(batch);
      if (receipts && !(await settle(batch, receipts))) throw new Error("no receipts");
      wait = 0;
      batch = report();
    }
  }

  // One line that the receiver cannot stand must not hold up the rest: halve the batch until it is alone.
  async function deliver(batch) {
    try {
      const text = await post(lms.session.send, batch.map((record) => record.line).join("\n") + "\n");
      size = BATCH;
      const { results, ask } = JSON.parse(text);
      if (ask) root.document.head.append(lms.el("script", { src: ask })); // it may have lost what was sent before
      return results;
    } catch (error) {
      if (![400, 413, 422].includes(error.status)) throw error;
      size = Math.ceil(batch.length / 2);
      return batch.length > 1 ? null : [{ id: batch[0].id, status: "refused" }];
    }
  }

  async function settle(batch, receipts) {
    // Receipts come in the lines' order; one for a line that could not be read has no id.
    const inOrder = receipts.length === batch.length;
    const settled = batch.filter((record, i) => {
      const receipt = inOrder ? receipts[i] : receipts.find(({ id }) => id === record.id);
      if (receipt) apply(record, receipt);
      return receipt;
    });
    await lms.journal.mark(settled);
    if (receipts.some((receipt) => receipt.fork)) await lms.store.renewDevice();
    return settled.length;
  }

  function apply(record, receipt) {
    if (receipt.status !== "refused") {
      record.state = "sent";
      return;
    }
    record.state = "refused";
    record.tries = (record.tries || 0) + 1;
    tried.add(record.id);
    outbox.problem = "Un registro de tu avance no fue aceptado" + (receipt.reason ? ": " + receipt.reason : ".");
  }

  // A refused line goes three times, once each time a page opens.
  function sendable(record) {
    return record.state === "new" || (record.state === "refused" && record.tries < 3 && !tried.has(record.id));
  }

  // Tells the page how things stand and returns the next batch.
  function report() {
    const pending = outbox.pending();
    outbox.waiting = pending.length;
    outbox.state = !worked() ? "none" : !lms.session.send ? "kept" : pending.length ? "pending" : "sent";
    lms.emit("sync", outbox);
    let weight = 0;
    return pending.slice(0, size).filter((record, i) => (weight += record.line.length) <= WEIGHT || i === 0);
  }

  // Whether there is anything to ask after: having looked at lessons is not.
  function worked() {
    return lms.journal.records().concat(strays).some((record) => !/"type":"lesson.opened"/.test(record.line));
  }

  function failed(error) {
    const told = error.seconds * 1000;
    wait = told || Math.min(LONGEST_WAIT, wait ? wait * 2 : outbox.soonest);
    // Many tablets come back at once when the power does: spread them, but none before it was told to come.
    const spread = wait * ((told ? 1 : 0.75) + Math.random() / 2);
    timer = root.setTimeout(outbox.flush, spread);
    return told && lms.store.set("calm", Date.now() + spread);
  }

  function soon() {
    if (!root.document.hidden) outbox.flush();
  }

  // XMLHttpRequest: fetch could not be given up after a time before Chromium 66. A text goes as text/plain by itself.
  function post(url, body) {
    return new Promise((resolve, reject) => {
      const request = new root.XMLHttpRequest();
      const fail = () => reject(Object.assign(new Error("not sent"), {
        status: request.status,
        seconds: Math.min(3600, request.getResponseHeader("Retry-After")),
      }));
      request.open("POST", url);
      request.timeout = 3e4;
      request.setRequestHeader("Chaski-Perfil", lms.journal.profile()); // the receiver must not take a stray's for ours
      request.onload = () => (request.status === 200 ? resolve(request.responseText) : fail());
      request.onerror = request.ontimeout = request.onabort = fail;
      request.send(body);
    });
  }
})(typeof window === "undefined" ? global : window);
