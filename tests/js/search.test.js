"use strict";
const { test } = require("node:test");
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..", "..");
for (const name of ["namespace", "fold", "stem", "rank", "glossary", "scan", "vocabulary", "search", "extracts", "results", "search-view"]) {
  require(path.join(root, "lms", "static", "js", `${name}.js`));
}
const vectors = (name) => JSON.parse(fs.readFileSync(path.join(root, "tests", "vectors", `${name}.json`), "utf8"));
const { analysis, ranking } = lms;

test("texts become the same words and forms as on the server", () => {
  for (const { text, words } of vectors("analysis")) {
    const found = analysis.words(analysis.normal(text)).map(([start, word]) => ({
      start, word, fold: analysis.fold(word), forms: analysis.forms(word), query: analysis.queryForms(word),
    }));
    assert.deepEqual(found, words, text);
  }
});

test("words have the published Snowball stems, and the light ones", () => {
  const { snowball, light } = vectors("stem");
  for (const word of Object.keys(snowball)) assert.equal(lms.stem.snowball(word), snowball[word], word);
  for (const word of Object.keys(light)) assert.equal(lms.stem.light(word), light[word], word);
});

test("whatever shares a form with a word begins with its stump, the three vowels apart", () => {
  const { snowball, light } = vectors("stem");
  const known = new Set(Object.keys(snowball).concat(Object.keys(light), "presencia presente luz luces logía soluciones".split(" ")));
  const alike = new Map();
  known.forEach((word) => analysis.forms(word).filter((form) => form[0] !== "^").forEach((form) => {
    if (!alike.has(form)) alike.set(form, new Set());
    alike.get(form).add(word);
  }));
  alike.forEach((words) => words.forEach((one) => words.forEach((other) => {
    assert.ok(analysis.plain(analysis.fold(one)).startsWith(analysis.stump(other)), one + " · " + other);
  })));
});

test("who asks for a term is told what it means, as on the server", () => {
  const { terms, queries } = vectors("glossary");
  for (const { query, defined } of queries) assert.deepEqual(lms.defined(terms, query).map((term) => term.id), defined, query);
});

test("a typo is one letter away", () => {
  const typos = new Set(ranking.typos("luz"));
  for (const one of ["uz", "lz", "lu", "ulz", "lzu", "luzz", "luces".slice(0, 3), "0luz", "lus"]) assert.ok(typos.has(one), one);
  assert.ok(!typos.has("lzus"));
});

const passage = (lesson, title, heading, text) => ({ lesson, title, anchor: lesson + "--" + heading, heading, text });
const few = [
  passage("uno", "El agua", "El agua", "Cuidamos el agua. El niño y la niña la llevan."),
  passage("uno", "El agua", "Mitos", "Nadie la bebe sin hervir. P’anqa es un libro, p'anqakuna son varios."),
  passage("dos", "El año", "El año", "Un año tiene doce meses y un ano solo es una errata."),
];
const anchors = (query) => lms.search(few, query, 9).map((hit) => hit.anchor);

test("ñ is found as n, and ranked below it", () => {
  assert.deepEqual(anchors("nino"), ["uno--El agua"]);
  const score = (query) => lms.search(few, query, 1)[0].score;
  assert.ok(score("niño") > 0);
  assert.ok(lms.search(few, "año", 1)[0].score > lms.search(few, "ano", 1)[0].score);
});

test("all apostrophes are one, and none", () => {
  for (const query of ["p'anqa", "pʼanqa", "panqa", "P´anqa"]) assert.deepEqual(anchors(query), ["uno--Mitos"], query);
});

test("a letter that counts as two is found by either spelling, wherever in its word it stands", () => {
  const street = [passage("uno", "Calles", "Calles", "La Hauptstraße es larga. Otra strasse es corta."), ...few];
  const marked = (query) => lms.search(street, query, 1)[0].extract.filter((piece) => piece.mark).map((piece) => piece.text);
  assert.deepEqual(marked("hauptstrasse"), ["Hauptstraße"]);
  assert.deepEqual(marked("straße"), ["strasse"]);
});

test("a word is common when it stands, just so, in more passages than that", () => {
  const index = lms.scan.prepare(few);
  assert.ok(lms.scan.common(index, "el", 1));
  assert.ok(!lms.scan.common(index, "el", 3));
  assert.ok(!lms.scan.common(index, "agu", 0));
  assert.ok(!lms.scan.common(index, "", 0));
});

