// Courses kept in this browser: of each, the list of what it needs and every file on it. Pages and the worker share it.
// A list's files are [address, bytes on the wire, digest]; a file is kept under its path and digest, so that two
// versions of a course may stand side by side and share what is the same in both.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const BEGINNING = "chaski-curso-";
  const AT_ONCE = 4;
  // What is larger than `automatic` bytes is brought up to date only when somebody asks: data cost money.
  const kept = (lms.kept = { header: "Chaski-Guardar", automatic: 1e6 });

  const boxOf = (course) => BEGINNING + course;
  const listAt = (course) => "/cursos/" + course + "/sin-internet.json";
  const keyOf = ([address, , digest]) => address.split("?")[0] + "?" + digest;

  // The lists of all courses that are kept whole.
  kept.lists = async () => {
    const names = (await root.caches.keys()).filter((name) => name.startsWith(BEGINNING));
    const lists = await Promise.all(names.map((name) => kept.list(name.slice(BEGINNING.length))));
    return lists.filter(Boolean);
  };

  kept.list = async (course) => {
    const found = await known(course);
    return found ? found.json() : null;
  };

  async function known(course) {
    if (!(await root.caches.has(boxOf(course)))) return null; // open() would make one
    return (await root.caches.open(boxOf(course))).match(listAt(course));
  }

  // The server's list as an answer to be adopted, or null if the one kept here is the same.
  kept.ask = async (course) => {
    const old = await known(course);
    const tag = old && old.headers.get("ETag");
    const answer = await root.fetch(listAt(course), asking("no-store", tag ? { "If-None-Match": tag } : {}));
    if (answer.status === 304) return null;
    if (!answer.ok || answer.redirected) throw new Error("no list");
    return answer;
  };

  // Never with cookies: what is kept is what anybody gets.
  const asking = (cache, headers) =>
    ({ credentials: "omit", cache, headers: Object.assign({ [kept.header]: "si" }, headers) });

  // How much of a list is here already, in bytes.
  kept.here = async (list) => {
    if (!(await root.caches.has(boxOf(list.course)))) return 0;
    return list.size - weight(await missing(list));
  };

  const weight = (files) => files.reduce((sum, file) => sum + file[1], 0);

  async function missing(list) {
    const keys = await (await root.caches.open(boxOf(list.course))).keys();
    const here = new Set(keys.map(({ url }) => url.slice(root.location.origin.length)));
    return list.files.filter((file) => !here.has(keyOf(file)));
  }

  // Fetches what is not here; the old version stays as it is. tell(bytes that are here).
  kept.bring = async (list, tell) => {
    const box = await root.caches.open(boxOf(list.course));
    const left = await missing(list);
    let here = list.size - weight(left);
    let problem = null; // one cut ends it: the others would only wait for the same
    tell(here);
    const work = async () => {
      for (let file = left.shift(); file && !problem; file = left.shift()) {
        await fetchInto(box, file).catch((error) => { problem = problem || error; });
        if (!problem) tell((here += file[1]));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (problem) throw problem;
  };

  async function fetchInto(box, file) {
    const [address, , digest] = file;
    // What names its content may be in the browser's own cache already.
    const answer = await root.fetch(address, asking(/[?&]v=/.test(address) ? "default" : "no-store"));
    if (!answer.ok || answer.redirected) throw new Error(address + " " + answer.status);
    if (!(await digestOf(answer.clone())).startsWith(digest)) throw new Error(address + " is not what was listed");
    await box.put(keyOf(file), answer);
  }

  async function digestOf(answer) {
    const page = /^text\/html/.test(answer.headers.get("Content-Type"));
    const content = page ? new root.TextEncoder().encode(kept.settled(await answer.text())) : await answer.arrayBuffer();
    const digest = new Uint8Array(await root.crypto.subtle.digest("SHA-256", content));
    return Array.from(digest.slice(0, 8), (byte) => (byte + 256).toString(16).slice(1)).join("");
  }

  // A page without what may change beside it. Twin of `_settled` in lms/learning/routes/keeping.py.
  kept.settled = (text) => text.replace(/data-version="[^"]*"/g, 'data-version=""')
    .replace(/(\/claves\/[^"?]+\.js)\?v=\w+/g, "$1");

  // From now on this version is the one used. What only the one before needed stays: a page of it may be open.
  kept.adopt = async (answer, list) => {
    await (await root.caches.open(boxOf(list.course))).put(listAt(list.course), answer);
  };

  kept.sweep = async (list) => {
    const box = await root.caches.open(boxOf(list.course));
    const needed = new Set(list.files.map(keyOf).concat(listAt(list.course)));
    const spare = (await box.keys()).filter(({ url }) => !needed.has(url.slice(root.location.origin.length)));
    await Promise.all(spare.map((request) => box.delete(request)));
  };

  kept.remove = (course) => root.caches.delete(boxOf(course));

  // The file of a list that stands at a path with this query, or at least at this path; undefined if none does.
  kept.find = (list, path, query) => {
    const at = list.files.filter(([address]) => address.split("?")[0] === path);
    return at.find(([address]) => address === path + query) || at[0];
  };

  kept.read = async (list, file) => (await root.caches.open(boxOf(list.course))).match(keyOf(file));

  kept.script = (list, name) => list.files.map(([address]) => address).find((address) => address.startsWith("/static/" + name + ".js"));

  // A size as people read it. Twin of `_size` in lms/learning/routes/catalogue.py.
  kept.size = (bytes) => (bytes < 1e6 ? Math.max(1, Math.round(bytes / 1e3)) + " KB" : (bytes / 1e6).toFixed(1) + " MB");
})(typeof self === "undefined" ? global : self);
