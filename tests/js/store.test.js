const test = require("node:test");
const assert = require("node:assert");
const lms = require("./load.js")("namespace", "ids", "mirror");

const make = (profile) => (device, seq) => ({ id: lms.uuid7(), profile, course: "ad", line: JSON.stringify({ device, seq }), state: "new" });
const seqs = (records) => records.map((record) => JSON.parse(record.line).seq).sort((a, b) => a - b);

test("seq counts from 1 without gaps, for each profile", async () => {
  const store = lms.webStore(lms.memoryArea());
  for (const profile of ["a", "b", "a", "a", "b"]) await store.append(profile, make(profile));
  assert.deepEqual(seqs(await store.records("a")), [1, 2, 3]);
  assert.deepEqual(seqs(await store.records("b")), [1, 2]);
});

test("merging adds only what is missing, any number of times", async () => {
  const [here, there] = [lms.webStore(lms.memoryArea()), lms.webStore(lms.memoryArea())];
  await here.append("a", make("a"));
  const records = await here.records("a");
  assert.equal((await there.merge(records)).length, 1);
  assert.equal((await there.merge(records)).length, 0);
  assert.deepEqual(await there.records("a"), records);
});

test("erasing a person leaves the others, and seq goes on if the person comes back", async () => {
  const store = lms.webStore(lms.memoryArea());
  await store.append("a", make("a"));
  await store.append("b", make("b"));
  const carried = await store.records("a");
  await store.put("meta", "draft|a|ad|e", { attempt: 1 });
  await store.erase("a");
  assert.deepEqual(await store.records("a"), []);
  assert.equal(await store.get("meta", "draft|a|ad|e"), null);
  assert.equal((await store.records("b")).length, 1);
  await store.merge(carried);
  await store.append("a", make("a"));
  assert.deepEqual(seqs(await store.records("a")), [1, 2]);
});

test("a copy forgets what was sent, and its oldest lines when it grows too big", async () => {
  const store = lms.webStore(lms.memoryArea());
  const record = (time, state) => ({ id: lms.uuid7(time), profile: "a", course: "ad", line: "x".repeat(3000), state });
  const sent = record(1, "new");
  store.copy(sent);
  store.copy(Object.assign({}, sent, { state: "sent" }));
  assert.deepEqual(await store.records("a"), []);
  const all = Array.from({ length: 600 }, (_, i) => record(i + 10, "new"));
  all.forEach(store.copy);
  const kept = (await store.records("a")).map((one) => one.id).sort();
  assert.ok(kept.length < 500 && kept.length > 400);
  assert.deepEqual(kept, all.slice(-kept.length).map((one) => one.id));
});

test("half a line after a power cut is passed over", async () => {
  const area = lms.memoryArea();
  area.setItem("chaski|e|a|ad|x", "{\"id\":\"x");
  assert.deepEqual(await lms.webStore(area).records("a"), []);
});

test("saving again writes what is still there and brings nothing back that was erased", async () => {
  const store = lms.webStore(lms.memoryArea());
  for (const profile of ["a", "a", "b"]) await store.append(profile, make(profile));
  const known = (await store.records("a")).concat(await store.records("b")).map((record) => Object.assign(record, { state: "sent" }));
  await store.erase("a");
  assert.deepEqual(await store.save(known), known.slice(2));
  assert.deepEqual([await store.records("a"), (await store.records("b")).map(({ state }) => state)], [[], ["sent"]]);
  assert.deepEqual(await Promise.all(known.map(store.has)), [false, false, true]);
});

// A page's store over a Web Storage area; `area` stands for the browser's, and IndexedDB is not there.
async function opened(area) {
  global.localStorage = area;
  lms.openIdb = async () => { throw new Error("no IndexedDB"); };
  global.BroadcastChannel = undefined; // an open one would keep this process from ending
  global.addEventListener = () => {};
  const file = require.resolve("../../lms/static/js/store.js");
  delete require.cache[file];
  require(file);
  await lms.store.open();
  return lms.store;
}

test("what a full or broken store cannot give is not taken for erased", async (t) => {
  t.mock.method(console, "warn", () => {});
  const area = lms.memoryArea();
  const store = await opened(area);
  await store.append("a", make("a"));
  await store.append("a", make("a"));
  const [kept, gone] = await store.records("a");
  area.removeItem(["chaski|e|a|ad", gone.id].join("|"));
  assert.deepEqual(await store.erased([kept, gone]), [gone], "another tab erased it");

  area.setItem = () => { throw new Error("full"); };
  await store.append("a", make("a"));
  assert.deepEqual([store.kind, store.worn], ["memory", true]);
  assert.deepEqual(await store.erased([kept, gone]), []);
});
