// The one global object, a small bus between files, and the course's outline.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const listeners = {};
  let outline = null;

  lms.on = (name, listener) => {
    (listeners[name] = listeners[name] || []).push(listener);
  };

  // One broken listener must not keep the others from hearing.
  lms.emit = (name, data) => {
    (listeners[name] || []).forEach((listener) => {
      try {
        listener(data);
      } catch (error) {
        root.console.error(error);
      }
    });
  };

  // outline(record) sets it, outline() reads it; null on pages that carry none.
  lms.outline = (record) => {
    if (record) outline = record;
    return outline;
  };

  // The unit a lesson belongs to, if any.
  lms.unitOf = (lesson) => outline && outline.units.find((unit) => unit.lessons.some((one) => one.id === lesson));

  // One number to order versions by, -1 for what is none. Twin of `rank` in lms/course/versions.py.
  lms.rank = (version) => /^(0|[1-9]\d{0,3})(\.(0|[1-9]\d{0,3})){2}$/.test(version)
    ? version.split(".").reduce((all, number) => all * 1e4 + Number(number), 0) : -1;

  lms.hooks = (name, within) =>
    Array.from((within || root.document).querySelectorAll('[data-lms="' + name + '"]'));
})(typeof window === "undefined" ? global : window);
