"use strict";
const { test } = require("node:test");
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const lms = require("./load")("namespace", "qr");

// Drawn by segno, with the mask that this encoder chooses.
const vectors = JSON.parse(fs.readFileSync(path.join(__dirname, "../vectors/qr.json"), "utf8"));

vectors.forEach(({ text, version, rows }) => {
  test(`a QR code of version ${version} is drawn as another program draws it`, () => {
    assert.deepEqual(lms.qr(text).map((row) => row.join("")), rows);
  });
});

test("what does not fit, or has other letters, is not drawn", () => {
  assert.equal(lms.qr("A".repeat(600)), null);
  assert.equal(lms.qr("minúsculas"), null);
});
