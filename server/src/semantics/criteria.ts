// Builds the tree of criteria: addresses, statements, combinations; checks labels, connectors and scopes.
import type * as A from "../syntax/ast.js";
import { readStatementPhrase, withoutComments } from "../syntax/prose.js";
import { counted, folded, type Range } from "../text.js";
import { ALL_OTHERS, type CombinatorOp, LINES_OF_BUSINESS } from "../vocabulary.js";
import { misplacedApproval, resolveApproval } from "./approval.js";
import { checkPattern, entriesFor } from "./codes.js";
import { pathwayWords, resolveCondition } from "./conditions.js";
import { type CheckedStatement, type Checking, didYouMean, type NotedUse, noteUse, report } from "./context.js";
import { sizeOf } from "./definitions.js";
import { ordinal, schemeOf, segmentAt } from "./labels.js";
import type { CodeEntry, CodeSet, Combination, Condition, CriterionSymbol, Scope, StatementSymbol } from "./model.js";

interface Tree {
  readonly criteria: CriterionSymbol[];
  readonly statements: StatementSymbol[];
  /** Statements that are checked anew; the others were taken over. */
  readonly fresh: { readonly node: A.Criterion; readonly from: number; readonly end: number; readonly findings: number; readonly uses: readonly NotedUse[] }[];
  readonly kept: Map<A.Criterion, CheckedStatement>;
}

/** First pass: the tree with its addresses, so that conditions can refer to criteria further down. */
export function buildCriteria(checking: Checking, document: A.Document, before: ReadonlyMap<A.Criterion, CheckedStatement>): Tree {
  const tree: Tree = { criteria: [], statements: [], fresh: [], kept: new Map() };
  for (const section of document.sections) {
    if (section.kind !== "criteria") continue;
    const labels: CriterionSymbol[] = [];
    for (const entry of section.body) {
      if (entry.kind === "criterion") labels.push(takeOver(checking, tree, entry, labels.length, before.get(entry)) ?? buildAnew(checking, tree, entry, labels.length));
      else if (entry.kind === "approvalDuration" || entry.kind === "quantityLimit") misplacedApproval(checking, entry, "at the level of the statements");
      else if (entry.kind !== "note") misplaced(checking, entry, "at the level of the statements");
    }
    checkLabels(checking, labels);
  }
  return tree;
}

function buildAnew(checking: Checking, tree: Tree, node: A.Criterion, place: number): CriterionSymbol {
  const from = tree.criteria.length;
  const uses = checking.uses.length;
  const findings = checking.found.length;
  const symbol = buildStatement(checking, tree, node, place);
  tree.fresh.push({ node, from, end: tree.criteria.length, findings: checking.found.length - findings, uses: checking.uses.slice(uses) });
  return symbol;
}

/**
 * Takes over a statement of the version before, if its text is the same and everything it refers to still means the same. The
 * symbols are those of before; only their places in the order change.
 */
function takeOver(checking: Checking, tree: Tree, node: A.Criterion, place: number, before: CheckedStatement | undefined): CriterionSymbol | undefined {
  if (before === undefined) return undefined;
  const root = before.criteria[0]!;
  if (root.address !== segmentOf(node, place) || checking.byAddress.has(root.address)) return undefined;
  if (checking.sameFacts !== true) for (const { symbol } of before.uses) if (symbol.kind === "fact" && symbol.owner === undefined && checking.facts.get(symbol.name) !== symbol) return undefined;
  const { statement } = root;
  statement.index = tree.criteria.length;
  statement.phrase = phraseOf(checking, node);
  tree.statements.push(statement);
  for (const symbol of before.criteria) {
    symbol.index = tree.criteria.length;
    tree.criteria.push(symbol);
    if (symbol.role === "criterion") checking.byAddress.set(symbol.address, symbol);
  }
  for (const use of before.uses) checking.uses.push(use);
  tree.kept.set(node, before);
  return root;
}

function phraseOf(checking: Checking, { prose }: A.Criterion): StatementSymbol["phrase"] {
  return prose === undefined ? undefined : readStatementPhrase(withoutComments(checking.text.text, prose, checking.text.comments), prose.start);
}

