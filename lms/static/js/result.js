// What a platform is told of one lesson or assessment: {status, score}, in SCORM 1.2's words; score from 0 to 100, null before there is one.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});

  lms.result = (article, events) => (article.dataset.lesson ? study(article, events) : examination(events));

  // A lesson is done when its reader says so; its score is that of its exercises, each at its best.
  function study(article, events) {
    const { since } = lms.hooks("complete")[0].dataset;
    const done = events.some(({ type, version }) => type === "lesson.completed" && lms.rank(version) >= lms.rank(since));
    const best = new Map();
    events.filter(({ type }) => type === "exercise.answered").forEach(({ item, data }) => best.set(item, Math.max(best.get(item) || 0, data.mark)));
    const sum = Array.from(best.values()).reduce((all, mark) => all + mark, 0);
    const score = best.size ? cents((100 * sum) / article.querySelectorAll("form.exercise").length) : null;
    return { status: done ? "completed" : "incomplete", score };
  }

  function examination(events) {
    const marks = events.filter(({ type }) => type === "assessment.submitted").map(({ data }) => data.mark);
    if (!marks.length) return { status: "incomplete", score: null };
    const best = Math.max(...marks);
    return { status: best >= lms.outline().pass_mark ? "passed" : "failed", score: cents(5 * best) };
  }

  const cents = (value) => Math.round(value * 100) / 100;
})(typeof window === "undefined" ? global : window);
