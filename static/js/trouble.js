// Says in words why a part of the page could not be changed, and sends a reader whose session ended to the log-in.
(() => {
  const KINDS = { 403: "refused", 404: "gone", 410: "gone" };

  const say = (kind) => {
    const trouble = document.getElementById("trouble");
    if (!trouble) return;
    for (const words of trouble.querySelectorAll("[data-when]")) words.hidden = words.dataset.when !== kind;
    trouble.hidden = kind === null;
    if (kind) trouble.scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("htmx:sendError", () => say("unreachable"));
  document.addEventListener("htmx:timeout", () => say("unreachable"));
  document.addEventListener("htmx:responseError", (event) => say(KINDS[event.detail.xhr.status] ?? "broken"));
  document.addEventListener("htmx:beforeSwap", (event) => {
    const answered = new URL(event.detail.xhr.responseURL || location.href);
    if (answered.pathname !== document.querySelector("meta[name=login]")?.content) return say(null);
    event.detail.shouldSwap = false;
    location.reload();
  });
})();
