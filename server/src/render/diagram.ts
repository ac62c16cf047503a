// The criteria as a tree diagram in SVG: boxes with label and words, how lists decide between them, outcomes of a case.
import type { CriterionTrace, Explanation, Outcome } from "../evaluate/model.js";
import type { Analysis, Condition, CriterionSymbol, Scope, StatementSymbol } from "../semantics/model.js";
import { counted, folded, positionAt } from "../text.js";
import { diagramStyle } from "./diagramstyle.js";
import { combinationWords, criterionWords } from "./explanationview.js";
import { escapedHtml } from "./htmlpage.js";
import { textLines, textWidth } from "./textbox.js";
import { DETERMINATION_WORDS, KIND_WORDS, SIGNS } from "./words.js";

export interface DiagramOptions {
  /** The outcome of a case, which colours and marks the boxes. */
  readonly explanation?: Explanation | undefined;
  /** Only this statement. */
  readonly statement?: string | undefined;
  /** Addresses of criteria that are opened, though the diagram is large. */
  readonly opened?: readonly string[] | undefined;
  /** With its style and colours in it, to be saved as a file. */
  readonly standalone?: boolean | undefined;
  /** Deeper levels are folded beyond so many boxes. */
  readonly most?: number | undefined;
}

export interface Diagram {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** What is not shown. */
  readonly note?: string | undefined;
}

const MOST_BOXES = 140;
const WIDTH = 270;
const GAP = 118;
const PAD = 10;
const SIZE = 12;
const SMALL_SIZE = 10.5;
const LEADING = 16;
const SMALL_LEADING = 14;
const BETWEEN = 12;
const BETWEEN_STATEMENTS = 34;
const MARGIN = 24;
const MOST_LINES = 7;
const SIGN = 20;

type BoxKind = "criterion" | "statement" | "group" | "exception" | "waiver" | "guard";

/** A box before and after it has its place. */
interface Box {
  readonly kind: BoxKind;
  readonly address: string;
  readonly label: string;
  readonly words: string;
  readonly lines: readonly string[];
  readonly small: readonly string[];
  readonly outcome?: Outcome | undefined;
  readonly deciding: boolean;
  readonly line: number;
  readonly junction?: string | undefined;
  readonly children: readonly Box[];
  /** How many criteria are folded away below it. */
  readonly hidden: number;
  readonly depth: number;
  readonly height: number;
  x: number;
  y: number;
}

