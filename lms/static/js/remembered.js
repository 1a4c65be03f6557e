// Which person this tab is for: with several on a device, each visit asks once. A live page is told by its server.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});

  lms.people.remembered = (id) => {
    try {
      if (id) root.sessionStorage.setItem("chaski|person", id);
      return root.sessionStorage.getItem("chaski|person");
    } catch (error) {
      return null;
    }
  };

  lms.on("person", lms.people.remembered);
})(typeof window === "undefined" ? global : window);
