// «¿Este curso está completo?»: which of the files that stand apart from the text can be opened from here.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const SOUND = /\.(mp3|ogg|opus|m4a)$/;
  const FILM = /\.(mp4|webm)$/;

  if (lms.on) lms.on("route", ({ view }) => {
    const place = view && view.querySelector('[data-lms="whole"]');
    if (place) look(place, Array.from(view.querySelectorAll("[data-place]")));
  });

  async function look(place, rows) {
    place.textContent = "Revisando…";
    const bad = [];
    let all = 0;
    // One at a time: all at once would fill the memory of a small tablet.
    for (const row of rows) {
      const good = await opens(row.dataset.place, Number(row.dataset.size));
      const apart = !good && "apart" in row.dataset;
      row.dataset.state = good ? "whole" : apart ? "apart" : "missing";
      if (!apart) all++;
      if (!good && !apart) bad.push(row.querySelector("code").textContent);
    }
    place.textContent = said(all, bad);
  }

  function said(all, bad) {
    if (bad.length) return "No. Falta o está dañado: " + bad.join(", ") + ".";
    return "Sí. El texto llegó hasta el final." + (all ? " Los archivos de la lista están y se abren: " + all + " de " + all + "." : "");
  }

  function opens(place, size) {
    if (place[0] === "#") return lms.lateSize(place.slice(1)) === size;
    return new Promise((resolve) => {
      const heard = SOUND.test(place) || FILM.test(place);
      const element = root.document.createElement(SOUND.test(place) ? "audio" : heard ? "video" : "img");
      element.addEventListener(heard ? "loadedmetadata" : "load", () => resolve(true));
      element.addEventListener("error", () => resolve(false));
      if (heard) element.preload = "metadata";
      element.src = place;
    });
  }
})(typeof window === "undefined" ? global : window);
