// A unit's assessment: drawn questions, a draft that survives closing, one delivery, a review, another try.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const assessments = (lms.assessments = {});
  const drafts = new Map(); // article → timer

  assessments.start = () => {
    articles().forEach((article) => {
      prepare(article);
      const keep = () => later(article);
      ["input", "change", "click"].forEach((name) => article.addEventListener(name, keep));
    });
    root.document.addEventListener("submit", (event) => {
      const article = event.target.closest && event.target.closest("[data-assessment]");
      if (article) {
        event.preventDefault();
        assessments.deliver(article);
      }
    });
    root.document.addEventListener("visibilitychange", () => Array.from(drafts.keys()).forEach(keepDraft));
    lms.on("person", () => articles().forEach(show));
  };

  assessments.forget = (article) => {
    root.clearTimeout(drafts.get(article));
    drafts.delete(article);
    return lms.store.forget(draftKey(article));
  };

  assessments.tries = (item) => lms.journal.of("assessment.submitted", item);

  function articles() {
    return Array.from(root.document.querySelectorAll("article[data-assessment]"));
  }

  // One button and one place for the result; the questions' own buttons go.
  function prepare(article) {
    article.querySelectorAll(".exercise, .exercise .actions").forEach((part) => { part.hidden = true; });
    const result = lms.el("div", { class: "result", tabindex: "-1", hidden: true });
    article.querySelector(".exercise").before(result);
    const missing = lms.el("p", { class: "missing notice part", role: "alert", hidden: true });
    const button = lms.hooks("deliver", article)[0];
    if (button) button.before(missing);
    else article.append(missing, lms.el("p", { class: "actions" }, lms.el("button", { type: "button", "data-lms": "deliver" }, "Entregar")));
    lms.hooks("deliver", article)[0].addEventListener("click", (event) => {
      event.preventDefault();
      assessments.deliver(article);
    });
  }

  // The server's form, which asks the same without scripts, gives way; not once it holds answers or a result, nor if no keys came.
  function stays(plain, article) {
    const form = plain.querySelector("form");
    const filled = form && Array.from(new root.FormData(form)).some(([name, value]) => name.includes(".") && value);
    return filled || plain.querySelector(".score") || !lms.key(article.querySelector(".exercise").dataset.exercise);
  }

  async function show(article) {
    const plain = lms.hooks("plain")[0];
    if (plain && stays(plain, article)) return undefined;
    if (plain) {
      article.dataset.past = plain.dataset.past;
      plain.remove();
    }
    const { assessment, rev } = article.dataset;
    const last = assessments.tries(assessment).filter((event) => event.data && event.data.rev === rev).pop();
    const draft = await lms.store.get(draftKey(article));
    const attempt = assessments.next(article);
    if (last && !(draft && draft.attempt === attempt)) return assessments.review(article, last.data);
    return assessments.begin(article, attempt, draft && draft.rev === rev && draft.attempt === attempt ? draft.answers : {});
  }

  // One more than were delivered, be it here or, in a form without scripts, only there: a number twice would draw the same again.
  assessments.next = ({ dataset }) =>
    assessments.tries(dataset.assessment).reduce((most, event) => Math.max(most, event.data.attempt), Number(dataset.past) || 0) + 1;

  // Shows the questions drawn for an attempt, in drawn order, with these answers; the rest stay hidden.
  assessments.begin = (article, attempt, answers, reviewing) => {
    article.dataset.attempt = attempt;
    delete article.dataset.left;
    const all = new Map(Array.from(article.querySelectorAll(".exercise"), (one) => [one.dataset.exercise, one]));
    const { rev, draw } = article.dataset;
    const names = lms.draw(lms.journal.profile(), rev, attempt, Array.from(all.keys()).sort(), Number(draw));
    let place = article.querySelector(".result");
    place.hidden = !reviewing;
    article.querySelector(".missing").hidden = true;
    lms.hooks("deliver", article)[0].hidden = reviewing;
    all.forEach((question) => {
      lms.forms.reset(question);
      question.hidden = true;
      question.querySelectorAll("input, select, textarea, button").forEach((control) => { control.disabled = !!reviewing; });
    });
    names.forEach((name, i) => {
      const question = all.get(name);
      question.hidden = false;
      question.dataset.place = i + 1;
      place.after(question);
      place = question;
      const answer = answers[name];
      if (answer !== undefined && answer !== null) lms.exercises[question.dataset.type].restore(question, answer);
    });
  };

  const drawn = (assessments.drawn = (article) => Array.from(article.querySelectorAll(".exercise:not([hidden])")));

  const draftKey = (article) =>
    ["draft", lms.journal.profile(), article.dataset.course, article.dataset.assessment].join("|");

  function later(article) {
    root.clearTimeout(drafts.get(article));
    drafts.set(article, root.setTimeout(() => keepDraft(article), 300));
  }

  function keepDraft(article) {
    root.clearTimeout(drafts.get(article));
    if (!drafts.delete(article) || lms.hooks("deliver", article)[0].hidden) return undefined;
    const answers = {};
    drawn(article).forEach((question) => { answers[question.dataset.exercise] = lms.forms.read(question); });
    return lms.store.set(draftKey(article), { attempt: Number(article.dataset.attempt), rev: article.dataset.rev, answers });
  }
})(typeof window === "undefined" ? global : window);
