/* Large media of a single file stand after all text, in comments; each is decoded when its view is opened. */
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const opened = [];

  function contents() {
    const found = new Map();
    const comments = document.createNodeIterator(document.body, NodeFilter.SHOW_COMMENT);
    for (let node = comments.nextNode(); node; node = comments.nextNode()) {
      const match = /^media:(\S+) data:([^;]+);base64,/.exec(node.data.slice(0, 500));
      if (match) found.set(match[1], { node, type: match[2], start: match[0].length });
    }
    return found;
  }

  function blobUrl(content) {
    const binary = atob(content.node.data.slice(content.start));
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    return URL.createObjectURL(new Blob([bytes], { type: content.type }));
  }

  function close() {
    opened.splice(0).forEach(function (media) {
      URL.revokeObjectURL(media.element.src);
      media.element.setAttribute("src", media.source);
    });
  }

  let found = null;
  function open(view) {
    close();
    view.querySelectorAll('[src^="#media/"]').forEach(function (element) {
      found = found || contents();
      const source = element.getAttribute("src");
      const content = found.get(source.slice(1));
      if (!content) return;
      opened.push({ element, source });
      element.src = blobUrl(content);
    });
  }

  // How many bytes stand behind a path; -1 when nothing does.
  lms.lateSize = function (path) {
    const content = contents().get(path);
    if (!content) return -1;
    const text = content.node.data.slice(content.start).trim();
    return Math.floor(text.length * 3 / 4) - (/=*$/.exec(text)[0].length);
  };

  if (lms.on) lms.on("route", function (route) { if (route.view) open(route.view); });
})(typeof window === "undefined" ? global : window);
