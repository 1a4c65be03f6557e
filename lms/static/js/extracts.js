// What is shown of a passage that was found. Twin of lms/search/extracts.py.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const [LENGTH, REACH, LEAD] = [200, 150, 60]; // signs

  // The stretch with most different words of the query; spots: [[start, word of the query]] in order.
  lms.extract = (text, spots) => {
    const start = opening(text, densest(spots));
    const end = closing(text, start);
    const pieces = start ? [{ text: "… ", mark: false }] : [];
    let at = start;
    spots.filter((spot) => spot[0] < end).forEach(([from]) => {
      if (from < at) return;
      const word = lms.scan.wordAt(text, from);
      pieces.push({ text: text.slice(at, from), mark: false }, { text: word, mark: true });
      at = from + word.length;
    });
    pieces.push({ text: text.slice(at, end) + (end < text.length ? " …" : ""), mark: false });
    return pieces.filter((piece) => piece.text);
  };

  // All of a short text, with the words marked that have one of the forms in `sought`.
  lms.marked = (text, sought) => {
    const pieces = [];
    let at = 0;
    lms.analysis.words(text).filter(([, word]) => lms.analysis.forms(word).some((form) => sought.has(form))).forEach(([from, word]) => {
      pieces.push({ text: text.slice(at, from), mark: false }, { text: word, mark: true });
      at = from + word.length;
    });
    pieces.push({ text: text.slice(at), mark: false });
    return pieces.filter((piece) => piece.text);
  };

  // Of what people ask a lesson by, what has most words of the query; nothing where `shown` has a mark already.
  lms.phrase = (keywords, shown, sought) => {
    if (marks(shown)) return [];
    const most = (best, one) => (marks(one) > marks(best) ? one : best);
    return keywords.split(", ").map((one) => lms.marked(one, sought)).reduce(most, []);
  };

  const marks = (pieces) => pieces.filter((piece) => piece.mark).length;

  function densest(spots) {
    let [different, all, place] = [0, 0, 0];
    spots.forEach(([start], i) => {
      const near = spots.slice(i, i + 12).filter((other) => other[0] < start + REACH).map((other) => other[1]);
      const kinds = new Set(near).size;
      if (kinds > different || (kinds === different && near.length > all)) [different, all, place] = [kinds, near.length, start];
    });
    return place;
  }

  // The beginning of the sentence, or a space near it.
  function opening(text, first) {
    const earliest = Math.max(0, first - LEAD);
    if (!earliest) return 0;
    const before = text.slice(earliest, first);
    if (before.indexOf(". ") >= 0) return earliest + before.lastIndexOf(". ") + 2;
    return before.indexOf(" ") >= 0 ? earliest + before.indexOf(" ") + 1 : first;
  }

  function closing(text, start) {
    if (text.length <= start + LENGTH) return text.length;
    const space = text.slice(0, start + LENGTH).lastIndexOf(" ");
    return space >= start + LENGTH - LEAD ? space : start + LENGTH;
  }
})(typeof window === "undefined" ? global : window);
