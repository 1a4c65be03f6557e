const test = require("node:test");
const assert = require("node:assert");
global.document = { querySelectorAll: () => [] };
const { saved } = require("./load.js")("namespace", "saved");

const done = (device, seq) => ({ device, seq, type: "lesson.completed" });
const looked = (device, seq) => ({ device, seq, type: "lesson.opened" });

test("only here is what was done and is in no file and in no receipt", () => {
  const events = [looked("a", 1), done("a", 2), done("b", 1)];
  const only = (kept) => saved.onlyHere(events, kept);
  const receipt = (devices) => ({ received: [{ devices: {} }, { devices }] });
  assert.equal(only({}), true);
  assert.equal(only({ saved: { a: 2 } }), true, "what another device wrote is left");
  assert.equal(only({ saved: { a: 2, b: 1 } }), false);
  assert.equal(only(receipt({ a: [2, "2026-11-26"], b: [1, "2026-11-26"] })), false);
  assert.equal(only(receipt({ a: [1, "2026-11-26"], b: [1, "2026-11-26"] })), true, "received up to before it");
  assert.equal(only(Object.assign({ saved: { b: 1 } }, receipt({ a: [2, ""] }))), false, "each its own way");
  assert.equal(saved.onlyHere([looked("a", 1)], {}), false, "nothing was done");
});
