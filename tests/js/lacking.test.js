const test = require("node:test");
const assert = require("node:assert");
const lms = require("./load.js")("namespace", "sha256", "chain", "receipts");

const sent = (device, seq) => ({ id: device + seq, state: "sent", line: JSON.stringify({ device, seq }) });
const RECORDS = [sent("a", 1), sent("a", 2), sent("a", 3), sent("b", 1)];
const ids = (records) => records.map((record) => record.id);
const vector = require("../vectors/chain.json");

// What a server says of a device of which it has these ids, up to which seq without a gap and the last of all.
const head = (device, some, upto, last) =>
  ["p", device, upto === undefined ? some.length : upto, last || some.length, some.length, lms.chained(some).pop()];
const lost = (records, heads) => [].concat(...lms.receipts.lacking(records, heads).map((one) => one.lost));

test("the ids of a device are chained as a server does", () => assert.deepEqual(lms.chained(vector.ids), vector.digests));

test("a server that has all is given nothing again", () => {
  assert.deepEqual(lost(RECORDS, [head("a", ["a1", "a2", "a3"]), head("b", ["b1"])]), []);
});

test("a server that was put back to an older day gets what came after", () => {
  assert.deepEqual(ids(lost(RECORDS, [head("a", ["a1"]), head("b", ["b1"])])), ["a2", "a3"]);
});

test("a server that knows nothing of a device gets all of it", () => {
  assert.deepEqual(ids(lost(RECORDS, [head("a", ["a1", "a2", "a3"])])), ["b1"]);
});

test("a line that was refused long ago does not make the rest go again", () => {
  assert.deepEqual(lost([RECORDS[0], RECORDS[2]], [head("a", ["a1", "a3"], 1, 3)]), []);
  const refused = Object.assign(sent("a", 2), { state: "refused" });
  assert.deepEqual(lost([RECORDS[0], refused, RECORDS[2]], [head("a", ["a1", "a3"], 1, 3)]), []);
});

test("a line that arrived although its answer was lost does not make the rest go again", () => {
  const onItsWay = Object.assign(sent("a", 4), { state: "new" });
  assert.deepEqual(lost(RECORDS.slice(0, 3).concat(onItsWay), [head("a", ["a1", "a2", "a3", "a4"])]), []);
});

test("a server that has others' lines in the place of what it lost gets all of that device", () => {
  const five = [1, 2, 3, 4, 5].map((seq) => sent("a", seq));
  const [own, others] = [["a1", "a2", "a3"], ["c4", "c5"]];
  for (const said of [head("a", own.concat(others)), head("a", own.concat("c9", "ca"), 3, 10), head("a", own.concat("c4", "c5", "c6", "c7"))]) {
    assert.deepEqual(lms.receipts.lacking(five, [said]), [{ name: "a others", lost: five, sure: 0 }]);
  }
  assert.equal(lms.receipts.lacking(five, [head("a", ["a1", "c2"])])[0].sure, 3, "it has two at most of the five");
});
