// Delivering an assessment: everything is graded at once, kept as one event, and explained.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const assessments = lms.assessments;

  assessments.deliver = async (article) => {
    const button = lms.hooks("deliver", article)[0];
    const questions = assessments.drawn(article);
    if (button.hidden || button.disabled || !questions.every(lms.forms.able)) return;
    const empty = questions.filter((question) => lms.forms.read(question) === null);
    const left = (article.dataset.left || "").split(" ");
    if (!empty.every((question) => left.includes(question.dataset.place))) return remind(article, empty);
    button.disabled = true; // two taps must not make two attempts
    const data = grade(article, questions);
    await lms.journal.append("assessment.submitted", lms.about(article, article.dataset.assessment), data);
    await assessments.forget(article);
    button.disabled = false;
    assessments.review(article, data);
    const result = article.querySelector(".result");
    result.scrollIntoView();
    result.focus();
  };

  // Unanswered questions count zero and are left out of the event.
  function grade(article, questions) {
    let sum = 0;
    const answers = [];
    questions.forEach((question) => {
      const { type, key } = lms.forms.able(question);
      const answer = type.read(question);
      if (answer === null) return;
      sum += type.grade(key, answer).mark;
      answers.push({ name: question.dataset.exercise, rev: question.dataset.rev, answer });
    });
    return { rev: article.dataset.rev, attempt: Number(article.dataset.attempt), answers,
      mark: lms.vigesimal(sum, questions.length), graded: "device" };
  }

  function remind(article, empty) {
    const line = article.querySelector(".missing");
    const places = empty.map((question) => question.dataset.place);
    article.dataset.left = places.join(" "); // what pressing again accepts
    empty[0].before(line);
    line.hidden = false;
    line.textContent = (empty.length === 1 ? "Te falta responder la pregunta " : "Te falta responder las preguntas ") +
      places.join(", ") + ". Para entregar así, pulsa «Entregar» otra vez.";
    const first = empty[0].querySelector("input, select, textarea");
    if (first) first.focus();
    line.scrollIntoView();
  }

  // Shows one attempt as it was answered, every question with its explanation.
  assessments.review = (article, data) => {
    const answers = {};
    data.answers.forEach((one) => { answers[one.name] = one.answer; });
    assessments.begin(article, data.attempt, answers, true);
    assessments.drawn(article).forEach((question) => {
      const ready = lms.forms.able(question);
      if (!ready) return;
      const answer = answers[question.dataset.exercise];
      const empty = answer === undefined;
      lms.forms.feedback(question, empty ? { mark: 0, feedback: ["No respondiste esta pregunta."] } : ready.type.grade(ready.key, answer));
    });
    summary(article, data);
  };

  function summary(article, data) {
    const outline = lms.outline() || {};
    const pass = outline.pass_mark || 14;
    const best = Math.max(data.mark, ...assessments.tries(article.dataset.assessment).map((event) => event.data.mark));
    const passed = data.mark >= pass;
    const words = [
      passed ? "Aprobaste." : "Todavía no llegas a " + pass + ". Mira las explicaciones y vuelve a intentar.",
      best > data.mark ? "Tu mejor nota es " + lms.number(best) + " y es la que cuenta." : "Cuenta tu mejor nota.",
      "Este fue tu intento " + data.attempt + ".",
    ];
    const again = () => {
      assessments.begin(article, assessments.next(article), {});
      article.querySelector(".exercise:not([hidden])").scrollIntoView();
    };
    const heading = article.querySelector("h1");
    const final = best >= pass && root.document.querySelector('[data-after="' + article.dataset.assessment + '"]');
    lms.fill(article.querySelector(".result"),
      lms.el("div", { class: "score " + (passed ? "passed" : "failed") },
        lms.el("b", {}, lms.number(data.mark), lms.el("small", {}, " de 20")),
        lms.el("div", {}, ...words.map((text) => lms.el("p", {}, text)))),
      lms.el("p", { class: "actions" },
        final ? lms.el("a", { class: "button", href: final.getAttribute("href") }, final.textContent) : "",
        lms.el("button", { type: "button", class: "second", click: again }, "Intentar otra vez")));
    article.querySelector(".result").setAttribute("aria-label", "Resultado" + (heading ? " de " + heading.textContent : ""));
  }
})(typeof window === "undefined" ? global : window);
