// The same store over IndexedDB: the only one that survives a power cut a second later.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const STORES = ["events", "counters", "profiles", "meta"];
  const PATIENCE = 6000; // ms: some browsers never answer open() when they mean no
  const SILENT = new Error("silent");

  // After a crash the old browser may hold the files a moment longer: ask twice.
  lms.openIdb = async () => {
    if (!root.indexedDB) throw SILENT;
    return open().catch((error) => {
      if (error === SILENT) throw error;
      return new Promise((resolve) => root.setTimeout(resolve, 1000)).then(open);
    });
  };

  const open = () =>
    new Promise((resolve, reject) => {
      const request = root.indexedDB.open("chaski", 1);
      root.setTimeout(() => reject(SILENT), PATIENCE);
      request.onupgradeneeded = () => {
        STORES.forEach((name) => request.result.createObjectStore(name));
        request.transaction.objectStore("events").createIndex("profile", "profile");
      };
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        request.result.onversionchange = () => request.result.close();
        resolve(wrap(request.result));
      };
    });

  function wrap(db) {
    const reading = (kind, ask) => run(db, [kind], "readonly", (tx, done) => {
      ask(tx.objectStore(kind)).onsuccess = (event) => done(event.target.result);
    });
    const writing = (kinds, work) => run(db, kinds, "readwrite", work);
    const one = (kind, work) => writing([kind], (tx, done) => done(work(tx.objectStore(kind))));
    return {
      get: (kind, key) => reading(kind, (store) => store.get(key)),
      all: (kind) => reading(kind, (store) => store.getAll()),
      records: (profile) => reading("events", (store) => store.index("profile").getAll(profile)),
      put: (kind, key, value) => one(kind, (store) => store.put(value, key)),
      remove: (kind, key) => one(kind, (store) => store.delete(key)),
      append: (profile, make) =>
        writing(["events", "counters", "meta"], (tx, done) => append(tx, profile, make, done)),
      has: ({ id }) => reading("events", (store) => store.count(id)),
      save: (records) => one("events", (store) => put(store, records, 1)),
      merge: (records) => one("events", (store) => put(store, records, 0)),
      erase: (profile) => writing(STORES, (tx) => erase(tx, profile)),
    };
  }

  // Resolves with what `work` handed to done(), and only after the commit: durable means told.
  function run(db, kinds, mode, work) {
    return new Promise((resolve, reject) => {
      let result;
      const tx = db.transaction(kinds, mode, { durability: "strict" });
      tx.oncomplete = () => resolve(result);
      tx.onabort = tx.onerror = () => reject(tx.error || new Error("aborted"));
      work(tx, (value) => { result = value; });
    });
  }

  // Callbacks, not promises: an old engine would commit between two promises.
  function append(tx, profile, make, done) {
    const meta = tx.objectStore("meta");
    const counters = tx.objectStore("counters");
    meta.get("device").onsuccess = (found) => {
      const device = found.target.result || lms.uuid4();
      const counter = device + "|" + profile;
      counters.get(counter).onsuccess = (last) => {
        const seq = (last.target.result || 0) + 1;
        const record = make(device, seq);
        meta.put(device, "device");
        counters.put(seq, counter);
        tx.objectStore("events").add(record, record.id);
        done(record);
      };
    };
  }

  // Only the records of which there are so many, 0 or 1; they are in what it returns once all is done.
  function put(store, records, there) {
    const written = [];
    records.forEach((record) => {
      store.count(record.id).onsuccess = ({ target }) => {
        if (target.result !== there) return;
        store.put(record, record.id);
        written.push(record);
      };
    });
    return written;
  }

  function erase(tx, profile) {
    if (!profile) return STORES.forEach((kind) => tx.objectStore(kind).clear());
    tx.objectStore("profiles").delete(profile);
    tx.objectStore("meta").delete(root.IDBKeyRange.bound("draft|" + profile, "draft|" + profile + "~"));
    // The counter stays: if the same person's file comes back, seq must go on, not start again.
    const events = tx.objectStore("events");
    events.index("profile").getAllKeys(profile).onsuccess = ({ target }) => target.result.forEach((id) => events.delete(id));
    return undefined;
  }
})(typeof window === "undefined" ? global : window);
