// Signing, and sealing for one receiver, as lms/sync/sealing.py opens it: ECDSA and HPKE (RFC 9180) with P-256.
// Only where there is crypto.subtle: https, this very machine, a file from the disk.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const ECDH = { name: "ECDH", namedCurve: "P-256" };
  const ECDSA = { name: "ECDSA", namedCurve: "P-256" };
  const SIGNED = { name: "ECDSA", hash: "SHA-256" };
  const HMAC = { name: "HMAC", hash: "SHA-256" };
  const HASH = 32; // bytes
  const sealing = (lms.sealing = {});
  const subtle = () => root.crypto.subtle;
  const bytes = (text) => new root.TextEncoder().encode(text);
  // "KEM" and "HPKE" with the numbers of DHKEM(P-256, HKDF-SHA256), HKDF-SHA256 and AES-128-GCM.
  const KEM = [75, 69, 77, 0, 16];
  const HPKE = [72, 80, 75, 69, 0, 16, 0, 1, 0, 1];

  sealing.able = () => Boolean(root.crypto && root.crypto.subtle && root.TextEncoder);

  sealing.bytes = bytes;

  sealing.join = (...parts) => {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    parts.forEach((part) => {
      whole.set(part, at);
      at += part.length;
    });
    return whole;
  };

  const { join } = sealing;

  sealing.hash = async (some) => new Uint8Array(await subtle().digest("SHA-256", some));

  // A key that signs and never leaves this browser.
  sealing.newKey = () => subtle().generateKey(ECDSA, false, ["sign", "verify"]);

  sealing.point = async (key) => new Uint8Array(await subtle().exportKey("raw", key));

  sealing.sign = async (key, some) => new Uint8Array(await subtle().sign(SIGNED, key, some));

  sealing.signed = async (point, signature, some) =>
    subtle().verify(SIGNED, await subtle().importKey("raw", point, ECDSA, false, ["verify"]), signature, some);

  // What only whoever has the key of that point can open. `once` is a key pair of ECDH, a new one if left out.
  sealing.seal = async (point, info, plain, once) => {
    const { publicKey, privateKey } = once || (await subtle().generateKey(ECDH, false, ["deriveBits"]));
    const theirs = await subtle().importKey("raw", point, ECDH, false, []);
    const shared = new Uint8Array(await subtle().deriveBits({ name: "ECDH", public: theirs }, privateKey, HASH * 8));
    const mine = await sealing.point(publicKey);
    const [key, nonce] = await schedule(await agreed(shared, join(mine, point)), info);
    const cipher = await subtle().importKey("raw", key, "AES-GCM", false, ["encrypt"]);
    return join(mine, new Uint8Array(await subtle().encrypt({ name: "AES-GCM", iv: nonce }, cipher, plain)));
  };

  async function agreed(shared, context) {
    const secret = await extract(KEM, [], "eae_prk", shared);
    return expand(KEM, secret, "shared_secret", context, HASH);
  }

  async function schedule(shared, info) {
    const ids = await extract(HPKE, [], "psk_id_hash", []);
    const context = join([0], ids, await extract(HPKE, [], "info_hash", info));
    const secret = await extract(HPKE, shared, "secret", []);
    return [await expand(HPKE, secret, "key", context, 16), await expand(HPKE, secret, "base_nonce", context, 12)];
  }

  // An empty salt is as many zeros, and an empty key is none to some browsers.
  const extract = (suite, salt, label, some) =>
    hmac(salt.length ? salt : new Uint8Array(HASH), join(bytes("HPKE-v1"), suite, bytes(label), some));

  // Never more than one hash is needed.
  const expand = async (suite, secret, label, info, length) =>
    (await hmac(secret, join([0, length], bytes("HPKE-v1"), suite, bytes(label), info, [1]))).slice(0, length);

  async function hmac(secret, some) {
    const key = await subtle().importKey("raw", secret, HMAC, false, ["sign"]);
    return new Uint8Array(await subtle().sign("HMAC", key, some));
  }
})(typeof window === "undefined" ? global : window);
