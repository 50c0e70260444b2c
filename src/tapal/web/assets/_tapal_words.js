// Tapal's words in a diagram, for bpmn-js: what it reads and writes under extensionElements.
const text = (name) => ({ name, isAttr: true, type: "String" });
const word = (name, properties) => ({ name, superClass: ["Element"], properties });

// The lists above the steps of a printed SOP, their points parted by semicolons.
export const HEAD_LISTS = ["qualifications", "equipment", "warnings", "records"];

export const tapalWords = {
  name: "Tapal",
  uri: "urn:tapal:procedure:1",
  prefix: "tapal",
  xml: { tagAlias: "lowerCase" },
  types: [
    word("Procedure", [text("reasons"), text("signedBy")]),
    word("Head", ["number", "laws", "related", ...HEAD_LISTS.flatMap((name) => [name, `${name}En`])].map(text)),
    word("Label", [text("en")]),
    word("Text", [text("en")]),
    word("Step", ["power", "agency", "at", "clock", "notBy", "private"].map(text)),
    word("End", [text("closes")]),
    word("Form", [{ name: "fields", type: "Field", isMany: true }]),
    word("Field", [
      ...["name", "type", "label", "labelEn", "required", "hint", "hintEn"].map(text),
      { name: "options", type: "Option", isMany: true },
    ]),
    word("Option", ["value", "label", "labelEn"].map(text)),
  ],
};

const YES = "true";

// A form as lines that a person can type: name | type | label | English label | options; a "?" after
// the name says that it may stay empty.
export function formLines(form) {
  return (form?.fields || [])
    .map((field) => {
      const options = (field.options || [])
        .map((o) => `${o.value}=${o.label}${o.labelEn ? `/${o.labelEn}` : ""}`)
        .join(", ");
      const name = field.name + (field.required === "false" ? "?" : "");
      return [name, field.type, field.label, field.labelEn || "", options].join(" | ").replace(/[ |]+$/, "");
    })
    .join("\n");
}

export function formOf(lines, create) {
  const fields = lines
    .split("\n")
    .map((line) => line.split("|").map((part) => part.trim()))
    .filter((parts) => parts[0])
    .map(([name, type, label, labelEn, options]) =>
      create("tapal:Field", {
        name: name.replace(/\?$/, ""),
        type: type || "line",
        label: label || "",
        labelEn: labelEn || undefined,
        required: name.endsWith("?") ? "false" : YES,
        options: (options || "")
          .split(",")
          .map((each) => each.trim())
          .filter(Boolean)
          .map((each) => {
            const [value, words = ""] = each.split("=");
            const [id, en] = words.split("/");
            return create("tapal:Option", { value, label: id || value, labelEn: en || undefined });
          }),
      }),
    );
  return fields.length ? create("tapal:Form", { fields }) : null;
}
