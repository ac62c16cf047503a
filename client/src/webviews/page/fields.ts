// The fields in which a value is given, by its type: yes or no, a figure with its unit, a date, a choice, codes, records.
import type { FactInput, GivenValue } from "../../../../server/src/lsp/protocol.js";
import { debounced, fill, h } from "./dom.js";

/** What a field holds: a value as written, records, or null where it is not known. */
export interface Field {
  readonly element: HTMLElement;
  /** Shows a value, unless the person is at work in the field and it is not put back. */
  set(value: GivenValue, back?: boolean): void;
  /** Puts the cursor into it. */
  focus(): void;
}

type Changed = (value: GivenValue) => void;

const TYPING_MS = 250;
let names = 0;

/** Makes the field for a value. `label` is the id of the element that names it; `hint` stands in an empty text field. */
export function fieldFor(input: FactInput, label: string, changed: Changed, hint = placeholder(input)): Field {
  if (input.kind === "records") return recordsField(input, label, changed);
  if (input.kind === "yes/no" && !input.list) return radios(label, [["yes", "yes"], ["no", "no"], ["not known", null]], changed);
  if (input.kind === "choice") return input.list ? checkboxes(label, input.choices ?? [], changed) : choice(label, input.choices ?? [], "not known", changed);
  return written(input, label, changed, hint);
}

const atWork = (element: HTMLElement): boolean => element.contains(document.activeElement);

/** One of a few answers. */
export function radios(label: string, answers: readonly (readonly [words: string, value: string | null])[], changed: Changed): Field {
  const name = `answer-${++names}`;
  const inputs = answers.map(([, value]) => h("input", { type: "radio", name, value: value ?? "", onchange: () => changed(value) }));
  const element = h("div", { class: "answers", role: "radiogroup", "aria-labelledby": label }, ...inputs.map((input, i) => h("label", {}, input, answers[i]![0])));
  return {
    element,
    set: (value) => inputs.forEach((input, i) => { input.checked = answers[i]![1] === value; }),
    focus: () => (inputs.find((input) => input.checked) ?? inputs[0])?.focus(),
  };
}

/** One of many choices. */
export function choice(label: string, choices: readonly string[], none: string, changed: Changed): Field {
  const element = h("select", { "aria-labelledby": label, onchange: () => changed(element.value === "" ? null : element.value) },
    h("option", { value: "" }, none), ...choices.map((each) => h("option", { value: each }, each.replace(/_/gu, " "))));
  return {
    element,
    set(value) {
      const text = typeof value === "string" ? value : "";
      // A value that the list lacks is shown all the same.
      if (text !== "" && !choices.includes(text)) element.append(h("option", { value: text }, text));
      element.value = text;
    },
    focus: () => element.focus(),
  };
}

function written(input: FactInput, label: string, changed: Changed, hint: string): Field {
  const date = input.kind === "date" && !input.list;
  const say = debounced(TYPING_MS, (text: string) => changed(text.trim() === "" ? null : text));
  const control = h("input", {
    type: date ? "date" : "text", "aria-labelledby": label, autocomplete: "off", spellcheck: "false",
    inputmode: input.kind === "number" && !input.list ? "decimal" : undefined, placeholder: hint,
    class: input.kind === "number" && !input.list ? "figure" : undefined,
    oninput: () => say(control.value),
  });
  const unit = input.kind === "number" && input.unit !== undefined ? h("span", { class: "unit" }, input.unit) : undefined;
  const limits = input.from === undefined && input.to === undefined ? undefined : h("span", { class: "hint" }, `from ${input.from ?? "…"} to ${input.to ?? "…"}`);
  const element = h("span", { class: "written" }, control, unit, limits);
  return {
    element,
    set(value, back = false) {
      if (!back && atWork(element)) return;
      const text = typeof value === "string" ? value : "";
      control.value = unit === undefined ? text : text.replace(/^(\S+) .*$/su, "$1");
    },
    focus: () => control.focus(),
  };
}

