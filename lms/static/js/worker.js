// Answers for the server when it is away, from the courses kept in this browser. With a server, its own pages come first.
(function (root) {
  "use strict";
  const { kept, who } = root.lms;
  const PATIENCE = 5000; // ms: a slow link's first answer takes three and a half seconds
  const SHELVED = ["/", "/buscar", "/mi-avance", "/sin-internet"]; // what the list of kept courses stands for
  const REST = 10000; // ms in which a server that was away is not asked again
  const AGAIN = 600000; // ms until a lesson has its course compared with the server's again
  const compared = new Map();
  let awayUntil = 0;

  root.addEventListener("install", () => root.skipWaiting());
  root.addEventListener("activate", (event) => event.waitUntil(root.clients.claim()));

  root.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (url.origin !== root.location.origin || request.headers.get(kept.header)) return;
    if (request.method === "POST" && url.pathname === "/salir") event.waitUntil(who.forget());
    if (request.method !== "GET") return;
    if (request.mode === "navigate") event.respondWith(page(event, url));
    else if (url.pathname === "/session.js") event.respondWith(session(request));
    else if (url.searchParams.has("v")) event.respondWith(file(request, url));
  });

  async function page(event, url) {
    const lists = await kept.lists();
    const own = lists.find(({ course }) => url.pathname.split("/")[2] === course && url.pathname.startsWith("/cursos/"));
    const known = own && kept.find(own, url.pathname, "");
    // Anything else, such as a file that has to be made first, may take its time.
    const patience = known || SHELVED.includes(url.pathname) ? PATIENCE : 0;
    const answer = await live(event.request, patience).catch(() => null);
    if (answer) {
      if (own) event.waitUntil(compare(own.course, url.pathname === "/cursos/" + own.course).catch(() => {}));
      return answer;
    }
    const list = known ? own : lists[0];
    const shown = list && (await kept.read(list, known || kept.find(list, "/sin-internet", "")));
    return shown || root.Response.error();
  }

  // The server's answer; none if it is away, or a proxy says so in its place.
  async function live(request, patience) {
    if (Date.now() < awayUntil) throw new Error("away");
    try {
      const answer = await within(root.fetch(request), patience);
      if ([502, 503, 504].includes(answer.status)) throw new Error("away");
      return answer;
    } catch (error) {
      awayUntil = Date.now() + REST;
      throw error;
    }
  }

  const within = (promise, patience) => (patience
    ? Promise.race([promise, new Promise((resolve, reject) => root.setTimeout(() => reject(new Error("late")), patience))]) : promise);

  // The server's word on who is here, else what the browser remembers; and what pages need beside it.
  async function session(request) {
    const answer = await live(request, PATIENCE).then((one) => one.text()).catch(() => null);
    const source = (answer === null ? await remembered() : answer) + "\n" + HEAR;
    return new root.Response(source, { headers: { "Content-Type": "text/javascript; charset=utf-8", "Cache-Control": "no-store" } });
  }

  async function remembered() {
    const [list] = await kept.lists();
    const person = await who.remembered();
    const data = { person: person && { name: person.name }, profile: person && person.id, send: "/events", home: "/" };
    return "(window.lms = window.lms || {}).session = " + JSON.stringify(data) + ";" + (list ? bring(kept.script(list, "away")) : "");
  }

  const bring = (address) => "document.head.append(Object.assign(document.createElement('script'), { src: " + JSON.stringify(address) + " }));";

  // A page that is open when a new version arrives goes on as it is, and says so.
  const HEAR = "navigator.serviceWorker.addEventListener('message', function (event) {" +
    "if (event.data.course && window.lms.el) document.getElementById('main').prepend(lms.el('p', { class: 'notice info', role: 'status' }," +
    "'Guardamos la versión ' + event.data.version + ' de «' + event.data.title + '». La verás al abrir otra página.')); });";

  // Files that name their content: the very one, or where there is no server the one that took its place.
  async function file(request, url) {
    const lists = await kept.lists();
    for (const list of lists) {
      const same = await read(list, url, (found) => found[0] === url.pathname + url.search);
      if (same) return part(same, request);
    }
    try {
      return await root.fetch(request);
    } catch (error) {
      for (const list of lists) {
        const other = await read(list, url, () => true);
        if (other) return part(other, request);
      }
      throw error;
    }
  }

  async function read(list, url, fits) {
    const found = kept.find(list, url.pathname, url.search);
    return found && fits(found) ? kept.read(list, found) : null;
  }

  // Players ask for stretches of a sound, and cannot move about in one that comes whole.
  async function part(answer, request) {
    const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("Range") || "");
    if (!asked) return answer;
    const whole = await answer.blob();
    const [from, to] = [Number(asked[1]), Math.min(Number(asked[2] || Infinity), whole.size - 1)];
    const headers = { "Content-Type": answer.headers.get("Content-Type"), "Content-Range": "bytes " + from + "-" + to + "/" + whole.size, "Accept-Ranges": "bytes" };
    return new root.Response(whole.slice(from, to + 1), { status: 206, headers });
  }

  // Brings a course up to date behind an open page; `now` whenever it was last compared.
  async function compare(course, now) {
    if (!now && Date.now() < (compared.get(course) || 0) + AGAIN) return;
    compared.set(course, Date.now());
    const answer = await kept.ask(course);
    const pages = await root.clients.matchAll();
    if (!answer) {
      if (pages.length < 2) await kept.sweep(await kept.list(course));
      return;
    }
    const list = await answer.clone().json();
    if (list.size - (await kept.here(list)) > kept.automatic) return;
    await kept.bring(list, () => {});
    await kept.adopt(answer, list);
    const { title, version } = list;
    pages.forEach((client) => client.postMessage({ course, title, version }));
  }
})(self);
