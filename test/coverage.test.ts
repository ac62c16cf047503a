// Coverage by cases: modified condition/decision coverage counted by hand, its properties, and reports whose figures are those of their marks.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import fc from "fast-check";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { coverable, coverageOf, seenBy } from "../server/src/evaluate/coverage.js";
import { conditionCoverage, type ConditionCoverage, decisionIn, decisionPoints, shownBy } from "../server/src/evaluate/mcdc.js";
import { evaluatorOf, runCase } from "../server/src/evaluate/run.js";
import { coberturaReport } from "../server/src/render/coverage/cobertura.js";
import { coveragePage } from "../server/src/render/coverage/html.js";
import { coverageData } from "../server/src/render/coverage/json.js";
import { lcovReport } from "../server/src/render/coverage/lcov.js";
import { type CoverageReport, figuresOf, lacking, percent, type PolicyCoverage, totalOf } from "../server/src/render/coverage/model.js";
import { plain } from "../server/src/render/colours.js";
import { coverageText } from "../server/src/render/coverage/text.js";
import { analyze } from "../server/src/semantics/analyze.js";
import type { Policy } from "../server/src/semantics/model.js";
import { ROOT } from "./support/core-fixtures.js";

const SAMPLES = ["imrt", "sleep-study", "spinal-injection", "tnf-inhibitor"];

function policyOf(text: string): Policy {
  const { policy, diagnostics } = analyze(text, "x.policy");
  assert.ok(policy, diagnostics.map(({ message }) => message).join("\n"));
  return policy;
}

/** A policy with yes/no facts a, b, c and d, criteria as given, and cases of one line each: `a b !c` leaves d unknown. */
function example(criteria: string, cases: readonly string[], definitions = ""): Policy {
  const each = cases.map((facts, i) => {
    const lines = facts.split(" ").filter((word) => word !== "").map((word) => `    ${word.replace("!", "")} = ${word.startsWith("!") ? "no" : "yes"}\n`);
    return `  case "${i}"\n    on 2025-07-01\n${lines.join("")}    expect refer\n`;
  });
  return policyOf(`policy EX.1 "Example"\n  effective 2025-01-01\n\nfacts\n${["a", "b", "c", "d"].map((name) => `  ${name}  yes/no  "Is ${name} so?"\n`).join("")}${definitions}\ncriteria\n${criteria}\n\ncases\n${each.join("")}`);
}

function covered(policy: Policy, without?: number): ConditionCoverage {
  const points = decisionPoints(policy);
  const cases = policy.analysis.cases.filter((_, i) => i !== without);
  for (const each of cases) assert.ok(each.sound);
  return conditionCoverage(points, cases.map((each) => shownBy(policy, points, each)));
}

const words = (policy: Policy, found = covered(policy)): readonly string[] =>
  found.atoms.map(({ atom, decision, met, notMet, covered: yes }) => `${decision.address} ${decision.kind}: ${policy.analysis.text.slice(atom.condition.source.start, atom.condition.source.end)} ${met}/${notMet} ${yes ? "yes" : "no"}`);

const ONE = (lines: string): string => `I. The service is medically necessary when all of the following are met:\n   A. First\n      ${lines.split("\n").join("\n      ")}`;

