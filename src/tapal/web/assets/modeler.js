// The editor of procedures: bpmn-js to draw, a plain panel for what Tapal adds to an element.
import Modeler from "bpmn-js/lib/Modeler";
import { HEAD_LISTS, formLines, formOf, tapalWords } from "./_tapal_words.js";

const place = document.querySelector("[data-draw]");
const panel = document.querySelector("[data-panel]");
const source = document.getElementById("xml");
const say = JSON.parse(panel.dataset.words);
const modeler = new Modeler({ container: place, moddleExtensions: { tapal: tapalWords } });
const get = (name) => modeler.get(name);
const create = (type, values) => get("bpmnFactory").create(type, values);

function held(node, type) {
  return (node.extensionElements?.values || []).find((each) => each.$type === type);
}

// Put one of Tapal's words on an element, or take it away where there is nothing to say.
function put(element, type, made) {
  const node = element.businessObject;
  const rest = (node.extensionElements?.values || []).filter((each) => each.$type !== type);
  const values = made ? [...rest, made] : rest;
  const extensionElements = create("bpmn:ExtensionElements", { values });
  values.forEach((each) => (each.$parent = extensionElements));
  get("modeling").updateProperties(element, { extensionElements });
}

const clean = (values) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== "" && value !== undefined));

function setWord(element, type, name, value) {
  const before = held(element.businessObject, type);
  const values = { ...(before ? copied(before) : {}), [name]: value };
  const said = clean(values);
  put(element, type, Object.keys(said).length ? create(type, said) : null);
}

const copied = (word) =>
  Object.fromEntries(word.$descriptor.properties.map(({ ns }) => [ns.localName, word.get(ns.localName)]));

function expression(body) {
  return body ? create("bpmn:FormalExpression", { body }) : undefined;
}

function timerOf(node) {
  return (node.eventDefinitions || []).find((each) => each.$type === "bpmn:TimerEventDefinition");
}

// What can be filled in on an element: its word, how it is read, how it is written.
function questions(element) {
  const node = element.businessObject;
  const modeling = get("modeling");
  const word = (type, name, rows) => ({
    name,
    rows,
    value: held(node, type)?.[name] || "",
    set: (value) => setWord(element, type, name, value),
  });
  const asked = [
    { name: "name", value: node.name || "", set: (name) => modeling.updateProperties(element, { name }) },
    { ...word("tapal:Label", "en"), name: "nameEn" },
  ];
  const words = {
    name: "words",
    rows: 4,
    value: node.documentation?.[0]?.text || "",
    set: (text) =>
      modeling.updateProperties(element, {
        documentation: text ? [create("bpmn:Documentation", { text })] : [],
      }),
  };
  const wordsEn = { ...word("tapal:Text", "en", 4), name: "wordsEn" };
  if (node.$type === "bpmn:Process") {
    asked.push(words, wordsEn, word("tapal:Procedure", "reasons"), word("tapal:Procedure", "signedBy"));
    for (const name of ["number", "laws", "related"]) asked.push(word("tapal:Head", name));
    for (const name of HEAD_LISTS) asked.push(word("tapal:Head", name, 3), word("tapal:Head", `${name}En`, 3));
  }
  if (node.$type === "bpmn:UserTask") {
    asked.push(words, wordsEn);
    for (const name of ["power", "agency", "at", "clock", "notBy"]) asked.push(word("tapal:Step", name));
    asked.push({
      name: "form",
      rows: 6,
      value: formLines(held(node, "tapal:Form")),
      set: (lines) => put(element, "tapal:Form", formOf(lines, create)),
    });
  }
  if (node.$type === "bpmn:SequenceFlow") {
    asked.push({
      name: "condition",
      value: node.conditionExpression?.body || "",
      set: (body) => modeling.updateProperties(element, { conditionExpression: expression(body) }),
    });
  }
  if (node.$type === "bpmn:ScriptTask") {
    asked.push({
      name: "script",
      rows: 3,
      value: node.script || "",
      set: (script) => modeling.updateProperties(element, { script }),
    });
  }
  const timer = timerOf(node);
  if (timer) {
    asked.push({
      name: "timer",
      value: timer.timeDuration?.body || "",
      set: (body) =>
        modeling.updateModdleProperties(element, timer, { timeDuration: expression(body) }),
    });
  }
  if (node.$type === "bpmn:EndEvent") asked.push(word("tapal:End", "closes"));
  return asked;
}

function fill(element) {
  panel.replaceChildren();
  const node = element?.businessObject;
  const heading = document.createElement("p");
  heading.className = "text-secondary";
  heading.textContent = node ? node.id : say.none;
  panel.append(heading);
  for (const asked of node ? questions(element) : []) {
    const label = document.createElement("label");
    const input = document.createElement(asked.rows ? "textarea" : "input");
    label.textContent = say[asked.name] || asked.name;
    input.className = "form-control";
    if (asked.rows) input.rows = asked.rows;
    input.value = asked.value;
    input.addEventListener("change", () => asked.set(input.value.trim()));
    label.append(input);
    panel.append(label);
  }
}

async function keep() {
  const { xml } = await modeler.saveXML({ format: true });
  source.value = xml;
}

async function open() {
  let xml = source.value;
  if (!xml) xml = await (await fetch(place.dataset.draw, { credentials: "same-origin" })).text();
  await modeler.importXML(xml);
  get("canvas").zoom("fit-viewport", "auto");
  const bus = get("eventBus");
  bus.on("selection.changed", ({ newSelection }) =>
    fill(newSelection.length === 1 ? newSelection[0] : get("canvas").getRootElement()),
  );
  bus.on("commandStack.changed", keep);
  fill(get("canvas").getRootElement());
  await keep();
}

open();
