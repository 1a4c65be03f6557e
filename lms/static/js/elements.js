// Making elements and icons. Data only ever becomes text, never HTML.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const SVG = "http://www.w3.org/2000/svg";
  const ICONS = {
    done: "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0M7.5 12.5l3 3 6-6.5",
    started: "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0M12 3v18M15 5v14M18 7v10",
    none: "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0",
    wrong: "M5 12a7 7 0 1 0 2.5-5.4L5 9M5 4v5h5",
  };

  ICONS.changed = ICONS.wrong;

  lms.el = (tag, attributes, ...children) => {
    const element = root.document.createElement(tag);
    Object.keys(attributes || {}).forEach((name) => {
      const value = attributes[name];
      if (typeof value === "function") element.addEventListener(name, value);
      else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
    });
    element.append(...children.filter((child) => child || child === 0));
    return element;
  };

  lms.icon = (name) => lms.shape({ class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, "path", { d: ICONS[name] });

  // A state is icon + word + colour.
  lms.state = (name, word) => lms.el("span", { class: "state " + name }, lms.icon(name), word);

  lms.fill = (element, ...children) => {
    element.textContent = "";
    element.append(...children);
  };

  // Whether what comes to stand in a place is announced: not what is only restored, since it was when it happened.
  lms.aloud = (place, on) => place.setAttribute("aria-live", on ? "polite" : "off");

  // A drawing of one part.
  lms.shape = (attributes, tag, inner) => {
    const svg = drawn("svg", attributes);
    svg.append(drawn(tag, inner));
    return svg;
  };

  function drawn(tag, attributes) {
    const element = root.document.createElementNS(SVG, tag);
    Object.keys(attributes).forEach((name) => element.setAttribute(name, attributes[name]));
    return element;
  }
})(typeof window === "undefined" ? global : window);
