const test = require("node:test");
const assert = require("node:assert");
const { kept } = require("./load.js")("kept", "kept-pages");

const list = { course: "c", files: [["/cursos/c/marcos.json?v=1", 9, "aa"], ["/cursos/c/claves/u.js?v=22", 9, "bb"]] };
const frames = {
  lines: ["<main>", "\u0002", "</main>", '<script src="/cursos/c/claves/u.js" defer></script>', '<a href="/claves/otra.js">'],
  styles: ["<style>a</style>", "<style>b</style>"],
  pages: { "/cursos/c/uno": [0, [3, 4], [-2, -2], [0, 2]] },
  headers: [{}],
  keys: new Map([["/cursos/c/claves/u.js", "/cursos/c/claves/u.js?v=22"]]),
};

test("a frame is its lines in order, with the keys that the list names", () => {
  assert.equal(kept.frameOf(frames, "/cursos/c/uno"), ['<script src="/cursos/c/claves/u.js?v=22" defer></script>',
    '<a href="/claves/otra.js">', "<style>b</style>", "<main>", "\u0002", "</main>"].join("\n"));
  assert.equal(kept.frameOf(frames, "/cursos/c/media/uno.svg"), null);
  assert.equal(kept.frameOf(null, "/cursos/c/uno"), null);
});

test("a page's own part is its article", () => {
  assert.equal(kept.ownPart('<main id="main">\n<article class="lesson">a\n</article>\n</main>'), '<article class="lesson">a\n</article>');
  assert.equal(kept.ownPart("<p>a</p>"), "");
});

test("a list of a server that tells no frames has none", async () => {
  assert.equal(await kept.frames({ course: "c", files: [["/cursos/c/uno", 9, "aa"]] }), null);
  assert.equal(await kept.frames(list), null);
});

test("only the frames' own files are brought first", () => {
  assert.deepEqual(list.files.map((file) => kept.isFrame(list, file)), [true, false]);
});
