// A question in a lesson: graded at once on the device, said in words, kept as an event, answered again at will.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const VERDICTS = {
    right: ["done", "Muy bien"],
    partial: ["started", "Vas bien, te falta una parte"],
    little: ["started", "Todavía no: tienes una parte bien"],
    wrong: ["wrong", "Todavía no: mira por qué"],
  };

  const PATIENCE = 1500; // ms

  const forms = (lms.forms = {});
  const touched = new Set(); // answered or begun before we knew who is here: not to be undone
  let shown = false;

  forms.start = () => {
    root.document.addEventListener("submit", (event) => {
      const form = event.target;
      if (form.matches("form.exercise") && !form.closest("[data-assessment]")) submit(event, form);
    });
    root.document.addEventListener("input", ({ target }) => {
      touched.add(target.form);
      target.parentNode.dataset.given = ""; // the sign was of what stood there before
    });
    lms.on("person", forms.restore);
  };

  // Shows this person's last answers, as done.
  forms.restore = () => {
    const last = new Map();
    lms.journal.events().forEach((event) => {
      if (event.type === "exercise.answered") last.set(event.item, event.data);
    });
    root.document.querySelectorAll(".lesson form.exercise").forEach((form) => {
      if (!shown && touched.has(form)) return;
      forms.reset(form);
      const data = last.get(form.dataset.exercise);
      const ready = able(form);
      if (!data || !ready || data.rev !== form.dataset.rev) return;
      ready.type.restore(form, data.answer);
      forms.feedback(form, ready.type.grade(ready.key, data.answer));
    });
    shown = true;
  };

  forms.reset = (element) => {
    forms.clear(element, false);
    if (element.reset) element.reset();
    const ready = able(element);
    if (ready) ready.type.restore(element, null);
  };

  // {type, key} when this question can be graded here.
  const able = (forms.able = (element) => {
    const type = lms.exercises[element.dataset.type];
    const key = lms.key(element.dataset.exercise);
    return type && key ? { type, key } : null;
  });

  forms.read = (element) => {
    const ready = able(element);
    return ready ? ready.type.read(element) : null;
  };

  forms.clear = (element, aloud) => {
    element.removeAttribute("data-result");
    lms.aloud(output(element), aloud);
    lms.fill(output(element));
    output(element).removeAttribute("data-state");
  };

  forms.feedback = (element, grade) => {
    const result = grade.mark >= 1 ? "right" : grade.mark > 0 ? "partial" : "wrong";
    const [icon, words] = VERDICTS[grade.mark > 0 && grade.mark < 0.5 ? "little" : result];
    element.dataset.result = result;
    output(element).dataset.state = result;
    mark(element, grade);
    lms.fill(output(element), lms.el("strong", {}, lms.icon(icon), " " + words), ...grade.feedback.map((text) => lms.el("p", {}, text)));
  };

  // Each choice made, right or wrong by its own weight, where each has one, and each pair. Twin of lms/learning/marked.py.
  function mark(element, grade) {
    const { weights, pairs } = lms.key(element.dataset.exercise);
    element.querySelectorAll(".choice input, .match select").forEach((input, left) => {
      const { value } = input;
      const worth = weights ? weights[value] : pairs ? value === pairs[left] + "" : grade.mark;
      input.parentNode.dataset.given = !(pairs ? value : input.checked) ? "" : worth > 0 ? "right" : "wrong";
    });
  }

  // Without a key the form is posted as it is: the server grades it.
  function submit(event, form) {
    const ready = able(form);
    if (!ready) return;
    event.preventDefault();
    const answer = ready.type.read(form);
    if (answer === null || answer === undefined) return ask(form);
    const grade = ready.type.grade(ready.key, answer);
    forms.clear(form, true);
    const stored = lms.journal.append("exercise.answered", lms.about(form, form.dataset.exercise), {
      rev: form.dataset.rev, answer, mark: grade.mark, graded: "device",
    });
    const show = () => {
      forms.feedback(form, grade);
      output(form).scrollIntoView({ block: "nearest" });
    };
    // What is shown is stored; but a store that does not answer must not keep the explanation back.
    Promise.race([stored, new Promise((resolve) => root.setTimeout(resolve, PATIENCE))]).then(show, show);
    return undefined;
  }

  function ask(form) {
    forms.clear(form, true);
    output(form).append(lms.el("p", {}, "Elige o escribe tu respuesta y vuelve a pulsar."));
    const first = form.querySelector("input, select, textarea");
    if (first) first.focus();
  }

  function output(element) {
    return element.querySelector(".feedback") ||
      element.appendChild(lms.el("output", { class: "feedback" }));
  }

  // Where an event belongs: the course and version of the article around it.
  lms.about = (element, item) => {
    const article = element.closest("article[data-course]");
    return { course: article.dataset.course, version: article.dataset.version, item };
  };
})(typeof window === "undefined" ? global : window);
