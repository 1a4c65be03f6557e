const test = require("node:test");
const assert = require("node:assert");
const vectors = require("../vectors/receipt.json");
const lms = require("./load.js")("namespace", "ids", "sha256", "bits", "sealing", "closing", "carrier", "ranges", "token-items", "token-first", "token", "receipt");

const { profile, device } = vectors;
const events = (ids) => ids.map((id, i) => ({ id, device, seq: i + 1, type: "lesson.opened" }));
const only = (one, ...places) => Object.assign({}, one, { places: places.map((i) => one.places[i]) });

test("a receipt says who gave it, when and for what, as text and in one line", async () => {
  const one = await lms.receipt.read(vectors.text);
  assert.deepEqual([one.key, one.name, one.day, one.checked], [vectors.key, vectors.name, vectors.day, true]);
  assert.deepEqual(one.places.map((place) => place.upto), [3, 5, 3]);
  for (const text of [vectors.text.replace(/\n/g, "\r\n"), vectors.text.replace(/\n/g, " "), vectors.text.replace(/\n/g, "")]) {
    assert.deepEqual(await lms.receipt.read(text), one);
  }
  assert.equal((await lms.receipt.read("hola " + vectors.line.toLowerCase() + " gracias")).name, vectors.name);
});

test("what a device has counts as received as far as the ids are the same", async () => {
  const one = await lms.receipt.read(vectors.text);
  const own = events(vectors.ids);
  assert.deepEqual(lms.receipt.covers(only(one, 0), profile, own), { [device]: 3 });
  assert.deepEqual(lms.receipt.covers(only(one, 1), profile, own), { [device]: 5 });
  assert.deepEqual(lms.receipt.covers(only(one, 2), profile, own), {}, "other ids on the same numbers");
  assert.deepEqual(lms.receipt.covers(one, profile, own.slice().reverse()), { [device]: 5 });
  assert.deepEqual(lms.receipt.covers(only(one, 1), profile, own.slice(0, 4)), {}, "it has more than this device");
  assert.deepEqual(lms.receipt.covers(only(one, 1), profile, own.filter((event) => event.seq !== 2)), {}, "one is missing here");
  assert.deepEqual(lms.receipt.covers(one, lms.uuid4(), own), {}, "somebody else's");
});

[
  [vectors.text.replace("0K8P", "0K8Q"), /cambió en el camino/],
  [vectors.text.replace("FIN", ""), /cambió en el camino/],
  [vectors.text.replace("RECIBO 1\n0K8", "RECIBO 1\n"), /cambió en el camino/],
  [vectors.text.slice(0, -60), /cambió en el camino/],
  [vectors.text.replace("RECIBO 1", "RECIBO 2"), /versión más nueva/],
  ["CHASKI RECIBO 1 " + " ".repeat(100000), /cambió en el camino/],
].forEach(([text, sentence], i) => {
  test("a spoilt receipt is refused: " + i, () => assert.rejects(lms.receipt.read(text), sentence));
});

vectors.pasted.forEach(({ name, text, receipts, codes }) => {
  test("receipts and codes are told apart: " + name, () => {
    const found = lms.receipt.apart(text);
    assert.deepEqual([found.receipts.length, found.codes], [receipts, codes]);
  });
});

test("no more of a text is read than the largest receipt has", () =>
  assert.rejects(lms.receipt.read(" ".repeat(128 * 1024) + vectors.text), /cambió en el camino/));

test("a receipt that says the same of a device again and again is looked at once", async () => {
  const one = await lms.receipt.read(vectors.text);
  const { sha256 } = lms;
  let hashed = 0;
  lms.sha256 = (some) => { hashed += 1; return sha256(some); };
  const many = Object.assign({}, one, { places: Array(1000).fill(one.places[1]) });
  const covered = lms.receipt.covers(many, profile, events(vectors.ids));
  lms.sha256 = sha256;
  assert.deepEqual(covered, { [device]: 5 });
  assert.ok(hashed <= 1 + vectors.ids.length, "its mark, and each event");
});

