const test = require("node:test");
const assert = require("node:assert");
const lms = require("./load.js")("namespace", "receipts");

const sent = (device, seq) => ({ id: device + seq, state: "sent", line: JSON.stringify({ device, seq }) });
const RECORDS = [sent("a", 1), sent("a", 2), sent("a", 3), sent("b", 1)];
const ids = (records) => records.map((record) => record.id);

test("a server that has all is given nothing again", () => {
  assert.deepEqual(lms.receipts.lost(RECORDS, [["p", "a", 3, 3, 3, ""], ["p", "b", 1, 1, 1, ""]]), []);
});

test("a server that was put back to an older day gets what came after", () => {
  assert.deepEqual(ids(lms.receipts.lost(RECORDS, [["p", "a", 1, 1, 1, ""], ["p", "b", 1, 1, 1, ""]])), ["a2", "a3"]);
});

test("a server that knows nothing of a device gets all of it", () => {
  assert.deepEqual(ids(lms.receipts.lost(RECORDS, [["p", "a", 3, 3, 3, ""]])), ["b1"]);
});

test("a line that was refused long ago does not make the rest go again", () => {
  assert.deepEqual(lms.receipts.lost([RECORDS[0], RECORDS[2]], [["p", "a", 1, 3, 2, ""]]), []);
});

test("what a server acknowledged and holds back is given again once, and not every time", async () => {
  const records = [sent("a", 1), sent("a", 2)];
  const kept = {};
  let flushed = 0;
  lms.journal = { records: () => records, profile: () => "p", mark: async () => {} };
  lms.store = { get: async (key) => kept[key], set: async (key, value) => { kept[key] = value; } };
  lms.outbox = { flush: async () => { flushed += 1; records.forEach((record) => { record.state = "sent"; }); } };
  global.fetch = async () => ({ ok: true, json: async () => ({ heads: [["p", "a", 1, 1, 1, "d1"]] }) });

  for (let time = 0; time < 3; time += 1) {
    kept.asked = 0;
    await lms.receipts.check();
  }
  assert.equal(flushed, 1);

  global.fetch = async () => ({ ok: true, json: async () => ({ heads: [] }) });
  kept.asked = 0;
  await lms.receipts.check();
  assert.equal(flushed, 2, "it was put back to another day");
});

test("what was lost is marked as new, sent, and not asked for again the same hour", async () => {
  const marked = [];
  const kept = {};
  let asked = 0;
  let flushed = 0;
  lms.journal = { records: () => RECORDS, profile: () => "p", mark: async (records) => marked.push(...ids(records)) };
  lms.store = { get: async (key) => kept[key], set: async (key, value) => { kept[key] = value; } };
  lms.outbox = { flush: async () => { flushed += 1; } };
  global.fetch = async (url, options) => {
    asked += 1;
    assert.deepEqual([url, options.method, options.body], ["/recibos", "POST", "p"]);
    return { ok: true, json: async () => ({ heads: [["p", "a", 1, 1, 1, ""], ["p", "b", 1, 1, 1, ""]] }) };
  };

  await lms.receipts.check();
  await lms.receipts.check();

  assert.deepEqual([marked, asked, flushed], [["a2", "a3"], 1, 1]);
  assert.deepEqual(RECORDS.map((record) => record.state), ["sent", "new", "new", "sent"]);
});
