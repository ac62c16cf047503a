// Recall: defects that writers make, injected at random places of good policies, and what of them the linter finds.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Diagnostic, DIAGNOSTICS } from "../server/src/diagnostic.js";
import { defaultsOf, type LintSettings } from "../server/src/lint/config.js";
import { lint } from "../server/src/lint/engine.js";
import { LINT_RULES } from "../server/src/lint/rules/index.js";
import { analyze } from "../server/src/semantics/analyze.js";
import type { Analysis, PolicyCase } from "../server/src/semantics/model.js";
import type { Range } from "../server/src/text.js";
import { inWords, SAMPLES, samplesIn } from "./support/core-fixtures.js";
import { dayOf, foundUnder, SPELLING } from "./support/lint-fixtures.js";
import { DEFECTS, type DefectKind, GOOD_POLICIES, type Mutation, randomOf, TODAY } from "./support/mutations.js";

/** How many places of a policy a kind is injected at, and how often one is looked for. */
const PLACES = Number(process.env["PLACES"] ?? 8);
const TRIES = PLACES * 3;
/** Fewer injections than this say nothing about recall. */
const ENOUGH = 5;
const RECALL = 0.95;
/** Lint rules that are planned and do not exist; their kinds are skipped. The list is empty when all are there. */
const PLANNED: readonly string[] = [];
/** Kinds that lint rules leave alone on purpose, with the reason: their recall is shown and not asked for. */
const LEFT_ALONE: Readonly<Record<string, string>> = {};

interface Base {
  readonly name: string;
  readonly text: string;
  readonly analysis: Analysis;
  readonly cases: readonly PolicyCase[];
  /** What is found before anything is injected, with every lint rule at work. */
  readonly before: readonly Diagnostic[];
}

/** Every lint rule at work with its default options, those too that the profiles leave off. */
const EVERYTHING: LintSettings = { active: LINT_RULES.map((rule) => ({ rule, level: "warning", options: defaultsOf(rule) })), languageLevels: new Map(), words: new Set() };
const found = (analysis: Analysis, cases: readonly PolicyCase[]): readonly Diagnostic[] => lint({ analysis, cases, today: dayOf(TODAY), spelling: SPELLING }, EVERYTHING);
const base = (name: string, text: string, analysis: Analysis, cases: readonly PolicyCase[]): Base => ({ name, text, analysis, cases, before: found(analysis, cases) });

const BASES: readonly Base[] = [
  ...samplesIn(SAMPLES).map(({ name, text, analysis, caseFiles }) => base(name, text, analysis, [...analysis.cases, ...caseFiles.flatMap((each) => each.file.cases)])),
  ...Object.entries(GOOD_POLICIES).map(([name, text]) => {
    const analysis = analyze(text, name);
    return base(name, text, analysis, analysis.cases);
  }),
];

const LAST = new Map<Base, Analysis>();

/** Whether a mutation brings a finding that was not there, at a changed line or another place it may be found at. */
function isFound({ before, cases }: Base, mutation: Mutation, analysis: Analysis): boolean {
  const old = new Set(before.map((each) => `${each.code} ${mutation.moved(each.start)}-${mutation.moved(each.end)}`));
  const near = (range: Range): boolean => mutation.at.some((place) => range.start <= place.end && place.start <= range.end);
  return found(analysis, cases).some((each) => mutation.expects.includes(each.code) && !old.has(`${each.code} ${each.start}-${each.end}`) && (near(each) || (each.related ?? []).some(near)));
}

/** The lines that changed, for the report of a miss. */
function shown(policy: Base, { text, at }: Mutation): string {
  const place = at[0]!;
  const line = text.slice(0, place.start).split("\n").length;
  return `${policy.name}:${line}: ${text.slice(place.start, place.end).trim().slice(0, 300)}`;
}

/** Injects a kind into every policy and tries what is found. */
function tried(kind: DefectKind): { readonly injected: number; readonly found: number; readonly missed: readonly string[] } {
  let injected = 0;
  const missed: string[] = [];
  for (const policy of BASES) {
    const random = randomOf(`${kind.name} ${policy.name}`);
    const done = new Set<string>();
    for (let i = 0; i < TRIES && done.size < PLACES; i++) {
      const mutation = kind.mutate(policy.text, policy.analysis, random);
      if (mutation === undefined || done.has(mutation.text)) continue;
      done.add(mutation.text);
      injected += 1;
      // What did not change since the last mutation is taken over from its analysis, which is much quicker.
      const analysis = analyze(mutation.text, policy.name, LAST.get(policy));
      LAST.set(policy, analysis);
      if (!isFound(policy, mutation, analysis)) missed.push(shown(policy, mutation));
    }
  }
  return { injected, found: injected - missed.length, missed };
}

const exists = (id: string): boolean => id in DIAGNOSTICS || LINT_RULES.some((rule) => rule.id === id);

describe("injected defects", () => {
  const rows: string[] = [];
  for (const kind of DEFECTS) {
    test(`${kind.name} (${kind.expects.join(", ")})`, (t) => {
      if (!exists(kind.expects[0]!)) {
        rows.push(`${kind.expects[0]!.padEnd(28)} skipped: no such lint rule`);
        assert.ok(PLANNED.includes(kind.expects[0]!), `there is no lint rule ${kind.expects[0]}`);
        return;
      }
      const { injected, found: hits, missed } = tried(kind);
      rows.push(`${kind.expects[0]!.padEnd(28)} ${String(injected).padStart(4)} ${String(hits).padStart(4)}  ${injected === 0 ? "-" : (hits / injected).toFixed(3)}  ${kind.name}`);
      for (const each of missed.slice(0, Number(process.env["MISSES"] ?? 3))) t.diagnostic(`missed: ${each}`);
      if (kind.name in LEFT_ALONE) return;
      assert.ok(injected >= ENOUGH, `only ${injected} places to inject it at`);
      assert.ok(hits / injected >= RECALL, `${hits} of ${injected} found`);
    });
  }
  test("the table of recall", (t) => {
    t.diagnostic(`${"lint rule or diagnostic".padEnd(28)} injected, found, recall`);
    for (const row of rows) t.diagnostic(row);
    const tried = new Set(DEFECTS.flatMap((kind) => kind.expects));
    t.diagnostic(`no defect is injected for: ${LINT_RULES.map((rule) => rule.id).filter((id) => !tried.has(id)).join(", ")}`);
  });
});

/** Changes that a committee would not hear of. */
const HARMLESS: Readonly<Record<string, (text: string) => string>> = {
  "with other line ends": (text) => text.replaceAll("\n", "\r\n"),
  "with spaces at the end of lines": (text) => text.replace(/(?<=\S)\n/gu, "  \n"),
  "with comments": (text) => text.replace(/^( *)(?=(?:[A-Z]|\d|[a-z]|[ivx]+)[.)] )/gmu, "$1# TODO the the (looked at\n$1"),
};

describe("policies without defects", () => {
  for (const { name, text, analysis, cases } of BASES) {
    test(`${name} is silent under recommended`, () => assert.deepEqual(inWords(text, foundUnder("recommended", analysis, TODAY, cases)), []));
    for (const [how, changed] of Object.entries(HARMLESS)) {
      test(`${name} ${how} is silent too`, () => {
        const other = changed(text);
        assert.notEqual(other, text);
        assert.deepEqual(inWords(other, foundUnder("recommended", analyze(other, name), TODAY, cases)), []);
      });
    }
  }
});