function misplaced(checking: Checking, entry: A.ConditionClause | A.ScopeClause, where: string): void {
  const word = entry.kind === "waived" ? "waived when" : entry.kind;
  if (entry.kind === "scope") report(checking, "misplaced-scope", entry.keyword, `\`applies to\` stands ${where}; only a whole statement has a scope.`, { help: "Move it directly under the statement, above its items; for one criterion write `if` and a condition." });
  else report(checking, "misplaced-clause", entry.keyword, `\`${word}\` stands ${where}, so it belongs to no criterion.`, { help: "Indent it under the label of the criterion it belongs to." });
}

function buildStatement(checking: Checking, tree: Tree, node: A.Criterion, place: number): CriterionSymbol {
  const text = node.prose === undefined ? "" : withoutComments(checking.text.text, node.prose, checking.text.comments);
  const phrase = phraseOf(checking, node);
  const segment = segmentOf(node, place);
  if (phrase === undefined) {
    const at = node.prose ?? node.label ?? node;
    report(checking, "missing-determination", { start: at.start, end: Math.min(at.end, at.start + 80) }, `Statement ${segment} does not say what follows when it is met.`, { help: "Write that the service \"is medically necessary\", \"is not medically necessary\", \"is investigational\", or \"see\" another policy." });
  }
  if (phrase?.unclear !== undefined) {
    report(checking, "unclear-determination", phrase, `"${folded(checking.text.text.slice(phrase.start, phrase.end))}" beside "${folded(phrase.unclear)}" can be read as approving and as not approving.`, { help: "Say one thing in a statement: \"… is medically necessary when …\", \"… is not medically necessary when …\" or \"… is investigational\"." });
  }
  const statement: StatementSymbol = { kind: "statement", statement: phrase?.kind ?? "necessary", phrase, scopes: [], index: tree.criteria.length, address: segment };
  tree.statements.push(statement);
  const symbol = addCriterion(checking, tree, node, "criterion", segment, segment, undefined, statement, 0);
  // With items or conditions of its own, a statement is about those.
  const own = node.body.some((entry) => entry.kind === "criterion" || entry.kind === "when" || entry.kind === "if");
  if (!own && statement.statement !== "necessary" && ALL_OTHERS.test(text)) symbol.allOthers = true;
  checkReferenceInWords(checking, node, text);
  return symbol;
}

const REFERENCE_IN_WORDS = /\b(?:when|if|unless|except)\b[^.;]{0,80}?\bcriteri(?:on|a)\s+(?:in\s+)?[IVXLC]+\b(?:\.\w+)*/i;

/** "when criteria I.A and I.B are not met" and the like are words for the reader alone. */
function checkReferenceInWords(checking: Checking, node: A.Criterion, text: string): void {
  const match = node.prose === undefined ? null : REFERENCE_IN_WORDS.exec(text);
  if (match === null || node.body.some((entry) => entry.kind === "when" || entry.kind === "unless" || entry.kind === "if")) return;
  const start = node.prose!.start + match.index;
  report(checking, "unread-reference", { start, end: start + match[0].length }, `"${folded(match[0])}" is read as words, not as a condition.`, { help: "Write it as a condition on a line of its own, such as `when criterion I.A is not met and criterion I.B is not met`." });
}

function segmentOf(node: A.Criterion, place: number): string {
  const segment = node.label?.segment;
  return segment === undefined || segment === "" ? `*${place + 1}` : segment;
}

function addCriterion(checking: Checking, tree: Tree, node: A.Criterion | A.ConditionClause, role: CriterionSymbol["role"], label: string, address: string, parent: CriterionSymbol | undefined, statement: StatementSymbol, depth: number): CriterionSymbol {
  const symbol: CriterionSymbol = {
    kind: "criterion", index: tree.criteria.length, role, address, label, node, parent, statement, depth, items: NONE, combination: undefined, conditions: NONE, conditionGroups: NONE,
    exceptions: NONE, exceptionGroups: NONE, waivers: NONE, waiverGroups: NONE, guards: NONE, attested: false, scopeOnly: false, allOthers: false, notes: NONE,
  };
  tree.criteria.push(symbol);
  if (node.kind === "criterion") declare(checking, symbol, node);
  buildBody(checking, tree, symbol);
  return symbol;
}

