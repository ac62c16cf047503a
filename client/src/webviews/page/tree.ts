// The tree of criteria: a real tree for keyboard and screen reader, with reasons and facts behind each step.
import type { ExplanationFact, ExplanationNode, OutcomeWord, Source } from "../../../../server/src/lsp/protocol.js";
import { fill, h } from "./dom.js";

export interface TreeEvents {
  /** A criterion is to be shown in the policy. */
  reveal(node: ExplanationNode): void;
  /** A fact or a reference is to be shown where it stands. */
  open(source: Source): void;
  /** What is open has changed. */
  changed(): void;
}

export interface TreeContent {
  readonly statements: readonly ExplanationNode[];
  readonly facts: ReadonlyMap<string, ExplanationFact>;
  readonly citations: ReadonlyMap<number, Source>;
}

export interface Tree {
  readonly element: HTMLElement;
  show(content: TreeContent): void;
  /** Marks the criterion that stands at a line of the policy and brings it into sight; the focus stays. */
  mark(line: number): void;
  expandAll(): void;
  collapseAll(): void;
  /** Ids of what is open and what is not, where it is not as it was at first. */
  readonly toggled: Map<string, boolean>;
}

const SIGNS: Readonly<Record<OutcomeWord, string>> = { met: "✓", "not met": "✗", unknown: "?", "not applicable": "–" };
/** Trees with no more criteria than this are open at first, as far as they apply. */
const SMALL = 90;

