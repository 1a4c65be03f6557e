// Which questions of a bank an attempt gets; twin of lms/course/draw.py. Needs sha256.js.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});

  lms.draw = function (profile, rev, attempt, names, count) {
    const lots = names.map((name) => ({ name: name, lot: lms.sha256(`${profile}|${rev}|${attempt}|${name}`) }));
    lots.sort((one, other) => (one.lot < other.lot ? -1 : one.lot > other.lot ? 1 : 0));
    return lots.slice(0, Math.max(0, count)).map((one) => one.name);
  };
})(typeof window === "undefined" ? global : window);
