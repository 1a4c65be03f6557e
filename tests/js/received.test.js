const test = require("node:test");
const assert = require("node:assert");
const vectors = require("../vectors/receipt.json");
global.document = { querySelectorAll: () => [] };
const lms = require("./load.js")("namespace", "ids", "sha256", "bits", "sealing", "closing", "carrier", "chain", "receipt");
lms.people = { now: {} };
const { received } = require("./load.js")("received");

const { device } = vectors;
const events = (ids) => ids.map((id, i) => ({ id, device, seq: i + 1, type: "lesson.opened" }));

test("of what a code said the newest that arrived counts, in words", () => {
  const one = { key: "k", name: "UGEL", checked: false, today: "2026-11-30" };
  const first = received.joined([], Object.assign({ day: "2026-11-20" }, one), {}, "2026-11-19");
  const older = received.joined(first, Object.assign({ day: "2026-11-26" }, one), {}, "2026-11-01");
  const more = received.joined(older, Object.assign({ day: "2026-11-26" }, one), { a: 1 }, "");
  assert.deepEqual(older[0].code, ["2026-11-19", "2026-11-20"]);
  const own = [{ device: "a", seq: 1 }, { device: "a", seq: 2 }];
  assert.match(received.words(own, older[0]), /^Recibido por «UGEL» \(20 nov 2026\): tu código del 19 nov 2026\. Este navegador/);
  assert.match(received.words(own, more[0]), /^Recibido por «UGEL» \(26 nov 2026\): 1 de 2 registros y tu código del 19 nov 2026\. /);
});

test("of each device the last day counts, and other servers stay", () => {
  const one = { key: "k", name: "UGEL", checked: true };
  const today = "2026-11-30";
  const other = { key: "o", name: "Escuela", checked: true, devices: { a: [9, "2026-11-01"] } };
  const first = received.joined([other], Object.assign({ today, day: "2026-11-20" }, one), { a: 5, b: 2 });
  const older = received.joined(first, Object.assign({ today, day: "2026-11-19" }, one), { a: 3 });
  const newer = received.joined(older, Object.assign({ today, day: "2026-11-26" }, one), { a: 4 });
  assert.deepEqual(older[1].devices, { a: [5, "2026-11-20"], b: [2, "2026-11-20"] });
  assert.deepEqual(newer, [other, Object.assign({ devices: { a: [4, "2026-11-26"], b: [2, "2026-11-20"] } }, one)]);
});

test("a day that cannot be keeps no later receipt away", () => {
  const server = { key: "k", name: "UGEL", checked: true };
  const brought = (before, day, today, upto, code) => received.joined(before, received.dated(Object.assign({ day }, server), today), upto, code);
  const ahead = "; en este equipo todavía no es ese día: revisa su fecha. Si está bien, está mal la de ese servidor";
  for (const [wrong, said] of [["2099-01-01", "1 ene 2099" + ahead], ["2026-11-28", "28 nov 2026" + ahead],
    ["2024-01-01", "sin fecha: el reloj de ese servidor no estaba en hora"]]) {
    const first = brought([], wrong, "2026-11-27", { a: 1 }, "");
    assert.ok(received.words([{ device: "a", seq: 1 }], first[0], "2026-11-27").startsWith("Recibido por «UGEL» (" + said + "): todo."));
    const [then] = brought(first, "2026-11-26", "2026-11-30", { a: 2 }, "");
    assert.deepEqual(then.devices, { a: [2, "2026-11-26"] });
  }
  const before = brought([], "2026-12-20", "2026-12-25", { a: 1 }, "2026-12-19"); // the clock of this device was wrong
  const [then] = brought(before, "2026-11-26", "2026-11-27", { a: 2 }, "2026-11-25");
  assert.deepEqual([then.devices, then.code], [{ a: [2, "2026-11-26"] }, ["2026-11-25", "2026-11-26"]]);
});

test("a receipt that came to a device whose clock is years behind says so, and its own day once the clock is right", () => {
  const server = { key: "k", name: "UGEL", checked: true, day: "2026-11-26" };
  lms.receiver = "k";
  const [kept] = received.joined([], received.dated(server, "2019-03-01"), { a: 1 }, "2024-01-01");
  const said = (today) => received.words([{ device: "a", seq: 1 }], JSON.parse(JSON.stringify(kept)), today);
  assert.equal(said("2019-03-01"),
    "Recibido por «UGEL» (26 nov 2026; la fecha de este equipo está atrasada: ponla en hora): todo y tu código.");
  assert.equal(said("2026-11-27"), "Recibido por «UGEL» (26 nov 2026): todo y tu código.");
  const former = Object.assign({}, kept, { code: undefined, devices: { a: [1, ""] } }); // as packs of before kept it
  assert.equal(received.words([{ device: "a", seq: 1 }], former, "2026-11-27"),
    "Recibido por «UGEL» (sin fecha segura: el reloj de ese servidor, o el de este equipo, estaba mal): todo.");
});

test("what is in nobody's name does not count, until a later receipt says nothing of it", () => {
  const own = events(vectors.ids);
  const [today, server] = ["2026-11-30", { key: "k", name: "UGEL", checked: true }];
  const brought = (before, day, nobodys) => received.joined(before, Object.assign({ today, day, nobodys }, server), { [device]: 5 });
  lms.receiver = "k";
  const first = brought([], "2026-11-20", "all");
  assert.equal(received.words(own, first[0]), "Recibido por «UGEL» (20 nov 2026): todo. Cuando llegó, todavía no estaba a nombre de nadie: " +
    "no cuenta hasta que lo traigas otra vez a ese servidor con tu cuenta, o le digas tu documento a tu acompañante.");
  assert.match(received.words(own, brought(first, "2026-11-20", "part")[0]), /una parte de lo entregado todavía no estaba/);
  const later = brought(first, "2026-11-26", "");
  assert.equal(received.words(own, later[0]), "Recibido por «UGEL» (26 nov 2026): todo.");
  assert.deepEqual(brought(later, "2026-11-20", "all"), later, "an older one says nothing new");
});

test("a server that has others' records in a device's name is said to, until a later receipt says nothing of it", () => {
  const own = events(vectors.ids);
  const [today, server] = ["2026-11-30", { key: "k", name: "UGEL", checked: true }];
  const brought = (before, day, others) => received.joined(before, Object.assign({ today, day, others }, server), { [device]: 5 });
  lms.receiver = "k";
  const first = brought([], "2026-11-20", true);
  assert.equal(received.words(own, first[0]), "Recibido por «UGEL» (20 nov 2026): todo. " +
    "Allí hay registros con el nombre de este equipo que no son de este equipo: dilo a tu acompañante.");
  assert.equal(received.words(own, brought(first, "2026-11-26", false)[0]), "Recibido por «UGEL» (26 nov 2026): todo.");
});

test("what was received is said in words", () => {
  const own = events(vectors.ids);
  const one = { key: "k", name: "UGEL", checked: true, devices: { [device]: [3, "2026-11-26"] } };
  lms.receiver = "k";
  assert.equal(received.words(own, one), "Recibido por «UGEL» (26 nov 2026): 3 de 5 registros.");
  assert.equal(received.words(own.slice(0, 3), one), "Recibido por «UGEL» (26 nov 2026): todo.");
  lms.receiver = "";
  assert.match(received.words(own, one), /no conocía a ese servidor/);
  assert.match(received.words(own, Object.assign({}, one, { checked: false })), /no puede comprobar la firma/);
});
