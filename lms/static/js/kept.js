// Courses kept in this browser: of each, the list of what it needs and every file on it. Pages and the worker share it.
// A list's files are [address, bytes on the wire, digest]; a file is kept under its path and digest, so that two
// versions of a course may stand side by side and share what is the same in both.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const BEGINNING = "chaski-curso-";
  const AT_ONCE = 4;
  // What is larger than `automatic` bytes is brought up to date only when somebody asks: data cost money.
  const kept = (lms.kept = Object.assign(lms.kept || {}, { header: "Chaski-Guardar", automatic: 1e6 }));

  const boxOf = (course) => BEGINNING + course;
  kept.box = (course) => root.caches.open(boxOf(course));
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
    return (await kept.box(course)).match(listAt(course));
  }

  // The server's list as an answer to be adopted, or null if the one kept here is the same. A page and its worker ask
  // at the same time: through the browser's own cache it comes once.
  kept.ask = async (course) => {
    const old = await known(course);
    const answer = await root.fetch(listAt(course), asking("no-cache"));
    if (!answer.ok || answer.redirected) throw new Error("no list");
    const tag = answer.headers.get("ETag");
    return old && tag && tag === old.headers.get("ETag") ? null : answer;
  };

  // Never with cookies: what is kept is what anybody gets.
  const asking = (cache) => ({ credentials: "omit", cache, headers: { [kept.header]: "si" } });

  // How much of a list is here already, in bytes.
  kept.here = async (list) => {
    if (!(await root.caches.has(boxOf(list.course)))) return 0;
    return list.size - weight(await missing(list));
  };

  const weight = (files) => files.reduce((sum, file) => sum + file[1], 0);

  async function missing(list) {
    const keys = await (await kept.box(list.course)).keys();
    const here = new Set(keys.map(({ url }) => url.slice(root.location.origin.length)));
    return list.files.filter((file) => !here.has(keyOf(file)));
  }

  // Fetches what is not here; the old version stays as it is. tell(bytes that are here).
  kept.bring = async (list, tell) => {
    const left = await missing(list);
    let here = list.size - weight(left);
    tell(here);
    const frames = left.filter((file) => kept.isFrame(list, file));
    const told = (file) => tell((here += file[1]));
    await each(frames, async (file) => { await put(list, file, await fetched(file)); told(file); });
    const known = await kept.frames(list);
    await each(left.filter((file) => !frames.includes(file)), async (file) => {
      await put(list, file, (await kept.together(list, file, known, part)) || (await fetched(file)));
      told(file);
    });
  };

  async function each(files, work) {
    const left = files.slice();
    let problem = null; // one cut ends it: the others would only wait for the same
    const worker = async () => {
      while (left.length && !problem) await work(left.shift()).catch((error) => { problem = problem || error; });
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    if (problem) throw problem;
  }

  const put = async (list, file, answer) => (await kept.box(list.course)).put(keyOf(file), answer);

  async function get(address) {
    // What names its content may be in the browser's own cache already.
    const answer = await root.fetch(address, asking(/[?&]v=/.test(address) ? "default" : "no-store"));
    if (!answer.ok || answer.redirected) throw new Error(address + " " + answer.status);
    return answer;
  }

  const part = async (address) => (await get(address)).text();

  async function fetched(file) {
    const answer = await get(file[0]);
    const page = /^text\/html/.test(answer.headers.get("Content-Type"));
    const copy = answer.clone();
    if (!(await kept.isListed(page ? await copy.text() : await copy.arrayBuffer(), file))) throw new Error(file[0] + " is not what was listed");
    return answer;
  }

  // Whether content is what a list says of a file: bytes, or a page's text.
  kept.isListed = async (content, [, , digest]) => {
    const bytes = typeof content === "string" ? new root.TextEncoder().encode(kept.settled(content)) : content;
    const found = new Uint8Array(await root.crypto.subtle.digest("SHA-256", bytes));
    return Array.from(found.slice(0, 8), (byte) => (byte + 256).toString(16).slice(1)).join("").startsWith(digest);
  };

  // A page without what may change beside it. Twin of `settled` in lms/learning/frames.py.
  kept.settled = (text) => text.replace(/data-version="[^"]*"/g, 'data-version=""')
    .replace(/(\/claves\/[^"?]+\.js)\?v=\w+/g, "$1");

  // From now on this version is the one used. What only the one before needed stays: a page of it may be open.
  kept.adopt = async (answer, list) => {
    await (await kept.box(list.course)).put(listAt(list.course), answer);
  };

  kept.sweep = async (list) => {
    const box = await kept.box(list.course);
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

  kept.read = async (list, file) => (await kept.box(list.course)).match(keyOf(file));

  kept.script = (list, name) => list.files.map(([address]) => address).find((address) => address.startsWith("/static/" + name + ".js"));

  // A size as people read it. Twin of `_size` in lms/learning/routes/catalogue.py.
  kept.size = (bytes) => (bytes < 1e6 ? Math.max(1, Math.round(bytes / 1e3)) + " KB" : (bytes / 1e6).toFixed(1) + " MB");
})(typeof self === "undefined" ? global : self);
