// A search that lists what it finds (data-search): the arrows move through the list, Enter takes the first, Escape closes.
(() => {
  const STEPS = { ArrowDown: 1, ArrowUp: -1 };

  const act = (event, input, found) => {
    const choices = [...found.querySelectorAll("button")];
    const places = [input, ...choices];
    if (event.key in STEPS) {
      places[places.indexOf(event.target) + STEPS[event.key]]?.focus();
    } else if (event.key === "Escape" && choices.length) {
      found.replaceChildren();
      input.focus();
    } else if (event.key === "Enter" && event.target === input && input.value.trim() && isFor(found, input) && choices.length) {
      choices[0].click();
    } else {
      return;
    }
    event.preventDefault();
  };

  // What is listed can be one keystroke old.
  const isFor = (found, input) => found.dataset.for === input.value.trim();

  document.addEventListener("keydown", (event) => {
    const search = event.target.closest?.("[data-search]");
    if (search) act(event, search.querySelector("input"), search.querySelector(".found"));
  });
})();
