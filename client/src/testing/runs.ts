// Runs of the Test Explorer: once or with every edit, with or without coverage; how the cases came out, as test messages.
import * as vscode from "vscode";
import type { LanguageClient } from "../server.js";
import { RUN_TESTS, type RunTestsParams, type RunTestsResult, type Span, type TestOutcome, type TestProblem } from "../../../server/src/lsp/protocol.js";
import type { CoverageView } from "../coverage.js";
import type { TestTree } from "./tree.js";

export interface Runs extends vscode.Disposable {
  readonly profiles: { readonly run: vscode.TestRunProfile; readonly coverage: vscode.TestRunProfile };
  runAll(uri: vscode.Uri): Promise<void>;
}

/** The cases to run of one policy, by the text they stand in. */
interface PolicyBatch {
  readonly policy: vscode.Uri;
  readonly items: Map<string, { readonly uri: vscode.Uri; readonly items: Map<string, vscode.TestItem> }>;
}

/** Puts the two run profiles in place. */
export function registerRuns(controller: vscode.TestController, client: LanguageClient, tree: TestTree, coverage: CoverageView): Runs {
  const collect = async (request: vscode.TestRunRequest, only?: vscode.Uri): Promise<readonly PolicyBatch[]> => {
    if (request.include === undefined) await tree.discover();
    const roots = request.include ?? [...controller.items].map(([, item]) => item);
    const excluded = new Set(request.exclude ?? []);
    const isExcluded = (item: vscode.TestItem): boolean => excluded.has(item) || (item.parent !== undefined && isExcluded(item.parent));
    const batches = new Map<vscode.TestItem, PolicyBatch>();
    for (const root of roots) {
      for (const item of await tree.casesBelow(root)) {
        const entry = tree.entry(item);
        if (entry?.kind !== "case" || isExcluded(item)) continue;
        const top = tree.rootOf(item);
        const policy = tree.entry(top)!.uri;
        // With an edit of a policy all its cases run; with one of a case file those of that file.
        if (only !== undefined && only.toString() !== policy.toString() && only.toString() !== entry.uri.toString()) continue;
        const batch = batches.get(top) ?? { policy, items: new Map() };
        batches.set(top, batch);
        const key = entry.uri.toString();
        const text = batch.items.get(key) ?? { uri: entry.uri, items: new Map() };
        batch.items.set(key, text);
        text.items.set(entry.id, item);
      }
    }
    return [...batches.values()];
  };

  const run = async (request: vscode.TestRunRequest, token: vscode.CancellationToken, only?: vscode.Uri): Promise<void> => {
    const batches = await collect(request, only);
    if (only !== undefined && batches.length === 0) return;
    const test = controller.createTestRun(request);
    try {
      for (const batch of batches) for (const { items } of batch.items.values()) for (const item of items.values()) test.enqueued(item);
      for (const batch of batches) {
        if (token.isCancellationRequested || test.token.isCancellationRequested) break;
        await runBatch(client, test, batch, request.profile?.kind === vscode.TestRunProfileKind.Coverage ? coverage : undefined);
      }
    } finally {
      test.end();
    }
  };

  /** Runs at once, and again with every edit until it is cancelled. */
  const keepRunning = async (request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> => {
    // An item made anew, for a case that was renamed say, is not what was asked for; its text is.
    const again = new vscode.TestRunRequest(request.include, request.exclude, request.profile, true, true);
    const listener = tree.onDidChange((uri) => void run(again, token, uri));
    token.onCancellationRequested(() => listener.dispose());
    await run(request, token);
  };

  const handler = (request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> => (request.continuous === true ? keepRunning(request, token) : run(request, token));
  const plain = controller.createRunProfile("Run cases", vscode.TestRunProfileKind.Run, handler, true, undefined, true);
  const covering = controller.createRunProfile("Run cases with coverage of the criteria", vscode.TestRunProfileKind.Coverage, handler, true, undefined, true);
  coverage.attach(covering);

  return {
    profiles: { run: plain, coverage: covering },
    async runAll(uri) {
      const item = await tree.resolved(uri);
      if (item === undefined) {
        void vscode.window.showInformationMessage("There are no cases here. “Policy: New Case…” writes one.");
        return;
      }
      const source = new vscode.CancellationTokenSource();
      await run(new vscode.TestRunRequest([tree.rootOf(item)], undefined, plain), source.token);
      source.dispose();
    },
    dispose: () => vscode.Disposable.from(plain, covering).dispose(),
  };
}

async function runBatch(client: LanguageClient, test: vscode.TestRun, { policy, items }: PolicyBatch, coverage: CoverageView | undefined): Promise<void> {
  const texts = [...items.values()];
  for (const text of texts) for (const item of text.items.values()) test.started(item);
  const params: RunTestsParams = { policyUri: policy.toString(), texts: texts.map(({ uri, items: wanted }) => ({ uri: uri.toString(), ids: [...wanted.keys()] })), coverage: coverage !== undefined };
  const result = await client.sendRequest<RunTestsResult | null>(RUN_TESTS, params).then(undefined, () => null);
  const left = new Set(texts.flatMap((text) => [...text.items.values()]));
  const seen = new Map<string, vscode.TestItem>();
  for (const outcome of result?.cases ?? []) {
    const uri = vscode.Uri.parse(outcome.uri);
    const item = items.get(uri.toString())?.items.get(outcome.id);
    if (item === undefined) continue;
    left.delete(item);
    seen.set(`${outcome.uri}#${outcome.id}`, item);
    tell(test, item, uri, outcome);
  }
  const why = result === null ? "The cases could not be evaluated. The output channel “Clinical Policy” says why." : "The case is not there any more.";
  for (const item of left) test.errored(item, new vscode.TestMessage(why));
  if (coverage !== undefined && result?.coverage !== undefined) coverage.add(test, policy, result.coverage, [...seen].map(([key, item]) => ({ key, item })));
}

/** Says how a case came out. */
function tell(test: vscode.TestRun, item: vscode.TestItem, uri: vscode.Uri, outcome: TestOutcome): void {
  const { status, milliseconds } = outcome;
  write(test, item, outcome);
  if (status === "passed") return test.passed(item, milliseconds);
  if (status === "no expectation") return test.skipped(item);
  if (status === "not evaluated") return test.errored(item, problemMessage(outcome.problem, uri, outcome.nameSpan), milliseconds);
  test.failed(item, failureMessages(uri, outcome), milliseconds);
}

/** One message for each expectation that did not hold, at its place, with what was expected beside what came; then the explanation. */
function failureMessages(uri: vscode.Uri, { failures, explanation, nameSpan }: TestOutcome): vscode.TestMessage[] {
  const differences = failures.map(({ message, span, expected, actual }) => {
    const made = vscode.TestMessage.diff(message, expected, actual);
    made.location = new vscode.Location(uri, toRange(span));
    return made;
  });
  const why = new vscode.TestMessage(new vscode.MarkdownString(explanation));
  why.location = new vscode.Location(uri, toRange(nameSpan));
  return [...differences, why];
}

function problemMessage(problem: TestProblem | undefined, uri: vscode.Uri, span: Span): vscode.TestMessage {
  const made = new vscode.TestMessage(problem?.message ?? "The case was not evaluated.");
  made.location = new vscode.Location(problem === undefined ? uri : vscode.Uri.parse(problem.uri), toRange(problem?.span ?? span));
  return made;
}

/** The line of a case in the output of the run, and for one that is not as expected the explanation. */
function write(test: vscode.TestRun, item: vscode.TestItem, { name, summary, status, output, failures }: TestOutcome): void {
  const more = status === "passed" || status === "no expectation" ? "" : `\n${[...failures.map(({ message }) => message), output].join("\n").replace(/^(?=.)/gmu, "    ")}\n`;
  test.appendOutput(`${summary}  ${name}${more}\n`.replace(/\r?\n/gu, "\r\n"), undefined, item);
}

const toRange = ({ start, end }: Span): vscode.Range => new vscode.Range(start.line, start.character, end.line, end.character);
