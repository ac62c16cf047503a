// Refactorings: changes of a policy that are offered at a place. Each keeps all words and comments of the writer.
import type { Diagnostic } from "../diagnostic.js";
import type { Analysis } from "../semantics/model.js";
import type { Range } from "../text.js";
import { addCase } from "./refactor/cases.js";
import { extractDefinition, inlineDefinition } from "./refactor/definitions.js";
import { attestedToFact, declareName } from "./refactor/facts.js";
import { labelBullets, renumberList, turnList } from "./refactor/lists.js";
import type { Refactoring } from "./refactor/model.js";
import { addReference, orderReferences } from "./refactor/references.js";

export type { Refactored, Refactoring } from "./refactor/model.js";

/**
 * What is offered at a place, or for a selection; `found` are the findings of the policy, some of which a refactoring mends.
 * Nothing is changed yet: each says what it would change when it is asked (`make`).
 */
export function refactorings(analysis: Analysis, range: Range, found: readonly Diagnostic[], today: number): readonly Refactoring[] {
  const touched = found.filter((each) => each.start <= range.end && each.end >= range.start);
  return [
    ...declareName(analysis, range, touched),
    ...addReference(analysis, range, touched),
    ...renumberList(analysis, range, touched),
    ...labelBullets(analysis, range, touched),
    ...extractDefinition(analysis, range),
    ...inlineDefinition(analysis, range),
    ...turnList(analysis, range),
    ...attestedToFact(analysis, range),
    ...orderReferences(analysis, range, touched),
    ...addCase(analysis, range, touched, today),
  ];
}
