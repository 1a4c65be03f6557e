// Numbers as few bits as they need, and bytes as text. Twin of lms/sync/bits.py.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const bits = (lms.bits = {});

  bits.writer = () => {
    let all = "";
    const write = {
      text: (some) => { all += some; },
      fixed: (number, width) => { all += number.toString(2).padStart(width, "0"); },
      gamma: (number) => { all += "0".repeat(number.toString(2).length - 1) + number.toString(2); },
      bytes: () => (all.padEnd(Math.ceil(all.length / 8) * 8, "0").match(/.{8}/g) || []).map((byte) => parseInt(byte, 2)),
    };
    return write;
  };

  // Each throws past the end, or for a number that no writer makes.
  bits.reader = (bytes) => {
    const all = bytes.map(eight).join("");
    let at = 0;
    const read = {
      fixed: (width) => {
        if (at + width > all.length) throw new Error("past the end");
        at += width;
        return width ? parseInt(all.slice(at - width, at), 2) : 0;
      },
      gamma: () => {
        let width = 0;
        while (!read.fixed(1)) if ((width += 1) > 15) throw new Error("too long");
        return Math.pow(2, width) + read.fixed(width);
      },
      rice: () => {
        let half = 0;
        while (read.fixed(1)) if ((half += 1) > 100) throw new Error("too long");
        return half * 2 + read.fixed(1);
      },
      rest: () => all.slice(at),
      spent: () => all.length - at < 8 && all.slice(at).indexOf("1") < 0,
    };
    return read;
  };

  bits.crc32 = (bytes) => (bytes.reduce((crc, byte) => {
    let next = crc ^ byte;
    for (let i = 0; i < 8; i += 1) next = next & 1 ? (next >>> 1) ^ 0xedb88320 : next >>> 1;
    return next;
  }, -1) ^ -1) >>> 0;

  bits.armoured = (bytes) => {
    const all = bytes.map(eight).join("");
    return all.padEnd(Math.ceil(all.length / 5) * 5, "0").match(/.{5}/g).map((five) => ALPHABET[parseInt(five, 2)]).join("");
  };

  // null for what is no such text.
  bits.unarmoured = (letters) => {
    const bytes = [];
    let [held, count] = [0, 0];
    for (const letter of letters) {
      const value = ALPHABET.indexOf(letter);
      if (value < 0) return null;
      [held, count] = [held << 5 | value, count + 5];
      if (count >= 8) {
        count -= 8;
        bytes.push(held >> count);
        held &= (1 << count) - 1;
      }
    }
    return bytes.length < 16 || count > 4 || held ? null : bytes;
  };

  function eight(byte) {
    return byte.toString(2).padStart(8, "0");
  }
})(typeof window === "undefined" ? global : window);
