// One store for the page: IndexedDB with a localStorage copy, else localStorage, else memory with a warning.
// A record is {id, profile, course, line, state}: line is the event's exact text; state new, sent or refused.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  let main = null;
  let copy = null; // beside IndexedDB only
  const store = (lms.store = { kind: "", worn: false }); // worn: another one took its place

  store.open = async () => {
    const web = webArea();
    try {
      main = await lms.openIdb();
      copy = web;
      store.kind = "indexeddb";
      if (copy) await restore();
    } catch (error) {
      settle(web);
    }
    keepForGood();
    listen();
  };

  store.append = async (profile, make) => {
    const record = await safely((backend) => backend.append(profile, make));
    if (copy) copy.copy(record);
    tell();
    return record;
  };

  // Saves known records again after their state changed; those that another tab erased stay erased.
  store.save = async (records) => {
    const saved = await safely((backend) => backend.save(records));
    if (copy) saved.forEach(copy.copy);
    tell();
  };

  // Which of these were erased: what a store lacks that took the place of another, or that does not answer, was not.
  store.erased = async (records) => {
    const there = await Promise.all(records.map((record) => main.has(record).catch(() => true)));
    return records.filter((record, i) => !store.worn && !there[i]);
  };

  // Adds what is missing; the same line may come any number of times.
  store.merge = async (records) => {
    await safely((backend) => backend.merge(records));
    tell();
  };

  store.records = (profile) => main.records(profile);
  store.profiles = () => main.all("profiles");
  store.get = (key) => main.get("meta", key);
  store.set = (key, value) => both((backend) => backend.put("meta", key, value));
  store.forget = (key) => both((backend) => backend.remove("meta", key));
  store.saveProfile = (profile) => both((backend) => backend.put("profiles", profile.id, profile));
  // Never copied: two stores with one device id would count the same seq twice.
  store.renewDevice = () => safely((backend) => backend.put("meta", "device", lms.uuid4()));

  // Erases one person's data, or everything without a profile.
  store.erase = async (profile) => {
    await both((backend) => backend.erase(profile));
    tell();
  };

  async function both(work) {
    await safely(work);
    if (copy) await work(copy).catch((error) => root.console.warn("copy", error));
  }

  // A store that stops working (full, blocked under way) gives way to the next one.
  async function safely(work) {
    try {
      return await work(main);
    } catch (error) {
      root.console.warn(store.kind, error);
      if (store.kind === "memory") throw error;
      store.worn = true;
      settle(store.kind === "indexeddb" ? copy : null);
      return safely((backend) => backend.put("meta", "device", lms.uuid4()).then(() => work(backend)));
    }
  }

  function settle(web) {
    main = web || lms.webStore(lms.memoryArea());
    copy = null;
    store.kind = web ? "localstorage" : "memory";
    lms.emit("store", store.kind);
  }

  // What IndexedDB lost (or never got) comes back from the copy.
  async function restore() {
    await main.merge(await copy.all("events"));
    const put = async (kind, key, value) => value && ((await main.get(kind, key)) || main.put(kind, key, value));
    await Promise.all((await copy.all("profiles")).map((one) => put("profiles", one.id, one)));
    await put("meta", "current", await copy.get("meta", "current"));
  }

  function webArea() {
    try {
      const area = root.localStorage;
      area.setItem("chaski|probe", "1");
      area.removeItem("chaski|probe");
      return lms.webStore(area);
    } catch (error) {
      return null; // blocked, full, or a document without an origin
    }
  }

  function keepForGood() {
    try {
      root.navigator.storage.persist().catch(() => {});
    } catch (error) {
      // plain http has no navigator.storage
    }
  }

  let channel = null;
  let timer = 0;

  function tell() {
    if (channel) channel.postMessage("changed");
  }

  function listen() {
    const changed = () => {
      root.clearTimeout(timer);
      timer = root.setTimeout(() => lms.emit("elsewhere"), 200);
    };
    root.addEventListener("storage", (event) => {
      if (!event.key || event.key.indexOf("chaski|e|") === 0) changed();
    });
    if (!root.BroadcastChannel) return;
    channel = new root.BroadcastChannel("chaski");
    channel.onmessage = changed;
  }
})(typeof window === "undefined" ? global : window);
