// The results of `policy test` for programs: JSON, JUnit XML, TAP.
import { diagnosticText, placeText } from "../../render/codeframe.js";
import { plain } from "../../render/colours.js";
import { element, textElement, xmlDocument } from "../../render/reports/xml.js";
import { explanationText } from "../../render/text.js";
import { coverageData } from "../../render/coverage/json.js";
import type { CoverageReport } from "../../render/coverage/model.js";
import { positionAt } from "../../text.js";
import type { Broken, CaseRun, PolicyRun } from "../cases.js";
import { json, jsonDiagnostic, jsonPlace } from "../output.js";
import { isBad, type Summary } from "./model.js";

/** One object on one line. The shape is stable. */
export function jsonResults(policies: readonly PolicyRun[], summary: Summary, verbose: boolean, coverage: CoverageReport | undefined): string {
  const cases = policies.flatMap((policy) =>
    policy.runs.map((run) => {
      const { source, policyCase, result, mistakes } = run;
      const { explanation } = result;
      return {
        ...jsonPlace(source, policyCase.nameRange),
        policy: policy.path,
        name: result.name,
        status: result.status,
        determination: explanation?.determination,
        reason: result.reason,
        failures: result.failures.map((failure) => ({ ...jsonPlace(source, failure.range), message: failure.message })),
        diagnostics: mistakes.map((found) => jsonDiagnostic(source, found)),
        explanation: isBad(run) || verbose ? explanation : undefined,
      };
    }),
  );
  const diagnostics = policies.flatMap((policy) => policy.broken.flatMap(({ source, errors }) => errors.map((found) => jsonDiagnostic(source, found))));
  return json({ summary, cases, diagnostics, ...(coverage === undefined ? {} : { coverage: coverageData(coverage) }) });
}

const WIDTH = 100;

/** What differed in a case, why it came to that, and where. */
function bodyOf({ source, policyCase, result, mistakes }: CaseRun, verbose: boolean): string {
  const lines = [placeText(source, policyCase.nameRange.start)];
  for (const failure of result.failures) lines.push(`${failure.message} (${placeText(source, failure.range.start)})`);
  if (result.status === "not evaluated") lines.push(`Not evaluated: ${result.reason ?? "no reason is known"}.`);
  for (const found of mistakes) lines.push(diagnosticText(source, found, { colours: plain, width: WIDTH }));
  const { by, outcomes } = policyCase.expect;
  const wanted = [...(by ? [by.address] : []), ...outcomes.map(({ address }) => address)];
  if (result.explanation !== undefined) lines.push("", explanationText(result.explanation, { colours: plain, width: WIDTH, detail: verbose ? "all" : "path", wanted, heading: false }));
  return lines.join("\n").trimEnd();
}

const brokenBody = ({ source, errors }: Broken): string => errors.map((found) => diagnosticText(source, found, { colours: plain, width: WIDTH })).join("\n\n");
const lineOf = ({ source, policyCase }: CaseRun): number => positionAt(source.lines, policyCase.nameRange.start).line + 1;
const messageOf = ({ result }: CaseRun): string => result.failures.map(({ message }) => message).join(" ") || `Not evaluated: ${result.reason ?? "no reason is known"}.`;

/** JUnit XML: each policy a suite, each case a test. A case that is not evaluated is an error, one that expects nothing is skipped. */
export function junitResults(policies: readonly PolicyRun[], verbose: boolean): string {
  const counts = ({ runs, broken }: PolicyRun): { readonly tests: number; readonly failures: number; readonly errors: number; readonly skipped: number } => {
    const count = (status: CaseRun["result"]["status"]): number => runs.filter(({ result }) => result.status === status).length;
    return { tests: runs.length + broken.length, failures: count("failed"), errors: count("not evaluated") + broken.length, skipped: count("no expectation") };
  };
  const suites = policies.map((policy) => {
    const errors = policy.broken.map((each) => element("testcase", { name: `${each.source.path} has no errors`, classname: policy.path, file: each.source.path, line: 1 }, [
      textElement("error", { type: "error", message: each.errors[0]?.message ?? "" }, brokenBody(each)),
    ]));
    const cases = policy.runs.map((run) => {
      const { status } = run.result;
      const result = status === "failed" ? [textElement("failure", { type: "expectation", message: messageOf(run) }, bodyOf(run, verbose))]
        : status === "not evaluated" ? [textElement("error", { type: "not evaluated", message: messageOf(run) }, bodyOf(run, verbose))]
        : status === "no expectation" ? [element("skipped", { message: "It expects nothing." })] : [];
      return element("testcase", { name: run.result.name, classname: policy.path, file: run.source.path, line: lineOf(run) }, result);
    });
    return element("testsuite", { name: policy.path, ...counts(policy) }, [...errors, ...cases]);
  });
  const total = policies.map(counts);
  const sum = (key: "tests" | "failures" | "errors" | "skipped"): number => total.reduce((all, each) => all + each[key], 0);
  return xmlDocument(element("testsuites", { name: "policy test", tests: sum("tests"), failures: sum("failures"), errors: sum("errors"), skipped: sum("skipped") }, suites));
}

/** TAP 14 (testanything.org), with the details of what failed in YAML blocks. */
export function tapResults(policies: readonly PolicyRun[], summary: Summary, verbose: boolean): string {
  const lines: string[] = ["TAP version 14"];
  const results: string[] = [];
  let number = 0;
  const point = (ok: boolean, words: string, details: Readonly<Record<string, string>>, directive = ""): void => {
    number++;
    results.push(`${ok ? "ok" : "not ok"} ${number} - ${description(words)}${directive}`);
    if (ok) return;
    results.push("  ---", ...Object.entries(details).flatMap(([key, value]) => yamlLines(key, value)), "  ...");
  };
  for (const policy of policies) {
    for (const each of policy.broken) point(false, `${each.source.path} has no errors`, { message: each.errors[0]?.message ?? "", details: brokenBody(each) });
    for (const run of policy.runs) {
      const { result, source, policyCase } = run;
      const words = `${policy.path}: ${result.name}`;
      if (isBad(run)) point(false, words, { message: messageOf(run), at: placeText(source, policyCase.nameRange.start), details: bodyOf(run, verbose) });
      else point(true, words, {}, result.status === "no expectation" ? " # SKIP it expects nothing" : "");
    }
  }
  lines.push(`1..${number}`, ...results);
  if (summary.stopped) lines.push("# stopped at the first failure");
  return `${lines.join("\n")}\n`;
}

// A "#" would begin a directive, a line end a new test point.
const description = (words: string): string => words.replace(/\s+/gu, " ").replace(/[\\#]/gu, "\\$&");
const yamlLines = (key: string, value: string): readonly string[] =>
  (value.includes("\n") ? [`  ${key}: |-`, ...value.split("\n").map((line) => (line === "" ? "" : `    ${line}`))] : [`  ${key}: ${JSON.stringify(value)}`]);
