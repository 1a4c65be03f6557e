// Whose progress this is. A live page may say it; a page with a «people» button asks; any other makes a guest.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const people = (lms.people = {});
  let found;
  people.known = new Promise((resolve) => { found = resolve; });

  people.start = async () => {
    const { profile, person } = lms.session;
    if (profile) await people.be({ id: profile, name: person ? person.name : "", guest: false });
    else if (lms.hooks("people").length) await people.choose();
    else await people.be(await guest("guest"));
    if (person) await lms.store.forget("guest"); // the next visitor must not write into this person's profile
    found();
  };

  people.be = async (profile) => {
    const stored = (await lms.store.profiles()).find((one) => one.id === profile.id);
    people.now = Object.assign({}, stored, profile);
    if (!stored || stored.name !== people.now.name) await lms.store.saveProfile(people.now);
    await lms.store.set("current", profile.id);
    await lms.journal.use(profile.id);
    lms.hooks("person").forEach((place) => { place.textContent = people.now.name || (people.now.guest ? "Sin nombre" : ""); });
    lms.hooks("people").forEach((button) => { button.hidden = false; });
  };

  // The profile kept under a name in the store's meta, made when missing.
  async function guest(key) {
    const id = (await lms.store.get(key)) || lms.uuid4();
    await lms.store.set(key, id);
    root.document.querySelectorAll("input[name=profile][data-guest]").forEach((input) => { input.value = id; });
    return { id, name: "", guest: true };
  }
})(typeof window === "undefined" ? global : window);
