// Fixtures of the language core: marked texts, the samples with their case files, and short policies made of parts.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Diagnostic } from "../../server/src/diagnostic.js";
import { compile } from "../../server/src/evaluate/compile.js";
import { explain } from "../../server/src/evaluate/explain.js";
import type { CaseResult, Explanation } from "../../server/src/evaluate/model.js";
import { runCase } from "../../server/src/evaluate/run.js";
import { analyze } from "../../server/src/semantics/analyze.js";
import { isCaseFile, policyNameFor, readCaseFile, type CaseFile } from "../../server/src/semantics/casefile.js";
import type { Analysis, Policy } from "../../server/src/semantics/model.js";
import { lineIndex, positionAt } from "../../server/src/text.js";

export const ROOT = process.cwd();
export const SAMPLES = join(ROOT, "samples");
export const BAD = join(SAMPLES, "bad");

/** A policy of `samples/` with its case files. */
export interface Sample {
  readonly name: string;
  readonly text: string;
  readonly analysis: Analysis;
  readonly caseFiles: readonly { readonly name: string; readonly text: string; readonly file: CaseFile }[];
}

/** The policies of a folder with the case files beside them. */
export function samplesIn(folder: string): readonly Sample[] {
  const names = readdirSync(folder);
  return names.filter((name) => name.endsWith(".policy")).sort().map((name) => {
    const text = readFileSync(join(folder, name), "utf8");
    const analysis = analyze(text, name);
    const caseFiles = names.filter(isCaseFile).sort().flatMap((caseName) => {
      const caseText = readFileSync(join(folder, caseName), "utf8");
      return basename(belongsTo(folder, caseName, caseText)) === name ? [{ name: caseName, text: caseText, file: readCaseFile(caseText, caseName, analysis) }] : [];
    });
    return { name, text, analysis, caseFiles };
  });
}

function belongsTo(folder: string, name: string, text: string): string {
  const named = policyNameFor(name, text);
  return existsSync(join(folder, named)) ? named : `${name.split(".")[0]}.policy`;
}

/** All cases of a sample, of the policy and of its case files, with their results. */
export function resultsOf(sample: Sample): readonly CaseResult[] {
  const { policy } = sample.analysis;
  assert.ok(policy, `${sample.name} has errors`);
  return [...sample.analysis.cases, ...sample.caseFiles.flatMap((each) => each.file.cases)].map((each) => runCase(policy, each));
}

// ── Marked texts ──────────────────────────────────────────────────────────────────────────────────────────────────────
const MARKER = /^#\s*(?:(\^+)|\[(\d+)-(\d+)\])\s+(error|warning|info|hint) ([a-z-]+): (.*)$/u;

/** The findings that the comments of a text announce, in words: a comment with carets speaks of the line above it. */
export function announced(text: string): readonly string[] {
  let last = 0;
  return text.split(/\r\n|\n/u).flatMap((line, i) => {
    const match = MARKER.exec(line);
    if (match === null) {
      last = i;
      return [];
    }
    const start = match[1] === undefined ? Number(match[2]) : line.indexOf("^");
    const end = match[1] === undefined ? Number(match[3]) : start + match[1].length;
    return [`${last + 1}:${start}-${end} ${match[4]} ${match[5]}: ${match[6]}`];
  });
}

/** Findings in the words of `announced`. */
export function inWords(text: string, found: readonly Diagnostic[]): readonly string[] {
  const lines = lineIndex(text);
  return found.map((each) => {
    const from = positionAt(lines, each.start);
    const to = positionAt(lines, each.end);
    return `${from.line + 1}:${from.character}-${to.line === from.line ? "" : `${to.line + 1}:`}${to.character} ${each.severity} ${each.code}: ${each.message}`;
  });
}

/** Holds the findings of a text against those it announces; one that is not announced fails. */
export function checkMarked(text: string, found: readonly Diagnostic[], what: string): void {
  assert.deepEqual([...inWords(text, found)].sort(), [...announced(text)].sort(), what);
}

// ── Short policies ────────────────────────────────────────────────────────────────────────────────────────────────────
/** The parts of a short policy. Lines of `facts` and `define` are not indented, the text of `criteria` is taken as it is. */
export interface Parts {
  readonly facts?: readonly string[];
  readonly define?: readonly string[];
  readonly criteria?: string;
  readonly rest?: string;
}

/** Puts a short policy together. */
export function policyText({ facts = [], define = [], criteria = "", rest = "" }: Parts): string {
  const section = (name: string, lines: readonly string[]): string => (lines.length === 0 ? "" : `${name}\n${lines.map((line) => `  ${line}\n`).join("")}`);
  return `policy EX.TEST.1 "Test"\n${section("facts", facts)}${section("define", define)}criteria\n${criteria.replace(/\n*$/u, "\n")}${rest}`;
}

/** A sound policy of a text; what is wrong with it fails the test. */
export function sound(text: string): Policy {
  const { policy, diagnostics } = analyze(text, "test.policy");
  assert.deepEqual(inWords(text, diagnostics.filter((found) => found.severity === "error" || found.severity === "warning")), []);
  assert.ok(policy);
  return policy;
}

/** A policy of one criterion with one condition. */
export function conditionPolicy(facts: readonly string[], condition: string, define: readonly string[] = []): Policy {
  return sound(policyText({ facts, define, criteria: `I. It is medically necessary\n   when ${condition}` }));
}

/** What a condition comes to with the given facts, as of a date of service. */
export function outcomeOfCondition(policy: Policy, facts: Readonly<Record<string, unknown>>, on = "2025-07-01"): string {
  return explained(policy, facts, on).outcomes["I"]!;
}

/** Decides plain facts and explains the decision. */
export function explained(policy: Policy, facts: Readonly<Record<string, unknown>>, on = "2025-07-01", request: Readonly<Record<string, unknown>> = {}): Explanation {
  return explain(compile(policy).decide(facts, { on, ...request }), "test");
}
