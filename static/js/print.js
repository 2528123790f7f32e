// A button marked data-prints asks the browser to print the page; the style sheet says how it looks on paper.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-prints]")) window.print();
});
