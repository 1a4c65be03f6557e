// A progress file that only one server can open, signed by this device. Twin of lms/sync/over_closed_file.py.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const FIRST = "CHASKI AVANCE 2";
  const MAGIC = "CHA2";
  const INFO = "chaski progress 2";
  const WIDTH = 76;
  const BLOCK = 65535;
  const PATIENCE = 4000; // ms until a slow server counts as none
  const closing = (lms.closing = {});
  const { bytes, join } = lms.sealing;

  // The point of the server to close for: the one a pack was made for, or this page's own, or null.
  closing.server = async () => {
    if (!lms.sealing.able()) return null;
    const key = lms.receiver || (lms.session.home && (await Promise.race([own(), late()]).catch(() => lms.store.get("server"))));
    return key ? closing.long(key) : null;
  };

  // Kept, as a copy at a unit's end is for when the network is gone.
  async function own() {
    const answer = await root.fetch("/servidores", { credentials: "same-origin" });
    if (!answer.ok) throw new Error("no key");
    const { public: key } = await answer.json();
    await lms.store.set("server", key);
    return key;
  }

  // A weak link may neither answer nor fail, and whoever asked for their file sees nothing meanwhile.
  const late = () => new Promise((resolve, reject) => root.setTimeout(() => reject(new Error("late")), PATIENCE));

  // text: the open file. device: {pair, point}. server: its point.
  closing.close = async (text, device, server) => {
    const packed = await closing.packed(bytes(text));
    const signature = await lms.sealing.sign(device.pair.privateKey, join(bytes(INFO), server, packed));
    const head = join(bytes(MAGIC), (await lms.sealing.hash(server)).slice(0, 8));
    const sealed = await lms.sealing.seal(server, join(bytes(INFO), head), join(device.point, signature, packed));
    const title = text.split("\n", 2)[1];
    const advice = "# Cerrado: solo lo abre el servidor " + (await closing.number(server)) +
      ". Súbelo allí en «Mi avance», o entrégalo a tu acompañante.";
    const file = [FIRST, title, advice, ...lined(closing.base64(join(head, sealed))), "FIN", ""].join("\n");
    if (file.length > lms.carrier.LIMIT) throw new Error("too large");
    return file;
  };

  // Twenty digits that two people can compare, as the server says them.
  closing.number = async (point) => {
    const digits = new Array(20).fill(0);
    (await lms.sealing.hash(point)).slice(0, 16).forEach((byte) => {
      let carry = byte;
      for (let i = 19; i >= 0; i -= 1) {
        carry += digits[i] * 256;
        digits[i] = carry % 10;
        carry = Math.floor(carry / 10);
      }
    });
    return digits.join("").match(/.{5}/g).join("-");
  };

  // zlib; what this browser cannot compress is stored as it is.
  closing.packed = async (some) => {
    if (!root.CompressionStream) return stored(some);
    const stream = new root.Blob([some]).stream().pipeThrough(new root.CompressionStream("deflate"));
    return new Uint8Array(await new root.Response(stream).arrayBuffer());
  };

  function stored(some) {
    const parts = [[0x78, 0x01]];
    for (let at = 0; at === 0 || at < some.length; at += BLOCK) {
      const block = some.subarray(at, at + BLOCK);
      const size = [block.length & 255, block.length >> 8];
      parts.push([at + BLOCK >= some.length ? 1 : 0, ...size, size[0] ^ 255, size[1] ^ 255], block);
    }
    return join(...parts, adler32(some));
  }

  function adler32(some) {
    let [a, b] = [1, 0];
    some.forEach((byte) => {
      a = (a + byte) % 65521;
      b = (b + a) % 65521;
    });
    return [b >> 8, b & 255, a >> 8, a & 255];
  }

  closing.base64 = (some) => {
    let text = "";
    for (let at = 0; at < some.length; at += 4096) text += String.fromCharCode(...some.subarray(at, at + 4096));
    return root.btoa(text);
  };

  // In an address or an event, and back.
  closing.short = (some) => closing.base64(some).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

  closing.long = (text) =>
    Uint8Array.from(root.atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

  const lined = (text) => text.match(new RegExp(".{1," + WIDTH + "}", "g"));
})(typeof window === "undefined" ? global : window);
