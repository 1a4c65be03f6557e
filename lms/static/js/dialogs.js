// Asking in a dialog: one at a time, over a page that cannot be reached meanwhile.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const shown = new Set(); // what dismisses each dialog

  // A live page's own styles know no dialogs.
  if (lms.parts) root.document.head.append(lms.el("link", { rel: "stylesheet", href: lms.parts.dialog }));

  // Another view, by a link or by going back, leaves its dialog behind.
  lms.on("route", () => shown.forEach((dismiss) => dismiss()));

  // Asks, and promises the value of the button pressed; Escape gives `dismiss` (null).
  // body: nodes, or close => nodes. actions: [value, label, class].
  // check(value) may return [row, sentence]: the dialog stays and says so beside that row's field.
  lms.ask = (question) =>
    new Promise((resolve) => {
      const before = root.document.activeElement;
      const finish = (value) => {
        shown.delete(dismiss);
        lms.fill(shade);
        shade.remove();
        quiet(false);
        if (before && before.focus) before.focus();
        resolve(value);
      };
      const dismiss = () => finish(question.dismiss || null);
      const close = (value) => {
        const problem = question.check && question.check(value);
        return problem ? complain(box, ...problem) : finish(value);
      };
      const box = panel(question, close);
      const shade = lms.el("div", { class: "dialog", keydown: (event) => keys(event, box, dismiss) }, box);
      shown.add(dismiss);
      quiet(true);
      root.document.body.append(shade);
      box.querySelector("h2").focus();
    });

  lms.tell = (title, ...sentences) =>
    lms.ask({ title, body: sentences.map((text) => lms.el("p", {}, text)), actions: [[true, "Entendido"]] });

  function panel(question, close) {
    const body = typeof question.body === "function" ? question.body(close) : question.body || [];
    const buttons = (question.actions || []).map(([value, label, kind], i) =>
      lms.el("button", { type: i ? "button" : "submit", class: kind || (i ? "second" : null),
        click: i ? () => close(value) : null }, label));
    const submit = (event) => {
      event.preventDefault();
      if (question.actions && question.actions.length) close(question.actions[0][0]);
    };
    return lms.el("form", { role: "dialog", "aria-modal": "true", "aria-labelledby": "dialog-title", novalidate: true, submit },
      lms.el("h2", { id: "dialog-title", tabindex: "-1" }, question.title), ...body,
      buttons.length ? lms.el("p", { class: "actions" }, ...buttons) : null);
  }

  function complain(box, row, sentence) {
    const input = row.querySelector("input, textarea");
    const folded = row.closest("details");
    box.querySelectorAll(".row.error").forEach(calm);
    if (folded) folded.open = true;
    row.classList.add("error");
    // Going to the field says it; where one is already there, only an alert does.
    row.append(lms.el("p", { class: "why", id: "dialog-why", role: input === root.document.activeElement && "alert" }, sentence));
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", "dialog-why");
    input.focus();
  }

  function calm(row) {
    row.classList.remove("error");
    row.querySelector(".why").remove();
    ["aria-invalid", "aria-describedby"].forEach((name) => row.querySelector("input, textarea").removeAttribute(name));
  }

  // What lies behind a dialog must not be read or reached.
  function quiet(on) {
    Array.from(root.document.body.children).forEach((child) => {
      if (on && child.tagName !== "SCRIPT") child.setAttribute("inert", "");
      else if (!root.document.querySelector(".dialog")) child.removeAttribute("inert");
    });
  }

  function keys(event, box, dismiss) {
    if (event.key === "Escape") return dismiss();
    if (event.key !== "Tab") return undefined;
    const stops = Array.from(box.querySelectorAll("button, input, select, textarea, a[href]")).filter((one) => one.offsetParent);
    const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
    const inside = box.contains(root.document.activeElement) && root.document.activeElement.tagName !== "H2";
    if (stops.length && (root.document.activeElement === edge || (!inside && event.shiftKey))) {
      event.preventDefault();
      stops[event.shiftKey ? stops.length - 1 : 0].focus();
    }
    return undefined;
  }
})(typeof window === "undefined" ? global : window);