test("words of an extract are marked and nothing of it is lost", () => {
  const [hit] = lms.search(few, "niñas", 1);
  assert.equal(hit.extract.map((piece) => piece.text).join(""), few[0].text);
  assert.deepEqual(hit.extract.filter((piece) => piece.mark).map((piece) => piece.text), ["niño", "niña"]);
});

test("titles and the words a lesson is asked by are marked as on the server", () => {
  for (const { query, text, marked, keywords, phrase } of vectors("marking")) {
    const sought = new Set(analysis.words(analysis.normal(query)).reduce((all, [, word]) => all.concat(analysis.forms(word)), []));
    const plain = (pieces) => pieces.map((piece) => (piece.mark ? "[" + piece.text + "]" : piece.text)).join("");
    assert.equal(plain(lms.marked(text, sought)), marked, query);
    assert.equal(plain(lms.phrase(keywords, lms.marked(text, sought), sought)), phrase, query);
  }
});

test("a lesson's title answers once, with the passage that opens it", () => {
  assert.deepEqual(anchors("agua").filter((anchor) => anchor === "uno--Mitos"), []);
});

test("what nobody wrote finds nothing, and odd queries break nothing", () => {
  for (const query of ["xyzw", "", "   ", "'", "q", "¿?", "ñ".repeat(300), "a b c d e f g h i j k l m n o p"]) {
    assert.ok(Array.isArray(lms.search(few, query, 5)), query);
  }
  assert.deepEqual(lms.find([], "agua", 5), { hits: [], total: 0, meant: "", sought: new Set() });
});

// The server's tests (tests/search) write what they found to this file and run this one with it.
const answers = process.env.SERVER_ANSWERS;
if (answers) test("the whole course gives what the server gave", () => {
  const { passages, weights, found } = JSON.parse(fs.readFileSync(answers, "utf8"));
  for (const name of Object.keys(weights)) assert.deepEqual(ranking[name], weights[name], name);
  for (const { query, total, meant, hits } of found) {
    const here = lms.find(passages, query, 20);
    const plain = (pieces) => pieces.map((piece) => [piece.text, piece.mark]);
    const shown = here.hits.map((hit) => {
      const heading = lms.marked(hit.heading, here.sought);
      const phrase = lms.phrase(hit.keywords, heading.concat(hit.extract), here.sought);
      return [hit.anchor, hit.score, plain(hit.extract), plain(lms.marked(hit.title, here.sought)), plain(heading), plain(phrase)];
    });
    assert.deepEqual({ total: here.total, meant: here.meant, hits: shown }, { total, meant, hits }, query);
  }
});

test("what was made ahead answers as the text itself does", () => {
  const texts = ["El agua del río Qosqo, y l’agua de Q'ero.", "La señal llega; la sen\u0303al y el niño, los niños.", "Straße, strasse. Cargué las baterías: carga la batería."];
  const passages = () => texts.concat(texts).map((text, i) => (
    { course: i < 3 ? "uno" : "dos", lesson: String(i), anchor: "a" + i, title: "Lección " + i, heading: text.slice(0, 12), text }));
  const [plain, ahead] = [passages(), passages()];
  const index = lms.scan.prepare(ahead);
  const rehearsed = [];
  const steps = lms.vocabulary.ahead(ahead, (query) => rehearsed.push(query));
  steps.next();
  assert.ok(lms.vocabulary.ahead(ahead).next().done, "made twice");
  while (!steps.next().done);
  assert.ok(index.words && index.spellings && rehearsed.length);
  const spelled = lms.scan.spellings(lms.scan.prepare(plain));
  spelled.forEach((word) => [0, 1, 2, 3].forEach((limit) =>
    assert.equal(lms.scan.common(index, word, limit), lms.scan.common(lms.scan.prepare(plain), word, limit), word + limit)));
  assert.deepEqual(Array.from(index.spellings).sort(), Array.from(spelled).sort());
  const asked = Array.from(spelled).concat("bateria cargador", "qusqu", "qero", "batelia", "sena", "a", "", "zzz", texts);
  asked.forEach((query) => assert.deepEqual(lms.find(ahead, query, 40), lms.find(plain, query, 40), query));
});
