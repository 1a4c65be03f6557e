// What a platform keeps of one lesson or assessment between two visits, in the characters that SCORM 1.2 allows.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const LIMIT = 4096;
  const suspend = (lms.suspend = {});

  // The last answers, the best marks, and the draft of an attempt. What does not fit goes, the longest answers first; marks stay.
  suspend.pack = (events, draft) => {
    const kept = { v: 1 };
    events.forEach((event) => (PACKERS[event.type] || (() => {}))(kept, event));
    if (draft) {
      kept.d = [draft.attempt, draft.rev, given(draft.answers)];
      forget(kept); // while an attempt is under way the one before is not shown
    }
    let text = JSON.stringify(kept);
    while (text.length > LIMIT && shorten(kept)) text = JSON.stringify(kept);
    return text;
  };

  // → {events, draft}, of the page's item; nothing of what cannot be read.
  suspend.unpack = (text, item) => {
    const kept = read(text);
    const events = [];
    const add = (type, name, data, version) => events.push({ id: "0" + events.length, type, item: name, version, data });
    Object.keys(kept.m || {}).forEach((name) => {
      const [rev, mark] = kept.m[name];
      const { [name]: answer } = kept.e || {};
      const key = lms.key(name);
      const same = key && answer !== undefined && key.rev.indexOf(rev) === 0;
      add("exercise.answered", name, { rev: same ? key.rev : "", answer, mark });
    });
    if (kept.b) add("assessment.submitted", item, { attempt: kept.b[0], mark: kept.b[1], rev: "", answers: [] });
    if (kept.l) add("assessment.submitted", item, last(kept.l));
    if (kept.c) add("lesson.completed", item, {}, kept.c);
    return { events, draft: kept.d ? { attempt: kept.d[0], rev: kept.d[1], answers: kept.d[2] } : null };
  };

  const PACKERS = {
    "lesson.completed": (kept, { version }) => { kept.c = version; },
    "exercise.answered": (kept, { item, data }) => {
      const marks = (kept.m = kept.m || {});
      const best = marks[item] ? Math.max(marks[item][1], data.mark) : data.mark;
      marks[item] = [data.rev.slice(0, 8), best];
      (kept.e = kept.e || {})[item] = data.answer;
    },
    "assessment.submitted": (kept, { data }) => {
      if (!kept.b || data.mark > kept.b[1]) kept.b = [data.attempt, data.mark];
      const answers = {};
      data.answers.forEach((one) => { answers[one.name] = one.answer; });
      kept.l = [data.attempt, data.mark, data.rev, answers];
    },
  };

  function last([attempt, mark, rev, answers]) {
    const given = answers || {};
    return { attempt, mark, rev: rev || "", answers: Object.keys(given).map((name) => ({ name, answer: given[name] })) };
  }

  // A review that lacks answers would say that they were not given: then there is none.
  function forget(kept) {
    if (!kept.l || kept.l.length < 3) return false;
    kept.l.length = 2;
    return true;
  }

  function shorten(kept) {
    if (forget(kept)) return true;
    const pool = kept.d ? kept.d[2] : kept.e || {};
    const length = (name) => JSON.stringify(pool[name] === undefined ? "" : pool[name]).length;
    const longest = Object.keys(pool).sort((one, other) => length(other) - length(one))[0];
    return longest !== undefined && delete pool[longest];
  }

  function given(answers) {
    const found = {};
    Object.keys(answers).filter((name) => answers[name] !== null).forEach((name) => { found[name] = answers[name]; });
    return found;
  }

  function read(text) {
    try {
      const kept = JSON.parse(text);
      return kept && kept.v === 1 ? kept : {};
    } catch (error) {
      return {};
    }
  }
})(typeof window === "undefined" ? global : window);
