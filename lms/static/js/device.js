// This device's key: made with the first file that needs it, kept in a store of its own, announced in each profile.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const TYPE = "device.announced";
  const STORE = "keys";
  const device = (lms.device = {});

  // {pair, point} to sign with, or null where this browser can keep no key.
  device.key = async () => {
    if (!lms.sealing.able() || lms.store.kind !== "indexeddb") return null;
    try {
      const kept = await known();
      return (await announce(kept)) ? kept : null;
    } catch (error) {
      root.console.warn("key", error);
      return null;
    }
  };

  // A device and its key belong together: one that lost its key, or announced another, becomes another device.
  async function known() {
    let id = await lms.store.get("device");
    const kept = await stored((keys) => keys.get("own"));
    const said = announced(id);
    if (kept && kept.device === id && (!said || said.data.key === kept.key)) return kept;
    if (!id || said) {
      await lms.store.renewDevice();
      id = await lms.store.get("device");
    }
    const pair = await lms.sealing.newKey();
    const point = await lms.sealing.point(pair.publicKey);
    return first({ device: id, key: lms.closing.short(point), pair, point });
  }

  // Of two tabs that are at it, the first one's.
  function first(made) {
    return stored((keys) => keys.get("own"), (kept, keys) => {
      if (kept && kept.device === made.device) return kept;
      keys.put(made, "own");
      return made;
    });
  }

  async function announce({ device: id, key }) {
    const event = announced(id) || (await lms.journal.append(TYPE, {}, { key }));
    return event.device === id && event.data.key === key;
  }

  const announced = (id) => lms.journal.events().find((event) => event.type === TYPE && event.device === id);

  // With everything else on this device, its key goes too.
  device.forget = () => {
    if (root.indexedDB) root.indexedDB.deleteDatabase("chaski-keys");
  };

  function stored(ask, then) {
    return new Promise((resolve, reject) => {
      const request = root.indexedDB.open("chaski-keys", 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        const db = request.result;
        let answer;
        const tx = db.transaction([STORE], then ? "readwrite" : "readonly");
        const keys = tx.objectStore(STORE);
        ask(keys).onsuccess = (event) => { answer = then ? then(event.target.result, keys) : event.target.result; };
        tx.onabort = tx.onerror = () => reject(tx.error);
        tx.oncomplete = () => {
          db.close();
          resolve(answer);
        };
      };
    });
  }
})(typeof window === "undefined" ? global : window);
