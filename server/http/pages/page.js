"use strict";
// The page works without this: it saves a click, and looks at the run again and again.
(() => {
  const field = document.querySelector("#workspace");
  const confirm = document.querySelector("button.confirm");
  if (field && confirm) {
    const look = () => { confirm.disabled = field.value.trim() !== field.dataset.expected; };
    field.addEventListener("input", look);
    // Enter in the field must not refuse the plan: it confirms once the name is right, and does nothing before.
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      if (!confirm.disabled) confirm.click();
    });
    look();
  }
  const form = document.querySelector("form.decision");
  if (form && confirm) {
    form.addEventListener("submit", () => setTimeout(() => {
      form.querySelectorAll("button").forEach((button) => { button.disabled = true; });
    }));
  }

  async function watch() {
    const main = document.querySelector("main");
    if (!main.dataset.run || "over" in main.dataset) return;
    const nonce = main.querySelector("input[name=nonce]").value;
    try {
      const answer = await fetch(main.dataset.run, {
        method: "POST", mode: "same-origin", credentials: "omit", cache: "no-store",
        body: new URLSearchParams({ nonce }),
      });
      const next = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = next.querySelector("main");
      if (answer.ok && fresh) { main.replaceWith(fresh); document.title = next.title; }
    } catch {
      // The server is away for a moment, or for good; the button stays.
    }
    setTimeout(watch, 1000);
  }
  setTimeout(watch, 500);
})();