describe("modified condition/decision coverage", () => {
  test("of one condition: met once and not met once", () => {
    assert.deepEqual(words(example(ONE("when a"), ["a"])), ["I.A criterion: a 1/0 no"]);
    assert.deepEqual(words(example(ONE("when a"), ["a", ""])), ["I.A criterion: a 1/0 no"]);
    assert.deepEqual(words(example(ONE("when a"), ["a", "!a"])), ["I.A criterion: a 1/1 yes"]);
  });

  test("of a and (b or c): four cases that each are needed", () => {
    // a b !c: a and b decide. a !b !c: b and c decide. a !b c: a and c decide. !a b !c: a decides.
    const policy = example(ONE("when a and (b or c)"), ["a b !c", "a !b !c", "a !b c", "!a b !c"]);
    assert.deepEqual(words(policy), ["I.A criterion: a 2/1 yes", "I.A criterion: b 1/1 yes", "I.A criterion: c 1/1 yes"]);
    assert.deepEqual([0, 1, 2, 3].map((i) => covered(policy, i).atomsShown.covered), [2, 1, 2, 2]);
  });

  test("both met and not met is not enough where the other conditions decide", () => {
    assert.deepEqual(words(example(ONE("when a and b"), ["a b", "!a !b"])), ["I.A criterion: a 1/0 no", "I.A criterion: b 1/0 no"]);
    assert.deepEqual(words(example(ONE("when a or b"), ["a b", "!a !b"])), ["I.A criterion: a 0/1 no", "I.A criterion: b 0/1 no"]);
  });

  test("a criterion is one decision: its lines, exceptions and waivers take part", () => {
    const policy = example(ONE("when a\nunless b\nwaived when c"), ["a !b !c", "!a !b !c", "a b !c", "!a !b c"]);
    assert.deepEqual(words(policy), ["I.A criterion: a 1/1 yes", "I.A criterion: c 1/1 yes", "I.A criterion: b 1/2 yes"]);
    // With the exception met nothing else decides.
    assert.deepEqual(words(example(ONE("when a\nunless b"), ["a b", "!a b"])), ["I.A criterion: a 0/0 no", "I.A criterion: b 1/0 no"]);
  });

  test("what is unknown decides nothing, and an unknown outcome shows nothing", () => {
    // a not met settles it whatever b is; a met leaves it to b.
    assert.deepEqual(words(example(ONE("when a and b"), ["!a", "a"])), ["I.A criterion: a 0/1 no", "I.A criterion: b 0/0 no"]);
    // b is not known, so it cannot be met while a is looked at: that it is asked after must still be coverable.
    assert.deepEqual(words(example(ONE("when a is known and a"), ["a", "!a", ""])), ["I.A criterion: a is known 1/1 yes", "I.A criterion: a 1/1 yes"]);
  });

  test("a condition that stands twice is one, and has to decide in opposite ways", () => {
    const criteria = ONE("when (a and b) or (not a and c)");
    // a met and not met, both times deciding that it is met: the same way.
    assert.deepEqual(words(example(criteria, ["a b !c", "!a !b c"])), ["I.A criterion: a 1/1 no", "I.A criterion: b 1/0 no", "I.A criterion: c 1/0 no"]);
    assert.deepEqual(words(example(criteria, ["a b !c", "!a b !c"]))[0], "I.A criterion: a 1/1 yes");
  });

  test("definitions are looked into, also below a not, and marked where they are used", () => {
    const policy = example(ONE("when not either"), ["!a !b", "a !b", "!a b"], "\ndefine\n  either  a or b\n");
    assert.deepEqual(words(policy), ["I.A criterion: a 1/1 yes", "I.A criterion: b 1/1 yes"]);
    const { text } = policy.analysis;
    assert.deepEqual(covered(policy).atoms.map(({ atom }) => text.slice(atom.start, atom.end)), ["either", "either"]);
  });

  test("if and applies to are decisions of their own; a criterion that does not apply shows nothing", () => {
    const criteria = "I. The service is medically necessary when all of the following are met:\n   applies to d\n   A. First\n      if a:\n        when b\n   B. Second\n      when c";
    const parsed = analyze(`policy X "X"\n  effective 2025-01-01\nfacts\n  a  yes/no  "A?"\n  b  yes/no  "B?"\n  c  yes/no  "C?"\n  d  yes/no  "D?"\ncriteria\n${criteria}\n`, "x.policy");
    const usable = parsed.policy !== undefined ? criteria : criteria.replace("if a:\n        when b", "if a\n      when b");
    const policy = example(usable, ["a b c d", "a !b c d", "!a b c d", "a b !c !d"]);
    assert.deepEqual(words(policy), ["I scope: d 3/1 yes", "I.A guard: a 2/1 yes", "I.A criterion: b 1/1 yes", "I.B criterion: c 3/0 no"]);
  });

  test("a case outside of the time of the policy shows nothing", () => {
    const policy = policyOf(example(ONE("when a"), ["a", "!a"]).analysis.text.replace("on 2025-07-01", "on 2020-07-01"));
    assert.deepEqual(words(policy), ["I.A criterion: a 0/1 no"]);
  });

  test("every decision comes out as the evaluator says, in every case of the samples", () => {
    let compared = 0;
    for (const name of SAMPLES) {
      const policy = policyOf(readFileSync(join(ROOT, `samples/${name}.policy`), "utf8"));
      for (const point of decisionPoints(policy)) {
        for (const given of policy.analysis.cases) {
          const found = decisionIn(policy, point, given);
          const { truths, evaluator } = evaluatorOf(policy).decideCase(given);
          const { bodyNodes, guardNodes } = evaluator.program;
          if (point.kind === "scope") continue;
          assert.equal(found, truths[(point.kind === "guard" ? guardNodes : bodyNodes)[point.index]!], `${name} ${point.address} ${given.name}`);
          compared++;
        }
      }
    }
    assert.ok(compared > 3000, String(compared));
  });

  // Mostly known, so that there are pairs to be found.
  const VALUES = ["a", "!a", "a", "!a", "a", "!a", ""] as const;
  const facts = fc.tuple(...["a", "b", "c", "d"].map((name) => fc.constantFrom(...VALUES).map((value) => value.replace("a", name)))).map((each) => each.filter((word) => word !== "").join(" "));
  const expression = fc.letrec<{ any: string }>((tie) => ({
    any: fc.oneof({ depthSize: "small", withCrossShrink: true }, fc.constantFrom("a", "b", "c", "d"), tie("any").map((inner) => `not (${inner})`), fc.tuple(tie("any"), fc.constantFrom("and", "or"), tie("any")).map(([left, op, right]) => `(${left} ${op} ${right})`)),
  })).any;

  test("two cases that differ in one condition and in the outcome show it; more cases never show less", () => {
    let shown = 0;
    fc.assert(fc.property(expression, fc.array(facts, { minLength: 4, maxLength: 12 }), (condition, cases) => {
      const policy = example(ONE(`when ${condition}`), cases);
      const all = covered(policy);
      assert.ok(covered(policy, 0).atomsShown.covered <= all.atomsShown.covered);
      const given = policy.analysis.cases;
      const outcome = given.map((each) => runCase(policy, each).explanation!.outcomes["I.A"]);
      for (const { atom, covered: yes } of all.atoms) {
        const name = policy.analysis.text.slice(atom.condition.source.start, atom.condition.source.end);
        const others = (i: number): string => JSON.stringify([...given[i]!.facts].filter(([fact]) => fact !== name).sort());
        const pair = given.some((one, i) => given.some((other, j) => one.facts.get(name) === true && other.facts.get(name) === false && others(i) === others(j)
          && outcome[i] !== "unknown" && outcome[j] !== "unknown" && outcome[i] !== outcome[j]));
        if (pair) shown++;
        assert.ok(!pair || yes, `${condition}: ${name} of ${cases.join(" | ")}`);
      }
    }), { numRuns: 300, seed: 7 });
    assert.ok(shown > 50, String(shown));
  });
});

