// The ids of a device's events, chained in their order, so that two digests are the same only for the same events.
// Twin of `head_of` in lms/events/heads.py; tests/vectors/chain.json holds both to the same answers. Needs sha256.js.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});

  // The digests after none of the ids, the first, the first two…: "", then 32 digits each.
  lms.chained = (ids) => {
    const found = [""];
    ids.forEach((id, i) => found.push(lms.sha256(bytesIn(found[i] + id.replace(/-/g, ""))).slice(0, 32)));
    return found;
  };

  const bytesIn = (text) => text.match(/../g).map((two) => parseInt(two, 16));
})(typeof window === "undefined" ? global : window);