function declare(checking: Checking, symbol: CriterionSymbol, node: A.Criterion): void {
  if (node.label === undefined) {
    report(checking, "missing-label", node.prose ?? node, "This criterion has no label.", { help: "Begin it with a label such as `A.`, or with `note` if it is a remark." });
  } else {
    noteUse(checking, node.label, symbol, true);
  }
  if (node.prose === undefined && node.body.length === 0) {
    report(checking, "empty-criterion", node.label ?? node, `${symbol.address} has no words.`, { help: "Write the criterion behind its label." });
  }
  const twin = checking.byAddress.get(symbol.address);
  if (twin === undefined) {
    checking.byAddress.set(symbol.address, symbol);
  } else {
    report(checking, "duplicate-label", node.label ?? node, `Two criteria have the address ${symbol.address}.`, {
      help: "Give every item of a list a label of its own; items below `unless` and `if` go on with the labels of their criterion.",
      related: [{ start: twin.node.start, end: (twin.node.kind === "criterion" ? twin.node.label ?? twin.node : twin.node).end, message: `${symbol.address} stands here first.` }],
    });
  }
}

// Most criteria have one list or none: an empty one is shared until something is added.
const NONE: readonly never[] = Object.freeze([]);
function added<T>(list: readonly T[], item: T): readonly T[] {
  if (list.length === 0) return [item];
  (list as T[]).push(item);
  return list;
}

const GROUP_ROLES = { when: "condition group", unless: "exception group", waived: "waiver group", if: "guarded group" } as const;

const GROUP_HOMES = { when: "conditionGroups", unless: "exceptionGroups", waived: "waiverGroups", if: "items" } as const;
const CONDITION_HOMES = { when: "conditions", unless: "exceptions", waived: "waivers", if: "guards" } as const;

/** Items, groups and notes below a criterion or group; the conditions follow in the second pass. */
function buildBody(checking: Checking, tree: Tree, symbol: CriterionSymbol): void {
  let labels: readonly CriterionSymbol[] = NONE;
  let behindItems = false;
  for (const entry of symbol.node.body) {
    switch (entry.kind) {
      case "criterion": {
        const segment = segmentOf(entry, labels.length);
        const item = addCriterion(checking, tree, entry, "criterion", segment, `${symbol.address}.${segment}`, symbol, symbol.statement, symbol.depth + 1);
        symbol.items = added(symbol.items, item);
        labels = added(labels, item);
        behindItems = true;
        break;
      }
      case "note":
        symbol.notes = added(symbol.notes, entry);
        break;
      case "scope":
        if (symbol.parent !== undefined) misplaced(checking, entry, "below a criterion that is no statement");
        break;
      case "approvalDuration": case "quantityLimit":
        if (symbol.parent !== undefined) misplacedApproval(checking, entry, "below a criterion that is no statement");
        break;
      case "when": case "unless": case "waived": case "if": {
        if (entry.combinator === undefined && entry.body.length === 0) {
          if (behindItems && entry.kind === "when") report(checking, "misplaced-clause", entry.keyword, `This \`when\` stands below the items of ${symbol.address}, at their level.`, { help: `Indent it under the item it belongs to, or move it above the items if it belongs to ${symbol.address}.` });
          break;
        }
        const group = addCriterion(checking, tree, entry, GROUP_ROLES[entry.kind], "", symbol.address, symbol, symbol.statement, symbol.depth + 1);
        const home = GROUP_HOMES[entry.kind];
        symbol[home] = added(symbol[home], group);
        break;
      }
    }
  }
  checkLabels(checking, labels);
  symbol.combination = combination(checking, symbol);
}

// ── Combination ───────────────────────────────────────────────────────────────────────────────────────────────────────
const OP_TEXT: Readonly<Record<CombinatorOp, string>> = { all: "all of the following", any: "any of the following", none: "none of the following", "at-least": "at least N of the following", exactly: "exactly N of the following" };

