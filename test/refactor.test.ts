// Refactorings: what each offers, what it changes, and that it keeps the words, the comments and the meaning it says it keeps.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { withEdits as applied } from "../server/src/diagnostic.js";
import { type CaseText, NO_NEIGHBOURS } from "../server/src/features/files.js";
import { type Refactored, type Refactoring, refactorings } from "../server/src/features/refactor.js";
import { runCase } from "../server/src/evaluate/run.js";
import { lint } from "../server/src/lint/engine.js";
import { NO_CONFIG, settingsFor } from "../server/src/lint/config.js";
import { LINT_RULES } from "../server/src/lint/rules/index.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { readCaseFile } from "../server/src/semantics/casefile.js";
import type { Analysis } from "../server/src/semantics/model.js";
import { children, type Node } from "../server/src/syntax/ast.js";
import { dayNumber } from "../server/src/syntax/dates.js";
import { SAMPLES, samplesIn } from "./support/core-fixtures.js";
import { CURSOR, example, EXAMPLE } from "./support/fixture.js";

const URI = "file:///policies/example.policy";
const TODAY = dayNumber(2026, 3, 15)!;
const found = (analysis: Analysis): ReturnType<typeof lint> => lint({ analysis, cases: analysis.cases, today: TODAY }, settingsFor({ ...NO_CONFIG, profile: "strict" }, LINT_RULES)(""));

/** What is offered at the mark in a text, or between two marks. */
function offered(marked: string): { text: string; list: readonly Refactoring[] } {
  const [before = "", middle, behind] = marked.split(CURSOR);
  const text = behind === undefined ? before + middle! : before + middle! + behind;
  const analysis = analyze(text, URI);
  return { text, list: refactorings(analysis, { start: before.length, end: behind === undefined ? before.length : before.length + middle!.length }, found(analysis), TODAY) };
}

interface Done { readonly text: string; readonly refactoring: Refactoring; readonly made: Refactored }

/** Chooses a refactoring by its id at the mark. */
function choose(marked: string, id: string, cases: readonly CaseText[] = []): Done {
  const { text, list } = offered(marked);
  const refactoring = list.find((each) => each.id === id) ?? assert.fail(`${id} is not among ${list.map((each) => each.id).join(", ")}`);
  const made = refactoring.make({ ...NO_NEIGHBOURS, cases }) ?? assert.fail(`${id} gives nothing at ${marked.slice(marked.indexOf(CURSOR) - 60, marked.indexOf(CURSOR) + 160)}`);
  return { text: applied(text, made.files.find((file) => file.uri === URI)!.edits), refactoring, made };
}

const isOffered = (marked: string, id: string): boolean => offered(marked).list.some((each) => each.id === id);
/** The example with a mark in some of its words. */
const at = (words: string, text = EXAMPLE): string => {
  const plain = words.replaceAll(CURSOR, "");
  assert.ok(text.includes(plain), plain);
  return text.replace(plain, () => words);
};
const errors = (text: string): readonly string[] => analyze(text, URI).diagnostics.filter((each) => each.severity === "error").map((each) => each.message);
const has = (text: string, ...wanted: readonly string[]): void => {
  for (const each of wanted) assert.ok(text.includes(each), `${each}\nis not in\n${text}`);
};

/** How all cases of a policy come out. */
function outcomes(text: string, files: readonly { readonly name: string; readonly text: string }[] = []): readonly string[] {
  const analysis = analyze(text, URI);
  assert.ok(analysis.policy, errors(text).join("\n"));
  const { policy } = analysis;
  return [...analysis.cases, ...files.flatMap((file) => readCaseFile(file.text, file.name, analysis).cases)].map((each) => {
    const { explanation, status } = runCase(policy, each);
    return `${each.name}: ${status} ${explanation?.determination} ${JSON.stringify(explanation?.outcomes)}`;
  });
}

/** All words of a text in order of the alphabet, so that what is moved counts as kept. */
const wordsOf = (text: string): readonly string[] => (text.match(/[\p{L}\p{N}]+/gu) ?? []).sort();

