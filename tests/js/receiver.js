// What stands around the outbox in its tests: lines, a store, and where they are sent. Needs load.js with "outbox".
const { lms } = global;

// A receiver at the other end of XMLHttpRequest: answer(lines) gives [status, receipts].
function receiver(answer) {
  const posts = [];
  global.XMLHttpRequest = class {
    open() {}
    setRequestHeader(name, value) { if (name === "Chaski-Perfil") this.profile = value; }
    getResponseHeader() { return null; }
    send(body) {
      const lines = body.trim().split("\n");
      posts.push(Object.assign(lines, { profile: this.profile }));
      const [status, results] = answer(lines, posts.length);
      this.status = status;
      this.responseText = JSON.stringify({ results });
      setImmediate(status ? this.onload : this.onerror);
    }
  };
  return posts;
}

// What its pages share beside lines.
function meta() {
  const kept = new Map();
  return { get: async (key) => kept.get(key), set: async (key, value) => { kept.set(key, value); }, erased: async () => [] };
}

function journal(count) {
  const records = Array.from({ length: count }, (_, i) => ({ id: "id" + i, profile: "p", line: JSON.stringify({ id: "id" + i }), state: "new" }));
  lms.journal = { records: () => records, profile: () => "p", mark: async () => {} };
  lms.store = Object.assign(meta(), { profiles: async () => [], renewDevice: async () => { lms.store.renewed = true; } });
  lms.session = { send: "/events" };
  return records;
}

const stored = (lines) => [200, lines.map((line) => ({ id: JSON.parse(line).id, status: "stored" }))];

module.exports = { receiver, journal, stored };
