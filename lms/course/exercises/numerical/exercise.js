// Twin of numerical/__init__.py, where the rule for reading numbers is written down.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const exercises = (lms.exercises = lms.exercises || {});
  const LIMIT = 40;
  const NOT_A_NUMBER = "No pude leer un número. Escribe solo cifras, por ejemplo 18.5.";
  const NUMBER = /^([+-]?) ?((?:[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:[.,][0-9]*)?|[.,][0-9]+)$/;

  function readNumber(text) {
    const plain = text.replace(/\u2212/g, "-").replace(/\s+/g, " ").replace(/^ | $/g, "");
    const found = NUMBER.exec(plain);
    return found ? Number(found[1] + found[2].replace(/ /g, "").replace(",", ".")) : null;
  }

  function valid(answer) {
    return typeof answer === "string" && Array.from(answer).length <= LIMIT && /\S/.test(answer);
  }

  function grade(key, answer) {
    if (!valid(answer)) return { mark: 0, feedback: [] };
    const number = readNumber(answer);
    if (number === null) return { mark: 0, feedback: [NOT_A_NUMBER] };
    const holding = key.accepted.filter((one) => one.low === null || (one.low <= number && number <= one.high));
    const best = holding.reduce((a, b) => (b.weight > a.weight ? b : a), holding[0] || { weight: 0 });
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

  exercises.numerical = { grade, read, restore };
})(typeof window === "undefined" ? global : window);
