// The page of the explanation view: what a case comes to and why, what is missing, and what would be if a fact were another.
import type { AdviceSection, CaseChanges, CaseRef, Explained, ExplanationResult, Source } from "../../../../server/src/lsp/protocol.js";
import { fill, h, host, listen } from "./dom.js";
import { whatIfForm } from "./form.js";
import { criteriaTree } from "./tree.js";

type Message =
  | { readonly type: "show"; readonly result: ExplanationResult; readonly changes: CaseChanges | undefined }
  | { readonly type: "advice"; readonly sections: readonly AdviceSection[] }
  | { readonly type: "cursor"; readonly line: number };

const kept = (host.getState() ?? {}) as { readonly toggled?: readonly (readonly [string, boolean])[] };
const send = (type: string, more: Readonly<Record<string, unknown>> = {}): void => host.postMessage({ type, ...more });
const open = (source: Source): void => send("open", { source });

let shown: ExplanationResult | undefined;
let changes: CaseChanges | undefined;
let said = "";

const tree = criteriaTree({
  reveal: (node) => { if (shown !== undefined) open({ uri: shown.uri, span: node.span }); },
  open,
  changed: () => host.setState({ toggled: [...tree.toggled] }),
}, new Map(kept.toggled));
const form = whatIfForm({ changed: (next) => change(next), open });

const cases = h("select", { id: "case", onchange: () => send("choose", { case: cases.selectedIndex >= 0 ? (refs[cases.selectedIndex] ?? null) : null }) });
let refs: readonly (CaseRef | undefined)[] = [];
const reset = h("button", { type: "button", class: "secondary", hidden: true, onclick: () => { change(undefined); cases.focus(); } }, "Reset the changes");
const save = h("button", { type: "button", class: "secondary", onclick: () => send("save", { changes }) }, "Save as a case…");
const copy = h("button", { type: "button", class: "secondary", onclick: () => send("copy", { changes }) }, "Copy as Markdown");
// In sight while the form far below is filled in.
const chip = h("span", { class: "chip", hidden: true, "aria-hidden": "true" });
const problem = h("p", { class: "notice", role: "status", hidden: true });
const result = h("section", { class: "result", "aria-labelledby": "determination" });
const spoken = h("p", { class: "spoken", role: "status", "aria-live": "polite" });
const failures = h("section", { class: "failures" });
const missing = h("section", { class: "missing" });
// A search, made when it is looked at.
const advice = h("div", { "aria-live": "polite" });
const advised = h("details", { class: "advice", hidden: true, ontoggle: () => { if (advised.open) askAdvice(); } }, h("summary", {}, "What could still decide it, and why it is not approved"), advice);
const criteria = h("section", { "aria-labelledby": "criteria-title" },
  h("div", { class: "title-row" }, h("h2", { id: "criteria-title" }, "Criteria"),
    h("button", { type: "button", class: "link", onclick: () => tree.expandAll() }, "Open all"), h("button", { type: "button", class: "link", onclick: () => tree.collapseAll() }, "Close all")),
  h("p", { class: "hint" }, "✓ met   ✗ not met   ? unknown   – not applicable. Choose a criterion to see it in the policy."),
  tree.element);
const sources = h("section", { class: "sources" });

document.body.append(
  h("header", { class: "bar" }, chip, h("label", { for: "case" }, "Case"), cases, h("div", { class: "actions" }, copy, save, reset)),
  h("main", {}, problem, result, spoken, failures, missing, advised, criteria, form.element, sources));

function change(next: CaseChanges | undefined): void {
  changes = next;
  send("change", { changes: next });
}

listen<Message>((message) => {
  if (message.type === "cursor") tree.mark(message.line);
  else if (message.type === "advice") showAdvice(message.sections);
  else show(message.result, message.changes);
});

function show(next: ExplanationResult, made: CaseChanges | undefined): void {
  changes = made;
  showCases(next);
  problem.hidden = next.problem === undefined;
  problem.textContent = next.problem === undefined ? "" : `${next.problem}${shown?.explained === undefined ? "" : " What stands below is from before."}`;
  document.body.classList.toggle("is-stale", next.problem !== undefined);
  reset.hidden = made === undefined;
  const { explained } = next;
  save.disabled = copy.disabled = explained === undefined;
  criteria.hidden = form.element.hidden = explained === undefined && shown?.explained === undefined;
  if (explained === undefined) return;
  shown = next;
  showResult(explained);
  showMissing(explained);
  advised.hidden = explained.determination === "approve";
  if (advised.open && !advised.hidden) askAdvice();
  tree.show({ statements: explained.statements, facts: new Map(explained.facts.map((fact) => [fact.name, fact])), citations: new Map(explained.citations.flatMap(({ number, source }) => (source === undefined ? [] : [[number, source]]))) });
  form.show(explained, made ?? {}, next.problems);
  fill(sources, ...(explained.citations.length === 0 ? [] : [h("h2", {}, "References cited"), h("ul", {}, ...explained.citations.map(({ number, text, source }) =>
    h("li", {}, source === undefined ? `[${number}] ` : h("button", { type: "button", class: "link", onclick: () => open(source) }, `[${number}]`), ` ${text}`)))]));
}

