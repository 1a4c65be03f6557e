const test = require("node:test");
const assert = require("node:assert");
const { kept } = require("./load.js")("kept");

const list = { course: "c", files: [
  ["/cursos/c?para=guardar", 9, "aa"],
  ["/cursos/c/claves/u.js?v=22", 9, "bb"],
  ["/static/away.js?v=33", 9, "cc"],
] };

test("a page's digest leaves out its version and its keys' names, and nothing else", () => {
  assert.equal(kept.settled('<article data-version="1.0.0" data-lesson="uno"><script src="/cursos/c/claves/u.js?v=0a1b" defer>'),
    '<article data-version="" data-lesson="uno"><script src="/cursos/c/claves/u.js" defer>');
  const other = '<img src="/cursos/c/media/uno.svg?v=0a1b" data-rev="1">';
  assert.equal(kept.settled(other), other);
});

test("a file is found by its address, or what took its place by its path", () => {
  assert.equal(kept.find(list, "/cursos/c/claves/u.js", "?v=22")[2], "bb");
  assert.equal(kept.find(list, "/cursos/c/claves/u.js", "?v=11")[2], "bb");
  assert.equal(kept.find(list, "/cursos/c", "")[2], "aa");
  assert.equal(kept.find(list, "/cursos/c/otra", ""), undefined);
  assert.equal(kept.script(list, "away"), "/static/away.js?v=33");
});

test("sizes are said as the server says them", () => {
  assert.deepEqual([1, 874723, 1e6, 12345678].map(kept.size), ["1 KB", "875 KB", "1.0 MB", "12.3 MB"]);
});
