// Who is here when no server can say it: whoever the last page of this browser was for, as its store remembers.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const who = (lms.who = {});

  // The person's profile {id, name}, or null for a guest.
  who.remembered = () => using("readonly", async (ask) => {
    const id = await ask("meta", (store) => store.get("current"));
    const profile = id && (await ask("profiles", (store) => store.get(id)));
    return profile && !profile.guest ? profile : null;
  }).catch(() => null);

  // Leaving on a shared device: nothing here may go on as that person.
  who.forget = () => using("readwrite", (ask) => ask("meta", (store) => store.delete("current"))).catch(() => {});

  function using(mode, work) {
    return open().then((db) => {
      const ask = (kind, wish) => new Promise((resolve, reject) => {
        const request = wish(db.transaction(kind, mode).objectStore(kind));
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      const done = () => db.close();
      const result = work(ask);
      result.then(done, done);
      return result;
    });
  }

  function open() {
    return new Promise((resolve, reject) => {
      const request = root.indexedDB.open("chaski");
      request.onupgradeneeded = () => request.transaction.abort(); // pages make the store, not we
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        request.result.onversionchange = () => request.result.close();
        resolve(request.result);
      };
    });
  }
})(typeof self === "undefined" ? global : self);
