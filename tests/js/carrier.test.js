const test = require("node:test");
const assert = require("node:assert");
const crypto = require("node:crypto");
const lms = require("./load.js")("namespace", "ids", "sha256", "journal", "carrier");

const ABOUT = { name: "Nélida Ñahui", course: "Alfabetización Digital", date: new Date(2026, 10, 23) };
const event = (changes) => Object.assign({
  v: 1, id: lms.uuid7(), type: "lesson.opened", at: "2026-11-23T13:40:00.123Z", device: lms.uuid4(), profile: lms.uuid4(),
  seq: 1, course: "ad", version: "1", item: "uno", data: {},
}, changes);
const lines = [event({}), event({ type: "profile.identified", data: { name: "Nélida" } })].map((one) => JSON.stringify(one));
const text = lms.carrier.build(lines, ABOUT);

test("a file says whose it is and ends with the hash of all before", () => {
  const [first, title, advice] = text.split("\n");
  assert.equal(first, "CHASKI AVANCE 1");
  assert.equal(title, "# Avance de Nélida Ñahui · Alfabetización Digital · 23 nov 2026 · 2 registros");
  assert.match(advice, /^# No cambies este archivo/);
  const [, body, hash] = /^([^]*)SHA256 ([0-9a-f]{64})\n$/.exec(text);
  assert.equal(hash, crypto.createHash("sha256").update(body, "utf8").digest("hex"));
});

test("what was saved is read back, also after mail or an editor touched line ends", () => {
  assert.deepEqual(lms.carrier.parse(text), lines);
  assert.deepEqual(lms.carrier.parse("\ufeff" + text.replace(/\n/g, "\r\n") + "\r\n\r\n"), lines);
});

test("a name with a line break cannot add lines", () => {
  const sly = lms.carrier.build(lines, Object.assign({}, ABOUT, { name: "A\n{\"v\":1}" }));
  assert.deepEqual(lms.carrier.parse(sly), lines);
});

[
  ["", /vacío/],
  ["  \n", /vacío/],
  ["Hola", /no es de avance/],
  [text.replace("AVANCE 1", "AVANCE 2"), /está cerrado/],
  [text.replace("AVANCE 1", "AVANCE 3"), /versión más nueva/],
  [text.slice(0, -20), /incompleto/],
  [text.replace("uno", "dos"), /cambió/],
  [text.replace("SHA256", "x\nSHA256"), /cambió/],
].forEach(([spoilt, sentence]) => {
  test("a spoilt file is refused: " + sentence, () => assert.throws(() => lms.carrier.parse(spoilt), sentence));
});

test("a closed file says which server opens it, as far as its heading says", () => {
  const closed = (advice) => () => lms.carrier.parse(["CHASKI AVANCE 2", "# Avance de Nélida", advice, "QUJD", "FIN", ""].join("\n"));
  assert.throws(closed("# Cerrado: solo lo abre el servidor 87282-11111-22222-33333. Súbelo allí"), /el servidor 87282-11111-22222-33333\. Súbelo allí/);
  assert.throws(closed("# Cerrado"), /el servidor para el que se hizo\. Súbelo allí, o guarda tu avance otra vez, con «Para otro equipo mío, abierto»/);
});

test("lines become records with their exact text; what is no event is left out", () => {
  const spaced = lines[0].replace("{", "{ ");
  const records = lms.carrier.records([spaced, "{", "null", "{\"id\":\"x\"}"]);
  assert.equal(records.length, 1);
  assert.equal(records[0].line, spaced);
  assert.equal(records[0].state, "new");
});

test("a line whose contents no server takes is left out, and one of a newer version is not", () => {
  const taken = (type, data, v) => lms.carrier.records([JSON.stringify(event({ type, data, v: v || 1 }))]).length;
  const said = (changes) => Object.assign({ token: "T", day: "2026-11-23", lessons: {}, exercises: {}, assessments: {}, answers: {} }, changes);
  [null, [], "x", 3].forEach((data) => ["exercise.answered", "progress.reported", "lesson.opened"].forEach((type) => assert.equal(taken(type, data), 0)));
  [{ exercises: { x: null } }, { exercises: { x: [1] } }, { assessments: [] }, { lessons: null }, { answers: "x" }]
    .forEach((changes) => assert.equal(taken("progress.reported", said(changes)), 0, JSON.stringify(changes)));
  assert.equal(taken("progress.reported", { exercises: { x: null } }), 0);
  [undefined, {}, [null]].forEach((answers) => assert.equal(taken("assessment.submitted", { answers }), 0));
  assert.equal(taken("note.written", { text: "x", after: "y" }), 0);

  assert.equal(taken("progress.reported", said({ exercises: { x: [null, 1], y: [0.5, 2] }, assessments: { z: [12, 1] } })), 1);
  assert.equal(taken("assessment.submitted", { answers: [{ name: "x", answer: 0 }] }), 1);
  assert.equal(taken("lesson.bookmarked", { marked: true }), 1);
  assert.equal(taken("progress.reported", { courses: [] }, 2), 1);
});

test("however many blanks a file has, it is read at once", () => {
  const blanks = " ".repeat(2e6);
  const begun = Date.now();
  assert.throws(() => lms.carrier.parse("CHASKI AVANCE 1\n" + blanks + "x"), /incompleto/);
  assert.throws(() => lms.carrier.parse("CHASKI AVANCE 2\n" + "# Cerrado: \n".repeat(2e5)), /está cerrado/);
  assert.deepEqual(lms.carrier.parse(text + blanks), lines);
  assert.deepEqual(lms.carrier.parse(text.trim()), lines, "as the server takes it");
  assert.ok(Date.now() - begun < 2000);
});

test("the last name a profile gave counts", () => {
  const profile = lms.uuid4();
  const named = (name, time) => event({ id: lms.uuid7(time), profile, type: "profile.identified", data: { name } });
  const records = lms.carrier.records([named("Rosa", 2000), named("R.", 1000)].map((one) => JSON.stringify(one)));
  assert.equal(lms.carrier.nameOf(records, profile), "Rosa");
});

test("a heading says the name, with a course or without one, and nothing else for one", () => {
  const headed = (about) => lms.carrier.heading(lms.carrier.build(lines, Object.assign({}, ABOUT, about)));
  assert.equal(headed({}), "Nélida Ñahui");
  assert.equal(headed({ course: "" }), "Nélida Ñahui");
  assert.equal(headed({ name: "", course: "" }), "");
  assert.equal(headed({ name: lms.carrier.NAMELESS }), "");
  assert.equal(lms.carrier.heading("CHASKI AVANCE 1\n"), "");
});

test("file names are plain and hold no document number", () => {
  assert.equal(lms.carrier.fileName("Nélida Ñahui", ABOUT.date), "avance-nelida-nahui-2026-11-23.txt");
  assert.equal(lms.carrier.fileName("", ABOUT.date), "avance-2026-11-23.txt");
});
