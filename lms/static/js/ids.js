// UUIDs from getRandomValues: crypto.randomUUID is missing on plain http and before Chromium 92.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});

  lms.uuid4 = () => {
    const bytes = root.crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  };

  // UUIDv7: 48 bits of milliseconds, then random bits, so that ids sort by time of making.
  lms.uuid7 = (now) => {
    const time = (now === undefined ? Date.now() : now).toString(16).padStart(12, "0");
    return time.replace(/.{4}$/, "-$&-7") + lms.uuid4().slice(15);
  };
})(typeof window === "undefined" ? global : window);
