// What the Test Explorer, the status bar and the commands for new texts ask for: the cases there are, how they come out, coverage.
import type { Coverage, CoverableCriterion, Seen } from "../../evaluate/coverage.js";
import type { DecisionPoint, Shown } from "../../evaluate/mcdc.js";
import type { CaseResult } from "../../evaluate/model.js";
import type { Analysis, Policy, PolicyCase } from "../../semantics/model.js";
import type { LineIndex } from "../../text.js";
import type { RequestGroup, ServerContext } from "../context.js";
import { toRange } from "../convert.js";
import { CASE_FILE } from "../../semantics/casenames.js";
import { type Documents, fileName, resolved } from "../documents.js";
import { summary } from "../evaluation.js";
import { core } from "../lazy.js";
import { isReplacedBy } from "../versions.js";
import {
  COVERAGE, type CoverageDetails, type CoverageParams, NEW_CASE, NEW_POLICY, type NewCaseParams, type NewCaseResult, type NewPolicyParams, type NewPolicyResult,
  RUN_TESTS, type RunTestsParams, type RunTestsResult, type Span, STATUS, type StatusParams, type StatusResult, TEST_FILES, type TestCase, type TestFile,
  type TestFilesParams, type TestList, type TestOutcome, type TestProblem, TESTS, type TestsParams,
} from "../protocol.js";

/** Files above this many bytes are not looked into. */
const LARGEST_FILE = 16 * 1024 * 1024;
/** The details of so many runs with coverage are kept. */
const MOST_COVERAGES = 20;
const OUTPUT_WIDTH = 100;

export const testingRequests: RequestGroup = {
  capabilities: () => ({}),
  register(context) {
    const { connection, requests, documents } = context;
    const coverages = keptCoverages();
    connection.onRequest(TEST_FILES, requests("test files", [], ({ uris }: TestFilesParams) => testFiles(context, uris)));
    connection.onRequest(TESTS, requests("tests", null, ({ uri }: TestsParams) => tests(documents, uri)));
    connection.onRequest(RUN_TESTS, requests("run tests", null, (params: RunTestsParams) => runTests(documents, coverages, params)));
    connection.onRequest(COVERAGE, requests("coverage", null, (params: CoverageParams) => coverages.details(params)));
    connection.onRequest(STATUS, requests("status", null, ({ uri }: StatusParams) => status(context, uri)));
    connection.onRequest(NEW_POLICY, requests("new policy", null, newPolicy));
    connection.onRequest(NEW_CASE, requests("new case", null, (params: NewCaseParams) => newCase(context, params)));
  },
};