function combination(checking: Checking, symbol: CriterionSymbol): Combination | undefined {
  const { node } = symbol;
  const combinator = node.kind === "criterion" ? node.prose?.combinator : node.combinator;
  const { items } = symbol;
  const place = combinator ?? (node.kind === "criterion" ? tailOf(checking.text.text, node) : node.keyword);
  if (items.length === 0) {
    // The list may be that of a clause: "is necessary for any of the following:" with `when any of the following:` below.
    if (combinator !== undefined && !node.body.some((entry) => entry.kind === "when" || entry.kind === "unless" || entry.kind === "waived" || entry.kind === "if")) {
      report(checking, "combinator-without-items", combinator, `${symbol.address} announces "${checking.text.text.slice(combinator.start, combinator.end)}", and no items follow.`, { help: "Indent the items below it, each with a label." });
    }
    return undefined;
  }
  if (combinator === undefined) return impliedCombination(checking, symbol, place);
  if (combinator.unclear !== undefined) {
    report(checking, "unclear-combinator", combinator, `"${folded(checking.text.text.slice(combinator.start, combinator.end))}" beside "${combinator.unclear}" can be read in more than one way, so it is not known how the items of ${symbol.address} decide.`, {
      help: "Announce the list alone, as \"all of the following:\", \"any of the following:\", \"at least 2 of the following:\" or \"none of the following:\"; write what rules it out as `unless any of the following:` on a line of its own.",
    });
    return undefined;
  }
  if ((combinator.op === "at-least" || combinator.op === "exactly") && combinator.count > items.length) {
    report(checking, "combinator-count", combinator, `${counted(combinator.count, "item")} must be met, and the list has ${items.length}.`, { help: "Check the number, and the indentation of the items." });
  }
  checkConnectors(checking, symbol, combinator.op);
  return { op: combinator.op, count: combinator.count, open: combinator.open };
}

/** The last words of a criterion's prose, where its list is announced. */
function tailOf(text: string, node: A.Criterion): Range {
  if (node.prose === undefined) return node.label ?? node;
  const { start, end } = node.prose;
  if (end - start <= 40) return { start, end };
  const space = text.slice(end - 40, end).search(/\s\S/u);
  return { start: space < 0 ? end - 40 : end - 40 + space + 1, end };
}

const connectorsOf = (symbol: CriterionSymbol): readonly (A.Connector | undefined)[] =>
  symbol.items.map((item) => (item.node.kind === "criterion" && item.items.length === 0 ? item.node.prose?.connector : undefined));

function impliedCombination(checking: Checking, symbol: CriterionSymbol, place: Range): Combination | undefined {
  const connectors = connectorsOf(symbol);
  const words = new Set(connectors.slice(0, -1).map((connector) => connector?.word));
  const [word] = words;
  if (symbol.items.length > 1 && words.size === 1 && word !== undefined) {
    const op = word === "or" ? "any" : "all";
    report(checking, "implied-combinator", place, `Only the "; ${word}" of its items says how many items of ${symbol.address} must be met.`, { help: `Write "${OP_TEXT[op]}:" at the end of its text.` });
    return { op, count: 0, open: false };
  }
  report(checking, "missing-combinator", place, `Items follow, and nothing says how many of them must be met for ${symbol.address}.`, { help: "End its text with \"all of the following:\", \"any of the following:\" or \"at least 2 of the following:\"." });
  return undefined;
}

function checkConnectors(checking: Checking, symbol: CriterionSymbol, op: CombinatorOp): void {
  const expected = op === "all" ? "and" : op === "any" || op === "at-least" || op === "exactly" ? "or" : undefined;
  if (expected === undefined) return;
  connectorsOf(symbol).forEach((connector, i) => {
    // The last item may carry the connector of its parent.
    if (connector === undefined || connector.word === expected || i === symbol.items.length - 1) return;
    if (op === "at-least" || op === "exactly") return;
    report(checking, "contradicting-connector", connector, `"${connector.word}" contradicts "${OP_TEXT[op]}", which decides the list of ${symbol.address}.`, { help: `Write "; ${expected}", or change how the list is announced.` });
  });
}

