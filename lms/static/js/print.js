// Printing the page, or with data-print="sheet" only its printable sheet.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});

  root.addEventListener("afterprint", () => root.document.body.classList.remove("sheet"));

  lms.print = (button) => {
    root.document.body.classList.toggle("sheet", button.dataset.print === "sheet");
    root.print();
  };
})(typeof window === "undefined" ? global : window);
