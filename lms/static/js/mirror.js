// A store over a Web Storage area: the copy beside IndexedDB, the store where there is none, or (over a Map) memory.
// Keys: chaski|e|<profile>|<course>|<id> events, |c| counters, |p| profiles, |m| everything else.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const LETTERS = { events: "e", counters: "c", profiles: "p", meta: "m" };
  const LIMIT = 15e5; // characters: every course on a machine shares one area of about 5 MB

  lms.webStore = (area) => {
    const name = (kind, key) => "chaski|" + LETTERS[kind] + "|" + key;
    const place = ({ profile, course, id }) => name("events", [profile, course, id].join("|"));
    const all = (prefix) => keys(area, prefix).map((key) => read(area, key)).filter(Boolean);
    const has = (record) => area.getItem(place(record)) !== null;
    const keep = (record) => write(area, place(record), record) || record;
    const store = {};

    store.get = async (kind, key) => read(area, name(kind, key));
    store.put = async (kind, key, value) => write(area, name(kind, key), value);
    store.remove = async (kind, key) => area.removeItem(name(kind, key));
    store.all = async (kind) => all(name(kind, ""));
    store.records = async (profile) => all(name("events", profile + "|"));
    store.has = async (record) => has(record);

    // Only one tab at a time can be inside: the area is synchronous, so no line takes another's seq.
    store.append = async (profile, make) => {
      const device = read(area, name("meta", "device")) || lms.uuid4();
      const counter = name("counters", device + "|" + profile);
      const seq = (read(area, counter) || 0) + 1;
      const record = make(device, seq);
      keep(record);
      write(area, name("meta", "device"), device);
      write(area, counter, seq);
      return record;
    };

    // What is there, or what is not, is written and returned.
    store.save = async (records) => records.filter((record) => has(record) && keep(record));
    store.merge = async (records) => records.filter((record) => !has(record) && keep(record));

    store.erase = async (profile) => {
      const doomed = profile
        ? keys(area, name("events", profile + "|")).concat(keys(area, name("meta", "draft|" + profile)), name("profiles", profile))
        : keys(area, "chaski|");
      doomed.forEach((key) => area.removeItem(key));
    };

    // As a copy it may forget: what was sent at once, and the oldest lines when it grows too big.
    store.copy = (record) => {
      try {
        if (record.state === "sent") area.removeItem(place(record));
        else keep(record);
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

  const keys = (area, prefix) =>
    Array.from({ length: area.length }, (none, i) => area.key(i)).filter((key) => key.indexOf(prefix) === 0);

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
    let total = 0;
    keys(area, prefix).sort((a, b) => (a.slice(-36) < b.slice(-36) ? 1 : -1)).forEach((key) => {
      total += area.getItem(key).length;
      if (total > LIMIT) area.removeItem(key);
    });
  }
})(typeof window === "undefined" ? global : window);
