// Twin of truefalse/__init__.py.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const exercises = (lms.exercises = lms.exercises || {});

  function grade(key, answer) {
    if (typeof answer !== "boolean") return { mark: 0, feedback: [] };
    const right = answer === key.right;
    const said = [right ? key.when_right : key.when_wrong, key.feedback];
    return {
      mark: right ? 1 : 0,
      feedback: said.filter((text, place) => text && said.indexOf(text) === place),
    };
  }

  function read(form) {
    const chosen = form.querySelector("input[name=answer]:checked");
    return chosen ? chosen.value === "true" : null;
  }

  function restore(form, answer) {
    form.querySelectorAll("input[name=answer]").forEach((input) => {
      input.checked = input.value === String(answer);
    });
  }

  exercises.truefalse = { grade, read, restore };
})(typeof window === "undefined" ? global : window);
