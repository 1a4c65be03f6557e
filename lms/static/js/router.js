// Views of a one-document course by hash: #inicio #l/<lesson>/<anchor> #e/<assessment> #avance #b/<query> #ayuda.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const router = (lms.router = {});
  const places = new Map(); // route → where its reader was
  const PLACE = "chaski|place|" + (root.location || "").pathname; // files on a disk may share one store
  let [views, links] = [[], []]; // found once: looking for them in a whole course takes longer than showing one
  let title = "";
  let current = "";
  let clicked = false;
  let steps = 0;

  router.start = () => {
    views = Array.from(root.document.querySelectorAll(".view"));
    links = Array.from(root.document.querySelectorAll('.nav a[href^="#"]'));
    if (!views.length) return;
    title = root.document.title;
    if (root.history.scrollRestoration) root.history.scrollRestoration = "manual";
    root.document.addEventListener("click", follow);
    root.addEventListener("hashchange", () => go(true));
    root.addEventListener("pagehide", () => keep(current));
    go(false);
  };

  // As a link would, but its address is written later: where a page has many answers, a browser first keeps them all.
  router.to = (hash, later) => {
    const before = root.location.hash;
    clicked = true;
    go(true, hash);
    const here = steps;
    later(() => steps === here && root.location.hash === before && root.history.pushState(null, "", hash)); // nobody went on meanwhile
  };

  // "#l/id/anchor" → {view, name, rest, anchor}; pure, so that it can be tested without a page.
  router.parse = (hash) => {
    const text = decode(hash.replace(/^#/, ""));
    const [name, rest] = [text.split("/")[0], text.split("/").slice(1)];
    if (!text) return { view: "inicio", name: "inicio", rest: "", anchor: "" };
    if (name === "b") return { view: "buscar", name: "buscar", rest: rest.join("/"), anchor: "" };
    if ((name === "l" || name === "e") && rest.length) {
      return { view: name + "/" + rest[0], name, rest: rest[0], anchor: rest.slice(1).join("/") };
    }
    return { view: text, name: text, rest: "", anchor: "" };
  };

  function decode(text) {
    try {
      return decodeURIComponent(text);
    } catch (error) {
      return text;
    }
  }

  function follow(event) {
    const link = event.target.closest && event.target.closest('a[href^="#"]');
    clicked = Boolean(link);
    if (!link) return;
    const hash = link.getAttribute("href");
    const outside = byId(hash.slice(1));
    if (outside && !outside.closest(".view")) { // «Ir al contenido» is no place to come back to
      event.preventDefault();
      settle(outside);
    } else if (hash === root.location.hash) {
      go(true);
    }
  }

  const byId = (id) => (id ? root.document.getElementById(id) : null);

  // A route names its view; any other hash is an id inside one.
  function find(route) {
    const named = views.find((view) => view.dataset.route === route.view);
    if (named) return { view: named, target: byId(route.anchor && route.rest + "--" + route.anchor) || byId(route.anchor) };
    const target = byId(route.view);
    const view = target && target.closest(".view");
    return view ? { view, target } : { view: views[0], target: null };
  }

  function go(moved, hash = root.location.hash) {
    steps += 1;
    const route = router.parse(hash);
    const { view, target } = find(route);
    const back = !clicked && moved;
    clicked = false;
    const fresh = !view.classList.contains("current");
    if (fresh) turn(view);
    lms.emit("route", { name: route.name, rest: route.rest, view, moved });
    if (target && !(fresh && back && places.has(current))) return settle(target);
    if (fresh && moved) focus(view.querySelector("h1"));
    const place = places.get(view.dataset.route) || (moved ? 0 : recall(view.dataset.route));
    if (fresh) root.scrollTo(0, back || !moved ? place : 0);
    return undefined;
  }

  function turn(view) {
    const old = views.find((one) => one.classList.contains("current"));
    if (old) {
      places.set(old.dataset.route, root.scrollY);
      old.classList.remove("current");
    }
    view.classList.add("current");
    const early = byId("early"); // what the document showed until now
    if (early) early.remove();
    current = view.dataset.route;
    const heading = view.querySelector("h1");
    root.document.title = heading && current !== "inicio" ? heading.textContent.trim() + " · " + title : title;
    links.forEach((link) => {
      if (link.getAttribute("href") === "#" + current) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
  }

  function settle(target) {
    focus(target);
    target.scrollIntoView();
  }

  function focus(element) {
    if (!element) return;
    if (!element.hasAttribute("tabindex") && !element.matches("a, button, input, select, textarea")) {
      element.setAttribute("tabindex", "-1");
    }
    element.focus({ preventScroll: true }); // whoever calls scrolls
  }

  // For a view that is filled only now.
  router.recall = () => root.scrollTo(0, recall(current));

  // A phone may close the tab at any time: the same view opens where it was.
  function keep(route) {
    try {
      root.sessionStorage.setItem(PLACE, JSON.stringify([route, root.scrollY]));
    } catch (error) {
      // then it opens at its top
    }
  }

  function recall(route) {
    try {
      const [kept, y] = JSON.parse(root.sessionStorage.getItem(PLACE));
      return kept === route ? y : 0;
    } catch (error) {
      return 0;
    }
  }
})(typeof window === "undefined" ? global : window);
