// «Guardar para usar sin internet» on a course's page: how much it is, how far it got, whether it stays, taking it off again.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const { kept } = lms;
  const page = root.document;
  if (!page) return;
  const UNABLE = "Este navegador no puede guardar cursos de este servidor.";
  const INSECURE = "Este servidor no usa https, y sin eso el navegador no guarda cursos.";
  let invitation = null; // the browser's offer to install this site

  const part = (name) => lms.hooks("keep-" + name)[0];
  // Old browsers know no storage.persist(); asking must not stop anything.
  const storage = (name) => Promise.resolve(root.navigator.storage && root.navigator.storage[name]).then((known) => (known ? root.navigator.storage[name]() : null)).catch(() => null);
  const say = (...words) => lms.fill(part("said"), ...words);
  const show = (name, on) => { part(name).hidden = !on; };

  page.addEventListener("DOMContentLoaded", () => {
    const [section] = lms.hooks("keep");
    if (!section) return;
    section.hidden = false;
    const able = root.navigator.serviceWorker && root.caches && root.crypto.subtle;
    part("intro").hidden = !able;
    if (!able) return say((root.isSecureContext ? UNABLE : INSECURE) + " ", file(section.dataset.course));
    page.querySelectorAll('a[href="#descargar"]').forEach((link) => { link.href = "#guardar"; });
    part("save").addEventListener("click", () => save(section.dataset.course));
    part("remove").addEventListener("click", () => remove(section.dataset));
    part("install").addEventListener("click", install);
    root.navigator.serviceWorker.addEventListener("message", () => tell(section.dataset).catch(() => {}));
    return tell(section.dataset).catch(async () => show("save", !(await kept.list(section.dataset.course).catch(() => null))));
  });

  const file = (course) => lms.el("a", { href: "/cursos/" + course + "/descargar/single" }, "Descárgalo como un solo archivo");

  // How things stand: nothing, a part, or all of it.
  async function tell({ course, size }) {
    const list = await kept.list(course);
    show("remove", list);
    show("save", !list);
    lms.fill(part("bar"));
    if (list) {
      say(...(await standing(list)));
      return offer(course);
    }
    const here = await root.caches.has("chaski-curso-" + course);
    const whole = here || !size ? await (await kept.ask(course)).json() : { size: Number(size) };
    const done = here ? await kept.here(whole) : 0;
    label(done ? "Seguir guardando" : "Guardar para usar sin internet", " (" + kept.size(whole.size - done) + ")");
    show("remove", done);
    return say(done ? "Falta una parte: ya están " + kept.size(done) + " de " + kept.size(whole.size) + "." : "");
  }

  // A new version that the worker leaves alone because of its size.
  async function offer(course) {
    const answer = await kept.ask(course);
    const list = answer && (await answer.json());
    const left = list ? list.size - (await kept.here(list)) : 0;
    if (left <= kept.automatic) return;
    label("Guardar la versión " + list.version, " (" + kept.size(left) + ")");
    show("save", true);
  }

  const label = (words, size) => { part("save").querySelector("span").textContent = words + size; };

  async function standing({ version, size }) {
    const lasting = await storage("persisted");
    const words = [lms.state("done", "Guardado en este equipo"), " Versión " + version + ", " + kept.size(size) + "."];
    return lasting ? words : words.concat(" Si al equipo le falta espacio, el navegador puede borrarlo. Entonces tendrás que guardarlo otra vez.");
  }

  async function save(course) {
    const button = part("save");
    button.disabled = true;
    const lasting = storage("persist"); // Firefox asks the person, who may not answer
    try {
      await root.navigator.serviceWorker.register("/sw.js");
      const answer = await kept.ask(course);
      const list = answer && (await answer.clone().json());
      if (list) await bring(answer, list);
      await tell({ course, size: 0 });
      lasting.then((yes) => yes && tell({ course, size: 0 })).catch(() => {});
    } catch (error) {
      root.console.warn(error);
      await failed(error, course);
    }
    button.disabled = false;
  }

  async function bring(answer, list) {
    const room = await storage("estimate");
    if (room && room.quota - room.usage < list.size - (await kept.here(list))) throw Object.assign(new Error("no room"), { name: "QuotaExceededError" });
    await kept.bring(list, (here) => progress(here, list.size));
    await kept.adopt(answer, list);
  }

  // The same drawing as the server's progress bar. Each step moves the bar; only every tenth of the way is announced.
  function progress(here, all) {
    const percent = Math.round((100 * here) / all);
    lms.fill(part("bar"), lms.shape({ class: "bar", role: "progressbar", "aria-label": "Lo que ya se guardó", "aria-valuemin": 0,
      "aria-valuemax": 100, "aria-valuenow": percent }, "rect", { width: percent + "%", height: "100%", rx: 5 }));
    lms.aloud(part("said"), percent % 10 === 0);
    say("Guardando: " + kept.size(here) + " de " + kept.size(all) + ".");
  }

  async function failed(error, course) {
    await tell({ course, size: 0 }).catch(() => label("Seguir guardando", ""));
    lms.aloud(part("said"), true);
    if (error.name === "QuotaExceededError") say("En este equipo no hay espacio para el curso. Borra lo que no uses, o usa una memoria USB. ", file(course));
    else if (error.name === "SecurityError") say(UNABLE + " ", file(course));
    else say("Se cortó antes de terminar. Lo que llegó ya está guardado: cuando haya señal, pulsa «Seguir guardando».");
  }

  async function remove({ course }) {
    const list = await kept.list(course);
    await kept.remove(course);
    await kept.retire();
    await tell({ course, size: list ? list.size : 0 }).catch(() => show("save", true));
    lms.aloud(part("said"), true);
    say("Lo quitamos de este equipo. Tu avance no se borró.");
  }

  // Once nothing is kept, nothing of ours stands between this browser and the server.
  kept.retire = async () => {
    if ((await kept.lists()).length) return;
    const worker = await root.navigator.serviceWorker.getRegistration("/");
    if (worker) await worker.unregister();
  };

  root.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    invitation = event;
    if (part("install")) show("install", true);
  });

  async function install() {
    show("install", false);
    await invitation.prompt();
  }
})(typeof self === "undefined" ? global : self);
