// Explanations and diagnostics as text and Markdown, against golden files; UPDATE_GOLDEN=1 writes them anew.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { diagnostic } from "../server/src/diagnostic.js";
import type { ConditionTrace, CriterionTrace, Explanation } from "../server/src/evaluate/model.js";
import { diagnosticText, type Source } from "../server/src/render/codeframe.js";
import { plain, type Colours } from "../server/src/render/colours.js";
import { escaped, explanationMarkdown } from "../server/src/render/markdown.js";
import { explanationText } from "../server/src/render/text.js";
import { clipped, displayWidth, visible, wrapped } from "../server/src/render/width.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { runCase } from "../server/src/evaluate/run.js";
import { policyText } from "./support/core-fixtures.js";
import { lineIndex } from "../server/src/text.js";

const ROOT = process.cwd();
const GOLDEN = join(ROOT, "test", "golden");

/** Compares a text with its golden file, or writes it. */
function golden(name: string, actual: string): void {
  const path = join(GOLDEN, name);
  const text = actual.endsWith("\n") ? actual : `${actual}\n`;
  if (process.env["UPDATE_GOLDEN"] || !existsSync(path)) {
    assert.ok(process.env["UPDATE_GOLDEN"], `${name} is not there; run with UPDATE_GOLDEN=1`);
    mkdirSync(GOLDEN, { recursive: true });
    writeFileSync(path, text);
    return;
  }
  assert.equal(text, readFileSync(path, "utf8").replace(/\r\n/gu, "\n"), `${name} differs; look at it, then run with UPDATE_GOLDEN=1`);
}

const sourceOf = (text: string, path = "a.policy"): Source => ({ path, text, lines: lineIndex(text) });
const frameOf = (text: string, marked: string, width = 80): string => {
  const start = text.indexOf(marked);
  return diagnosticText(sourceOf(text), diagnostic("unknown-name", { start, end: start + marked.length }, "No fact is called so."), { colours: plain, width });
};
/** The part of the shown line above the carets, to see that both stand in the same columns. */
function underlined(frame: string): string {
  const lines = frame.split("\n");
  const at = lines.findIndex((line) => /│ +\^+$|│ \^+$/u.test(line));
  const carets = lines[at]!;
  const [from, to] = [carets.indexOf("^"), carets.length];
  let column = 0;
  let found = "";
  for (const character of lines[at - 1]!) {
    if (column >= from && column < to) found += character;
    column += displayWidth(character);
  }
  return found;
}

describe("diagnostics with code frames", () => {
  test("name place, severity, code, message, line and help", () => {
    const text = "facts\n  age  years\ncriteria\nI. IMRT is medically necessary when\n   when agee < 18 years\n";
    const start = text.indexOf("agee");
    const found = diagnostic("unknown-name", { start, end: start + 4 }, "No fact, field or definition is called `agee`.", {
      help: "Did you mean `age`?",
      related: [{ start: 8, end: 11, message: "`age` is declared here." }],
    });
    golden("frame.txt", diagnosticText(sourceOf(text, "policies/imrt.policy"), found, { colours: plain, width: 80 }));
  });

  test("underline what is marked, whatever its width", () => {
    assert.equal(underlined(frameOf("when 身長 < agee and b", "agee")), "agee");
    assert.equal(underlined(frameOf("when 身長 < agee and b", "身長")), "身長");
    assert.equal(underlined(frameOf("when 🫀🫁 and agee", "agee")), "agee");
    assert.equal(underlined(frameOf("when e\u0301te\u0301 and agee", "agee")), "agee");
    assert.equal(underlined(frameOf("\twhen\tagee and b", "agee")), "agee");
    assert.equal(underlined(frameOf(`${"x ".repeat(200)}agee${" y".repeat(200)}`, "agee")), "agee");
    assert.equal(underlined(frameOf(`${"身 ".repeat(100)}agee${" y".repeat(200)}`, "agee")), "agee");
    assert.equal(underlined(frameOf("a\r\nwhen agee\r\nb", "agee")), "agee");
  });

  test("keep to the width, and show one caret for an empty place", () => {
    for (const line of frameOf(`${"x ".repeat(300)}agee${" y".repeat(200)}`, "agee", 60).split("\n")) assert.ok(displayWidth(line) <= 60, line);
    const text = "when agee\n";
    const end = diagnosticText(sourceOf(text), diagnostic("missing-condition", { start: 9, end: 9 }, "Nothing follows."), { colours: plain, width: 80 });
    assert.match(end, /│ {10}\^$/u);
    const several = diagnosticText(sourceOf("one two\nthree"), diagnostic("unknown-name", { start: 4, end: 13 }, "Both."), { colours: plain, width: 80 });
    assert.match(several, /one two\n +│ {5}\^\^\^$/u);
  });

  test("never pass control characters on to the terminal", () => {
    const text = "when \u001b[31magee\u0007 \u202e< 3\n";
    const shown = diagnosticText(sourceOf(text), diagnostic("unknown-name", { start: 5, end: 14 }, "No fact is called `\u001b[31m`."), { colours: plain, width: 80 });
    assert.doesNotMatch(shown, /[\u0000-\u0009\u000b-\u001f\u202e]/u);
  });
});

