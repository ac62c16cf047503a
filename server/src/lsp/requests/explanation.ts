// The explanation view: a case explained criterion by criterion, with changes to it, and the edit that saves the changed case.
import type { Explanation } from "../../evaluate/model.js";
import type { ChangedCase } from "../../evaluate/whatif.js";
import type { ExplanationModel, ViewNode } from "../../render/explanationview.js";
import type { PolicyCase } from "../../semantics/model.js";
import { type LineIndex, positionAt, type Range } from "../../text.js";
import { type CasesOfPolicy, casesOfPolicy, choices, pickCase, type PlacedCase, refOf, whyNotEvaluated } from "../cases.js";
import type { RequestGroup, ServerContext } from "../context.js";
import { toRange } from "../convert.js";
import { core } from "../lazy.js";
import {
  ADVICE, type AdviceSection, type CaseRef, EXPLANATION, EXPLANATION_MARKDOWN, type Explained, type ExplanationNode, type ExplanationParams, type ExplanationResult, type OutcomeWord, SAVE_CASE,
  type SaveCaseParams, type SaveCaseResult, type Source,
} from "../protocol.js";

export const explanationRequests: RequestGroup = {
  capabilities: () => ({}),
  register(context) {
    const { connection, requests } = context;
    connection.onRequest(EXPLANATION, requests("explanation", null, async (params: ExplanationParams) => {
      const decided = await decide(context, params);
      return decided === undefined ? null : answer(decided, params);
    }));
    connection.onRequest(EXPLANATION_MARKDOWN, requests("explanation as Markdown", "", async (params: ExplanationParams) => {
      const decided = await decide(context, params);
      return decided?.explanation === undefined ? "" : core().explanationMarkdown(decided.explanation);
    }));
    connection.onRequest(ADVICE, requests("advice", [], async (params: ExplanationParams) => {
      const decided = await decide(context, params);
      return decided === undefined ? [] : adviceOn(decided);
    }));
    connection.onRequest(SAVE_CASE, requests("save case", null, (params: SaveCaseParams) => save(context, params)));
  },
};

interface Decided {
  readonly found: CasesOfPolicy;
  /** Undefined for a case that is begun anew. */
  readonly placed: PlacedCase | undefined;
  readonly changed?: ChangedCase | undefined;
  /** The case that was decided: changed, as it stands, or begun anew. */
  readonly policyCase?: PolicyCase | undefined;
  readonly explanation?: Explanation | undefined;
  readonly before?: Explanation | undefined;
  readonly failures: readonly { readonly message: string; readonly range: Range }[];
  readonly problem?: string | undefined;
}

/** Decides the case of a request with its changes. Nothing is awaited once the analysis is there. */
async function decide({ documents, runtime }: ServerContext, { uri, case: ref, changes }: ExplanationParams): Promise<Decided | undefined> {
  const found = await casesOfPolicy(documents, uri);
  if (found === undefined) return undefined;
  const { analysis } = found;
  const anew = ref !== undefined && ref.name === undefined && ref.at === undefined;
  const placed = anew ? undefined : pickCase(found, ref);
  const strict = analysis.policy;
  if (strict === undefined) return { found, placed, failures: [], problem: whyNotEvaluated(analysis) };
  const base = placed?.policyCase ?? core().blankCase(uri, core().readDate(core().firstDay(analysis) ?? core().dateText(runtime.today()), 0).day ?? runtime.today());
  const plain = core().runCase(strict, base);
  if (changes === undefined) return { found, placed, policyCase: base, explanation: plain.explanation, failures: plain.failures, problem: plain.reason };
  const changed = core().changedCase(analysis, base, changes);
  const result = core().runCase(strict, changed.policyCase);
  return { found, placed, changed, policyCase: changed.policyCase, explanation: result.explanation, before: plain.explanation, failures: [], problem: result.reason };
}

function answer(decided: Decided, { uri, changes }: ExplanationParams): ExplanationResult {
  const { found, placed, changed, policyCase, explanation, problem } = decided;
  const shown: CaseRef = placed === undefined ? { uri } : refOf(placed);
  const result: ExplanationResult = { uri, cases: choices(found), shown, problems: changed?.problems ?? [], ...(problem === undefined ? {} : { problem }) };
  if (explanation === undefined || policyCase === undefined) return result;
  const { analysis } = found;
  const model = core().explanationModel(analysis, policyCase, explanation, decided.failures);
  const before = changes === undefined || decided.before === undefined ? undefined : { determination: decided.before.determination, outcomes: core().outcomesById(core().explanationModel(analysis, policyCase, decided.before)) };
  return { ...result, explained: explained(model, found, placed, before) };
}