// ── Labels ────────────────────────────────────────────────────────────────────────────────────────────────────────────
function checkLabels(checking: Checking, symbols: readonly CriterionSymbol[]): void {
  if (symbols.length < 2) return;
  const labelled = symbols.filter((symbol) => symbol.node.kind === "criterion" && symbol.node.label !== undefined && symbol.node.label.segment !== "");
  if (labelled.length < 2) return;
  const scheme = schemeOf(labelled.map((symbol) => symbol.label));
  if (scheme === undefined) return;
  let expected: number | undefined;
  for (const symbol of labelled) {
    const label = (symbol.node as A.Criterion).label!;
    const place = ordinal(label.segment, scheme);
    if (place === undefined) {
      const wanted = segmentAt((expected ?? 0) + 1, scheme);
      report(checking, "label-scheme", label, `The label \`${label.text}\` is of another kind than those beside it.`, { help: `Write \`${label.text.replace(label.segment, wanted)}\`.`, replacement: label.text.replace(label.segment, wanted) });
      expected = (expected ?? 0) + 1;
      continue;
    }
    if (expected !== undefined && place !== expected + 1 && place !== expected) {
      const wanted = segmentAt(expected + 1, scheme);
      report(checking, "label-order", label, `After \`${segmentAt(expected, scheme)}\` comes \`${wanted}\`, not \`${label.segment}\`.`, { help: "Number the items in order, or look for one that is missing.", replacement: label.text.replace(label.segment, wanted) });
    }
    expected = place;
  }
}

// ── Second pass ───────────────────────────────────────────────────────────────────────────────────────────────────────
/** Resolves conditions and scopes of the statements that are checked anew, and tells which criteria are attested. */
export function resolveCriteria(checking: Checking, tree: Tree, codes: ReadonlyMap<string, readonly CodeEntry[]>): void {
  for (const { node, from, end, findings, uses } of tree.fresh) {
    const found = checking.found.length;
    const used = checking.uses.length;
    const references = checking.criterionReferences.count;
    const criteria = tree.criteria.slice(from, end);
    for (const symbol of criteria) resolveCriterion(checking, symbol, codes);
    for (const symbol of criteria) settle(checking, symbol);
    const all = [...uses, ...checking.uses.slice(used)];
    // What refers beyond itself and the facts, or has a finding, is checked in every version.
    const selfContained = findings === 0 && checking.found.length === found && checking.criterionReferences.count === references
      && !criteria[0]!.allOthers && !criteria[0]!.statement.scopes.some((scope) => scope.kind === "codes") && criteria[0]!.statement.approval?.quantities.some(({ codes: limited }) => limited.length > 0) !== true && all.every(({ symbol }) => symbol.kind !== "definition");
    if (selfContained) tree.kept.set(node, { criteria, uses: all });
  }
}

function resolveCriterion(checking: Checking, symbol: CriterionSymbol, codes: ReadonlyMap<string, readonly CodeEntry[]>): void {
  for (const entry of symbol.node.body) {
    if (entry.kind === "scope") {
      if (symbol.parent === undefined) resolveScope(checking, symbol.statement, entry, codes);
    } else if (entry.kind === "approvalDuration" || entry.kind === "quantityLimit") {
      if (symbol.parent === undefined) resolveApproval(checking, symbol.statement, entry, codes);
    } else if (entry.kind === "when" || entry.kind === "unless" || entry.kind === "waived" || entry.kind === "if") {
      if (entry.combinator === undefined && entry.body.length === 0) addCondition(checking, symbol, entry);
    }
  }
  const { node } = symbol;
  // The guard of a group, and a condition in front of a clause's items.
  if (node.kind === "criterion" || node.condition === undefined) return;
  const condition = resolveCondition(checking, node.condition);
  if (condition === undefined) return;
  const home = node.kind === "if" ? "guards" : "conditions";
  symbol[home] = added(symbol[home], condition);
}

function settle(checking: Checking, symbol: CriterionSymbol): void {
  const decided = symbol.items.length > 0 || symbol.conditionGroups.length > 0 || symbol.allOthers || symbol.node.body.some((entry) => entry.kind === "when");
  // "is not medically necessary unless criterion I is met" holds but for its exception.
  const excepted = symbol.node.body.some((entry) => entry.kind === "unless" && entry.inline === true);
  const limiting = symbol.parent === undefined && symbol.statement.statement !== "necessary" && (excepted || (symbol.statement.scopes.length > 0 && !saysWhen(checking, symbol)));
  symbol.scopeOnly = !decided && limiting;
  symbol.attested = !decided && !limiting && symbol.role === "criterion";
}

// "is investigational when …" in words that are no condition of the language is for the reviewer to answer.
function saysWhen(checking: Checking, { node }: CriterionSymbol): boolean {
  return node.kind === "criterion" && node.prose !== undefined && /\b(?:when|if|unless|except)\b/i.test(checking.text.text.slice(node.prose.start, node.prose.end));
}