// ── Reports ───────────────────────────────────────────────────────────────────────────────────────────────────────────
function coverageFor(text: string, path: string): PolicyCoverage {
  const { policy, lines, header } = analyze(text, path);
  const points = decisionPoints(policy!);
  const { cases } = policy!.analysis;
  return {
    source: { path, text, lines },
    title: header.title ?? "",
    cases: cases.length,
    coverage: coverageOf(coverable(policy!), cases.map((each) => seenBy(policy!, runCase(policy!, each).explanation!))),
    conditions: conditionCoverage(points, cases.map((each) => shownBy(policy!, points, each))),
  };
}

const HAND = example(`${ONE("when a and b")}\n   B. Second <"&'>\n      when c`, ["a b c", "!a b c"]).analysis.text;
const report = (): CoverageReport => ({ time: 0, policies: [coverageFor(HAND, "one/hand.policy"), ...SAMPLES.map((name) => coverageFor(readFileSync(join(ROOT, `samples/${name}.policy`), "utf8"), `two/${name}.policy`))] });

describe("coverage reports", () => {
  test("figures counted by hand", () => {
    // I, I.A and I.B are decided; I and I.A are seen met and not met, I.B met; of a, b and c only a is shown.
    assert.deepEqual(figuresOf(coverageFor(HAND, "x.policy")), { criteria: { covered: 3, total: 3 }, outcomes: { covered: 5, total: 9 }, conditions: { covered: 1, total: 3 } });
    assert.equal(percent({ covered: 999, total: 1000 }), 99.9);
    assert.equal(percent({ covered: 9999, total: 10000 }), 99.9, "100 is said only of all");
    assert.equal(percent({ covered: 0, total: 0 }), 100);
  });

  test("without the second case the figures drop", () => {
    const less = coverageFor(HAND.slice(0, HAND.indexOf('  case "1"')), "x.policy");
    assert.deepEqual(figuresOf(less), { criteria: { covered: 3, total: 3 }, outcomes: { covered: 3, total: 9 }, conditions: { covered: 0, total: 3 } });
  });

  test("json: the figures are those of its entries", () => {
    interface Entry { readonly decided: number; readonly outcomes: Readonly<Record<string, number>> }
    interface Data { readonly total: Record<string, { covered: number }>; readonly policies: readonly { readonly figures: Record<string, { covered: number; total: number }>; readonly criteria: readonly Entry[]; readonly conditions: readonly { covered: boolean; decidesMet: number }[] }[] }
    const data = coverageData(report()) as Data;
    for (const policy of data.policies) {
      assert.equal(policy.figures["criteria"]!.covered, policy.criteria.filter(({ decided }) => decided > 0).length);
      assert.equal(policy.figures["outcomes"]!.covered, policy.criteria.flatMap(({ outcomes }) => Object.values(outcomes)).filter((cases) => cases > 0).length);
      assert.equal(policy.figures["conditions"]!.covered, policy.conditions.filter((each) => each.covered).length);
      assert.equal(policy.figures["conditions"]!.total, policy.conditions.length);
    }
    assert.equal(data.total["criteria"]!.covered, data.policies.reduce((sum, { figures }) => sum + figures["criteria"]!.covered, 0));
  });

  test("lcov: records add up to its totals", () => {
    const text = lcovReport(report());
    const records = text.split("end_of_record\n").filter((part) => part !== "");
    assert.equal(records.length, 5);
    records.forEach((record, i) => {
      const lines = record.trimEnd().split("\n");
      for (const line of lines) assert.match(line, /^(?:TN:|SF:\S+|FN:\d+,\S+|FNDA:\d+,\S+|(?:FN|BR|L|MC)[FH]:\d+|BRDA:\d+,\d+,\d+,\d+|DA:\d+,\d+|MCDC:\d+,\d+,[tf],\d+,\d+,.+)$/u);
      const of = (kind: string): string[][] => lines.filter((line) => line.startsWith(`${kind}:`)).map((line) => line.slice(kind.length + 1).split(","));
      const number = (kind: string): number => Number(of(kind)[0]![0]);
      const { criteria, outcomes, conditions } = figuresOf(report().policies[i]!);
      assert.deepEqual([number("FNF"), number("FNH"), number("BRF"), number("BRH"), number("MCF"), number("MCH")], [criteria.total, criteria.covered, outcomes.total, outcomes.covered, conditions.total, conditions.covered]);
      assert.deepEqual([of("FN").length, of("FNDA").filter(([count]) => count !== "0").length], [number("FNF"), number("FNH")]);
      assert.deepEqual([of("BRDA").length, of("BRDA").filter((each) => each[3] !== "0").length], [number("BRF"), number("BRH")]);
      assert.deepEqual([of("DA").length, of("DA").filter((each) => each[1] !== "0").length], [number("LF"), number("LH")]);
      const senses = new Map<string, boolean[]>();
      for (const [line, , , taken, index] of of("MCDC")) senses.set(`${line} ${index}`, [...(senses.get(`${line} ${index}`) ?? []), taken !== "0"]);
      assert.ok([...senses.values()].every((each) => each.length === 2));
      assert.deepEqual([senses.size, [...senses.values()].filter((each) => each.every(Boolean)).length], [number("MCF"), number("MCH")]);
      const branches = of("BRDA").map(([line, block, branch]) => `${line} ${block} ${branch}`);
      assert.equal(new Set(branches).size, branches.length, "each branch has a name of its own");
    });
  });

  test("cobertura: well-formed, and rates are those of its lines", () => {
    const xml = coberturaReport(report());
    assert.equal(XMLValidator.validate(xml), true);
    const many = ["package", "class", "method", "line"];
    interface Line { readonly hits: string; readonly "condition-coverage": string }
    interface Parsed { readonly coverage: Record<string, string> & { packages: { package: { classes: { class: ({ methods: { method: { lines: { line: Line[] } }[] } } & Record<string, string>)[] } }[] } } }
    const { coverage } = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "", isArray: (name) => many.includes(name) }).parse(xml) as Parsed;
    const classes = coverage.packages.package.flatMap((each) => each.classes.class);
    assert.deepEqual(classes.map(({ filename }) => filename), report().policies.map(({ source }) => source.path));
    const methods = classes.flatMap((each) => each.methods.method);
    const total = totalOf(report().policies);
    assert.deepEqual([methods.length, methods.filter(({ lines }) => lines.line[0]!.hits !== "0").length], [total.criteria.total, total.criteria.covered]);
    assert.deepEqual([coverage["lines-valid"], coverage["lines-covered"], coverage["branches-valid"], coverage["branches-covered"]].map(Number), [total.criteria.total, total.criteria.covered, total.outcomes.total, total.outcomes.covered]);
    const branches = methods.map(({ lines }) => /\((\d+)\/(\d+)\)$/u.exec(lines.line[0]!["condition-coverage"])!);
    assert.equal(branches.reduce((sum, each) => sum + Number(each[1]), 0), total.outcomes.covered);
    assert.equal(branches.reduce((sum, each) => sum + Number(each[2]), 0), total.outcomes.total);
  });

  test("html: marks are those of the figures; it needs nothing and holds no script", () => {
    const html = coveragePage(report());
    const total = totalOf(report().policies);
    const count = (pattern: RegExp): number => html.match(pattern)?.length ?? 0;
    assert.equal(count(/✓ decided by /gu), total.criteria.covered);
    assert.equal(count(/✗ decided by no case/gu), total.criteria.total - total.criteria.covered);
    assert.equal(count(/✓ shown to decide/gu), total.conditions.covered);
    assert.equal(count(/✗ no (?:case in which|two cases)/gu), total.conditions.total - total.conditions.covered);
    assert.equal(count(/✗ 0</gu), total.outcomes.total - total.outcomes.covered);
    assert.doesNotMatch(html, /<script|\son\w+=|https?:|<link|<img|url\(/u);
    assert.match(html, /Second &lt;&quot;&amp;&#39;&gt;/u);
    assert.match(html, /<html lang="en">[\s\S]*<main>/u);
    assert.equal(count(/<table>/gu), count(/<caption>/gu));
    assert.ok(count(/<th scope="col">/gu) > 0 && count(/<th(?! scope)/gu) - count(/<thead/gu) === 0, "every head says what it heads");
    assert.equal(XMLValidator.validate(html.replace("<!DOCTYPE html>", "").replace(/<meta[^>]*>/gu, "")), true, "every element is closed");
  });

  test("text: the figures, and each thing that is not covered with why", () => {
    const given = coverageFor(HAND, "hand.policy");
    const text = coverageText({ time: 0, policies: [given] }, { colours: plain, width: 100, verbose: true });
    assert.match(text, /criteria decided +3 of 3 +100\.0 %\n +outcomes seen +5 of 9 +55\.5 %\n +conditions shown to decide +1 of 3 +33\.3 %/u);
    assert.match(text, /I\.A: b: no case in which it decides by not being met {2}line \d+/u);
    assert.match(text, /I\.B: not met, unknown {2}line \d+/u);
    for (const each of given.conditions.atoms) assert.equal(lacking(each) === "", each.covered);
  });
});