/** Searches what could bring the case elsewhere; a search of its own, which is only made when it is asked for. */
function adviceOn({ found, policyCase, explanation }: Decided): readonly AdviceSection[] {
  const strict = found.analysis.policy;
  if (strict === undefined || policyCase === undefined || explanation === undefined) return [];
  return core().adviceSections({ missing: core().whatIsMissing(strict, policyCase, explanation), whyNot: core().whyNot(strict, policyCase, explanation) });
}

interface Before {
  readonly determination: Explained["determination"];
  readonly outcomes: ReadonlyMap<string, OutcomeWord>;
}

function explained(model: ExplanationModel, { analysis }: CasesOfPolicy, placed: PlacedCase | undefined, before: Before | undefined): Explained {
  const source = (uri: string, lines: LineIndex, range: Range): Source => ({ uri, span: toRange(lines, range) });
  const inPolicy = (range: Range): Source => source(analysis.uri, analysis.lines, range);
  const inCase = (range: Range): Source => (placed === undefined ? inPolicy(range) : source(placed.uri, placed.lines, range));
  return {
    policy: model.policy,
    case: model.case,
    ...(placed === undefined ? {} : { caseSource: inCase(placed.policyCase.nameRange) }),
    on: model.on,
    determination: model.determination,
    ...(before === undefined || before.determination === model.determination ? {} : { before: before.determination }),
    meaning: model.meaning,
    reason: model.reason,
    ...(model.decidedBy === undefined ? {} : { decidedBy: { address: model.decidedBy.address, words: model.decidedBy.words, source: inPolicy(model.decidedBy.range) } }),
    approval: model.approval,
    remarks: model.remarks,
    failures: model.failures.map((failure) => ({ message: failure.message, source: inCase(failure.range) })),
    missing: model.missing,
    statements: model.statements.map((node) => toNode(node, analysis.lines, before?.outcomes)),
    citations: model.citations.map(({ number, text, range }) => ({ number, text, ...(range === undefined ? {} : { source: inPolicy(range) }) })),
    request: model.request,
    facts: model.facts.map(({ declared, given, ...fact }) => ({ ...fact, declared: inPolicy(declared), ...(given === undefined ? {} : { given: inCase(given) }) })),
    answers: model.answers.map(({ range, ...each }) => ({ ...each, source: inPolicy(range) })),
    note: model.note,
    linesOfBusiness: core().LINES_OF_BUSINESS,
    pathways: core().PATHWAYS.map((pathway) => pathway.word),
  };
}

function toNode({ range, extent, items, ...node }: ViewNode, lines: LineIndex, before: Before["outcomes"] | undefined): ExplanationNode {
  const was = before?.get(node.id);
  return {
    ...node,
    ...(was === undefined || was === node.outcome ? {} : { before: was }),
    span: toRange(lines, range),
    lines: [positionAt(lines, extent.start).line, positionAt(lines, extent.end).line],
    items: items.map((item) => toNode(item, lines, before)),
  };
}

async function save(context: ServerContext, params: SaveCaseParams): Promise<SaveCaseResult | null> {
  const decided = await decide(context, params);
  if (decided?.explanation === undefined || decided.policyCase === undefined) return null;
  const { found: { analysis }, placed, policyCase, explanation } = decided;
  const given = { ...policyCase, name: params.name, note: undefined, expect: core().outcomeAsExpectation(explanation) };
  // A case of a file is saved in that file, as long as the file has a list of cases.
  const inFile = placed === undefined || placed.uri === analysis.uri ? undefined : await fileText(context, placed.uri);
  const edit = inFile === undefined ? undefined : core().newCaseInFile(inFile, analysis.facts, given);
  if (edit !== undefined) return toResult(placed!.uri, inFile!, edit);
  // While the file was read the policy may have changed.
  const newest = context.documents.analysis(analysis.uri) ?? analysis;
  return toResult(newest.uri, newest.text, core().newCaseInPolicy(newest, given));
}

async function fileText({ documents, runtime }: ServerContext, uri: string): Promise<string | undefined> {
  return documents.get(uri)?.document.getText() ?? runtime.readFile(uri, 16 * 1024 * 1024);
}

function toResult(uri: string, text: string, edit: { readonly start: number; readonly end: number; readonly text: string; readonly select: Range }): SaveCaseResult {
  const after = core().lineIndex(text.slice(0, edit.start) + edit.text + text.slice(edit.end));
  return { uri, range: toRange(core().lineIndex(text), edit), newText: edit.text, select: toRange(after, edit.select) };
}