describe("display width", () => {
  test("counts columns", () => {
    assert.equal(displayWidth("age ≥ 18"), 8);
    assert.equal(displayWidth("身長"), 4);
    assert.equal(displayWidth("e\u0301"), 1);
    assert.equal(displayWidth("🫀"), 2);
    assert.equal(clipped("身長身長", 5), "身長…");
    assert.equal(visible("a\u001bb"), "a␛b");
  });

  test("wraps at spaces and keeps long words whole", () => {
    assert.deepEqual(wrapped("one two three", 7), ["one two", "three"]);
    assert.deepEqual(wrapped("one https://example.org/very/long two", 8), ["one", "https://example.org/very/long", "two"]);
    assert.deepEqual(wrapped("", 8), [""]);
  });
});

const none = { start: 0, end: 0 };
const condition = (outcome: ConditionTrace["outcome"], why: string): ConditionTrace => ({ outcome, why, text: why, range: none, parts: [] });
function criterion(address: string, prose: string, outcome: CriterionTrace["outcome"], more: Partial<CriterionTrace> = {}): CriterionTrace {
  return {
    role: "criterion", address, label: `${address.split(".").at(-1)!}.`, prose, outcome, leftOpen: false, why: "", citations: [], range: none,
    conditions: [], guards: [], exceptions: [], waivers: [], items: [], notes: [], ...more,
  };
}

/** Home oxygen, as in the language reference, with an exception, a guard and an investigational statement. */
function oxygen(more: Partial<Explanation> = {}): Explanation {
  const tree = criterion("I", "Home oxygen is medically necessary when all of the following are met: [1]", "met", {
    why: "All 3 items are met.",
    items: [
      criterion("I.A", "Age ≥ 18 years; and", "met", { conditions: [condition("met", "age is 64 years, which is at least 18 years")] }),
      criterion("I.B", "One of the following:", "met", {
        items: [
          criterion("I.B.1", "Saturation at rest ≤ 88 %", "met", { conditions: [condition("met", "saturation is 86 %, which is at most 88 %")] }),
          criterion("I.B.2", "Saturation of 89 % with cor pulmonale", "not met", {
            conditions: [condition("not met", "saturation is 86 %, which is not 89 %; cor_pulmonale is not known")],
            exceptions: [condition("not met", "smokes is no")],
          }),
          criterion("I.B.3", "For children, a saturation below 92 % over a whole night, measured at home by a device whose record is in the file", "not applicable", {
            guards: [condition("not met", "age is 64 years, which is not less than 18 years")],
          }),
        ],
      }),
      criterion("I.C", "The prescriber has seen the patient within the past 30 days", "met", { why: "Attested as met in the case." }),
    ],
  });
  const second = criterion("II", "Home oxygen is investigational for cluster headache", "not met", { conditions: [condition("not met", "reason is hypoxemia, not cluster_headache")] });
  return {
    policy: { number: "CP.EX.1", title: "Home oxygen therapy" },
    case: "Saturation of 86 percent",
    on: "2025-07-01",
    determination: "approve",
    reason: "Criterion I is met, and no limiting statement is.",
    remarks: [],
    decidedBy: { address: "I", kind: "necessary" },
    path: ["I", "I.A", "I.B", "I.B.1", "I.C"],
    statements: [
      { address: "I", kind: "necessary", applies: "met", scopes: [], outcome: "met", criterion: tree },
      { address: "II", kind: "investigational", applies: "met", scopes: [], outcome: "not met", criterion: second },
      {
        address: "III", kind: "necessary", applies: "not met", outcome: "not met", scopes: [condition("not met", "the request's pathway is initial, not continuation")],
        criterion: criterion("III", "Continued home oxygen is medically necessary when all of the following are met:", "not met", { items: [criterion("III.A", "Use is documented", "unknown")] }),
      },
    ],
    outcomes: {},
    factsRead: [
      { name: "age", value: "64 years", question: "Age on the date of service" },
      { name: "saturation", value: "86 %", question: "Oxygen saturation at rest, on room air" },
      { name: "cor_pulmonale", question: "Is there cor pulmonale?" },
    ],
    missing: [],
    citations: [{ number: 1, text: "Example Thoracic Society. Home oxygen in adults, children and infants: a guideline of the society. J Ex Thorac. 2024;1(1):1-20." }],
    ...more,
  };
}