// ── What there is ─────────────────────────────────────────────────────────────────────────────────────────────────────
const HEADER = /^policy\s+(\S+)\s+"([^"\r\n]*)"/mu;
const CASES_SECTION = /^cases\s*:?\s*(?:#.*)?$/imu;

async function testFiles({ documents, runtime }: ServerContext, uris: readonly string[]): Promise<readonly TestFile[]> {
  const found: TestFile[] = [];
  for (const uri of uris) {
    const text = documents.get(uri)?.document.getText() ?? (await runtime.readFile(uri, LARGEST_FILE));
    if (text === undefined) continue;
    if (!CASE_FILE.test(uri)) {
      const header = HEADER.exec(text);
      found.push({ uri, kind: "policy", hasCases: CASES_SECTION.test(text), ...(header === null ? {} : { title: `${header[1]} ${header[2]}` }) });
      continue;
    }
    const policyUri = await policyOf({ documents, runtime }, uri, text);
    found.push({ uri, kind: "cases", hasCases: true, ...(policyUri === undefined ? {} : { policyUri }) });
  }
  return found;
}

/** Where the policy of a case file is, without reading it. */
async function policyOf({ documents, runtime }: Pick<ServerContext, "documents" | "runtime">, uri: string, text: string): Promise<string | undefined> {
  if (core().policyNumberFor(text) !== undefined) return (await documents.readCases(uri))?.policy?.uri;
  for (const name of core().policyNamesFor(decodeURIComponent(fileName(uri)), text)) {
    const policy = resolved(uri, name);
    if (documents.get(policy) !== undefined || (await runtime.exists(policy))) return policy;
  }
  return undefined;
}

/** A text that holds cases, with the policy they belong to. */
interface Source {
  readonly uri: string;
  readonly lines: LineIndex;
  readonly cases: readonly PolicyCase[];
  readonly policy: Analysis | undefined;
  /** The version that decides each case, where the file names its policy by number. */
  readonly versions?: readonly Analysis[] | undefined;
  /** What keeps every case of it from being evaluated. */
  readonly problem: TestProblem | undefined;
  /** The first mistake in a case. */
  mistakeIn(policyCase: PolicyCase): TestProblem | undefined;
}

async function sourceOf(documents: Documents, uri: string): Promise<Source | undefined> {
  if (!CASE_FILE.test(uri)) {
    const policy = await documents.read(uri);
    return policy && { uri, lines: policy.lines, cases: policy.cases, policy, problem: problemOf(policy), mistakeIn: mistakes(uri, policy.lines, policy.diagnostics) };
  }
  const read = await documents.readCases(uri);
  if (read === undefined) return undefined;
  const { file, lines, policy, versions } = read;
  const outside = file.diagnostics.find((found) => found.severity === "error" && !file.cases.some(({ range }) => found.start >= range.start && found.start <= range.end));
  const problem = policy === undefined || (outside !== undefined && file.cases.length === 0)
    ? { message: outside?.message ?? "The policy of these cases was not found.", uri, span: toRange(lines, outside ?? { start: 0, end: 0 }) }
    : problemOf(policy);
  return { uri, lines, cases: file.cases, policy, versions, problem, mistakeIn: mistakes(uri, lines, file.diagnostics) };
}

type Found = Analysis["diagnostics"];

function mistakes(uri: string, lines: LineIndex, diagnostics: Found): Source["mistakeIn"] {
  return ({ range }) => {
    const found = diagnostics.find((each) => each.severity === "error" && each.start >= range.start && each.start <= range.end);
    return found && { message: found.message, uri, span: toRange(lines, found) };
  };
}

/** The first error of a policy that is not evaluated. A mistake in a case keeps nothing but that case. */
function problemOf(policy: Analysis): TestProblem | undefined {
  if (policy.policy !== undefined) return undefined;
  const errors = policy.diagnostics.filter((each) => each.severity === "error" && !policy.cases.some(({ range }) => each.start >= range.start && each.start <= range.end));
  const first = errors[0];
  if (first === undefined) return { message: "The policy has errors and is not evaluated.", uri: policy.uri, span: toRange(policy.lines, { start: 0, end: 0 }) };
  const more = errors.length === 1 ? "" : ` (and ${core().counted(errors.length - 1, "other error")})`;
  return { message: `The policy is not evaluated until this is mended: ${first.message}${more}`, uri: policy.uri, span: toRange(policy.lines, first) };
}

/** Ids of cases: their names, and a number behind a name that stands twice. */
function idsOf(cases: readonly PolicyCase[]): readonly string[] {
  const counts = new Map<string, number>();
  return cases.map(({ name }) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}

async function tests(documents: Documents, uri: string): Promise<TestList | null> {
  const source = await sourceOf(documents, uri);
  if (source === undefined) return null;
  const ids = idsOf(source.cases);
  const { number, title } = (CASE_FILE.test(uri) ? undefined : source.policy?.header) ?? {};
  return {
    uri,
    ...(number === undefined && title === undefined ? {} : { title: [number, title].filter((part) => part !== undefined).join(" ") }),
    cases: source.cases.map((each, i): TestCase => ({
      id: ids[i]!, name: each.name, on: core().dateText(each.on), span: toRange(source.lines, each.range), nameSpan: toRange(source.lines, each.nameRange),
    })),
    ...(source.problem === undefined ? {} : { problem: source.problem }),
  };
}

// ── Running them ──────────────────────────────────────────────────────────────────────────────────────────────────────
async function runTests(documents: Documents, coverages: Coverages, { policyUri, texts, coverage }: RunTestsParams): Promise<RunTestsResult> {
  // All texts are read once, so that the second round, in which nothing is waited for, sees one state of the policy.
  for (const { uri } of texts) await sourceOf(documents, uri);
  const outcomes: TestOutcome[] = [];
  let kept: Keeping | undefined;
  for (const { uri, ids: wanted } of texts) {
    const source = await sourceOf(documents, uri);
    if (source === undefined) continue;
    const ids = idsOf(source.cases);
    for (const [i, policyCase] of source.cases.entries()) {
      const id = ids[i]!;
      if (wanted !== undefined && !wanted.includes(id)) continue;
      const strict = (source.versions?.[i] ?? source.policy)?.policy;
      const began = performance.now();
      const result = strict === undefined ? undefined : core().runCase(strict, policyCase);
      outcomes.push(outcomeOf(source, policyCase, id, result, performance.now() - began));
      if (!coverage || strict === undefined || result?.explanation === undefined) continue;
      // Nothing is covered of a policy that was edited meanwhile.
      if (kept !== undefined && kept.policy !== strict) continue;
      kept ??= keeping(strict);
      kept.seen.push({ uri, id, seen: core().seenBy(strict, result.explanation), shown: core().shownBy(strict, kept.points, policyCase) });
    }
  }
  const policy = await documents.read(policyUri);
  const problem = policy === undefined ? undefined : problemOf(policy);
  return {
    cases: outcomes,
    ...(problem === undefined ? {} : { problem }),
    ...(kept === undefined ? {} : { coverage: coverages.keep(kept) }),
  };
}

function outcomeOf(source: Source, policyCase: PolicyCase, id: string, result: CaseResult | undefined, milliseconds: number): TestOutcome {
  const base = { uri: source.uri, id, name: policyCase.name, nameSpan: toRange(source.lines, policyCase.nameRange), milliseconds };
  const explanation = result?.explanation;
  if (result === undefined || explanation === undefined) {
    const problem = source.problem ?? source.mistakeIn(policyCase) ?? { message: result?.reason ?? "The case was not evaluated.", uri: source.uri, span: base.nameSpan };
    return { ...base, status: "not evaluated", summary: "– not evaluated", failures: [], explanation: problem.message, output: problem.message, problem };
  }
  const compared = core().comparisons(policyCase, result);
  const wanted = [...(policyCase.expect.by === undefined ? [] : [policyCase.expect.by.address]), ...policyCase.expect.outcomes.map(({ address }) => address)];
  return {
    ...base,
    status: result.status,
    summary: summary(result),
    failures: result.failures.map(({ message, range }, i) => ({ message, span: toRange(source.lines, range), ...compared[i] ?? { expected: "", actual: message } })),
    explanation: core().explanationMarkdown(explanation, "folded"),
    output: core().explanationText(explanation, { colours: core().plain, width: OUTPUT_WIDTH, detail: "path", heading: false, wanted }),
  };
}

// ── Coverage ──────────────────────────────────────────────────────────────────────────────────────────────────────────
interface Keeping {
  readonly policy: Policy;
  readonly criteria: readonly CoverableCriterion[];
  /** Places of the criteria as they were: the text may be edited before the details are asked for. */
  readonly spans: readonly Span[];
  readonly points: readonly DecisionPoint[];
  /** The single conditions of the decisions, in their order, with their places and words. */
  readonly atoms: readonly { readonly span: Span; readonly text: string }[];
  readonly seen: { readonly uri: string; readonly id: string; readonly seen: Seen; readonly shown: Shown }[];
}

function keeping(policy: Policy): Keeping {
  const criteria = core().coverable(policy);
  const points = core().decisionPoints(policy);
  const { lines, text } = policy.analysis;
  const atoms = points.flatMap((point) => point.atoms).map((atom) => ({ span: toRange(lines, atom), text: core().folded(text.slice(atom.start, atom.end)) }));
  return { policy, criteria, spans: criteria.map((each) => toRange(lines, each)), points, atoms, seen: [] };
}

interface Coverages {
  keep(kept: Keeping): NonNullable<RunTestsResult["coverage"]>;
  details(params: CoverageParams): CoverageDetails | null;
}

/** Keeps what the cases of the latest runs have seen, so that figures and details come from the same. */
function keptCoverages(): Coverages {
  const all = new Map<number, Omit<Keeping, "policy">>();
  let count = 0;
  const of = ({ criteria, seen }: Pick<Keeping, "criteria" | "seen">): Coverage => core().coverageOf(criteria, seen.map((each) => each.seen));
  return {
    keep({ criteria, spans, points, atoms, seen }) {
      const id = ++count;
      all.set(id, { criteria, spans, points, atoms, seen });
      if (all.size > MOST_COVERAGES) all.delete(all.keys().next().value!);
      const { criteriaSeen, branchesSeen } = of({ criteria, seen });
      return { id, criteria: criteriaSeen, branches: branchesSeen, conditions: core().conditionCoverage(points, seen.map((each) => each.shown)).atomsShown };
    },
    details({ id, case: only }) {
      const kept = all.get(id);
      if (kept === undefined) return null;
      const seen = only === undefined ? kept.seen : kept.seen.filter((each) => each.uri === only.uri && each.id === only.id);
      const conditions = core().conditionCoverage(kept.points, seen.map((each) => each.shown)).atoms;
      return {
        criteria: of({ criteria: kept.criteria, seen }).criteria.map(({ criterion, decided, branches }, i) => ({ address: criterion.address, span: kept.spans[i]!, decided, branches })),
        conditions: conditions.map((each, i) => ({ address: core().decisionText(each), ...kept.atoms[i]!, met: each.met, notMet: each.notMet, covered: each.covered, lacking: core().lacking(each) })),
      };
    },
  };
}

// ── The status bar ────────────────────────────────────────────────────────────────────────────────────────────────────
async function status({ documents, runtime, results, workspace }: ServerContext, uri: string): Promise<StatusResult | null> {
  const policyUri = CASE_FILE.test(uri) ? (await documents.readCases(uri))?.policy?.uri : uri;
  if (policyUri === undefined) return null;
  const ran = await results.of(policyUri);
  const policy = await documents.read(policyUri);
  if (policy === undefined) return null;
  const { number, title, fields } = policy.header;
  const { from, until } = core().periodOf(policy);
  const today = runtime.today();
  const dated = Number.isFinite(from) || Number.isFinite(until);
  const of = (wanted: CaseResult["status"]): number => ran.filter(({ result }) => result.status === wanted).length;
  const { header } = policy.document;
  return {
    policyUri,
    number, title,
    effective: fields.get("effective")?.date?.text,
    ends: fields.get("ends")?.date?.text,
    ...(dated ? { inForce: today < from ? "later" : today > until || isReplacedBy(workspace, policy, today) ? "no longer" : "today" } : {}),
    errors: policy.policy === undefined ? policy.diagnostics.filter((each) => each.severity === "error").length : 0,
    header: toRange(policy.lines, header === undefined ? { start: 0, end: 0 } : { start: header.start, end: header.start }),
    cases: { passed: of("passed"), failed: of("failed"), notEvaluated: of("not evaluated"), total: policy.policy === undefined ? policy.cases.length : ran.length },
  };
}

// ── New policies and cases ────────────────────────────────────────────────────────────────────────────────────────────
function newPolicy(given: NewPolicyParams): NewPolicyResult {
  const problems: Record<string, string> = {};
  for (const field of ["number", "title", "plan", "lineOfBusiness", "effective"] as const) {
    const answer = given[field];
    // Plan and line of business may be left empty.
    if (answer === undefined || (answer.trim() === "" && (field === "plan" || field === "lineOfBusiness"))) continue;
    const problem = core().policyAnswerProblem(field, answer);
    if (problem !== undefined) problems[field] = problem;
  }
  const { number, title, effective } = given;
  if (Object.keys(problems).length > 0 || number === undefined || title === undefined || effective === undefined) return { problems };
  return { problems, text: core().policyTemplate({ ...given, number, title, effective }), fileName: core().policyFileName({ number, title }) };
}

async function newCase({ documents, runtime }: ServerContext, { uri, name, on }: NewCaseParams): Promise<NewCaseResult | null> {
  const known = documents.get(uri);
  if (known === undefined) return null;
  const source = await sourceOf(documents, uri);
  if (source?.policy === undefined) return null;
  const { policy } = source;
  const { from, until } = core().periodOf(policy);
  const problems: Record<string, string> = {};
  const check = (field: "name" | "on", answer: string | undefined): void => {
    const problem = answer === undefined ? undefined : core().caseAnswerProblem(field, answer, source.cases.map((each) => each.name));
    if (problem !== undefined) problems[field] = problem;
  };
  check("name", name);
  check("on", on);
  const proposed = core().proposedDate(from, until, runtime.today());
  if (Object.keys(problems).length > 0 || name === undefined || on === undefined) return { problems, proposed };
  const edit = known.kind === "cases" ? core().caseInFile(known.document.getText(), policy, { name, on }) : core().caseInPolicy(policy, { name, on });
  return edit === undefined ? null : { problems, proposed, edit: { span: toRange(source.lines, edit), snippet: edit.text } };
}
