// Moving addresses: when labels change, everything that names a criterion by its address changes with them.
import type { Edit } from "../diagnostic.js";
import { walk } from "../syntax/walk.js";
import type { Range } from "../text.js";
import type { CaseFile } from "./casefile.js";
import { ordinal, schemeOf, segmentAt } from "./labels.js";
import type { Analysis, CriterionSymbol } from "./model.js";
import { criterionMentions, type Mention, segmentsAfter } from "./proseaddresses.js";

/** Old addresses to new ones; addresses below them move along. */
export type AddressMap = ReadonlyMap<string, string>;

/** What changing labels comes to in a policy. */
export interface Relabelling {
  /** Of the labels and of everything in the policy that names their criteria; in order, none overlapping. */
  readonly edits: readonly Edit[];
  /** For the case files of the policy (`caseFileAddressEdits`) and for other policies (`otherPolicyEdits`). */
  readonly moved: AddressMap;
}

/** Criteria whose labels follow one another: the items of a list, with those of the groups that go on with its labels. */
export interface LabelledList {
  /** The criterion they stand under; undefined for the statements. */
  readonly parent: CriterionSymbol | undefined;
  readonly items: readonly CriterionSymbol[];
}

/** The lists of a policy, the statements first. Bullets are not in them. */
export function labelledLists(analysis: Analysis): readonly LabelledList[] {
  const lists = new Map<CriterionSymbol | undefined, CriterionSymbol[]>([[undefined, []]]);
  for (const symbol of analysis.criteria) {
    if (symbol.role !== "criterion" || labelOf(symbol) === undefined) continue;
    const parent = labelledParent(symbol);
    const items = lists.get(parent);
    if (items === undefined) lists.set(parent, [symbol]);
    else items.push(symbol);
  }
  return [...lists].map(([parent, items]) => ({ parent, items }));
}

/** The label of a criterion; undefined where it has a bullet or none. */
export function labelOf({ node }: CriterionSymbol): (Range & { readonly text: string; readonly segment: string }) | undefined {
  return node.kind === "criterion" && node.label !== undefined && node.label.segment !== "" ? node.label : undefined;
}

/** The labelled criterion that a criterion stands under, whatever groups there are between. */
export function labelledParent(symbol: CriterionSymbol): CriterionSymbol | undefined {
  let parent = symbol.parent;
  while (parent !== undefined && parent.role !== "criterion") parent = parent.parent;
  return parent;
}

/**
 * The edits that renumber the lists of a policy in their order, each in its own scheme (`I.`, `A.`, `1)`, `(a)`), with every
 * reference of the policy to what they label: conditions, code rows, cases, prose. The revision log stays as it is. A list
 * that is in order is not touched; a list that goes on with the labels of the one before it keeps its beginning. `wanted`
 * chooses lists, all where it is left out. No edit is given where something names a criterion that is not there and that
 * would be another one afterwards; `renumbering` tells which.
 *
 * The case files of the policy need `caseFileAddressEdits` with `renumbering(analysis).moved`.
 */
export function renumberEdits(analysis: Analysis, wanted?: (list: LabelledList) => boolean): readonly Edit[] {
  return renumbering(analysis, wanted).edits;
}

/** `renumberEdits` with the map of addresses, for the case files; `inTheWay` are addresses that are named, do not exist and would be taken. */
export function renumbering(analysis: Analysis, wanted: (list: LabelledList) => boolean = () => true): Relabelling & { readonly inTheWay: readonly string[] } {
  const labels = new Map<CriterionSymbol, string>();
  const lastAt = new Map<number, CriterionSymbol>();
  const inOrder = labelledLists(analysis).filter(({ items }) => items.length > 0).sort((a, b) => a.items[0]!.node.start - b.items[0]!.node.start);
  for (const list of inOrder) {
    const { items } = list;
    const scheme = schemeOf(items.map((item) => item.label));
    const previous = lastAt.get(items[0]!.depth);
    lastAt.set(items[0]!.depth, items.at(-1)!);
    if (scheme === undefined || !wanted(list)) continue;
    const first = ordinal(items[0]!.label, scheme);
    const goesOn = first !== undefined && first > 1 && previous !== undefined && ordinal(previous.label, scheme) === first - 1;
    items.forEach((item, i) => {
      const label = segmentAt((goesOn ? first : 1) + i, scheme);
      if (label !== item.label) labels.set(item, label);
    });
  }
  if (labels.size === 0) return { edits: [], moved: new Map(), inTheWay: [] };
  const moved = movedBy(analysis, labels);
  const inTheWay = unknownAddresses(analysis, new Set(moved.values()));
  return inTheWay.length > 0 ? { edits: [], moved: new Map(), inTheWay } : { ...relabelled(analysis, labels, moved), inTheWay };
}

