// The what-if form: the request, the facts and the attested criteria of a case, each to be changed and set back.
import type { CaseChanges, ChangeProblem, Explained, ExplanationAnswer, ExplanationFact, GivenValue, Source } from "../../../../server/src/lsp/protocol.js";
import { h } from "./dom.js";
import { choice, type Field, fieldFor, radios } from "./fields.js";

export interface FormEvents {
  changed(changes: CaseChanges): void;
  open(source: Source): void;
}

export interface Form {
  readonly element: HTMLElement;
  /** Shows a case with the changes made to it. */
  show(explained: Explained, changes: CaseChanges, problems: readonly ChangeProblem[]): void;
  /** Brings the field of something that is missing into sight and puts the cursor there. */
  answer(kind: "fact" | "criterion" | "request", name: string): void;
}

interface Row {
  readonly element: HTMLElement;
  readonly field: Field;
  readonly key: string;
  readonly problem: HTMLElement;
  readonly undo: HTMLButtonElement;
  readonly links: HTMLElement;
}

const FORM_KEYS = { on: "Date of service", codes: "Requested codes", "line of business": "Line of business", pathway: "Pathway" } as const;

/** Makes the form; it has no fields until a case is shown. */
export function whatIfForm(events: FormEvents): Form {
  let changes: CaseChanges = {};
  let shownOf = "";
  let rows = new Map<string, Row>();
  const all = h("input", { type: "checkbox", id: "all-facts", onchange: () => filter() });
  const list = h("div", { class: "fields" });
  const element = h("section", { class: "what-if", "aria-labelledby": "what-if-title" },
    h("h2", { id: "what-if-title" }, "What if…"),
    h("p", { class: "hint" }, "Change an answer and see what the case comes to. The case itself stays as it is; you can save what you made as a new case."),
    h("label", { class: "all-facts" }, all, "Show every fact of the policy, not only those that are given or asked for"),
    list);
  let wanted = new Set<string>();
  /** Fields that are to show what the case says again, even where the cursor is. */
  const restored = new Set<string>();

  const tell = (next: CaseChanges): void => {
    changes = next;
    events.changed(next);
  };
  const without = <T>(record: Readonly<Record<string, T>> | undefined, name: string): Record<string, T> => Object.fromEntries(Object.entries(record ?? {}).filter(([key]) => key !== name));

  const row = (key: string, title: string, code: string | undefined, makeField: (label: string) => Field, undo: () => void): Row => {
    const id = `label-${rows.size}-${key.replace(/[^\w]/gu, "-")}`;
    const field = makeField(id);
    const problem = h("p", { class: "problem", role: "alert" });
    const button = h("button", { type: "button", class: "link undo", title: "Back to what the case says", onclick: () => { restored.add(key); undo(); field.focus(); } }, "changed – undo");
    const links = h("span", { class: "links" });
    const made = { element: h("div", { class: "field" }, h("div", { class: "question" }, h("span", { id }, title), code !== undefined && h("code", {}, code)), field.element, problem, h("div", { class: "beside" }, button, links)), field, key, problem, undo: button, links };
    rows.set(key, made);
    return made;
  };

  const build = (explained: Explained): void => {
    rows = new Map();
    const request = [
      row("request on", FORM_KEYS.on, undefined, (id) => fieldFor({ kind: "date", list: false }, id, (value) => tell({ ...changes, on: typeof value === "string" ? value : "" })), () => tell(omit("on"))),
      row("request codes", FORM_KEYS.codes, undefined, (id) => fieldFor({ kind: "code", list: true, systems: ["CPT", "HCPCS"] }, id, (value) => tell({ ...changes, codes: textOf(value) }), "not stated; such as CPT 64483, HCPCS J0585"), () => tell(omit("codes"))),
      row("request line of business", FORM_KEYS["line of business"], undefined, (id) => choice(id, explained.linesOfBusiness, "not stated", (value) => tell({ ...changes, lineOfBusiness: textOf(value) })), () => tell(omit("lineOfBusiness"))),
      row("request pathway", FORM_KEYS.pathway, undefined, (id) => choice(id, explained.pathways, "not stated", (value) => tell({ ...changes, pathway: textOf(value) })), () => tell(omit("pathway"))),
    ];
    const facts = explained.facts.map((fact) => row(`fact ${fact.name}`, fact.question ?? fact.name.replace(/_/gu, " "), fact.name,
      (id) => fieldFor(fact.input, id, (value) => tell({ ...changes, facts: { ...changes.facts, [fact.name]: value } })), () => tell({ ...changes, facts: without(changes.facts, fact.name) })));
    const answers = explained.answers.map((answer) => row(`criterion ${answer.address}`, answer.prose || answer.address, answer.address,
      (id) => radios(id, [["met", "met"], ["not met", "not met"], ["not known", null]], (value) => tell({ ...changes, criteria: { ...changes.criteria, [answer.address]: value as "met" | "not met" | null } })), () => tell({ ...changes, criteria: without(changes.criteria, answer.address) })));
    list.replaceChildren(
      h("h3", {}, "The request"), ...request.map((each) => each.element),
      ...(facts.length === 0 ? [] : [h("h3", {}, "Facts"), ...facts.map((each) => each.element)]),
      ...(answers.length === 0 ? [] : [h("h3", {}, "Attested by the reviewer"), ...answers.map((each) => each.element)]));
  };

  const omit = (key: keyof CaseChanges): CaseChanges => Object.fromEntries(Object.entries(changes).filter(([each]) => each !== key)) as CaseChanges;
  const textOf = (value: GivenValue): string | null => (typeof value === "string" ? value : null);

  const filter = (): void => {
    for (const { element: row, key } of rows.values()) row.hidden = !(all.checked || key.startsWith("request") || wanted.has(key) || row.contains(document.activeElement));
  };

  const showRow = (key: string, value: GivenValue, changed: boolean, problem: ChangeProblem | undefined, sources: readonly (readonly [string, Source])[]): void => {
    const found = rows.get(key);
    if (found === undefined) return;
    // What was typed and could not be read stays, so that it can be mended.
    if (problem === undefined) found.field.set(value, restored.delete(key));
    found.problem.textContent = problem === undefined ? "" : [problem.message, problem.help].filter((text) => text !== undefined).join(" ").replace(/`/gu, "");
    found.problem.hidden = problem === undefined;
    found.undo.hidden = !changed;
    found.element.classList.toggle("is-changed", changed);
    found.links.replaceChildren(...sources.map(([words, source]) => h("button", { type: "button", class: "link", onclick: () => events.open(source) }, words)));
    if (changed || value !== null || problem !== undefined) wanted.add(key);
  };

  const showFact = (fact: ExplanationFact, problems: readonly ChangeProblem[]): void => {
    const sources: (readonly [string, Source])[] = [...(fact.given === undefined ? [] : [["in the case", fact.given] as const]), ["in the policy", fact.declared]];
    const value = fact.records !== undefined ? fact.records : fact.value ?? null;
    showRow(`fact ${fact.name}`, value, fact.name in (changes.facts ?? {}), problems.find((each) => each.kind === "fact" && each.name === fact.name), sources);
  };

  const showAnswer = (answer: ExplanationAnswer, problems: readonly ChangeProblem[]): void => {
    const outcome = answer.outcome === undefined || answer.outcome === "unknown" ? null : answer.outcome;
    showRow(`criterion ${answer.address}`, outcome, answer.address in (changes.criteria ?? {}), problems.find((each) => each.kind === "criterion" && each.name === answer.address), [["in the policy", answer.source]]);
  };

  return {
    element,
    show(explained, made, problems) {
      changes = made;
      const of = JSON.stringify([explained.policy, explained.case, explained.facts.map((fact) => [fact.name, fact.input, fact.question]), explained.answers.map((answer) => [answer.address, answer.prose])]);
      if (of !== shownOf) build(explained);
      shownOf = of;
      wanted = new Set(explained.missing.map((item) => `${item.kind} ${item.name}`));
      const about = (name: string): ChangeProblem | undefined => problems.find((each) => each.kind === "request" && each.name === name);
      showRow("request on", explained.on, changes.on !== undefined, about("on"), []);
      showRow("request codes", explained.request.codes ?? null, changes.codes !== undefined, about("codes"), []);
      showRow("request line of business", explained.request.lineOfBusiness ?? null, changes.lineOfBusiness !== undefined, about("line of business"), []);
      showRow("request pathway", explained.request.pathway ?? null, changes.pathway !== undefined, about("pathway"), []);
      for (const fact of explained.facts) showFact(fact, problems);
      for (const answer of explained.answers) showAnswer(answer, problems);
      filter();
    },
    answer(kind, name) {
      const found = rows.get(`${kind} ${name}`);
      if (found === undefined) return;
      found.element.hidden = false;
      found.element.scrollIntoView({ block: "center" });
      found.field.focus();
    },
  };
}
