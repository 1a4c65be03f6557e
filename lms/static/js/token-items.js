// How a token's items are laid out, from the version on. Twin of lms/sync/token_items.py; needs ranges.js.
// Results are [mark, attempts, answer]; an answer is null, a boolean, a position or a list of positions and nulls.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const [SHORT, ANSWERS, FULL, UNMARKED, MOST_ITEMS, MOST_POSITIONS] = [0, 2, 60, 201, 4096, 64];
  const [UNKNOWN, NO, YES, ONE, SOME, ORDER, LIST] = [0, 1, 2, 3, 4, 5, 6];
  const items = (lms.tokenItems = {});

  items.write = (token) => {
    const code = lms.ranges.writer();
    code.even(token.lessons.length, MOST_ITEMS);
    token.lessons.forEach((state, i) => code.tree("lesson " + (token.lessons[i - 1] || 0), state, 2));
    code.even(token.assessments.length, MOST_ITEMS);
    token.assessments.forEach((exam) => {
      code.bit("exam", exam);
      if (!exam) return;
      code.even(exam[0] === null ? UNMARKED : exam[0], UNMARKED + 1);
      code.number("tries", tries(exam));
    });
    if (token.form !== SHORT) writeExercises(code, token);
    return code.bits();
  };

  // Throws for what nobody wrote.
  items.read = (bits, form) => {
    const code = lms.ranges.reader(bits);
    const lessons = [];
    for (let left = code.even(MOST_ITEMS); left > 0; left -= 1) lessons.push(code.tree("lesson " + (lessons[lessons.length - 1] || 0), 2));
    const assessments = Array.from({ length: code.even(MOST_ITEMS) }, () => {
      if (!code.bit("exam")) return null;
      const mark = code.even(UNMARKED + 1);
      return [mark === UNMARKED ? null : mark, code.number("tries") + 1, null];
    });
    const rest = form === SHORT ? { exercises: [], uncounted: false, unanswered: 0 } : readExercises(code, form);
    return Object.assign({ lessons, assessments }, rest);
  };

  const tries = (one) => Math.min(Math.max(one[1], 1), 255) - 1;
  const whole = (one) => typeof one === "number" && one % 1 === 0 && one >= 0 && one < MOST_POSITIONS;

  function shapeOf(answer) {
    if (typeof answer === "boolean") return answer ? YES : NO;
    if (typeof answer === "number") return whole(answer) ? ONE : UNKNOWN;
    if (!Array.isArray(answer) || answer.length > MOST_POSITIONS) return UNKNOWN;
    const chosen = answer.filter((one) => one !== null);
    if (!chosen.every(whole)) return UNKNOWN;
    if (!chosen.length || chosen.length < answer.length) return LIST;
    if (chosen.every((one, i) => !i || chosen[i - 1] < one)) return SOME;
    return chosen.slice().sort((a, b) => a - b).every((one, i) => one === i) ? ORDER : LIST;
  }

  function writeExercises(code, token) {
    code.even(token.uncounted ? 1 : 0, 2);
    code.number("unanswered", token.unanswered);
    code.even(token.exercises.length, MOST_ITEMS);
    token.exercises.forEach((one, place) => {
      code.bit("tried " + (!place || token.exercises[place - 1] !== null), one);
      if (one) writeExercise(code, one, token.form === ANSWERS && place >= token.unanswered, token.uncounted);
    });
  }

  function writeExercise(code, one, told, uncounted) {
    const right = one[0] === FULL;
    const shape = told ? shapeOf(one[2]) : UNKNOWN;
    code.bit("right", right);
    if (!right) {
      if (told) code.number("shape", shape);
      code.bit("nothing " + shape, !one[0]);
      if (one[0]) code.tree("mark " + shape, one[0], 6);
    }
    if (!uncounted) code.number("attempts " + right, tries(one));
    if (!right) writeAnswer(code, shape, one[2]);
  }

  function writeAnswer(code, shape, answer) {
    if (shape === ONE) code.number("one", answer);
    if (shape === SOME) writeSome(code, answer, answer[answer.length - 1]);
    if (shape === ORDER) {
      code.number("steps", answer.length);
      const left = answer.map((_, i) => i);
      answer.forEach((place) => {
        code.even(left.indexOf(place), left.length);
        left.splice(left.indexOf(place), 1);
      });
    }
    if (shape === LIST) {
      code.number("length", answer.length);
      answer.forEach((place) => code.number("pair", place === null ? 0 : place + 1));
    }
  }

  function writeSome(code, answer, last) {
    for (let place = 0; place <= last; place += 1) {
      const chosen = answer.indexOf(place) >= 0;
      code.bit("some " + place, chosen);
      if (chosen) code.bit("more " + place, place < last);
    }
  }

  function readExercises(code, form) {
    const [uncounted, unanswered, exercises] = [code.even(2) === 1, code.number("unanswered"), []];
    for (let left = code.even(MOST_ITEMS); left > 0; left -= 1) {
      const [place, before] = [exercises.length, exercises[exercises.length - 1] !== null];
      exercises.push(code.bit("tried " + before) ? readExercise(code, form === ANSWERS && place >= unanswered, uncounted) : null);
    }
    return { exercises, uncounted, unanswered };
  }

  function readExercise(code, told, uncounted) {
    const right = code.bit("right");
    const shape = right || !told ? UNKNOWN : code.number("shape");
    const mark = right ? FULL : code.bit("nothing " + shape) ? 0 : code.tree("mark " + shape, 6);
    if (mark > FULL) throw new Error("mark");
    const attempts = uncounted ? 1 : code.number("attempts " + right) + 1;
    return [mark, attempts, right ? null : readAnswer(code, shape)];
  }

  function readAnswer(code, shape) {
    if (shape === ONE) return code.number("one");
    if (shape === SOME) return readSome(code);
    if (shape === ORDER) {
      const left = Array.from({ length: short(code.number("steps")) }, (_, i) => i);
      return left.slice().map(() => left.splice(code.even(left.length), 1)[0]);
    }
    if (shape === LIST) return Array.from({ length: short(code.number("length")) }, () => code.number("pair")).map((place) => (place ? place - 1 : null));
    return shape === YES ? true : shape === NO ? false : null;
  }

  function readSome(code) {
    const chosen = [];
    for (let place = 0; place < MOST_POSITIONS; place += 1) {
      if (code.bit("some " + place) && chosen.push(place) && !code.bit("more " + place)) return chosen;
    }
    throw new Error("no end");
  }

  function short(count) {
    if (count > MOST_POSITIONS) throw new Error("too long");
    return count;
  }
})(typeof window === "undefined" ? global : window);
