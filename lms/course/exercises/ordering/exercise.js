// Twin of ordering/__init__.py. With JavaScript each step also gets two buttons, ↑ and ↓; the selects stay,
// and stay the truth: what is posted, read and restored is always what they say.
(function (root) {
  "use strict";
  const lms = (root.lms = root.lms || {});
  const exercises = (lms.exercises = lms.exercises || {});

  function valid(key, answer) {
    if (!Array.isArray(answer) || answer.length !== key.order.length) return false;
    const fits = (item) => Number.isInteger(item) && item >= 0 && item < key.order.length;
    return answer.every((item, place) => fits(item) && answer.indexOf(item) === place);
  }

  function grade(key, answer) {
    if (!valid(key, answer)) return { mark: 0, feedback: [] };
    const share = answer.filter((item, place) => item === key.order[place]).length / key.order.length;
    const mark = key.all_or_nothing && share < 1 ? 0 : Math.floor(share * 10000 + 0.5) / 10000;
    return { mark, feedback: key.feedback ? [key.feedback] : [] };
  }

  function rows(form) {
    return Array.from(form.querySelectorAll(".order > li"));
  }

  function place(row) {
    return Number(row.querySelector("select").value);
  }

  function read(form) {
    const answer = rows(form).map(() => null);
    rows(form).forEach((row) => {
      const item = Number(row.querySelector("select").name.slice(1));
      if (place(row) && answer[place(row) - 1] === null) answer[place(row) - 1] = item;
    });
    return answer.includes(null) ? null : answer;
  }

  function restore(form, answer) {
    enhance(form);
    rows(form).forEach((row) => {
      const select = row.querySelector("select");
      select.value = answer ? String(answer.indexOf(Number(select.name.slice(1))) + 1) : "";
    });
    fill(form);
  }

  function enhance(form) {
    if (form.querySelector(".order button")) return;
    form.querySelector(".hint").setAttribute("aria-live", "polite"); // says where a step went
    form.addEventListener("reset", () => setTimeout(() => fill(form), 0));
    rows(form).forEach((row) => {
      const select = row.querySelector("select");
      select.addEventListener("change", () => moveTo(form, row, place(row) || rows(form).length, select));
      row.appendChild(button("↑", "Subir", row, (made) => moveTo(form, row, rows(form).indexOf(row), made)));
      row.appendChild(button("↓", "Bajar", row, (made) => moveTo(form, row, rows(form).indexOf(row) + 2, made)));
    });
    fill(form);
  }

  // A list that nobody has moved is no answer yet; the first move gives every step its place.
  function fill(form) {
    const selects = rows(form).map((row) => row.querySelector("select"));
    const whole = selects.every((select) => select.value !== "");
    selects.forEach((select) => (select.value = whole ? select.value : String(Number(select.name.slice(1)) + 1)));
    arrange(form);
    if (!whole) selects.forEach((select) => (select.value = ""));
  }

  function button(sign, verb, row, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = sign;
    made.setAttribute("aria-label", `${verb}: ${row.querySelector("span").textContent}`);
    made.addEventListener("click", () => act(made));
    return made;
  }

  function moveTo(form, row, wanted, control) {
    const others = rows(form).filter((other) => other !== row);
    others.splice(Math.max(1, Math.min(wanted, others.length + 1)) - 1, 0, row);
    others.forEach((other, index) => (other.querySelector("select").value = String(index + 1)));
    arrange(form);
    control.focus(); // moving its row took the focus away
    const item = row.querySelector("span").textContent;
    form.querySelector(".hint").textContent = `Lugar ${place(row)} de ${others.length}: ${item}`;
  }

  function arrange(form) {
    const list = form.querySelector(".order");
    rows(form).sort((one, other) => place(one) - place(other)).forEach((row) => list.appendChild(row));
  }

  exercises.ordering = { grade, read, restore };
  if (typeof document !== "undefined") document.querySelectorAll("form[data-type=ordering]").forEach(enhance);
})(typeof window === "undefined" ? global : window);
