// How tokens of format 1 were laid out after their version: they are read for ever. Twin of lms/sync/token_first.py.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const [SHORT, ANSWERS, FULL, UNMARKED] = [0, 2, 60, 255];

  // Throws for what nobody wrote.
  lms.tokenFirst = (bits, form) => {
    const lessons = times(bits, () => (bits.fixed(1) ? 2 : bits.fixed(1) ? (bits.fixed(1) ? 3 : 1) : 0));
    const assessments = times(bits, () => (bits.fixed(1) ? [tenths(bits.fixed(8)), bits.gamma(), null] : null));
    const exercises = form === SHORT ? [] : times(bits, () => (bits.fixed(1) ? readExercise(bits, form) : null));
    if (!bits.spent()) throw new Error("something follows");
    return { lessons, assessments, exercises, uncounted: false, unanswered: 0 };
  };

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
})(typeof window === "undefined" ? global : window);
