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

for (const { name, own, said } of vectors.filter((vector) => vector.said)) {
  test(name + ", as a server says it", () => {
    Object.keys(said).forEach((lesson) => assert.deepEqual(lms.own(lms.own.said(lesson, said[lesson])), { [lesson]: own[lesson] }));
  });
}

test("what a server said gives way to what was written since", () => {
  const said = lms.own.said("uno", [["1", true], ["2", "agua"], ["3", "río"]]);
  const since = { id: "4", type: "note.written", item: "uno", data: { text: "los dos", after: ["2", "3"] } };
  assert.deepEqual(lms.own(said.concat(since)), { uno: { marked: true, texts: ["los dos"], marks: ["1"], notes: ["4"] } });
});

test("a version that was replaced elsewhere is gone, and one that was deleted stays so", () => {
  const said = lms.own.said("uno", [["1", ""], ["2", "agua"]]);
  const since = { id: "3", type: "note.written", item: "uno", data: { text: "río", after: ["2"] } };
  assert.deepEqual(lms.own(said.concat(since)).uno.texts, ["río"]);
});

test("a bookmark that was taken off elsewhere is not put on by the one beside it", () => {
  const said = lms.own.said("uno", [["1", false], ["2", true]]);
  const since = { id: "3", type: "lesson.bookmarked", item: "uno", data: { marked: false, after: ["2"] } };
  assert.equal(lms.own(said.concat(since)).uno.marked, false);
});

test("a mark or a note with nothing in it, as a file may have brought, is passed over", () => {
  assert.deepEqual(lms.own([{ id: "1", item: "uno", type: "note.written", data: null }]), {});
});
