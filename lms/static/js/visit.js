// A page by itself: what is done on it is known while it is open. Stands where journal, store, people and outbox stand elsewhere;
// who can keep it for longer (scorm.js) puts its own `open` and `keep` in.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const visit = (lms.visit = {
    who: String(Math.random()), // draws anew each time, unless somebody says who this is
    events: [],
    draft: null,
    open: async () => {},
    keep: () => {},
  });

  lms.journal = {
    profile: () => visit.who,
    events: () => visit.events,
    of: (type, item) => visit.events.filter((event) => event.type === type && event.item === item),
    append: async (type, about, data) => {
      const event = Object.assign({ id: "1" + visit.events.length, type, data: data || {} }, about);
      visit.events.push(event);
      if (type === "assessment.submitted") visit.draft = null;
      if (type !== "lesson.opened") visit.keep(true);
      lms.emit("change", event);
      return event;
    },
  };

  // The only thing ever set here is the draft of the page's assessment.
  const draft = async (value) => {
    visit.draft = value;
    visit.keep(false);
  };
  lms.store = { kind: "visit", open: () => visit.open(), get: async () => visit.draft, set: (key, value) => draft(value), forget: () => draft(null) };
  lms.people = { known: Promise.resolve(), start: async () => lms.emit("person", visit.who) };
  lms.outbox = { start: async () => {} };
})(typeof window === "undefined" ? global : window);
