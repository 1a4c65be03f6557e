// A film travels apart from its course: where it is not, a sentence says so in its place.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const SILENT = "El video no se pudo abrir aquí. Quizá necesita señal, o este equipo no tiene el archivo.";
  const said = new Map();

  // What to say of each film, by its path: only a pack, which knows where its films come from, does.
  lms.films = function (sentences) {
    Object.keys(sentences).forEach((path) => said.set(path, sentences[path]));
  };

  function replace(film) {
    const sentence = root.document.createElement("p");
    sentence.className = "apart";
    sentence.textContent = said.get(film.getAttribute("src")) || SILENT;
    film.parentNode.replaceChild(sentence, film);
  }

  if (root.document) {
    root.document.addEventListener("error", (event) => {
      if (event.target.nodeName === "VIDEO") replace(event.target);
    }, true);
  }
  // Asking for its first bytes tells whether it is there; beside a document on a disk they cost nobody data.
  if (lms.on) lms.on("route", ({ view }) => {
    if (view) view.querySelectorAll("video").forEach((film) => {
      if (said.has(film.getAttribute("src"))) film.preload = "metadata";
    });
  });
})(typeof window === "undefined" ? global : window);
