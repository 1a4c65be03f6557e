// One profile's progress in one course as a short text. Twin of lms/sync/over_token.py; needs bits.js, token-items.js.
// A token is {form, course, profile, day, version, lessons, assessments, exercises, uncounted, unanswered}.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const [MARKS, ANSWERS, FEWEST, MOST] = [1, 2, 27, 3276];
  const MOST_WITH_ANSWERS = 416; // letters: 260 bytes
  const MOST_PIECES = 208;
  const MOST_LOOKED_AT = 93; // times the letters of the text, a piece as 64 more: for one code in as many
  const FIRST_DAY = Date.UTC(2024, 0, 1);
  const DAY = 24 * 60 * 60 * 1000;
  // What breaks a line or is inserted unseen: spaces, hyphens, marks of direction and width.
  const BREAKS = "[\\s\\u00ad\\u200b-\\u200f\\u2010-\\u2015\\u2060\\ufeff-]";
  const BEGINS = /(^|[^0-9A-Z])([2-5][0-9A-TV-Z]{1,3300})(?![0-9A-Z])/gi;
  const token = (lms.token = {});

  token.ALTERED = "El código cambió en el camino: le falta o le cambió una letra. Cópialo otra vez, completo.";
  token.NEWER = "El código viene de una versión más nueva. Ábrelo con el curso actualizado.";

  token.courseKey = (course) => lms.bits.crc32(course.split("").map((letter) => letter.charCodeAt(0))) & 0xffffff;

  token.plain = (text) => text.replace(new RegExp(BREAKS, "g"), "").toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1");

  token.encode = (one) => {
    const bits = lms.bits.writer();
    bits.fixed(2, 4);
    bits.fixed(one.form, 2);
    bits.fixed(one.course, 24);
    bits.fixed(parseInt(one.profile, 16), 48);
    bits.fixed(Math.min(Math.max(Math.floor((Date.parse(one.day) - FIRST_DAY) / DAY), 0), 16383), 14);
    (lms.rank(one.version) < 0 ? "0.0.0" : one.version).split(".").forEach((number) => bits.gamma(Number(number) + 1));
    bits.text(lms.tokenItems.write(one));
    const bytes = bits.bytes();
    const crc = lms.bits.crc32(bytes);
    return lms.bits.armoured(bytes.concat([24, 16, 8, 0].map((shift) => (crc >>> shift) & 255)));
  };

  // Throws an Error with a sentence for people.
  token.decode = (text) => {
    const bytes = intact(token.plain(text));
    if (!bytes) throw new Error(token.ALTERED);
    const bits = lms.bits.reader(bytes);
    const format = bits.fixed(4);
    if (format !== 1 && format !== 2) throw new Error(token.NEWER);
    try {
      const one = read(bits, format);
      // Many bits read alike; only one way to write them is a token.
      if (format === 1 || token.encode(one) === token.plain(text)) return one;
    } catch (error) {
      // as below
    }
    throw new Error(token.ALTERED);
  };

  // As much of a token with answers as fits: first without how often each exercise was tried, then without the answers
  // from the first exercise on, then without all of them.
  token.fitting = (one, most) => {
    const fits = (some) => token.encode(some).length <= (most || MOST_WITH_ANSWERS);
    if (one.form !== ANSWERS || fits(one)) return one;
    const count = one.exercises.length;
    const once = one.exercises.map((result) => result && [result[0], 1, result[2]]);
    for (let unanswered = 0; unanswered < count; unanswered += Math.max(1, Math.floor(count / 24))) {
      const some = Object.assign({}, one, { uncounted: true, unanswered, exercises: untold(once, unanswered) });
      if (fits(some)) return some;
    }
    return Object.assign({}, one, { form: MARKS, exercises: untold(one.exercises, count) });
  };

  // The tokens in a text, such as a message; one that was broken is put together as far as its checksum says.
  token.foundIn = (text) => {
    const found = new Set();
    let [whole, end, left] = ["", 0, MOST_LOOKED_AT * text.length];
    BEGINS.lastIndex = 0;
    for (let match = BEGINS.exec(text); match; match = BEGINS.exec(text)) {
      [whole, end, left] = together(text, match[2], BEGINS.lastIndex, left);
      if (whole) found.add(whole);
      BEGINS.lastIndex = end;
    }
    return Array.from(found);
  };

  // The token that begins here, "" if none does, where to look on, and how many letters may yet be looked at.
  function together(text, first, end, left) {
    const next = new RegExp(BREAKS + "{1,4}([0-9A-TV-Z]+)(?![0-9A-Z])", "iy");
    let letters = token.plain(first);
    next.lastIndex = end;
    for (let pieces = 0; pieces < MOST_PIECES; pieces += 1) {
      left -= letters.length + 64;
      if (letters.length >= FEWEST && token.isWhole(letters)) return [letters, next.lastIndex, left];
      const more = left > 0 && letters.length <= MOST ? next.exec(text) : null;
      if (!more) break;
      letters += token.plain(more[1]);
    }
    return [first.length >= FEWEST ? token.plain(first) : "", end, left];
  }

  token.isWhole = (letters) => Boolean(intact(letters));

  // The bytes before the checksum, or null.
  function intact(letters) {
    const bytes = lms.bits.unarmoured(letters);
    if (!bytes) return null;
    const said = bytes.slice(-4).reduce((all, byte) => all * 256 + byte, 0);
    return lms.bits.crc32(bytes.slice(0, -4)) === said ? bytes.slice(0, -4) : null;
  }

  function read(bits, format) {
    const form = bits.fixed(2);
    if (form > ANSWERS) throw new Error("form");
    const one = { form, course: bits.fixed(24), profile: bits.fixed(48).toString(16).padStart(12, "0") };
    one.day = new Date(FIRST_DAY + bits.fixed(14) * DAY).toISOString().slice(0, 10);
    one.version = [0, 0, 0].map(() => bits.gamma() - 1).join(".");
    return Object.assign(one, format === 1 ? lms.tokenFirst(bits, form) : lms.tokenItems.read(bits.rest(), form));
  }

  const untold = (exercises, count) => exercises.map((one, i) => (one && i < count ? [one[0], one[1], null] : one));
})(typeof window === "undefined" ? global : window);
