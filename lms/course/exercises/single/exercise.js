// Twin of single/__init__.py.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const exercises = (lms.exercises = lms.exercises || {});

  function grade(key, answer) {
    if (!Number.isInteger(answer) || answer < 0 || answer >= key.weights.length) return { mark: 0, feedback: [] };
    const mark = Math.floor(Math.min(1, Math.max(0, key.weights[answer])) * 10000 + 0.5) / 10000;
    const said = [key.feedbacks[answer], key.feedback];
    return { mark, feedback: said.filter((text, place) => text && said.indexOf(text) === place) };
  }

  function read(form) {
    const chosen = form.querySelector("input[name=answer]:checked");
    return chosen ? Number(chosen.value) : null;
  }

  function restore(form, answer) {
    form.querySelectorAll("input[name=answer]").forEach((input) => {
      input.checked = input.value === String(answer);
    });
  }

  exercises.single = { grade, read, restore };
})(typeof window === "undefined" ? global : window);
