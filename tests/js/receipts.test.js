const test = require("node:test");
const assert = require("node:assert");
const lms = require("./load.js")("namespace", "sha256", "chain", "receipts");

const sent = (device, seq) => ({ id: device + seq, state: "sent", line: JSON.stringify({ device, seq }) });
const ids = (records) => records.map((record) => record.id);

// What a server says of a device of which it has these ids.
const head = (device, some) => ["p", device, some.length, some.length, some.length, lms.chained(some).pop()];

// A browser that keeps these records, by profile, of which "p" is open; a server that says this, request by request.
function browser(kept, told, profiles) {
  const meta = {};
  const seen = { asked: [], again: 0, saved: [], found: [] };
  lms.session = { person: null };
  lms.journal = { records: () => kept.p || [], profile: () => "p", mark: async () => {} };
  lms.store = {
    get: async (key) => meta[key], set: async (key, value) => { meta[key] = value; },
    profiles: async () => profiles || [], records: async (id) => kept[id], save: async () => {},
    saveProfile: async (one) => seen.saved.push(one),
  };
  lms.outbox = { again: async () => { seen.again += 1; } };
  lms.on("receipts", (found) => seen.found.push(found));
  global.fetch = async (url, options) => {
    seen.asked.push([url, options.method, options.body]);
    const said = told();
    const headers = { get: () => said.retry };
    return { ok: !said.retry, headers, json: async () => Object.assign({ heads: [], whose: {}, era: "e" }, said) };
  };
  return Object.assign(seen, { meta });
}

const arrived = (records) => records.forEach((record) => { record.state = "sent"; });
const again = (records) => ids(records.filter(({ state }) => state === "new"));

test("what a server acknowledged and holds back is given again once, and not every time", async () => {
  const records = [sent("a", 1), sent("a", 2)];
  const said = { heads: [head("a", ["a1"])], era: "e" };
  const { meta } = browser({ p: records }, () => said);
  const given = [];

  for (let time = 0; time < 3; time += 1) {
    meta.asked = 0;
    await lms.receipts.check();
    given.push(again(records));
    arrived(records);
  }
  assert.deepEqual(given, [["a2"], [], []]);

  said.heads = [];
  meta.asked = 0;
  await lms.receipts.check();
  assert.deepEqual(again(records), ["a1", "a2"], "it was put back to another day");
});

test("where others' lines are among a device's, all goes again once in an era, however much comes after", async () => {
  const records = [sent("a", 1), sent("a", 2)];
  const said = { heads: [head("a", ["a1", "c2"])], era: "e" };
  const told = browser({ p: records }, () => said);
  const given = [];
  for (const next of ["a2", "c3", "c4", ""]) {
    if (!next) said.era = "f";
    await lms.receipts.check(true);
    given.push(again(records));
    arrived(records);
    said.heads = [head("a", said.heads[0][4] ? ["a1", "c2", next] : [])];
  }
  assert.deepEqual(given, [["a1", "a2"], [], [], ["a1", "a2"]]);
  assert.equal(told.found[0].again, 0, "nobody is told that something was lost which may never have been");
});

test("put back to the same day once more, it is given the same once more", async () => {
  const records = [sent("a", 1), sent("a", 2)];
  const said = { heads: [head("a", ["a1"])], era: "e" };
  browser({ p: records }, () => said);
  await lms.receipts.check(true);
  arrived(records);
  said.era = "f";
  await lms.receipts.check(true);
  assert.deepEqual(again(records), ["a2"]);
});

test("what was lost is marked as new, sent, and not asked for again the same hour", async () => {
  const records = [sent("a", 1), sent("a", 2), sent("a", 3), sent("b", 1)];
  const told = browser({ p: records }, () => ({ heads: [head("a", ["a1"]), head("b", ["b1"])] }));

  await lms.receipts.check();
  await lms.receipts.check();

  assert.deepEqual([again(records), told.asked, told.again], [["a2", "a3"], [["/recibos", "POST", "p"]], 1]);
  assert.equal(told.found[0].again, 2);
});

test("a server in another era is asked at once, twenty profiles at a time, of everybody whose lines are kept", async () => {
  const others = Array.from({ length: 21 }, (_, i) => ({ id: "o" + i, name: "Rosa", guest: false }));
  const kept = { p: [sent("a", 1)] };
  others.forEach(({ id }) => { kept[id] = [sent("a", 1)]; });
  const told = browser(kept, () => ({}), others);
  told.meta.asked = Date.now();
  await lms.receipts.check();
  assert.equal(told.asked.length, 0);
  await lms.receipts.check(true);
  assert.deepEqual(told.asked.map(([, , body]) => body.split("\n").length), [20, 2]);
});

test("what became nobody's goes as a guest's does, and what is somebody else's waits for them", async () => {
  const kept = { lost: [sent("a", 1)], mine: [sent("a", 1)], theirs: [sent("a", 1)] };
  const profiles = [["lost", "Nélida"], ["mine", "Nélida"], ["theirs", "Rosa"]].map(([id, name]) => ({ id, name, guest: id === "theirs" }));
  const told = browser(kept, () => ({ whose: { lost: "nobodys", mine: "yours" } }), profiles);
  await lms.receipts.check(true);
  assert.deepEqual(told.saved.map(({ id, guest, records }) => [id, guest, records]),
    [["lost", true, undefined], ["mine", true, undefined], ["theirs", false, undefined]]);
  assert.deepEqual(again(kept.theirs), ["a1"], "its person sends it in their session");
  assert.equal(told.found[0].again, 1, "of what is mine");
});

test("who is told to come later does not ask before, on any page", async () => {
  let retry = 60;
  const told = browser({ p: [sent("a", 1)] }, () => ({ retry }));
  global.setTimeout = () => {};
  await lms.receipts.check(true);
  assert.ok(told.meta.calm >= Date.now() + 59000 && told.meta.calm < Date.now() + 91000);
  retry = 0;
  await lms.receipts.check(true);
  assert.deepEqual([told.asked.length, told.found.length], [1, 0]);
  told.meta.calm = Date.now() - 1;
  await lms.receipts.check(true);
  assert.deepEqual([told.asked.length, told.found.length], [2, 1]);
});
