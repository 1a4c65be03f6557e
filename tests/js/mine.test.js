const test = require("node:test");
const assert = require("node:assert");
const lms = require("./load.js")("namespace", "sha256", "carrier", "mine", "own-file");

const record = (id, profile) => ({ id, profile, line: JSON.stringify({ id, profile }) });
const person = (id, name, refused) => ({ id, name, refused, records: [record("a", id)] });

function open(pending) {
  lms.journal = { profile: () => "p" };
  lms.outbox = { pending: () => pending };
}

test("what only this browser has is said of whose page it is, and of nobody else", () => {
  open([record("a", "p"), record("b", "former"), record("c", "another")]);
  assert.equal(lms.mine.left().length, 1);
  lms.mine.told = { whose: { former: "yours", another: "nobodys" } };
  assert.equal(lms.mine.left().length, 2);
});

test("somebody is asked only about what has their name, is nobody's, has arrived, and was not said to be another's", () => {
  open([record("a", "under way")]);
  lms.session = { person: { name: "Nélida" } };
  const kept = [person("free", "Nélida"), person("nameless", ""), person("yours", "Nélida"), person("theirs", "Rosa"),
    person("under way", "Nélida"), person("answered", "Nélida", ["p"]), person("for another", "Nélida", ["q"]), person("Rosa's", "Rosa")];
  const whose = { yours: "yours" };
  ["free", "nameless", "under way", "answered", "for another", "Rosa's"].forEach((id) => { whose[id] = "free"; });
  assert.deepEqual(lms.mine.asked({ kept, whose }).map(({ id }) => id), ["free", "for another"]);
});

test("the page says what is only here, what came back, and nothing where all is well", () => {
  assert.equal(lms.mine.words(0, 0), "");
  assert.match(lms.mine.words(8, 8), /8 registros de tu avance que solo están en este equipo.*se está enviando otra vez/);
  assert.match(lms.mine.words(1, 0), /1 registro de tu avance que solo está en este equipo.*Se envía sin que hagas nada/);
  assert.equal(lms.mine.words(0, 1), "En el servidor faltaba 1 registro de tu avance. Seguía en este equipo, y ya se envió.");
  assert.equal(lms.mine.words(0, 8), "En el servidor faltaban 8 registros de tu avance. Seguían en este equipo, y ya se enviaron.");
  assert.doesNotMatch(lms.mine.words(8, 8), /ya no tiene/, "it may only hold them for somebody's answer");
});

test("who says that something is another's is at the title then; what was erased meanwhile is not kept again", async () => {
  const title = { focus: () => { title.focused = true; } };
  const saved = [];
  open([]);
  global.document = { querySelector: () => title };
  lms.hooks = () => [];
  lms.store = { profiles: async () => [{ id: "hers", name: "Rosa" }], saveProfile: async (profile) => saved.push(profile) };

  await lms.mine.refuse(person("erased", "Rosa"));
  assert.deepEqual(saved, []);
  await lms.mine.refuse(person("hers", "Rosa"));
  assert.deepEqual(saved, [{ id: "hers", name: "Rosa", refused: ["p"] }]);
  assert.deepEqual([title.tabIndex, title.focused], [-1, true]);
  delete global.document;
});

test("a server's file gets what only this browser has, each line once", () => {
  const about = { name: "Nélida", course: "", date: new Date(2026, 10, 26) };
  const text = lms.carrier.build([record("a", "p").line], about);
  const whole = lms.ownFile(text, [record("a", "p"), record("b", "p")], about);
  assert.deepEqual(lms.carrier.parse(whole).map((line) => JSON.parse(line).id), ["a", "b"]);
  assert.match(whole, /# Avance de Nélida · 26 nov 2026 · 2 registros/);
  assert.equal(lms.ownFile(text, [record("a", "p")], about), text);
});

test("a file that came for who signed in elsewhere meanwhile is not joined with this page's", async () => {
  const saved = [];
  open([]);
  lms.mine.told = null;
  lms.journal.records = () => [record("b", "p")];
  lms.people = { now: { name: "Elsa" } };
  lms.store = { records: async () => [] };
  Object.assign(lms.carrier, { save: () => saved.push("the page's"), hand: ({ text }) => saved.push(text) });
  const text = lms.carrier.build([record("a", "p").line], { name: "Elsa", course: "", date: new Date() });
  const came = (profile) => async () => new Response(text, { headers: { "Chaski-Perfil": profile } });

  global.fetch = came("q");
  await lms.ownFile.save("/mi-avance/archivo");
  global.fetch = came("p");
  await lms.ownFile.save("/mi-avance/archivo");

  assert.equal(saved[0], "the page's");
  assert.deepEqual(lms.carrier.parse(saved[1]).map((line) => JSON.parse(line).id), ["a", "b"]);
});
