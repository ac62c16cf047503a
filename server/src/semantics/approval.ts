// What an approval comes with: checks the approval duration and the quantity limits of a statement.
import type * as A from "../syntax/ast.js";
import { withoutComments } from "../syntax/prose.js";
import { folded } from "../text.js";
import { checkPattern, entriesFor } from "./codes.js";
import { type Checking, didYouMean, report } from "./context.js";
import type { ApprovalTerms, CodeEntry, CodeSet, QuantityLimit, StatementSymbol, TimeUnit } from "./model.js";

type Clause = A.DurationClause | A.QuantityClause;
const WORDS = { approvalDuration: "approval duration", quantityLimit: "quantity limit" } as const;

const TIME_UNITS: Readonly<Record<string, TimeUnit>> = { day: "days", days: "days", d: "days", week: "weeks", weeks: "weeks", wk: "weeks", month: "months", months: "months", mo: "months", year: "years", years: "years", a: "years" };
const TIME_WORDS = ["days", "weeks", "months", "years"];
const OTHER_TIMES = /^(?:h|hours?|min|minutes?|seconds?)$/u;

/** Reports an approval duration or a quantity limit that belongs to no statement of medical necessity. */
export function misplacedApproval(checking: Checking, node: Clause, where: string): void {
  const { kind, keyword } = node;
  // Words that only happen to begin like this have been spoken of.
  if ((node.kind === "approvalDuration" ? node.length : node.amount) === undefined) return;
  report(checking, "misplaced-approval", keyword, `\`${WORDS[kind]}\` stands ${where}; only a whole statement of medical necessity approves.`, { help: "Move it directly under the statement, in line with its items." });
}

/** Adds what an approval or a limit says to its statement. */
export function resolveApproval(checking: Checking, statement: StatementSymbol, node: Clause, codes: ReadonlyMap<string, readonly CodeEntry[]>): void {
  if (statement.statement !== "necessary") {
    report(checking, "misplaced-approval", node.keyword, `\`${WORDS[node.kind]}\` stands in statement ${statement.address}, which approves nothing.`, { help: "Write it under the statement that says what is medically necessary." });
    return;
  }
  const terms = statement.approval ?? { quantities: [] };
  if (node.kind === "approvalDuration" ? addDuration(checking, statement, terms, node) : addLimit(checking, statement, terms, node, codes)) statement.approval = terms;
}

/** The words behind the keyword, without comments. */
const wordsOf = (checking: Checking, { keyword, end }: Clause): string =>
  folded(withoutComments(checking.text.text, { start: keyword.end, end }, checking.text.comments)).replace(/^:\s*|\s*[.;]$/gu, "");

function addDuration(checking: Checking, statement: StatementSymbol, terms: ApprovalTerms, node: A.DurationClause): boolean {
  const read = node.length && lengthOf(checking, node.length, "An approval");
  if (read === undefined) return false;
  if (terms.duration !== undefined) {
    const { node: first } = terms.duration;
    report(checking, "duplicate-approval", node, `Statement ${statement.address} has two approval durations.`, {
      help: "Keep one. Where it depends on the request, write a statement for each, with `applies to`.", related: [{ start: first.start, end: first.end, message: "The first stands here." }],
    });
    return false;
  }
  terms.duration = { ...read, text: wordsOf(checking, node), node };
  return true;
}

/** A whole number of days or calendar months. */
function lengthOf(checking: Checking, { value, unit, start, end }: A.Quantity, what: string): { value: number; unit: TimeUnit; months?: number; days?: number } | undefined {
  const named = unit === undefined ? undefined : TIME_UNITS[unit.text];
  if (unit === undefined || named === undefined) {
    const word = unit?.text ?? "";
    const place = unit ?? { start, end };
    if (OTHER_TIMES.test(word)) report(checking, "invalid-duration", place, `${what} is counted in whole days, not in ${word}.`, { help: "Write days, weeks, months or years." });
    else report(checking, "invalid-duration", place, `\`${word}\` is no length of time.`, didYouMean(word.toLowerCase(), TIME_WORDS, "Write days, weeks, months or years."));
    return undefined;
  }
  const calendar = named === "months" || named === "years";
  const count = value * (named === "years" ? 12 : named === "weeks" ? 7 : 1);
  if (count <= 0 || !Number.isInteger(count)) {
    report(checking, "invalid-duration", { start, end }, count <= 0 ? "Nothing lasts for no time at all." : `${what} is counted in whole ${calendar ? "months" : "days"}.`, { help: `Write a whole number of ${calendar ? "months" : "days"} that is more than 0.` });
    return undefined;
  }
  // Beyond a century a figure has slipped in, and the last day would leave the calendar.
  if (count > (calendar ? 1_200 : 36_525)) {
    report(checking, "invalid-duration", { start, end }, `${what} of more than 100 years is a slip.`, { help: "Leave the line out where there is no limit." });
    return undefined;
  }
  return { value, unit: named, ...(calendar ? { months: count } : { days: count }) };
}

function addLimit(checking: Checking, statement: StatementSymbol, terms: ApprovalTerms, node: A.QuantityClause, table: ReadonlyMap<string, readonly CodeEntry[]>): boolean {
  const { amount, per } = node;
  if (amount?.unit === undefined) return false;
  if (amount.value <= 0) {
    report(checking, "invalid-quantity", amount, "A limit of nothing approves nothing.", { help: "Write a figure of more than 0, or leave the line out." });
    return false;
  }
  const period = per && lengthOf(checking, per, "The period of a limit");
  const codes: CodeSet[] = [];
  for (const pattern of node.codes) {
    const set = checkPattern(checking, pattern, []);
    if (set === undefined) continue;
    codes.push(set);
    if (table.size > 0 && entriesFor(table, pattern.from, set.system).length === 0) {
      report(checking, "unlisted-code", pattern, `\`${pattern.from}\` is not in the \`codes\` section.`, { help: "Add a row for it, or take it out of the statement." });
    }
  }
  if ((per !== undefined && period === undefined) || codes.length < node.codes.length) return false;
  const limit: QuantityLimit = { value: amount.value, unit: amount.unit.text, codes, per: period && { value: period.value, unit: period.unit }, text: wordsOf(checking, node), node };
  const twin = terms.quantities.find((each) => keyOf(each) === keyOf(limit));
  if (twin !== undefined) {
    report(checking, "duplicate-approval", node, `Statement ${statement.address} limits the same quantity twice.`, {
      help: "Keep one of them.", related: [{ start: twin.node.start, end: twin.node.end, message: "The first stands here." }],
    });
    return false;
  }
  terms.quantities.push(limit);
  return true;
}

/** What a limit counts, and in which period. */
const keyOf = ({ unit, codes, per }: QuantityLimit): string =>
  JSON.stringify([unit.toLowerCase().replace(/s$/u, ""), codes.map(({ system, text }) => `${system ?? ""} ${text}`).sort(), per?.value, per?.unit]);
