// "j" and "k" move the focus through a queue: the links or buttons marked data-queue-item, in their order.
(() => {
  const STEPS = { j: 1, k: -1 };

  const move = (step) => {
    const items = [...document.querySelectorAll("[data-queue-item]")];
    const here = items.indexOf(document.activeElement);
    const next = here === -1 ? (step === 1 ? 0 : items.length - 1) : here + step;
    items[next]?.focus();
  };

  document.addEventListener("keydown", (event) => {
    if (!(event.key in STEPS) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (localStorage.getItem("single-keys") === "off") return;
    if (event.target.closest("input, select, textarea, [contenteditable], dialog[open]")) return;
    move(STEPS[event.key]);
  });
})();
