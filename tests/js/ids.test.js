const test = require("node:test");
const assert = require("node:assert");
const lms = require("./load.js")("namespace", "ids");

test("a UUIDv4 has its version and variant and never repeats", () => {
  const made = new Set(Array.from({ length: 2000 }, lms.uuid4));
  assert.equal(made.size, 2000);
  made.forEach((id) => assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/));
});

test("a UUIDv7 begins with its time, so later ids sort later", () => {
  const time = Date.UTC(2026, 10, 23, 13, 40);
  const id = lms.uuid7(time);
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(parseInt(id.replace("-", "").slice(0, 12), 16), time);
  assert.ok(lms.uuid7(time) < lms.uuid7(time + 1));
});
