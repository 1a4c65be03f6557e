"use strict";
// Bookmarks and notes: the same as lms/events/own.py makes of them.
const { test } = require("node:test");
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const lms = require("./load.js")("namespace", "own");

const vectors = JSON.parse(fs.readFileSync(path.join(__dirname, "..", "vectors", "own.json"), "utf8"));

for (const { name, events, own } of vectors) {
  test(name, () => {
    assert.deepEqual(lms.own(events), own);
    assert.deepEqual(lms.own(events.slice().reverse()), own);
  });
}

test("what a server said gives way to what was written since", () => {
  const said = lms.own.said("uno", { marked: true, texts: ["agua", "río"], marks: ["1"], notes: ["2", "3"] });
  const since = { id: "4", type: "note.written", item: "uno", data: { text: "los dos", after: ["2", "3"] } };
  assert.deepEqual(lms.own(said.concat(since)), { uno: { marked: true, texts: ["los dos"], marks: ["1"], notes: ["4"] } });
});
