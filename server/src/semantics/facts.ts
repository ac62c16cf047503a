// Reads the `facts` sections: names, types, units, limits, choices, and fields of records.
import type * as A from "../syntax/ast.js";
import { CODE_SYSTEMS, type CodeSystem, RESERVED_WORDS, TYPE_SLIPS, TYPE_WORDS, UNIT_SLIPS } from "../vocabulary.js";
import { type CheckedFacts, type Checking, didYouMean, noteUse, report } from "./context.js";
import type { FactMapping, FactSymbol, FactType, ScalarType } from "./model.js";
import { findUnit, NO_UNIT, unitName, unitWords } from "./units.js";

const CODE_FORM = /^(?:[A-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?|\d{4}[AFMTU])$/u;
const typeWords: readonly string[] = [...TYPE_WORDS.map((type) => type.word), ...CODE_SYSTEMS.map((system) => system.word)];

/** The facts that a document declares, in the order of the text. */
export function declaredFacts(document: A.Document): readonly A.FactDeclaration[] {
  const sections = document.sections.flatMap((section) => (section.kind === "facts" ? [section.facts] : []));
  return sections.length === 1 ? sections[0]! : sections.flat();
}

/** True if these are the very facts of the version before, so that there is nothing to read. */
export function sameFacts(nodes: readonly A.FactDeclaration[], before: CheckedFacts): boolean {
  return !before.faulty && nodes.length > 0 && nodes.length === before.nodes.length && nodes.every((node, i) => node === before.nodes[i]);
}

/** Takes over the facts of the version before. */
export function keepFacts(checking: Checking, before: CheckedFacts): CheckedFacts {
  for (const use of before.uses) {
    checking.uses.push(use);
    // Places of mappings are worked out from the node, which may have moved.
    const { symbol } = use;
    if (symbol.kind === "fact" && symbol.mappings.length > 0) symbol.mappings = mappingsOf(symbol.node);
  }
  return before;
}

/** Declares facts. One that still means the same as in the version before keeps its symbol. */
export function readFacts(checking: Checking, nodes: readonly A.FactDeclaration[], before: ReadonlyMap<string, FactSymbol>): CheckedFacts {
  const [found, uses] = [checking.found.length, checking.uses.length];
  for (const node of nodes) {
    const old = before.get(node.name.text);
    const slot = checking.facts.size;
    let fact: FactSymbol;
    if (old !== undefined && old.node === node && old.type.kind !== "unknown" && old.type.kind !== "records" && !checking.facts.has(old.name)) {
      fact = old;
    } else {
      if (!checkName(checking, node.name, checking.facts)) continue;
      const type = readType(checking, node, undefined);
      fact = old !== undefined && sameType(old.type, type) ? old : { kind: "fact", name: node.name.text, type, question: undefined, mappings: [], node, slot };
      fact.node = node;
      fact.question = question(node);
    }
    // Made anew even where the node is the same, which may have moved.
    fact.mappings = mappingsOf(node);
    fact.slot = slot;
    checking.facts.set(fact.name, fact);
    noteUse(checking, node.name, fact, true);
  }
  return { symbols: checking.facts, nodes, uses: checking.uses.slice(uses), faulty: checking.found.length > found };
}

// Records have fields with symbols of their own, so a list of records is read anew in every version.
function sameType(a: FactType, b: FactType): boolean {
  if (a.kind === "records" || a.kind === "unknown") return false;
  return a.kind === b.kind && JSON.stringify(a) === JSON.stringify(b);
}

const question = (node: A.FactDeclaration): string | undefined => (node.question === undefined || node.question.text.trim() === "" ? undefined : node.question.text.trim());

const NO_MAPPINGS: readonly FactMapping[] = [];

function mappingsOf({ mappings }: A.FactDeclaration): readonly FactMapping[] {
  if (mappings.length === 0) return NO_MAPPINGS;
  return mappings.flatMap(({ start, end, expression }) => {
    if (expression === undefined || expression.text.trim() === "") return [];
    const inner = { start: expression.start + 1, end: expression.start + 1 + expression.text.length };
    return [{ text: expression.text, range: { start, end }, textRange: inner }];
  });
}

const OBJECT_NAMES: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Reports a name that is taken or cannot be used; true if it can be declared. */
export function checkName(checking: Checking, name: A.Word, taken: ReadonlyMap<string, { readonly node: { readonly name: A.Word } }>): boolean {
  // Names that every object has would be found where nothing is given.
  if (RESERVED_WORDS.has(name.text) || OBJECT_NAMES.has(name.text)) {
    report(checking, "reserved-name", name, `\`${name.text}\` is a word of the language and cannot be a name.`, { help: `Add a word to it, such as \`${name.text}_value\`.` });
    return false;
  }
  // Most names begin with a small letter, and no code does.
  if (name.text.charCodeAt(0) < 97 && CODE_FORM.test(name.text)) {
    report(checking, "reserved-name", name, `\`${name.text}\` has the form of a code and cannot be a name.`, { help: `Write it in small letters, \`${name.text.toLowerCase()}\`.` });
    return false;
  }
  const other = taken.get(name.text);
  if (other === undefined) return true;
  report(checking, "duplicate-name", name, `\`${name.text}\` is declared twice.`, { help: "Give one of them another name.", related: [{ start: other.node.name.start, end: other.node.name.end, message: "It is declared here first." }] });
  return false;
}

function readType(checking: Checking, node: A.FactDeclaration, owner: string | undefined): FactType {
  const { type } = node;
  if (type === undefined || type.of === "missing") {
    report(checking, "unknown-type", node.name, `\`${node.name.text}\` has no type.`, { help: "Write yes/no, number, date, text, a unit such as `years`, `one of a, b`, a code system, or `list of` one of these." });
    return { kind: "unknown" };
  }
  if (type.of !== "records" && node.fields.length > 0) {
    report(checking, "unexpected-text", node.fields[0]!.name, `Fields are indented under \`${node.name.text}\`, which is no list of records.`, { help: `Write \`${node.name.text} list of\`, or give the fields the indentation of the other facts.` });
  }
  if (type.of === "records") return readRecords(checking, node, owner);
  const scalar = readScalar(checking, type);
  return type.list ? { kind: "list", of: scalar } : scalar;
}

function readRecords(checking: Checking, node: A.FactDeclaration, owner: string | undefined): FactType {
  if (owner !== undefined) {
    report(checking, "unknown-type", node.name, `\`${node.name.text}\` is a list of records inside a record.`, { help: "Make it a list of its own." });
    return { kind: "unknown" };
  }
  const fields = new Map<string, FactSymbol>();
  for (const field of node.fields) {
    if (!checkName(checking, field.name, fields)) continue;
    const symbol: FactSymbol = { kind: "fact", name: field.name.text, type: readType(checking, field, node.name.text), question: question(field), mappings: mappingsOf(field), node: field, slot: fields.size, owner: node.name.text };
    fields.set(symbol.name, symbol);
    noteUse(checking, field.name, symbol, true);
  }
  if (fields.size === 0) {
    report(checking, "unknown-type", node.type!, `\`${node.name.text}\` is a list, and nothing says of what.`, { help: "Write what it is a list of, `list of ICD-10-CM`, or indent the fields of its records below it." });
    return { kind: "unknown" };
  }
  return { kind: "records", fields: [...fields.values()] };
}

function readScalar(checking: Checking, type: A.TypeNode): ScalarType {
  switch (type.of) {
    case "yes/no": return { kind: "yes/no" };
    case "date": return { kind: "date" };
    case "text": return { kind: "text" };
    case "code": return { kind: "code", systems: type.systems.map((word) => word.text as CodeSystem) };
    case "choice": return readChoices(checking, type);
    case "number": return readNumber(checking, type);
    case "records": case "missing": return { kind: "unknown" };
  }
}

function readChoices(checking: Checking, type: A.TypeNode): ScalarType {
  const seen = new Map<string, A.Word>();
  for (const choice of type.choices) {
    const first = seen.get(choice.text);
    if (first !== undefined) {
      report(checking, "duplicate-choice", choice, `\`${choice.text}\` is among the choices twice.`, { help: "Remove one of them.", related: [{ start: first.start, end: first.end, message: "It stands here first." }] });
    } else if (choice.text === "unknown" || choice.text === "known") {
      report(checking, "reserved-name", choice, `\`${choice.text}\` is no choice: what is not known is left out of a case, and a criterion asks \`is unknown\`.`, { help: "Remove it, or write `unclear` for a finding that was made and is unclear." });
    } else if (!/^[\p{L}_][\p{L}\p{N}_]*(?:-[\p{L}\p{N}_]+)*$/u.test(choice.text)) {
      const figure = /^\d/u.test(choice.text);
      report(checking, "unexpected-text", choice, `\`${choice.text}\` cannot be a choice.`, { help: figure ? `A choice begins with a letter, such as \`grade_${choice.text.replace(/\W+/gu, "_")}\`; for figures alone write \`number from … to …\`.` : "A choice is one word of letters, figures, underscores and hyphens; the words of a choice are separated by commas." });
    } else {
      seen.set(choice.text, choice);
    }
  }
  return { kind: "choice", choices: [...seen.keys()] };
}

function readNumber(checking: Checking, type: A.TypeNode): ScalarType {
  const unit = type.unit === undefined ? NO_UNIT : findUnit(type.unit.text);
  if (unit === undefined) {
    const meant = TYPE_SLIPS.get(type.unit!.text.toLowerCase()) ?? UNIT_SLIPS.get(type.unit!.text.toLowerCase());
    report(checking, "unknown-unit", type.unit!, `\`${type.unit!.text}\` is neither a type nor a unit.`, meant !== undefined ? { help: `Did you mean \`${meant}\`?`, replacement: meant } : didYouMean(type.unit!.text, [...typeWords, ...unitWords()], "Types are yes/no, number, date, text, one of, list of, a code system, or a unit of UCUM such as kg/m2."));
    return { kind: "unknown" };
  }
  const from = limit(checking, type.from);
  const to = limit(checking, type.to);
  if (from !== undefined && to !== undefined && from > to) {
    report(checking, "invalid-limits", { start: type.from!.start, end: type.to!.end }, `The limits run from ${from} down to ${to}, which no number fits.`, { help: "Write the lower limit first.", replacement: `${type.to!.text} to ${type.from!.text}` });
    return { kind: "number", unit };
  }
  return { kind: "number", unit, from, to };
}

function limit(checking: Checking, word: A.Word | undefined): number | undefined {
  if (word === undefined) return undefined;
  const value = Number(word.text);
  if (Number.isFinite(value) && word.text.trim() !== "") return value;
  report(checking, "invalid-limits", word, `\`${word.text}\` is not a number.`, { help: "Write the limits as figures, `from 0 to 27`." });
  return undefined;
}

/** A type in words: "a number in years", "one of nsaid, injection". */
export function typeText(type: FactType): string {
  switch (type.kind) {
    case "yes/no": return "yes or no";
    case "number": return type.unit === NO_UNIT ? "a number" : `a number in ${unitName(type.unit)}`;
    case "date": return "a date";
    case "text": return "a text";
    case "choice": return type.choices.length > 8 ? `one of ${type.choices.slice(0, 8).join(", ")}, …` : `one of ${type.choices.join(", ")}`;
    case "code": return `a code of ${type.systems.join(" or ")}`;
    case "list": return `a list (${typeText(type.of)})`;
    case "records": return `a list of records (${type.fields.map((field) => field.name).join(", ")})`;
    case "unknown": return "of an unknown type";
  }
}
