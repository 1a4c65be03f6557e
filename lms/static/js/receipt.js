// What a server signed that it has: read, checked, and what of this device it stands for. Twin of lms/sync/over_receipt.py.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const FOUND = /CHASKI RECIBO 1([0-9A-Z\s]+)/i;
  const ANY = /(CHASKI RECIBO(?:(?!CHASKI)[0-9A-HJ-Z\s])*(?:I\s*N)?)/i; // with no letter I but in its last word
  const NOBODYS = /(una\s+parte\s+(?:todavía\s+no\s+está\s+)?)?a\s+nombre\s+de\s+nadie/i; // among the words before, which nobody signs
  const SIGNED_FOR = "chaski receipt 1";
  const [POINT, SIGNATURE, PLACE] = [65, 64, 20]; // bytes
  const FIRST_DAY = Date.UTC(2024, 0, 1);
  const DAY = 24 * 60 * 60 * 1000;
  const MOST_LETTERS = 128 * 1024; // as the server: more than the largest has, with what stands around it
  const ALTERED = "El recibo cambió en el camino o está incompleto. Pide que te lo den otra vez.";
  const receipt = (lms.receipt = {});

  // The receipts and the codes in a text, each once. Nobody knows where a receipt ends that was cut, and «fin» is a word
  // too: so of the letters of any only whole codes are taken for codes. Twin of lms/sync/pasted.py, which leaves out what
  // stands before a receipt that it is in nobody's name.
  receipt.apart = (text) => {
    const [receipts, codes] = [new Map(), new Set()];
    text.split(ANY).forEach((part, turn, parts) => {
      const isReceipt = turn % 2 === 1;
      if (isReceipt) receipts.set(part.replace(/\s/g, "").toUpperCase(), (NOBODYS.exec(parts[turn - 1]) || [""])[0] + " " + part);
      lms.token.foundIn(part).filter((code) => !isReceipt || lms.token.isWhole(code)).forEach((code) => codes.add(code));
    });
    return { receipts: Array.from(receipts.values()), codes: Array.from(codes) };
  };

  // A text → {key, name, day, places: [{mark, upto, digest}]}; a promise, with a sentence for people where it fails.
  // `checked` is false where this browser cannot check a signature; `nobodys` what of it is in nobody's name yet: "all", "part" or "".
  receipt.read = async (text) => {
    if (/CHASKI RECIBO [2-9]/i.test(text)) throw new Error("El recibo viene de una versión más nueva. Ábrelo con el curso actualizado.");
    const found = FOUND.exec(text.slice(0, MOST_LETTERS));
    const [letters, ...after] = found ? found[1].toUpperCase().replace(/\s/g, "").split("FIN") : [""]; // no letter I among them
    const bytes = after.length ? lms.bits.unarmoured(letters) : null;
    if (!bytes || bytes.length < POINT + SIGNATURE + 3) throw new Error(ALTERED);
    const content = Uint8Array.from(bytes);
    const point = content.subarray(0, POINT);
    const body = content.subarray(POINT + SIGNATURE);
    const checked = lms.sealing.able();
    if (checked && !(await signed(point, content.subarray(POINT, POINT + SIGNATURE), body))) throw new Error(ALTERED);
    const end = 3 + body[2];
    if ((body.length - end) % PLACE || end > body.length) throw new Error(ALTERED);
    const places = [];
    for (let at = end; at < body.length; at += PLACE) places.push(place(body.subarray(at, at + PLACE)));
    return {
      key: lms.closing.short(point), name: new root.TextDecoder().decode(body.subarray(3, end)),
      day: new Date(FIRST_DAY + (body[0] * 256 + body[1]) * DAY).toISOString().slice(0, 10), places, checked,
      nobodys: nobodys(text.slice(0, found.index)),
    };
  };

  const nobodys = (before) => {
    const said = NOBODYS.exec(before);
    return said ? (said[1] ? "part" : "all") : "";
  };

  const signed = (point, signature, body) =>
    lms.sealing.signed(point, signature, lms.sealing.join(lms.sealing.bytes(SIGNED_FOR), point, body)).catch(() => false);

  const place = (bytes) => ({
    mark: hex(bytes.subarray(0, 8)),
    upto: bytes.subarray(8, 12).reduce((all, byte) => all * 256 + byte, 0),
    digest: hex(bytes.subarray(12)),
  });

  // Of a profile's events here, up to which seq of each device a receipt acknowledges them: {device: seq}. Of a device with
  // others' events beside its own several chains are said; its own is found by its digest.
  receipt.covers = (one, profile, events) => {
    const upto = {};
    each(one, profile, events, (device, said, known) => {
      const held = said.filter((some) => known[some.upto] === some.digest);
      if (held.length) upto[device] = Math.max(...held.map((some) => some.upto));
    });
    return upto;
  };

  // Whether events are there in the name of a device that are not its own: other ids where it has some itself, or, of the
  // device that asks, more than it ever wrote. Of another one its file may just be an older one.
  receipt.others = (one, profile, events, asking) => {
    let found = false;
    each(one, profile, events, (device, said, known, count) => {
      const whole = device === asking && known.length === count + 1;
      found = found || said.some((some) => (known[some.upto] ? known[some.upto] !== some.digest : whole && some.upto > count));
    });
    return found;
  };

  function each(one, profile, events, look) {
    new Set(events.map((event) => event.device)).forEach((device) => {
      const mark = lms.sha256(profile + " " + device).slice(0, 16);
      const said = one.places.filter((some) => some.mark === mark);
      if (!said.length) return;
      const own = events.filter((event) => event.device === device).sort((a, b) => a.seq - b.seq);
      look(device, said, digests(own), own.length);
    });
  }

  // By seq, as far as none is missing: the same seq may be another event there, of a device that shares its numbers.
  function digests(events) {
    const gap = events.findIndex((event, i) => event.seq !== i + 1);
    const whole = gap < 0 ? events : events.slice(0, gap);
    return lms.chained(whole.map(({ id }) => id)).map((digest) => digest.slice(0, 16) || null);
  }

  const hex = (bytes) => Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
})(typeof window === "undefined" ? global : window);
