// Who is here and where events go. A live page's own script says it; an export leaves these nulls.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});

  lms.session = lms.session || { person: null, profile: null, send: null, home: null };
})(typeof window === "undefined" ? global : window);
