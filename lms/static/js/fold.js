// The one text analysis of search; twin of lms/course/analysis.py, see tests/vectors/analysis.json.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const analysis = (lms.analysis = {});
  const APOSTROPHES = "'’‘ʼʹ´`ꞌ";
  const LETTERS = "0-9A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02b8\u0370-\u1fff";
  const MARKS = "\u0300-\u036f";
  const WORD = "[" + LETTERS + "](?:[" + LETTERS + MARKS + APOSTROPHES + "]*[" + LETTERS + MARKS + "])?";
  const SKIPPED = new RegExp("[" + APOSTROPHES + "]", "g");
  const ACCENTS = new RegExp("[" + MARKS + "]", "g");
  const ASCII = /^[a-z0-9]*$/;
  const ENYE = "\ue000"; // stands for ñ while accents go; a sign no keyboard writes
  const PLAIN_LETTERS = { ɨ: "i", ø: "o", ł: "l", ß: "ss" };
  const ANDEAN = /q(?!u[ei])/;
  const forms = new Map();

  Object.assign(analysis, { LETTERS, MARKS, APOSTROPHES, WORD });
  analysis.normal = (text) => text.normalize("NFC");

  // [offset, word as written] of each word of a text in NFC.
  analysis.words = (text) => {
    const pattern = new RegExp(WORD, "g");
    const found = [];
    for (let word = pattern.exec(text); word; word = pattern.exec(text)) found.push([word.index, word[0]]);
    return found;
  };

  // Lower case, without accents and apostrophes; only ñ stays ñ.
  analysis.fold = (written) => {
    const word = written.toLowerCase();
    if (ASCII.test(word)) return word;
    return word.replace(SKIPPED, "").replace(/ñ/g, ENYE).replace(/[ɨøłß]/g, (letter) => PLAIN_LETTERS[letter])
      .normalize("NFD").replace(ACCENTS, "").replace(new RegExp(ENYE, "g"), "ñ");
  };

  analysis.plain = (folded) => folded.replace(/ñ/g, "n");

  // What qelqa and qilqa, Qosqo and Qusqu share; nothing for a word that is not Andean.
  analysis.threeVowels = (plain) =>
    ANDEAN.test(plain) ? plain.replace(/e/g, "i").replace(/o/g, "u").replace(/([aiu])\1/g, "$1") : "";

  // Every form a word is indexed under: = exact, ~ n for ñ, + light stem, * Snowball stem (or two), ^ three vowels.
  analysis.forms = (word) => {
    if (!forms.has(word)) forms.set(word, make(word));
    return forms.get(word);
  };

  // One form of each kind, so that none counts twice.
  analysis.queryForms = (word) =>
    analysis.forms(word).filter((form, i, all) => i === 0 || form[0] !== all[i - 1][0]);

  // What every word begins with that shares a form with this one, the three vowels apart: plain, two letters or more.
  // A stem may differ from its word in its last two letters («presencia», «presente»), never in the first two.
  analysis.stump = (word) => {
    const stumps = analysis.queryForms(word).filter((form) => form[0] !== "=" && form[0] !== "^")
      .map((form) => form.slice(1, Math.max(3, form.length - 2))).sort((a, b) => a.length - b.length);
    return stumps.every((stump) => stump.startsWith(stumps[0])) ? stumps[0] : stumps[0].slice(0, 2);
  };

  function make(word) {
    const folded = analysis.fold(word);
    const plain = analysis.plain(folded);
    const stems = [stem(word)];
    if (stem(folded) !== stems[0]) stems.push(stem(folded));
    const vowels = analysis.threeVowels(plain);
    return ["=" + folded, "~" + plain, "+" + lms.stem.light(plain)]
      .concat(stems.map((one) => "*" + one), vowels ? ["^" + vowels] : []);
  }

  function stem(word) {
    return analysis.plain(analysis.fold(lms.stem.snowball(word.toLowerCase().replace(SKIPPED, ""))));
  }
})(typeof window === "undefined" ? global : window);
