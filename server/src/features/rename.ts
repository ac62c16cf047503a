// Renaming: facts, fields, definitions, choices, labels of criteria and numbers of references, with all that names them.
import { caseFileAddressEdits, labelledLists, labelledParent, labelOf, otherPolicyEdits, relabelling, unknownAddresses } from "../semantics/addresses.js";
import type { Checking } from "../semantics/context.js";
import { checkName } from "../semantics/facts.js";
import { ordinal, schemeOf } from "../semantics/labels.js";
import type { Analysis, CriterionSymbol, DefinitionSymbol, FactSymbol, SymbolRef } from "../semantics/model.js";
import type { Node, Word } from "../syntax/ast.js";
import { positionAt, type Range, touches } from "../text.js";
import { RESERVED_WORDS } from "../vocabulary.js";
import { citationEdits } from "./citations.js";
import { type CaseText, edited, type FileEdits, type Neighbours, newError } from "./files.js";
import type { Edit } from "./model.js";
import { nodePath, sectionAt, usesAt } from "./places.js";
import { choicesOf, choiceUsesInFile, factUsesInFile, fieldsOf, nameUses } from "./rename/names.js";

/** Why something is not renamed, in words for the writer. */
export interface Refusal {
  readonly refused: string;
}

/** The words to type over. */
export interface RenamePlace extends Range {
  readonly placeholder: string;
}

type Subject =
  | { readonly kind: "fact"; readonly symbol: FactSymbol }
  | { readonly kind: "definition"; readonly symbol: DefinitionSymbol }
  | { readonly kind: "choice"; readonly fact: FactSymbol; readonly choice: string }
  | { readonly kind: "label"; readonly symbol: CriterionSymbol }
  | { readonly kind: "reference"; readonly number: number };
type Found = RenamePlace & { readonly subject: Subject };

const refuse = (refused: string): Refusal => ({ refused });
export const isRefusal = <T extends object>(given: T | Refusal): given is Refusal => "refused" in given;

/** What would be renamed at a place of a policy, or why nothing can be. */
export function prepareRename(analysis: Analysis, offset: number): RenamePlace | Refusal {
  const found = subjectAt(analysis, offset);
  return isRefusal(found) ? found : { start: found.start, end: found.end, placeholder: found.placeholder };
}

/** The same at a place of a case file. */
export function prepareRenameInCases(cases: CaseText, offset: number): RenamePlace | Refusal {
  const found = subjectInCases(cases, offset);
  return isRefusal(found) ? found : { start: found.start, end: found.end, placeholder: found.placeholder };
}

/** The edits that rename what stands at a place, in the policy, its case files and other policies; or why it cannot have this name. */
export function rename(analysis: Analysis, offset: number, name: string, around: Neighbours): readonly FileEdits[] | Refusal {
  const found = subjectAt(analysis, offset);
  return isRefusal(found) ? found : renamed(analysis, found.subject, name.trim(), around);
}

/** The same from a place of a case file of the policy. */
export function renameInCases(analysis: Analysis, cases: CaseText, offset: number, name: string, around: Neighbours): readonly FileEdits[] | Refusal {
  const found = subjectInCases(cases, offset);
  if (isRefusal(found)) return found;
  const subject = sameIn(analysis, found.subject);
  return subject === undefined ? refuse("The policy has changed. Try again.") : renamed(analysis, subject, name.trim(), around);
}

// ── What stands at a place ────────────────────────────────────────────────────────────────────────────────────────────
const IN_PROSE = "A word of clinical prose cannot be renamed here. What can be renamed are the names of facts, fields and definitions, "
  + "the choices of a fact, the labels of criteria and the numbers of references.";

function subjectAt(analysis: Analysis, offset: number): Found | Refusal {
  if (analysis.document.comments.some((comment) => comment.start < offset && offset <= comment.end)) return refuse("Nothing can be renamed in a comment; just type over it.");
  const path = nodePath(analysis.document, offset);
  const citation = path.findLast((node) => node.kind === "citation");
  if (citation?.kind === "citation") return citedAt(analysis, citation.numbers, offset);
  const choice = choiceAt(analysis, path, offset);
  if (choice !== undefined) return choice;
  for (const use of usesAt(analysis, offset)) {
    const found = subjectOf(analysis.text, use, use.symbol, offset, analysis);
    if (found !== undefined) return found;
  }
  const name = path.at(-1);
  const named = name?.kind === "name" || name?.kind === "word" ? nameUses(analysis).find((use) => use.start === name.start && use.symbol !== undefined) : undefined;
  if (named?.symbol !== undefined) return { start: named.start, end: named.end, placeholder: named.text, subject: { kind: named.symbol.kind, symbol: named.symbol } as Subject };
  return refuse(whyNot(analysis, path, offset));
}