describe("definitions", () => {
  test("a condition gets a name, in the words of its criterion", () => {
    const { text, made } = choose(at("when stage ‸is late and cor_pulmonale"), "extract-definition");
    has(text, "define\n  hypoxemic   saturation <= 88 %\n  late_stage_cor  stage is late and cor_pulmonale\n", "         when late_stage_cor\n");
    assert.equal(text.slice(made.name, made.name! + 14), "late_stage_cor");
    assert.deepEqual(errors(text), []);
    assert.deepEqual(outcomes(text), outcomes(EXAMPLE));
  });

  test("the part that is selected gets one; `define` is made where it is missing, below the comments that belong elsewhere", () => {
    const text = EXAMPLE.replace("define\n  hypoxemic   saturation <= 88 %\n\n", "").replace("when hypoxemic", "when saturation <= 88 % and age > 1 years # why\n           and weight > 3 kg/m2");
    const { text: then } = choose(at("‸age > 1 years # why\n           and weight > 3 kg/m2‸", text), "extract-definition");
    has(then, "define\n  hypoxemia  age > 1 years # why\n             and weight > 3 kg/m2\n\n# Both statements\n# speak of adults.\ncriteria\n", "when saturation <= 88 % and hypoxemia\n");
    assert.deepEqual(errors(then), []);
  });

  test("half a condition, a filter's fields or a name alone get none", () => {
    assert.ok(!isOffered(at("when ‸stage is‸ late and cor_pulmonale"), "extract-definition"));
    assert.ok(!isOffered(at("where ‸kind is drug‸ and ended"), "extract-definition"));
    assert.ok(!isOffered(at("when hypo‸xemic"), "extract-definition"));
    assert.ok(isOffered(at("unless ‸exists therapies where kind is drug and ended within the past 6 months‸"), "extract-definition"));
  });

  test("a definition is replaced by its condition, in parentheses where it is not alone", () => {
    const text = EXAMPLE.replace("when stage is late and cor_pulmonale", "when hypoxemic and cor_pulmonale");
    const { text: then } = choose(at("  hypo‸xemic   saturation", text), "inline-definition");
    has(then, "         when saturation <= 88 %\n", "when (saturation <= 88 %) and cor_pulmonale");
    assert.ok(!then.includes("define"));
    assert.deepEqual(outcomes(then), outcomes(text));
    const { text: here } = choose(at("when hypo‸xemic and", text), "inline-here");
    has(here, "hypoxemic   saturation <= 88 %", "         when hypoxemic\n", "when (saturation <= 88 %) and cor_pulmonale");
  });

  test("comments beside a definition that goes stay", () => {
    const text = EXAMPLE.replace("hypoxemic   saturation <= 88 %", "hypoxemic   saturation <= 88 % # at rest");
    has(choose(at("when hypo‸xemic", text), "inline-definition").text, "define\n  # at rest\n", "when saturation <= 88 %");
  });

  test("a definition is not put where its names would be read as fields", () => {
    const text = EXAMPLE.replace("hypoxemic   saturation <= 88 %", "hypoxemic   kind is late").replace("stage           one of", "kind            one of").replace("stage is late", "kind is late").replace("where kind is drug", "where kind is drug and hypoxemic");
    assert.deepEqual(errors(text), []);
    assert.equal(offered(at("  hypo‸xemic   kind", text)).list.find((each) => each.id === "inline-definition")!.make(NO_NEIGHBOURS), undefined);
  });

  test("on the samples: every condition gets a name and loses it again; the cases come out the same", () => {
    for (const sample of samplesIn(SAMPLES)) {
      const before = outcomes(sample.text, sample.caseFiles);
      let count = 0;
      for (const clause of nodesOf(sample.analysis.document)) {
        if (clause.kind !== "when" || clause.condition === undefined || clause.inline === true || clause.condition.kind === "name" || count++ % 4 !== 0) continue;
        const marked = sample.text.slice(0, clause.condition.start) + CURSOR + sample.text.slice(clause.condition.start);
        const { text, made } = choose(marked, "extract-definition");
        assert.deepEqual(outcomes(text, sample.caseFiles), before, `${sample.name} ${clause.start}`);
        const back = choose(text.slice(0, made.name) + CURSOR + text.slice(made.name), "inline-definition");
        assert.deepEqual(outcomes(back.text, sample.caseFiles), before, `${sample.name} ${clause.start} and back`);
        assert.deepEqual(wordsOf(back.text), wordsOf(sample.text), `${sample.name} ${clause.start} loses words`);
      }
    }
  });
});

