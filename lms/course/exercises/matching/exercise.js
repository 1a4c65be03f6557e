// Twin of matching/__init__.py.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const exercises = (lms.exercises = lms.exercises || {});

  function valid(key, answer) {
    if (!Array.isArray(answer) || answer.length !== key.pairs.length) return false;
    const fits = (chosen) => Number.isInteger(chosen) && chosen >= 0 && chosen < key.rights;
    return answer.every((chosen) => chosen === null || fits(chosen)) && answer.some(fits);
  }

  function grade(key, answer) {
    if (!valid(key, answer)) return { mark: 0, feedback: [] };
    const good = answer.filter((chosen, left) => chosen === key.pairs[left]).length;
    const mark = Math.floor((good / key.pairs.length) * 10000 + 0.5) / 10000;
    return { mark, feedback: key.feedback ? [key.feedback] : [] };
  }

  function selects(form) {
    return Array.from(form.querySelectorAll("select[name^=m]"));
  }

  function read(form) {
    const answer = selects(form).map((select) => (select.value === "" ? null : Number(select.value)));
    return answer.some((chosen) => chosen !== null) ? answer : null;
  }

  function restore(form, answer) {
    selects(form).forEach((select, left) => {
      const chosen = answer ? answer[left] : null;
      select.value = chosen === null || chosen === undefined ? "" : String(chosen);
    });
  }

  exercises.matching = { grade, read, restore };
})(typeof window === "undefined" ? global : window);
