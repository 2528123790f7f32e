// Light, dark or as the system: applied before the first paint, kept in this browser.
(() => {
  const KEY = "scheme";
  const NEXT = { system: "light", light: "dark", dark: "system" };
  const WORDS = { system: "as the system", light: "light", dark: "dark" };
  const root = document.documentElement;

  const kept = () => {
    const scheme = localStorage.getItem(KEY);
    return scheme in NEXT ? scheme : "system";
  };

  const apply = (scheme) => {
    root.dataset.scheme = scheme;
    for (const word of document.querySelectorAll("[data-scheme-word]")) word.textContent = WORDS[scheme];
  };

  const turn = () => {
    const scheme = NEXT[kept()];
    localStorage.setItem(KEY, scheme);
    apply(scheme);
    document.dispatchEvent(new Event("schemechange"));
  };

  apply(kept());
  document.addEventListener("DOMContentLoaded", () => {
    apply(kept());
    for (const button of document.querySelectorAll("[data-scheme-switch]")) {
      button.hidden = false;
      button.addEventListener("click", turn);
    }
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
    document.dispatchEvent(new Event("schemechange")),
  );
})();