function askAdvice(): void {
  if (advice.childElementCount === 0) fill(advice, h("p", { class: "hint" }, "Looking…"));
  send("advise");
}

function showAdvice(sections: readonly AdviceSection[]): void {
  fill(advice, ...sections.flatMap(({ title, blocks }) => [h("h3", {}, title), ...blocks.map((block) => {
    if (block.kind === "text") return h("p", {}, block.text);
    const items = block.items.map((lines) => h("li", {}, ...lines.map((line) => h("div", {}, line))));
    return block.numbered ? h("ol", {}, ...items) : h("ul", {}, ...items);
  })]));
}

function showCases({ cases: all, shown: current }: ExplanationResult): void {
  refs = [...all, undefined];
  const options = [...all.map((each) => `${each.name ?? ""}${each.file === "" ? "" : ` (${each.file})`}`), "New case (nothing given)"];
  if (cases.options.length !== options.length || [...cases.options].some((option, i) => option.text !== options[i])) fill(cases, ...options.map((text) => h("option", {}, text)));
  const at = all.findIndex((each) => each.uri === current?.uri && each.name === current.name && each.at?.line === current.at?.line);
  cases.selectedIndex = at >= 0 ? at : options.length - 1;
}

const TITLES = { approve: "Approve", pend: "Pend", refer: "Refer", "no statement applies": "No statement applies" } as const;
const MARKS = { approve: "✓", pend: "?", refer: "→", "no statement applies": "–" } as const;

function showResult(explained: Explained): void {
  const { determination, before, meaning, reason, decidedBy, approval, remarks, caseSource } = explained;
  const kind = `is-${determination.replaceAll(" ", "-")}`;
  fill(result,
    h("p", { class: "policy" }, explained.policy),
    h("h1", { id: "determination", class: `determination ${kind}` }, h("span", { class: "mark", "aria-hidden": "true" }, MARKS[determination]), TITLES[determination], h("span", { class: "meaning" }, `: ${meaning}`)),
    before !== undefined && h("p", { class: "was" }, `Without the changes: ${TITLES[before].toLowerCase()}.`),
    h("p", {}, reason),
    h("p", { class: "hint" }, `Date of service ${explained.on}. `, decidedBy !== undefined && "It turns on ",
      decidedBy !== undefined && h("button", { type: "button", class: "link", onclick: () => open(decidedBy.source) }, `statement ${decidedBy.address} (${decidedBy.words})`), decidedBy !== undefined && ". ",
      caseSource !== undefined && h("button", { type: "button", class: "link", onclick: () => open(caseSource) }, "See the case")),
    approval.length > 0 && h("ul", { class: "approval" }, ...approval.map(({ name, words }) => h("li", {}, h("strong", {}, `${name}: `), words))),
    remarks.length > 0 && h("ul", { class: "remarks" }, ...remarks.map((text) => h("li", {}, text))),
    explained.note !== undefined && h("p", { class: "note" }, `Note: ${explained.note}`));
  chip.hidden = false;
  chip.className = `chip ${kind}`;
  chip.textContent = `${MARKS[determination]} ${TITLES[determination]}`;
  // Said once for each change, not at every redrawing.
  const words = [`${TITLES[determination]}: ${meaning}. ${reason}`, ...approval.map((each) => `${each.name}: ${each.words}.`)].join(" ");
  if (words !== said) spoken.textContent = said === "" ? "" : words;
  said = words;
  fill(failures, ...(explained.failures.length === 0 ? [] : [h("h2", {}, "This case does not come to what it expects"), h("ul", {}, ...explained.failures.map((failure) =>
    h("li", {}, h("button", { type: "button", class: "link", onclick: () => open(failure.source) }, failure.message))))]));
}

function showMissing({ missing: items, determination, facts }: Explained): void {
  const known = new Map(facts.map((fact) => [fact.name, fact]));
  const line = (item: Explained["missing"][number]): HTMLElement => h("li", {},
    h("span", {}, item.question ?? item.words), " ", h("code", {}, item.words), " ",
    item.unobtainable === true && h("strong", {}, `could not be obtained${item.reason === undefined ? "" : ` (${item.reason})`} `),
    h("button", { type: "button", class: "link", onclick: () => form.answer(item.kind, item.name) }, "answer"), " ",
    known.has(item.name) && h("button", { type: "button", class: "link", onclick: () => open(known.get(item.name)!.declared) }, "in the policy"));
  fill(missing, ...(items.length === 0 ? [] : [h("h2", {}, `${determination === "pend" ? "To be found out" : "Not known"} (${items.length})`), h("ul", {}, ...items.map(line))]));
}
