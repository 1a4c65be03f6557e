// The current person's events. Every act is written here first, whatever the network does.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const records = new Map();
  let profile = null;
  let known; // resolved once we know whose events these are
  const whose = new Promise((resolve) => { known = resolve; });

  const journal = (lms.journal = {});

  journal.profile = () => profile;
  journal.records = () => Array.from(records.values());
  // Ids are UUIDv7: sorted, they tell the order in which one device wrote them.
  journal.events = () => journal.records().map((record) => record.event).sort((a, b) => (a.id < b.id ? -1 : 1));
  journal.of = (type, item) => journal.events().filter((event) => event.type === type && event.item === item);

  journal.use = async (id) => {
    profile = id;
    records.clear();
    await journal.reload();
    known();
    lms.emit("person", id);
  };

  // Another tab, or a file, may have added lines, and another tab erased some.
  journal.reload = async () => {
    const [known, stored] = [journal.records(), await lms.store.records(profile)];
    if (!lms.store.worn) known.forEach(({ id }) => records.delete(id));
    stored.filter((record) => record.profile === profile).forEach(remember);
  };

  // about: {course, version, item}. A promise of the event, kept once stored as well as this browser can.
  journal.append = async (type, about, data) => {
    await whose;
    const owner = profile; // the person may change while the line is being stored
    const record = await lms.store.append(owner, (device, seq) => lms.record(envelope(type, about, data, { device, profile: owner, seq })));
    const event = owner === profile ? remember(record) : JSON.parse(record.line);
    lms.emit("change", event);
    return event;
  };

  // A store keeps the line alone.
  journal.mark = (marked) => lms.store.save(marked.map((record) => Object.assign({}, record, { event: undefined })));

  // What a store keeps of an event: its exact line, and what is needed to find it.
  lms.record = (event) => ({
    id: event.id, profile: event.profile, course: event.course || "", line: JSON.stringify(event), state: "new",
  });

  function envelope(type, about, data, place) {
    return {
      v: 1, id: lms.uuid7(), type, at: new Date().toISOString(), device: place.device, profile: place.profile, seq: place.seq,
      course: about.course || "", version: about.version || "", item: about.item || "", data: data || {},
    };
  }

  function remember(record) {
    const event = JSON.parse(record.line);
    records.set(record.id, Object.assign({}, record, { event }));
    return event;
  }
})(typeof window === "undefined" ? global : window);