function whyNot(analysis: Analysis, path: readonly Node[], offset: number): string {
  const node = path.at(-1)!;
  const inCode = path.some((each) => each.kind === "code" || (each.kind === "codeRow" && touches(each.system, offset)));
  if (inCode || usesAt(analysis, offset).some(({ symbol }) => symbol.kind === "code" || symbol.kind === "codeMention")) {
    return "A code is what the code system calls it and cannot be renamed. To use another code, type it here.";
  }
  if (path.some((each) => each.kind === "prose")) return IN_PROSE;
  if (node.kind === "label" && node.segment === "") {
    return "A bullet has no label. \"Give the items labels\" among the refactorings of this line gives the list labels, and changes what names its items.";
  }
  if (node.kind === "name") return `Nothing is called \`${node.text}\`, so there is nothing to rename. Declare it first.`;
  if (node.kind === "address") return `No criterion has the address ${node.text}, so there is nothing to rename.`;
  const parent = path.at(-2);
  if (parent?.kind === "case") return "The name of a case stands nowhere else; just type over it.";
  if (parent?.kind === "header" || parent?.kind === "headerField") return "What stands in the header cannot be renamed; just type over it.";
  if (parent?.kind === "fact") return "The question of a fact stands nowhere else; just type over it.";
  if (sectionAt(analysis, offset)?.kind === "text") return IN_PROSE;
  return "This is a word of the language and cannot be renamed. What can be renamed are the names of facts, fields and definitions, choices, labels and the numbers of references.";
}

function citedAt(analysis: Analysis, numbers: readonly { readonly from: number; readonly to: number; readonly start: number; readonly end: number }[], offset: number): Found | Refusal {
  const part = numbers.find((each) => touches(each, offset));
  if (part === undefined) return refuse("Put the cursor on a number of the citation; it is the number of its reference that is renamed.");
  const written = analysis.text.slice(part.start, part.end);
  const last = /\d+$/u.exec(written)!;
  const atEnd = part.from !== part.to && offset >= part.start + last.index;
  const number = atEnd ? part.to : part.from;
  if (!analysis.references.has(number)) return refuse(`Reference ${number} is not in the list of references, so it has no number to change.`);
  const digits = String(number);
  const place = atEnd ? { start: part.start + last.index, end: part.end } : { start: part.start, end: part.start + /^\d+/u.exec(written)![0].length };
  return { ...place, placeholder: digits, subject: { kind: "reference", number } };
}

function choiceAt(analysis: Analysis, path: readonly Node[], offset: number): Found | undefined {
  const [node, type, declaration, outer] = path.toReversed();
  if (node?.kind === "word" && type?.kind === "type" && type.choices.includes(node) && declaration?.kind === "fact") {
    const owner = outer?.kind === "fact" ? analysis.facts.get(outer.name.text) : undefined;
    const fact = owner === undefined ? analysis.facts.get(declaration.name.text) : fieldsOf(owner).find((field) => field.name === declaration.name.text);
    return fact === undefined ? undefined : { start: node.start, end: node.end, placeholder: node.text, subject: { kind: "choice", fact, choice: node.text } };
  }
  if (node === undefined || !["name", "textLiteral", "quantity"].includes(node.kind)) return undefined;
  const use = nameUses(analysis).find((each) => each.choice !== undefined && touches(each, offset));
  return use?.symbol?.kind === "fact" ? { start: use.start, end: use.end, placeholder: use.text, subject: { kind: "choice", fact: use.symbol, choice: use.choice! } } : undefined;
}

function subjectOf(text: string, place: Range, symbol: SymbolRef, offset: number, analysis?: Analysis): Found | undefined {
  switch (symbol.kind) {
    case "fact": return { start: place.start, end: place.end, placeholder: symbol.name, subject: { kind: "fact", symbol } };
    case "definition": return { start: place.start, end: place.end, placeholder: symbol.name, subject: { kind: "definition", symbol } };
    case "reference": return { start: place.start, end: place.start + String(symbol.number).length, placeholder: String(symbol.number), subject: { kind: "reference", number: symbol.number } };
    case "criterion": return labelAt(text, place, symbol, offset, analysis);
    case "code": case "codeMention": return undefined;
  }
}

