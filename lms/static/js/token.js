// One profile's progress in one course as a short text. Twin of lms/sync/over_token.py; needs bits.js.
// A token is {form, course, profile, day, version, lessons, assessments, exercises}; results are [mark, attempts, answer].
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const [SHORT, ANSWERS, FULL, UNMARKED] = [0, 2, 60, 255];
  const LESSONS = ["00", "010", "1", "011"];
  const FIRST_DAY = Date.UTC(2024, 0, 1);
  const DAY = 24 * 60 * 60 * 1000;
  const token = (lms.token = {});

  token.ALTERED = "El código cambió en el camino: le falta o le cambió una letra. Cópialo otra vez, completo.";
  token.NEWER = "El código viene de una versión más nueva. Ábrelo con el curso actualizado.";

  token.courseKey = (course) => lms.bits.crc32(course.split("").map((letter) => letter.charCodeAt(0))) & 0xffffff;

  token.plain = (text) => text.replace(/[\s-]/g, "").toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1");

  token.encode = (one) => {
    const bits = lms.bits.writer();
    bits.fixed(1, 4);
    bits.fixed(one.form, 2);
    bits.fixed(one.course, 24);
    bits.fixed(parseInt(one.profile, 16), 48);
    bits.fixed(Math.min(Math.max(Math.floor((Date.parse(one.day) - FIRST_DAY) / DAY), 0), 16383), 14);
    (lms.rank(one.version) < 0 ? "0.0.0" : one.version).split(".").forEach((number) => bits.gamma(Number(number) + 1));
    bits.gamma(one.lessons.length + 1);
    one.lessons.forEach((state) => bits.text(LESSONS[state]));
    writeAll(bits, one.assessments, (mark) => bits.fixed(mark === null ? UNMARKED : mark, 8));
    if (one.form !== SHORT) writeAll(bits, one.exercises, (mark) => writeSixtieths(bits, mark), one.form === ANSWERS);
    const bytes = bits.bytes();
    const crc = lms.bits.crc32(bytes);
    return lms.bits.armoured(bytes.concat([24, 16, 8, 0].map((shift) => (crc >>> shift) & 255)));
  };

  // Throws an Error with a sentence for people.
  token.decode = (text) => {
    const bytes = lms.bits.unarmoured(token.plain(text));
    if (!bytes) throw new Error(token.ALTERED);
    const said = bytes.slice(-4).reduce((all, byte) => all * 256 + byte, 0);
    if (lms.bits.crc32(bytes.slice(0, -4)) !== said) throw new Error(token.ALTERED);
    const bits = lms.bits.reader(bytes.slice(0, -4));
    if (bits.fixed(4) !== 1) throw new Error(token.NEWER);
    try {
      const one = readAll(bits);
      if (bits.spent()) return one;
    } catch (error) {
      // as below
    }
    throw new Error(token.ALTERED);
  };

  function readAll(bits) {
    const form = bits.fixed(2);
    if (form > ANSWERS) throw new Error("form");
    const one = { form, course: bits.fixed(24), profile: bits.fixed(48).toString(16).padStart(12, "0") };
    one.day = new Date(FIRST_DAY + bits.fixed(14) * DAY).toISOString().slice(0, 10);
    one.version = [0, 0, 0].map(() => bits.gamma() - 1).join(".");
    one.lessons = times(bits, () => (bits.fixed(1) ? 2 : bits.fixed(1) ? (bits.fixed(1) ? 3 : 1) : 0));
    one.assessments = times(bits, () => (bits.fixed(1) ? [tenths(bits.fixed(8)), bits.gamma(), null] : null));
    one.exercises = form === SHORT ? [] : times(bits, () => (bits.fixed(1) ? readExercise(bits, form) : null));
    return one;
  }

  function times(bits, read) {
    const count = bits.gamma() - 1;
    if (count > 4095) throw new Error("count");
    return Array.from({ length: count }, read);
  }

  function tenths(mark) {
    if (mark > 200 && mark < UNMARKED) throw new Error("mark");
    return mark === UNMARKED ? null : mark;
  }

  function readExercise(bits, form) {
    const mark = bits.fixed(1) ? FULL : bits.fixed(1) ? bits.fixed(6) : 0;
    if (mark > FULL) throw new Error("mark");
    const attempts = bits.gamma();
    return [mark, attempts, form === ANSWERS && mark < FULL ? readAnswer(bits) : null];
  }

  function readAnswer(bits) {
    const kind = bits.fixed(2);
    if (kind === 1) return bits.rice();
    if (kind === 2) return times(bits, () => (bits.fixed(1) ? bits.rice() - 1 : null));
    return kind === 3 ? bits.fixed(1) === 1 : null;
  }

  function writeAll(bits, results, writeMark, answers) {
    bits.gamma(results.length + 1);
    results.forEach((result) => {
      bits.fixed(result ? 1 : 0, 1);
      if (!result) return;
      writeMark(result[0]);
      bits.gamma(Math.min(Math.max(result[1], 1), 255));
      if (answers && result[0] !== FULL) writeAnswer(bits, result[2]);
    });
  }

  function writeSixtieths(bits, mark) {
    bits.text(mark === FULL ? "1" : mark ? "01" : "00");
    if (mark && mark !== FULL) bits.fixed(mark, 6);
  }

  function writeAnswer(bits, answer) {
    if (typeof answer === "boolean") bits.text(answer ? "111" : "110");
    else if (typeof answer === "number") writeNumber(bits, "01", answer);
    else if (Array.isArray(answer)) writeList(bits, answer);
    else bits.text("00");
  }

  function writeNumber(bits, kind, number) {
    bits.text(kind);
    bits.rice(number);
  }

  function writeList(bits, list) {
    bits.text("10");
    bits.gamma(list.length + 1);
    list.forEach((place) => (place === null ? bits.text("0") : writeNumber(bits, "1", place + 1)));
  }
})(typeof window === "undefined" ? global : window);
