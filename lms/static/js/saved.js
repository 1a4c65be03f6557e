// What is in some file already, by the last seq of each device, and since when there is more than that.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const saved = (lms.saved = {});
  const WORK = ["exercise.answered", "lesson.completed", "assessment.submitted", "lesson.bookmarked", "note.written"];

  // Not by time: a clock that went back would make what is new look saved.
  saved.upTo = (events, before) => events.reduce(
    (most, { device, seq }) => Object.assign(most, { [device]: Math.max(seq, most[device] || 0) }), Object.assign({}, before));

  // The first thing done that no file holds, or undefined.
  saved.left = (events, upTo) => events.find((one) => WORK.includes(one.type) && !(one.seq <= upTo[one.device]));

  // Whether something done is only here: no file of it was made and no server said that it has it.
  saved.onlyHere = (events, { saved: upTo, received }) => {
    const there = ({ device, seq }) => (received || []).some(({ devices }) => devices[device] && seq <= devices[device][0]);
    return Boolean(saved.left(events.filter((one) => !there(one)), upTo || {}));
  };

  // A file was made of these events.
  saved.note = async (events) => {
    const { now } = lms.people;
    now.saved = saved.upTo(events, now.saved);
    show();
    await lms.store.saveProfile(now);
  };

  ["person", "change"].forEach((name) => lms.on(name, show));

  function show() {
    const events = lms.journal.events();
    const first = saved.left(events, lms.people.now.saved || {});
    lms.hooks("saved").forEach((line) => {
      line.hidden = !saved.left(events, {});
      line.dataset.state = first ? "pending" : "kept";
      line.textContent = first ? "Tienes avance sin guardar en un archivo desde el " + lms.carrier.day(new Date(first.at)) + "."
        : "Todo tu avance está guardado en un archivo.";
    });
  }
})(typeof window === "undefined" ? global : window);
