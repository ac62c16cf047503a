// The page of the logic diagram: zoom and pan by mouse and keyboard, boxes as a tree for the keyboard and the screen reader.
import type { CaseRef, DiagramResult } from "../../../../server/src/lsp/protocol.js";
import { adoptStyle, fill, h, host, listen } from "./dom.js";

type Message =
  | { readonly type: "show"; readonly result: DiagramResult; readonly case: CaseRef | null; readonly statement: string }
  | { readonly type: "problem"; readonly text: string }
  | { readonly type: "cursor"; readonly line: number };

const send = (type: string, more: Readonly<Record<string, unknown>> = {}): void => host.postMessage({ type, ...more });
const button = (words: string, title: string, work: () => void): HTMLButtonElement => h("button", { type: "button", title, "aria-label": title, onclick: work }, words);

const STEP = 1.2;
const SMALLEST = 0.1;
const LARGEST = 4;
const FAR = 80;

let refs: readonly (CaseRef | null)[] = [];
const cases = h("select", { id: "case", onchange: () => send("choose", { case: refs[cases.selectedIndex] ?? null }) });
const statements = h("select", { id: "statement", onchange: () => send("statement", { statement: statements.value }) });
const note = h("p", { class: "note", role: "status", hidden: true });
const stage = h("main", { class: "stage", tabindex: 0, "aria-label": "Logic diagram. Arrow keys move from box to box, Enter shows the criterion in the policy, plus and minus zoom." });
document.body.append(
  h("header", { class: "bar" },
    h("label", { for: "case" }, "Case"), cases, h("label", { for: "statement" }, "Statement"), statements,
    h("div", { class: "actions" }, button("−", "Zoom out", () => zoom(1 / STEP)), button("+", "Zoom in", () => zoom(STEP)), button("Fit", "Fit the width", () => fit()), button("100 %", "Actual size", () => zoomTo(1)), button("Save as SVG…", "Save as SVG", () => send("export")))),
  note, stage);

let svg: SVGSVGElement | undefined;
let size = { width: 1, height: 1 };
let scale = Number((host.getState() as { scale?: number } | undefined)?.scale ?? 0);
let nodes: SVGGElement[] = [];
let active = "";
let shownOf = "";
let style = "";

listen<Message>((message) => {
  switch (message.type) {
    case "show": show(message.result, message.case, message.statement); break;
    case "problem": note.hidden = message.text === ""; note.textContent = message.text; break;
    case "cursor": mark(message.line); break;
  }
});

const keyOf = (node: SVGGElement): string => `${node.dataset["address"]} ${node.classList[1]} ${node.dataset["line"]}`;

function show(result: DiagramResult, shown: CaseRef | null, statement: string): void {
  if (result.style !== style) adoptStyle((style = result.style));
  note.hidden = result.note === undefined;
  note.textContent = result.note ?? "";
  refs = [null, ...result.cases];
  fill(cases, ...["No case", ...result.cases.map((each) => `${each.name ?? ""}${each.file === "" ? "" : ` (${each.file})`}`)].map((text) => h("option", {}, text)));
  cases.selectedIndex = Math.max(0, refs.findIndex((each) => each !== null && each.uri === shown?.uri && each.name === shown.name));
  fill(statements, h("option", { value: "" }, "All"), ...result.statements.map((each) => h("option", { value: each.address }, `${each.address} ${each.words}`)));
  statements.value = statement;
  const drawn = new DOMParser().parseFromString(result.svg, "image/svg+xml").documentElement;
  if (!(drawn instanceof SVGSVGElement)) return;
  const kept = document.activeElement !== null && stage.contains(document.activeElement) && document.activeElement !== stage;
  svg = document.importNode(drawn, true);
  svg.setAttribute("role", "tree");
  size = { width: result.width, height: result.height };
  fill(stage, svg);
  nodes = [...svg.querySelectorAll<SVGGElement>(".node")];
  for (const node of nodes) {
    node.setAttribute("role", "treeitem");
    node.setAttribute("aria-level", String(Number(node.dataset["depth"]) + 1));
    node.setAttribute("tabindex", "-1");
    if (node.dataset["folded"] !== undefined) node.setAttribute("aria-expanded", "false");
  }
  if (!nodes.some((node) => keyOf(node) === active)) active = nodes[0] === undefined ? "" : keyOf(nodes[0]);
  current()?.setAttribute("tabindex", "0");
  if (kept) current()?.focus({ preventScroll: true });
  const of = `${result.title} ${statement}`;
  if (scale === 0 || of !== shownOf) fit();
  else zoomTo(scale);
  shownOf = of;
}

const current = (): SVGGElement | undefined => nodes.find((node) => keyOf(node) === active);