/** Makes an empty tree. */
export function criteriaTree(events: TreeEvents, toggled: Map<string, boolean>): Tree {
  const element = h("ul", { role: "tree", class: "tree", "aria-label": "Criteria" });
  let content: TreeContent = { statements: [], facts: new Map(), citations: new Map() };
  let items = new Map<string, HTMLElement>();
  let nodes = new Map<string, ExplanationNode>();
  let parents = new Map<string, string>();
  let active = "";
  let marked = "";
  let size = 0;
  let made = 0;

  const openAtFirst = (node: ExplanationNode, depth: number): boolean => {
    if (node.outcome === "not applicable") return false;
    return size <= SMALL || depth === 0 || node.deciding || (depth < 3 && node.outcome === "unknown");
  };
  const isOpen = (node: ExplanationNode, depth: number): boolean => toggled.get(node.id) ?? openAtFirst(node, depth);
  const depthOf = (id: string): number => {
    let depth = 0;
    for (let at = parents.get(id); at !== undefined && at !== ""; at = parents.get(at)) depth++;
    return depth;
  };

  const itemOf = (node: ExplanationNode, depth: number, place: number, siblings: number): HTMLElement => {
    const open = node.items.length > 0 && isOpen(node, depth);
    const number = ++made;
    const [row, why] = [`row-${number}`, `why-${number}`];
    const item = h("li", {
      role: "treeitem", class: `item is-${node.outcome.replace(" ", "-")}${node.deciding ? " deciding" : ""}${node.id === marked ? " marked" : ""}`,
      "data-id": node.id, "aria-level": depth + 1, "aria-posinset": place + 1, "aria-setsize": siblings, "aria-labelledby": `${row} ${why}`,
      "aria-expanded": node.items.length === 0 ? undefined : String(open), "aria-selected": String(node.id === active), tabindex: node.id === active ? 0 : -1,
    },
    h("div", { class: "row", id: row },
      h("span", { class: "twistie", "aria-hidden": "true" }, node.items.length > 0 && "›"),
      h("span", { class: "outcome" }, h("span", { "aria-hidden": "true" }, `${SIGNS[node.outcome]} `), node.leftOpen && node.outcome === "unknown" ? "left to a clinician" : node.outcome),
      h("span", { class: "words" }, node.label !== "" && h("strong", {}, `${node.label === "-" || node.label === "*" ? "•" : node.label} `), node.prose, ...citationMarks(node)),
      node.before !== undefined && h("span", { class: "was" }, `changed: was ${node.before}`),
    ),
    h("div", { class: "why", id: why }, ...node.why.map((text) => h("p", {}, text)), ...node.notes.map((text) => h("p", { class: "note" }, `Note: ${text}`)), ...evidenceOf(node), node.facts.length > 0 && factsOf(node)),
    open && h("ul", { role: "group" }, ...node.items.map((child, i) => itemOf(child, depth + 1, i, node.items.length))));
    items.set(node.id, item);
    return item;
  };

  const citationMarks = (node: ExplanationNode): readonly (Node | string)[] => (node.citations.length === 0 ? [] : [h("sup", {}, "[", ...node.citations.flatMap((number, i): (Node | string)[] => {
    const source = content.citations.get(number);
    const mark = source === undefined ? String(number) : h("button", { class: "link", tabindex: -1, title: `Reference ${number}`, onclick: stopping(() => events.open(source)) }, String(number));
    return i === 0 ? [mark] : [",", mark];
  }), "]")]);

  const factsOf = (node: ExplanationNode): HTMLElement => h("p", { class: "facts" }, ...node.facts.map((name) => {
    const fact = content.facts.get(name);
    const value = fact?.records !== undefined && fact.records.length > 0 ? `${fact.records.length} ${fact.records.length === 1 ? "entry" : "entries"}` : fact?.value;
    const source = fact?.given ?? fact?.declared;
    return h("button", {
      class: value === undefined ? "fact is-missing" : "fact", tabindex: -1, title: `${fact?.question ?? name}\n${fact?.given === undefined ? "Shows where the policy declares it" : "Shows where the case gives it"}`,
      onclick: stopping(() => { if (source !== undefined) events.open(source); }),
    }, `${name}: ${value ?? (fact?.unobtainable === undefined ? "not known" : "could not be obtained")}`);
  }));

  /** What the reviewer's answer rests on, and what the facts that are read rest on. */
  const evidenceOf = (node: ExplanationNode): readonly HTMLElement[] => [
    ...node.evidence.map((text) => h("p", { class: "evidence" }, `Evidence: ${text}`)),
    ...node.facts.flatMap((name) => (content.facts.get(name)?.evidence ?? []).map((text) => h("p", { class: "evidence" }, `Evidence for ${name}: ${text}`))),
  ];

  const draw = (): void => {
    const focused = document.activeElement instanceof HTMLElement && document.activeElement.closest('[role="treeitem"]') !== null && element.contains(document.activeElement);
    items = new Map();
    fill(element, ...content.statements.map((node, i) => itemOf(node, 0, i, content.statements.length)));
    if (focused) items.get(active)?.focus({ preventScroll: true });
  };

  const index = (list: readonly ExplanationNode[], parent: string): void => {
    for (const node of list) {
      size++;
      nodes.set(node.id, node);
      parents.set(node.id, parent);
      index(node.items, node.id);
    }
  };

  const activate = (id: string, focus: boolean): void => {
    const before = items.get(active);
    before?.setAttribute("tabindex", "-1");
    before?.setAttribute("aria-selected", "false");
    active = id;
    const item = items.get(id);
    item?.setAttribute("tabindex", "0");
    item?.setAttribute("aria-selected", "true");
    if (focus) item?.focus({ preventScroll: true });
    if (focus) item?.querySelector(".row")?.scrollIntoView({ block: "nearest" });
  };

  const toggle = (id: string, open: boolean): void => {
    const node = nodes.get(id);
    if (node === undefined || node.items.length === 0) return;
    toggled.set(id, open);
    draw();
    events.changed();
  };

  const visible = (): string[] => [...element.querySelectorAll<HTMLElement>('[role="treeitem"]')].map((item) => item.dataset["id"]!);

  element.addEventListener("click", (event) => {
    const item = (event.target as Element).closest<HTMLElement>('[role="treeitem"]');
    const id = item?.dataset["id"];
    if (id === undefined) return;
    activate(id, true);
    const node = nodes.get(id)!;
    if ((event.target as Element).closest(".twistie") !== null && node.items.length > 0) toggle(id, !isOpen(node, depthOf(id)));
    else events.reveal(node);
  });
  element.addEventListener("keydown", (event) => {
    const node = nodes.get(active);
    if (node === undefined || event.ctrlKey || event.metaKey || event.altKey || !(event.target as Element).matches('[role="treeitem"]')) return;
    const shown = visible();
    const at = shown.indexOf(active);
    const open = node.items.length > 0 && isOpen(node, depthOf(active));
    const to = (id: string | undefined): void => { if (id !== undefined && id !== "") activate(id, true); };
    switch (event.key) {
      case "ArrowDown": to(shown[at + 1]); break;
      case "ArrowUp": to(shown[at - 1]); break;
      case "ArrowRight": if (open) to(node.items[0]?.id); else toggle(active, true); break;
      case "ArrowLeft": if (open) toggle(active, false); else to(parents.get(active)); break;
      case "Home": to(shown[0]); break;
      case "End": to(shown.at(-1)); break;
      case "Enter": case " ": events.reveal(node); break;
      case "*": for (const sibling of siblingsOf(active)) toggled.set(sibling, true); draw(); events.changed(); break;
      default: {
        if (event.key.length !== 1 || event.key === " ") return;
        const wanted = event.key.toLowerCase();
        to([...shown.slice(at + 1), ...shown.slice(0, at)].find((id) => (nodes.get(id)!.label || nodes.get(id)!.prose).toLowerCase().replace(/^\(/u, "").startsWith(wanted)));
      }
    }
    event.preventDefault();
  });

  const siblingsOf = (id: string): readonly string[] => [...nodes.keys()].filter((other) => parents.get(other) === parents.get(id));

  return {
    element,
    toggled,
    show(next) {
      content = next;
      nodes = new Map();
      parents = new Map();
      size = 0;
      index(next.statements, "");
      if (!nodes.has(active)) active = next.statements[0]?.id ?? "";
      draw();
    },
    mark(line) {
      let found: ExplanationNode | undefined;
      for (let list = content.statements; ;) {
        const inner = list.find((node) => node.lines[0] <= line && line <= node.lines[1]);
        if (inner === undefined) break;
        found = inner;
        list = inner.items;
      }
      if (found?.id === marked) return;
      items.get(marked)?.classList.remove("marked");
      marked = found?.id ?? "";
      if (found === undefined) return;
      let drawn = false;
      for (let at = parents.get(marked); at !== undefined && at !== ""; at = parents.get(at)) {
        if (isOpen(nodes.get(at)!, depthOf(at))) continue;
        toggled.set(at, true);
        drawn = true;
      }
      if (drawn) draw();
      const item = items.get(marked);
      item?.classList.add("marked");
      item?.querySelector(".row")?.scrollIntoView({ block: "nearest" });
    },
    expandAll() {
      for (const node of nodes.values()) if (node.items.length > 0) toggled.set(node.id, true);
      draw();
      events.changed();
    },
    collapseAll() {
      for (const node of nodes.values()) if (node.items.length > 0) toggled.set(node.id, false);
      active = content.statements[0]?.id ?? "";
      draw();
      events.changed();
    },
  };
}

const stopping = (work: () => void): ((event: Event) => void) => (event) => {
  event.stopPropagation();
  work();
};
