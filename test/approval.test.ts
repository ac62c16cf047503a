// Approval durations and quantity limits: how they are read, what an approval carries, where they are shown, what a change of them is.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { comparePolicies } from "../server/src/compare/compare.js";
import { compile } from "../server/src/evaluate/compile.js";
import { explain } from "../server/src/evaluate/explain.js";
import type { Approval } from "../server/src/evaluate/model.js";
import { runCase } from "../server/src/evaluate/run.js";
import { summarizer } from "../server/src/evaluate/summary.js";
import { completion } from "../server/src/features/completion.js";
import { hover } from "../server/src/features/hover.js";
import { formatted } from "../server/src/format/format.js";
import { plain } from "../server/src/render/colours.js";
import { revisionRow } from "../server/src/render/comparisonnotice.js";
import { explanationModel } from "../server/src/render/explanationview.js";
import { explanationMarkdown } from "../server/src/render/markdown.js";
import { previewPage } from "../server/src/render/preview.js";
import { explanationText } from "../server/src/render/text.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { readDuration, readQuantityLimit } from "../server/src/syntax/approval.js";
import { explained, policyText, SAMPLES, samplesIn, sound } from "./support/core-fixtures.js";

const TODAY = 20_500;
/** A policy of one statement with these lines, and one item. */
const withTerms = (...lines: readonly string[]): string => policyText({
  facts: ["a  yes/no  \"Is it so?\""],
  criteria: `I. The drug is medically necessary when all of the following are met:\n${lines.map((line) => `   ${line}\n`).join("")}   A. It is so\n      when a\n   B. It is not otherwise\n      when a`,
});
const approvalOf = (text: string, on = "2025-07-01", facts: Readonly<Record<string, unknown>> = { a: true }): Approval | undefined => explained(sound(text), facts, on).approval;

describe("reading", () => {
  test("lengths of time", () => {
    const read = (text: string): unknown => {
      const found = readDuration(text, 100);
      return found && [found.value, found.unit!.text, found.start - 100, found.end - 100];
    };
    for (const [text, found] of [
      [" 6 months", [6, "months", 1, 9]], [" 1 year.", [1, "year", 1, 7]], [" 2.5 weeks ;", [2.5, "weeks", 1, 10]], [" 6 months from the date of service", [6, "months", 1, 9]], ["\n  90\n  days", [90, "days", 3, 12]],
      [" six months", undefined], [" 6months", undefined], [" 6 months or less", undefined], [" 6", undefined], ["", undefined], [" -6 months", undefined], [" 6,5 months", undefined], [" up to 6 months", undefined],
    ] as const) assert.deepEqual(read(text), found, text);
  });
  test("quantities", () => {
    const read = (text: string): unknown => {
      const found = readQuantityLimit(text, 0);
      return found && [found.amount.value, found.amount.unit!.text, found.codes.map((code) => `${code.system?.text ?? ""} ${code.from}${code.to === undefined ? "" : `-${code.to}`}`.trim()), found.per && [found.per.value, found.per.unit!.text]];
    };
    for (const [text, found] of [
      [" 2 syringes", [2, "syringes", [], undefined]], [" 2 syringes per 28 days", [2, "syringes", [], [28, "days"]]], [" 30 tablets per month.", [30, "tablets", [], [1, "month"]]], [" 1.5 mL per 2 weeks", [1.5, "mL", [], [2, "weeks"]]],
      [" 2 pre-filled pens per 28 days", [2, "pre-filled pens", [], [28, "days"]]], [" 12 units of HCPCS J0717 per 28 days", [12, "units", ["HCPCS J0717"], [28, "days"]]],
      [" 12 units of HCPCS J0717, J0718", [12, "units", ["HCPCS J0717", "HCPCS J0718"], undefined]], [" 4 visits of CPT 97110-97112, HCPCS G0151 per year", [4, "visits", ["CPT 97110-97112", "HCPCS G0151"], [1, "year"]]],
      [" 2 vials of NDC 0069-0242-01 per week", [2, "vials", ["NDC 0069-0242-01"], [1, "week"]]],
      [" 2", undefined], [" syringes", undefined], [" 2 syringes every 28 days", undefined], [" 2 syringes per", undefined], [" 2 syringes of the drug per month", undefined], [" 2 syringes per 28 days per member", undefined], [" two syringes", undefined],
    ] as const) assert.deepEqual(read(text), found, text);
  });
  test("codes stand where they are written", () => {
    const text = " 12 units of HCPCS J0717, J0718-J0720 per month";
    assert.deepEqual(readQuantityLimit(text, 0)!.codes.map((code) => text.slice(code.start, code.end)), ["HCPCS J0717", "J0718-J0720"]);
  });
  test("capital letters, a colon, comments, and lines that go on", () => {
    const text = withTerms("Approval duration: 6 months   # half a year", "quantity limit 12 units of", "  HCPCS J0717   # each", "  per 28 days", "Quantity limit 4 visits");
    const [statement] = analyze(text, "a.policy").statements;
    assert.deepEqual([statement!.approval!.duration!.text, ...statement!.approval!.quantities.map((each) => each.text)], ["6 months", "12 units of HCPCS J0717 per 28 days", "4 visits"]);
  });
  test("behind the items too, at their level", () => {
    assert.equal(approvalOf(policyText({ facts: ["a  yes/no"], criteria: "I. It is medically necessary\n   when a\n   approval duration 1 week" }))!.duration!.until, "2025-07-07");
  });
  test("words of a criterion stay words", () => {
    const { criteria, statements } = analyze(policyText({ criteria: "I. The drug is medically necessary when all of the following are met:\n   A. Quantity limit 2 syringes per 28 days\n   B. The approval duration 6 months\n      is not used up, and the quantity limit 3 holds" }), "a.policy");
    assert.deepEqual([criteria.map((each) => each.address), statements[0]!.approval], [["I", "I.A", "I.B"], undefined]);
    const tnf = samplesIn(SAMPLES).find((sample) => sample.name === "tnf-inhibitor.policy")!;
    assert.match(tnf.text.slice(tnf.analysis.byAddress.get("I.G")!.node.start), /^G\. Quantity limit of the drug, all of the following:/u);
  });
  test("an edit elsewhere keeps them, an edit of theirs changes them", () => {
    const before = `${withTerms("approval duration 6 months", "quantity limit 2 syringes per 28 days")}notes\n  One.\n`;
    const first = analyze(before, "a.policy");
    const second = analyze(before.replace("One.", "Two."), "a.policy", first);
    assert.equal(second.statements[0]!.approval!.duration!.text, "6 months");
    const third = analyze(before.replace("6 months", "9 months"), "a.policy", second);
    assert.equal(runCase(third.policy!, { ...blank, facts: new Map([["a", true]]) }).explanation!.approval!.duration!.text, "9 months");
    assert.equal(analyze(before.replace("approval duration 6 months", ""), "a.policy", third).statements[0]!.approval!.duration, undefined);
  });
});

