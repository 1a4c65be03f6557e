// What of somebody's bookmarks and private notes counts now. Twin of lms/events/own.py; tests/vectors/own.json holds both.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const MARK = "lesson.bookmarked";
  const NOTE = "note.written";

  // From one person's events in one course: {lesson: {marked, texts, marks, notes}}.
  lms.own = (events) => {
    const lessons = {};
    const found = new Map(events.filter(({ type }) => type === MARK || type === NOTE).filter(({ data }) => data).map((event) => [event.id, event]));
    const replaced = new Set();
    found.forEach((event) => (event.data.after || []).forEach((id) => replaced.add(event.item + " " + id)));
    Array.from(found.keys()).sort().forEach((id) => {
      const { item, type, data } = found.get(id);
      const own = (lessons[item] = lessons[item] || lms.own.none());
      if (replaced.has(item + " " + id)) return;
      (type === MARK ? own.marks : own.notes).push(id);
      if (type === MARK) own.marked = own.marked || data.marked === true;
      else if (data.text && own.texts.indexOf(data.text) < 0) own.texts.push(data.text);
    });
    return lessons;
  };

  lms.own.none = () => ({ marked: false, texts: [], marks: [], notes: [] });

  // What a server said of one lesson, ids with what each says, as events that whatever was done since stands in for.
  lms.own.said = (item, said) =>
    said.map(([id, says]) => ({ id, type: typeof says === "string" ? NOTE : MARK, item, data: { marked: says, text: says } }));
})(typeof window === "undefined" ? global : window);
