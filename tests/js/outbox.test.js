const test = require("node:test");
const assert = require("node:assert");
const lms = require("./load.js")("namespace", "ids", "outbox");

// A receiver at the other end of XMLHttpRequest: answer(lines) gives [status, receipts].
function receiver(answer) {
  const posts = [];
  global.XMLHttpRequest = class {
    open() {}
    setRequestHeader(name, value) { if (name === "Chaski-Perfil") this.profile = value; }
    getResponseHeader() { return null; }
    send(body) {
      const lines = body.trim().split("\n");
      posts.push(Object.assign(lines, { profile: this.profile }));
      const [status, results] = answer(lines, posts.length);
      this.status = status;
      this.responseText = JSON.stringify({ results });
      setImmediate(status ? this.onload : this.onerror);
    }
  };
  return posts;
}

// What its pages share beside lines.
function meta() {
  const kept = new Map();
  return { get: async (key) => kept.get(key), set: async (key, value) => { kept.set(key, value); }, erased: async () => [] };
}

function journal(count) {
  const records = Array.from({ length: count }, (_, i) => ({ id: "id" + i, profile: "p", line: JSON.stringify({ id: "id" + i }), state: "new" }));
  lms.journal = { records: () => records, profile: () => "p", mark: async () => {} };
  lms.store = Object.assign(meta(), { profiles: async () => [], renewDevice: async () => { lms.store.renewed = true; } });
  lms.session = { send: "/events" };
  return records;
}

const stored = (lines) => [200, lines.map((line) => ({ id: JSON.parse(line).id, status: "stored" }))];

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

// The same code as another page has it, over the same store.
function anotherPage() {
  const file = require.resolve("../../lms/static/js/outbox.js");
  delete require.cache[file];
  require(file);
  lms.outbox.soonest = 1;
}

const told = (seconds) => (name) => (name === "Retry-After" ? seconds : null);

test("told when to come again, it leaves the receiver alone on every other page too", async (t) => {
  const real = global.setTimeout;
  t.after(() => { global.setTimeout = real; });
  global.setTimeout = () => 0;
  journal(2);
  const posts = receiver(() => [429, []]);
  global.XMLHttpRequest.prototype.getResponseHeader = told("600");
  for (let page = 0; page < 5; page += 1) {
    anotherPage();
    await lms.outbox.flush();
  }
  assert.equal(posts.length, 1);
  const until = await lms.store.get("calm");
  assert.ok(until >= Date.now() + 599000 && until <= Date.now() + 900000);
  await lms.store.set("calm", Date.now() - 1);
  await lms.outbox.flush();
  assert.equal(posts.length, 2, "the time is over");
});

test("a clock that was put back, or a store that does not answer, keeps nobody from sending", async () => {
  for (const calm of [async () => Date.now() + 6e6, async () => { throw new Error("closed"); }, async () => null]) {
    const records = journal(1);
    const posts = receiver(stored);
    lms.store.get = calm;
    anotherPage();
    await lms.outbox.flush();
    assert.deepEqual([posts.length, records[0].state], [1, "sent"]);
  }
});

test("what another tab erased is not sent, and the rest is", async () => {
  const records = journal(4);
  const gone = records.slice(1, 3);
  const posts = receiver(stored);
  lms.store.erased = async (some) => some.filter((record) => gone.includes(record));
  const marked = [];
  lms.journal.mark = async (some) => { marked.push(...some); };
  await lms.outbox.flush();
  assert.deepEqual(posts.map((lines) => [...lines]), [[records[0].line, records[3].line]]);
  assert.deepEqual(marked, [records[0], records[3]]);
  assert.equal(lms.outbox.waiting, 0);
});
