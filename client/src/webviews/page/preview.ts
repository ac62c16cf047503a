// The page of the policy preview: the document in blocks, in step with the editor.
import type { PreviewResult } from "../../../../server/src/lsp/protocol.js";
import { adoptStyle, fill, h, host, listen } from "./dom.js";

type Message =
  | { readonly type: "show"; readonly result: PreviewResult; readonly conditions: boolean }
  | { readonly type: "problem"; readonly text: string }
  | { readonly type: "scroll"; readonly line: number };

const send = (type: string, more: Readonly<Record<string, unknown>> = {}): void => host.postMessage({ type, ...more });

const conditions = h("input", { type: "checkbox", id: "conditions", onchange: () => send("conditions", { shown: conditions.checked }) });
const problem = h("p", { class: "notice", role: "status", hidden: true });
const content = h("main", { class: "policy-document" });
document.body.append(
  h("header", { class: "preview-bar" },
    h("label", { for: "conditions" }, conditions, "Conditions"),
    h("button", { type: "button", onclick: () => send("print") }, "Print…"), h("button", { type: "button", onclick: () => send("save") }, "Save as HTML…")),
  problem, content);

interface Shown {
  readonly html: string;
  readonly element: HTMLElement;
  line: number;
}
let shown: Shown[] = [];
let style = "";

listen<Message>((message) => {
  switch (message.type) {
    case "show": show(message.result, message.conditions); break;
    case "problem": problem.hidden = message.text === ""; problem.textContent = message.text; break;
    case "scroll": scrollTo(message.line); break;
  }
});

/** Puts new blocks in the place of those that have changed; the others stay, so that nothing jumps. */
function show(result: PreviewResult, withConditions: boolean): void {
  problem.hidden = true;
  conditions.checked = withConditions;
  if (result.style !== style) adoptStyle((style = result.style));
  const before = shown;
  const same = (a: Shown | undefined, b: { readonly html: string } | undefined): boolean => a !== undefined && b !== undefined && a.html === b.html;
  let head = 0;
  while (head < before.length && head < result.blocks.length && same(before[head], result.blocks[head])) head++;
  let tail = 0;
  while (tail < before.length - head && tail < result.blocks.length - head && same(before[before.length - 1 - tail], result.blocks[result.blocks.length - 1 - tail])) tail++;
  for (const old of before.slice(head, before.length - tail)) old.element.remove();
  const next = before[before.length - tail]?.element ?? null;
  const made = result.blocks.slice(head, result.blocks.length - tail).map(({ html, line }): Shown => {
    const element = h("div", { class: "block" });
    // Made by our own server, which escapes every word of the policy; the page's policy lets no script run from it.
    element.innerHTML = html;
    content.insertBefore(element, next);
    return { html, element, line };
  });
  shown = [...before.slice(0, head), ...made, ...before.slice(before.length - tail)];
  shown.forEach((block, i) => { block.line = result.blocks[i]!.line; });
  if (shown.length === 0) fill(content, h("p", {}, "There is nothing to show yet."));
}

// ── In step with the editor ───────────────────────────────────────────────────────────────────────────────────────────
interface Mark {
  readonly line: number;
  readonly top: number;
}
const QUIET_MS = 250;
let quietUntil = 0;

const BAR = 44;

/** Lines with where they stand, in order of the document. */
function marks(): readonly Mark[] {
  const found: Mark[] = [];
  const base = window.scrollY;
  for (const { element, line } of shown) {
    for (const each of element.querySelectorAll<HTMLElement>("[data-line]")) {
      const at = line + Number(each.dataset["line"]);
      if (found.length === 0 || at > found.at(-1)!.line) found.push({ line: at, top: each.getBoundingClientRect().top + base - BAR });
    }
  }
  return found;
}

function scrollTo(line: number): void {
  const all = marks();
  const after = all.findIndex((mark) => mark.line > line);
  const from = all[after < 0 ? all.length - 1 : Math.max(0, after - 1)];
  if (from === undefined) return;
  const to = after <= 0 ? undefined : all[after];
  const part = to === undefined || to.line === from.line ? 0 : (line - from.line) / (to.line - from.line);
  const top = from.top + (to === undefined ? 0 : part * (to.top - from.top));
  quietUntil = Date.now() + QUIET_MS;
  window.scrollTo({ top: line <= 0 ? 0 : top, behavior: "instant" });
}

let waiting = false;
window.addEventListener("scroll", () => {
  if (waiting || Date.now() < quietUntil) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    const all = marks();
    const y = window.scrollY;
    const after = all.findIndex((mark) => mark.top > y + 1);
    const from = all[after < 0 ? all.length - 1 : Math.max(0, after - 1)];
    const to = after <= 0 ? undefined : all[after];
    if (from === undefined) return;
    const part = to === undefined || to.top === from.top ? 0 : Math.min(1, Math.max(0, (y - from.top) / (to.top - from.top)));
    send("scrolled", { line: Math.floor(y <= 0 ? 0 : from.line + (to === undefined ? 0 : part * (to.line - from.line))) });
  });
}, { passive: true });

// A double click leads to the place in the text.
content.addEventListener("dblclick", (event) => {
  const element = (event.target as Element).closest<HTMLElement>("[data-line]");
  const block = shown.find((each) => each.element.contains(element));
  if (element !== null && block !== undefined) send("open", { line: block.line + Number(element.dataset["line"]) });
});
content.addEventListener("click", (event) => {
  const link = (event.target as Element).closest("a");
  const href = link?.getAttribute("href");
  if (href === null || href === undefined || !href.startsWith("#")) return;
  event.preventDefault();
  const target = document.getElementById(decodeURIComponent(href.slice(1)));
  if (target === null) return;
  document.querySelector(".target")?.classList.remove("target");
  target.classList.add("target");
  target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "center" });
});
