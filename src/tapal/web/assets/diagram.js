// A procedure's diagram, to look at: what a run has passed and what waits in it are marked.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

async function show(place) {
  const answer = await fetch(place.dataset.diagram, { credentials: "same-origin" });
  if (!answer.ok) return;
  const viewer = new NavigatedViewer({ container: place });
  await viewer.importXML(await answer.text());
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  for (const [words, marker] of [
    [place.dataset.passed, "run-passed"],
    [place.dataset.waiting, "run-waiting"],
  ]) {
    for (const id of (words || "").split(" ").filter((each) => each && registry.get(each))) {
      canvas.addMarker(id, marker);
    }
  }
  canvas.zoom("fit-viewport", "auto");
}

for (const place of document.querySelectorAll("[data-diagram]")) show(place);
