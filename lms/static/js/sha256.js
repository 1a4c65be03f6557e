// SHA-256 of bytes, or of a text's in UTF-8. crypto.subtle is missing where packs live: http on a LAN.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});

  const primes = firstPrimes(64);
  const START = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
  const ROUNDS = primes.map((prime) => fraction(Math.cbrt(prime)));

  function firstPrimes(count) {
    const found = [];
    for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime)) found.push(n);
    return found;
  }

  function fraction(number) {
    return ((number - Math.floor(number)) * 4294967296) | 0;
  }

  function turn(word, bits) {
    return (word >>> bits) | (word << (32 - bits));
  }

  // A half of a surrogate pair on its own becomes U+FFFD, as in TextEncoder.
  function utf8(text) {
    const bytes = [];
    for (const sign of text) {
      let code = sign.codePointAt(0);
      if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
      if (code < 0x80) bytes.push(code);
      else if (code < 0x800) bytes.push(0xc0 | (code >> 6), tail(code));
      else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), tail(code >> 6), tail(code));
      else bytes.push(0xf0 | (code >> 18), tail(code >> 12), tail(code >> 6), tail(code));
    }
    return bytes;
  }

  function tail(bits) {
    return 0x80 | (bits & 0x3f);
  }

  function padded(bytes) {
    const words = new Int32Array((((bytes.length + 8) >> 6) + 1) * 16);
    bytes.forEach((byte, place) => (words[place >> 2] |= byte << (24 - (place % 4) * 8)));
    words[bytes.length >> 2] |= 0x80 << (24 - (bytes.length % 4) * 8);
    words[words.length - 2] = Math.floor(bytes.length / 0x20000000);
    words[words.length - 1] = bytes.length << 3;
    return words;
  }

  function schedule(block) {
    const words = Array.from(block);
    for (let i = 16; i < 64; i++) {
      const a = words[i - 15];
      const b = words[i - 2];
      const s0 = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
      const s1 = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
      words[i] = (words[i - 16] + s0 + words[i - 7] + s1) | 0;
    }
    return words;
  }

  function mix(state, block) {
    const words = schedule(block);
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUNDS[i] + words[i]) | 0;
      const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    return [a, b, c, d, e, f, g, h].map((word, place) => (word + state[place]) | 0);
  }

  // The digest as 64 lower-case hexadecimal digits.
  lms.sha256 = function (text) {
    const words = padded(typeof text === "string" ? utf8(text) : text);
    let state = START;
    for (let place = 0; place < words.length; place += 16) state = mix(state, words.subarray(place, place + 16));
    return state.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  };
})(typeof window === "undefined" ? global : window);
