"use strict";
const { test } = require("node:test");
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const lms = require("./load.js")("namespace", "progress", "progress-view");

const vectors = (name) => JSON.parse(fs.readFileSync(path.join(__dirname, "..", "vectors", name + ".json"), "utf8"));
const { outline: usual, cases } = vectors("resume");
const { outlines } = vectors("progress");

for (const { name, outline: other, done, lesson, begun } of cases) {
  test(`«Seguir donde me quedé»: ${name}`, () => {
    const outline = outlines[other || usual];
    const events = done.map(([type, item, mark, data], i) => (
      { id: String(i), type, item, course: outline.course, version: outline.version, data: data || { mark } }));
    const progress = lms.progress(outline, events);
    assert.equal(lms.resume(outline, progress, events), lesson);
    assert.equal(lms.begun(outline, lesson, progress), begun === undefined ? Boolean(lesson) : begun);
  });
}