const pending = (): Explanation =>
  oxygen({
    determination: "pend",
    reason: "Criterion I cannot be decided: saturation and I.C are not known.",
    decidedBy: undefined,
    path: [],
    missing: [
      { kind: "fact", name: "saturation", question: "Oxygen saturation at rest, on room air" },
      { kind: "criterion", name: "I.C", question: "The prescriber has seen the patient within the past 30 days" },
      { kind: "request", name: "pathway" },
    ],
  });

describe("explanations as text", () => {
  test("an approval", () => golden("oxygen-approve.txt", explanationText(oxygen(), { colours: plain, width: 80 })));
  test("a pended case asks its questions first", () => golden("oxygen-pend.txt", explanationText(pending(), { colours: plain, width: 80 })));
  test("of a referral the criteria that are not met stand in place of a path", () => {
    const { policy } = analyze(policyText({
      facts: ["a  yes/no", "b  yes/no", "c  yes/no"],
      criteria: "I. It is medically necessary when all of the following are met:\n   A. One\n      when a\n   B. All of the following:\n      1. Two\n         when b\n      2. Three\n         when c",
      rest: 'cases\n  case "Two is missing"\n    on 2025-07-01\n    a = yes\n    b = no\n    c = yes\n',
    }), "");
    const text = explanationText(runCase(policy!, policy!.analysis.cases[0]!).explanation!, { colours: plain, width: 80, detail: "path", heading: false });
    assert.deepEqual(text.split("\n").filter((line) => /^ +[✓✗]/u.test(line)).map((line) => line.trim().slice(0, 4)), ["✗ I.", "✗ B.", "✗ 1."], text);
    assert.match(text, /b is no/u);
  });
  test("the deciding path alone", () => golden("oxygen-path.txt", explanationText(oxygen(), { colours: plain, width: 80, detail: "path", heading: false })));
  test("no line is wider than asked", () => {
    for (const width of [60, 80, 120]) {
      for (const line of explanationText(oxygen(), { colours: plain, width }).split("\n")) assert.ok(displayWidth(line) <= width, `${width}: ${line}`);
    }
  });
  test("colour changes nothing but colour", () => {
    const mark = (code: number) => (text: string) => `\u001b[${code}m${text}\u001b[0m`;
    const colours: Colours = { bold: mark(1), dim: mark(2), red: mark(31), green: mark(32), yellow: mark(33), blue: mark(34), magenta: mark(35), cyan: mark(36) };
    const bare = explanationText(oxygen(), { colours, width: 80 }).replace(/\u001b\[\d+m/gu, "");
    assert.equal(bare, explanationText(oxygen(), { colours: plain, width: 80 }));
  });
});

describe("explanations as Markdown", () => {
  test("an approval", () => golden("oxygen-approve.md", explanationMarkdown(oxygen())));
  test("a pended case", () => golden("oxygen-pend.md", explanationMarkdown(pending())));
  test("escapes prose", () => {
    assert.equal(escaped("a_b *c* [1] <b> `x` | y & @name #3"), "a\\_b \\*c\\* \\[1\\] \\<b\\> \\`x\\` \\| y &amp; &#64;name \\#3");
    assert.equal(escaped("1. one"), "1\\. one");
    assert.equal(escaped("- one\n  two"), "\\- one two");
  });
});

/** Cases of the samples whose explanations are kept as golden files: one of each kind. */
const SAMPLES: readonly (readonly [policy: string, cases: number])[] = [["imrt", 4], ["spinal-injection", 3], ["tnf-inhibitor", 3], ["sleep-study", 3]];

describe("explanations of the samples", () => {
  for (const [name, wanted] of SAMPLES) {
    test(name, () => {
      const { policy, cases } = analyze(readFileSync(join(ROOT, "samples", `${name}.policy`), "utf8"), `${name}.policy`);
      assert.ok(policy);
      const explanations = cases.flatMap((policyCase) => runCase(policy, policyCase).explanation ?? []);
      const kinds = ["approve", "pend", "refer", "no statement applies"] as const;
      const chosen = kinds.flatMap((kind) => explanations.filter((explanation) => explanation.determination === kind).slice(0, kind === "refer" ? wanted - 2 : 1));
      golden(`${name}.txt`, chosen.map((explanation) => explanationText(explanation, { colours: plain, width: 100 })).join(`\n\n${"─".repeat(100)}\n\n`));
      golden(`${name}.md`, explanationMarkdown(chosen[0]!));
    });
  }
});
