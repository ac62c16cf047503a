// Defects that writers make, injected into good policies at random places: the kinds of the mutation test, and policies to inject into.
import { type LintedPolicy, lintedPolicy, type ProseRole, type Stretch } from "../../server/src/lint/policy.js";
import { ordinal, schemeOf, segmentAt } from "../../server/src/semantics/labels.js";
import type { Analysis, CriterionSymbol, FactSymbol } from "../../server/src/semantics/model.js";
import * as A from "../../server/src/syntax/ast.js";
import { folded, positionAt, type Range } from "../../server/src/text.js";
import { seeded } from "./random.js";

// ── Randomness ────────────────────────────────────────────────────────────────────────────────────────────────────────
/** A stream of numbers that is the same in every run. */
export interface Random {
  below(limit: number): number;
  pick<T>(list: readonly T[]): T;
}

/** The generator mulberry32, seeded with a text. */
export function randomOf(seed: string): Random {
  let state = 0x811c9dc5;
  for (const unit of seed) state = Math.imul(state ^ unit.charCodeAt(0), 0x01000193);
  const next = seeded(state);
  const below = (limit: number): number => Math.floor(next() * limit);
  return { below, pick: (list) => list[below(list.length)]! };
}

/** The day on which the policies are looked at. */
export const TODAY = "2026-11-23";

// ── Mutations ─────────────────────────────────────────────────────────────────────────────────────────────────────────
export interface TextEdit extends Range {
  readonly text: string;
}

/** A text with one defect more than before. */
export interface Mutation {
  readonly text: string;
  /** Lint rules or diagnostics one of which finds it. */
  readonly expects: readonly string[];
  /** The lines that changed, and other places at which it may be found, in the mutated text. */
  readonly at: readonly Range[];
  /** Where an offset of the text before has gone to; undefined where its stretch was replaced. */
  readonly moved: (offset: number) => number | undefined;
}
export type Mutator = (text: string, analysis: Analysis, random: Random) => Mutation | undefined;

/** A kind of defect. */
export interface DefectKind {
  readonly name: string;
  readonly expects: readonly string[];
  readonly mutate: Mutator;
}

/** Edits that make the defect, and places of the unmutated text, beside the edits, where it may be found. */
interface Draft {
  readonly edits: readonly TextEdit[];
  readonly near?: readonly Range[];
}

/** Declares a kind by the places where it can be injected and what is done at one of them. */
function kind<T>(name: string, expects: string | readonly string[], sites: (policy: LintedPolicy) => readonly T[], inject: (site: T, policy: LintedPolicy, random: Random) => Draft | undefined): DefectKind {
  const ids = typeof expects === "string" ? [expects] : expects;
  return {
    name,
    expects: ids,
    mutate(text, analysis, random) {
      const policy = policyOf(analysis);
      const places = policy.once(sites);
      if (places.length === 0) return undefined;
      const draft = inject(random.pick(places), policy, random);
      return draft === undefined || draft.edits.length === 0 ? undefined : applyDraft(text, draft, ids);
    },
  };
}

function applyDraft(text: string, { edits, near = [] }: Draft, expects: readonly string[]): Mutation {
  const ordered = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  let whole = "";
  let done = 0;
  const changed: Range[] = [];
  for (const edit of ordered) {
    whole += text.slice(done, edit.start);
    changed.push({ start: whole.length, end: whole.length + edit.text.length });
    whole += edit.text;
    done = edit.end;
  }
  whole += text.slice(done);
  // Where a place has gone to; one in a replaced stretch to its beginning.
  const shifted = (offset: number): number => ordered.reduce((at, edit) => (offset >= edit.end && offset > edit.start ? at + edit.text.length - (edit.end - edit.start) : offset > edit.start ? at + edit.start - offset : at), offset);
  const moved = (offset: number): number | undefined => (ordered.some((edit) => edit.start < offset && offset < edit.end) ? undefined : shifted(offset));
  const around = ({ start, end }: Range): Range => ({ start: whole.lastIndexOf("\n", start - 1) + 1, end: lineEnd(whole, end) });
  const kept = near.map(({ start, end }) => ({ start: shifted(start), end: shifted(end) }));
  return { text: whole, expects, at: [...changed.map(around), ...kept], moved };
}

const POLICIES = new WeakMap<Analysis, LintedPolicy>();
function policyOf(analysis: Analysis): LintedPolicy {
  let policy = POLICIES.get(analysis);
  if (policy === undefined) POLICIES.set(analysis, policy = lintedPolicy({ analysis, cases: analysis.cases, today: 0, words: new Set(), active: new Set(), known: new Set() }, []));
  return policy;
}

// ── Places ────────────────────────────────────────────────────────────────────────────────────────────────────────────
const lineStart = (text: string, offset: number): number => text.lastIndexOf("\n", offset - 1) + 1;
function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end;
}
/** Whole lines of a range with their last line break. */
const linesOf = (text: string, { start, end }: Range): Range => ({ start: lineStart(text, start), end: Math.min(text.length, lineEnd(text, end) + 1) });
const insert = (at: number, text: string): TextEdit => ({ start: at, end: at, text });
const replace = ({ start, end }: Range, text: string): TextEdit => ({ start, end, text });
const column = (policy: LintedPolicy, offset: number): number => positionAt(policy.analysis.lines, offset).character;

interface Match extends Range {
  readonly stretch: Stretch;
  readonly words: string;
  readonly groups: readonly (string | undefined)[];
}

/** Where an expression matches prose of some roles; comments are blanked out. */
function matches(policy: LintedPolicy, expression: RegExp, ...roles: readonly ProseRole[]): readonly Match[] {
  return policy.prose(...roles).flatMap((stretch) => [...stretch.text.matchAll(expression)].map((match) => ({
    stretch, words: match[0], groups: match, start: stretch.start + match.index, end: stretch.start + match.index + match[0].length,
  })));
}
/** Prose that is the writer's own sentences; references quote others. */
const OWN: readonly ProseRole[] = ["paragraph", "criterion", "note", "footnote", "revision"];

/** The criterion as labelled in the text, with its node. */
const nodeOf = (symbol: CriterionSymbol): A.Criterion | undefined => (symbol.node.kind === "criterion" ? symbol.node : undefined);
const isLeaf = (symbol: CriterionSymbol): boolean => symbol.role === "criterion" && symbol.parent !== undefined && symbol.items.length === 0 && nodeOf(symbol)?.prose !== undefined;
const opOf = (symbol: CriterionSymbol): string | undefined => symbol.combination?.op;
const plain = (symbol: CriterionSymbol): boolean =>
  symbol.conditions.length + symbol.conditionGroups.length + symbol.exceptions.length + symbol.exceptionGroups.length + symbol.waivers.length + symbol.waiverGroups.length + symbol.guards.length === 0;

/** The outermost list into which a list of the same combinator dissolves. */
function dissolved(list: CriterionSymbol): CriterionSymbol {
  const { parent } = list;
  return parent !== undefined && list.role === "criterion" && plain(list) && opOf(parent) === opOf(list) ? dissolved(parent) : list;
}

/** The label that follows the last of a list, in the form of that one. */
function nextLabel(list: CriterionSymbol, ahead = 1): string | undefined {
  const labels = list.items.map((item) => nodeOf(item)?.label);
  const last = labels.at(-1);
  if (last === undefined) return undefined;
  if (last.segment === "") return last.text;
  const segments = labels.map((label) => label?.segment ?? "");
  const scheme = schemeOf(segments);
  const place = scheme && ordinal(last.segment, scheme);
  return scheme === undefined || place === undefined ? undefined : last.text.replace(last.segment, segmentAt(place + ahead, scheme));
}

/** The lines of a criterion under another label and at another depth. */
function relabelled(policy: LintedPolicy, node: A.Criterion, label: string, indentation: number, prose?: string): string {
  const from = column(policy, node.start);
  const end = node.prose!.connector?.start ?? node.prose!.end;
  const words = prose ?? policy.text.slice(node.prose!.start, end).trimEnd().replace(/[;,]$/u, "");
  const rest = policy.text.slice(node.prose!.end, node.end);
  const shifted = `${label} ${words}${rest}`.split("\n").map((line, i) => (i === 0 ? " ".repeat(indentation) + line : " ".repeat(Math.max(0, /^ */u.exec(line)![0].length + indentation - from)) + line.trimStart()));
  return `${shifted.join("\n")}\n`;
}

interface CopySite { readonly leaf: CriterionSymbol; readonly list: CriterionSymbol }

/** Leaves, each with a list in which a copy of it would say the same thing again. */
function copySites(policy: LintedPolicy): readonly CopySite[] {
  const lists = plainLists(policy).filter((list) => list.items.every((item) => nodeOf(item) !== undefined));
  const leaves = policy.criteria.filter((leaf) => isLeaf(leaf) && leaf.guards.length === 0 && lists.includes(leaf.parent!));
  return leaves.flatMap((leaf) => lists.filter((list) => list.statement === leaf.statement && dissolved(list) === dissolved(leaf.parent!)).map((list) => ({ leaf, list })));
}
const computedCopySites = (policy: LintedPolicy): readonly CopySite[] => policy.once(copySites).filter(({ leaf }) => leaf.conditions.length > 0);

function copy({ leaf, list }: CopySite, policy: LintedPolicy, prose?: string): Draft | undefined {
  const last = nodeOf(list.items.at(-1)!)!;
  const label = nextLabel(list);
  if (label === undefined) return undefined;
  const at = linesOf(policy.text, last).end;
  return { edits: [insert(at, relabelled(policy, nodeOf(leaf)!, label, column(policy, last.start), prose))], near: [leaf.node] };
}

