// Draws Plotly figures from the JSON they carry, in the page's own colours; fetches Plotly only when there is one.
(() => {
  // Plotly writes inline styles, which our policy forbids, unless it finds elements with these ids: one for all
  // figures, one for the maps we never draw.
  const STYLE_ID = "plotly.js-style-global";
  const MAP_STYLE_ID = "9f215cf04c5486422605d13261cb87401f4e7763b6296af81e98efbc0130da53";
  let library;

  const addedToHead = (tag, attributes) =>
    new Promise((resolve, reject) => {
      const element = Object.assign(document.createElement(tag), attributes);
      element.addEventListener("load", resolve);
      element.addEventListener("error", reject);
      document.head.append(element);
    });

  const plotly = async ({ plotly: src, plotlyStyle: href }) => {
    await addedToHead("link", { id: STYLE_ID, className: "no-inline-styles", rel: "stylesheet", href });
    document.head.append(Object.assign(document.createElement("template"), { id: MAP_STYLE_ID }));
    await addedToHead("script", { src });
    return window.Plotly;
  };

  // Custom properties hold light-dark(); only a real element's computed colour says which of the two applies.
  const palette = () => {
    const probe = document.body.appendChild(document.createElement("span"));
    const known = new Map();
    const colour = (token) => {
      if (!known.has(token)) {
        probe.style.color = `var(${token})`;
        known.set(token, getComputedStyle(probe).color);
      }
      return known.get(token);
    };
    return { colour, done: () => probe.remove() };
  };

  const axis = (colour, size) => ({
    automargin: true,
    color: colour("--muted"),
    gridcolor: colour("--rule"),
    linecolor: colour("--rule-strong"),
    zerolinecolor: colour("--edge"),
    ticks: "",
    title: { font: { size }, standoff: 10 },
  });

  const template = (colour, size) => ({
    layout: {
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: getComputedStyle(document.body).fontFamily, size, color: colour("--ink") },
      colorway: [1, 2, 3, 4, 5].map((n) => colour(`--series-${n}`)),
      margin: { l: 8, r: 8, t: 8, b: 8, autoexpand: true },
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
      hoverlabel: { bgcolor: colour("--ink"), bordercolor: colour("--ink"), font: { color: colour("--sheet") } },
      xaxis: { ...axis(colour, size), showgrid: false },
      yaxis: axis(colour, size),
    },
  });

  // A figure names its colours by token ("--pays"); here they become the colours of the scheme in force.
  const painted = (value, colour) => {
    if (typeof value === "string") return value.startsWith("--") ? colour(value) : value;
    if (Array.isArray(value)) return value.map((item) => painted(item, colour));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, painted(item, colour)]));
  };

  const draw = async (place) => {
    library ??= plotly(place.dataset);
    const Plotly = await library;
    if (!place.isConnected) return; // swapped out meanwhile
    await paint(Plotly, place, {});
    place.dataset.drawn = "";
  };

  const paint = (Plotly, place, { text = 13, ...size }) => {
    const { colour, done } = palette();
    const figure = painted(JSON.parse(place.dataset.figure), colour);
    const layout = { autosize: !size.width, ...figure.layout, ...size, template: template(colour, text) };
    done();
    return Plotly.react(place, figure.data, layout, { displayModeBar: false, responsive: true });
  };

  // Paper is light and narrow, and what prints does not wait: figures that are drawn are drawn anew at once.
  const onPaper = (place) => ({ width: Number(place.dataset.paper), height: 165, text: 10 });
  const drawAgain = (size) => {
    if (!window.Plotly) return;
    for (const place of document.querySelectorAll("[data-drawn]")) paint(window.Plotly, place, size(place));
  };

  const drawAll = (root) => {
    for (const place of root.querySelectorAll("[data-figure]")) draw(place);
  };

  window.addEventListener("beforeprint", () => {
    document.documentElement.classList.add("on-paper");
    drawAgain(onPaper);
  });
  window.addEventListener("afterprint", () => {
    document.documentElement.classList.remove("on-paper");
    drawAgain(() => ({}));
  });

  drawAll(document);
  document.addEventListener("schemechange", () => drawAll(document));
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt !== document.body) drawAll(event.detail.elt.parentElement ?? document);
  });
})();
