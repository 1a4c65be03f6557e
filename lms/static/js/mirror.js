// A store over a Web Storage area: the copy beside IndexedDB, the store where there is none, or (over a Map) memory.
// Keys: chaski|e|<profile>|<course>|<id> events, |c| counters, |p| profiles, |m| everything else.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const LETTERS = { events: "e", counters: "c", profiles: "p", meta: "m" };
  const LIMIT = 15e5; // characters: every course on a machine shares one area of about 5 MB

  lms.webStore = (area) => {
    const name = (kind, key) => "chaski|" + LETTERS[kind] + "|" + key;
    const store = {};

    store.get = async (kind, key) => read(area, name(kind, key));
    store.put = async (kind, key, value) => write(area, name(kind, key), value);
    store.remove = async (kind, key) => area.removeItem(name(kind, key));
    store.all = async (kind) => keys(area, name(kind, "")).map((key) => read(area, key)).filter(Boolean);
    store.records = async (profile) =>
      keys(area, name("events", profile + "|")).map((key) => read(area, key)).filter(Boolean);

    // Only one tab at a time can be inside: the area is synchronous, so no line takes another's seq.
    store.append = async (profile, make) => {
      const device = read(area, name("meta", "device")) || lms.uuid4();
      const counter = name("counters", device + "|" + profile);
      const seq = (read(area, counter) || 0) + 1;
      const record = make(device, seq);
      write(area, name("events", place(record)), record);
      write(area, name("meta", "device"), device);
      write(area, counter, seq);
      return record;
    };

    store.save = async (records) =>
      records.forEach((record) => write(area, name("events", place(record)), record));

    store.merge = async (records) => {
      const fresh = records.filter((record) => area.getItem(name("events", place(record))) === null);
      await store.save(fresh);
      return fresh;
    };

    store.erase = async (profile) => {
      const doomed = profile
        ? keys(area, name("events", profile + "|")).concat(keys(area, name("meta", "draft|" + profile)))
        : keys(area, "chaski|");
      doomed.forEach((key) => area.removeItem(key));
      if (profile) area.removeItem(name("profiles", profile));
    };

    // As a copy it may forget: what was sent at once, and the oldest lines when it grows too big.
    store.copy = (record) => {
      const key = name("events", place(record));
      try {
        if (record.state === "sent") area.removeItem(key);
        else write(area, key, record);
        shrink(area, name("events", ""));
      } catch (error) {
        root.console.warn("copy", error);
      }
    };
    return store;
  };

  lms.memoryArea = () => {
    const map = new Map();
    return {
      get length() { return map.size; },
      key: (i) => Array.from(map.keys())[i],
      getItem: (key) => (map.has(key) ? map.get(key) : null),
      setItem: (key, value) => map.set(key, String(value)),
      removeItem: (key) => map.delete(key),
    };
  };

  const place = (record) => [record.profile, record.course, record.id].join("|");

  function keys(area, prefix) {
    const found = [];
    for (let i = 0; i < area.length; i++) {
      const key = area.key(i);
      if (key.indexOf(prefix) === 0) found.push(key);
    }
    return found;
  }

  function read(area, key) {
    try {
      return JSON.parse(area.getItem(key));
    } catch (error) {
      return null; // half a line after a power cut
    }
  }

  function write(area, key, value) {
    area.setItem(key, JSON.stringify(value));
  }

  function shrink(area, prefix) {
    if (area.length < 500) return; // lines are at most 16 KiB, and nearly always under 1 KiB
    const sized = keys(area, prefix).map((key) => [key.slice(-36), key, area.getItem(key).length]);
    let total = sized.reduce((sum, one) => sum + one[2], 0);
    sized.sort().some((one) => {
      if (total <= LIMIT) return true;
      area.removeItem(one[1]);
      total -= one[2];
      return false;
    });
  }
})(typeof window === "undefined" ? global : window);
