// Making elements, icons and dialogs. Data only ever becomes text, never HTML.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const SVG = "http://www.w3.org/2000/svg";
  const ICONS = {
    done: "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0M7.5 12.5l3 3 6-6.500",
    started: "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0M12 3v18M15 5v14M18 7v10",
    none: "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0",
    wrong: "M5 12a7 7 0 1 0 2.500-5.400L5 9M5 4v5h5",
  };

  lms.el = (tag, attributes, ...children) => {
    const element = root.document.createElement(tag);
    Object.keys(attributes || {}).forEach((name) => {
      const value = attributes[name];
      if (typeof value === "function") element.addEventListener(name, value);
      else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
    });
    element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return element;
  };

  lms.icon = (name) => shape({ class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, "path", { d: ICONS[name] });

  // The same drawing as the server's progress bar: attributes only, since pages allow no inline style.
  lms.bar = (percent, label) =>
    shape({ class: "bar", role: "progressbar", "aria-label": label, "aria-valuemin": 0, "aria-valuemax": 100,
      "aria-valuenow": percent }, "rect", { width: percent + "%", height: "100%", rx: 5 });

  // A state is icon + word + colour.
  lms.state = (name, word) => lms.el("span", { class: "state " + name }, lms.icon(name), word);

  lms.fill = (element, ...children) => {
    element.textContent = "";
    element.append(...children);
  };

  // Asks, and promises the value of the button pressed; Escape gives `dismiss` (null).
  // body: nodes, or close => nodes. actions: [value, label, class]. check(value) may return a sentence that keeps it open.
  lms.ask = (question) =>
    new Promise((resolve) => {
      const before = root.document.activeElement;
      const close = (value) => {
        const problem = question.check && question.check(value);
        if (problem) return complain(box, problem);
        lms.fill(shade);
        shade.remove();
        quiet(false);
        if (before && before.focus) before.focus();
        return resolve(value);
      };
      const box = panel(question, close);
      const shade = lms.el("div", { class: "dialog" }, box);
      shade.addEventListener("keydown", (event) => keys(event, box, () => close(question.dismiss || null)));
      quiet(true);
      root.document.body.append(shade);
      box.querySelector("h2").focus();
    });

  lms.tell = (title, ...sentences) =>
    lms.ask({ title, body: sentences.map((text) => lms.el("p", {}, text)), actions: [[true, "Entendido"]] });

  function shape(attributes, tag, inner) {
    const svg = root.document.createElementNS(SVG, "svg");
    const part = root.document.createElementNS(SVG, tag);
    Object.keys(attributes).forEach((name) => svg.setAttribute(name, attributes[name]));
    Object.keys(inner).forEach((name) => part.setAttribute(name, inner[name]));
    svg.append(part);
    return svg;
  }

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
      lms.el("p", { class: "why", role: "alert", hidden: true }), lms.el("p", { class: "actions" }, ...buttons));
  }

  function complain(box, problem) {
    const line = box.querySelector(".why");
    line.hidden = false;
    line.textContent = problem;
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
    const stops = Array.from(box.querySelectorAll("button, input, select, a[href]")).filter((one) => one.offsetParent);
    const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
    const inside = box.contains(root.document.activeElement) && root.document.activeElement.tagName !== "H2";
    if (stops.length && (root.document.activeElement === edge || (!inside && event.shiftKey))) {
      event.preventDefault();
      stops[event.shiftKey ? stops.length - 1 : 0].focus();
    }
    return undefined;
  }
})(typeof window === "undefined" ? global : window);