const blank = { name: "x", range: { start: 0, end: 0 }, nameRange: { start: 0, end: 0 }, uri: "", on: 20_270, facts: new Map<string, boolean>(), factRanges: new Map(), attested: new Map(), expect: { missing: [], outcomes: [] }, sound: true } as const;

describe("what an approval carries", () => {
  test("its last day, by the calendar from the date of service", () => {
    for (const [on, length, until] of [
      ["2025-07-01", "6 months", "2025-12-31"], ["2025-08-31", "6 months", "2026-02-28"], ["2024-02-29", "1 year", "2025-02-28"], ["2025-01-31", "1 month", "2025-02-28"], ["2025-12-31", "2 months", "2026-02-28"],
      ["2025-07-01", "90 days", "2025-09-28"], ["2025-07-01", "12 weeks", "2025-09-22"], ["2025-07-01", "0.5 years", "2025-12-31"], ["2025-07-01", "12 mo", "2026-06-30"], ["2025-07-01", "1 wk", "2025-07-07"],
    ] as const) assert.equal(approvalOf(withTerms(`approval duration ${length}`), on)!.duration!.until, until, `${length} from ${on}`);
  });
  test("all that its statement says, as plain data", () => {
    const text = withTerms("approval duration 6 months", "quantity limit 2 syringes per 28 days", "quantity limit 12 units of HCPCS J0717, J0718 per month");
    assert.deepEqual(JSON.parse(JSON.stringify(approvalOf(text))), {
      duration: { value: 6, unit: "months", text: "6 months", until: "2025-12-31" },
      quantities: [
        { value: 2, unit: "syringes", text: "2 syringes per 28 days", per: { value: 28, unit: "days" } },
        { value: 12, unit: "units", text: "12 units of HCPCS J0717, J0718 per month", codes: ["HCPCS J0717", "HCPCS J0718"], per: { value: 1, unit: "months" } },
      ],
    });
  });
  test("only an approval, and only where its statement states it", () => {
    const text = withTerms("approval duration 6 months");
    assert.equal(explained(sound(text), { a: false }).determination, "refer");
    assert.equal(approvalOf(text, "2025-07-01", { a: false }), undefined);
    assert.equal(approvalOf(text, "2025-07-01", {}), undefined);
    assert.equal(approvalOf(withTerms()), undefined);
    assert.deepEqual(approvalOf(withTerms("quantity limit 3 visits")), { duration: undefined, quantities: [{ value: 3, unit: "visits", text: "3 visits", codes: undefined, per: undefined }] });
  });
  test("those of the statement that decided, not of another that is met too", () => {
    const policy = sound(policyText({ facts: ["a  yes/no", "b  yes/no"], criteria: "I. It is medically necessary\n   approval duration 6 months\n   when a\nII. It is medically necessary\n   approval duration 12 months\n   quantity limit 4 visits\n   when b" }));
    const of = (a: boolean, b: boolean): unknown => {
      const { decidedBy, approval } = explained(policy, { a, b });
      return [decidedBy?.address, approval?.duration?.text, approval?.quantities.length];
    };
    assert.deepEqual([of(true, true), of(true, false), of(false, true)], [["I", "6 months", 0], ["I", "6 months", 0], ["II", "12 months", 1]]);
  });
  test("they decide nothing: without them every case of the samples comes to the same", () => {
    let carried = 0;
    for (const { text, analysis } of samplesIn(SAMPLES)) {
      const bare = analyze(text.replace(/^ +(?:approval duration|quantity limit) .*\n/gmu, ""), "bare.policy");
      const without = new Map(bare.cases.map((each) => [each.name, runCase(bare.policy!, each).explanation!]));
      for (const each of analysis.cases) {
        const { approval, ...rest } = runCase(analysis.policy!, each).explanation!;
        const other = without.get(each.name)!;
        assert.deepEqual([rest.determination, rest.reason, rest.path, rest.outcomes], [other.determination, other.reason, other.path, other.outcomes], each.name);
        assert.ok(approval === undefined || rest.determination === "approve", each.name);
        if (approval !== undefined) carried++;
      }
    }
    assert.ok(carried >= 3, String(carried));
  });
  test("a batch says the same as an explanation", () => {
    for (const { analysis } of samplesIn(SAMPLES)) {
      const evaluator = compile(analysis.policy!);
      const summarize = summarizer(evaluator);
      for (const each of analysis.cases) {
        const decision = evaluator.decideCase(each);
        assert.deepEqual(summarize(decision).approval, explain(decision, each.name).approval, each.name);
      }
    }
  });
});