/** The edits that give criteria new labels (`C`, without the full stop), and everything that names them. Whether a label is free is for the caller to see to. */
export function relabelling(analysis: Analysis, labels: ReadonlyMap<CriterionSymbol, string>): Relabelling {
  return relabelled(analysis, labels, movedBy(analysis, labels));
}

function relabelled(analysis: Analysis, labels: ReadonlyMap<CriterionSymbol, string>, moved: AddressMap): Relabelling {
  const edits: Edit[] = [];
  for (const [symbol, segment] of labels) {
    if (symbol.node.kind !== "criterion" || symbol.node.label === undefined) continue;
    const { label } = symbol.node;
    // A bullet becomes a label of the usual form.
    if (label.segment === "") edits.push({ start: label.start, end: label.end, text: `${segment}.` });
    else {
      const start = label.start + label.text.indexOf(label.segment);
      edits.push({ start, end: start + label.segment.length, text: segment });
    }
  }
  return { edits: sorted([...edits, ...addressEdits(analysis, moved)]), moved };
}

/** Where every criterion is found once some have new labels. Of two with one address, what names it means the first. */
function movedBy(analysis: Analysis, labels: ReadonlyMap<CriterionSymbol, string>): AddressMap {
  const moved = new Map<string, string>();
  const now = new Map<CriterionSymbol, string>();
  for (const symbol of analysis.criteria) {
    if (symbol.role !== "criterion") continue;
    const parent = labelledParent(symbol);
    const label = labels.get(symbol) ?? symbol.label;
    const address = parent === undefined ? label : `${now.get(parent) ?? parent.address}.${label}`;
    now.set(symbol, address);
    if (address !== symbol.address && analysis.byAddress.get(symbol.address) === symbol) moved.set(symbol.address, address);
  }
  return moved;
}

/** Finds the new address of an address: its own, or that of what it stands below. */
function mover(moved: AddressMap): (address: string) => string {
  return (address) => {
    for (let at = address.length; at > 0; at = address.lastIndexOf(".", at - 1)) {
      const now = moved.get(address.slice(0, at));
      if (now !== undefined) return now + address.slice(at);
    }
    return address;
  };
}

/** An address in a text, as written. */
interface Written extends Range {
  readonly address: string;
}

/** Every address that conditions, code rows and cases of a policy name, whether there is such a criterion or not. */
export function writtenAddresses(analysis: Analysis): readonly Written[] {
  const found: Written[] = [];
  for (const section of analysis.document.sections) {
    if (section.kind !== "criteria" && section.kind !== "define" && section.kind !== "codes" && section.kind !== "cases") continue;
    walk(section, (node) => {
      if (node.kind === "address") found.push({ start: node.start, end: node.end, address: node.text });
      else if (node.kind === "expect") for (const word of node.missing) if (isAddress(analysis, word.text)) found.push({ start: word.start, end: word.end, address: normal(word.text) });
    });
  }
  return found;
}

const isAddress = (analysis: Analysis, word: string): boolean => !analysis.facts.has(word) && (word.includes(".") || analysis.byAddress.has(word));
const normal = (address: string): string => address.replace(/[()]/gu, "");

/** Of the given addresses, those that something names although no criterion has them. */
export function unknownAddresses(analysis: Analysis, taken: ReadonlySet<string>): readonly string[] {
  return [...new Set(writtenAddresses(analysis).filter(({ address }) => taken.has(address) && !analysis.byAddress.has(address)).map(({ address }) => address))];
}

