// Resolves definitions in an order in which each stands behind those it uses, and measures conditions, so that no chain of names
// can make one too deep or too large to be walked.
import type * as A from "../syntax/ast.js";
import { children } from "../syntax/ast.js";
import { assertNever } from "../text.js";
import { resolveMeaning } from "./conditions.js";
import { type Checking, report } from "./context.js";
import type { Condition, DefinitionSymbol, RecordSet, Value } from "./model.js";

/** With every definition in it written out, a condition has at most this many parts. */
const MOST_PARTS = 1000;

interface Step {
  readonly definition: DefinitionSymbol;
  readonly uses: readonly A.Name[];
  next: number;
}

/** Gives every definition its meaning. A definition that is defined by itself is reported, and has none. */
export function resolveDefinitions(checking: Checking): void {
  const open = new Set<DefinitionSymbol>();
  const done = new Set<DefinitionSymbol>();
  const begin = (definition: DefinitionSymbol): Step => {
    open.add(definition);
    return { definition, uses: usesIn(checking, definition), next: 0 };
  };
  for (const root of checking.definitions.values()) {
    if (done.has(root)) continue;
    const steps = [begin(root)];
    for (let top = steps.at(-1); top !== undefined; top = steps.at(-1)) {
      const use = top.uses[top.next++];
      if (use === undefined) {
        if (!done.has(top.definition)) resolve(checking, top.definition);
        done.add(top.definition);
        open.delete(top.definition);
        steps.pop();
        continue;
      }
      const used = checking.definitions.get(use.text)!;
      if (open.has(used)) {
        if (!done.has(top.definition)) report(checking, "definition-cycle", use, `\`${used.name}\` is defined by itself.`, { help: "Take one of the names out of the circle." });
        done.add(top.definition);
      } else if (!done.has(used)) {
        steps.push(begin(used));
      }
    }
  }
}

function resolve(checking: Checking, definition: DefinitionSymbol): void {
  const meaning = resolveMeaning(checking, definition);
  if (meaning === undefined) return;
  const size = meaning.kind === "condition" ? sizeOf(meaning.condition) : sizeOfValue(meaning.value);
  if (size.parts <= MOST_PARTS) {
    definition.meaning = meaning;
    definition.size = size;
  } else {
    report(checking, "nested-too-deeply", definition.node.name, `With the definitions it uses written out, \`${definition.name}\` has more than ${MOST_PARTS} parts.`, { help: "Write it with fewer definitions upon definitions." });
  }
}

/** The definitions that one uses, where it names them. In a filter, fields of the record hide definitions of their name. */
function usesIn(checking: Checking, { node }: DefinitionSymbol): readonly A.Name[] {
  const uses: A.Name[] = [];
  const open: { readonly node: A.Node; readonly fields: ReadonlySet<string> }[] = node.value === undefined ? [] : [{ node: node.value, fields: new Set() }];
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    const { node: here, fields } = top;
    if (here.kind === "name" && !fields.has(here.text) && !checking.facts.has(here.text) && checking.definitions.has(here.text)) uses.push(here);
    const filter = here.kind === "quantified" || here.kind === "count" ? here.filter : undefined;
    for (const child of children(here)) open.push({ node: child, fields: child === filter && filter !== undefined ? fieldsOf(checking, (here as A.Count).list.text) : fields });
  }
  return uses;
}

function fieldsOf(checking: Checking, list: string): ReadonlySet<string> {
  const type = checking.facts.get(list)?.type;
  return new Set(type?.kind === "records" ? type.fields.map((field) => field.name) : []);
}

// ── Size ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
/** How many parts a condition has, and how deep they stand one in another, definitions written out. */
export interface Size {
  readonly parts: number;
  readonly depth: number;
}

const ONE: Size = { parts: 1, depth: 1 };
const around = (...inner: readonly Size[]): Size => ({ parts: inner.reduce((sum, size) => sum + size.parts, 1), depth: 1 + inner.reduce((most, size) => Math.max(most, size.depth), 0) });

export function sizeOf(condition: Condition): Size {
  switch (condition.kind) {
    case "and": case "or": return around(...condition.operands.map(sizeOf));
    case "not": return around(sizeOf(condition.operand));
    case "definition": return around(condition.definition.size ?? ONE);
    case "yes": case "known": case "choice": case "text": case "code": case "includes": return around(sizeOfValue(condition.value));
    case "compare": return around(sizeOfValue(condition.left), sizeOfValue(condition.right));
    case "between": return around(sizeOfValue(condition.value), sizeOfValue(condition.low), sizeOfValue(condition.high));
    case "quantified": case "count": return sizeOfRecords(condition.records);
    case "criterion": return ONE;
    default: return assertNever(condition);
  }
}

const sizeOfRecords = ({ filter }: RecordSet): Size => (filter === undefined ? ONE : around(sizeOf(filter)));

function sizeOfValue(value: Value): Size {
  switch (value.kind) {
    case "scaled": return around(sizeOfValue(value.value));
    case "arithmetic": case "days between": return around(sizeOfValue(value.left), sizeOfValue(value.right));
    case "shift": return value.length.kind === "months" ? around(sizeOfValue(value.date)) : around(sizeOfValue(value.date), sizeOfValue(value.length.days));
    case "count": return sizeOfRecords(value.records);
    case "definition": return around(value.definition.size ?? ONE);
    case "fact": case "field": case "number": case "day": case "text": case "choice": case "date of service": return ONE;
    default: return assertNever(value);
  }
}