test("a browser that cannot check a signature says so", async (t) => {
  const able = lms.sealing.able;
  t.after(() => { lms.sealing.able = able; });
  lms.sealing.able = () => false;
  assert.equal((await lms.receipt.read(vectors.text)).checked, false);
});

test("of what a code said the newest that arrived counts, in words", () => {
  global.document = { querySelectorAll: () => [] };
  lms.people = { now: {} };
  const { received } = require("./load.js")("received");
  const one = { key: "k", name: "UGEL", checked: false, today: "2026-11-30" };
  const first = received.joined([], Object.assign({ day: "2026-11-20" }, one), {}, "2026-11-19");
  const older = received.joined(first, Object.assign({ day: "2026-11-26" }, one), {}, "2026-11-01");
  const more = received.joined(older, Object.assign({ day: "2026-11-26" }, one), { a: 1 }, "");
  assert.deepEqual(older[0].code, ["2026-11-19", "2026-11-20"]);
  const own = [{ device: "a", seq: 1 }, { device: "a", seq: 2 }];
  assert.match(received.words(own, older[0]), /^Recibido por «UGEL» \(20 nov 2026\): tu código del 19 nov 2026\. Este navegador/);
  assert.match(received.words(own, more[0]), /^Recibido por «UGEL» \(26 nov 2026\): 1 de 2 registros y tu código del 19 nov 2026\. /);
});

test("of each device the last day counts, and other servers stay", () => {
  global.document = { querySelectorAll: () => [] };
  lms.people = { now: {} };
  const { received } = require("./load.js")("received");
  const one = { key: "k", name: "UGEL", checked: true };
  const today = "2026-11-30";
  const other = { key: "o", name: "Escuela", checked: true, devices: { a: [9, "2026-11-01"] } };
  const first = received.joined([other], Object.assign({ today, day: "2026-11-20" }, one), { a: 5, b: 2 });
  const older = received.joined(first, Object.assign({ today, day: "2026-11-19" }, one), { a: 3 });
  const newer = received.joined(older, Object.assign({ today, day: "2026-11-26" }, one), { a: 4 });
  assert.deepEqual(older[1].devices, { a: [5, "2026-11-20"], b: [2, "2026-11-20"] });
  assert.deepEqual(newer, [other, Object.assign({ devices: { a: [4, "2026-11-26"], b: [2, "2026-11-20"] } }, one)]);
});

test("a day that cannot be keeps no later receipt away", () => {
  const { received } = lms;
  const server = { key: "k", name: "UGEL", checked: true };
  const brought = (before, day, today, upto, code) => received.joined(before, received.dated(Object.assign({ day }, server), today), upto, code);
  for (const wrong of ["2099-01-01", "2026-11-28", "2024-01-01"]) {
    const first = brought([], wrong, "2026-11-27", { a: 1 }, "");
    assert.match(received.words([{ device: "a", seq: 1 }], first[0]), /\(con una fecha que no puede ser\): todo\./);
    const [then] = brought(first, "2026-11-26", "2026-11-30", { a: 2 }, "");
    assert.deepEqual(then.devices, { a: [2, "2026-11-26"] });
  }
  const ahead = brought([], "2026-12-20", "2026-12-25", { a: 1 }, "2026-12-19"); // the clock of this device was wrong
  const [then] = brought(ahead, "2026-11-26", "2026-11-27", { a: 2 }, "2026-11-25");
  assert.deepEqual([then.devices, then.code], [{ a: [2, "2026-11-26"] }, ["2026-11-25", "2026-11-26"]]);
});

test("what was received is said in words", () => {
  const { received } = lms;
  const own = events(vectors.ids);
  const one = { key: "k", name: "UGEL", checked: true, devices: { [device]: [3, "2026-11-26"] } };
  lms.receiver = "k";
  assert.equal(received.words(own, one), "Recibido por «UGEL» (26 nov 2026): 3 de 5 registros.");
  assert.equal(received.words(own.slice(0, 3), one), "Recibido por «UGEL» (26 nov 2026): todo.");
  lms.receiver = "";
  assert.match(received.words(own, one), /no conocía a ese servidor/);
  assert.match(received.words(own, Object.assign({}, one, { checked: false })), /no puede comprobar la firma/);
});