/** On `I.B.2`, the label under the cursor: that of I, of I.B or of I.B.2. */
function labelAt(text: string, place: Range, symbol: CriterionSymbol, offset: number, analysis: Analysis | undefined): Found | undefined {
  const label = labelOf(symbol);
  if (label === undefined && !text.slice(place.start, place.end).includes(".")) return undefined;
  if (label !== undefined && analysis !== undefined && label.start === place.start) {
    const start = label.start + label.text.indexOf(label.segment);
    return { start, end: start + label.segment.length, placeholder: label.segment, subject: { kind: "label", symbol } };
  }
  const path: CriterionSymbol[] = [];
  for (let each: CriterionSymbol | undefined = symbol; each !== undefined; each = labelledParent(each)) path.unshift(each);
  let at = place.start;
  for (const [i, segment] of text.slice(place.start, place.end).split(".").entries()) {
    const meant = path[i];
    const inner = segment.replace(/[()"']/gu, "");
    if (meant !== undefined && offset <= at + segment.length && labelOf(meant) !== undefined) {
      const start = at + segment.indexOf(inner);
      return { start, end: start + inner.length, placeholder: meant.label, subject: { kind: "label", symbol: meant } };
    }
    at += segment.length + 1;
  }
  return undefined;
}

function subjectInCases({ text, file }: CaseText, offset: number): Found | Refusal {
  for (const use of file.uses) {
    if (!touches(use, offset)) continue;
    const quoted = text[use.start] === '"' || text[use.start] === "'";
    const found = subjectOf(text, quoted ? { start: use.start + 1, end: use.end - 1 } : use, use.symbol, offset);
    if (found !== undefined) return found;
  }
  return refuse("Only facts and criteria of the policy can be renamed from here. Choices are renamed in the policy, where they are declared.");
}

/** The same fact or criterion in another analysis of the policy. */
function sameIn(analysis: Analysis, subject: Subject): Subject | undefined {
  if (subject.kind === "fact") {
    const { owner, name } = subject.symbol;
    const list = owner === undefined ? undefined : analysis.facts.get(owner);
    const symbol = owner === undefined ? analysis.facts.get(name) : fieldsOf(list).find((field) => field.name === name);
    return symbol && { kind: "fact", symbol };
  }
  if (subject.kind !== "label") return undefined;
  const symbol = analysis.byAddress.get(subject.symbol.address);
  return symbol && { kind: "label", symbol };
}

// ── New names ─────────────────────────────────────────────────────────────────────────────────────────────────────────
function renamed(analysis: Analysis, subject: Subject, name: string, around: Neighbours): readonly FileEdits[] | Refusal {
  if (name === "") return refuse("Write the new name.");
  if (subject.kind !== "reference" && subject.kind !== "definition") {
    const unread = around.cases.find(({ file }) => file.diagnostics.some(({ code }) => code === "invalid-case-file"));
    if (unread !== undefined) {
      const why = unread.file.diagnostics.find(({ code }) => code === "invalid-case-file")!.message;
      return refuse(`${fileName(unread.uri)} cannot be read, so its cases would not change along. Mend it first: ${why}`);
    }
  }
  const files = editsFor(analysis, subject, name, around);
  if (isRefusal(files)) return files;
  const own = files.find(({ uri }) => uri === analysis.uri);
  const wrong = own === undefined ? undefined : newError(analysis, own.edits);
  return wrong === undefined ? files : refuse(`\`${name}\` cannot be used here: ${wrong}`);
}

function editsFor(analysis: Analysis, subject: Subject, name: string, around: Neighbours): readonly FileEdits[] | Refusal {
  switch (subject.kind) {
    case "fact": case "definition": return nameEdits(analysis, subject.symbol, name, around);
    case "choice": return choiceEdits(analysis, subject.fact, subject.choice, name, around);
    case "label": return labelEdits(analysis, subject.symbol, name, around);
    case "reference": return numberEdits(analysis, subject.number, name);
  }
}

const NAME = /^[\p{L}_][\p{L}\p{N}_]*(?:-[\p{L}\p{N}_]+)*$/u;

function nameEdits(analysis: Analysis, symbol: FactSymbol | DefinitionSymbol, name: string, around: Neighbours): readonly FileEdits[] | Refusal {
  if (name === symbol.name) return [];
  const wrong = wrongName(analysis, name) ?? takenName(analysis, symbol, name);
  if (wrong !== undefined) return refuse(wrong);
  const uses = nameUses(analysis);
  const captured = capture(symbol, name, uses);
  if (captured !== undefined) return refuse(captured);
  const places = new Map<number, Range>();
  const add = (range: Range): void => void places.set(range.start, range);
  add(symbol.node.name);
  for (const use of analysis.uses) if (use.symbol === symbol) add(use);
  for (const use of uses) if (use.symbol === symbol && use.choice === undefined) add(use);
  const cases = symbol.kind === "fact" ? around.cases.map((each) => ({ uri: each.uri, edits: replacing(factUsesInFile(each, symbol), name) })) : [];
  return edited([{ uri: analysis.uri, edits: replacing([...places.values()], name) }, ...cases]);
}

const replacing = (ranges: readonly Range[], text: string): readonly Edit[] => ranges.map(({ start, end }) => ({ start, end, text })).sort((a, b) => a.start - b.start);

/** What is wrong with a name as such. */
export function wrongName(analysis: Analysis, name: string): string | undefined {
  if (!NAME.test(name)) {
    const plain = name.replace(/[^\p{L}\p{N}_-]+/gu, "_").replace(/^[^\p{L}_]+|[_-]+$/gu, "");
    return `\`${name}\` cannot be a name: a name is one word of letters, figures, \`_\` and \`-\`, and begins with a letter.${NAME.test(plain) ? ` Write \`${plain}\`.` : ""}`;
  }
  const word: Word = { kind: "word", text: name, start: 0, end: 0 };
  const checking: Checking = {
    text: { text: analysis.text, comments: [] }, found: [], uses: [], facts: new Map(), definitions: new Map(), byAddress: new Map(),
    criterionReferences: { count: 0 }, advice: { left: 0 },
  };
  checkName(checking, word, new Map());
  const [found] = checking.found;
  return found === undefined ? undefined : `${found.message} ${found.help ?? ""}`.trim();
}

function takenName(analysis: Analysis, symbol: FactSymbol | DefinitionSymbol, name: string): string | undefined {
  const owner = symbol.kind === "fact" ? symbol.owner : undefined;
  const list = owner === undefined ? undefined : analysis.facts.get(owner);
  const other = list === undefined ? analysis.facts.get(name) ?? analysis.definitions.get(name) : fieldsOf(list).find((field) => field.name === name);
  if (other === undefined) return undefined;
  const kind = other.kind === "definition" ? "a definition" : other.owner === undefined ? "a fact" : `a field of \`${other.owner}\``;
  return `\`${name}\` is already ${kind} (line ${lineOf(analysis, other.node.name)}). Choose another name.`;
}

/** In a filter the fields of a record come before facts: a new name must not make one be read as the other. */
function capture(symbol: FactSymbol | DefinitionSymbol, name: string, uses: ReturnType<typeof nameUses>): string | undefined {
  for (const { symbol: used, record, choice } of uses) {
    if (record?.type.kind !== "records" || used === undefined || choice !== undefined) continue;
    if (used === symbol && (symbol.kind === "definition" || symbol.owner === undefined) && record.type.fields.some((field) => field.name === name)) {
      return `Behind \`${record.name} where\`, \`${name}\` is a field of the record, so \`${symbol.name}\` cannot have this name: the condition would mean something else.`;
    }
    if (symbol.kind === "fact" && symbol.owner === record.name && used.name === name && used !== symbol) {
      return `A condition behind \`${record.name} where\` asks for \`${name}\`, so the field cannot have this name: the condition would mean something else.`;
    }
  }
  return undefined;
}

function choiceEdits(analysis: Analysis, fact: FactSymbol, choice: string, name: string, around: Neighbours): readonly FileEdits[] | Refusal {
  if (name === choice) return [];
  if (!NAME.test(name)) return refuse(`\`${name}\` cannot be a choice: a choice is one word of letters, figures, \`_\` and \`-\`, and begins with a letter.`);
  if (RESERVED_WORDS.has(name)) return refuse(`\`${name}\` is a word of the language and cannot be a choice. Add a word to it, such as \`${name}_value\`.`);
  if (choicesOf(fact).includes(name)) return refuse(`\`${name}\` is already a choice of \`${fact.name}\`.`);
  const declared = fact.node.type?.choices.filter((word) => word.text === choice) ?? [];
  const used = nameUses(analysis).filter((use) => use.choice === choice && use.symbol === fact);
  const own = replacing([...declared, ...used], name);
  return edited([{ uri: analysis.uri, edits: own }, ...around.cases.map((each) => ({ uri: each.uri, edits: replacing(choiceUsesInFile(each, fact, choice), name) }))]);
}

const LABEL = /^(?:[A-Za-z]|[ivxlcdm]{1,9}|[IVXLCDM]{1,9}|[a-z]{2}|\d{1,3})$/u;

function labelEdits(analysis: Analysis, symbol: CriterionSymbol, name: string, around: Neighbours): readonly FileEdits[] | Refusal {
  const parent = labelledParent(symbol);
  const path = parent === undefined ? "" : `${parent.address}.`;
  const label = (name.startsWith(path) ? name.slice(path.length) : name).replace(/^\(|[.)]+$/gu, "");
  if (label === symbol.label) return [];
  if (!LABEL.test(label)) return refuse(`\`${name}\` cannot be a label. A label is a letter, a number or a roman numeral, such as \`C\`, \`3\` or \`iv\`.`);
  const twin = analysis.byAddress.get(path + label);
  if (twin !== undefined) {
    return refuse(`${path}${label} is another criterion (line ${lineOf(analysis, twin.node)}). Give that one another label first, or use "Renumber" where the items stand in the wrong order.`);
  }
  const siblings = labelledLists(analysis).find((list) => list.parent === parent)?.items ?? [];
  const scheme = schemeOf(siblings.map((item) => item.label));
  if (siblings.length > 1 && scheme !== undefined && ordinal(label, scheme) === undefined) {
    return refuse(`The items beside it are labelled ${siblings[0]!.label}, ${siblings[1]!.label} and so on; \`${label}\` is a label of another kind.`);
  }
  const unknown = unknownAddresses(analysis, new Set([path + label]));
  if (unknown.length > 0) return refuse(`Something names ${unknown[0]}, which does not exist now and would be this criterion then. Mend that first.`);
  const { edits, moved } = relabelling(analysis, new Map([[symbol, label]]));
  const { number } = analysis.header;
  return edited([
    { uri: analysis.uri, edits },
    ...around.cases.map((each) => ({ uri: each.uri, edits: caseFileAddressEdits(each.text, each.file, moved) })),
    ...(number === undefined ? [] : around.policies.map((other) => ({ uri: other.uri, edits: otherPolicyEdits(other, number, moved) }))),
  ]);
}

function numberEdits(analysis: Analysis, number: number, name: string): readonly FileEdits[] | Refusal {
  const written = name.replace(/^\[|\]$|\.$/gu, "");
  if (!/^[1-9]\d{0,3}$/u.test(written)) return refuse(`\`${name}\` is no number of a reference. Write a whole number from 1 to 9999.`);
  const now = Number(written);
  if (now === number) return [];
  const taken = analysis.references.get(now);
  if (taken !== undefined) {
    return refuse(`Reference ${now} is another source (line ${lineOf(analysis, taken.node)}). Give that one another number first, or use "Number the references in the order of citation".`);
  }
  const reference = analysis.references.get(number);
  if (reference === undefined) return refuse(`There is no reference ${number}.`);
  if (analysis.parsed.citations.some((citation) => citation.numbers.some(({ from, to }) => from <= now && now <= to))) {
    return refuse(`[${now}] is cited and is not in the list now; the citation would then mean this source. Mend that first.`);
  }
  const { label } = reference.node;
  const row: Edit = { start: label.start, end: label.start + String(number).length, text: String(now) };
  return [{ uri: analysis.uri, edits: [...citationEdits(analysis, new Map([[number, now]])), row].sort((a, b) => a.start - b.start) }];
}

const lineOf = (analysis: Analysis, { start }: Range): number => positionAt(analysis.lines, start).line + 1;
const fileName = (uri: string): string => decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1));
