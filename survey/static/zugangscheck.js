/* What a page of questions can do beyond HTML. Everything works without it: it saves while people
   write, warns before unsaved text is left, counts characters, and says when a question follows. */
"use strict";

(() => {
  const form = document.getElementById("answers");
  if (!form || !form.dataset.saved) return;

  const PAUSE = 4000; // milliseconds without a key before a draft is saved
  const AGAIN = 30000; // … after a save that failed
  const address = location.pathname + "/autosave";
  const state = form.querySelector("[data-state]");
  let unsaved = false;
  let leaving = false;
  let saving = null; // the save that is on its way: two at once would contradict each other
  let timer = 0;

  const later = (milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(save, milliseconds);
  };

  async function send(options) {
    unsaved = false;
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(address, { method: "POST", body, ...options });
      if (!answer.ok) throw new Error(answer.status);
      form.elements.base.value = (await answer.json()).base;
      if (!unsaved) state.textContent = form.dataset.saved;
    } catch {
      // The button of the form says what is wrong, and gives the text back.
      unsaved = true;
      state.textContent = form.dataset.unsaved;
      if (!leaving) later(AGAIN);
    }
    saving = null;
  }

  function save(options) {
    // Where two versions stand side by side, only the button decides.
    if (!form.dataset.autosave || !unsaved || leaving || saving) return;
    saving = send(options);
  }

  const count = (field) => {
    const most = Number(field.dataset.most);
    const place = document.getElementById(field.id + "-count");
    const used = [...field.value].length; // characters, as the service counts them
    if (!place) return;
    place.hidden = used < most * 0.5;
    place.textContent = form.dataset.count.replace("{used}", used).replace("{most}", most);
    place.classList.toggle("error", used > most);
  };

  const follow = (question) => {
    for (const hint of form.querySelectorAll("[data-follows]")) {
      if (hint.dataset.of !== question) continue;
      const chosen = form.querySelector(`input[name="${question}"]:checked`);
      const asked = chosen && hint.dataset.follows.split(" ").includes(chosen.value);
      hint.textContent = asked ? hint.dataset.text : "";
    }
  };

  form.addEventListener("input", (event) => {
    unsaved = true;
    state.textContent = "";
    if (event.target.dataset.most) count(event.target);
    follow(event.target.name);
    later(PAUSE);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    leaving = true;
    if (!saving || !form.requestSubmit) return;
    event.preventDefault();
    const button = event.submitter;
    saving.then(() => form.requestSubmit(button));
  });
  // A telephone that puts the page away may never ask.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save({ keepalive: true });
  });
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved && !leaving) event.preventDefault();
  });
  form.querySelectorAll("[data-most]").forEach(count);
  form.querySelectorAll("[data-follows]").forEach((hint) => follow(hint.dataset.of));
})();
