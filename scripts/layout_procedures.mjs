// Give hand-written BPMN its drawing: node scripts/layout_procedures.mjs FILE.bpmn ...
// A file that has a drawing already is laid out anew.
import { layoutProcess } from "bpmn-auto-layout";
import { BpmnModdle } from "bpmn-moddle";
import { readFile, writeFile } from "node:fs/promises";

// The layout follows each node's own list of flows, which a hand leaves out.
function connect(process) {
  const nodes = process.flowElements.filter((each) => each.$type !== "bpmn:SequenceFlow");
  for (const node of nodes) node.incoming = node.outgoing = undefined;
  for (const flow of process.flowElements.filter((each) => each.$type === "bpmn:SequenceFlow")) {
    flow.sourceRef.outgoing = [...(flow.sourceRef.outgoing || []), flow];
    flow.targetRef.incoming = [...(flow.targetRef.incoming || []), flow];
  }
}

const moddle = new BpmnModdle();
for (const name of process.argv.slice(2)) {
  const { rootElement } = await moddle.fromXML(await readFile(name, "utf8"));
  rootElement.rootElements.filter((each) => each.$type === "bpmn:Process").forEach(connect);
  const { xml } = await moddle.toXML(rootElement, { format: true });
  await writeFile(name, (await layoutProcess(xml)).trimEnd() + "\n");
  console.log(`${name}: laid out`);
}
