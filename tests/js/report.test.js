"use strict";
const { test } = require("node:test");
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const lms = require("./load")("namespace", "sha256", "progress", "journal", "bits", "ranges", "token-items", "token-first", "token", "report");

const { outline, lines, tokens } = JSON.parse(fs.readFileSync(path.join(__dirname, "../vectors/report.json"), "utf8"));

lines.forEach(({ name, token, profile, line }) => {
  test(`a token becomes the same line as on the server: ${name}`, () => {
    assert.equal(lms.report.record(outline, token, profile).line, line);
  });
});

tokens.forEach(({ name, form, events, profile, now, text }) => {
  test(`what was done becomes the same token as on the server: ${name}`, () => {
    const real = Date.now;
    Date.now = () => Date.parse(now);
    try {
      assert.equal(lms.token.encode(lms.token.fitting(lms.report.token(outline, events, profile, form))), text);
    } finally {
      Date.now = real;
    }
  });
});

test("what a token had no room for is said", () => {
  const token = Object.assign(lms.token.decode(lines[0].token), { exercises: [] });
  const said = (change) => lms.report.leftOut(lms.token.encode(Object.assign({}, token, change)));
  assert.equal(said({}), "");
  assert.match(said({ uncounted: true }), /^No entró cuántas veces/);
  assert.match(said({ uncounted: true, unanswered: 3 }), /primeras lecciones/);
  assert.match(said({ form: 1 }), /pero no lo que respondiste/);
  assert.match(said({ form: 0 }), /^Solo entraron las lecciones/);
});

test("what no server would take, and a file may have brought, keeps nobody from a code", () => {
  const { events, profile } = tokens[0];
  const odd = [null, {}, { exercises: null, answers: null }, { exercises: { x: null }, answers: { x: 1 } }, { exercises: {}, answers: 3 }];
  const lines = [].concat(...["progress.reported", "exercise.answered", "assessment.submitted"].map((type) =>
    odd.map((data, i) => ({ id: type + i, course: outline.course, version: outline.version, type, item: "x", data }))));
  assert.equal(lms.report.text(outline, events.concat(lines), profile), lms.report.text(outline, events, profile));
});
