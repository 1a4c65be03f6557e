"use strict";
const { test } = require("node:test");
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..", "..");
require(path.join(root, "lms/static/js/namespace.js"));
require(path.join(root, "lms/static/js/progress.js"));

const { outlines, cases } = JSON.parse(fs.readFileSync(path.join(root, "tests/vectors/progress.json"), "utf8"));

for (const { name, outline, events, progress } of cases) {
  test(`progress: ${name}`, () => {
    assert.deepEqual(lms.progress(outlines[outline], events), progress);
    assert.deepEqual(lms.progress(outlines[outline], events.slice().reverse().concat(events)), progress);
  });

  test(`progress never falls: ${name}`, () => {
    let before = lms.progress(outlines[outline], []).percent;
    for (let count = 1; count <= events.length; count++) {
      const now = lms.progress(outlines[outline], events.slice(0, count)).percent;
      assert.ok(now >= before);
      before = now;
    }
  });
}

test("an event without a mark, as while it waits to be graded, counts as an attempt", () => {
  const event = { id: "1", course: "curso", type: "exercise.answered", item: "a", data: { answer: 0 } };
  const lesson = lms.progress(outlines.small, [event]).lessons.uno;
  assert.deepEqual(lesson.exercises, { a: { mark: null, attempts: 1 } });
});

test("a mark of 0 to 20 has one decimal, halves up", () => {
  const marks = [[10, 10], [0, 10], [0, 0], [1, 3], [2, 3], [0.1 + 0.2, 8], [6.25, 10], [5.0125, 10], [5.025, 10]];
  assert.deepEqual(marks.map(([sum, count]) => lms.vigesimal(sum, count)), [20, 0, 0, 6.7, 13.3, 0.8, 12.5, 10, 10.1]);
});

test("a rank orders versions as their numbers do, and puts what is none first", () => {
  const ordered = ["0.0.0", "0.0.1", "0.0.9999", "0.1.0", "1.9.0", "1.10.0", "2.0.0", "9999.9999.9999"];
  const ranks = ordered.map(lms.rank);
  assert.deepEqual(ranks, ranks.slice().sort((one, other) => one - other));
  assert.deepEqual([ranks[0], ranks[5], ranks[7]], [0, 100100000, 999999999999]);
  ["", "1", "1.0", "1.0.0.0", "01.0.0", "1.00.0", "10000.0.0", "1.0.0\n", "borrador", "-1.0.0", "1.0.٣", undefined, null]
    .forEach((text) => assert.equal(lms.rank(text), -1, text));
});

test("what no server would take, and a file may have brought, counts for nothing and stops nothing", () => {
  const odd = [null, "x", 3, [], { exercises: { a: null } }, { exercises: { a: {} } }, { exercises: { a: ["x", "y"] } }, { exercises: null, lessons: null, assessments: 4 }];
  const told = odd.map((data, i) => ({ id: "r" + i, course: "curso", version: "1.0.0", type: "progress.reported", item: "curso", data }));
  const answered = { id: "1", course: "curso", type: "exercise.answered", item: "a", data: { answer: 0, mark: 0.5 } };
  assert.deepEqual(lms.progress(outlines.small, told.concat(answered)), lms.progress(outlines.small, [answered]));
});
