"use strict";
const { test } = require("node:test");
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const lms = require("./load")("namespace", "bits", "ranges", "token-items", "token-first", "token");

const vectors = JSON.parse(fs.readFileSync(path.join(__dirname, "../vectors/token.json"), "utf8"));

vectors.read.forEach(({ name, token, text }) => {
  test(`token: ${name}`, () => {
    assert.equal(lms.token.encode(token), text);
    assert.deepEqual(lms.token.decode(text), token);
  });
});

vectors.first.forEach(({ name, token, text }) => {
  test(`a token of the first format is read for ever: ${name}`, () => assert.deepEqual(lms.token.decode(text), token));
});

vectors.fitting.forEach(({ name, token, text }) => {
  test(`a token is made to fit: ${name}`, () => assert.equal(lms.token.encode(lms.token.fitting(token)), text));
});

vectors.found.forEach(({ name, text, tokens }) => {
  test(`every token is found, put together and once: ${name}`, () => assert.deepEqual(lms.token.foundIn(text), tokens));
});

test("all codes of a chat of 200 messages are found though each was broken", () => {
  const long = vectors.fitting.map(({ token }) => token).pop();
  const codes = Array.from({ length: 200 }, (_, n) =>
    lms.token.encode(lms.token.fitting(Object.assign({}, long, { profile: String(n).padStart(12, "0") }))));
  const chat = codes.map((code) => "25/11/26, 10:03 - Nélida: mi avance\n" + code.match(/.{1,18}/g).join("\n") + "\n").join("");
  assert.deepEqual(lms.token.foundIn(chat), codes);
});

test("a chat made to cost time costs little", () => {
  ["22222 ", "2".repeat(60) + "\n", "22222 ".repeat(20) + "2 ".repeat(60), "2".repeat(40) + " "].forEach((line) => {
    const began = process.cpuUsage();
    assert.ok(lms.token.foundIn(line.repeat(256 * 1024 / line.length)).length <= 2);
    assert.ok(process.cpuUsage(began).user < 4e6);
  });
});

vectors.refused.forEach(({ name, text }) => {
  test(`a token is refused: ${name}`, () => assert.throws(() => lms.token.decode(text), /El código/));
});

test("a token may be written by hand: small letters, hyphens, look-alikes", () => {
  vectors.same.forEach((text) => assert.deepEqual(lms.token.decode(text), vectors.read[1].token));
});

test("any other letter in place of one is refused", () => {
  const good = vectors.read[3].text;
  for (let at = 0; at < good.length; at += 1) {
    for (const letter of "0123456789ABCDEFGHJKMNPQRSTVWXYZ") {
      if (letter !== good[at]) assert.throws(() => lms.token.decode(good.slice(0, at) + letter + good.slice(at + 1)));
    }
  }
});
