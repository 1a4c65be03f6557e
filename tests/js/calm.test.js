// The outbox on several pages and tabs over one store.
const test = require("node:test");
const assert = require("node:assert");
const lms = require("./load.js")("namespace", "ids", "outbox");
const { receiver, journal, stored } = require("./receiver.js");

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
