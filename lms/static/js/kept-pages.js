// Pages of a kept course, put together from their own parts and the frames that the whole course shares, so that a word
// which stands in every page is fetched once. The same bytes come of it as the server's page. Twin of lms/learning/frames.py.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const kept = (lms.kept = lms.kept || {});
  const FRAMES = ["marcos.json", "estilos.json"];
  const PLACE = "\u0002"; // where the own part goes
  const OWN = /<article [^]*<\/article>/;

  const addressOf = (list, name) => "/cursos/" + list.course + "/" + name;
  const pathOf = (file) => file[0].split("?")[0];

  kept.isFrame = (list, file) => FRAMES.some((name) => pathOf(file) === addressOf(list, name));

  // The frames of a list whose files are here: {lines, pages, styles, headers}; null if its server tells none.
  kept.frames = async (list) => {
    const files = FRAMES.map((name) => kept.find(list, addressOf(list, name), ""));
    if (!files.every(Boolean)) return null;
    const [words, styles] = await Promise.all(files.map(async (file) => (await kept.read(list, file)).json()));
    return { lines: words.lines, pages: words.pages, styles: styles.lines, headers: styles.headers, keys: keysOf(list) };
  };

  // A frame names its unit's keys without saying which: that is the list's to say.
  function keysOf(list) {
    const keys = list.files.map(([address]) => address).filter((address) => address.includes("/claves/"));
    return new Map(keys.map((address) => [address.split("?")[0], address]));
  }

  // A page's frame as text, its own part missing; null for what is no page.
  kept.frameOf = (frames, path) => {
    const [, ...runs] = (frames && frames.pages[path]) || [];
    if (!runs.length) return null;
    const lines = runs.reduce((all, [from, to]) =>
      all.concat(from < 0 ? frames.styles[-1 - from] : frames.lines.slice(from, to + 1)), []);
    return lines.join("\n").replace(/\/cursos\/[^"/]+\/claves\/[^"?]+\.js/g, (address) => frames.keys.get(address) || address);
  };

  kept.ownPart = (html) => (OWN.exec(html) || [""])[0];

  // A page that is not here: around what an earlier version of it had of its own if that is still the same, else around
  // what the server says now. null for what is no page.
  kept.together = async (list, file, frames, fetchPart) => {
    const frame = kept.frameOf(frames, pathOf(file));
    if (frame === null) return null;
    if (!frame.includes(PLACE)) return (await kept.isListed(frame, file)) ? answer(frames, file, frame) : null;
    const whole = (own) => frame.replace(PLACE, () => own);
    for (const earlier of await earlierOnes(list, file)) {
      const html = whole(kept.ownPart(await earlier.text()));
      if (await kept.isListed(html, file)) return answer(frames, file, html);
    }
    const html = whole(await fetchPart(addressOf(list, "parte.html?de=" + root.encodeURIComponent(file[0]))));
    return (await kept.isListed(html, file)) ? answer(frames, file, html) : null;
  };

  const earlierOnes = async (list, file) => (await kept.box(list.course)).matchAll(pathOf(file), { ignoreSearch: true });

  const answer = (frames, file, html) => new root.Response(html, { headers: frames.headers[frames.pages[pathOf(file)][0]] });
})(typeof self === "undefined" ? global : self);
