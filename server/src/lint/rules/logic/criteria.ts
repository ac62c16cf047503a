// Criteria as formulas, and how two criteria of a statement stand to one another.
import type { CriterionSymbol } from "../../../semantics/model.js";
import type { Range } from "../../../text.js";
import type { LintedPolicy } from "../../policy.js";
import { type Formula, type Formulas, formulas, join, negate } from "./formula.js";

/** Where a criterion is named in a finding: its label, or what stands for it. */
export const placeOf = ({ node }: CriterionSymbol): Range => (node.kind === "criterion" ? node.label ?? node.prose ?? node : node.keyword);

/** `I.E.2.b`, with what kind of group it is where it has no label. */
export const nameOf = (symbol: CriterionSymbol): string => (symbol.role === "criterion" ? symbol.address : `the group of ${symbol.address}`);

/** A criterion that is decided by itself: nothing stands below it. */
export const isLeaf = (symbol: CriterionSymbol): boolean =>
  symbol.items.length === 0 && symbol.conditionGroups.length === 0 && symbol.exceptionGroups.length === 0 && symbol.waiverGroups.length === 0 && !symbol.allOthers && !symbol.scopeOnly;

/** When criteria are met, as formulas. */
export class CriterionFormulas {
  private readonly bodies = new Map<CriterionSymbol, Formula>();
  readonly conditions: Formulas;

  constructor(policy: LintedPolicy) {
    this.conditions = policy.once(formulas);
  }

  /** Guards and all: as an item of an "any" list. */
  met(symbol: CriterionSymbol): Formula {
    const body = this.body(symbol);
    return symbol.guards.length === 0 ? body : join("and", [...symbol.guards.map((guard) => this.conditions.of(guard)), body], placeOf(symbol));
  }

  /** Without its guards. */
  private body(symbol: CriterionSymbol): Formula {
    let made = this.bodies.get(symbol);
    if (made === undefined) this.bodies.set(symbol, (made = this.make(symbol)));
    return made;
  }

  private make(symbol: CriterionSymbol): Formula {
    const { conditions } = this;
    const source = placeOf(symbol);
    const parts: Formula[] = symbol.conditions.map((condition) => conditions.of(condition));
    for (const group of symbol.conditionGroups) parts.push(this.met(group));
    if (symbol.items.length > 0) parts.push(this.list(symbol));
    if (symbol.attested || symbol.allOthers) parts.push(conditions.criterion(symbol.index, symbol.address, source));
    let base = join("and", parts, source);
    if (symbol.waivers.length > 0 || symbol.waiverGroups.length > 0) {
      base = join("or", [base, ...symbol.waivers.map((waiver) => conditions.of(waiver)), ...symbol.waiverGroups.map((group) => this.met(group))], source);
    }
    if (symbol.exceptions.length > 0 || symbol.exceptionGroups.length > 0) {
      base = join("and", [base, ...symbol.exceptions.map((exception) => negate(conditions.of(exception))), ...symbol.exceptionGroups.map((group) => negate(this.met(group)))], source);
    }
    return base;
  }

  private list(symbol: CriterionSymbol): Formula {
    const { op, open } = symbol.combination ?? { op: "all" as const, open: false };
    const source = placeOf(symbol);
    const opaque = (): Formula => this.conditions.opaque(`list of ${symbol.index}`, source);
    switch (op) {
      case "at-least": case "exactly": return opaque();
      // Another item of an open list may be met, and it is never certain that none is.
      case "any": return join("or", [...symbol.items.map((item) => this.met(item)), ...(open ? [opaque()] : [])], source);
      case "none": return open ? opaque() : join("and", symbol.items.map((item) => negate(this.met(item))), source);
      case "all": {
        const items = symbol.items.map((item) => (item.guards.length === 0 ? this.met(item) : join("or", [negate(this.guard(item)), this.met(item)], placeOf(item))));
        if (symbol.items.every((item) => item.guards.length > 0)) items.push(join("or", symbol.items.map((item) => this.guard(item)), source));
        return join("and", items, source);
      }
    }
  }

  /** Whether a criterion applies. */
  guard(symbol: CriterionSymbol): Formula {
    return join("and", symbol.guards.map((guard) => this.conditions.of(guard)), placeOf(symbol));
  }
}

/** The criteria of a policy as formulas, made as they are asked for. */
export const criterionFormulas = (policy: LintedPolicy): CriterionFormulas => new CriterionFormulas(policy);

/** How two criteria stand to one another where the second says what the first said and so adds nothing. */
export interface Twins {
  /** Items of one list. */
  readonly siblings: boolean;
  /** The list that both decide. */
  readonly list: CriterionSymbol | undefined;
}

const plain = (symbol: CriterionSymbol): boolean => symbol.conditions.length === 0 && symbol.guards.length === 0 && symbol.exceptions.length === 0 && symbol.exceptionGroups.length === 0 && symbol.waivers.length === 0
  && symbol.waiverGroups.length === 0 && symbol.conditionGroups.length === 0;

/**
 * Tells whether a second criterion with the same meaning can add anything. It cannot beside the first in one list, nor where
 * only "any" lists (or only "all" lists) lie between the two, nor below a list whose own item says it already. Where conditions
 * or lists of another kind lie between them, each may have its reason. Statements are not compared.
 */
export function twins(first: CriterionSymbol, second: CriterionSymbol): Twins | undefined {
  if (first.statement !== second.statement) return undefined;
  if (first.parent === second.parent) return { siblings: true, list: first.parent };
  let a: CriterionSymbol | undefined = first;
  let b: CriterionSymbol | undefined = second;
  // Up to the list in which their paths part.
  while (a !== undefined && b !== undefined && a.parent !== b.parent) {
    if (a.depth >= b.depth) a = a.parent;
    else b = b.parent;
  }
  const list = a?.parent;
  if (a === undefined || b === undefined || list === undefined || a === b || !list.items.includes(a) || !list.items.includes(b)) return undefined;
  const op = list.combination?.op;
  if (op !== "any" && op !== "all") return undefined;
  if (a.guards.length > 0 || b.guards.length > 0) return undefined;
  const between = (from: CriterionSymbol, holds: (up: CriterionSymbol, child: CriterionSymbol) => boolean): boolean => {
    for (let child = from, up = from.parent; up !== undefined && up !== list; child = up, up = up.parent) if (!holds(up, child)) return false;
    return true;
  };
  const below = (up: CriterionSymbol, child: CriterionSymbol): boolean => up.items.includes(child) && (up.combination?.op === "any" || up.combination?.op === "all");
  const same = (up: CriterionSymbol, child: CriterionSymbol): boolean => up.items.includes(child) && up.combination?.op === op && plain(up);
  if (a === first ? between(second, below) : b === second ? between(first, below) : between(first, same) && between(second, same)) return { siblings: false, list };
  return undefined;
}

/** Where criteria that conditions refer to stand: they are looked at outside of their list and statement. */
export function referredTo({ analysis }: LintedPolicy): ReadonlySet<CriterionSymbol> {
  const found = new Set<CriterionSymbol>();
  const sections = analysis.document.sections.filter((section) => section.kind === "criteria" || section.kind === "define");
  for (const use of analysis.uses) {
    if (use.symbol.kind !== "criterion" || use.declaration) continue;
    if (sections.some((section) => section.start <= use.start && use.start < section.end)) found.add(use.symbol);
  }
  return found;
}
