// Tells a screen reader what changed in a part that was swapped in, once per wording.
(() => {
  document.addEventListener("htmx:load", (event) => {
    const part = event.detail.elt;
    const speaker = part.matches?.("[data-announce]") ? part : part.querySelector?.("[data-announce]");
    const place = document.getElementById("announce");
    if (!speaker || !place || place.textContent === speaker.dataset.announce) return;
    place.textContent = speaker.dataset.announce;
  });
})();