function* nodesOf(node: Node): Generator<Node> {
  yield node;
  for (const child of children(node)) yield* nodesOf(child);
}

describe("any and all", () => {
  const LIST = `policy X.1 "X"
criteria
I. It is medically necessary for either of the following: [1]
   A. One; or
   B. Two, any one of the following:
      1. Three; or
      2. Four; or
   C. Five
references
  1. A.
`;
  test("the header and the connectors turn, the connector of a list around included", () => {
    const { text, refactoring } = choose(at("I. It is medi‸cally", LIST), "turn-list");
    assert.match(refactoring.title, /all of these items instead of any/u);
    assert.equal(text, LIST.replace("either of the following", "all of the following").replace("One; or", "One; and").replace("Four; or", "Four; and"));
    assert.deepEqual(analyze(text, URI).diagnostics.filter((each) => each.severity !== "info"), []);
    assert.equal(analyze(text, URI).byAddress.get("I")!.combination!.op, "all");
  });
  test("there and back on the samples changes only how the list decides", () => {
    for (const sample of samplesIn(SAMPLES)) {
      for (const symbol of sample.analysis.criteria) {
        const combinator = symbol.node.kind === "criterion" ? symbol.node.prose?.combinator : symbol.node.combinator;
        if (combinator === undefined || combinator.open || (combinator.op !== "any" && combinator.op !== "all") || symbol.items.length === 0) continue;
        const { text } = choose(sample.text.slice(0, combinator.start) + CURSOR + sample.text.slice(combinator.start), "turn-list");
        const then = analyze(text, URI);
        assert.deepEqual(then.diagnostics.filter((each) => each.severity === "error").map((each) => each.message), [], sample.name);
        assert.equal(then.criteria.length, sample.analysis.criteria.length);
        then.criteria.forEach((each, i) => assert.equal(each.combination?.op, i === symbol.index ? (combinator.op === "any" ? "all" : "any") : sample.analysis.criteria[i]!.combination?.op, `${sample.name} ${each.address}`));
        assert.deepEqual(then.diagnostics.filter((each) => each.code === "contradicting-connector"), []);
      }
    }
  });
  test("an open list, or one announced in words without a counterpart, is left alone", () => {
    assert.ok(!isOffered(at("B. One ‸of the following (not all-inclusive)"), "turn-list"));
    has(choose(at("I. It is medi‸cally", LIST.replace("for either of the following", "when the member meets the following criteria").replaceAll("; or", "")), "turn-list").text, "meets any of the following criteria:");
  });
});

