const test = require("node:test");
const assert = require("node:assert");
const vectors = require("../vectors/receipt.json");
const lms = require("./load.js")("namespace", "ids", "sha256", "bits", "sealing", "closing", "carrier", "ranges", "token-items", "token-first", "token", "chain", "receipt");

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

test("events in a device's name that are not its own are told", async () => {
  const one = await lms.receipt.read(vectors.text);
  const own = events(vectors.ids);
  const others = (places, some, asking) => lms.receipt.others(only(one, ...places), profile, some, asking);
  assert.equal(others([0, 1], own, device), false, "all are its own");
  assert.equal(others([2], own, ""), true, "other ids on its numbers");
  assert.equal(others([1], own.slice(0, 4), device), true, "more than it ever wrote");
  assert.equal(others([1], own.slice(0, 4), "another"), false, "of another device an older file may be here");
  assert.equal(others([1], own.filter((event) => event.seq !== 2), device), false, "one is missing here");
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

Object.entries(vectors.nobodys).forEach(([kind, words]) => words.forEach((said) => {
  test("what stands before a receipt says that it is in nobody's name: " + said.slice(0, 30), async () => {
    assert.equal((await lms.receipt.read(said + " " + vectors.line)).nobodys, kind);
    const [one, other] = lms.receipt.apart(said.replace(/ /g, "\n ") + "\n" + vectors.line + "\n" + vectors.text.replace("0K8P", "0K8Q")).receipts;
    assert.equal((await lms.receipt.read(one)).nobodys, kind, "also all over a chat");
    assert.doesNotMatch(other, /nadie/, "another receipt is told by itself");
  });
}));

test("a receipt of what is in somebody's name says nothing of it", async () => {
  assert.equal((await lms.receipt.read(vectors.text)).nobodys, "");
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
