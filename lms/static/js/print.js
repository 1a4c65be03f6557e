// Printing the page, or with data-print="sheet" only its printable sheet.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});

  lms.print = {
    start: () => {
      const body = root.document.body;
      root.addEventListener("afterprint", () => body.classList.remove("sheet"));
      lms.hooks("print").forEach((button) => {
        button.hidden = button.dataset.print === "sheet" && !sheetNear(button);
        button.addEventListener("click", () => {
          body.classList.toggle("sheet", button.dataset.print === "sheet");
          root.print();
        });
      });
    },
  };

  function sheetNear(button) {
    return (button.closest(".view") || root.document).querySelector(".printable");
  }
})(typeof window === "undefined" ? global : window);