function addCondition(checking: Checking, symbol: CriterionSymbol, clause: A.ConditionClause): void {
  if (clause.condition === undefined) return;
  const condition = resolveCondition(checking, clause.condition);
  if (condition === undefined) return;
  const home = CONDITION_HOMES[clause.kind];
  symbol[home] = added(symbol[home], condition);
}

function resolveScope(checking: Checking, statement: StatementSymbol, node: A.ScopeClause, codes: ReadonlyMap<string, readonly CodeEntry[]>): void {
  const scope = readScope(checking, node, codes);
  if (scope !== undefined) statement.scopes.push(scope);
}

function readScope(checking: Checking, node: A.ScopeClause, table: ReadonlyMap<string, readonly CodeEntry[]>): Scope | undefined {
  if (node.condition !== undefined) {
    const condition = resolveCondition(checking, node.condition);
    return condition && { kind: "condition", condition, node };
  }
  const subject = node.subject?.text ?? "";
  if (subject.startsWith("code")) {
    const sets: CodeSet[] = [];
    for (const pattern of node.codes) {
      const set = checkPattern(checking, pattern, []);
      if (set === undefined) continue;
      sets.push(set);
      if (table.size > 0 && entriesFor(table, pattern.from, set.system).length === 0) {
        report(checking, "unlisted-code", pattern, `\`${pattern.from}\` is not in the \`codes\` section.`, { help: "Add a row for it, or take it out of the statement." });
      }
    }
    return { kind: "codes", codes: sets, node };
  }
  if (subject.startsWith("line")) {
    for (const word of node.words) checkLineOfBusiness(checking, word);
    return { kind: "line of business", values: node.words.map((word) => word.text), node };
  }
  if (subject.startsWith("pathway")) {
    for (const word of node.words) checkPathway(checking, word);
    return { kind: "pathway", values: node.words.map((word) => word.text), node };
  }
  return undefined;
}

/** Reports a line of business that is not known. */
export function checkLineOfBusiness(checking: Checking, word: A.Word): boolean {
  if ((LINES_OF_BUSINESS as readonly string[]).includes(word.text)) return true;
  report(checking, "unknown-line-of-business", word, `\`${word.text}\` is no line of business the tool knows.`, didYouMean(word.text, LINES_OF_BUSINESS, `Known are ${LINES_OF_BUSINESS.join(", ")}.`));
  return false;
}

/** Reports a request pathway that is not known. */
export function checkPathway(checking: Checking, word: A.Word): boolean {
  if (pathwayWords.includes(word.text)) return true;
  report(checking, "unknown-pathway", word, `\`${word.text}\` is no request pathway.`, didYouMean(word.text, pathwayWords, `Pathways are ${pathwayWords.join(", ")}.`));
  return false;
}

/** Criteria and their conditions may stand this deep one upon another. */
const DEEPEST_CRITERIA = 1000;

interface Step {
  readonly index: number;
  readonly next: Iterator<{ readonly index: number; readonly source: Range }>;
  /** Depth of what it stands upon. */
  below: number;
}

/** Reports criteria that are decided by themselves through references, and chains of references that are too long to follow. */
export function checkCircles(checking: Checking, criteria: readonly CriterionSymbol[], statements: readonly StatementSymbol[]): void {
  const OPEN = 1;
  const DONE = 2;
  const state = new Uint8Array(criteria.length);
  const depths = new Int32Array(criteria.length);
  const begin = (symbol: CriterionSymbol): Step => {
    state[symbol.index] = OPEN;
    return { index: symbol.index, next: dependencies(symbol, criteria, statements), below: 0 };
  };
  for (const root of criteria) {
    if (state[root.index] !== 0) continue;
    const steps = [begin(root)];
    for (let top = steps.at(-1); top !== undefined; top = steps.at(-1)) {
      const step = top.next.next();
      if (step.done === true) {
        state[top.index] = DONE;
        depths[top.index] = depthOf(checking, criteria[top.index]!, top.below);
        steps.pop();
        const parent = steps.at(-1);
        if (parent !== undefined) parent.below = Math.max(parent.below, depths[top.index]!);
      } else if (state[step.value.index] === OPEN) {
        report(checking, "definition-cycle", step.value.source, `${criteria[step.value.index]!.address} is decided by itself.`, { help: "Refer to a criterion that does not depend on this one." });
      } else if (state[step.value.index] === DONE) {
        top.below = Math.max(top.below, depths[step.value.index]!);
      } else {
        steps.push(begin(criteria[step.value.index]!));
      }
    }
  }
}

