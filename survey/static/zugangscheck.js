/* What a page of questions can do beyond HTML. Everything works without it: it saves while people
   write, warns before unsaved text is left, counts characters, and says when a question follows. */
"use strict";

(() => {
  const form = document.getElementById("answers");
  if (!form || !form.dataset.saved) return;

  const PAUSE = 4000; // milliseconds without a key before a draft is saved
  const AGAIN = 30000; // … after a save that failed
  const state = form.querySelector("[data-state]");
  let unsaved = false;
  let leaving = false;
  let timer = 0;

  const later = (milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(save, milliseconds);
  };

  async function save() {
    if (!unsaved || leaving || form.elements.reopen.value) return;
    const sent = new URLSearchParams(new FormData(form));
    sent.set("then", "autosave");
    unsaved = false;
    try {
      const answer = await fetch(location.pathname, { method: "POST", body: sent });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      form.elements.base.value = (await answer.json()).base;
      state.textContent = form.dataset.saved;
    } catch {
      // The button of the form says what is wrong, and gives the text back.
      unsaved = true;
      state.textContent = form.dataset.unsaved;
      later(AGAIN);
    }
  }

  const count = (field) => {
    const most = Number(field.dataset.most);
    const place = document.getElementById(field.id + "-count");
    if (!place) return;
    place.hidden = field.value.length < most * 0.5;
    place.textContent = form.dataset.count
      .replace("{used}", field.value.length).replace("{most}", most);
    place.classList.toggle("error", field.value.length > most);
  };

  const follow = (question) => {
    for (const hint of form.querySelectorAll("[data-follows]")) {
      if (hint.dataset.of !== question) continue;
      const chosen = form.querySelector(`input[name="${question}"]:checked`);
      hint.hidden = !chosen || !hint.dataset.follows.split(" ").includes(chosen.value);
    }
  };

  form.addEventListener("input", (event) => {
    unsaved = true;
    state.textContent = "";
    if (event.target.dataset.most) count(event.target);
    follow(event.target.name);
    later(PAUSE);
  });
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
  });
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved && !leaving) event.preventDefault();
  });
  form.querySelectorAll("[data-most]").forEach(count);
  form.querySelectorAll("[data-follows]").forEach((hint) => follow(hint.dataset.of));
})();