describe("facts", () => {
  const CASES = `policy: example.policy
cases:
  - name: Block
    on: 2026-03-01
    facts:
      age: 64 years
    criteria:
      I.C: met # seen
      I.B.1: met
    expect:
      determination: pend
      missing: [I.C]
  - name: Only that
    on: 2026-03-01
    criteria:
      I.C: not met
    expect: pend
  - { name: Flow, on: 2026-03-01, facts: { age: 3 }, criteria: { I.C: unknown, "I.B.2": met }, expect: pend }
`;
  const JSON_CASES = `{ "cases": [ { "name": "J", "on": "2026-03-01", "criteria": { "I.C": "met" }, "expect": "pend" } ] }`;
  const caseText = (name: string, text: string): CaseText => ({ uri: `file:///policies/${name}`, text, file: readCaseFile(text, `file:///policies/${name}`, analyze(EXAMPLE, URI)) });

  test("an attested criterion becomes a question with its `when`; what was attested becomes the fact", () => {
    const { text, made } = choose(at("C. The pres‸criber has seen the patient"), "attested-to-fact", [caseText("example.case.yaml", CASES), caseText("example.more.case.json", JSON_CASES)]);
    has(text, "\n  prescriber_seen  yes/no      \"The prescriber has seen the patient?\"\n\ndefine", "   C. The prescriber has seen the patient\n      when prescriber_seen\n", "\n    prescriber_seen = yes\n");
    assert.deepEqual(errors(text), []);
    const then = (name: string, before: string): string => applied(before, made.files.find(({ uri }) => uri.endsWith(name))!.edits);
    const yaml = then("example.case.yaml", CASES);
    assert.equal(yaml, `policy: example.policy
cases:
  - name: Block
    on: 2026-03-01
    facts:
      prescriber_seen: yes
      age: 64 years
    criteria:
      I.B.1: met
    expect:
      determination: pend
      missing: [prescriber_seen]
  - name: Only that
    on: 2026-03-01
    facts:
      prescriber_seen: no
    expect: pend
  - { name: Flow, on: 2026-03-01, facts: { age: 3 }, criteria: { "I.B.2": met }, expect: pend }
`.replace("    criteria:\n      I.B.1", "    criteria:\n      # seen\n      I.B.1"));
    assert.equal(then("example.more.case.json", JSON_CASES), `{ "cases": [ { "name": "J", "on": "2026-03-01", "facts": { "prescriber_seen": "yes" }, "expect": "pend" } ] }`);
    const policy = analyze(text, URI);
    assert.deepEqual(readCaseFile(yaml, "x.case.yaml", policy).cases.map((each) => [...each.facts].join()), ["prescriber_seen,true,age,64", "prescriber_seen,false", "age,3"]);
  });

  test("the cases of the samples come out the same when any attested criterion becomes a fact", () => {
    for (const sample of samplesIn(SAMPLES)) {
      const before = outcomes(sample.text, sample.caseFiles);
      for (const symbol of sample.analysis.criteria) {
        if (!symbol.attested || symbol.node.kind !== "criterion" || symbol.node.prose === undefined) continue;
        const place = symbol.node.prose.start;
        const { text, made } = choose(sample.text.slice(0, place) + CURSOR + sample.text.slice(place), "attested-to-fact", sample.caseFiles.map((each) => ({ uri: each.name, text: each.text, file: each.file })));
        const files = sample.caseFiles.map((each) => ({ name: each.name, text: applied(each.text, made.files.find(({ uri }) => uri === each.name)?.edits ?? []) }));
        assert.deepEqual(outcomes(text, files), before, `${sample.name} ${symbol.address}`);
      }
    }
  });

  const declared = (condition: string, facts = ""): string => {
    const name = /‸[\p{L}_]+/u.exec(condition)![0].slice(1);
    const text = `policy X.1 "X"\n${facts === "" ? "" : `facts\n${facts}\n`}criteria\nI. It is medically necessary\n   when ${condition}\n`;
    const { text: then } = choose(text, text.includes(`where`) && facts.includes("list of") && condition.includes("where") ? `declare-field-${name}` : `declare-fact-${name}`);
    assert.deepEqual(errors(then).filter((message) => message.includes(`\`${name}\``)), [], then);
    return then.slice(then.indexOf("facts\n") + 6, then.indexOf("criteria")).trimEnd();
  };

  test("a name that is not declared gets the type that its use asks for", () => {
    assert.equal(declared("‸bmi >= 40 kg/m2"), "  bmi  kg/m2  \"Bmi\"");
    assert.equal(declared("‸score between 3 and 7"), "  score  number  \"Score\"");
    assert.equal(declared("‸surgery within the past 6 months"), "  surgery  date  \"Surgery\"");
    assert.equal(declared("‸surgery <= 2025-01-01"), "  surgery  date  \"Surgery\"");
    assert.equal(declared("‸intent is curative or intent in palliative, adjuvant"), "  intent  one of curative, palliative, adjuvant  \"Intent\"");
    assert.equal(declared("‸diagnoses include any of C69.-, C70.-"), "  diagnoses  list of ICD-10-CM  \"Diagnoses\"");
    assert.equal(declared("‸sites include breast"), "  sites  list of one of breast  \"Sites\"");
    assert.equal(declared("‸solid_tumor"), "  solid_tumor  yes/no  \"It is medically necessary?\"");
    assert.equal(declared("exists ‸treatments where kind is drug and ended within the past 6 months"), "  treatments  list of  \"Treatments\"\n    kind  one of drug  \"Kind\"\n    ended  date  \"Ended\"");
    assert.equal(declared("exists treatments where ‸ended within the past 6 months", "  treatments  list of  \"Treatments\"\n    kind      text     \"Kind\""), "  treatments  list of  \"Treatments\"\n    kind      text     \"Kind\"\n    ended     date     \"Ended\"");
  });

  test("the row stands in the columns of those above it, and mends the finding", () => {
    const { text, refactoring } = choose(at("when age >= 18 years", EXAMPLE).replace("when age >= 18 years", "when ‸frailty >= 3"), "declare-fact-frailty");
    has(text, "    ended         date         \"Last day\"\n  frailty         number       \"Frailty\"\n");
    assert.equal(refactoring.kind, "quickfix");
    assert.equal(refactoring.mends?.code, "unknown-name");
  });
});

