// Answer keys: data scripts call lms.keys({name: key}); graders ask lms.key(name).
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const ring = Object.create(null);

  lms.exercises = lms.exercises || {};
  lms.keys = (records) => Object.assign(ring, records);
  lms.key = (name) => ring[name] || null;
})(typeof window === "undefined" ? global : window);