// ── Labels ────────────────────────────────────────────────────────────────────────────────────────────────────────────
interface LabelSite { readonly list: CriterionSymbol; readonly at: number; readonly label: A.Label }
const labelSites = (policy: LintedPolicy): readonly LabelSite[] =>
  policy.analysis.criteria.filter((list) => list.items.length > 1 && list.items.every((item) => nodeOf(item)?.label?.segment)).flatMap((list) => list.items.map((item, at) => ({ list, at, label: nodeOf(item)!.label! })));
const relabel = (label: A.Label, segment: string): TextEdit => replace(label, label.text.replace(label.segment, segment));

// ── Numbers in prose and condition ────────────────────────────────────────────────────────────────────────────────────
const WORDS: Readonly<Record<string, { readonly op: A.CompareOp; readonly flips: readonly string[] }>> = {
  "<": { op: "<", flips: ["≤", ">"] }, "≤": { op: "<=", flips: ["<", "≥"] }, ">": { op: ">", flips: ["≥", "<"] }, "≥": { op: ">=", flips: [">", "≤"] },
  "at least": { op: ">=", flips: ["more than", "at most"] }, "at most": { op: "<=", flips: ["less than", "at least"] },
  "more than": { op: ">", flips: ["at least", "less than"] }, "less than": { op: "<", flips: ["at most", "more than"] },
  "no more than": { op: "<=", flips: ["less than", "more than"] }, "no less than": { op: ">=", flips: ["more than", "at most"] },
};
const COMPARED = /(?:≤|≥|<|>|\b(?:no more than|no less than|at least|at most|more than|less than))(\s*)(\d+(?:\.\d+)?)(?![\d.]*\d)/giu;
const MIRRORED: Readonly<Record<string, A.CompareOp>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!=" };

/** What the conditions of a criterion compare with a figure: `>= 18`. */
function comparisons(node: A.Criterion): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (each: A.Node): void => {
    if (each.kind === "not") return;
    if (each.kind === "compare") {
      if (each.right.kind === "quantity") found.add(`${each.op} ${each.right.value}`);
      if (each.left.kind === "quantity") found.add(`${MIRRORED[each.op]!} ${each.left.value}`);
    }
    if (each.kind === "quantified") found.add(`${each.op} ${each.count}`);
    if (each.kind === "distance" && each.length.kind === "quantity") found.add(`${each.op} ${each.length.value}`);
    if (each.kind === "within" && each.length.kind === "quantity") found.add(`within ${each.length.value}`);
    for (const child of A.children(each)) visit(child);
  };
  for (const entry of node.body) if ((entry.kind === "when" || entry.kind === "if") && entry.condition !== undefined) visit(entry.condition);
  return found;
}

interface FigureSite { readonly words: string; readonly operator: Range; readonly figure: Range; readonly node: A.Criterion }

/** Comparisons of prose that the condition of the same criterion makes with the same figure. */
function comparedSites(policy: LintedPolicy): readonly FigureSite[] {
  return matches(policy, COMPARED, "criterion").flatMap(({ stretch, words, groups, start, end }) => {
    const node = stretch.node as A.Criterion;
    const figure = groups[2]!;
    const operator = words.slice(0, words.length - figure.length - groups[1]!.length);
    const known = WORDS[operator.toLowerCase()];
    if (known === undefined || !comparisons(node).has(`${known.op} ${Number(figure)}`)) return [];
    return [{ words: operator, operator: { start, end: start + operator.length }, figure: { start: end - figure.length, end }, node }];
  });
}

/** Figures of prose that the condition of the same criterion has as well. */
function figureSites(policy: LintedPolicy): readonly FigureSite[] {
  const windows = matches(policy, /\bwithin the past (\d+)\b/giu, "criterion").flatMap(({ stretch, words, groups, start, end }) => {
    const node = stretch.node as A.Criterion;
    return comparisons(node).has(`within ${Number(groups[1])}`) ? [{ words, operator: { start, end: start }, figure: { start: end - groups[1]!.length, end }, node }] : [];
  });
  return [...policy.once(comparedSites), ...windows];
}

const flipped = (words: string, random: Random): string => {
  const other = random.pick(WORDS[words.toLowerCase()]!.flips);
  return /^[A-Z]/u.test(words) ? other[0]!.toUpperCase() + other.slice(1) : other;
};
const changedFigure = (figure: string, random: Random): string => (figure.includes(".") ? (Number(figure) + random.pick([0.5, 1])).toFixed(2).replace(/0$/u, "") : String(Number(figure) + random.pick([1, 2, 5, 10])));

// ── Conditions ────────────────────────────────────────────────────────────────────────────────────────────────────────
interface ConditionSite { readonly clause: A.ConditionClause; readonly condition: A.Expr }
const conditionSites = (policy: LintedPolicy): readonly ConditionSite[] =>
  policy.criteria.flatMap((symbol) => nodeOf(symbol)!.body.flatMap((entry) => (entry.kind === "when" && entry.condition !== undefined && entry.inline === undefined ? [{ clause: entry, condition: entry.condition }] : [])));

const SCALAR = new Set(["number", "choice", "yes/no"]);
function scalarFact(policy: LintedPolicy, random: Random, kinds: ReadonlySet<string> = SCALAR): FactSymbol | undefined {
  const facts = [...policy.analysis.facts.values()].filter((fact) => kinds.has(fact.type.kind) && (fact.type.kind !== "choice" || fact.type.choices.length > 1));
  return facts.length === 0 ? undefined : random.pick(facts);
}
const quantity = (fact: FactSymbol, value: number): string => `${value}${fact.node.type?.unit === undefined ? "" : ` ${fact.node.type.unit.text}`}`;

/** Two figures within the limits of a fact. */
function figuresOf(fact: FactSymbol): readonly [string, string] {
  const { from = 0, to = 40 } = fact.type as { readonly from?: number; readonly to?: number };
  const low = from + (to - from) / 4;
  const high = from + ((to - from) * 3) / 4;
  return [quantity(fact, low), quantity(fact, high)];
}

/** A condition that nothing meets. */
function contradiction(fact: FactSymbol, random: Random): string {
  if (fact.type.kind === "yes/no") return `${fact.name} and not ${fact.name}`;
  if (fact.type.kind === "choice") return `${fact.name} is ${fact.type.choices[0]!} and ${fact.name} is ${fact.type.choices[1]!}`;
  const [low, high] = figuresOf(fact);
  return random.pick([`${fact.name} < ${low} and ${fact.name} > ${high}`, `${fact.name} <= ${low} and ${fact.name} >= ${high}`, `${fact.name} < ${low} and ${fact.name} >= ${low}`]);
}

/** A condition that everything meets. */
function tautology(fact: FactSymbol, random: Random): string {
  if (fact.type.kind === "yes/no") return `${fact.name} or not ${fact.name}`;
  if (fact.type.kind === "choice") return `${fact.name} is ${fact.type.choices[0]!} or ${fact.name} is not ${fact.type.choices[0]!}`;
  const [low, high] = figuresOf(fact);
  return random.pick([`${fact.name} >= ${low} or ${fact.name} < ${low}`, `${fact.name} > ${low} or ${fact.name} < ${high}`, `${fact.name} <= ${high} or ${fact.name} > ${high}`]);
}

// ── Bands ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
interface BandSite { readonly below: A.Compare; readonly above: A.Compare; readonly near: readonly Range[] }

/** Guards of one list that divide a fact at one figure: `if age < 2 years`, `if age >= 2 years`. */
function bandSites(policy: LintedPolicy): readonly BandSite[] {
  return policy.analysis.criteria.flatMap((list) => {
    const bounds = list.items.flatMap((item) => guardsOf(item).flatMap((guard) => comparesOf(guard).map((compare) => ({ compare, guard }))));
    return bounds.flatMap((low) => bounds.filter((high) => low.guard !== high.guard && sameFact(low.compare, high.compare)
      && ((low.compare.op === "<" && high.compare.op === ">=") || (low.compare.op === "<=" && high.compare.op === ">")))
      .map((high) => ({ below: low.compare, above: high.compare, near: [low.guard, high.guard] })));
  });
}
function guardsOf(item: CriterionSymbol): readonly A.Expr[] {
  if (item.node.kind === "if") return item.node.condition === undefined ? [] : [item.node.condition];
  return item.node.kind === "criterion" ? item.node.body.flatMap((entry) => (entry.kind === "if" && entry.condition !== undefined ? [entry.condition] : [])) : [];
}
function comparesOf(condition: A.Expr): readonly A.Compare[] {
  const parts = condition.kind === "and" ? condition.operands : [condition];
  return parts.filter((part): part is A.Compare => part.kind === "compare" && part.left.kind === "name" && part.right.kind === "quantity");
}
const sameFact = (a: A.Compare, b: A.Compare): boolean => (a.left as A.Name).text === (b.left as A.Name).text && (a.right as A.Quantity).value === (b.right as A.Quantity).value;
const boundBy = (compare: A.Compare, by: number): TextEdit => {
  const { start, text, value } = compare.right as A.Quantity;
  return { start, end: start + text.length, text: String(value + by) };
};

// ── References ────────────────────────────────────────────────────────────────────────────────────────────────────────
const PAGES = /(?<=[:])([A-Za-z]?\d+)-([A-Za-z]?\d+)(?=\.)/gu;
const DOI = /\b(doi:)(10\.\d{4,9})(\/)(\S+)/gu;
const ACCESSED = /\s+Accessed\s+[^.]+\./gu;
const LINK = /https?:\/\/[^\s/]+\/\S+/gu;
const textOf = (policy: LintedPolicy, range: Range): string => policy.text.slice(range.start, range.end);
const inReference = (expression: RegExp) => (policy: LintedPolicy): readonly Match[] => matches(policy, expression, "reference");
const withoutSpaceBefore = (policy: LintedPolicy, { start, end }: Range): TextEdit => ({ start: start - /\s*$/u.exec(policy.text.slice(0, start))![0].length, end, text: "" });

