// Compares two versions of a policy: what has changed, matched by content. A pure function of two analyses; layout and comments say nothing.
import type { Analysis } from "../semantics/model.js";
import { addressesOf, criteriaChanges, type Names } from "./criteria.js";
import { match } from "./match.js";
import type { Comparison, VersionName } from "./model.js";
import { codeChanges, definitionChanges, definitionNames, factChanges, factNames, headerChanges, noteChanges, referenceChanges, referenceNumbers, revisionChanges, textChanges } from "./tables.js";
import { versionOf } from "./tree.js";

/** What has changed from `before` to `after`: the criteria first, then what they rest on, then the rest. */
export function comparePolicies(before: Analysis, after: Analysis): Comparison {
  const facts = factNames(before, after);
  const old = versionOf(before, (name) => facts.get(name) ?? name);
  const now = versionOf(after, (name) => name);
  match(old, now);
  const names: Names = { addresses: addressesOf(old), facts, definitions: definitionNames(before, after, facts), references: referenceNumbers(old, now) };
  const changes = [
    ...headerChanges(before, after),
    ...criteriaChanges(old, now, names),
    ...definitionChanges(old, now, names),
    ...factChanges(before, after, facts),
    ...codeChanges(old, now, names),
    ...referenceChanges(old, now, names),
    ...noteChanges(old, now, names),
    ...textChanges(old, now, names),
    ...revisionChanges(old, now),
  ];
  return { before: nameOf(before), after: nameOf(after), changes, addresses: names.addresses, facts };
}

function nameOf({ header }: Analysis): VersionName {
  const date = (key: "revised" | "approved" | "effective"): string | undefined => header.fields.get(key)?.date?.text;
  return { number: header.number, title: header.title, revised: date("revised"), approved: date("approved"), effective: date("effective") };
}
