// The map of posts, drawn from the list that stands beside it: the list is the truth, also without
// script or graphics. Nothing is fetched but from the desk itself.
import maplibregl from "maplibre-gl/dist/maplibre-gl-csp.js";

const WIDE = [[94.5, -11.5], [141.6, 7]];
const PIXEL_METRES = 78271.5; // one pixel at the equator at zoom 0

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function inks() {
  const dark = document.documentElement.dataset.bsTheme === "dark";
  return {
    sea: dark ? "#16202b" : "#dfeaf2",
    home: dark ? "#2b3a35" : "#f3f1e6",
    abroad: dark ? "#232d36" : "#e6e6e2",
    shore: dark ? "#50606d" : "#a9b3bb",
    line: dark ? "#e6c9ff" : "#5b2a86",
    disputed: colour("--desk-late"),
  };
}

// How wide a band of so many metres on both sides of a line is at each zoom.
const band = ["interpolate", ["exponential", 2], ["zoom"],
  0, ["*", ["coalesce", ["get", "uncertainty_m"], 0], 2 / PIXEL_METRES],
  22, ["*", ["coalesce", ["get", "uncertainty_m"], 0], (2 / PIXEL_METRES) * 2 ** 22]];
const is = (standing) => ["==", ["coalesce", ["get", "standing"], "unverified"], standing];

function style(side) {
  const ink = inks();
  const made = {
    version: 8,
    sources: { land: { type: "geojson", data: side.dataset.land, tolerance: 0.2 } },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": ink.sea } },
      { id: "land", type: "fill", source: "land",
        paint: { "fill-color": ["case", ["==", ["get", "iso"], "IDN"], ink.home, ink.abroad], "fill-antialias": false } },
      { id: "shore", type: "line", source: "land", paint: { "line-color": ink.shore, "line-width": 0.6 } },
    ],
  };
  if (side.dataset.boundary) {
    made.sources.boundary = { type: "geojson", data: side.dataset.boundary, tolerance: 0.2 };
    const line = (id, filter, paint) => ({ id, type: "line", source: "boundary", filter, paint });
    made.layers.push(
      line("doubt", ["has", "uncertainty_m"], { "line-color": ink.line, "line-opacity": 0.18, "line-width": band }),
      line("known", ["any", is("unsurveyed"), is("treaty")], { "line-color": ink.line, "line-width": 1.6 }),
      line("unverified", is("unverified"), { "line-color": ink.line, "line-width": 1.2, "line-dasharray": [3, 3] }),
      line("disputed", is("disputed"), { "line-color": ink.disputed, "line-width": 2.2, "line-dasharray": [1.5, 1.5] }),
    );
  }
  return made;
}

function mark(map, row, chosen) {
  const { name, size, alerts, late, lat, lon } = row.dataset;
  const spot = document.createElement("div");
  spot.className = `map-spot map-${size}${late > 0 ? " map-late" : alerts > 0 ? " map-alert" : ""}`;
  const dot = document.createElement("i");
  const label = document.createElement("span");
  label.className = "map-name";
  label.textContent = name;
  spot.append(dot, label);
  spot.title = `${name}: ${row.querySelector(".queue-meta").textContent.trim().replace(/\s+/g, " ")}`;
  spot.addEventListener("click", () => chosen(row, false));
  const marker = new maplibregl.Marker({ element: spot }).setLngLat([Number(lon), Number(lat)]).addTo(map);
  // For the mouse and the finger alone: the list holds a button for each post.
  spot.removeAttribute("tabindex");
  spot.removeAttribute("role");
  spot.removeAttribute("aria-label");
  spot.setAttribute("aria-hidden", "true");
  return marker;
}

function draw(side) {
  const both = side.parentElement;
  const rows = [...both.querySelectorAll("[data-spot]")];
  side.hidden = false;
  maplibregl.setWorkerUrl(side.dataset.worker);
  const own = rows.find((row) => row.dataset.spot === side.dataset.own);
  const place = own ? { center: [Number(own.dataset.lon), Number(own.dataset.lat)], zoom: 8 }
    : { bounds: WIDE, fitBoundsOptions: { padding: 24 } };
  const map = new maplibregl.Map({
    container: side.querySelector(".map-canvas"), style: style(side), attributionControl: false,
    maxZoom: 13, minZoom: 2, dragRotate: false, pitchWithRotate: false, fadeDuration: 0,
    cooperativeGestures: false, ...place,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibregl.ScaleControl({ unit: "metric" }), "bottom-left");
  map.getCanvas().setAttribute("aria-label", side.dataset.title);
  const chosen = (row, move) => {
    both.querySelector(".map-chosen")?.classList.remove("map-chosen");
    row.classList.add("map-chosen");
    if (move) map.easeTo({ center: [Number(row.dataset.lon), Number(row.dataset.lat)], zoom: Math.max(map.getZoom(), 9) });
    else row.scrollIntoView({ block: "nearest" });
  };
  // The busy and the late lie above the others.
  [...rows].reverse().forEach((row) => mark(map, row, chosen));
  for (const row of rows) {
    const button = row.querySelector(".map-go");
    button.hidden = false;
    button.addEventListener("click", () => chosen(row, true));
  }
  const near = () => side.classList.toggle("map-near", map.getZoom() >= 6.5);
  map.on("zoom", near);
  near();
  map.on("idle", () => { side.dataset.drawn = "yes"; });
  new MutationObserver(() => map.setStyle(style(side))).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
}

for (const side of document.querySelectorAll("[data-map]")) {
  try {
    draw(side);
  } catch (error) {
    side.querySelector(".map-canvas").hidden = true;
    side.querySelector(".map-fault").hidden = false;
  }
}