describe("where they are shown", () => {
  const text = withTerms("approval duration 6 months", "quantity limit 2 syringes per 28 days");
  const policy = sound(text);
  const explanation = explained(policy, { a: true });

  test("in a terminal and in Markdown", () => {
    assert.match(explanationText(explanation, { colours: plain, width: 100 }), /APPROVE[^\n]*\n[^\n]*Statement I[^\n]*\n {2}Approved for: 6 months, through 2025-12-31\.\n {2}Quantity limit: 2 syringes per 28 days\.\n/u);
    assert.match(explanationMarkdown(explanation), /- \*\*Approved for:\*\* 6 months, through 2025-12-31\n- \*\*Quantity limit:\*\* 2 syringes per 28 days\n/u);
    const other = explained(policy, { a: false });
    assert.doesNotMatch(explanationText(other, { colours: plain, width: 100 }) + explanationMarkdown(other), /Approved for|Quantity limit/u);
  });
  test("in the explanation view and the preview", () => {
    assert.deepEqual(explanationModel(policy.analysis, blank, explanation).approval, [{ name: "Approved for", words: "6 months, through 2025-12-31" }, { name: "Quantity limit", words: "2 syringes per 28 days" }]);
    const page = previewPage(policy.analysis, { conditions: false });
    assert.match(page, /<p class="approval"[^>]*><strong>Approval duration:<\/strong> 6 months<\/p>\s*<p class="approval"[^>]*><strong>Quantity limit:<\/strong> 2 syringes per 28 days<\/p>/u);
  });
  test("in hovers of the statement and of the words", () => {
    const at = (words: string): string => hover(policy.analysis, text.indexOf(words) + 1, { today: TODAY })?.markdown ?? "";
    assert.match(at("I. The drug"), /Approved for 6 months from the date of service\.[^]*At most 2 syringes per 28 days\./u);
    assert.match(at("approval duration"), /How long an approval by this statement lasts/u);
    assert.match(at("quantity limit"), /How much an approval by this statement covers/u);
    assert.match(hover(analyze(text.replace("quantity limit", "Quantity limit:"), "a.policy"), text.indexOf("quantity limit") + 1, { today: TODAY })?.markdown ?? "", /How much/u);
  });
  test("in proposals", () => {
    const proposed = (typed: string): readonly string[] => {
      const broken = text.replace("   approval duration 6 months", `   ${typed}`);
      return completion(analyze(broken, "a.policy"), broken.indexOf(`   ${typed}`) + 3 + typed.length, TODAY).map((each) => each.label);
    };
    assert.ok(proposed("approval").includes("approval duration"));
    assert.ok(proposed("qu").includes("quantity limit"));
    assert.deepEqual(proposed("approval duration "), ["3 months", "6 months", "12 months"]);
    assert.deepEqual(proposed("approval duration 6 "), ["days", "weeks", "months", "years"]);
    assert.deepEqual(proposed("quantity limit 2 syringes per 28 "), ["days", "weeks", "months", "years"]);
    assert.deepEqual(proposed("quantity limit 2 "), []);
  });
  test("the formatter keeps their words, their lines apart and their comments", () => {
    const tidy = formatted(withTerms("approval duration  6   months  # half", "quantity limit:  2 syringes", "       per 28 days"));
    assert.match(tidy, /\n {3}approval duration 6 months +# half\n {3}quantity limit: 2 syringes\s+per 28 days\n/u);
    assert.equal(formatted(tidy), tidy);
    const long = withTerms(`quantity limit 12 units of HCPCS ${Array.from({ length: 30 }, (_, i) => `J07${10 + i}`).join(", ")} per 28 days`);
    assert.equal(analyze(formatted(long), "a.policy").statements[0]!.approval!.quantities[0]!.text, analyze(long, "a.policy").statements[0]!.approval!.quantities[0]!.text);
    // Prose that is filled anew never begins a line with these words.
    const prose = policyText({ criteria: `I. The drug is medically necessary when all of the following are met:\n   A. ${"The plan says of it again and again what an approval duration means and what a quantity limit is, ".repeat(8)}and so on\n   B. More` });
    assert.deepEqual(analyze(formatted(prose), "a.policy").diagnostics, []);
  });
});

describe("what a change of them is", () => {
  const changes = (before: readonly string[], after: readonly string[]): readonly unknown[] =>
    comparePolicies(analyze(withTerms(...before), "old.policy"), analyze(withTerms(...after), "new.policy")).changes.map(({ kind, was, now, bears }) => [kind, was, now, bears]);
  test("a duration", () => {
    assert.deepEqual(changes(["approval duration 6 months"], ["approval duration 12 months"]), [["approval duration", "6 months", "12 months", true]]);
    assert.deepEqual(changes([], ["approval duration 12 months"]), [["approval duration", undefined, "12 months", true]]);
    assert.deepEqual(changes(["approval duration 12 months"], []), [["approval duration", "12 months", undefined, true]]);
    assert.deepEqual(changes(["approval duration 12 months"], ["Approval duration: 1 year"]), []);
    assert.deepEqual(changes(["approval duration 4 weeks"], ["approval duration 28 days"]), []);
    assert.deepEqual(changes(["approval duration 1 month"], ["approval duration 30 days"]).length, 1);
  });
  test("quantities", () => {
    const two = "quantity limit 2 syringes per 28 days";
    assert.deepEqual(changes([two], ["quantity limit 4 syringes per 28 days"]), [["quantity limit", "2 syringes per 28 days", "4 syringes per 28 days", true]]);
    assert.deepEqual(changes([two], ["quantity limit 2 syringes per month"]), [["quantity limit", "2 syringes per 28 days", "2 syringes per month", true]]);
    assert.deepEqual(changes([two, "quantity limit 3 visits"], ["quantity limit 3 visits", two]), []);
    assert.deepEqual(changes([two], [two, "quantity limit 3 visits"]), [["quantity limit", undefined, "3 visits", true]]);
    assert.deepEqual(changes([two], []), [["quantity limit", "2 syringes per 28 days", undefined, true]]);
  });
  test("in words", () => {
    const row = revisionRow(comparePolicies(analyze(withTerms("approval duration 6 months"), "old.policy"), analyze(withTerms("approval duration 12 months", "quantity limit 3 visits"), "new.policy")));
    assert.match(row, /an approval under I now lasts 12 months \(before: 6 months\)/iu);
    assert.match(row.replace(/\s+/gu, " "), /the limit under I is now 3 visits/u);
  });
});
