// UUIDs from getRandomValues: crypto.randomUUID is missing on plain http and before Chromium 92.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});

  lms.uuid4 = () => text(random(), 4);

  // UUIDv7: 48 bits of milliseconds, then random bits, so that ids sort by time of making.
  lms.uuid7 = (now) => {
    const bytes = random();
    let time = now === undefined ? Date.now() : now;
    for (let i = 5; i >= 0; i--) {
      bytes[i] = time % 256;
      time = Math.floor(time / 256);
    }
    return text(bytes, 7);
  };

  function random() {
    return root.crypto.getRandomValues(new Uint8Array(16));
  }

  function text(bytes, version) {
    bytes[6] = (bytes[6] & 15) | (version << 4);
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }
})(typeof window === "undefined" ? global : window);
