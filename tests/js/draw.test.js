"use strict";
const { test } = require("node:test");
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..", "..");
require(path.join(root, "lms/static/js/sha256.js"));
require(path.join(root, "lms/static/js/draw.js"));

function vectors(name) {
  return JSON.parse(fs.readFileSync(path.join(root, "tests/vectors", `${name}.json`), "utf8"));
}

for (const { text, digest } of vectors("sha256")) {
  test(`sha256 of ${text.length} letters: ${text.slice(0, 12)}`, () => {
    assert.equal(lms.sha256(text), digest);
  });
}

for (const vector of vectors("draw")) {
  test(`draw ${vector.count} of ${vector.names.length}, attempt ${vector.attempt}`, () => {
    const { profile, rev, attempt, names, count, drawn } = vector;
    assert.deepEqual(lms.draw(profile, rev, attempt, names, count), drawn);
  });
}

test("half a surrogate pair is hashed as U+FFFD, and does not stop anything", () => {
  assert.equal(lms.sha256("\ud83d"), lms.sha256("\ufffd"));
});
