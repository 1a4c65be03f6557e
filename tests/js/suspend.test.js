const test = require("node:test");
const assert = require("node:assert");
const lms = require("./load.js")("namespace", "keys", "suspend");

const REV = "0123456789abcdef";
const answered = (item, answer, mark) => ({ type: "exercise.answered", item, data: { rev: REV, answer, mark } });
const submitted = (attempt, mark, answers) => ({ type: "assessment.submitted", item: "e", data: { attempt, mark, rev: REV, answers } });
const bare = ({ events, draft }) => ({ events: events.map(({ type, item, data }) => ({ type, item, data })), draft });
lms.keys({ uno: { rev: REV }, dos: { rev: REV } });

test("the last answer comes back, with the best mark", () => {
  const text = lms.suspend.pack([answered("uno", 1, 1), answered("uno", 2, 0), answered("dos", [0, 2], 0.5)], null);
  assert.deepEqual(bare(lms.suspend.unpack(text, "l")).events, [answered("uno", 2, 1), answered("dos", [0, 2], 0.5)]);
});

test("that a lesson was finished comes back with the version it had", () => {
  const text = lms.suspend.pack([{ type: "lesson.completed", item: "l", version: "1.2.0", data: {} }], null);
  const [event] = lms.suspend.unpack(text, "l").events;
  assert.deepEqual([event.type, event.item, event.version], ["lesson.completed", "l", "1.2.0"]);
});

test("of attempts the best mark and the last one stay", () => {
  const answers = [{ name: "uno", answer: "véase «ñandú»" }];
  const text = lms.suspend.pack([submitted(1, 20, []), submitted(2, 8, answers)], null);
  const { events } = lms.suspend.unpack(text, "e");
  assert.deepEqual(events.map(({ data }) => [data.attempt, data.mark]), [[1, 20], [2, 8]]);
  assert.deepEqual(events[1].data, { attempt: 2, mark: 8, rev: REV, answers });
});

test("an attempt under way comes back, without what was not answered", () => {
  const text = lms.suspend.pack([], { attempt: 3, rev: REV, answers: { uno: 1, dos: null } });
  assert.deepEqual(lms.suspend.unpack(text, "e").draft, { attempt: 3, rev: REV, answers: { uno: 1 } });
});

test("an answer to a question that is another one by now is not shown; its mark stays", () => {
  const text = lms.suspend.pack([answered("uno", 1, 1)], null).replace("01234567", "76543210");
  assert.deepEqual(lms.suspend.unpack(text, "l").events[0].data, { rev: "", answer: 1, mark: 1 });
});

test("it never says more than SCORM 1.2 allows, and no mark is lost for it", () => {
  const names = Array.from({ length: 30 }, (_, i) => "pregunta-" + i);
  lms.keys(Object.assign({}, ...names.map((name) => ({ [name]: { rev: REV } }))));
  const long = (i) => "\"".repeat(i % 2 ? 200 : 3);
  const lesson = lms.suspend.pack(names.map((name, i) => answered(name, long(i), i / 30)), null);
  assert.ok(lesson.length <= 4096, String(lesson.length));
  const back = lms.suspend.unpack(lesson, "l").events;
  assert.deepEqual(back.map(({ data }) => data.mark), names.map((_, i) => i / 30));
  assert.ok(names.every((name, i) => i % 2 || back[i].data.answer === long(i)), "short answers stay");

  const delivered = submitted(1, 12, names.map((name) => ({ name, answer: long(1) })));
  const exam = lms.suspend.unpack(lms.suspend.pack([delivered], null), "e").events;
  assert.deepEqual(exam.map(({ data }) => data.mark), [12, 12]);
  assert.equal(exam[1].data.rev, "", "a review without answers is none");

  const answers = Object.assign({}, ...names.map((name, i) => ({ [name]: long(i) })));
  assert.ok(lms.suspend.pack([delivered], { attempt: 2, rev: REV, answers }).length <= 4096);
});

test("what cannot be read is nothing", () => {
  ["", "{", "null", "[]", '{"v":2}', "otro programa"].forEach((text) => {
    assert.deepEqual(lms.suspend.unpack(text, "l"), { events: [], draft: null });
  });
});
