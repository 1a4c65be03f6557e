// The passages of the lessons that stand in this document, read from there once somebody searches. Twin of lms/course/texts.py.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const BREAK = /^(P|LI|TD|TH|H\d|DT|DD|FIGCAPTION|DIV|BR|FORM)$/;
  const NOT_THE_AUTHORS = /^(apart|meaning)$/; // what a pack or its reader put there
  const passages = [];
  let keywords = {};
  let left = null; // articles that nobody read yet

  // keywords({lesson: "what people ask it by, with commas"}): what its article does not say.
  lms.keywords = (asked) => {
    keywords = asked;
    lms.texts(() => {
      while (next());
      return passages;
    });
  };

  // An article a step, so that nobody waits for all.
  lms.readAhead = function* () {
    while (next()) yield;
  };

  function next() {
    left = left || Array.from(root.document.querySelectorAll("article[data-lesson]"));
    if (left.length) passages.push(...read(left.shift()));
    return left.length > 0;
  }

  function read(article) {
    const [title, objective] = ["h1", ".objective"].map((part) => article.querySelector(part));
    const { lesson } = article.dataset;
    const passage = (anchor, heading, text) => ({ lesson, title: title.textContent, anchor, heading, text });
    const found = [passage(title.id, title.textContent, "")];
    gather(article, (anchor, heading) => found.push(passage(anchor, heading, "")), (text) => (found[found.length - 1].text += text));
    found.forEach((one) => (one.text = plain(one.text)));
    found[0].text = (objective.textContent + " " + found[0].text).trim();
    if (keywords[lesson]) found[0].keywords = keywords[lesson];
    return found.filter((one, i) => !i || one.text);
  }

  // begin(anchor, heading) at each of them; add(text) for what comes between.
  function gather(element, begin, add) {
    for (let node = element.firstChild; node; node = node.nextSibling) {
      const name = node.nodeName;
      const anchor = anchorOf(node, name);
      if (name === "#text") add(node.data);
      else if (anchor) begin(anchor, plain(textOf(node)));
      else if (name === "IMG") add(" " + node.alt + " ");
      else if (name !== "HEADER" && !NOT_THE_AUTHORS.test(node.className)) {
        gather(name === "FORM" ? node.querySelector("legend") : node, begin, add); // a question without its answers
        if (BREAK.test(name)) add((name === "TD" || name === "TH") && node.nextElementSibling ? " · " : " ");
      }
    }
  }

  // A section's anchor is its own, that of a smaller heading stands in the heading.
  function anchorOf(node, name) {
    if (name === "H2") return node.parentNode.nodeName === "SECTION" && !node.previousElementSibling ? node.parentNode.id : "";
    return name === "H3" || name === "H4" ? node.id : "";
  }

  function textOf(element) {
    let all = "";
    gather(element, () => {}, (text) => (all += text));
    return all;
  }

  const plain = (text) => text.replace(/_{2,}|☐/g, " ").split(/\s+/).filter(Boolean).join(" ")
    .replace(/(?: ·){2,}(?: |$)/g, " ").replace(/^[ ·]+|[ ·]+$/g, "");
})(typeof window === "undefined" ? global : window);
