// A link marked data-opens shows its dialog over the page; without this file the dialog shows as a part of the page.
(() => {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    const closer = event.target.closest("[data-closes]");
    if (!opener && !closer) return;
    event.preventDefault();
    if (opener) document.getElementById(opener.dataset.opens).showModal();
    else closer.closest("dialog").close();
  });
})();
