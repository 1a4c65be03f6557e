// Between a course's names and a token's numbers. Twin of lms/sync/reported.py; needs token.js, progress.js, sha256.js.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const LITTLE = 1e-6; // so that a third of sixty is twenty
  const MOST = 450; // letters that a QR code of version 13 holds beside an address
  const MOST_LINE = 16 * 1024;
  const PERU = 5 * 60 * 60 * 1000; // behind UTC, in every season
  const STATES = ["", "opened", "completed", "changed"];
  const report = (lms.report = {});

  // In the course's order, unless numbers.txt says otherwise.
  report.numbers = (outline) => outline.numbers || {
    lessons: all(outline.units.map((unit) => unit.lessons.map((lesson) => lesson.id))),
    exercises: all(outline.units.map((unit) => all(unit.lessons.map((lesson) => lesson.exercises)))),
    assessments: outline.units.filter((unit) => unit.assessment).map((unit) => unit.assessment.id),
  };

  // The token with the most in it that still fits one QR code; `form` 0 asks for the short one.
  report.text = (outline, events, profile, form) => {
    const make = (one) => lms.token.encode(lms.token.fitting(report.token(outline, events, profile, one)));
    const text = form === 0 ? "" : make(2);
    return text && text.length <= MOST ? text : make(0);
  };

  // What a token had no room for, in words; "" if nothing.
  report.leftOut = (text) => {
    const one = lms.token.decode(text);
    if (one.form === 0) return "Solo entraron las lecciones y las evaluaciones: guarda también tu avance en un archivo.";
    if (one.form === 1) return "Entraron tus notas, pero no lo que respondiste: guarda también tu avance en un archivo.";
    if (one.unanswered) return "No entró lo que respondiste en las primeras lecciones ni cuántas veces lo intentaste. Tus notas sí van.";
    return one.uncounted ? "No entró cuántas veces intentaste cada ejercicio. Tus notas y respuestas sí van." : "";
  };

  report.token = (outline, events, profile, form) => {
    const progress = lms.progress(outline, events);
    const numbers = report.numbers(outline);
    const exercises = Object.assign({}, ...Object.keys(progress.lessons).map((id) => progress.lessons[id].exercises));
    const exams = Object.assign({}, ...outline.units.filter((unit) => unit.assessment)
      .map((unit) => ({ [unit.assessment.id]: progress.units[unit.id].assessment })));
    const answers = answersIn(outline, events);
    return {
      form, course: lms.token.courseKey(outline.course), profile: profile.replace(/-/g, "").slice(0, 12),
      day: new Date(Date.now() - PERU).toISOString().slice(0, 10), version: outline.version,
      lessons: numbers.lessons.map((id) => state(progress.lessons[id])),
      assessments: numbers.assessments.map((id) => result(exams[id], 10, null)),
      exercises: form ? numbers.exercises.map((id) => result(exercises[id], 60, form === 2 ? answers.get(id) : undefined)) : [],
      uncounted: false, unanswered: 0,
    };
  };

  // The record of the event that a token becomes, here as on the server; the same wherever the same is understood of it.
  report.record = (outline, text, profile) => {
    const token = lms.token.decode(text);
    const data = dataOf(outline, token, lms.token.plain(text));
    const record = lms.record(eventOf(outline, token, profile, data));
    return record.line.length <= MOST_LINE ? record : lms.record(eventOf(outline, token, profile, Object.assign(data, { answers: {} })));
  };

  function eventOf(outline, token, profile, data) {
    const hash = lms.sha256(profile + "\n" + outline.course + "\n" + JSON.stringify(data));
    const time = Date.parse(token.day).toString(16).padStart(12, "0");
    return {
      v: 1, id: uuid(time + "7" + hash.slice(0, 3) + "8" + hash.slice(3, 18)), type: "progress.reported", at: token.day + "T00:00:00.000Z",
      device: uuid(hash.slice(18, 30) + "4" + hash.slice(30, 33) + "9" + hash.slice(33, 48)), profile, seq: 1,
      course: outline.course, version: token.version, item: outline.course, data,
    };
  }

  function dataOf(outline, token, text) {
    const numbers = report.numbers(outline);
    const named = (ids, results, value) => Object.assign({}, ...ids.map((id, i) => (results[i] ? { [id]: value(results[i]) } : {})));
    return {
      token: text, day: token.day, lessons: named(numbers.lessons, token.lessons, (one) => STATES[one]),
      exercises: named(numbers.exercises, token.exercises, ([mark, attempts]) => [mark / 60, attempts]),
      assessments: named(numbers.assessments, token.assessments, ([mark, attempts]) => [mark === null ? null : mark / 10, attempts]),
      answers: named(numbers.exercises, token.exercises.map((one) => one && one[2] !== null && one), (one) => one[2]),
    };
  }

  // The last answer among those with the best mark; what a token brought goes on with it.
  function answersIn(outline, events) {
    const best = new Map();
    const found = new Map();
    const take = (item, mark, answer) => {
      if (best.has(item) && mark < best.get(item)) return;
      best.set(item, mark);
      found.set(item, answer);
    };
    // A file may have brought what no server takes: what is not there counts for nothing.
    events.filter((event) => event.course === outline.course && event.data).forEach(({ type, item, data }) => {
      if (type === "exercise.answered") take(item, data.mark, data.answer);
      if (type !== "progress.reported") return;
      const results = data.exercises || {};
      Object.keys(data.answers || {}).forEach((name) => take(name, (results[name] || [0])[0], data.answers[name]));
    });
    return found;
  }

  function state(lesson) {
    if (!lesson) return 0;
    return lesson.ever_completed ? (lesson.completed ? 2 : 3) : lesson.opened ? 1 : 0;
  }

  function result(reached, units, answer) {
    if (!reached || !reached.attempts) return null;
    const mark = reached.mark === null ? null : Math.floor(reached.mark * units + LITTLE);
    const kept = units === 60 && mark !== 60 && answer !== undefined && typeof answer !== "string" ? answer : null;
    return [units === 60 ? mark || 0 : mark, reached.attempts, kept];
  }

  const all = (lists) => [].concat(...lists);
  const uuid = (hex) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
})(typeof window === "undefined" ? global : window);
