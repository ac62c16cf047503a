// From text to analysis: parses, declares, resolves and checks, in that order. A pure function of the text.
import { type Diagnostic, diagnostic, hasErrors } from "../diagnostic.js";
import { type ParseResult, parse } from "../syntax/parse.js";
import { lineIndex } from "../text.js";
import { checkCases, rawCases } from "./cases.js";
import { readCodeTable } from "./codes.js";
import { addressHelp, type Checked, type Checking, MOST_ADVICE, type NotedUse, noteUse, orderedUses, shown } from "./context.js";
import { buildCriteria, checkCircles, checkGuardedReferences, resolveCriteria } from "./criteria.js";
import { resolveDefinitions } from "./definitions.js";
import { checkCitations, checkHeadings, checkRevisions, readHeader, readReferences } from "./document.js";
import { checkName, declaredFacts, keepFacts, readFacts, sameFacts } from "./facts.js";
import type { Analysis, DefinitionSymbol, Policy, SymbolUse } from "./model.js";

/**
 * Everything that is known of a text. Never throws; the same text always gives the same analysis. With the analysis of the
 * version before, only what changed is parsed again; that analysis must not be used any more.
 */
export function analyze(text: string, uri: string, previous?: Analysis): Analysis {
  return analyzeParsed(parse(text, previous?.parsed), uri, previous?.checked);
}

const NOTHING: Checked = { facts: { symbols: new Map(), nodes: [], uses: [], faulty: false }, statements: new Map() };

/** The analysis of a text that has been parsed. */
export function analyzeParsed(parsed: ParseResult, uri: string, before: Checked = NOTHING): Analysis {
  const { text, document } = parsed;
  const declared = declaredFacts(document);
  const same = sameFacts(declared, before.facts);
  const checking: Checking = { text: { text, comments: document.comments }, found: [], uses: [], facts: same ? before.facts.symbols : new Map(), sameFacts: same || undefined, definitions: new Map(), byAddress: new Map(), criterionReferences: { count: 0 }, advice: { left: MOST_ADVICE } };
  const header = readHeader(checking, document);
  checkHeadings(checking, document);
  const facts = same ? keepFacts(checking, before.facts) : readFacts(checking, declared, before.facts.symbols);
  declareDefinitions(checking, parsed);
  const codes = readCodeTable(checking, document);
  const references = readReferences(checking, document);
  const tree = buildCriteria(checking, document, before.statements);
  const { criteria, statements } = tree;
  resolveDefinitions(checking);
  resolveCriteria(checking, tree, codes);
  if (checking.criterionReferences.count > 0 || criteria.some((symbol) => symbol.allOthers)) checkCircles(checking, criteria, statements);
  if (checking.criterionReferences.count > 0) checkGuardedReferences(checking, criteria);
  checkCitations(checking, parsed.citations, references);
  checkRevisions(checking, document);
  checkRowAddresses(checking, codes);

  const cases = document.sections.find((section) => section.kind === "cases");
  const inCases = (found: Diagnostic): boolean => cases !== undefined && found.start >= cases.start && found.start <= cases.end;
  // A mistake in a case spoils that case only; everything else spoils the policy.
  const spoiled = hasErrors(parsed.diagnostics.filter((found) => !inCases(found))) || hasErrors(checking.found);
  const syntaxErrors = parsed.diagnostics.filter((found) => found.severity === "error" && inCases(found));
  const checked = checkCases(checking, rawCases(checking, document), { facts: checking.facts, byAddress: checking.byAddress, bareNumbers: false }, uri)
    .map((each) => (syntaxErrors.some((found) => found.start >= each.range.start && found.start <= each.range.end) ? { ...each, sound: false } : each));

  const analysis = new TextAnalysis({
    uri, text, parsed, checked: { facts, statements: tree.kept }, lines: lineIndex(text), document, diagnostics: shown([...parsed.diagnostics, ...checking.found]), header, facts: checking.facts, definitions: checking.definitions,
    criteria, byAddress: checking.byAddress, statements, references, codes, cases: checked,
  }, checking.uses);
  if (!spoiled && header.number !== undefined) analysis.policy = { analysis, facts: [...checking.facts.values()], criteria, statements };
  return analysis;
}

type Parts = Omit<Analysis, "uses" | "policy">;
interface TextAnalysis extends Parts {}

/**
 * A class for its getter alone: one that is written in an object literal makes V8 keep every analysis alive for the next one,
 * until all memory is searched for garbage.
 */
class TextAnalysis implements Analysis {
  policy: Policy | undefined;
  #uses: readonly SymbolUse[] | undefined;
  readonly #noted: readonly NotedUse[];

  constructor(parts: Parts, noted: readonly NotedUse[]) {
    Object.assign(this, parts);
    this.#noted = noted;
  }

  /** Put in order when first asked for: a keystroke needs the diagnostics only. */
  get uses(): readonly SymbolUse[] {
    return (this.#uses ??= orderedUses(this.#noted));
  }
}

function declareDefinitions(checking: Checking, { document }: ParseResult): void {
  for (const section of document.sections) {
    if (section.kind !== "define") continue;
    for (const node of section.definitions) {
      const taken = checking.facts.get(node.name.text);
      if (!checkName(checking, node.name, taken === undefined ? checking.definitions : new Map([[taken.name, taken]]))) continue;
      const definition: DefinitionSymbol = { kind: "definition", name: node.name.text, node };
      checking.definitions.set(definition.name, definition);
      noteUse(checking, node.name, definition, true);
    }
  }
}

function checkRowAddresses(checking: Checking, codes: Analysis["codes"]): void {
  for (const entries of codes.values()) {
    for (const entry of entries) {
      for (const address of entry.node.appliesTo) {
        const symbol = checking.byAddress.get(address.text);
        if (symbol !== undefined) noteUse(checking, address, symbol);
        else checking.found.push(diagnostic("unknown-label", address, `No criterion has the address \`${address.text}\`.`, addressHelp(checking, address.text)));
      }
    }
  }
}
