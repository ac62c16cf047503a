// Comparing versions: nothing is found where nothing changed, and a known script of edits is reported as that script.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import fc from "fast-check";
import { carriedCase } from "../server/src/compare/carry.js";
import { comparePolicies } from "../server/src/compare/compare.js";
import type { Change, Comparison } from "../server/src/compare/model.js";
import { runCase } from "../server/src/evaluate/run.js";
import { formatted } from "../server/src/format/format.js";
import { addressRanges, figures, plainCondition, wordEdits } from "../server/src/render/comparisonwords.js";
import { providerNotice, revisionRow } from "../server/src/render/comparisonnotice.js";
import { addressEdits, labelledLists, labelOf, relabelling } from "../server/src/semantics/addresses.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { ordinal, schemeOf, segmentAt } from "../server/src/semantics/labels.js";
import type { Analysis, CriterionSymbol } from "../server/src/semantics/model.js";
import type { Node } from "../server/src/syntax/ast.js";
import { walk } from "../server/src/syntax/walk.js";
import { ROOT, SAMPLES, samplesIn } from "./support/core-fixtures.js";
import { type Random, randomOf } from "./support/mutations.js";

const SEED = 20_261_123;
const samples = samplesIn(SAMPLES);
const published = readFileSync(join(ROOT, "test", "fixtures", "published.policy"), "utf8");

const compared = (before: string, after: string): Comparison => comparePolicies(analyze(before, "old.policy"), analyze(after, "new.policy"));
/** `criteria moved I.B → I.C`: what a change is, without its words. */
const told = ({ area, kind, before, after }: Change): string => `${area} ${kind} ${before ?? "-"} → ${after ?? "-"}`;
const changesBetween = (before: string, after: string): readonly string[] => compared(before, after).changes.map(told);

