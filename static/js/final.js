// A press on a button marked data-final is its form's last word: until the answer says otherwise, the form sends nothing
// more, neither a second press nor what was still waiting to be saved.
(() => {
  document.addEventListener("htmx:confirm", (event) => {
    const form = event.detail.elt.closest("form");
    if (!form) return;
    if (form.dataset.sent !== undefined) return event.preventDefault();
    if (event.detail.elt.matches("[data-final]")) form.dataset.sent = "";
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, xhr } = event.detail;
    if (elt.matches("[data-final]") && !xhr.getResponseHeader("HX-Redirect")) delete elt.closest("form").dataset.sent;
  });
})();