/** References that one citation alone cites, with that citation. */
function lonelyCitations(policy: LintedPolicy): readonly { readonly reference: A.Reference; readonly citation: A.Citation; readonly number: A.CitedNumber }[] {
  return policy.references.flatMap((reference) => {
    const cited = policy.citations.flatMap((citation) => citation.numbers.filter((number) => number.from <= reference.number && reference.number <= number.to).map((number) => ({ reference, citation, number })));
    return cited.length === 1 && cited[0]!.number.from === cited[0]!.number.to ? cited : [];
  });
}

/** Citations, one after the other, that are the first of one reference each; none where the order is wrong to begin with. */
function firstCitations(policy: LintedPolicy): readonly (readonly [A.Citation, A.Citation])[] {
  const first = new Map<number, A.Citation>();
  for (const citation of policy.citations) {
    for (const { from, to } of citation.numbers) for (let number = from; number <= to; number++) if (!first.has(number)) first.set(number, citation);
  }
  if ([...first.keys()].some((number, i) => number !== i + 1)) return [];
  const single = ({ numbers }: A.Citation): boolean => numbers.length === 1 && numbers[0]!.from === numbers[0]!.to;
  const citations = [...first.values()];
  return citations.slice(1).flatMap((second, i) => (single(citations[i]!) && single(second) ? [[citations[i]!, second] as const] : []));
}

// ── Codes and marks ───────────────────────────────────────────────────────────────────────────────────────────────────
const isoOf = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);
/** Adds a status to a code row. */
function withStatus(policy: LintedPolicy, row: A.CodeRow, status: string): TextEdit {
  const end = row.start + textOf(policy, row).trimEnd().length;
  const any = row.effective ?? row.ended ?? row.replacedBy[0] ?? row.appliesTo[0];
  return insert(end, any === undefined ? `  ${status}` : `, ${status}`);
}
const footnotes = (policy: LintedPolicy): readonly A.FootNote[] => policy.analysis.document.sections.flatMap((section) => (section.kind === "notes" ? section.notes.filter((note) => note.mark !== undefined) : []));
const markedRows = (policy: LintedPolicy, note: A.FootNote): readonly A.CodeRow[] => policy.rows.filter((row) => row.mark?.text === note.mark!.text);

// ── Words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
/** Whole words of the writer's own prose, in small letters. */
const plainWords = (least: number) => {
  const expression = new RegExp(String.raw`(?<![\p{L}\p{N}.'’/-])\p{Ll}{${least},}(?![\p{L}\p{N}'’/-])`, "gu");
  return (policy: LintedPolicy): readonly Match[] => matches(policy, expression, ...OWN);
};
const longWords = plainWords(7);
const shortWords = (policy: LintedPolicy): readonly Match[] => plainWords(2)(policy).filter(({ words }) => !RIGHT_TWICE.has(words));
/** A line that begins with one of these is no continuation of prose. */
const KEYWORDS: ReadonlySet<string> = new Set(["when", "unless", "except", "waived", "if", "note", "applies"]);
/** Words that good English may write twice in a row. */
const RIGHT_TWICE: ReadonlySet<string> = new Set(["had", "that", "is", "do", "so", "her", "his", "very", "many", "long", "out", "no"]);

/** American spellings with the British ones; the beginning of a word is enough. */
const SPELLINGS: readonly (readonly [string, string])[] = [
  ["tumor", "tumour"], ["center", "centre"], ["randomized", "randomised"], ["pediatric", "paediatric"], ["esophag", "oesophag"], ["anesthesia", "anaesthesia"], ["hemorrhage", "haemorrhage"],
  ["hypoxemia", "hypoxaemia"], ["ischemi", "ischaemi"], ["anemia", "anaemia"], ["diarrhea", "diarrhoea"], ["color", "colour"], ["fiber", "fibre"], ["optimize", "optimise"], ["hospitalized", "hospitalised"],
  ["edema", "oedema"], ["leukemia", "leukaemia"], ["gynecolog", "gynaecolog"], ["orthopedic", "orthopaedic"], ["glycemi", "glycaemi"], ["labor", "labour"],
];
interface SpellingSite { readonly match: Match; readonly british: string; readonly others: readonly Range[] }
const spellingSites = (policy: LintedPolicy): readonly SpellingSite[] => SPELLINGS.flatMap(([american, british]) => {
  const found = matches(policy, new RegExp(String.raw`\b${american}`, "giu"), "paragraph", "criterion", "note", "footnote");
  return found.length < 2 ? [] : found.map((match) => ({ match, british, others: found.filter((other) => other !== match) }));
});

/** Compounds written with a hyphen several times. */
function hyphenSites(policy: LintedPolicy): readonly { readonly match: Match; readonly others: readonly Match[] }[] {
  const byWord = new Map<string, Match[]>();
  for (const match of matches(policy, /(?<![\p{L}\p{N}-])\p{L}{2,}-\p{Ll}{3,}(?![\p{L}\p{N}-])/gu, "paragraph", "criterion", "note", "footnote")) byWord.set(match.words.toLowerCase(), [...(byWord.get(match.words.toLowerCase()) ?? []), match]);
  return [...byWord.values()].filter((found) => found.length > 1).flatMap((found) => found.map((match) => ({ match, others: found.filter((other) => other !== match) })));
}

// ── Abbreviations ─────────────────────────────────────────────────────────────────────────────────────────────────────
interface AbbreviationSite {
  readonly short: string;
  /** "long form (ABC)" and the part in parentheses. */
  readonly whole: Range;
  readonly bracket: Range;
  readonly uses: readonly Range[];
}

/** Abbreviations that are spelled out once and used later on. */
function abbreviationSites(policy: LintedPolicy): readonly AbbreviationSite[] {
  const roles: readonly ProseRole[] = ["paragraph", "criterion", "note", "footnote"];
  return matches(policy, /\((\p{Lu}[\p{L}\d]{1,8})\)/gu, ...roles).flatMap((bracket) => {
    const short = bracket.groups[1]!;
    const elsewhere = matches(policy, new RegExp(String.raw`(?<![\p{L}\p{N}(-])${short}(?![\p{L}\p{N})])`, "gu"), ...roles);
    const long = longForm(policy.text.slice(bracket.stretch.start, bracket.start), short);
    if (KNOWN_TO_ALL.has(short) || !/\p{Lu}.*\p{Lu}/u.test(short) || long === undefined || policy.text.split(`(${short})`).length !== 2 || elsewhere.length === 0 || elsewhere.some((use) => use.start < bracket.start)) return [];
    return [{ short, whole: { start: bracket.start - long, end: bracket.end }, bracket, uses: elsewhere }];
  });
}
/** Abbreviations that every reader knows, so that a policy need not spell them out. */
const KNOWN_TO_ALL: ReadonlySet<string> = new Set(["CT", "MRI", "HbA1c"]);
/** How many characters before the parenthesis spell the abbreviation out. */
function longForm(before: string, short: string): number | undefined {
  const words = [...before.matchAll(/\S+/gu)].slice(-short.length - 2);
  const first = words.findLast((word) => word[0][0]!.toLowerCase() === short[0]!.toLowerCase());
  return first === undefined ? undefined : before.length - first.index;
}

// ── The kinds ─────────────────────────────────────────────────────────────────────────────────────────────────────────
const headerDate = (policy: LintedPolicy, key: "revised" | "approved" | "effective"): A.DateValue | undefined => policy.analysis.header.fields.get(key)?.date;
/** Revisions with both of their dates. */
const adopted = (policy: LintedPolicy): readonly { readonly revision: A.Revision; readonly approved: A.DateValue; readonly effective: A.DateValue }[] => policy.revisions.flatMap((revision) => {
  const { approved, effective } = revision;
  return approved?.day === undefined || effective?.day === undefined ? [] : [{ revision, approved, effective }];
});
const latest = (policy: LintedPolicy): readonly A.Revision[] => policy.revisions.slice(-1);
/** Where the words of a stretch end. */
const wordsEnd = (policy: LintedPolicy, range: Range): number => range.start + textOf(policy, range).trimEnd().length;
const proseEnd = (policy: LintedPolicy, node: { readonly prose?: Range | undefined }): number => wordsEnd(policy, node.prose!);
/** Adds one of some sentences to a stretch of prose. */
const says = (...sentences: readonly string[]) => (stretch: Stretch, policy: LintedPolicy, random: Random): Draft => ({ edits: [insert(wordsEnd(policy, stretch), ` ${random.pick(sentences)}`)], near: [stretch] });
/** Takes one of the two marks around words away. */
const withoutOneMark = ({ start, end, stretch }: Match, _: LintedPolicy, random: Random): Draft => ({
  edits: [random.pick([{ start, end: start + 1, text: "" }, { start: end - 1, end, text: "" }])], near: [stretch],
});
const announces = (list: CriterionSymbol, ...ops: readonly string[]): boolean => ops.includes(opOf(list) ?? "");
/** Lists of which all or any items are asked for. */
const plainLists = (policy: LintedPolicy): readonly CriterionSymbol[] => policy.analysis.criteria.filter((list) => list.role === "criterion" && list.items.length > 1 && announces(list, "any", "all"));
/** Code rows that say nothing of when the code is valid. */
const undatedRows = (policy: LintedPolicy): readonly A.CodeRow[] => policy.rows.filter((row) => row.ended === undefined && row.effective === undefined && row.code !== undefined);
const headerField = (policy: LintedPolicy, key: "effective" | "next review"): readonly A.HeaderField[] => [policy.analysis.header.fields.get(key)].filter((field) => field !== undefined);
/** What the kinds have a copied criterion say. */
const OTHER_WORDS = "As the record of the last visit shows";
const whole = (policy: LintedPolicy): readonly LintedPolicy[] => [policy];
/** Criteria, notes and footnotes, above which a comment may stand. */
const commentSites = (policy: LintedPolicy): readonly Range[] => policy.criteria.map((symbol) => symbol.node);
const comment = (words: string) => (node: Range, policy: LintedPolicy): Draft => ({ edits: [insert(lineStart(policy.text, node.start), `${" ".repeat(column(policy, node.start))}# ${words}\n`)] });

