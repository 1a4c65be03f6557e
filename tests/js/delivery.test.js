"use strict";
const { test } = require("node:test");
const assert = require("node:assert/strict");
const load = require("./load.js");

global.lms = { assessments: {} };
load("progress", "delivery"); // its marks are written by progress.js

test("a mark is written as the server writes it: a point, at most one decimal", () => {
  assert.deepEqual([17, 16.5, 0, 8.7, 12.000000001].map(lms.number), ["17", "16.5", "0", "8.7", "12"]);
});
