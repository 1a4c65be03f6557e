// «Letra y colores»: the size of letters and the colours, kept on this device as the properties that early.js sets again.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const KEY = "chaski|look";
  const SIZES = [["", "Normal"], ["21px", "Grande"], ["24px", "Más grande"], ["28px", "Muy grande"]];
  const THEMES = [["", "Como el equipo"], ["light", "Claro"], ["dark", "Oscuro"], ["contrast", "Alto contraste"]];
  // The tables of tokens.css, and one for reading in the sun, each pair at least 7:1.
  const COLOURS = {
    light: {
      paper: "#fffaf2", card: "#fffefb", sand: "#f6ecdc", sky: "#dcebec", line: "#e0d3bf", edge: "#85786a",
      ink: "#2b2622", soft: "#61574e", link: "#0f5f5a", fill: "#0f5f5a", press: "#0a4743", on: "#fffaf2",
      clay: "#ad4227", gold: "#f0b441", teal: "#0f5f5a", mark: "#fbe08f",
      good: "#1c6634", "good-bg": "#e3f1e2", bad: "#a33a1e", "bad-bg": "#fce8df", part: "#7a4f00", "part-bg": "#fcefcf",
      shadow: "0 1px 2px rgba(74, 52, 28, .08), 0 6px 18px rgba(74, 52, 28, .07)",
    },
    dark: {
      paper: "#1b1815", card: "#25211d", sand: "#2f2923", sky: "#20302f", line: "#443b33", edge: "#97897a",
      ink: "#f4ece1", soft: "#c4b8aa", link: "#86d3ca", fill: "#8ad6cd", press: "#b4e6df", on: "#10302d",
      clay: "#ef8b6c", gold: "#f0b441", teal: "#2f8f87", mark: "#6b5310",
      good: "#8fd69d", "good-bg": "#1d3323", bad: "#f7a58a", "bad-bg": "#40231a", part: "#f3c765", "part-bg": "#3a2d12",
      shadow: "0 1px 2px rgba(0, 0, 0, .4)",
    },
    contrast: {
      paper: "#fff", card: "#fff", sand: "#fff", sky: "#fff", line: "#000", edge: "#000",
      ink: "#000", soft: "#000", link: "#003b73", fill: "#000", press: "#333", on: "#fff",
      clay: "#7a1f00", gold: "#000", teal: "#003b36", mark: "#ffe14d",
      good: "#0b4a1f", "good-bg": "#fff", bad: "#8a0000", "bad-bg": "#fff", part: "#5a3a00", "part-bg": "#fff",
      shadow: "none",
    },
  };
  let chosen = null;

  lms.look = (button) => {
    const open = root.document.getElementById("look");
    if (open) return close(button, open);
    chosen = chosen || kept();
    const panel = lms.el("form", { id: "look", class: "wrap look", "aria-label": "Letra y colores", keydown: (event) => {
      if (event.key === "Escape") close(button, panel);
    } }, choices("Tamaño de letra", "size", SIZES), choices("Colores", "theme", THEMES),
      lms.el("p", { class: "actions" }, lms.el("button", { type: "button", class: "second", click: () => close(button, panel) }, "Listo"),
        lms.el("span", { class: "small" }, "Queda así en este equipo.")));
    button.setAttribute("aria-expanded", "true");
    (button.closest(".top") || button.parentNode).after(panel);
    (panel.querySelector(":checked") || panel.querySelector("input")).focus();
    return undefined;
  };

  lms.look.COLOURS = COLOURS;

  function close(button, panel) {
    panel.remove();
    button.setAttribute("aria-expanded", "false");
    button.focus();
  }

  function choices(legend, name, values) {
    const labels = values.map(([value, words]) => lms.el("label", {},
      lms.el("input", { type: "radio", name, value, checked: chosen[name] === value, change: () => choose(name, value) }), words));
    return lms.el("fieldset", {}, lms.el("legend", {}, legend), ...labels);
  }

  function choose(name, value) {
    chosen[name] = value;
    const style = root.document.documentElement.style;
    Object.keys(properties("light", "18px")).forEach((property) => style.removeProperty(property));
    const look = properties(chosen.theme, chosen.size);
    Object.keys(look).forEach((property) => style.setProperty(property, look[property]));
    try {
      if (Object.keys(look).length) root.localStorage.setItem(KEY, JSON.stringify(look));
      else root.localStorage.removeItem(KEY);
    } catch (error) {
      // then it holds while this page is open
    }
  }

  function properties(theme, size) {
    const look = {};
    const colours = COLOURS[theme] || {};
    Object.keys(colours).forEach((name) => { look["--" + name] = colours[name]; });
    if (theme) Object.assign(look, { "--theme": theme, "color-scheme": theme === "dark" ? "dark" : "light" });
    if (size) look["--size"] = size;
    return look;
  }

  function kept() {
    const value = (name) => root.document.documentElement.style.getPropertyValue("--" + name).trim();
    return { theme: value("theme"), size: value("size") };
  }
})(typeof window === "undefined" ? global : window);
