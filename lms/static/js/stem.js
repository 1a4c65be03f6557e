// A light stemmer and Snowball for Spanish; twin of lms/course/stem.py, see tests/vectors/stem.json.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const V = "aeiouáéíóúü";
  const UNACCENTED = { á: "a", é: "e", í: "i", ó: "o", ú: "u" };

  // Finds the longest of these endings that a word has: it begins first.
  const oneOf = (endings) => new RegExp("(?:" + endings.split(" ").join("|") + ")$");
  const ending = (pattern, word) => (word.match(pattern) || [""])[0];
  const cut = (word, end) => word.slice(0, word.length - end.length);
  const unaccented = (word) => word.replace(/[áéíóú]/g, (letter) => UNACCENTED[letter]);

  const PRONOUN = oneOf("selas selos sela selo las les los nos me se la le lo");
  const HOST = oneOf("yendo iéndo iendo ándo ando ár ér ír ar er ir");
  const NOUN = oneOf(
    "amientos imientos amiento imiento anzas anza ismos ismo ables able ibles ible istas ista icos icas ico ica " +
    "osos osas oso osa aciones ación acion adoras adora adores ador ancias ancia antes ante logías logía uciones " +
    "ución encias encia amente mente idades idad ivas ivos iva ivo");
  const LEFT = { logías: "log", logía: "log", uciones: "u", ución: "u", encias: "ente", encia: "ente" };
  const FURTHER = [
    [/^(?:aciones|ación|acion|adoras|adora|adores|ador|ancias|ancia|antes|ante)$/, oneOf("ic")],
    [/^amente$/, oneOf("iv os ic ad")],
    [/^mente$/, oneOf("ante able ible")],
    [/^idad(?:es)?$/, oneOf("abil ic iv")],
    [/^iv[ao]s?$/, oneOf("at")],
  ];
  const Y = oneOf("yeron yendo yamos yais yan yen yas yes ya ye yo yó");
  const VERB = oneOf(
    "aríamos eríamos iríamos iéramos iésemos aríais aremos eríais eremos iríais iremos ierais ieseis asteis isteis " +
    "ábamos áramos ásemos arían arías aréis erían erías eréis irían irías iréis ieran iesen ieron iendo ieras ieses " +
    "abais arais aseis íamos arán arás aría erán erás ería irán irás iría iera iese aste iste aban aran asen aron " +
    "ando abas adas idas aras ases íais ados idos amos imos emos ará aré erá eré irá iré aba ada ida ara ase ían " +
    "ado ido ías áis éis ía ad ed id an ió ar er ir as ís en es");
  const RESIDUE = oneOf("os a o á í ó e é");
  const OPENINGS = [
    new RegExp("^(?:[" + V + "][^" + V + "]|[^" + V + "]{2})[^" + V + "]*[" + V + "]"),
    new RegExp("^[" + V + "]{2}[" + V + "]*[^" + V + "]"),
    new RegExp("^[^" + V + "][" + V + "]."),
  ];
  const SYLLABLE = new RegExp("^[^" + V + "]*[" + V + "]+[^" + V + "]");

  // Takes a folded word, gives it without plural and gender.
  function light(whole) {
    let word = whole;
    if (word.length > 6 && word.endsWith("eses")) return word.slice(0, -4);
    if (word.length > 4 && word.endsWith("es")) word = word.slice(0, -2);
    else if (word.length > 3 && word.endsWith("s") && !word.endsWith("is")) word = word.slice(0, -1);
    if (word.length >= (word.endsWith("e") ? 4 : 5) && /[aeo]$/.test(word)) word = word.slice(0, -1);
    return word.length > 2 && word.endsWith("c") ? word.slice(0, -1) + "z" : word;
  }

  // Takes a lower-case word as it is written. https://snowballstem.org/algorithms/spanish/stemmer.html
  function snowball(whole) {
    const { rv, r1, r2 } = regions(whole);
    const word = withoutPronoun(whole, rv);
    const shorter = withoutNounEnding(word, r1, r2);
    return unaccented(withoutResidue(shorter === null ? withoutVerbEnding(word, rv) : shorter, rv));
  }

  function regions(word) {
    const end = word.length;
    const opening = OPENINGS.map((pattern) => word.match(pattern)).find(Boolean);
    const first = word.match(SYLLABLE);
    const r1 = first ? first[0].length : end;
    const second = first && word.slice(r1).match(SYLLABLE);
    return { rv: opening ? opening[0].length : end, r1, r2: second ? r1 + second[0].length : end };
  }

  function withoutPronoun(word, rv) {
    const pronoun = ending(PRONOUN, word);
    const verb = cut(word, pronoun);
    const host = pronoun && ending(HOST, verb);
    if (!host || verb.length - host.length < rv) return word;
    if (host === "yendo") return verb.endsWith("uyendo") ? verb : word;
    return cut(verb, host) + unaccented(host);
  }

  function withoutNounEnding(whole, r1, r2) {
    const end = ending(NOUN, whole);
    if (!end || whole.length - end.length < (end === "amente" ? r1 : r2)) return null;
    let word = cut(whole, end);
    const further = FURTHER.find(([after]) => after.test(end));
    const second = further ? ending(further[1], word) : "";
    if (second && word.length - second.length >= r2) {
      word = cut(word, second);
      if (end === "amente" && second === "iv" && word.endsWith("at") && word.length - 2 >= r2) word = cut(word, "at");
    }
    return word + (LEFT[end] || "");
  }

  function withoutVerbEnding(word, rv) {
    const y = ending(Y, word.slice(rv));
    if (y && cut(word, y).endsWith("u")) return cut(word, y);
    const end = ending(VERB, word.slice(rv));
    const shorter = cut(word, end);
    return /^(?:emos|éis|en|es)$/.test(end) && shorter.endsWith("gu") ? cut(shorter, "u") : shorter;
  }

  function withoutResidue(word, rv) {
    const end = ending(RESIDUE, word);
    if (!end || word.length - end.length < rv) return word;
    const shorter = cut(word, end);
    const silent = (end === "e" || end === "é") && shorter.endsWith("gu") && shorter.length - 1 >= rv;
    return silent ? cut(shorter, "u") : shorter;
  }

  lms.stem = { light, snowball };
})(typeof window === "undefined" ? global : window);