describe("references", () => {
  const REFS = `policy X.1 "X"
description
  One [9]. Two [3-4], [2,9].
criteria
I. It is medically necessary [1]
references
  9. Nine.
  # of the society
  3. Three,
     two lines. # kept

  4. Four.
  2. Two.
  1. One.
`;
  test("sorted by number, comments with their references", () => {
    const { text } = choose(at("  9. Ni‸ne", REFS), "sort-references");
    assert.equal(text, REFS.slice(0, REFS.indexOf("  9. Nine")) + "  1. One.\n  2. Two.\n\n  # of the society\n  3. Three,\n     two lines. # kept\n  4. Four.\n  9. Nine.\n");
    assert.deepEqual(wordsOf(text), wordsOf(REFS));
  });
  test("numbered in the order of citation", () => {
    const { text } = choose(at("  9. Ni‸ne", REFS), "number-references");
    has(text, "One [1]. Two [2-3], [1,4].", "necessary [5]", "references\n  1. Nine.\n  # of the society\n  2. Three,\n     two lines. # kept\n\n  3. Four.\n  4. Two.\n  5. One.\n");
    assert.deepEqual(errors(text), []);
    assert.ok(!isOffered(at("  1. Ni‸ne", text), "number-references"));
  });
  test("not where a cited source is missing", () => {
    assert.ok(!isOffered(at("  9. Ni‸ne", REFS.replace("[1]", "[1,7]")), "number-references"));
  });
  test("on the samples: every citation leads to the same source as before", () => {
    for (const sample of samplesIn(SAMPLES)) {
      const last = [...sample.analysis.references.values()].at(-1);
      if (last === undefined || !offered(sample.text.slice(0, last.node.start) + CURSOR + sample.text.slice(last.node.start)).list.some(({ id }) => id === "number-references")) continue;
      const { text } = choose(sample.text.slice(0, last.node.start) + CURSOR + sample.text.slice(last.node.start), "number-references");
      const cited = (analysis: Analysis): readonly string[] => analysis.parsed.citations.map((citation) => citation.numbers.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => {
        const { prose } = analysis.references.get(from + i)!.node;
        return analysis.text.slice(prose!.start, prose!.end);
      })).sort().join("|"));
      assert.deepEqual(cited(analyze(text, URI)), cited(sample.analysis), sample.name);
    }
  });
  test("a row for a source that is cited and missing, at its place, to be typed over", () => {
    const { text, made, refactoring } = choose(at("necessary [1‸, 6-7]", REFS.replace("[1]", "[1, 6-7]")).replace("[1‸, 6-7]", "[1, 6‸-7]"), "add-reference-6");
    assert.equal(made.snippet, true);
    assert.equal(refactoring.title, "Add references 6 and 7 to the list");
    has(text, "  1. One.\n  6. ${1:Authors. Title. Journal. Year;volume:pages.}\n  7. ${2:Authors.");
    const none = REFS.slice(0, REFS.indexOf("references"));
    has(choose(at("necessary [‸1]", none), "add-reference-1").text, "references\n  1. ${1:");
  });
});

