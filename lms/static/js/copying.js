// Copying a text: by the button beside a field that shows it.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});

  // The old way works where the new one is missing: on http in a school, and from the disk.
  lms.copy = (field, button) => {
    field.select();
    if (!root.document.execCommand("copy") && root.navigator.clipboard) root.navigator.clipboard.writeText(field.value).catch(() => {});
    button.textContent = "Copiado";
  };

  lms.on("ready", () => lms.hooks("copy").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => lms.copy(root.document.getElementById(button.dataset.from), button));
  }));
})(typeof window === "undefined" ? global : window);
