"use strict";
const { test } = require("node:test");
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..", "..");
const kinds = path.join(root, "lms", "course", "exercises");
const names = fs.readdirSync(kinds).filter((name) => fs.existsSync(path.join(kinds, name, "exercise.js")));

for (const name of names) {
  require(path.join(kinds, name, "exercise.js"));
  const vectors = JSON.parse(fs.readFileSync(path.join(root, "tests", "vectors", `${name}.json`), "utf8"));
  for (const vector of vectors) {
    test(`${name}: ${vector.name}`, () => {
      const grade = lms.exercises[name].grade(vector.key, vector.answer);
      assert.deepEqual(grade, { mark: vector.mark, feedback: vector.feedback });
    });
  }

  test(`${name} offers what the pages call`, () => {
    for (const work of ["grade", "read", "restore"]) assert.equal(typeof lms.exercises[name][work], "function");
  });
}
