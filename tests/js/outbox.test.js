const test = require("node:test");
const assert = require("node:assert");
const lms = require("./load.js")("namespace", "ids", "outbox");
const { receiver, journal, stored } = require("./receiver.js");

test("lines go in batches of a hundred until all have their receipt", async () => {
  const records = journal(250);
  const posts = receiver(stored);
  await lms.outbox.flush();
  assert.deepEqual(posts.map((lines) => lines.length), [100, 100, 50]);
  assert.ok(records.every((record) => record.state === "sent"));
  assert.equal(lms.outbox.state, "sent");
});

test("with nowhere to send, lines stay and nothing is asked of the network", async () => {
  const records = journal(2);
  lms.session = { send: null };
  const posts = receiver(stored);
  await lms.outbox.flush();
  assert.equal(posts.length, 0);
  assert.equal(lms.outbox.state, "kept");
  assert.equal(records[0].state, "new");
});

test("a server with a full disk is asked again later, and every line stays until then", async () => {
  const records = journal(120);
  const posts = receiver((lines, count) => (count === 1 ? [503, []] : stored(lines)));
  await lms.outbox.flush();
  assert.equal(posts.length, 1);
  assert.equal(lms.outbox.state, "pending");
  assert.ok(records.every((record) => record.state === "new"));
  await lms.outbox.flush();
  assert.ok(records.every((record) => record.state === "sent"));
});

test("a line that the receiver cannot stand is found by halving and set aside", async () => {
  const records = journal(20);
  receiver((lines) => (lines.some((line) => line.includes('"id13"')) ? [400, []] : stored(lines)));
  await lms.outbox.flush();
  assert.deepEqual(records.filter((record) => record.state !== "sent").map((record) => [record.id, record.state]), [["id13", "refused"]]);
});

test("a refused line is kept, said and not tried again while the page is open", async () => {
  const records = journal(1);
  const posts = receiver(() => [200, [{ id: "id0", status: "refused", reason: "no existe la lección" }]]);
  records[0].id = "refused-once";
  receiver((lines) => { posts.push(lines); return [200, [{ id: "refused-once", status: "refused", reason: "no existe" }]]; });
  await lms.outbox.flush();
  await lms.outbox.flush();
  assert.equal(posts.length, 1);
  assert.equal(records[0].state, "refused");
  assert.match(lms.outbox.problem, /no existe/);
});

test("a fork makes the device take a new id", async () => {
  journal(1);
  receiver((lines) => [200, lines.map(() => ({ id: "id0", status: "stored", fork: true }))]);
  await lms.outbox.flush();
  assert.ok(lms.store.renewed);
});

test("what an earlier guest left goes after the lines of whose page it is, and each sending says whose that is", async () => {
  journal(120);
  const left = Array.from({ length: 3 }, (_, i) => ({ id: "left" + i, profile: "old", line: JSON.stringify({ id: "left" + i }), state: "new" }));
  lms.store.profiles = async () => [{ id: "p", guest: true }, { id: "old", guest: true }];
  lms.store.records = async (id) => (id === "old" ? left : []);
  global.addEventListener = () => {};
  global.document = { addEventListener() {} };
  const posts = receiver(stored);
  await lms.outbox.start();
  assert.deepEqual(posts.map((lines) => lines.length), [100, 23]);
  assert.deepEqual(posts.map((lines) => lines.profile), ["p", "p"]);
  assert.deepEqual(posts[1].slice(-3), left.map((record) => record.line));
  assert.ok(left.every((record) => record.state === "sent"));
});

test("told when to come again, it leaves the receiver alone until then, whatever is done meanwhile", async () => {
  const records = journal(2);
  const posts = receiver((lines, count) => (count === 1 ? [429, []] : stored(lines)));
  global.XMLHttpRequest.prototype.getResponseHeader = (name) => (name === "Retry-After" ? "1" : null);
  const begun = performance.now();
  await lms.outbox.flush();
  await lms.outbox.flush();
  assert.equal(posts.length, 1);
  assert.equal(lms.outbox.state, "pending");
  while (records.some((record) => record.state === "new")) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(performance.now() - begun >= 1000);
  assert.equal(posts.length, 2);
});
