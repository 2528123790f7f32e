// What is typed or chosen while a form (data-keeps-edits) is on its way to the server is put into the form that comes
// back, and told again.
(() => {
  const isKept = (target) => target instanceof HTMLFormElement && "keepsEdits" in target.dataset;
  const said = (field) => (field.type === "checkbox" ? String(field.checked) : field.value);
  const read = (form) => new Map([...form.elements].filter((field) => field.id).map((field) => [field.id, said(field)]));
  let sent = new Map();
  let edits = [];

  const put = ([id, was, now]) => {
    const field = document.getElementById(id);
    if (!field || said(field) !== was) return; // another part stands here now
    if (field.type === "checkbox") field.checked = now === "true";
    else field.value = now;
    for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
    field.focus();
  };

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (isKept(event.detail.target)) sent = read(event.detail.target);
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!isKept(event.detail.target)) return;
    const now = read(event.detail.target);
    edits = [...sent].filter(([id, was]) => now.has(id) && now.get(id) !== was).map(([id, was]) => [id, was, now.get(id)]);
  });

  document.addEventListener("htmx:load", (event) => {
    if (!isKept(event.detail.elt)) return;
    edits.splice(0).forEach(put);
  });
})();