function placeholder(input: FactInput): string {
  if (input.kind === "code") return `${input.systems?.join(" or ") ?? "codes"}${input.list ? ", with commas; none for none" : ""}`;
  return input.list ? "with commas; none for none" : input.kind === "text" ? "" : "not known";
}

/** Several of a few choices: an empty list is something else than a list that is not known. */
function checkboxes(label: string, choices: readonly string[], changed: Changed): Field {
  const name = `known-${++names}`;
  const unknown = h("input", { type: "radio", name, onchange: () => changed(null) });
  const known = h("input", { type: "radio", name, onchange: () => tell() });
  const boxes = choices.map((each) => h("input", { type: "checkbox", value: each, onchange: () => { known.checked = true; tell(); } }));
  const tell = (): void => changed(boxes.filter((box) => box.checked).map((box) => box.value).join(", ") || "none");
  const element = h("div", { class: "answers", role: "group", "aria-labelledby": label },
    h("label", {}, unknown, "not known"), h("label", {}, known, "these:"), ...boxes.map((box) => h("label", {}, box, box.value.replace(/_/gu, " "))));
  return {
    element,
    set(value) {
      const given = typeof value === "string" ? value.split(",").map((each) => each.trim()) : [];
      unknown.checked = value === null;
      known.checked = value !== null;
      for (const box of boxes) box.checked = given.includes(box.value);
    },
    focus: () => (value(unknown) ?? known).focus(),
  };
}

const value = (input: HTMLInputElement): HTMLInputElement | undefined => (input.checked ? input : undefined);

function recordsField(input: FactInput, label: string, changed: Changed): Field {
  const fields = input.fields ?? [];
  let records: Record<string, string>[] | undefined;
  const element = h("div", { class: "records", role: "group", "aria-labelledby": label });
  const say = (): void => changed(records === undefined ? null : records.map((record) => ({ ...record })));
  const later = debounced(TYPING_MS, say);
  // What had the focus is gone after a change; it goes to the first thing there is.
  const first = (): void => element.querySelector<HTMLElement>("input, select, button")?.focus();
  const draw = (): void => {
    const list = (records ?? []).map((record, i) => {
      const parts = fields.map((field) => {
        const id = `field-${++names}`;
        const inner = fieldFor(field.input, id, (given) => {
          if (typeof given === "string") record[field.name] = given;
          else delete record[field.name];
          later();
        });
        inner.set(record[field.name] ?? null);
        return h("div", { class: "part" }, h("span", { id, class: "part-name", title: field.question }, field.name.replace(/_/gu, " ")), inner.element);
      });
      return h("fieldset", {}, h("legend", {}, `Entry ${i + 1}`), ...parts, h("button", { type: "button", class: "secondary", onclick: () => { records!.splice(i, 1); draw(); say(); first(); } }, `Remove entry ${i + 1}`));
    });
    fill(element,
      records === undefined ? h("span", { class: "hint" }, "Not known.") : records.length === 0 ? h("span", { class: "hint" }, "None: it is known that there is no entry.") : undefined,
      ...list,
      h("div", { class: "record-actions" },
        h("button", { type: "button", class: "secondary", onclick: () => { (records ??= []).push({}); draw(); [...element.querySelectorAll<HTMLElement>("fieldset")].at(-1)?.querySelector<HTMLElement>("input, select")?.focus(); } }, "Add an entry"),
        records === undefined && h("button", { type: "button", class: "secondary", onclick: () => { records = []; draw(); say(); first(); } }, "There is none"),
        records !== undefined && h("button", { type: "button", class: "secondary", onclick: () => { records = undefined; draw(); say(); first(); } }, "Not known")));
  };
  draw();
  return {
    element,
    set(given, back = false) {
      if (!back && atWork(element)) return;
      records = given === null || typeof given === "string" ? (given === null ? undefined : []) : given.map((record) => ({ ...record }));
      draw();
    },
    focus: first,
  };
}
