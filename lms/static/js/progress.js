// Progress in one course: a fold over what happened, by union and maximum. Twin of lms/events/progress.py;
// tests/vectors/progress.json holds both to the same answers. Needs namespace.js.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});

  const MARKED = { "exercise.answered": true, "assessment.submitted": true };

  const REPORTED = "reported "; // no type begins so
  const NOTHING = { mark: null, attempts: 0, version: -1 };

  /** Progress in the outlined course from events (of any course, in any order, repeated or not). */
  lms.progress = function (outline, events) {
    const found = tallies(outline.course, events);
    const lessons = {};
    const units = {};
    outline.units.forEach(function (unit) {
      unit.lessons.forEach(function (lesson) {
        lessons[lesson.id] = lessonProgress(lesson, found);
      });
      units[unit.id] = unitProgress(unit, lessons, found, outline.pass_mark);
    });
    return { lessons: lessons, units: units, percent: percent(outline, units) };
  };

  /** A mark of 0 to 20 with one decimal, halves up, from the sum of `count` marks of 0 to 1. */
  lms.vigesimal = function (sum, count) {
    // The small term keeps sums such as 0.1 + 0.2 on the right side of a half.
    return count ? Math.floor((200 * sum) / count + 0.5 + 1e-9) / 10 : 0;
  };

  function tallies(course, events) {
    const seen = new Set();
    const found = new Map();
    events.forEach(function (event) {
      if (event.course !== course || seen.has(event.id)) return;
      seen.add(event.id);
      const data = event.data || {};
      if (event.type === "progress.reported") return event.item === course && claims(found, event, data);
      const marked = MARKED[event.type] === true && typeof data.mark === "number";
      const version = event.type === "lesson.completed" ? lms.rank(event.version) : -1;
      add(found, event.type + " " + event.item, marked ? data.mark : null, version);
    });
    raise(found);
    return found;
  }

  // What a token of the course brings: a maximum, not a count.
  function claims(found, event, data) {
    Object.keys(data.lessons || {}).forEach(function (item) {
      const state = data.lessons[item];
      claim(found, "lesson.opened " + item, null, 1, -1);
      if (state !== "opened") claim(found, "lesson.completed " + item, null, 1, state === "completed" ? lms.rank(event.version) : -1);
    });
    [["exercise.answered ", data.exercises], ["assessment.submitted ", data.assessments]].forEach(function (kind) {
      Object.keys(kind[1] || {}).forEach(function (item) {
        const result = kind[1][item];
        if (isResult(result)) claim(found, kind[0] + item, result[0], result[1], -1);
      });
    });
  }

  // A file may have brought what no server takes.
  function isResult(some) {
    return Array.isArray(some) && typeof some[1] === "number" && (some[0] === null || typeof some[0] === "number");
  }

  function claim(found, place, mark, attempts, version) {
    lift(found, REPORTED + place, { mark, attempts, version });
  }

  function raise(found) {
    Array.from(found.keys()).forEach(function (name) {
      if (name.indexOf(REPORTED) === 0) lift(found, name.slice(REPORTED.length), found.get(name));
    });
  }

  function add(found, place, mark, version) {
    lift(found, place, { mark: mark, attempts: (found.get(place) || NOTHING).attempts + 1, version: version });
  }

  function lift(found, place, one) {
    const old = found.get(place) || NOTHING;
    const higher = old.mark === null || (one.mark !== null && one.mark > old.mark);
    found.set(place, { mark: higher ? one.mark : old.mark, attempts: Math.max(old.attempts, one.attempts), version: Math.max(old.version, one.version) });
  }

  function lessonProgress(lesson, found) {
    const finished = found.get("lesson.completed " + lesson.id);
    const exercises = {};
    lesson.exercises.forEach(function (name) {
      const row = found.get("exercise.answered " + name);
      if (row) exercises[name] = { mark: row.mark, attempts: row.attempts };
    });
    return {
      opened: Boolean(finished) || found.has("lesson.opened " + lesson.id),
      completed: Boolean(finished) && finished.version >= lms.rank(lesson.major),
      ever_completed: Boolean(finished),
      exercises: exercises,
    };
  }

  function unitProgress(unit, lessons, found, passMark) {
    const own = unit.lessons.map(function (lesson) {
      return lessons[lesson.id];
    });
    const completed = own.filter(function (lesson) {
      return lesson.completed;
    }).length;
    const assessment = unit.assessment ? assessmentProgress(unit.assessment, found, passMark) : null;
    const done = completed === own.length && (!assessment || assessment.passed);
    const started = own.some(touched) || Boolean(assessment && assessment.attempts);
    return {
      completed_lessons: completed,
      lessons: own.length,
      assessment: assessment,
      state: done ? "done" : started ? "started" : "none",
    };
  }

  function touched(lesson) {
    return lesson.opened || Object.keys(lesson.exercises).length > 0;
  }

  function assessmentProgress(assessment, found, passMark) {
    const row = found.get("assessment.submitted " + assessment.id) || { mark: null, attempts: 0 };
    return {
      mark: row.mark,
      attempts: row.attempts,
      passed: row.mark !== null && row.mark >= passMark,
    };
  }

  function percent(outline, units) {
    let total = 0;
    let done = 0;
    outline.units.forEach(function (unit) {
      const reached = units[unit.id];
      total += unit.lessons.length + (unit.assessment ? 1 : 0);
      done += reached.completed_lessons + (reached.assessment && reached.assessment.passed ? 1 : 0);
    });
    return total ? Math.floor((100 * done) / total) : 0;
  }

  // A mark as the server writes it: a point, at most one decimal.
  lms.number = (value) => String(Math.round(value * 10) / 10);
})(typeof window === "undefined" ? global : window);
