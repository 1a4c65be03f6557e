// One lesson or assessment inside of a platform that speaks SCORM 1.2, which keeps what is done on it.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const { visit } = lms;
  const PAUSE = 3000; // ms
  const RANKS = { incomplete: 1, failed: 2, completed: 3, passed: 3 };
  const ALONE = "Abriste esta página fuera de tu plataforma: puedes leer, responder y revisar, pero aquí nada queda guardado.";
  const LOST = "Tu plataforma no guardó lo último. Revisa tu conexión y sigue: se intentará otra vez.";
  let api = null;
  let began = 0;
  let timer = 0;

  visit.open = async () => {
    const found = reach(root) || reach(root.opener);
    if (!found || !yes(found.LMSInitialize(""))) return tell("", ALONE);
    api = found;
    began = Date.now();
    visit.who = get("cmi.core.student_id") || "persona";
    Object.assign(visit, lms.suspend.unpack(get("cmi.suspend_data"), item()));
    visit.keep(true);
    stay();
    root.document.addEventListener("visibilitychange", () => { if (root.document.visibilityState === "hidden") visit.keep(true); });
    root.addEventListener("online", () => visit.keep(true));
    root.addEventListener("pagehide", leave);
    return root.addEventListener("pageshow", (event) => { if (event.persisted) root.location.reload(); });
  };

  // A commit may be a request that everything waits for, and which comes too late when a page is left: a draft waits for a pause.
  visit.keep = (commit) => {
    if (!api) return;
    root.clearTimeout(timer);
    if (!commit) timer = root.setTimeout(() => visit.keep(true), PAUSE);
    const kept = set("cmi.suspend_data", lms.suspend.pack(visit.events, visit.draft));
    raise(lms.result(article(), visit.events));
    set("cmi.core.exit", "suspend");
    set("cmi.core.session_time", span(Date.now() - began));
    if (!commit && kept) return;
    const stored = kept && yes(api.LMSCommit(""));
    tell(stored ? "sent" : "lost", stored ? "" : LOST);
  };

  const article = () => root.document.querySelector("article[data-course]");
  const item = () => article().dataset.lesson || article().dataset.assessment;
  const get = (name) => String(api.LMSGetValue(name) || "");
  const set = (name, value) => yes(api.LMSSetValue(name, String(value)));
  const yes = (said) => String(said) === "true";

  // In this frame or one around it; one of another origin cannot be looked into.
  function reach(place) {
    try {
      for (let depth = 0; place && depth < 10; depth++) {
        if (place.API) return place.API;
        place = place.parent === place ? null : place.parent;
      }
    } catch (error) {
      root.console.warn("scorm", error);
    }
    return null;
  }

  // The platform owns this frame: what leads elsewhere, to another lesson too, must not take its place.
  function stay() {
    root.document.querySelectorAll("a[href]:not([href^='#'])").forEach((link) => {
      link.target = "_blank";
      link.rel = "noopener";
    });
  }

  function leave() {
    visit.keep(true);
    api.LMSFinish("");
  }

  // Neither status nor score ever falls, whatever the platform kept of this.
  function raise({ status, score }) {
    if (RANKS[status] > (RANKS[get("cmi.core.lesson_status")] || 0)) set("cmi.core.lesson_status", status);
    const known = get("cmi.core.score.raw");
    if (score === null || (known !== "" && Number(known) >= score)) return;
    set("cmi.core.score.min", 0);
    set("cmi.core.score.max", 100);
    set("cmi.core.score.raw", score);
  }

  // CMITimespan: HHHH:MM:SS
  function span(milliseconds) {
    const seconds = Math.min(Math.floor(milliseconds / 1000), 35999999);
    return [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
  }

  function tell(state, warning) {
    const words = { sent: "Guardado en tu plataforma", lost: "Sin guardar" }[state] || "";
    lms.hooks("status").forEach((line) => {
      line.dataset.state = state;
      if (line.textContent !== words) line.textContent = words;
    });
    lms.hooks("warning").forEach((line) => {
      line.hidden = !warning;
      line.textContent = warning;
    });
  }
})(typeof window === "undefined" ? global : window);