describe("lists", () => {
  test("a list out of order is renumbered with what names its items", () => {
    const text = example(["   C. The prescriber has seen the patient", "   D. The prescriber has seen the patient"], ["    I.C = met", "    I.D = met"]);
    const { text: then, refactoring } = choose(at("   ‸D. The prescriber", text), "renumber-list");
    assert.equal(then, EXAMPLE);
    assert.equal(refactoring.kind, "quickfix");
    assert.equal(refactoring.mends?.code, "label-order");
    assert.ok(!isOffered(at("   ‸C. The prescriber"), "renumber-list"));
  });
  test("bullets get labels, and what names them follows", () => {
    const text = EXAMPLE.replace("      1. Hypoxemia", "      - Hypoxemia").replace("      2. Late stage", "      - Late stage").replace("by I.B.1", "by I.B.*1");
    assert.deepEqual(errors(text), []);
    const { text: then, refactoring } = choose(at("      ‸- Late stage", text), "label-bullets");
    assert.equal(then, EXAMPLE);
    assert.equal(refactoring.title, "Give the items labels (1 and 2)");
    assert.equal(choose(at("   B‸. One of", text), "label-bullets").text, EXAMPLE);
  });
});

describe("cases", () => {
  test("a case for a criterion gives the facts that meet it", () => {
    const { text } = choose(at("      ‸2. Late stage with"), "add-case");
    has(text, "  case \"I.B.2 Late stage with cor pulmonale\"\n    on 2026-02-01\n    cor_pulmonale = yes\n    stage = late\n    therapies = none\n    expect I.B.2 met\n".replace("    cor_pulmonale = yes\n    stage = late", "    cor_pulmonale = yes\n    stage = late"));
    assert.deepEqual(errors(text), []);
  });
  test("on the samples, a case is sound, and most criteria come out met", () => {
    let met = 0;
    let all = 0;
    for (const sample of samplesIn(SAMPLES)) {
      for (const symbol of sample.analysis.criteria) {
        if (symbol.role !== "criterion" || symbol.node.kind !== "criterion" || symbol.node.label === undefined) continue;
        const { text } = choose(sample.text.slice(0, symbol.node.start) + CURSOR + sample.text.slice(symbol.node.start), "add-case");
        const analysis = analyze(text, URI);
        assert.deepEqual(analysis.diagnostics.filter((each) => each.severity === "error").map((each) => each.message), [], `${sample.name} ${symbol.address}`);
        all++;
        if (runCase(analysis.policy!, analysis.cases.at(-1)!).status === "passed") met++;
      }
    }
    assert.ok(met / all > 0.8, `${met} of ${all}`);
  });
});

describe("all of them", () => {
  test("nothing is offered in a way that fails, wherever the cursor is, in sound and in broken text", () => {
    const texts = [EXAMPLE, EXAMPLE.replace("facts\n", ""), EXAMPLE.slice(0, 900), EXAMPLE.replaceAll("is", "("), "", "criteria\nI."];
    for (const text of texts) {
      const analysis = analyze(text, URI);
      const all = found(analysis);
      for (let offset = 0; offset <= text.length; offset += 7) {
        for (const each of refactorings(analysis, { start: offset, end: offset }, all, TODAY)) {
          const made = each.make(NO_NEIGHBOURS);
          for (const file of made?.files ?? []) {
            const edits = [...file.edits].sort((a, b) => a.start - b.start || a.end - b.end);
            edits.forEach((edit, i) => assert.ok(i === 0 || edits[i - 1]!.end <= edit.start, `${each.id} at ${offset} overlaps`));
          }
        }
      }
    }
  });
  test("what is offered at a place of a long policy is found at once", () => {
    const items = Array.from({ length: 3000 }, (_, i) => `II${"I".repeat(0)}. It is medically necessary when all of the following are met:\n   A. Age ≥ ${i}\n      when age >= ${i} years and age < 200 years\n   B. Another\n`).join("");
    const text = `policy X.1 "X"\nfacts\n  age  years  "Age"\ncriteria\n${items}`;
    const analysis = analyze(text, URI);
    const place = text.indexOf("when age >= 2000");
    refactorings(analysis, { start: 200, end: 200 }, [], TODAY);
    const before = performance.now();
    refactorings(analysis, { start: place + 8, end: place + 8 }, [], TODAY);
    assert.ok(performance.now() - before < 60, `${performance.now() - before} ms`);
  });
});