/** Draws the criteria of a policy. Broken parts are left out; nothing throws. */
export function diagram(analysis: Analysis, options: DiagramOptions = {}): Diagram {
  const drawing = drawingOf(analysis, options);
  const chosen = analysis.statements.filter((statement) => options.statement === undefined || statement.address === options.statement);
  const shown = chosen.slice(0, drawing.most);
  const boxes = shown.map((statement) => statementBox(drawing, statement));
  const title = [analysis.header.number, analysis.header.title].filter((part) => part !== undefined && part !== "").join("  ") || "Policy";
  const { explanation } = options;
  const subtitle = explanation === undefined ? "Criteria" : `Case “${explanation.case}”, ${explanation.on}: ${explanation.determination} — ${DETERMINATION_WORDS[explanation.determination]}`;
  let y = MARGIN + 62;
  let right = WIDTH;
  for (const box of boxes) {
    const size = place(box, MARGIN, y);
    y += size.height + BETWEEN_STATEMENTS;
    right = Math.max(right, size.right);
  }
  const width = Math.ceil(Math.max(right + MARGIN, textWidth(title, 16) + 2 * MARGIN, textWidth(subtitle, SIZE) + 2 * MARGIN));
  const height = Math.ceil(y + MARGIN);
  const note = noteOn(drawing, chosen.length - shown.length);
  const body = [
    `<text class="title" x="${MARGIN}" y="${MARGIN + 14}">${escapedHtml(title)}</text>`,
    `<text class="subtitle" x="${MARGIN}" y="${MARGIN + 34}">${escapedHtml(subtitle)}</text>`,
    ...(explanation === undefined ? [] : [`<text class="legend" x="${MARGIN}" y="${MARGIN + 52}">${Object.entries(SIGNS).map(([outcome, sign]) => `${sign} ${outcome}`).join("  ·  ")}  ·  bold frame: decides</text>`]),
    `<g class="edges" aria-hidden="true">${boxes.map(edges).join("")}</g>`,
    `<g class="nodes">${boxes.map((box) => drawn(box, explanation !== undefined)).join("\n")}</g>`,
    ...(note === undefined ? [] : [`<text class="legend" x="${MARGIN}" y="${height - 10}">${escapedHtml(note)}</text>`]),
  ].join("\n");
  const style = options.standalone === true ? `<style>${diagramStyle(true)}</style>\n<rect class="paper" width="${width}" height="${height}"/>\n` : "";
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" class="policy-diagram" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="diagram-title diagram-desc" font-family="'Segoe UI', 'Helvetica Neue', Helvetica, Arial, sans-serif">
<title id="diagram-title">${escapedHtml(`Logic of ${title}`)}</title>
<desc id="diagram-desc">${escapedHtml(`${subtitle}. ${shown.map((statement) => `Statement ${statement.address}`).join(", ")}.${note === undefined ? "" : ` ${note}`}`)}</desc>
${style}${body}
</svg>`;
  return { svg, width, height, title, note };
}

// ── From criteria to boxes ────────────────────────────────────────────────────────────────────────────────────────────
interface Drawing {
  readonly analysis: Analysis;
  readonly options: DiagramOptions;
  readonly outcomes: ReadonlyMap<number, Outcome>;
  readonly path: ReadonlySet<string>;
  readonly opened: ReadonlySet<string>;
  /** Criteria at this depth and deeper are folded. */
  readonly depth: number;
  readonly most: number;
  folds: number;
}

function drawingOf(analysis: Analysis, options: DiagramOptions): Drawing {
  const { explanation, most = MOST_BOXES, statement } = options;
  const outcomes = new Map<number, Outcome>();
  for (const each of explanation?.statements ?? []) {
    noteOutcomes(each.criterion, outcomes);
    if (each.applies === "not applicable" || each.applies === "not met") outcomes.set(each.criterion.range.start, "not applicable");
  }
  const wanted = analysis.criteria.filter((symbol) => statement === undefined || symbol.statement.address === statement);
  const perDepth: number[] = [];
  for (const symbol of wanted) perDepth[symbol.depth] = (perDepth[symbol.depth] ?? 0) + 1;
  let depth = 0;
  let count = 0;
  while (depth < perDepth.length && count + (perDepth[depth] ?? 0) <= most) count += perDepth[depth++] ?? 0;
  // The statements themselves are shown in any case.
  return { analysis, options, outcomes, path: new Set(explanation?.path), opened: new Set(options.opened), depth: Math.max(1, depth), most, folds: 0 };
}

function noteOutcomes(trace: CriterionTrace, outcomes: Map<number, Outcome>): void {
  outcomes.set(trace.range.start, trace.outcome);
  for (const condition of [...trace.exceptions, ...trace.waivers]) outcomes.set(condition.range.start, condition.outcome);
  for (const item of trace.items) noteOutcomes(item, outcomes);
}

function noteOn({ folds }: Drawing, left: number): string | undefined {
  const parts = [
    ...(folds > 0 ? [`${counted(folds, "box", "boxes")} ${folds === 1 ? "is" : "are"} folded, because the policy is large.`] : []),
    ...(left > 0 ? [`${counted(left, "statement")} more ${left === 1 ? "is" : "are"} not shown.`] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(" ");
}

function statementBox(drawing: Drawing, statement: StatementSymbol): Box {
  const symbol = drawing.analysis.criteria[statement.index]!;
  const scopes = statement.scopes.map((scope) => scopeText(drawing, scope));
  const { duration, quantities = [] } = statement.approval ?? {};
  const terms = [...(duration === undefined ? [] : [`Approved for ${duration.text}`]), ...quantities.map(({ text }) => `At most ${text}`)];
  return criterionBox(drawing, symbol, 0, "statement", [`Says: ${KIND_WORDS[statement.statement]}`, ...scopes, ...terms]);
}

const scopeText = ({ analysis }: Drawing, { node }: Scope): string => folded(analysis.text.slice(node.start, node.end));

const GROUP_KINDS: Readonly<Record<CriterionSymbol["role"], BoxKind>> = {
  criterion: "criterion", "condition group": "group", "exception group": "exception", "waiver group": "waiver", "guarded group": "guard",
};

function criterionBox(drawing: Drawing, symbol: CriterionSymbol, depth: number, kind: BoxKind, below: readonly string[] = []): Box {
  const { analysis } = drawing;
  const { node } = symbol;
  const words = node.kind === "criterion"
    ? criterionWords(analysis, node)
    : folded(analysis.text.slice(node.keyword.start, (node.combinator ?? node.keyword).end));
  const guards = symbol.role === "criterion" ? symbol.guards.map((guard) => `Only if ${conditionText(drawing, guard)}`) : [];
  const parts = [...symbol.items, ...symbol.conditionGroups, ...symbol.waiverGroups, ...symbol.exceptionGroups].sort((a, b) => a.index - b.index);
  const clauses = [...symbol.waivers.map((condition) => [condition, "waiver"] as const), ...symbol.exceptions.map((condition) => [condition, "exception"] as const)];
  const folds = depth + 1 >= drawing.depth && parts.length + clauses.length > 0 && !drawing.opened.has(symbol.address) && symbol.depth + 1 >= drawing.depth && isLarge(drawing);
  const hidden = folds ? sizeBelow(symbol) : 0;
  drawing.folds += hidden;
  const children = folds ? [] : [...parts.map((part) => criterionBox(drawing, part, depth + 1, GROUP_KINDS[part.role])), ...clauses.map(([condition, clause]) => clauseBox(drawing, symbol, condition, clause, depth + 1))];
  const { combination } = symbol;
  return box(drawing, {
    kind, depth, children, hidden,
    address: symbol.address,
    label: node.kind === "criterion" ? (node.label?.text ?? "").replace(/^[-*•]$/u, "•") : "",
    words,
    small: [...guards, ...below],
    at: node.kind === "criterion" ? node.start : node.keyword.start,
    deciding: symbol.role === "criterion" && drawing.path.has(symbol.address),
    junction: combination !== undefined && symbol.items.length > 0 ? `${combinationWords(combination.op, combination.count)}${combination.open ? " (open)" : ""}` : undefined,
  });
}

/** Folding is only for diagrams that would be too large. */
const isLarge = ({ analysis, options, most }: Drawing): boolean =>
  (options.statement === undefined ? analysis.criteria.length : analysis.criteria.filter((symbol) => symbol.statement.address === options.statement).length) > most;

function sizeBelow(symbol: CriterionSymbol): number {
  let count = symbol.waivers.length + symbol.exceptions.length;
  for (const part of [...symbol.items, ...symbol.conditionGroups, ...symbol.waiverGroups, ...symbol.exceptionGroups]) count += 1 + sizeBelow(part);
  return count;
}

const conditionText = ({ analysis }: Drawing, { source }: Condition): string => folded(analysis.text.slice(source.start, source.end));

function clauseBox(drawing: Drawing, symbol: CriterionSymbol, condition: Condition, kind: "waiver" | "exception", depth: number): Box {
  const words = `${kind === "exception" ? "unless" : "waived when"} ${conditionText(drawing, condition)}`;
  return box(drawing, { kind, depth, words, children: [], hidden: 0, address: symbol.address, label: "", small: [], at: condition.source.start, deciding: false });
}

interface BoxParts extends Pick<Box, "kind" | "depth" | "children" | "hidden" | "address" | "label" | "words" | "small" | "deciding"> {
  readonly at: number;
  readonly junction?: string | undefined;
}

function box(drawing: Drawing, { at, ...parts }: BoxParts): Box {
  const width = WIDTH - 2 * PAD - (drawing.options.explanation === undefined ? 0 : SIGN);
  const first = parts.label === "" ? parts.words : `${parts.label} ${parts.words}`;
  const lines = textLines(first, width, SIZE, MOST_LINES);
  const small = parts.small.flatMap((text) => textLines(text, WIDTH - 2 * PAD, SMALL_SIZE, 3));
  return {
    ...parts,
    lines,
    small,
    outcome: drawing.outcomes.get(at),
    line: positionAt(drawing.analysis.lines, at).line,
    height: 2 * PAD - 2 + Math.max(1, lines.length) * LEADING + (small.length > 0 ? 4 + small.length * SMALL_LEADING : 0),
    x: 0,
    y: 0,
  };
}

// ── Layout ────────────────────────────────────────────────────────────────────────────────────────────────────────────
/** Places a box and what is below it to the right of it; a box stands beside the first of its items. */
function place(box: Box, x: number, y: number): { readonly height: number; readonly right: number } {
  box.x = x;
  box.y = y;
  let below = 0;
  let right = x + WIDTH + (box.hidden > 0 ? GAP : 0);
  for (const child of box.children) {
    const size = place(child, x + WIDTH + GAP, y + below);
    below += size.height + BETWEEN;
    right = Math.max(right, size.right);
  }
  return { height: Math.max(box.height, below - BETWEEN), right };
}

const middleOf = (box: Box): number => Math.round(box.y + PAD + LEADING / 2 - 1);

function edges(box: Box): string {
  const { children } = box;
  if (children.length === 0) return "";
  const from = box.x + WIDTH;
  const trunk = from + GAP - 22;
  const start = middleOf(box);
  const last = middleOf(children[children.length - 1]!);
  const stem = `<path class="edge" d="M${from} ${start}H${trunk}${last === start ? "" : `V${last}`}"/>`;
  return stem + children.map((child) => `<path class="edge ${child.kind}" d="M${trunk} ${middleOf(child)}H${child.x}"/>${edges(child)}`).join("");
}

// ── Drawing ───────────────────────────────────────────────────────────────────────────────────────────────────────────
function drawn(box: Box, marked: boolean): string {
  const outcome = marked ? (box.outcome ?? "not applicable") : undefined;
  const said = [box.label === "" ? "" : box.address, box.words, outcome, box.junction === undefined ? "" : `${box.junction} ${counted(box.children.length + box.hidden, "item")}`, box.deciding ? "decides" : "", box.hidden > 0 ? `${box.hidden} folded` : ""].filter((part) => part !== undefined && part !== "").join(", ");
  const classes = ["node", box.kind, ...(outcome === undefined ? [] : [`is-${outcome.replace(/ /gu, "-")}`]), ...(box.deciding ? ["deciding"] : [])].join(" ");
  const text = box.lines.map((line, i) => `<tspan x="${box.x + PAD}" y="${box.y + PAD + 11 + i * LEADING}">${i === 0 && box.label !== "" && line.startsWith(box.label) ? `<tspan class="label">${escapedHtml(box.label)}</tspan>${escapedHtml(line.slice(box.label.length))}` : escapedHtml(line)}</tspan>`).join("");
  const top = box.y + PAD + 11 + Math.max(1, box.lines.length) * LEADING + 2;
  const small = box.small.length === 0 ? "" : `<text class="small">${box.small.map((line, i) => `<tspan x="${box.x + PAD}" y="${top + i * SMALL_LEADING}">${escapedHtml(line)}</tspan>`).join("")}</text>`;
  const sign = outcome === undefined ? "" : `<text class="sign" x="${box.x + WIDTH - PAD - 4}" y="${box.y + PAD + 12}" text-anchor="middle">${SIGNS[outcome]}</text>`;
  return `<g class="${classes}" data-line="${box.line}" data-address="${escapedHtml(box.address)}" data-depth="${box.depth}"${box.hidden > 0 ? ' data-folded="true"' : ""} aria-label="${escapedHtml(said)}"><title>${escapedHtml(`${box.label === "" ? "" : `${box.address}: `}${box.words}${outcome === undefined ? "" : ` (${outcome})`}`)}</title>`
    + `<rect class="box" x="${box.x}" y="${box.y}" width="${WIDTH}" height="${box.height}" rx="${box.kind === "criterion" || box.kind === "statement" ? 4 : 12}"/><text>${text}</text>${small}${sign}${junction(box)}</g>`
    + (box.children.length === 0 ? "" : `\n${box.children.map((child) => drawn(child, marked)).join("\n")}`);
}

/** How the items decide, on the line that leads to them; or how many are folded away. */
function junction(box: Box): string {
  const text = box.hidden > 0 ? `+ ${box.hidden} more` : box.children.length > 0 ? box.junction : undefined;
  if (text === undefined) return "";
  const width = Math.min(GAP - 30, textWidth(text, SMALL_SIZE) + 14);
  const x = box.x + WIDTH + 8;
  const y = middleOf(box);
  return `<g class="junction${box.hidden > 0 ? " folded" : ""}"><rect x="${x}" y="${y - 9}" width="${Math.round(width)}" height="18" rx="9"/><text x="${x + Math.round(width) / 2}" y="${y + 4}" text-anchor="middle">${escapedHtml(text)}</text></g>`;
}

