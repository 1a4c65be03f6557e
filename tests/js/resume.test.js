"use strict";
const { test } = require("node:test");
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const lms = require("./load.js")("namespace", "progress", "progress-view");

const vectors = (name) => JSON.parse(fs.readFileSync(path.join(__dirname, "..", "vectors", name + ".json"), "utf8"));
const { outline: name, cases } = vectors("resume");
const outline = vectors("progress").outlines[name];

for (const { name, done, lesson } of cases) {
  test(`«Seguir donde me quedé»: ${name}`, () => {
    const events = done.map(([type, item], i) => ({ id: String(i), type, item, course: outline.course, data: {} }));
    assert.equal(lms.resume(outline, lms.progress(outline, events), events), lesson);
  });
}