describe("no change", () => {
  for (const [name, text] of [...samples.map((sample) => [sample.name, sample.text] as const), ["published.policy", published] as const]) {
    test(`${name} against itself and its other layouts`, () => {
      assert.deepEqual(changesBetween(text, text), []);
      for (const lineWidth of [70, 90, 120, 200]) assert.deepEqual(changesBetween(text, formatted(text, { lineWidth })), [], `filled to ${lineWidth}`);
      assert.deepEqual(changesBetween(text, text.replace(/\n/gu, "\r\n")), [], "other line ends");
      assert.deepEqual(changesBetween(text.replace(/^\s*#.*\n/gmu, ""), text), [], "comments");
      assert.deepEqual(changesBetween(text, text.replace(/\n(?=\S)/gu, "\n\n")), [], "empty lines");
    });
  }

  test("blanks in conditions, the order of what is joined, and units do not change what is asked", () => {
    const one = policy("I. X is medically necessary when all of the following are met:\n   A. Old enough for the treatment\n      when age>=18 years and smoker");
    assert.deepEqual(changesBetween(one, one.replace("age>=18 years", "age >= 18 years")), []);
    const others = compared(one, one.replace("age>=18 years and smoker", "smoker and age >= 216 months")).changes;
    assert.deepEqual(others.map(told), ["criteria condition rewritten I.A → I.A"]);
    assert.equal(others[0]!.bears, false);
  });
});

// ── Known scripts of edits ────────────────────────────────────────────────────────────────────────────────────────────
interface Put {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}
/** Edits with the change that they ought to be reported as. */
interface Step {
  readonly edits: readonly Put[];
  readonly expected: readonly string[];
  /** Lists that may be changed by one step only, because labels follow from one another. */
  readonly lists: readonly (CriterionSymbol | undefined)[];
}
type Maker = (analysis: Analysis, random: Random) => Step | undefined;

const lineStart = (text: string, at: number): number => text.lastIndexOf("\n", at - 1) + 1;
const lineEnd = (text: string, at: number): number => (text.indexOf("\n", at) < 0 ? text.length : text.indexOf("\n", at) + 1);
const isLeaf = (analysis: Analysis, symbol: CriterionSymbol): boolean => symbol.role === "criterion" && !analysis.criteria.some(({ parent }) => parent === symbol);
const wordsOf = (analysis: Analysis, { node }: CriterionSymbol): string => (node.kind === "criterion" && node.prose !== undefined ? analysis.text.slice(node.prose.start, node.prose.end) : "");

/** Lists whose items all have labels, with three or more, the last of them a leaf. */
const lists = (analysis: Analysis) => labelledLists(analysis).filter(({ parent, items }) => parent !== undefined && parent.role === "criterion" && items.length >= 3 && items.every((item) => item.parent === parent) && isLeaf(analysis, items.at(-1)!));

function nextLabel(items: readonly CriterionSymbol[], further: number): { readonly segment: string; readonly text: string } | undefined {
  const last = items.at(-1)!;
  const scheme = schemeOf(items.map(({ label }) => label));
  const place = scheme && ordinal(last.label, scheme);
  const label = labelOf(last);
  if (scheme === undefined || place === undefined || label === undefined) return undefined;
  const segment = segmentAt(place + further, scheme);
  return { segment, text: label.text.replace(label.segment, segment) };
}

const MAKERS: Readonly<Record<string, Maker>> = {
  "change a comparator": (analysis, random) => {
    const found: { at: Put; address: string }[] = [];
    for (const { node, address, role } of analysis.criteria) {
      if (role !== "criterion" || node.kind !== "criterion") continue;
      for (const entry of node.body) {
        if ((entry.kind !== "when" && entry.kind !== "unless") || entry.condition === undefined) continue;
        walk(entry.condition, (each: Node) => {
          if (each.kind !== "compare") return;
          const sign = analysis.text.slice(each.opRange.start, each.opRange.end);
          const other = { "<": "<=", "<=": "<", ">": ">=", ">=": ">" }[sign];
          if (other !== undefined) found.push({ at: { start: each.opRange.start, end: each.opRange.end, text: other }, address });
        });
      }
    }
    if (found.length === 0) return undefined;
    const { at, address } = random.pick(found);
    return { edits: [at], expected: [`criteria condition changed ${address} → ${address}`], lists: [] };
  },
  reword: (analysis, random) => {
    const found = analysis.criteria.filter((symbol) => isLeaf(analysis, symbol) && symbol.parent !== undefined && wordsOf(analysis, symbol).split(/\s+/u).length >= 6);
    if (found.length === 0) return undefined;
    const symbol = random.pick(found);
    const words = [...wordsOf(analysis, symbol).matchAll(/(?<=[a-z] )[a-z]{4,}(?=[ ,\n])/gu)];
    if (words.length === 0 || symbol.node.kind !== "criterion") return undefined;
    const word = random.pick(words);
    const start = symbol.node.prose!.start + word.index;
    return { edits: [{ start, end: start + word[0].length, text: "zebra" }], expected: [`criteria reworded ${symbol.address} → ${symbol.address}`], lists: [] };
  },
  remove: (analysis, random) => {
    const found = lists(analysis).flatMap(({ parent, items }) => items.filter((item) => isLeaf(analysis, item)).map((item) => ({ parent, item })));
    if (found.length === 0) return undefined;
    const { parent, item } = random.pick(found);
    return { edits: [{ start: lineStart(analysis.text, item.node.start), end: lineEnd(analysis.text, item.node.end), text: "" }], expected: [`criteria removed ${item.address} → -`], lists: [parent] };
  },
  add: (analysis, random) => {
    const found = lists(analysis);
    if (found.length === 0) return undefined;
    const { parent, items } = random.pick(found);
    const last = items.at(-1)!;
    const label = nextLabel(items, 1);
    if (label === undefined) return undefined;
    const from = lineStart(analysis.text, last.node.start);
    const at = lineEnd(analysis.text, last.node.end);
    return { edits: [{ start: at, end: at, text: `${" ".repeat(last.node.start - from)}${label.text} Quagga with stripes number ${random.below(1000)} at dawn\n` }], expected: [`criteria added - → ${parent!.address}.${label.segment}`], lists: [parent] };
  },
  move: (analysis, random) => {
    const found = lists(analysis);
    if (found.length < 2) return undefined;
    const from = random.pick(found);
    const to = random.pick(found.filter(({ parent }) => parent !== from.parent));
    const item = random.pick(from.items.filter((each) => isLeaf(analysis, each)));
    const label = nextLabel(to.items, 1);
    const own = labelOf(item);
    const words = wordsOf(analysis, item).replace(/\s+/gu, " ");
    // What stands twice, or is a word or two, could be any of them.
    if (label === undefined || own === undefined || words.length < 25 || analysis.criteria.filter((each) => wordsOf(analysis, each).replace(/\s+/gu, " ") === words).length > 1) return undefined;
    const start = lineStart(analysis.text, item.node.start);
    const end = lineEnd(analysis.text, item.node.end);
    const last = to.items.at(-1)!;
    const by = last.node.start - lineStart(analysis.text, last.node.start) - (item.node.start - start);
    const lines = (analysis.text.slice(start, own.start) + label.text + analysis.text.slice(own.end, end)).split("\n");
    const shifted = lines.map((line) => (line === "" ? line : by >= 0 ? " ".repeat(by) + line : line.slice(-by))).join("\n");
    const at = lineEnd(analysis.text, last.node.end);
    // What names it goes with it.
    const address = `${to.parent!.address}.${label.segment}`;
    const named = addressEdits(analysis, new Map([[item.address, address]]));
    return { edits: [{ start, end, text: "" }, { start: at, end: at, text: shifted }, ...named], expected: [`criteria moved ${item.address} → ${address}`], lists: [from.parent, to.parent] };
  },
  renumber: (analysis, random) => {
    const found = lists(analysis);
    if (found.length === 0) return undefined;
    const { parent, items } = random.pick(found);
    const label = nextLabel(items, 2);
    if (label === undefined) return undefined;
    const last = items.at(-1)!;
    return { edits: relabelling(analysis, new Map([[last, label.segment]])).edits, expected: [`criteria renumbered ${last.address} → ${parent!.address}.${label.segment}`], lists: [parent] };
  },
  "swap any and all": (analysis, random) => {
    const found = analysis.criteria.flatMap((symbol) => {
      const combinator = symbol.role === "criterion" && symbol.node.kind === "criterion" ? symbol.node.prose?.combinator : undefined;
      if (combinator === undefined || combinator.open || (combinator.op !== "any" && combinator.op !== "all")) return [];
      const words = /\b(?:any|all) of\b/u.exec(analysis.text.slice(combinator.start, combinator.end));
      return words === null ? [] : [{ symbol, start: combinator.start + words.index, text: words[0].startsWith("any") ? "all" : "any" }];
    });
    if (found.length === 0) return undefined;
    const { symbol, start, text } = random.pick(found);
    return { edits: [{ start, end: start + 3, text }], expected: [`criteria combinator ${symbol.address} → ${symbol.address}`], lists: [] };
  },
  "remove a code": (analysis, random) => {
    const rows = [...analysis.codes.values()].flat().filter(({ system, code }, _, all) => all.filter((each) => each.system === system && each.code === code).length === 1);
    if (rows.length === 0) return undefined;
    const { node, system, code } = random.pick(rows);
    return { edits: [{ start: lineStart(analysis.text, node.start), end: lineEnd(analysis.text, node.end), text: "" }], expected: [`codes removed ${system} ${code} → -`], lists: [] };
  },
  "add a reference": (analysis) => {
    const last = [...analysis.references.values()].sort((a, b) => a.node.start - b.node.start).at(-1);
    if (last === undefined) return undefined;
    const at = lineEnd(analysis.text, last.node.end);
    const number = Math.max(...analysis.references.keys()) + 1;
    return { edits: [{ start: at, end: at, text: `  ${number}. Quagga Q. Stripes at dawn. Ex J Zool. 2024;1(1):1-2.\n` }], expected: [`references added - → ${number}`], lists: [] };
  },
};

const touching = (a: Put, b: Put): boolean => a.start <= b.end && b.start <= a.end;

describe("a known script of edits is reported as that script", () => {
  const seen = new Map<string, number>();
  for (const sample of samples) {
    test(sample.name, () => {
      fc.assert(
        fc.property(fc.array(fc.constantFrom(...Object.keys(MAKERS)), { minLength: 1, maxLength: 6 }), fc.integer(), (kinds, seed) => {
          const { analysis, text } = sample;
          const random = randomOf(`${sample.name} ${seed}`);
          const steps: Step[] = [];
          const made: string[] = [];
          for (const kind of kinds) {
            const step = MAKERS[kind]!(analysis, random);
            if (step === undefined || (kind === "add a reference" && made.includes(kind))) continue;
            const taken = steps.some((other) => other.lists.some((list) => step.lists.includes(list)) || other.edits.some((a) => step.edits.some((b) => touching(a, b))));
            if (taken || steps.flatMap(({ expected }) => expected).includes(step.expected[0]!)) continue;
            steps.push(step);
            made.push(kind);
          }
          for (const kind of made) seen.set(kind, (seen.get(kind) ?? 0) + 1);
          const edits = steps.flatMap((step) => step.edits).sort((a, b) => b.start - a.start || b.end - a.end);
          const after = edits.reduce((result, { start, end, text: put }) => result.slice(0, start) + put + result.slice(end), text);
          // What is changed in its words and has a new label besides is known by its old address.
          const byOld = (change: string): string => change.replace(/^(criteria (?:reworded|condition changed|combinator) \S+) → .*$/u, "$1");
          assert.deepEqual(changesBetween(text, after).map(byOld).sort(), steps.flatMap(({ expected }) => expected).map(byOld).sort(), `made: ${made.join(", ")}`);
        }),
        { seed: SEED, numRuns: 60, includeErrorInReport: true },
      );
    });
  }
  test("every kind of edit was made", () => {
    for (const kind of Object.keys(MAKERS)) assert.ok((seen.get(kind) ?? 0) >= 10, `${kind}: ${seen.get(kind) ?? 0}`);
  });
});

// ── Single kinds ──────────────────────────────────────────────────────────────────────────────────────────────────────
function policy(criteria: string, more: { readonly facts?: string; readonly rest?: string; readonly header?: string } = {}): string {
  return `policy EX.1 "Example"\n${more.header ?? "  effective 2025-01-01\n"}\nfacts\n${more.facts ?? '  age     years   "Age on the date of service"\n  smoker  yes/no  "Does the patient smoke?"\n  site    one of lung, brain  "Where is the tumor?"\n'}\ncriteria\n${criteria}\n${more.rest ?? ""}`;
}
const PLAIN = "I. The treatment is medically necessary when all of the following are met:\n   A. The patient is old enough for it\n      when age >= 18 years\n   B. The patient does not smoke at present\n      when not smoker\n   C. A plan of treatment has been written down";

describe("what kinds of change are told", () => {
  const cases: readonly (readonly [string, (text: string) => string, readonly string[]])[] = [
    ["a statement determines otherwise", (text) => text.replace("is medically necessary", "is not medically necessary"), ["criteria reworded I → I", "criteria determination I → I"]],
    ["a scope is added", (text) => text.replace("[1]\n", "[1]\n   applies to pathway initial\n"), ["criteria scope added I → I"]],
    ["an exception is added", (text) => text.replace("when not smoker", "when not smoker\n      unless site is brain"), ["criteria condition added I.B → I.B"]],
    ["a group of exceptions is added", (text) => text.replace("when not smoker", "when not smoker\n      unless any of the following:\n         1. Bleeding that cannot be stopped\n         2. An infection of the site"), ["criteria condition added I.B → I.B"]],
    ["a condition is taken away", (text) => text.replace("      when not smoker\n", ""), ["criteria condition removed I.B → I.B"]],
    ["a list of at least so many", (text) => text.replace("all of the following are met", "at least 2 of the following are met"), ["criteria combinator I → I"]],
    ["two items change places", (text) => text.replace(/ {3}A\.([\s\S]*?) {3}B\.([\s\S]*?) {3}C\./u, "   A.$2   B.$1   C."), ["criteria moved I.A → I.B", "criteria renumbered I.B → I.A"]],
    ["a note", (text) => text.replace("when not smoker", "when not smoker\n      note Ask at each visit."), ["criteria note I.B → I.B"]],
    ["an item in front renumbers the others", (text) => text.replace("   A. The", "   A. Consent has been given in writing\n   B. The").replace("   B. The patient does", "   C. The patient does").replace("   C. A plan", "   D. A plan"), ["criteria added - → I.A", "criteria renumbered I.A → I.B", "criteria renumbered I.B → I.C", "criteria renumbered I.C → I.D"]],
    ["a fact is asked for otherwise", (text) => text.replace("Does the patient smoke?", "Has the patient smoked this year?"), ["facts question smoker → smoker"]],
    ["a fact is taken from FHIR otherwise", (text) => text.replace('on the date of service"\n', 'on the date of service"\n    from fhir "Patient.birthDate"\n'), ["facts mapping age → age"]],
    ["a fact is renamed", (text) => text.replaceAll(/\bsmoker\b/gu, "smokes"), ["facts renamed smoker → smokes"]],
    ["a choice is added", (text) => text.replace("lung, brain", "lung, brain, bone"), ["facts type site → site"]],
    ["dates and lines of business", (text) => text.replace("effective 2025-01-01", "effective 2026-01-01\n  line of business Medicaid"), ["header value effective → effective", "header value - → line of business"]],
    ["a code ends", (text) => text.replace("Planning of the dose", "Planning of the dose  ended 2025-12-31"), ["codes ended CPT 77301 → CPT 77301"]],
    ["another description of a code", (text) => text.replace("Planning of the dose", "Planning of doses"), ["codes description CPT 77301 → CPT 77301"]],
    ["a definition means something else", (text) => text.replace("adult  age >= 18 years", "adult  age >= 21 years"), ["definitions condition changed adult → adult"]],
    ["references change their numbers, citations with them", (text) => text.replace("[1]", "[2]").replace("  1. Alpha A. On doses in lungs. 2020.", "  1. Omega O. New words on planning. 2024.\n  2. Alpha A. On doses in lungs. 2020."), ["references renumbered 1 → 2", "references added - → 1"]],
    ["another citation", (text) => text.replace("are met: [1]", "are met:"), ["criteria citations I → I"]],
    ["free text", (text) => text.replace("One story", "Another story"), ["text reworded background → background"]],
    ["a row of the log", (text) => text.replace("  2024-10, effective 2025-01-01\n", "  2024-10, effective 2025-01-01\n    New policy.\n  2025-10\n"), ["revisions reworded 2024-10 → 2024-10", "revisions added - → 2025-10"]],
  ];
  const rest = "\nbackground\n  One story of planning.\n\ncodes\n  CPT  77301  Planning of the dose\n\nrevisions\n  2024-10, effective 2025-01-01\n    Text.\n\nreferences\n  1. Alpha A. On doses in lungs. 2020.\n";
  for (const [name, edit, expected] of cases) {
    test(name, () => {
      const before = policy(PLAIN.replace("are met:", "are met: [1]"), { rest }).replace("\ncriteria\n", "\ndefine\n  adult  age >= 18 years\n\ncriteria\n");
      const after = edit(before);
      assert.notEqual(after, before);
      assert.deepEqual([...changesBetween(before, after)].sort(), [...expected].sort());
      // And the way back: as many changes.
      assert.equal(changesBetween(after, before).length, expected.length);
    });
  }

  test("what a condition says of a criterion that was renumbered says the same", () => {
    const before = policy(`${PLAIN}\nII. The treatment is investigational when criterion I.C is not met.`);
    const after = before.replace("   B. The patient does not smoke at present\n      when not smoker\n   C. A", "   B. A").replace("criterion I.C is", "criterion I.B is");
    assert.deepEqual(changesBetween(before, after), ["criteria removed I.B → -", "criteria renumbered I.C → I.B"]);
  });

  test("a broken text is compared as far as it can be read", () => {
    const before = policy(PLAIN);
    assert.doesNotThrow(() => compared(before, before.slice(0, 400)));
    assert.doesNotThrow(() => compared("", before));
    assert.ok(changesBetween(before, before.replace("age >= 18 years", "age >= >= years")).length > 0);
  });

  test("the published policy against the sample", () => {
    const { changes } = compared(published, samples.find(({ name }) => name === "imrt.policy")!.text);
    const criteria = changes.filter(({ area }) => area === "criteria");
    assert.deepEqual(criteria.filter(({ kind }) => kind === "added" || kind === "removed" || kind === "moved" || kind === "renumbered").map(told), []);
    assert.ok(criteria.filter(({ kind }) => kind === "condition added").length > 30);
    assert.deepEqual(changes.filter(({ area, kind }) => area === "references" && kind !== "reworded").map(told), []);
  });
});

describe("cases of one version in the other", () => {
  const before = policy(PLAIN);
  const cases = '\ncases\n  case "Adult"\n    on 2025-02-01\n    age = 240 months\n    smoker = no\n    site = brain\n    I.C = met\n';
  const after = policy(PLAIN.replace("   C. A plan", "   D. A plan"), { facts: '  age     months  "Age on the date of service"\n  smokes  yes/no  "Does the patient smoke?"\n  site    one of bone, brain  "Where is the tumor?"\n' }).replace("not smoker", "not smokes");

  test("facts, units, choices and answers are carried over by name", () => {
    const [old, now] = [analyze(before + cases, "old.policy"), analyze(after, "new.policy")];
    const { facts, addresses } = comparePolicies(old, now);
    const { policyCase, left } = carriedCase(old.cases[0]!, old, now, facts, addresses);
    assert.deepEqual(left, []);
    assert.equal(policyCase.facts.get("age"), 240);
    assert.equal(policyCase.facts.get("smokes"), old.cases[0]!.facts.get("smoker"));
    assert.equal(policyCase.facts.get("site"), 1);
    assert.deepEqual([...policyCase.attested], [["I.D", "met"]]);
    assert.equal(runCase(now.policy!, policyCase).explanation!.determination, "approve");
  });

  test("what the other version does not know is left out and named", () => {
    const [old, now] = [analyze(before + cases, "old.policy"), analyze(after.replace("bone, brain", "bone, lung").replace(/ {3}D\..*\n/u, ""), "new.policy")];
    const { facts, addresses } = comparePolicies(old, now);
    assert.deepEqual(carriedCase(old.cases[0]!, old, now, facts, addresses).left, ["site", "I.C"]);
  });

  test("carried to itself, every case of the samples stays as it is", () => {
    for (const { analysis } of samples) {
      const { facts, addresses } = comparePolicies(analysis, analysis);
      for (const each of analysis.cases) assert.deepEqual(carriedCase(each, analysis, analysis, facts, addresses), { policyCase: each, left: [] });
    }
  });
});

describe("words", () => {
  test("a row for the log and a notice", () => {
    const before = policy(PLAIN, { rest: "\ncodes\n  CPT  77301  Planning of the dose\n  CPT  77338  Collimator\n" });
    const after = before.replace("effective 2025-01-01", "revised 2025-09\n  effective 2026-01-01").replace("old enough for it", "21 years old or older").replace(">= 18", ">= 21").replace("  CPT  77338  Collimator\n", "").replace("   C. A plan of treatment has been written down", "   C. A plan of treatment has been written down and signed\n   D. The heart has been contoured");
    const comparison = compared(before, after);
    assert.equal(revisionRow(comparison), `  2025-09, effective 2026-01-01
    Added I.D (The heart has been contoured); I.A now reads “The patient is 21 years old or older”; I.C now reads “A
    plan of treatment has been written down and signed”. Codes: removed CPT 77338.
`);
    assert.equal(providerNotice(comparison), `# Notice of a policy change: EX.1 Example

These changes apply to dates of service from 2026-01-01 on.

- In I.A the words are now “The patient is 21 years old or older” (before: “The patient is old enough for it”).
- In I.C added “and signed”.
- Added I.D: “The heart has been contoured”.
- Removed code CPT 77338 (Collimator).

A request that the policy does not approve is looked at by a clinician.
`);
    const row = revisionRow(comparison);
    assert.deepEqual(analyze(`${after}\nrevisions\n${row}`, "a.policy").diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message), [], "the row can be pasted");
  });

  test("short forms", () => {
    assert.deepEqual(addressRanges(["I.B", "I.C", "I.D", "I.E.1", "I.E.2", "II.A"]), ["I.B-D", "I.E.1-2", "II.A"]);
    assert.equal(figures([5, 1, 2, 3, 9]), "1-3, 5, 9");
    assert.equal(plainCondition("age<18 years and heart_dose >= 5 Gy"), "age less than 18 years and heart dose at least 5 Gy");
    assert.deepEqual(wordEdits("a b c d e f", "a b x d e f g"), [{ was: "c", now: "x" }, { was: "", now: "g" }]);
    assert.equal(wordEdits("a b c", "d e f"), undefined);
  });
});

test("a policy of 20,000 lines is compared in less than a second", () => {
  const sample = samples.find(({ name }) => name === "imrt.policy")!.text;
  const criteria = sample.slice(sample.indexOf("\nI. "), sample.indexOf("\nbackground"));
  const roman = (value: number): string => segmentAt(value, "ROMAN");
  let body = "";
  for (let i = 1; i <= 185; i++) body += criteria.replace("\nI. ", `\n${roman(i)}. `).replaceAll("Tumor", `Tumor${i % 7}`);
  const text = sample.slice(0, sample.indexOf("\nI. ")) + body + sample.slice(sample.indexOf("\nbackground"), sample.indexOf("\ncases"));
  assert.ok(text.split("\n").length > 19_000);
  const other = text.replaceAll("Breast", "Bosom").replace(/age < 18/gu, "age < 21").replaceAll("note The sites", "note All sites");
  const [before, after] = [analyze(text, "a.policy"), analyze(other, "b.policy")];
  const times = [1, 2, 3].map(() => {
    // Time of the processor, because other tests run beside this one.
    const start = process.cpuUsage();
    assert.ok(comparePolicies(before, after).changes.length > 400);
    return process.cpuUsage(start).user / 1000;
  });
  assert.ok(Math.min(...times) < 1000, `${times.map((time) => time.toFixed(0)).join(", ")} ms`);
});
