const test = require("node:test");
const assert = require("node:assert");
const lms = require("./load.js")("namespace", "router");

[
  ["", "inicio", "inicio", "", ""],
  ["#inicio", "inicio", "inicio", "", ""],
  ["#l/uno", "l/uno", "l", "uno", ""],
  ["#l/uno/recuerda", "l/uno", "l", "uno", "recuerda"],
  ["#e/prueba", "e/prueba", "e", "prueba", ""],
  ["#b/agua%20limpia/50%25", "buscar", "buscar", "agua limpia/50%", ""],
  ["#b/100%", "buscar", "buscar", "100%", ""],
  ["#uno--titulo", "uno--titulo", "uno--titulo", "", ""],
].forEach(([hash, view, name, rest, anchor]) => {
  test("«" + hash + "» leads to " + view, () => assert.deepEqual(lms.router.parse(hash), { view, name, rest, anchor }));
});