/** The edits of everything in a policy that names criteria which have moved; their labels are not among them. */
export function addressEdits(analysis: Analysis, moved: AddressMap): readonly Edit[] {
  if (moved.size === 0) return [];
  const move = mover(moved);
  const edits: Edit[] = [];
  const seen = new Set<number>();
  for (const { start, end, address } of writtenAddresses(analysis)) {
    seen.add(start);
    const now = move(address);
    if (now !== address) edits.push({ start, end, text: inStyle(analysis.text.slice(start, end), now) });
  }
  // Where no statement has a numeral, what looks like an address in prose is something else.
  if (analysis.statements.some(({ address }) => /^[IVX]+$/u.test(address))) {
    for (const mention of criterionMentions(analysis)) if (mention.policy === undefined && !seen.has(mention.start)) edits.push(...mentionEdit(analysis.text, mention, move));
  }
  return sorted(edits);
}

/** The edits of what another policy says of the criteria of this one: "criterion I.B of CP.MP.22". */
export function otherPolicyEdits(other: Analysis, number: string, moved: AddressMap): readonly Edit[] {
  if (moved.size === 0 || !other.text.includes(number)) return [];
  const move = mover(moved);
  return criterionMentions(other).filter((mention) => mention.policy === number).flatMap((mention) => mentionEdit(other.text, mention, move));
}

/** The edits of a case file that attests or expects criteria which have moved. */
export function caseFileAddressEdits(text: string, { uses }: CaseFile, moved: AddressMap): readonly Edit[] {
  if (moved.size === 0) return [];
  const move = mover(moved);
  const edits: Edit[] = [];
  for (const use of uses) {
    if (use.symbol.kind !== "criterion") continue;
    const inner = unquoted(text, use);
    const written = text.slice(inner.start, inner.end);
    const now = move(normal(written));
    if (now !== normal(written)) edits.push({ ...inner, text: inStyle(written, now) });
  }
  return sorted(edits);
}

/** A place in YAML or JSON without the quotation marks around it. */
export function unquoted(text: string, { start, end }: Range): Range {
  const mark = text[start];
  return (mark === '"' || mark === "'") && text[end - 1] === mark && end - start >= 2 ? { start: start + 1, end: end - 1 } : { start, end };
}

/** An address with the parentheses that the old one was written with: `I.G.(a)` → `I.G.(b)`. */
function inStyle(written: string, address: string): string {
  const before = written.split(".");
  const now = address.split(".");
  if (before.length !== now.length || !written.includes("(")) return address;
  return now.map((segment, i) => (before[i]!.startsWith("(") && before[i]!.endsWith(")") ? `(${segment})` : segment)).join(".");
}

/** The words of a mention once its criteria have moved; a range that is none any more is written out. */
function mentionEdit(text: string, mention: Mention, move: (address: string) => string): readonly Edit[] {
  if (mention.addresses.every((address) => move(address) === address)) return [];
  const { parts } = mention;
  const parent = parentOf(move(parts[0]!.address));
  let words = "";
  let at = mention.start;
  let next = 0;
  for (const [i, part] of parts.entries()) {
    const now = move(part.address);
    const to = mention.addresses.indexOf(part.address, next);
    const passed = mention.addresses.slice(next, to + 1).map(move);
    next = to + 1;
    const short = !part.full && parentOf(now) === parent ? now.slice(parent.length + 1) : now;
    if (part.through && !inSequence(move(parts[i - 1]!.address), passed)) {
      words += `, ${passed.map((address) => (parentOf(address) === parent ? address.slice(parent.length + 1) : address)).join(", ")}`;
    } else words += text.slice(at, part.start) + short;
    at = part.end;
  }
  return [{ start: mention.start, end: mention.end, text: words + text.slice(at, mention.end) }];
}

const parentOf = (address: string): string => address.slice(0, Math.max(0, address.lastIndexOf(".")));
const lastOf = (address: string): string => address.slice(address.lastIndexOf(".") + 1);

function inSequence(from: string, then: readonly string[]): boolean {
  const between = segmentsAfter(lastOf(from), lastOf(then.at(-1) ?? from));
  return between !== undefined && between.length === then.length && then.every((address, i) => parentOf(address) === parentOf(from) && lastOf(address) === between[i]);
}

const sorted = (edits: readonly Edit[]): readonly Edit[] => [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
