const test = require("node:test");
const assert = require("node:assert");
const lms = require("./load.js")("namespace", "ids", "mirror", "journal");

// A store that takes as long as the test wants to open its transaction.
function slowStore() {
  const inner = lms.webStore(lms.memoryArea());
  const store = { waiting: [] };
  store.records = inner.records;
  store.append = (profile, make) => new Promise((resolve) => {
    store.waiting.push(() => inner.append(profile, make).then(resolve));
  });
  store.go = () => Promise.all(store.waiting.splice(0).map((one) => one()));
  return store;
}

const about = { course: "ad", version: "1.0.0", item: "uno" };
const ANA = lms.uuid4();
const BETO = lms.uuid4();
const places = async (profile) => (await lms.store.records(profile)).map((record) => JSON.parse(record.line)).map((event) => [event.profile, event.seq]);

test("a line belongs to who did it, also if the person changes while it is stored", async () => {
  lms.store = slowStore();
  await lms.journal.use(ANA);
  const done = lms.journal.append("lesson.completed", about, {});
  await new Promise(setImmediate);
  await lms.journal.use(BETO);
  await lms.store.go();
  const event = await done;
  assert.equal(event.profile, ANA);
  assert.deepEqual(await places(ANA), [[ANA, 1]]);
  assert.deepEqual(await places(BETO), []);
  assert.deepEqual(lms.journal.events(), []);

  const next = lms.journal.append("lesson.opened", about, {});
  await new Promise(setImmediate);
  await lms.store.go();
  await next;
  assert.deepEqual(await places(BETO), [[BETO, 1]]);
  assert.deepEqual(lms.journal.events().map((one) => one.type), ["lesson.opened"]);
});

test("what another tab erased is forgotten, what it wrote is known, and a store that gave way erases nothing", async () => {
  lms.store = lms.webStore(lms.memoryArea());
  const write = (device, seq) => lms.record({ id: lms.uuid7(), profile: ANA, device, seq, type: "lesson.opened" });
  await lms.store.append(ANA, write);
  await lms.journal.use(ANA);
  await lms.store.append(ANA, write);
  await lms.journal.reload();
  assert.deepEqual(lms.journal.records().map(({ event }) => event.seq).sort(), [1, 2]);

  await lms.store.erase(ANA);
  const last = await lms.journal.append("lesson.completed", about, {});
  await lms.journal.reload();
  assert.deepEqual(lms.journal.events(), [last]);

  lms.store = Object.assign(lms.webStore(lms.memoryArea()), { worn: true });
  await lms.journal.reload();
  assert.deepEqual(lms.journal.events(), [last]);
});

test("a line that is stored while another tab's are read is not forgotten", async () => {
  lms.store = lms.webStore(lms.memoryArea());
  await lms.journal.use(BETO);
  const { records } = lms.store;
  lms.store.records = async (profile) => {
    const before = await records(profile);
    await lms.journal.append("lesson.completed", about, {});
    return before;
  };
  await lms.journal.reload();
  assert.equal(lms.journal.events().length, 1);
});
