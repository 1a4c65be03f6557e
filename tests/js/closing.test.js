const test = require("node:test");
const assert = require("node:assert");
const crypto = require("node:crypto");
const zlib = require("node:zlib");
const load = require("./load.js");
const vectors = require("../vectors/closed.json");
// Without TextEncoder or crypto.subtle nothing of this is asked for.
const lms = load("namespace", "ids", "sha256", "sealing", "closing", "carrier");

const { subtle } = global.crypto;
const ECDH = { name: "ECDH", namedCurve: "P-256" };
const bytes = (hex) => Uint8Array.from(Buffer.from(hex, "hex"));
const hex = (some) => Buffer.from(some).toString("hex");
const server = lms.closing.long(vectors.server.point);

async function once() {
  const { d, ...open } = vectors.seal.once;
  const publicKey = await subtle.importKey("jwk", Object.assign(open, { key_ops: [] }), ECDH, true, []);
  return { publicKey, privateKey: await subtle.importKey("jwk", vectors.seal.once, ECDH, false, ["deriveBits"]) };
}

async function device() {
  const pair = await lms.sealing.newKey();
  return { pair, point: await lms.sealing.point(pair.publicKey) };
}

const parcelOf = (file) => Buffer.from(file.split("\n").slice(3, -2).join(""), "base64");

test("what is sealed with one ephemeral key is what the server expects, byte for byte", async () => {
  const sealed = await lms.sealing.seal(server, bytes(vectors.seal.info), bytes(vectors.seal.plain), await once());
  assert.equal(hex(sealed), vectors.seal.sealed);
});

test("the same is never sealed in the same way twice", async () => {
  const seal = () => lms.sealing.seal(server, bytes(vectors.seal.info), bytes(vectors.seal.plain));
  assert.notEqual(hex(await seal()), hex(await seal()));
});

test("a server's number is what the server says of itself", async () => {
  assert.equal(await lms.closing.number(server), vectors.server.number);
});

test("a key as text is read back", () => {
  assert.equal(lms.closing.short(server), vectors.server.point);
  assert.equal(server.length, 65);
});

test("a signature is its key's, and nobody else's", async () => {
  const one = await device();
  const other = await device();
  const said = lms.sealing.bytes("Nélida");
  const signature = await lms.sealing.sign(one.pair.privateKey, said);
  assert.equal(signature.length, 64);
  assert.equal(await lms.sealing.signed(one.point, signature, said), true);
  assert.equal(await lms.sealing.signed(other.point, signature, said), false);
  assert.equal(one.pair.privateKey.extractable, false);
});

test("a closed file says whose it is and for which server, and nothing of what was done", async () => {
  const file = await lms.closing.close(vectors.open, await device(), server);
  const [first, title, advice] = file.split("\n");
  assert.equal(first, "CHASKI AVANCE 2");
  assert.equal(title, vectors.open.split("\n")[1]);
  assert.match(advice, new RegExp("^# Cerrado: solo lo abre el servidor " + vectors.server.number));
  assert.match(file, /\nFIN\n$/);
  assert.ok(!file.includes("lesson.opened"));
  assert.ok(file.split("\n").slice(3).every((line) => line.length <= 76));
  assert.equal(hex(parcelOf(file).slice(0, 4)), hex(Buffer.from("CHA2")));
  assert.ok(file.length < vectors.stored.length);
});

[0, 1, 65535, 65536, 200000].forEach((length) => {
  test("a browser that cannot compress stores " + length + " bytes so that everybody unpacks them", async (t) => {
    const kept = global.CompressionStream;
    t.after(() => { global.CompressionStream = kept; });
    global.CompressionStream = undefined;
    const some = crypto.randomBytes(length);
    assert.deepEqual(zlib.inflateSync(await lms.closing.packed(new Uint8Array(some))), some);
  });
});

test("what a newer browser compresses everybody unpacks", async () => {
  const some = lms.sealing.bytes(vectors.open);
  assert.equal(zlib.inflateSync(await lms.closing.packed(some)).toString("utf8"), vectors.open);
});

test("what is too large when closed is not made", async (t) => {
  const kept = global.CompressionStream;
  t.after(() => { global.CompressionStream = kept; });
  global.CompressionStream = undefined;
  await assert.rejects(lms.closing.close("a\nb\n" + "x".repeat(6.3 * 1024 * 1024), await device(), server), /too large/);
});

test("a pack closes to the server it names, and one that names none closes to nobody", async (t) => {
  t.after(() => { delete lms.receiver; });
  lms.session = { home: null };
  assert.equal(await lms.closing.server(), null);
  lms.receiver = vectors.server.point;
  assert.deepEqual(await lms.closing.server(), server);
});

test("a server's page asks for its key, and remembers it for when the network is gone", async (t) => {
  const kept = global.fetch;
  t.after(() => { global.fetch = kept; });
  const meta = new Map();
  lms.session = { home: "/" };
  lms.store = { get: async (name) => meta.get(name), set: async (name, value) => meta.set(name, value) };
  global.fetch = async () => { throw new Error("away"); };
  assert.equal(await lms.closing.server(), null);
  global.fetch = async () => ({ ok: true, json: async () => ({ name: "Aula", public: vectors.server.point }) });
  assert.deepEqual(await lms.closing.server(), server);
  global.fetch = async () => { throw new Error("away"); };
  assert.deepEqual(await lms.closing.server(), server);
});

test("a server that neither answers nor fails keeps nobody waiting for their file", async (t) => {
  const { fetch, setTimeout } = global;
  t.after(() => Object.assign(global, { fetch, setTimeout }));
  lms.session = { home: "/" };
  lms.store = { get: async () => vectors.server.point };
  global.fetch = () => new Promise(() => {});
  global.setTimeout = (work) => setTimeout(work, 0); // its patience is soon over
  assert.deepEqual(await lms.closing.server(), server);
});
