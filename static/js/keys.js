// "/" goes to the search, "?" lists the keys; both can be switched off (WCAG 2.1.4).
(() => {
  const KEY = "single-keys";
  const on = () => localStorage.getItem(KEY) !== "off";

  const isTyping = (target) => target.closest("input, select, textarea, [contenteditable]") !== null;

  const actions = {
    "/": () => document.querySelector("[role=search] input[name=q]")?.focus(),
    "?": () => document.getElementById("keys")?.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (!on() || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(event.key in actions) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    actions[event.key]();
  });

  const box = document.getElementById("keys-on");
  if (!box) return;
  box.checked = on();
  box.addEventListener("change", () => localStorage.setItem(KEY, box.checked ? "on" : "off"));
})();
