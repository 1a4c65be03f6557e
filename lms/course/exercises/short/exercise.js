// Twin of short/__init__.py.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const exercises = (lms.exercises = lms.exercises || {});
  const LIMIT = 200;
  const ASTERISK = "\ufdd0";

  function foldPiece(text) {
    const plain = text.replace(/[\u2019\u2018\u02bc\u00b4`]/g, "'").normalize("NFC");
    return plain.replace(/\s+/g, " ").toLowerCase().normalize("NFC");
  }

  function fold(text) {
    return foldPiece(text).replace(/^ | $/g, "");
  }

  function matches(pattern, text) {
    const pieces = pattern.replace(/\\\*/g, ASTERISK).split("*").map(foldPiece);
    const literal = pieces.map((piece) => piece.replace(/\ufdd0/g, "*"));
    const first = literal[0].replace(/^ +/, "");
    const last = literal[literal.length - 1].replace(/ +$/, "");
    if (literal.length === 1) return first.replace(/ +$/, "") === text;
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    return holdsInOrder(text.slice(first.length, text.length - last.length), literal.slice(1, -1));
  }

  function holdsInOrder(text, pieces) {
    let place = 0;
    return pieces.every((piece) => {
      const found = text.indexOf(piece, place);
      place = found + piece.length;
      return found >= 0;
    });
  }

  function valid(answer) {
    return typeof answer === "string" && Array.from(answer).length <= LIMIT && fold(answer) !== "";
  }

  function grade(key, answer) {
    if (!valid(answer)) return { mark: 0, feedback: [] };
    const text = fold(answer);
    const matching = key.accepted.filter((accepted) => matches(accepted.text, text));
    const best = matching.reduce((a, b) => (b.weight > a.weight ? b : a), matching[0] || { weight: 0 });
    const mark = Math.floor(Math.min(1, Math.max(0, best.weight)) * 10000 + 0.5) / 10000;
    const said = [best.feedback, key.feedback];
    return { mark, feedback: said.filter((one, place) => one && said.indexOf(one) === place) };
  }

  function read(form) {
    const text = form.querySelector("input[name=answer]").value;
    return valid(text) ? text : null;
  }

  function restore(form, answer) {
    form.querySelector("input[name=answer]").value = answer === null || answer === undefined ? "" : answer;
  }

  exercises.short = { grade, read, restore };
})(typeof window === "undefined" ? global : window);