/**
 * Reports references into a list that an `if` opens, from outside of it: where the list does not apply, the criterion is neither met
 * nor not met, and its own outcome does not tell. An `if` of the criterion itself is asked by every reference.
 */
export function checkGuardedReferences(checking: Checking, criteria: readonly CriterionSymbol[]): void {
  const told = new Set<number>();
  for (const symbol of criteria) {
    const scopes = symbol.statement.index === symbol.index ? symbol.statement.scopes.flatMap((scope) => (scope.kind === "condition" ? [scope.condition] : [])) : [];
    for (const condition of [...symbol.conditions, ...symbol.exceptions, ...symbol.waivers, ...symbol.guards, ...scopes]) {
      for (const { index, source } of references(condition)) {
        const target = criteria[index]!;
        const around = guardAbove(target, symbol);
        if (around === undefined || told.has(source.start)) continue;
        told.add(source.start);
        const guard = folded(checking.text.text.slice(around.guards[0]!.source.start, around.guards[0]!.source.end));
        report(checking, "guarded-reference", source, `${target.address} stands under \`if ${guard}\`, and this reference does not ask whether that holds.`, {
          help: `Where it does not, ${target.address} is neither met nor not met. Give ${target.address} the \`if\` itself, or refer to ${around.address}, which the \`if\` belongs to.`,
        });
      }
    }
  }
}

/** What stands above a criterion, has a guard, and is not also around the place that refers to it. */
function guardAbove(target: CriterionSymbol, from: CriterionSymbol): CriterionSymbol | undefined {
  const around = new Set<CriterionSymbol>();
  for (let each: CriterionSymbol | undefined = from; each !== undefined; each = each.parent) around.add(each);
  for (let each = target.parent; each !== undefined; each = each.parent) if (each.guards.length > 0 && !around.has(each)) return each;
  return undefined;
}

function depthOf(checking: Checking, symbol: CriterionSymbol, below: number): number {
  const own = [...symbol.conditions, ...symbol.exceptions, ...symbol.waivers, ...symbol.guards].reduce((most, condition) => Math.max(most, sizeOf(condition).depth), 0);
  if (below + own < DEEPEST_CRITERIA) return below + own + 1;
  const { node } = symbol;
  report(checking, "nested-too-deeply", node.kind === "criterion" ? (node.label ?? node) : node.keyword, `${symbol.address} stands upon a chain of criteria and conditions that is more than ${DEEPEST_CRITERIA} long.`, { help: "Refer to the criterion that decides, not to one that refers to it." });
  return 0;
}

function* dependencies(symbol: CriterionSymbol, criteria: readonly CriterionSymbol[], statements: readonly StatementSymbol[]): Generator<{ index: number; source: Range }> {
  for (const part of [...symbol.items, ...symbol.conditionGroups, ...symbol.exceptionGroups, ...symbol.waiverGroups]) yield { index: part.index, source: part.node };
  if (symbol.allOthers) {
    for (const statement of statements) {
      if (statement.statement !== "necessary") continue;
      yield { index: statement.index, source: (criteria[symbol.index]!.node as A.Criterion).prose ?? symbol.node };
      for (const scope of statement.scopes) if (scope.kind === "condition") yield* references(scope.condition);
    }
  }
  for (const condition of [...symbol.conditions, ...symbol.exceptions, ...symbol.waivers, ...symbol.guards]) yield* references(condition);
}

function* references(condition: Condition): Generator<{ index: number; source: Range }> {
  switch (condition.kind) {
    case "criterion": yield { index: condition.index, source: condition.source }; break;
    case "and": case "or": for (const operand of condition.operands) yield* references(operand); break;
    case "not": yield* references(condition.operand); break;
    case "definition": yield* references(condition.condition); break;
    case "quantified": case "count": if (condition.records.filter !== undefined) yield* references(condition.records.filter); break;
    default: break;
  }
}