/** Every kind of defect that is injected, with the lint rules or diagnostics that find it. */
export const DEFECTS: readonly DefectKind[] = [
  // Logic
  kind("a criterion is copied into a list that decides the same", "duplicate-criterion", copySites, (site, policy) => copy(site, policy)),
  kind("a criterion is copied with other words", ["duplicate-condition", "duplicate-criterion"], computedCopySites, (site, policy) => copy(site, policy, OTHER_WORDS)),
  kind("a criterion is narrower than another of its list", "subsumed-criterion", (policy) => policy.once(computedCopySites).filter(({ leaf, list }) => (
    leaf.parent === list && announces(list, "any") && leaf.conditions.length === 1 && leaf.exceptions.length + leaf.exceptionGroups.length === 0
  )), (site, policy, random) => {
    const fact = scalarFact(policy, random, new Set(["yes/no"]));
    const draft = copy(site, policy, OTHER_WORDS);
    if (fact === undefined || draft === undefined || new RegExp(String.raw`\b${fact.name}\b`, "u").test(textOf(policy, site.leaf.node))) return undefined;
    return { ...draft, edits: draft.edits.map((edit) => ({ ...edit, text: edit.text.replace(/\bwhen ([\s\S]+)\n$/u, `when ($1) and ${fact.name}\n`) })) };
  }),
  kind("a condition can never hold", "condition-never-holds", conditionSites, ({ condition }, policy, random) => {
    const fact = scalarFact(policy, random);
    return fact && { edits: [insert(condition.start, "("), insert(condition.end, `) and ${contradiction(fact, random)}`)] };
  }),
  kind("a condition always holds", "condition-always-holds", conditionSites, ({ condition }, policy, random) => {
    const fact = scalarFact(policy, random);
    return fact && { edits: [insert(condition.start, "("), insert(condition.end, `) or ${tautology(fact, random)}`)] };
  }),
  kind("a comparison of the prose is turned", "prose-condition-mismatch", comparedSites, ({ words, operator, node }, _, random) => ({
    edits: [replace(operator, flipped(words, random))], near: [node],
  })),
  kind("a figure of the prose is changed", "prose-condition-mismatch", figureSites, ({ figure, node }, policy, random) => ({
    edits: [replace(figure, changedFigure(textOf(policy, figure), random))], near: [node],
  })),
  kind("bands leave out the figure at which they meet", "band-gap", bandSites, ({ below, above, near }) => {
    const inclusive = below.op === "<=" ? below : above;
    return { edits: [replace(inclusive.opRange, inclusive.op[0]!)], near };
  }),
  kind("bands share the figure at which they meet", "band-overlap", bandSites, ({ below, above, near }) => {
    const exclusive = below.op === "<=" ? above : below;
    return { edits: [replace(exclusive.opRange, `${exclusive.op}=`)], near };
  }),
  kind("bands lie apart", "band-gap", bandSites, ({ above, near }, _, random) => ({ edits: [boundBy(above, random.pick([1, 2]))], near })),
  kind("bands lie over one another", "band-overlap", bandSites, ({ below, near }, _, random) => ({ edits: [boundBy(below, random.pick([1, 2]))], near })),

  // Lists
  kind("a connector contradicts its list", "contradicting-connector", (policy) => policy.analysis.criteria.filter((list) => announces(list, "any", "all")).flatMap((list) => (
    list.items.slice(0, -1).filter((item) => nodeOf(item)?.prose !== undefined && item.combination === undefined).map((item) => ({ list, prose: nodeOf(item)!.prose! }))
  )), ({ list, prose }, policy) => {
    const word = announces(list, "any") ? "and" : "or";
    return { edits: [prose.connector === undefined ? insert(wordsEnd(policy, prose), `; ${word}`) : replace({ start: prose.connector.end - prose.connector.word.length, end: prose.connector.end }, word)] };
  }),
  kind("the connector of a list stands on its last nested item", "connector-of-parent", (policy) => plainLists(policy).flatMap((outer) => outer.items.slice(0, -1).flatMap((list) => {
    const last = list.role === "criterion" && announces(list, "any", "all", "at-least") && opOf(list) !== opOf(outer) ? list.items.at(-1) : undefined;
    const prose = last === undefined || last.items.length > 0 ? undefined : nodeOf(last)?.prose;
    return prose === undefined || prose.connector !== undefined ? [] : [{ word: announces(outer, "any") ? "or" : "and", prose }];
  })), ({ word, prose }, policy) => ({ edits: [insert(wordsEnd(policy, prose), `; ${word}`)] })),
  kind("the last item of a statement ends with a connector", "dangling-connector", (policy) => (
    plainLists(policy).filter((list) => list.parent === undefined).map((list) => list.items.at(-1)!).filter(isLeaf).map((item) => nodeOf(item)!)
  ), (node, policy, random) => ({ edits: [insert(proseEnd(policy, node), random.pick(["; or", "; and"]))] })),
  kind("a list has one item left", "single-item-list", (policy) => plainLists(policy).filter((list) => list.items.every((item) => item.role === "criterion") && list.combination?.open === false), (list, policy) => ({
    edits: [{ start: linesOf(policy.text, list.items[1]!.node).start, end: linesOf(policy.text, list.items.at(-1)!.node).end, text: "" }], near: [nodeOf(list)!.prose ?? list.node],
  })),
  kind("a list is said to be incomplete", "open-list", (policy) => (
    plainLists(policy).filter((list) => announces(list, "any") && list.combination?.open === false).map((list) => nodeOf(list)!.prose!).filter((prose) => prose.combinator !== undefined)
  ), (prose) => ({ edits: [insert(prose.combinator!.end, " (not all-inclusive)")], near: [prose] })),
  kind("two criteria are joined in one item", "connective-in-prose", (policy) => policy.criteria.filter((symbol) => symbol.attested && isLeaf(symbol)).map((symbol) => nodeOf(symbol)!.prose!), (prose, policy, random) => {
    const end = prose.citations[0]?.start ?? prose.connector?.start ?? prose.end;
    return { edits: [insert(wordsEnd(policy, { start: prose.start, end }), random.pick(["; and the record says so", "; or the record says so", " AND the record says so"]))], near: [prose] };
  }),
  kind("nothing is said of what is not covered", "no-limiting-statement", (policy) => {
    const { statements, criteria } = policy.analysis;
    const kept = statements.filter(({ statement }) => statement === "necessary");
    return kept.length === 0 || kept.length === statements.length ? [] : [{ kept: kept.map(({ index }) => criteria[index]!.node), dropped: statements.filter((each) => !kept.includes(each)).map(({ index }) => criteria[index]!.node) }];
  }, ({ kept, dropped }, policy) => ({ edits: dropped.map((node) => ({ ...linesOf(policy.text, { start: node.start, end: wordsEnd(policy, node) }), text: "" })), near: kept })),
  kind("a fact is never used", "unused-fact", (policy) => [...policy.analysis.facts.values()].filter((fact) => fact.owner === undefined), (fact, policy) => {
    const { start } = linesOf(policy.text, fact.node);
    return { edits: [insert(start, `${" ".repeat(column(policy, fact.node.start))}oral_contrast  yes/no  "Was contrast given by mouth?"\n`)] };
  }),
  kind("a definition is never used", "unused-definition", (policy) => [...policy.analysis.definitions.values()], (definition, policy, random) => {
    const fact = scalarFact(policy, random, new Set(["number"]));
    const { start } = definition.node;
    return fact && { edits: [insert(lineStart(policy.text, start), `${" ".repeat(column(policy, start))}past_the_limit  ${fact.name} >= ${figuresOf(fact)[1]}\n`)] };
  }),
  kind("a fact has no question", "fact-without-question", (policy) => [...policy.analysis.facts.values()].filter((fact) => fact.node.question !== undefined && fact.type.kind !== "records"), (fact, policy) => {
    const { start, end } = fact.node.question!;
    const open = policy.text[start] === '"' ? start : start - 1;
    const close = policy.text[end - 1] === '"' && open === start ? end : end + 1;
    return { edits: [withoutSpaceBefore(policy, { start: open, end: close })], near: [fact.node] };
  }),

  // Labels
  kind("a label is skipped", "label-order", labelSites, ({ list, at, label }) => {
    const ahead = at === 0 ? undefined : nextLabel(list, at === list.items.length - 1 ? 1 : 2);
    return ahead === undefined ? undefined : { edits: [replace(label, ahead)] };
  }),
  kind("two items have one label", ["duplicate-label", "label-order"], (policy) => labelSites(policy).filter(({ at }) => at > 0), ({ list, at, label }) => {
    const before = nodeOf(list.items[at - 1]!)!;
    return { edits: [relabel(label, before.label!.segment)], near: [before] };
  }),
  kind("labels begin again within a list", ["duplicate-label", "label-order", "first-label"], (policy) => labelSites(policy).filter(({ list, at }) => at > 1 && at < list.items.length - 1), ({ list, at }) => ({
    edits: list.items.slice(at).map((item, i) => relabel(nodeOf(item)!.label!, nodeOf(list.items[i]!)!.label!.segment)),
  })),
  kind("labels begin with the second", ["first-label", "label-order"], (policy) => labelSites(policy).filter(({ at }) => at === 0).map(({ list }) => list), (list) => {
    const next = nextLabel(list);
    const labels = list.items.map((item) => nodeOf(item)!.label!);
    return next === undefined ? undefined : { edits: labels.map((label, i) => replace(label, labels[i + 1]?.text ?? next)) };
  }),
  kind("items have bullets", "bulleted-criterion", (policy) => (
    labelSites(policy).filter(({ list, at }) => at === 0 && list.parent !== undefined && list.items.every((item) => isLeaf(item) && !policy.text.includes(`for ${item.address}`))).map(({ list }) => list)
  ), (list) => ({ edits: list.items.map((item) => replace(nodeOf(item)!.label!, "-")), near: [list.node] })),
  kind("a revision names a criterion that is not there", "unknown-label-in-revision", (policy) => policy.prose("revision").slice(-1), says("Added I.Z.9.", "Clarified I.A.47 and I.Z.", "Criterion XIX.B was reworded.")),
  kind("prose names a criterion that is not there", "unknown-label-in-prose", (policy) => policy.prose("paragraph", "note", "footnote"), says("See criterion I.Z.9.", "Criterion XIX.B applies as well.", "This follows criteria I.Z.1 and I.Z.2.")),
  kind("a revision quotes a criterion with another comparison", "revision-quote-differs", (policy) => policy.once(comparedSites).filter(({ node }) => (
    !/["“”\n]/u.test(textOf(policy, node.prose!)) && node.prose!.combinator === undefined && node.label!.segment !== ""
  )), ({ words, operator, node }, policy, random) => {
    const address = policy.criteria.find((symbol) => symbol.node === node)!.address;
    const prose = node.prose!;
    const written = `${policy.text.slice(prose.start, operator.start)}${flipped(words, random)}${policy.text.slice(operator.end, prose.connector?.start ?? prose.end)}`;
    const quoted = written.replace(/\s*\[[\d,\s-]+\]/gu, "").replace(/[;,\s]+$/u, "");
    const log = policy.prose("revision").at(-1);
    return log && { edits: [insert(wordsEnd(policy, log), ` ${random.pick([`Changed ${address} to "${quoted}".`, `${address} now reads "${quoted}".`])}`)], near: [log, node] };
  }),

  // References
  kind("a reference is dropped", "unknown-citation", (policy) => policy.references.filter((reference) => policy.citations.some((citation) => cites(citation, reference.number))), (reference, policy) => ({
    edits: [{ ...linesOf(policy.text, reference), text: "" }], near: policy.citations.filter((citation) => cites(citation, reference.number)),
  })),
  kind("the only citation of a reference is dropped", "uncited-reference", lonelyCitations, ({ reference, citation, number }, policy) => {
    if (citation.numbers.length === 1) return { edits: [withoutSpaceBefore(policy, citation)], near: [reference] };
    const at = citation.numbers.indexOf(number);
    const range = at === 0 ? { start: number.start, end: citation.numbers[1]!.start } : { start: citation.numbers[at - 1]!.end, end: number.end };
    return { edits: [{ ...range, text: "" }], near: [reference] };
  }),
  kind("two citations have changed places", "citation-order", firstCitations, ([one, two], policy) => ({ edits: [replace(one, textOf(policy, two)), replace(two, textOf(policy, one))] })),
  kind("a citation names many references", "broad-citation-range", (policy) => (policy.references.length < 6 ? [] : policy.citations), (citation, policy, random) => ({
    edits: [replace(citation, `[1-${5 + random.below(policy.references.length - 4)}]`)],
  })),
  kind("a reference is old", "old-evidence", inReference(/\b20(?:1[7-9]|2\d)(?=;\d+(?:\([^)]*\))?:)/gu), (match, _, random) => ({
    edits: [replace(match, String(1985 + random.below(20)))], near: [match.stretch],
  })),
  kind("a reference stands twice", "duplicate-work", (policy) => policy.references.filter((reference) => reference.prose !== undefined), (reference, policy, random) => {
    const last = policy.references.at(-1)!;
    const written = textOf(policy, reference.prose!).trimEnd();
    const words = random.pick([written, written.replace(/\bdoi:(?=10\.)/u, "https://doi.org/"), written.replace(/\s+/gu, " ")]);
    return { edits: [insert(linesOf(policy.text, last).end, `${" ".repeat(column(policy, last.start))}${last.number + 1}. ${words}\n`)], near: [reference] };
  }),
  kind("a doi is broken", "malformed-doi", inReference(DOI), ({ start, groups }, _, random) => {
    const [, prefix, registrant, , suffix] = groups as readonly string[];
    const end = start + prefix!.length + registrant!.length + 1 + suffix!.length;
    const broken = random.pick([`${registrant}${suffix}`, ...["1O.", "", "10,"].map((wrong) => `${registrant!.replace("10.", wrong)}/${suffix}`)]);
    return { edits: [{ start, end, text: `${prefix}${broken}` }] };
  }),
  kind("a doi has another prefix", "doi-prefix", inReference(DOI), ({ start, groups }, _, random) => ({
    edits: [{ start, end: start + groups[1]!.length, text: random.pick(["Doi: ", "DOI: ", "DOI:", "doi: ", "https://dx.doi.org/", ""]) }],
  })),
  kind("a page range is written with words", "page-range", inReference(PAGES), ({ start, end, groups }, _, random) => ({ edits: [{ start, end, text: `${groups[1]}${random.pick([" to ", " - "])}${groups[2]}` }] })),
  kind("a final period is missing", "final-period", (policy) => (
    policy.references.filter((reference) => reference.prose !== undefined && /[^.]\.$/u.test(textOf(policy, reference.prose).trimEnd()))
  ), (reference, policy) => {
    const end = proseEnd(policy, reference);
    return { edits: [{ start: end - 1, end, text: "" }] };
  }),
  kind("a link has no https://", "bare-domain-link", inReference(LINK), ({ start, end, words }, _, random) => ({
    edits: [{ start, end, text: words.replace(/^https?:\/\/(?:www\.)?/u, random.pick(["www.", ""])) }],
  })),
  kind("a link leads to a site only", "home-page-link", inReference(LINK), ({ start, end, words }) => ({ edits: [{ start, end, text: /^https?:\/\/[^/]+/u.exec(words)![0] }] })),
  kind("an access date has no link", "access-date-without-link", (policy) => matches(policy, /https?:\/\/\S+/gu, "reference").filter(({ stretch }) => stretch.text.includes("Accessed")), (match, policy) => ({
    edits: [withoutSpaceBefore(policy, match)], near: [match.stretch],
  })),
  kind("a link has no access date", "link-without-access-date", (policy) => matches(policy, ACCESSED, "reference").filter(({ stretch }) => stretch.text.includes("http")), ({ start, end, stretch }) => ({ edits: [{ start, end, text: "" }], near: [stretch] })),
  kind("an access date has no day", "incomplete-access-date", inReference(/(?<=Accessed )(\p{L}+) \d+, (\d{4})/gu), ({ start, end, groups }, _, random) => ({ edits: [{ start, end, text: random.pick([`${groups[1]} ${groups[2]}`, groups[2]!]) }] })),
  kind("an access date lies in the future", "impossible-access-date", inReference(/(?<=Accessed \p{L}+ \d+, )\d{4}/gu), (match, _, random) => ({ edits: [replace(match, String(2027 + random.below(9)))] })),
  kind("a period follows a link", "period-after-link", (policy) => policy.references.filter((reference) => reference.prose !== undefined && /(?:https?:|doi:)\S+[^\s.]$/u.test(textOf(policy, reference.prose).trimEnd())), (reference, policy) => ({ edits: [insert(proseEnd(policy, reference), ".")] })),
  kind("reference numbers skip one", ["reference-order", "unknown-citation"], (policy) => policy.references.slice(-1), ({ label, number }) => ({ edits: [replace(label, label.text.replace(String(number), String(number + 1)))] })),
  kind("a journal reference has a month", "month-in-reference", inReference(/\b(\d{4})(?=;\d+(?:\([^)]*\))?:)/gu), ({ start, end, words }, _, random) => ({ edits: [{ start, end, text: `${words} ${random.pick(["May", "Jan", "Mar 15", "Dec 1", "June"])}` }] })),

  // Codes
  kind("a code had ended before the policy took effect", "ended-code", undatedRows, (row, policy) => {
    const day = headerDate(policy, "effective")?.day;
    return day === undefined ? undefined : { edits: [withStatus(policy, row, `ended ${isoOf(day - 1)}`)] };
  }),
  kind("a code has ended since the policy took effect", "ended-code-today", (policy) => (policy.text.includes("lint-ignore ended-code-today") ? [] : undatedRows(policy)), (row, policy, random) => {
    const day = headerDate(policy, "effective")?.day;
    const until = day === undefined ? undefined : isoOf(day + 5 + random.below(60));
    return until === undefined || until >= TODAY ? undefined : { edits: [withStatus(policy, row, `ended ${until}`)] };
  }),
  kind("a row does not say that its code has ended", ["unstated-code-end", "ended-code"], (policy) => policy.rows, (row, policy, random) => ({
    edits: [insert(lineStart(policy.text, row.start), `${" ".repeat(column(policy, row.start))}${random.pick(["CPT        77386 ", "CPT        77385 ", "HCPCS      G6015 ", "HCPCS      J0135 "])}   Another service\n`)],
  })),
  kind("a code is not yet valid when the policy takes effect", "code-not-yet-effective", undatedRows, (row, policy) => {
    const day = headerDate(policy, "effective")?.day;
    return day === undefined ? undefined : { edits: [withStatus(policy, row, `effective ${isoOf(day + 200)}`)] };
  }),
  kind("a code ended before it became effective", "reversed-code-dates", undatedRows, (row, policy) => ({ edits: [withStatus(policy, row, "effective 2024-01-01, ended 2023-12-31")] })),
  kind("no statement applies to a code", "unscoped-code", (policy) => {
    const scoped = policy.analysis.statements.some(({ scopes }) => scopes.some((scope) => scope.kind === "codes" && scope.codes.some((code) => code.system === "CPT")));
    return scoped ? policy.rows.filter((row) => row.system.text === "CPT") : [];
  }, (row, policy) => ({ edits: [insert(lineStart(policy.text, row.start), `${" ".repeat(column(policy, row.start))}CPT        97799    Another service\n`)] })),
  kind("a category of diagnoses stands like a code", "header-icd-code", (policy) => policy.rows.filter((row) => row.system.text === "ICD-10-CM" && row.code?.category === true), (row, policy) => ({
    edits: [replace(row.code!, textOf(policy, row.code!).replace(/[.-]+$/u, ""))],
  })),
  kind("the successor of a code is not listed", "successor-not-listed", (policy) => undatedRows(policy).filter((row) => row.system.text === "CPT" && row.replacedBy.length === 0), (row, policy, random) => ({
    edits: [withStatus(policy, row, `ended 2025-01-31, see ${random.pick(["99091", "97799"])}`)],
  })),
  kind("prose names a code that is not listed", "unlisted-code-in-prose", (policy) => (policy.rows.some((row) => row.system.text === "CPT") ? policy.prose("paragraph", "footnote") : []), says("The plan is billed with CPT 99091.", "See CPT code 97799 too.")),
  kind("the note of a mark is dropped", "mark-without-note", footnotes, (note, policy) => ({ edits: [{ ...linesOf(policy.text, note), text: "" }], near: markedRows(policy, note) })),
  kind("the mark of a note is dropped", "note-without-mark", footnotes, (note, policy) => ({ edits: markedRows(policy, note).map((row) => replace(row.mark!, "")), near: [note] })),

  // The document
  kind("the header was revised on another date than the log says", "header-revision-mismatch", whole, (_, policy, random) => {
    const date = headerDate(policy, "revised");
    if (date?.day === undefined) return undefined;
    const other = date.precision === "month" ? isoOf(date.day + random.pick([32, -20])).slice(0, 7) : isoOf(date.day + random.pick([14, 31, -31]));
    return { edits: [replace(date, other)], near: latest(policy) };
  }),
  kind("approval comes after the policy takes effect", "approval-after-effective", adopted, ({ revision, approved, effective }, policy, random) => {
    const header = headerDate(policy, "approved");
    const late = isoOf(effective.day! + random.pick([1, 9, 40]));
    return { edits: [replace(approved, late), ...(header !== undefined && revision === policy.revisions.at(-1) ? [replace(header, late)] : [])], near: [revision] };
  }),
  kind("members have five days' notice", "short-notice-period", (policy) => adopted(policy).slice(-1), ({ revision, approved, effective }, policy, random) => {
    const soon = isoOf(approved.day! + random.pick([3, 5]));
    const header = headerDate(policy, "effective");
    return { edits: [replace(effective, soon), ...(header === undefined ? [] : [replace(header, soon)])], near: [revision] };
  }),
  // Of two rows, one may as well be above the other.
  kind("two revisions have changed places", "revision-order", (policy) => (policy.revisions.length < 3 ? [] : policy.revisions.slice(1).map((second, i) => [policy.revisions[i]!, second] as const)), ([first, second], policy) => ({
    edits: [replace(first, textOf(policy, second)), replace(second, textOf(policy, first))],
  })),
  kind("a revision lacks its approval", "incomplete-revision", (policy) => policy.revisions.filter((revision) => revision.approved !== undefined && revision.revised !== undefined).slice(1), (revision, policy) => ({
    edits: [{ start: revision.revised!.end, end: revision.approved!.end, text: "" }], near: [revision, ...latest(policy)],
  })),
  kind("a revision does not say what changed", "incomplete-revision", (policy) => policy.revisions.filter((revision) => revision.prose !== undefined), (revision, policy) => ({
    edits: [{ ...linesOf(policy.text, revision.prose!), text: "" }], near: [revision],
  })),
  kind("the header lacks its effective date", "missing-header-date", (policy) => headerField(policy, "effective"), (field, policy) => ({
    edits: [{ ...linesOf(policy.text, field), text: "" }], near: [policy.analysis.document.header!],
  })),
  kind("the policy ends before it takes effect", "ends-before-effective", (policy) => headerField(policy, "effective"), (field, policy, random) => ({
    edits: [insert(linesOf(policy.text, field).end, `  ends  ${isoOf(field.date!.day! - 1 - random.below(300))}\n`)], near: [policy.analysis.document.header!],
  })),
  kind("a year is left out of the revision log", "missed-annual-review", (policy) => policy.revisions.slice(-1).filter((revision) => revision.revised?.day !== undefined), (revision, policy, random) => {
    const late = isoOf(revision.revised!.day! + 180 + random.below(200)).slice(0, revision.revised!.text.length);
    const header = headerDate(policy, "revised");
    return { edits: [replace(revision.revised!, late), ...(header === undefined ? [] : [replace(header, late)])], near: [revision] };
  }),
  kind("the next review is overdue", ["overdue-review-today", "overdue-review"], (policy) => headerField(policy, "next review").filter(({ date }) => date !== undefined && date.text > TODAY), ({ date }, policy, random) => {
    const effective = headerDate(policy, "effective")?.day;
    return effective === undefined || date === undefined ? undefined : { edits: [replace(date, isoOf(effective + 20 + random.below(60)))] };
  }),
  kind("a paragraph stands twice", "duplicate-paragraph", (policy) => policy.prose("paragraph").filter(({ text }) => text.length > 120), (stretch, policy) => ({
    edits: [insert(linesOf(policy.text, stretch).end, `\n${policy.text.slice(lineStart(policy.text, stretch.start), stretch.end).trimEnd()}\n`)], near: [stretch],
  })),
  kind("a heading has nothing below it", "empty-section", (policy) => (
    policy.analysis.document.sections.filter((section) => section.kind === "notes" || section.kind === "codes")
  ), (section, policy, random) => ({
    edits: [insert(lineStart(policy.text, section.start), `${random.pick(["related policies", "background and evidence"])}\n\n`)], near: [section.heading],
  })),
  kind("dates are written in two ways", "mixed-date-formats", (policy) => policy.prose("paragraph"), says("It was reviewed on March 5, 2025, and on 4/16/2025.", "The schedule of 04/16/2025 replaced that of January 2, 2024.")),
  kind("an abbreviation is spelled out twice", "repeated-abbreviation", abbreviationSites, ({ whole: written, uses }, policy, random) => ({
    edits: [replace(random.pick(uses), folded(textOf(policy, written)))], near: [written],
  })),
  kind("an abbreviation has two meanings", "ambiguous-abbreviation", (policy) => policy.once(abbreviationSites).filter(({ short }) => /^[A-Z]{2,6}$/u.test(short)), ({ short, whole: written, uses, bracket }, policy, random) => {
    const long = [...short].map((letter) => OTHER_MEANING[letter.charCodeAt(0) - 65]!).join(" ");
    const stretch = policy.stretchAt(random.pick(uses).start);
    return stretch === undefined || stretch.end < bracket.end ? undefined : { edits: [insert(wordsEnd(policy, stretch), ` This is the ${long} (${short}).`)], near: [written, stretch] };
  }),
  kind("an abbreviation is mistyped", ["abbreviation-typo", "undefined-abbreviation"], (policy) => policy.once(abbreviationSites).filter(({ short, uses }) => short.length > 2 && uses.length > 1), ({ short, uses }, _, random) => {
    const at = 1 + random.below(short.length - 2);
    const wrong = short.slice(0, at) + short[at + 1]! + short[at]! + short.slice(at + 2);
    return wrong === short ? undefined : { edits: [replace(random.pick(uses), wrong)] };
  }),
  kind("an abbreviation is not spelled out", "undefined-abbreviation", abbreviationSites, ({ bracket, uses }, policy) => ({ edits: [withoutSpaceBefore(policy, bracket)], near: uses })),
  kind("an abbreviation is spelled out behind its first use", "late-abbreviation", abbreviationSites, ({ short, whole: written, uses }, policy, random) => ({
    edits: [replace(written, short), replace(random.pick(uses), folded(textOf(policy, written)))], near: uses,
  })),

  // Wording
  kind("a bracket is not closed or opened", "unbalanced-brackets", (policy) => matches(policy, /\(\p{L}[^()]{1,200}\)/gu, ...OWN), withoutOneMark),
  kind("a quotation mark is not closed or opened", "unbalanced-quotes", (policy) => matches(policy, /"[^"]{1,200}"|“[^“”]{1,200}”/gu, ...OWN), withoutOneMark),
  kind("quotation marks of two kinds", "mixed-quotes", (policy) => {
    const quoted = matches(policy, /"[^"]{1,200}"/gu, ...OWN);
    return quoted.length < 2 ? [] : quoted.map((match) => ({ match, others: quoted.filter((other) => other !== match).map((other) => other.stretch) }));
  }, ({ match, others }) => ({ edits: [replace(match, `“${match.words.slice(1, -1)}”`)], near: [match.stretch, ...others] })),
  kind("a word is doubled", "repeated-word", shortWords, ({ end, words, stretch }, _, random) => ({
    edits: [insert(end, random.pick([" ", " ", KEYWORDS.has(words) ? " " : `\n${" ".repeat(12)}`]) + words)], near: [stretch],
  })),
  kind("a letter is lost or two are swapped", "typo", longWords, ({ start, end, words }, policy, random) => {
    const at = 1 + random.below(words.length - 3);
    const wrong = random.below(2) === 0 ? words.slice(0, at) + words[at + 1]! + words[at]! + words.slice(at + 2) : words.slice(0, at) + words.slice(at + 1);
    return wrong === words || wrong.length < 7 || policy.text.includes(wrong) || STILL_A_WORD.has(wrong) ? undefined : { edits: [{ start, end, text: wrong }] };
  }),
  kind("one of several spellings is British", "inconsistent-spelling", spellingSites, ({ match, british, others }) => ({
    edits: [replace(match, /^\p{Lu}/u.test(match.words) ? british[0]!.toUpperCase() + british.slice(1) : british)], near: others,
  })),
  kind("one of several hyphens is missing", "inconsistent-hyphenation", hyphenSites, ({ match, others }, _, random) => ({
    edits: [replace(match, match.words.replace("-", /^(?:re|non|pre|post|anti|co|multi)-/iu.test(match.words) ? random.pick(["", " "]) : ""))], near: others,
  })),
  kind("“for example” is written in another way", "mixed-eg", (policy) => {
    const written = matches(policy, /\(e\.g\.,/gu, ...OWN);
    return written.length < 2 ? [] : written.map((match) => ({ match, others: written.filter((other) => other !== match) }));
  }, ({ match, others }, _, random) => ({ edits: [replace(match, random.pick(["(ex:", "(ex.", "(eg,"]))], near: others })),

  // Readability
  kind("an attested criterion has a vague term", "vague-term", (policy) => policy.criteria.filter((symbol) => symbol.attested && isLeaf(symbol)).map((symbol) => nodeOf(symbol)!.prose!), (prose, policy, random) => {
    const end = prose.citations[0]?.start ?? prose.connector?.start ?? prose.end;
    return { edits: [insert(wordsEnd(policy, { start: prose.start, end }), random.pick([" with adequate improvement", ", as clinically appropriate", " with significant improvement"]))], near: [prose] };
  }),
  kind("a criterion is long", "long-criterion", (policy) => policy.criteria.filter((symbol) => symbol.attested && isLeaf(symbol)).map((symbol) => nodeOf(symbol)!), (node, policy) => {
    const prose = node.prose!;
    const end = prose.citations[0]?.start ?? prose.connector?.start ?? prose.end;
    return { edits: [insert(wordsEnd(policy, { start: prose.start, end }), ", as the record of the last visit and of the visits before it shows".repeat(5))], near: [node] };
  }),
  kind("a paragraph is hard to read", "reading-level", (policy) => policy.prose("paragraph"), (stretch, policy, random) => {
    const words = Array.from({ length: 40 }, () => random.pick(["multidisciplinary", "considerable", "institutional", "methodologies", "incorporating", "administration", "documentation", "verification"]));
    return { edits: [insert(wordsEnd(policy, stretch), `\n\n  A ${words.join(" ")}.`)], near: [stretch] };
  }),
  kind("“and/or” stands for one of the two", "and-or", (policy) => matches(policy, /(?<=\p{Ll} )or(?= \p{Ll})/gu, "criterion").filter(({ stretch, end }) => (
    end < ((stretch.node as A.Criterion).prose!.combinator?.start ?? stretch.end)
  )), (match) => ({ edits: [replace(match, "and/or")], near: [match.stretch] })),

  // Suppressions
  kind("a suppression suppresses nothing", "unused-suppression", commentSites, comment("lint-ignore uncited-reference: it is cited in another policy")),
  kind("a suppression gives no reason", "suppression-without-reason", commentSites, comment("lint-ignore uncited-reference")),
  kind("a suppression names no lint rule", "unknown-suppression", commentSites, comment("lint-ignore uncited-refs: it is cited in another policy")),
];

/** By letter: a word that begins with it. */
const OTHER_MEANING = "ample broad common daily early final general handy inner joint known local minor novel outer plain quick rapid solid third usual valid wider xenial young zonal".split(" ");
const cites = (citation: A.Citation, number: number): boolean => citation.numbers.some(({ from, to }) => from <= number && number <= to);
const STILL_A_WORD: ReadonlySet<string> = new Set(["though", "untied", "martial", "planed", "inulin", "casual", "calender", "diary", "state", "patent", "patents", "moths", "scared", "cervial"]);

// ── Policies to inject into ───────────────────────────────────────────────────────────────────────────────────────────
/** Correct policies with what the samples have too little of: bands, abbreviations, quotations, marks, examples in parentheses. */
export const GOOD_POLICIES: Readonly<Record<string, string>> = {
  "oxygen.policy": `policy EX.DME.401 "Home Oxygen Therapy"
  plan              Example Health Plan
  line of business  Medicaid, Marketplace
  revised           2026-02-02
  approved          2026-03-17
  effective         2026-05-01
  next review       2027-01-31

description
  Long-term oxygen therapy (LTOT) relieves hypoxemia at rest in chronic obstructive pulmonary disease (COPD) and in other
  diseases of the lung. [1] In COPD with moderate hypoxemia, LTOT has not prolonged life. [2] Short-term use after a stay
  in the hospital is looked at again, because many patients recover (e.g., after pneumonia). [3] A flow that is
  "as needed" cannot be checked, so that the order states liters per minute.

facts
  age              years                     "Age on the date of service"
  saturation       % from 40 to 100          "Oxygen saturation at rest, on room air"
  night_saturation  % from 40 to 100         "Lowest oxygen saturation held for five minutes during sleep"
  oxygen_pressure  mmHg from 20 to 120       "Arterial oxygen pressure at rest, on room air"
  cor_pulmonale    yes/no                    "Is there cor pulmonale?"
  stable_for       weeks from 0 to 200       "For how long has treatment of the lung disease been the same?"
  flow             L/min from 0 to 15        "Flow that is ordered"
  hours            hours from 0 to 24        "Hours a day with oxygen"
  smoker           yes/no                    "Does anyone smoke where the oxygen is used?"
  diagnosis        one of lung_disease, cluster_headache, heart_failure, other  "Why is oxygen ordered?"
  last_test        date                      "Date of the last oxygen test"
  adherence        % from 0 to 100           "Share of days with oxygen, by the meter"

define
  low_oxygen       saturation <= 88 % or oxygen_pressure <= 55 mmHg

criteria
I. Home oxygen is medically necessary when all of the following are met: [1,3]
   applies to codes HCPCS E1390-E1391
   applies to pathway initial
   A. Hypoxemia on room air, any of the following:
      1. Oxygen saturation at rest ≤ 88 %
         when saturation <= 88 %
      2. Arterial oxygen pressure at rest ≤ 55 mmHg
         when oxygen_pressure <= 55 mmHg
      3. Oxygen saturation at rest of at most 90 % with cor pulmonale
         when saturation <= 90 % and cor_pulmonale
      4. Oxygen saturation < 85 % for five minutes during sleep
         when night_saturation < 85 %
   B. Treatment of the lung disease has been the same for at least 4 weeks
      when stable_for >= 4 weeks
   C. The last oxygen test was made within the past 30 days
      when last_test within the past 30 days
   D. Flow that fits the age, any of the following:
      if age < 2 years, all of the following:
         1. Flow ≤ 2 L/min
            when flow <= 2 L/min
         2. A pediatric lung specialist orders the oxygen
      if age >= 2 years and age < 18 years, all of the following:
         3. Flow ≤ 4 L/min
            when flow <= 4 L/min
         4. A pediatric lung specialist orders the oxygen or was asked
      if age >= 18 years, all of the following:
         5. Flow ≤ 6 L/min
            when flow <= 6 L/min
   E. Oxygen is used for more than 15 hours a day
      when hours > 15 hours
   F. The member was shown how to use the oxygen, and the visit is on record
   note The test is made on room air (e.g., not while oxygen flows).

II. Continued home oxygen is medically necessary when all of the following are met:
   applies to codes HCPCS E1390-E1391
   applies to pathway continuation
   A. The meter shows oxygen on ≥ 80 % of the days
      when adherence >= 80 %
   B. A test within the past 12 months shows low oxygen
      when last_test within the past 12 months and low_oxygen
   C. The treating clinician has seen the member since the last approval

III. Home oxygen is not medically necessary for any of the following: [2]
   A. Anyone smokes where the oxygen is used
      when smoker
   B. Cluster headache
      when diagnosis is cluster_headache

background
  The trial of LTOT in moderate hypoxemia found the same survival with and without oxygen. [2] Pediatric use rests on a
  guideline of a society. [3] Members with COPD who travel ask for "portable units" (e.g., for flights); the plan reviews
  them like other units. In LTOT the hours a day matter more than the flow.

notes
  * Rented by the month; a purchase is reviewed case by case.
  † Two outlets serve two members of one household.

codes
  covered when the criteria are met:
  HCPCS      E1390*   Concentrator with one outlet                 for I
  HCPCS      E1391†   Concentrator with two outlets                for I

revisions
  2025-02-03, approved 2025-03-18, effective 2025-05-01
    New policy.
  2026-02-02, approved 2026-03-17, effective 2026-05-01
    Annual review. I.B now asks for 4 weeks of the same treatment. Added III.B (cluster headache). References updated.

references
  1. Example AB, Sample CD, Model EF, et al. Home oxygen in adults with lung disease. Ex J Respir Med.
     2022;10(2):101-118. doi:10.1234/exjrm.2022.0101
  2. Sample CD, Model EF. Oxygen in moderate hypoxemia: a randomized trial. Ex J Med. 2023;41(7):620-633.
     doi:10.1234/exjm.2023.41.620
  3. Example Thoracic Society. Home oxygen for children. Updated March 3, 2025. Accessed January 12, 2026.
     https://www.example.org/guidelines/home-oxygen

cases
  case "Saturation of 86 percent"
    on 2026-06-01
    codes HCPCS E1390
    pathway initial
    age = 64 years
    saturation = 86 %
    stable_for = 6 weeks
    last_test = 2026-05-20
    flow = 2 L/min
    hours = 18 hours
    smoker = no
    diagnosis = lung_disease
    I.F = met
    expect approve by I.A.1
  case "A smoker in the house"
    on 2026-06-01
    codes HCPCS E1390
    pathway initial
    age = 64 years
    smoker = yes
    expect refer by III.A
`,
  "weight.policy": `policy EX.SURG.402 "Surgery for Obesity"
  plan              Example Health Plan
  line of business  Commercial, Marketplace
  revised           2026-01-12
  approved          2026-02-17
  effective         2026-04-01
  next review       2026-12-31

description
  Surgery for obesity makes the stomach smaller, leads food past a part of the bowel, or both. [1] It is chosen where
  weight-related disease stays in spite of treatment. The body mass index (BMI) alone does not tell who gains from it.
  [2-3] Sleeve gastrectomy (SG) and gastric bypass are the usual operations. A re-operation after SG carries more risk
  than the first operation, so that a re-operation has criteria of its own. [4]

facts
  age              years                                 "Age on the date of service"
  bmi              kg/m2 from 10 to 120                  "Body mass index"
  operation        one of sleeve, bypass, band, other    "Which operation is planned?"
  diabetes         yes/no                                "Is there type 2 diabetes?"
  sleep_apnea      yes/no                                "Is there moderate or severe sleep apnea?"
  heart_disease    yes/no                                "Is there coronary disease?"
  program          months from 0 to 60                   "How long was the supervised program?"
  visits           number from 0 to 60                   "How many visits were kept in it?"
  nicotine_free    weeks from 0 to 500                   "For how long has the member been free of nicotine?"
  pregnancy        yes/no                                "Is the member pregnant?"
  weight_lost      % from 0 to 100                       "Share of excess weight lost since the first operation"
  first_operation  date                                  "Date of the first operation"
  leak             yes/no                                "Is there a leak, a fistula or a stricture?"

define
  weight_related   diabetes or sleep_apnea or heart_disease

criteria
I. A first operation for obesity is medically necessary when all of the following are met: [1-2]
   applies to codes CPT 43644, CPT 43775
   applies to pathway initial
   A. Age ≥ 18 years; and
      when age >= 18 years
   B. Body weight, either of the following:
      1. BMI ≥ 40 kg/m²; or
         when bmi >= 40 kg/m2
      2. BMI ≥ 35 kg/m² with a weight-related disease
         when bmi >= 35 kg/m2 and weight_related
   C. Preparation, all of the following:
      1. A supervised program of at least 6 months; and
         when program >= 6 months
      2. At least 5 visits were kept in it; and
         when visits >= 5
      3. Free of nicotine for more than 8 weeks; and
         when nicotine_free > 8 weeks
      4. A psychologist saw the member and found no reason against the operation
   D. The member was told of lifelong vitamins (e.g., B12 and D), and the talk is on record
      unless any of the following:
         1. Pregnancy
            when pregnancy
         2. A leak, a fistula or a stricture
            when leak

II. A re-operation is medically necessary for any of the following: [4]
   applies to codes CPT 43848
   A. A leak, a fistula or a stricture
      when leak
   B. Loss of < 25 % of excess weight, at least 24 months after the first operation
      when weight_lost < 25 % and first_operation at least 24 months before date of service

III. A gastric band is not medically necessary. [3]
   applies to codes CPT 43770
   when operation is band

background
  Weight-related disease recedes in most members after gastric bypass, and somewhat less often after SG. [1-2] Published
  series call a loss of half of the excess weight a "good result" and a loss below a quarter a "poor result"; the
  criteria use the second. Bands are often removed (e.g., for slippage). [3] Reflux after SG may lead to a re-operation.

notes
  * Reported once, with any hernia repair of the same session.

codes
  covered when the criteria are met:
  CPT        43644*   Bypass through small incisions               for I
  CPT        43775*   Sleeve through small incisions               for I
  CPT        43848    Open re-operation                            for II
  not covered:
  CPT        43770    Band through small incisions                 for III

revisions
  2024-01-15, approved 2024-02-20, effective 2024-04-01
    New policy.
  2025-01-13, approved 2025-02-18, effective 2025-04-01
    Annual review. No change to the criteria. References updated.
  2026-01-12, approved 2026-02-17, effective 2026-04-01
    Annual review. Added I.C.3 (nicotine). Clarified II.B. References updated.

references
  1. Example AB, Model EF, et al. Operations for obesity: five-year outcomes. Ex J Surg. 2021;33(4):411-425.
     doi:10.1234/exjs.2021.33.411
  2. Sample CD, Pattern GH. Body mass index and benefit. Ex J Obes. 2022;8(1):12-20. doi:10.1234/exjo.2022.8.12
  3. Pattern GH, Model EF. Removal of gastric bands in a registry. Ex J Surg. 2020;32(9):901-909.
     doi:10.1234/exjs.2020.32.901
  4. Example Society of Surgeons. Statement on second operations. Updated June 2, 2025. Accessed December 4, 2025.
     https://www.example.org/statements/second-operations.html

cases
  case "BMI of 44"
    on 2026-06-01
    codes CPT 43775
    pathway initial
    age = 41 years
    bmi = 44 kg/m2
    operation = sleeve
    program = 7 months
    visits = 6
    nicotine_free = 20 weeks
    pregnancy = no
    leak = no
    I.C.4 = met
    I.D = met
    expect approve by I.B.1
`,
  "pump.policy": `policy EX.DME.403 "Insulin Pumps and Glucose Sensors"
  plan              Example Health Plan
  line of business  Medicaid, CHIP
  revised           2026-03-09
  approved          2026-04-21
  effective         2026-06-01
  next review       2027-02-28

description
  An insulin pump gives insulin under the skin all day. With continuous glucose monitoring (CGM) it can stop before
  blood glucose falls. [1] Hemoglobin A1c (HbA1c) tells the average of about three months. [2] Severe hypoglycemia, in
  which another person must help, is the danger of treatment; hypoglycemia during sleep is noticed late.

facts
  age              years                                  "Age on the date of service"
  diabetes_type    one of type_1, type_2, other_type      "Which type of diabetes is it?"
  injections       number from 0 to 12                    "How many injections of insulin a day?"
  hba1c            % from 3 to 20                         "Last hemoglobin A1c"
  hba1c_date       date                                   "Date of that test"
  severe_events    number from 0 to 100                   "How many events of severe hypoglycemia in the past 12 months?"
  tests_per_day    number from 0 to 30                    "How many glucose tests a day?"
  sensor_use       % from 0 to 100                        "Share of days with the sensor"
  dawn_effect      yes/no                                 "Does glucose rise before breakfast?"
  pump_age         years from 0 to 30                     "How old is the pump?"
  pump_works       yes/no                                 "Does the pump still work?"

criteria
I. An insulin pump is medically necessary when all of the following are met: [1,3]
   applies to codes HCPCS E0784
   applies to pathway initial
   A. Type 1 diabetes, or type 2 diabetes with at least 3 injections a day
      when diabetes_type is type_1 or (diabetes_type is type_2 and injections >= 3)
   B. One or more of the following:
      1. HbA1c > 7 %
         when hba1c > 7 %
      2. At least 2 events of severe hypoglycemia within the past 12 months
         when severe_events >= 2
      3. A rise of glucose before breakfast
         when dawn_effect
   C. HbA1c was measured within the past 90 days
      when hba1c_date within the past 90 days
   D. Glucose testing that fits the age, any of the following:
      if age < 6 years, all of the following:
         1. At least 6 tests a day
            when tests_per_day >= 6
         2. A parent or guardian was trained
      if age >= 6 years and age < 21 years, all of the following:
         3. At least 4 tests a day
            when tests_per_day >= 4
      if age >= 21 years, all of the following:
         4. At least 3 tests a day
            when tests_per_day >= 3
   E. The member or a caregiver can operate the pump, as seen at a visit

II. A glucose sensor is medically necessary for any of the following: [2]
   applies to codes HCPCS A4239
   applies to pathway initial
   A. Insulin treatment with ≥ 1 injection a day
      when injections >= 1
   B. Treatment without insulin, all of the following:
      1. Type 2 diabetes
         when diabetes_type is type_2
      2. HbA1c > 9 %
         when hba1c > 9 %
   C. More than 1 event of severe hypoglycemia within the past 12 months
      when severe_events > 1

III. A continued glucose sensor is medically necessary when all of the following are met:
   applies to codes HCPCS A4239
   applies to pathway continuation
   A. The sensor is worn on at least 70 % of the days
      when sensor_use >= 70 %
   B. The treating clinician has reviewed the readings

IV. Replacement of a pump that works is not medically necessary. [3]
   applies to codes HCPCS E0784
   when pump_works and pump_age < 5 years

background
  Trials of CGM in adults and children found fewer hours of hypoglycemia. [2] The pump is a durable device; its maker
  calls it "life-long", while the plan reckons with five years. Reports use "time in range" and "time below range" for
  what CGM shows. Both rest on many readings a day, HbA1c on one.

notes
  * Supplies of a month; more are reviewed case by case.
  ‡ Rented for the first three months, then bought.

codes
  covered when the criteria are met:
  HCPCS      E0784‡   Pump for insulin, worn outside the body       for I
  HCPCS      A4239*   Supplies for a sensor, one month              for II

revisions
  2025-03-10, approved 2025-04-22, effective 2025-06-01
    New policy.
  2026-03-09, approved 2026-04-21, effective 2026-06-01
    Annual review. Reworded I.C, which now reads "HbA1c was measured within the past 90 days". References updated.

references
  1. Model EF, Example AB. Pumps that stop in time. Ex J Diabetes. 2023;15(3):201-214. doi:10.1234/exjd.2023.15.201
  2. Pattern GH, Sample CD, Model EF, et al. Sensors at all ages: a systematic review. Ex J Diabetes.
     2024;16(1):33-52. doi:10.1234/exjd.2024.16.33
  3. Example Diabetes Association. Standards for devices. Updated December 9, 2025. Accessed February 20, 2026.
     https://www.example.org/standards/devices

cases
  case "Type 1 diabetes at ten"
    on 2026-07-01
    codes HCPCS E0784
    pathway initial
    age = 10 years
    diabetes_type = type_1
    hba1c = 8.1 %
    hba1c_date = 2026-06-10
    tests_per_day = 5
    pump_works = no
    I.E = met
    expect approve by I.B.1
`,
};