function activate(node: SVGGElement | undefined): void {
  if (node === undefined) return;
  current()?.setAttribute("tabindex", "-1");
  active = keyOf(node);
  node.setAttribute("tabindex", "0");
  node.focus({ preventScroll: true });
  node.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function open(node: SVGGElement | undefined): void {
  if (node === undefined) return;
  if (node.dataset["folded"] !== undefined) send("unfold", { address: node.dataset["address"] });
  else send("open", { line: Number(node.dataset["line"]) });
}

const box = (node: SVGGElement): DOMRect => node.querySelector("rect")!.getBoundingClientRect();

/** The nearest box in a direction: right and left go down and up the tree, up and down stay in their column. */
function neighbour(node: SVGGElement, key: string): SVGGElement | undefined {
  const at = nodes.indexOf(node);
  const depth = (each: SVGGElement): number => Number(each.dataset["depth"]);
  if (key === "ArrowRight") return nodes[at + 1] !== undefined && depth(nodes[at + 1]!) > depth(node) ? nodes[at + 1] : undefined;
  if (key === "ArrowLeft") return nodes.slice(0, at).findLast((each) => depth(each) < depth(node));
  const column = nodes.filter((each) => depth(each) === depth(node));
  return column[column.indexOf(node) + (key === "ArrowDown" ? 1 : -1)];
}

stage.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const node = (event.target as Element).closest<SVGGElement>(".node") ?? undefined;
  switch (event.key) {
    case "+": case "=": zoom(STEP); break;
    case "-": zoom(1 / STEP); break;
    case "0": fit(); break;
    case "Enter": case " ": open(node); break;
    case "Home": activate(nodes[0]); break;
    case "End": activate(nodes.at(-1)); break;
    case "ArrowUp": case "ArrowDown": case "ArrowLeft": case "ArrowRight":
      if (event.shiftKey) stage.scrollBy({ left: event.key === "ArrowLeft" ? -FAR : event.key === "ArrowRight" ? FAR : 0, top: event.key === "ArrowUp" ? -FAR : event.key === "ArrowDown" ? FAR : 0 });
      else activate(node === undefined ? current() : neighbour(node, event.key));
      break;
    default: return;
  }
  event.preventDefault();
});

let dragged: { readonly x: number; readonly y: number; readonly left: number; readonly top: number; moved: boolean } | undefined;
stage.addEventListener("pointerdown", (event) => {
  if (event.button === 0) dragged = { x: event.clientX, y: event.clientY, left: stage.scrollLeft, top: stage.scrollTop, moved: false };
});
stage.addEventListener("pointermove", (event) => {
  if (dragged === undefined) return;
  const [x, y] = [event.clientX - dragged.x, event.clientY - dragged.y];
  if (!dragged.moved && Math.abs(x) + Math.abs(y) < 5) return;
  dragged.moved = true;
  stage.classList.add("dragging");
  stage.scrollTo({ left: dragged.left - x, top: dragged.top - y, behavior: "instant" });
});
window.addEventListener("pointerup", (event) => {
  const moved = dragged?.moved ?? true;
  dragged = undefined;
  stage.classList.remove("dragging");
  const node = (event.target as Element | null)?.closest?.<SVGGElement>(".node") ?? undefined;
  if (moved || node === undefined) return;
  activate(node);
  open(node);
});
stage.addEventListener("wheel", (event) => {
  if (!event.ctrlKey) return;
  event.preventDefault();
  zoom(event.deltaY < 0 ? STEP : 1 / STEP, event);
}, { passive: false });

function zoom(by: number, at?: { readonly clientX: number; readonly clientY: number }): void {
  zoomTo(scale * by, at);
}

/** Zooms about a place, which stays where it is; about the active box, or else the middle, where none is given. */
function zoomTo(next: number, at?: { readonly clientX: number; readonly clientY: number }): void {
  const frame = stage.getBoundingClientRect();
  const node = current();
  const held = at ?? (node !== undefined && stage.contains(document.activeElement) ? { clientX: box(node).left, clientY: box(node).top } : { clientX: frame.left + frame.width / 2, clientY: frame.top });
  const before = scale === 0 ? 1 : scale;
  scale = Math.min(LARGEST, Math.max(SMALLEST, next));
  const [x, y] = [held.clientX - frame.left, held.clientY - frame.top];
  const [left, top] = [((stage.scrollLeft + x) / before) * scale - x, ((stage.scrollTop + y) / before) * scale - y];
  svg?.setAttribute("width", String(Math.round(size.width * scale)));
  svg?.setAttribute("height", String(Math.round(size.height * scale)));
  stage.scrollTo({ left, top, behavior: "instant" });
  host.setState({ scale });
}

/** So that the whole width is seen, as long as the words can still be read. */
function fit(): void {
  zoomTo(Math.max(0.75, Math.min(1, (stage.clientWidth - 4) / size.width)));
  stage.scrollTo({ left: 0, top: 0, behavior: "instant" });
}

/** Marks the box of the criterion at a line of the policy. */
function mark(line: number): void {
  let found: SVGGElement | undefined;
  for (const node of nodes) if (Number(node.dataset["line"]) <= line && (found === undefined || Number(node.dataset["line"]) >= Number(found.dataset["line"]))) found = node;
  svg?.querySelector(".here")?.classList.remove("here");
  if (found === undefined) return;
  found.classList.add("here");
  if (!stage.contains(document.activeElement)) found.scrollIntoView({ block: "nearest", inline: "nearest" });
}
