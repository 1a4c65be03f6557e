// Twin of multiple/__init__.py.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const exercises = (lms.exercises = lms.exercises || {});

  function valid(key, answer) {
    if (!Array.isArray(answer) || !answer.length) return false;
    return answer.every(
      (position, place) =>
        Number.isInteger(position) &&
        position >= 0 &&
        position < key.weights.length &&
        (place === 0 || answer[place - 1] < position)
    );
  }

  function grade(key, answer) {
    if (!valid(key, answer)) return { mark: 0, feedback: [] };
    const total = answer.reduce((sum, position) => sum + key.weights[position], 0);
    const mark = Math.floor(Math.min(1, Math.max(0, total)) * 10000 + 0.5) / 10000;
    const said = answer.map((position) => key.feedbacks[position]).concat(key.feedback);
    return { mark, feedback: said.filter((text, place) => text && said.indexOf(text) === place) };
  }

  function read(form) {
    const chosen = Array.from(form.querySelectorAll("input[name=answer]:checked"));
    return chosen.length ? chosen.map((input) => Number(input.value)).sort((a, b) => a - b) : null;
  }

  function restore(form, answer) {
    const chosen = (answer || []).map(String);
    form.querySelectorAll("input[name=answer]").forEach((input) => {
      input.checked = chosen.includes(input.value);
    });
  }

  exercises.multiple = { grade, read, restore };
})(typeof window === "undefined" ? global : window);
